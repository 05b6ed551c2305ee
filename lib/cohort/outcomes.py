"""Outcomes as numbers: events become 0/1, missing stays missing and never drops a patient."""

import numpy as np
import pandas as pd

from ..errors import DataError
from ..roles.events import reversed_name
from ..roles.levels import event_of_words, is_dead, rest_without_event
from ..rounding import as_one
from ..spec import Outcome
from ..table import is_numeric, numbers_in_text, sorted_levels, text_values
from ..words import counted, quoted
from .arms import level_list, same_level
from .columns import require_numbers

ZERO_ONE = ("0", "1")


def outcome_frame(frame: pd.DataFrame, rows: np.ndarray, outcomes: tuple[Outcome, ...]) -> pd.DataFrame:
    """The outcomes of the N eligible patients as float64 columns (see Cohort).

    frame: the whole file. rows: int (N,), the eligible. The two values of an event column are looked up in the whole
    file, so that an eligible group without any event is not read the wrong way round. Numbers and times equal up to
    rounding become one. Raises DataError.
    """
    made: dict[str, np.ndarray] = {}
    for outcome in outcomes:
        if outcome.kind == "continuous":
            made[outcome.name] = as_one(_numbers(frame[outcome.column].iloc[rows], outcome))
            if outcome.baseline:
                made[f"{outcome.name}.baseline"] = as_one(_numbers(frame[outcome.baseline].iloc[rows], outcome))
        elif outcome.kind == "binary":
            made[outcome.name] = _events(frame[outcome.column], rows, outcome)
        else:
            read = _causes if outcome.competing_values else _events
            time, event = _times(frame[outcome.time].iloc[rows], outcome), read(frame[outcome.event], rows, outcome)
            _require_time_of_others(time, event, outcome)
            unknown = np.isnan(time) | np.isnan(event)
            made[f"{outcome.name}.time"] = as_one(np.where(unknown, np.nan, time))
            made[f"{outcome.name}.event"] = np.where(unknown, np.nan, event)
    return pd.DataFrame(made, index=range(len(rows)), copy=False)


def _require_time_of_others(time: np.ndarray, event: np.ndarray, outcome: Outcome) -> None:
    """Raise DataError where nobody without the event has a time: all whom it leaves in would have had the event."""
    others = event == 0
    if others.any() and np.isnan(time[others]).all() and not np.isnan(time[event > 0]).all():
        raise DataError(
            f'Only patients with the event of outcome "{outcome.name}" have a value in its time column '
            f'"{outcome.time}"; {counted(int(others.sum()), "patient")} without the event would be left out, and '
            "nobody would survive.",
            "Join it with the time to the last contact (`derived`), or choose a time that every patient has.",
        )


def event_notes(frame: pd.DataFrame, rows: np.ndarray, outcomes: tuple[Outcome, ...]) -> tuple[str, ...]:
    """Which value counts as the event, for every event column that is not plain 0/1."""
    notes = []
    for outcome in outcomes:
        name = outcome.event if outcome.kind == "survival" else outcome.column
        if outcome.kind == "continuous":
            continue
        if outcome.competing_values:
            notes.append(_causes_note(frame[name], rows, outcome))
            continue
        levels = _levels(frame[name], rows, outcome)
        event = _event_level(frame[name], levels, outcome)
        if not (set(levels) <= set(ZERO_ONE) and event == "1"):
            notes.append(f'Outcome "{outcome.name}": "{event}" in column "{name}" counts as the event.')
        if outcome.empty == "no_event" and frame[name].isna().any():
            notes.append(f'Outcome "{outcome.name}": an empty cell of column "{name}" means that it did not happen.')
    return tuple(notes)


def _require_known(column: pd.Series, outcome: Outcome) -> None:
    if column.isna().all():
        raise DataError(
            f'Column "{column.name}" of outcome "{outcome.name}" is empty for every eligible patient.',
            "Remove this outcome or choose another column.",
        )


def _numbers(column: pd.Series, outcome: Outcome) -> np.ndarray:
    _require_known(column, outcome)
    require_numbers(column, f'the {outcome.kind} outcome "{outcome.name}"')
    return column.to_numpy(dtype=float)


def _times(column: pd.Series, outcome: Outcome) -> np.ndarray:
    time = _numbers(column, outcome)
    low = int((time < 0).sum())
    if low:
        raise DataError(
            f'The time column "{column.name}" is below 0 in {counted(low, "row")}; a survival time cannot be.',
            "Correct these values, or leave them empty.",
        )
    return time


def _events(column: pd.Series, rows: np.ndarray, outcome: Outcome) -> np.ndarray:
    """float (N,): 1 for the event, 0 for any other value, NaN where missing, unless empty means no event."""
    eligible = column.iloc[rows]
    _require_known(column if outcome.empty == "no_event" else eligible, outcome)
    event = _event_level(column, _levels(column, rows, outcome), outcome)
    _require_meaning_of_empty(column, event, outcome)
    return np.where(eligible.notna(), (text_values(eligible) == event).astype(float), _of_empty(outcome))


def _of_empty(outcome: Outcome) -> float:
    return 0.0 if outcome.empty == "no_event" else np.nan


def _require_meaning_of_empty(column: pd.Series, event: str, outcome: Outcome) -> None:
    """Raise DataError for a column that holds the event or nothing while nobody has said what nothing means."""
    gaps = int(column.isna().sum())
    if outcome.empty is None and gaps and sorted_levels(column) == [event]:
        raise DataError(
            f'Column "{column.name}" holds only "{event}" and is empty in {counted(gaps, "row")}; whether empty means '
            f'that the event of outcome "{outcome.name}" did not happen, or that it is not known, is not said.',
            'Set `empty` of this outcome to "no_event" or to "missing".',
        )


def _causes(column: pd.Series, rows: np.ndarray, outcome: Outcome) -> np.ndarray:
    """float (N,): 1 for the event, 2.. for the competing events in their order, 0 for the value left, NaN missing."""
    eligible = column.iloc[rows]
    _require_known(column if outcome.empty == "no_event" else eligible, outcome)
    codes = {value: code for code, value in enumerate(_ends(column, rows, outcome), start=1)}
    levels = text_values(eligible)
    made = np.array([codes.get(level, 0) for level in levels], dtype=float)
    return np.where(eligible.notna(), made, _of_empty(outcome))


def _ends(column: pd.Series, rows: np.ndarray, outcome: Outcome) -> list[str]:
    """The event's level, then those of the competing events, as the file has them. Raises DataError for a value that
    the file does not hold, and when more than one value is left to mean censored."""
    levels, ends = sorted_levels(column), []
    wanted = [value for value in (outcome.event_value, *outcome.competing_values) if value is not None]
    for value in wanted:
        found = same_level(value, levels)
        if found is None:
            raise DataError(
                f'No row of column "{column.name}" holds the value "{value}" of outcome "{outcome.name}"'
                f"{level_list(levels, len(column))}.",
                "Correct the event value or the competing values.",
            )
        if found in ends:
            raise DataError(
                f'Outcome "{outcome.name}" names the value "{found}" of column "{column.name}" twice.',
                "Correct the event value or the competing values.",
            )
        ends.append(found)
    left = [level for level in sorted_levels(column.iloc[rows]) if level not in ends]
    if len(left) > 1:
        raise DataError(
            f'Column "{column.name}" has {len(left)} values{level_list(left, len(rows))} beside the event and the '
            f'competing events of outcome "{outcome.name}"; only one can mean censored.',
            "Name the others as competing values, or give them one value in the file.",
        )
    return ends


def _causes_note(column: pd.Series, rows: np.ndarray, outcome: Outcome) -> str:
    event, *competing = _ends(column, rows, outcome)
    return (
        f'Outcome "{outcome.name}": in column "{column.name}" "{event}" counts as the event and {quoted(competing)} as '
        "competing; any other value means censored."
    )


def _levels(column: pd.Series, rows: np.ndarray, outcome: Outcome) -> list[str]:
    """The at most two values of an event column: in the file, or else among the eligible. Raises DataError for more,
    unless one is the event and all others are plain words for no event (alive, discharged)."""
    levels = sorted_levels(column)
    if len(levels) > 2:
        levels = sorted_levels(column.iloc[rows])
    if len(levels) > 2 and not _plain_rest(levels, outcome):
        raise DataError(
            f'Column "{column.name}" has {len(levels)} values{level_list(levels, len(rows))}; '
            f'outcome "{outcome.name}" counts events and needs at most 2.',
            "Set the event value and the competing values, or choose a column of two values."
            if outcome.kind == "survival"
            else "Choose a column of two values, or make this outcome continuous.",
        )
    return levels


def _plain_rest(levels: list[str], outcome: Outcome) -> bool:
    """Whether all levels but the event mean that nothing happened; of a time that includes those lost to follow-up."""
    event = same_level(outcome.event_value, levels) if outcome.event_value else event_of_words(levels)
    return event is not None and rest_without_event(event, levels, outcome.kind == "survival")


def _event_level(column: pd.Series, levels: list[str], outcome: Outcome) -> str:
    """The level that is the event, also where no row holds it: the stated one; else 1 of 0 and 1, the larger of two
    other numbers, or what the words tell. Raises DataError where neither words nor the column's name leave one answer.
    """
    if outcome.event_value is not None:
        found = same_level(outcome.event_value, levels)
        if found is None and len(levels) >= 2:
            raise DataError(
                f'The event value "{outcome.event_value}" of outcome "{outcome.name}" is not in "{column.name}"; '
                f"it holds {quoted(levels)}.",
                "Choose one of these as the event value.",
            )
        return found or outcome.event_value
    return _untold_event(column, levels, outcome)


def _untold_event(column: pd.Series, levels: list[str], outcome: Outcome) -> str:
    """The event of an outcome whose event value nobody stated."""
    words = event_of_words(levels)
    if reversed_name(str(column.name)) and not (words and _lives_or_dies(levels)):
        raise DataError(
            f'The name of column "{column.name}" may say the opposite of an event, and it holds {quoted(levels)}; '
            f'which of them is the event of outcome "{outcome.name}" is not said.',
            "Set the event value (`event_value`) of this outcome.",
        )
    if set(levels) <= set(ZERO_ONE):
        return "1"
    if len(levels) == 1:
        raise DataError(
            f'Column "{column.name}" holds only "{levels[0]}", so the event of outcome "{outcome.name}" is unknown.',
            "Set the event value of this outcome.",
        )
    if is_numeric(column) or numbers_in_text(column.dropna()).all():
        return max(levels, key=float)
    if words is None:
        raise DataError(
            f'Column "{column.name}" holds {quoted(levels)}, and these words do not tell which of them is the event of '
            f'outcome "{outcome.name}".',
            f"Set its event value (`event_value`) to one of {quoted(levels)}.",
        )
    return words


def _lives_or_dies(levels: list[str]) -> bool:
    """Whether the words of a column speak of death, whatever its name."""
    return any(is_dead(level) for level in levels)
