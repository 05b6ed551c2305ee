"""methods.md: the methods and results of one analysis, for the article."""

import platform
from dataclasses import dataclass, field
from importlib.metadata import version

from .. import __version__
from ..steps import Steps
from ..words import methods_text as text
from ..words.labels import Labels
from ..words.methods_text_markdown import md
from ..words.methods_text_references import numbered

PACKAGES = ("numpy", "scipy", "pandas")  # what lib computes with


def installed() -> dict[str, str]:
    """Versions of what the numbers rest on, by name: Python, MatchLens and the packages."""
    return {"Python": platform.python_version(), "MatchLens": __version__} | {name: version(name) for name in PACKAGES}


@dataclass(frozen=True)
class Context:
    """What a document says of itself beside the analysis.

    study: what the cohort is called; "" where nobody said.  design: the sentence on when outcomes were opened; "" to
    leave it out.  versions: of the software, as `installed` gives them.
    """

    study: str = ""
    design: str = ""
    versions: dict[str, str] = field(default_factory=installed)


def methods_markdown(steps: Steps, labels: Labels, context: Context | None = None) -> str:
    """The document: methods, results, limits, references. Equal analyses, on equal versions, give equal text.

    labels: what columns and outcomes are called.  Raises AnalysisError where a step cannot be done."""
    context = context or Context()
    body, references = numbered("\n\n".join(part for part in _parts(steps, labels, context) if part))
    sources = [text.SOURCES, "\n".join(f"{n}. {source}" for n, source in enumerate(references, 1))]
    return "\n\n".join([body, *(sources if references else [])]) + "\n"


def _parts(steps: Steps, labels: Labels, context: Context) -> list[str]:
    return [
        text.TITLE,
        md(context.study),
        text.LEAD,
        source_sentence(steps),
        text.METHODS,
        text.PATIENTS,
        text.patients_paragraph(steps, labels),
        text.SCORE,
        text.score_paragraph(steps, labels),
        text.DESIGN,
        text.design_paragraph(steps, labels),
        md(context.design),
        text.BALANCE,
        text.balance_paragraph(steps),
        text.OUTCOMES,
        text.outcomes_paragraph(steps, labels),
        text.definitions(steps, labels),
        text.SOFTWARE,
        software_sentence(steps, context),
        text.RESULTS,
        text.PATIENTS,
        text.flow_paragraph(steps, labels),
        text.BALANCE,
        text.balance_results(steps, labels),
        *([text.OUTCOMES, text.outcome_results(steps, labels)] if steps.outcomes else []),
        text.win_ratio_sentence(steps),
        text.adjusted_sentence(steps, labels),
        text.LIMITS,
        text.limits(steps, labels),
    ]


def source_sentence(steps: Steps) -> str:
    """Which settings and which data this is made of."""
    return f"Settings (spec) {steps.spec.digest}, data {steps.table.digest[:12]}."


def software_sentence(steps: Steps, context: Context) -> str:
    """Versions and the seed."""
    named = ", ".join(f"{name} {number}" for name, number in context.versions.items() if name != "MatchLens")
    own = context.versions.get("MatchLens", __version__)
    return (
        f"The analysis was made with MatchLens {own} ({named}). What is drawn at random was drawn with seed "
        f"{steps.spec.seed}. The settings, the matched data and scripts that repeat the analysis accompany this text."
    )
