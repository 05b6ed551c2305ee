"""The cohort in words: eligibility rules, outcomes as they are defined, and which covariate is missing."""

from collections.abc import Sequence

from ..spec import EligibilityRule, Outcome
from .tables import TextTable, row_kinds

RULES = {
    ">=": "at least",
    "<=": "at most",
    ">": "above",
    "<": "below",
    "==": "is",
    "!=": "is not",
    "in": "is one of",
    "not in": "is none of",
}
KINDS = {"binary": "Yes or no", "continuous": "A number", "survival": "Time to an event"}
LARGER = "The larger value"
PRIVACY = (
    "The file stays in this browser tab's session, in this computer's memory. It is never written to disk and never "
    "sent anywhere; closing the tab removes it."
)
UPLOAD = "A file: CSV, Excel, SPSS, Stata, SAS or Parquet"
UPLOAD_HELP = "One file with all patients, or two: the treated in one, the controls in the other."
UNDO_HELP = "Read the file again without this decision."
WANTED = """
- one row per patient, column names in the first line
- a column that says who was treated, with two values
- what was known before treatment: age, severity, laboratory values
- what happened afterwards: died or not, a score, days to an event
"""
PURPOSE = (
    "For each treated patient MatchLens finds controls who were alike before treatment, shows how alike they are, "
    "and compares what happened to them."
)
SAMPLE = (
    "**Stromal cells in severe COVID-19.** 8 treated patients and 247 controls. The patients are synthetic, "
    "made so that their tables agree with those of the published study (Grégoire 2022). One artefact: controls with "
    "every covariate die more often than those with a gap (in numbers on the page About this example)."
)
NHEFS = (
    "**Quitting smoking and weight.** 1,629 adults of a US health survey (NHEFS), real and in the public "
    "domain; who quit, their weight eleven years later, and who died."
)
ELIGIBILITY = (
    "Rules are applied in this order, before anything else. A patient whose value is missing does not pass a rule."
)
SPEC_FILE = (
    "All choices of all pages in one small file, without any patient's data: to go on later, to share, "
    "or for `python -m lib run`."
)


def rule_words(rule: EligibilityRule) -> str:
    """ "age at least 18"."""
    value = rule.value if isinstance(rule.value, tuple) else (rule.value,)
    return f"{rule.column} {RULES[rule.op]} {', '.join(f'{v:g}' if isinstance(v, float) else v for v in value)}"


def event_words(outcome: Outcome) -> str:
    """The value that is the event, and those that compete with it."""
    if outcome.kind == "continuous":
        return ""
    competing = f" (competing: {', '.join(outcome.competing_values)})" if outcome.competing_values else ""
    return (outcome.event_value or LARGER) + competing


def outcomes_table(outcomes: Sequence[Outcome]) -> TextTable:
    """One row per outcome, as it is defined."""
    rows = [
        (
            o.name,
            KINDS[o.kind],
            " and ".join(o.columns()) + (f", before: {o.baseline}" if o.baseline else ""),
            event_words(o),
            "" if o.horizon is None else f"{o.horizon:g}",
            "yes" if o.primary else "",
        )
        for o in outcomes
    ]
    heads = ("Outcome", "Kind", "Columns", "Event is", "Up to", "Primary")
    kinds = row_kinds(o.primary for o in outcomes)
    return TextTable("The outcomes", heads, tuple(rows), kinds=kinds)
