"""Questions that must be answered before anything is analysed."""

from collections.abc import Iterable

from ..errors import SpecError
from ..questions import Question
from .analysis import AnalysisSpec

ANSWERED_IN = {
    "treatment": "`columns.treatment` and `columns.treated_value`",
    "event": "the outcome's `event` or `column`, and its `event_value`",
    "time": "the outcome's `time`",
}


def require_answers(spec: AnalysisSpec, of_file: Iterable[Question] = ()) -> None:
    """Raise SpecError while a question waits that an analysis cannot do without.

    of_file: what the reader of the file could not decide (Table.questions); only numbers that could be read two ways
    matter, in columns that the spec uses."""
    for question in spec.questions:
        if question.blocking:
            raise SpecError(
                f"A question is open: {_asked(question)}",
                f'Answer it in {ANSWERED_IN[question.about]} of the spec, and close it with `"questions": []`.',
            )
    used = used_columns(spec)
    for question in of_file:
        if question.about == "number" and question.column in used:
            raise SpecError(
                f'The numbers of column "{question.column}" could be read two ways: {_readings(question)}.',
                f'Say which in the spec: `"reading": {{"decimal": {{"{question.column}": "."}}}}`, or "," there.',
            )


def _asked(question: Question) -> str:
    """Its text as one sentence."""
    told = question.text.strip() or f"what is the {question.about}?"
    shown = f" ({', '.join(question.candidates)})" if question.candidates and not question.text.strip() else ""
    text = told.rstrip(".") + shown
    named = not question.column or question.column in text or shown
    where = "" if named else f' (column "{question.column}")'
    return f"{text}{where}" if text.endswith("?") or where else f"{text}."


def _readings(question: Question) -> str:
    return " or ".join(question.candidates) or question.text.strip().rstrip(".")


def used_columns(spec: AnalysisSpec) -> frozenset[str]:
    """Every column of the file that the analysis reads."""
    columns, matching = spec.columns, spec.matching
    named = [columns.id, columns.treatment, columns.treatment_day, matching.set_column]
    named += [*columns.covariates, *columns.described, *matching.exact, *matching.calipers]
    named += [rule.column for rule in spec.eligibility]
    named += [name for outcome in spec.outcomes for name in (*outcome.columns(), outcome.baseline)]
    made = {derived.name: derived.columns for derived in spec.derived}
    named += [source for name in named if name in made for source in made[name]]
    return frozenset(name for name in named if name is not None)
