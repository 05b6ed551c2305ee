"""checklist.md: TARGET, STROBE, RECORD and Yao 2017, each item answered by the analysis or left to the author."""

from collections.abc import Callable

from ..design.subclass import Subclass
from ..inference.results import SurvivalOutcome
from ..steps import Steps
from ..words import methods_text as text
from ..words.labels import Labels
from ..words.methods_text_checklists import CHECKLISTS, LEAD, OUTSIDE, TITLE, Checklist, item_line
from ..words.methods_text_design import covariate_words, estimand_sentence
from ..words.methods_text_markdown import md
from ..words.methods_text_matched import matched_sentences
from ..words.methods_text_outcomes import moves_sentences, multiplicity_sentences, test_sentences
from ..words.methods_text_patients import (
    arms_sentence,
    columns_sentences,
    eligibility_sentence,
    flow_sentences,
    gaps_sentence,
    landmark_sentence,
    missing_sentences,
    time_sentence,
)
from ..words.methods_text_references import without
from ..words.numbers import counted, listed
from ..words.outcomes import name_of
from .methods import Context, software_sentence, source_sentence

Answer = Callable[[Steps, Labels, Context], str]
CODE = "reproduce.py and reproduce.R repeat the match from matched.csv; spec.json holds every setting."
TABLE_ONE = "Table 1 (table1.csv) has every covariate by arm, before and after; balance.csv every difference."


def checklist_markdown(steps: Steps, labels: Labels, context: Context | None = None) -> str:
    """The document: four checklists, a line for each item. Only what the analysis knows is answered.

    labels: what columns and outcomes are called.  Raises AnalysisError where a step cannot be done."""
    context = context or Context()
    known = {key: without(answer(steps, labels, context)) for key, answer in ANSWERS.items()}
    parts = [TITLE, md(context.study), LEAD, source_sentence(steps), *(_part(one, known) for one in CHECKLISTS)]
    return "\n\n".join(part for part in parts if part) + "\n"


def _part(checklist: Checklist, known: dict[str, str]) -> str:
    lines = [item_line(item, " ".join(filter(None, map(known.__getitem__, item.answers)))) for item in checklist.items]
    return f"## {checklist.title}\n\n{checklist.source}.\n\n{text.bullets(lines)}"


def _horizon(steps: Steps, labels: Labels, context: Context) -> str:
    """How far each time to an event is followed."""
    ends = [
        f"{md(name_of(one, labels, False))} up to {one.horizon:g} {md(labels.column(one.name).unit)}".rstrip()
        for one in steps.outcomes
        if isinstance(one, SurvivalOutcome)
    ]
    return f"Follow-up ends at the event, at the last contact, or at the horizon: {listed(ends)}." if ends else ""


def _followed(steps: Steps, labels: Labels, context: Context) -> str:
    """Patients and events of each time to an event, by arm."""
    said = [
        f"{md(name_of(one, labels, False))}: {counted(one.treated.events, 'event')} among "
        f"{counted(one.treated.n, 'treated patient')}, {one.matched_control.events:,} among "
        f"{counted(one.matched_control.n, 'control')} up to {one.horizon:g}."
        for one in steps.outcomes
        if isinstance(one, SurvivalOutcome)
    ]
    return " ".join([*said, "Numbers at risk stand under the curves."]) if said else ""


def _outcome_gaps(steps: Steps, labels: Labels, context: Context) -> str:
    """How many of those compared have each outcome."""
    made = steps.comparison
    total = made.n_matched(True), made.n_matched(False)
    said = [
        f"{md(name_of(one, labels, False))} {one.treated.n:,} of {total[0]:,} and {one.matched_control.n:,} of "
        f"{total[1]:,}"
        for one in steps.outcomes
    ]
    return f"Treated patients and controls compared who have the outcome: {'; '.join(said)}." if said else ""


def _covariates(steps: Steps, labels: Labels, context: Context) -> str:
    spec = steps.used[1]
    names = [covariate_words(spec, steps.cohort, name, labels) for name in spec.columns.covariates]
    return f"Covariates: {listed(names)}." if names else "No covariate was given."


def _weighting(steps: Steps, labels: Labels, context: Context) -> str:
    return OUTSIDE if steps.comparison.n_sets else text.balance_paragraph(steps)


def _strata(steps: Steps, labels: Labels, context: Context) -> str:
    if not isinstance(steps.used[1].matching, Subclass):
        return OUTSIDE
    made = counted(steps.comparison.n_sets, "subclass", "subclasses")
    return f"{made} hold both arms. {text.balance_paragraph(steps)}"


def _reading(steps: Steps, labels: Labels, context: Context) -> str:
    return text.paragraph(md(note) for note in steps.table.notes)


def _limits(steps: Steps, labels: Labels, context: Context) -> str:
    notes = [*steps.cohort.notes, *text.design_notes(steps)]
    return f"{counted(len(steps.notes), 'note')} of the analysis stand in methods.md, of data and design: " + " ".join(
        [*(md(note) for note in notes), text.UNMEASURED]
    )


def _outcomes(steps: Steps, labels: Labels, context: Context) -> str:
    return text.definitions(steps, labels).replace("\n- ", ". ").removeprefix("- ") + "." if steps.outcomes else ""


def _results(steps: Steps, labels: Labels, context: Context) -> str:
    return text.outcome_results(steps, labels).replace("\n- ", " ").removeprefix("- ")


def _adjusting(steps: Steps, labels: Labels, context: Context) -> str:
    primary = any(outcome.primary for outcome in steps.outcomes)
    return text.paragraph(multiplicity_sentences(steps.multiplicity, primary))


ANSWERS: dict[str, Answer] = {
    "arms": lambda steps, labels, _: arms_sentence(steps.cohort, steps.used[1], labels),
    "eligibility": lambda steps, labels, _: text.paragraph(
        [eligibility_sentence(steps.used[1], labels), landmark_sentence(steps.used[1])]
    ),
    "columns": lambda steps, labels, _: text.paragraph(columns_sentences(steps.used[1], labels)),
    "reading": _reading,
    "file": lambda steps, labels, _: f"{flow_sentences(steps.cohort)[0]}",
    "time": lambda steps, labels, _: time_sentence(steps.treatment_time),
    "horizon": _horizon,
    "followed": _followed,
    "missing": lambda steps, labels, _: text.paragraph(missing_sentences(steps.comparison.by_set)),
    "covariates": _covariates,
    "score": lambda steps, labels, _: text.score_paragraph(steps, labels),
    "design": lambda steps, labels, _: text.design_paragraph(steps, labels),
    "estimand": lambda steps, labels, _: estimand_sentence(steps.comparison),
    "balance": lambda steps, labels, _: text.balance_paragraph(steps),
    "weighting": _weighting,
    "strata": _strata,
    "outcomes": _outcomes,
    "tests": lambda steps, labels, _: text.paragraph(test_sentences(steps.comparison, steps.outcomes)),
    "moves": lambda steps, labels, _: text.paragraph(moves_sentences(steps.odds_inside_sets)),
    "adjusting": _adjusting,
    "flow": lambda steps, labels, _: text.paragraph(flow_sentences(steps.cohort)),
    "gaps": lambda steps, labels, _: gaps_sentence(steps.cohort, labels),
    "outcome_gaps": _outcome_gaps,
    "matched": lambda steps, labels, _: text.paragraph(matched_sentences(steps.comparison, steps.used[1].matching)),
    "table1": lambda steps, labels, _: TABLE_ONE,
    "balance_results": lambda steps, labels, _: text.balance_results(steps, labels),
    "fit": lambda steps, labels, _: text.fit_sentence(steps),
    "results": _results,
    "adjusted": lambda steps, labels, _: text.adjusted_sentence(steps, labels),
    "limits": _limits,
    "software": lambda steps, labels, context: software_sentence(steps, context),
    "code": lambda steps, labels, _: CODE,
}
