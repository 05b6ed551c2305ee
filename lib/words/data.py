"""The Data page in words: what a column holds, what an outcome is, and what waits for an answer."""

from collections.abc import Sequence
from typing import Any

from ..questions import Question
from ..roles.describe import describe_columns
from ..spec import AnalysisSpec, Outcome
from ..table import Table
from .labels import Labels
from .numbers import counted
from .tables import records

NO_ID = "No column tells patients apart: every row counts as a patient of its own."
NO_COVARIATE = "Nothing is matched on yet. Move columns here that were known before treatment."
NO_OUTCOME = "No outcome yet. Move a column here, or add a time with its event."
REPEATED = {
    "first": "Ids repeat: the first row of each patient is analysed.",
    "rows": "Ids repeat: every row is analysed as a patient of its own.",
}
DAY_HELP = (
    "The day, counted from the same start as follow-up, on which a treated patient was treated. With it MatchLens says "
    "how many controls were already dead or gone by then: patients had to live long enough to be treated."
)
LANDMARK_HELP = (
    "A landmark: whoever had the event or left before that day is left out of both arms, treated patients who were "
    "treated later too, and survival times count from it."
)
PRIMARY_HELP = "The primary outcome: the one that the study was made for."
SAVE_HELP = "What a name means on the pages and in files, and which numbers are names of groups."
AS_SET = "as set"
LISTED = 6  # texts of more values than this may be remarks: they are counted, not listed


def column_summaries(table: Table) -> dict[str, str]:
    """Column -> what it holds, without showing a patient: kind, range or levels, how many are missing."""
    return {row.column: _summary(row) for row in records(describe_columns(table))}


def _summary(row: Any) -> str:
    missing = f"{row.missing:,} missing" if row.missing and row.n else ""
    kind = "" if row.type in ("two values", "text") and row.summary else row.type
    many = row.type == "text" and row.distinct > LISTED
    held = counted(row.distinct, "different text") if many else row.summary
    return ", ".join(part for part in (kind, held, missing) if part)


def outcome_words(outcome: Outcome) -> str:
    """Which columns an outcome is made of, and which value is the event."""
    if outcome.kind == "continuous":
        return f"the number {outcome.column}" + (f", before treatment {outcome.baseline}" if outcome.baseline else "")
    event = f'event "{1 if outcome.event_value is None else outcome.event_value}"'
    competing = f", otherwise ended by {_listed(outcome.competing_values)}" if outcome.competing_values else ""
    if outcome.kind == "binary":
        return f"yes or no: {outcome.column}, {event}"
    return f"time {outcome.time}, {event} in {outcome.event}{competing}"


def definitions(spec: AnalysisSpec, treated: str, control: str) -> tuple[str, ...]:
    """Who counts as treated and what each outcome is, a sentence each.  treated, control: the values of the arms."""
    arms = f'Treated are those with "{treated}" in {spec.columns.treatment}; controls those with "{control}".'
    labels = Labels.of(spec)
    return (arms, *(f"{labels.column(one.name).name}: {outcome_words(one)}." for one in spec.outcomes))


def _listed(values: Sequence[str]) -> str:
    return ", ".join(f'"{value}"' for value in values)


def waiting_words(waiting: Sequence[Question]) -> str:
    """Why there is no next step yet."""
    about = {"treatment": "who was treated", "event": "which value is the event", "time": "which column is the time"}
    topics = dict.fromkeys(about[question.about] for question in waiting)
    return f"{counted(len(waiting), 'question')} above {'waits' if len(waiting) == 1 else 'wait'}: {', '.join(topics)}."
