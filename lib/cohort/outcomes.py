"""Outcomes as numbers: events become 0/1, missing stays missing and never drops a patient."""

import numpy as np
import pandas as pd

from ..errors import DataError
from ..roles.vocabulary import NO_EVENT_VALUES
from ..spec import Outcome
from ..table import is_numeric, sorted_levels, text_values
from ..words import counted, quoted
from .arms import level_list, same_level
from .columns import require_numbers

ZERO_ONE = ("0", "1")


def outcome_frame(frame: pd.DataFrame, rows: np.ndarray, outcomes: tuple[Outcome, ...]) -> pd.DataFrame:
    """The outcomes of the N eligible patients as float64 columns (see Cohort).

    frame: the whole file. rows: int (N,), the eligible. The two values of an event column are looked up in the whole
    file, so that an eligible group without any event is not read the wrong way round. Raises DataError.
    """
    made: dict[str, np.ndarray] = {}
    for outcome in outcomes:
        if outcome.kind == "continuous":
            made[outcome.name] = _numbers(frame[outcome.column].iloc[rows], outcome)
            if outcome.baseline:
                made[f"{outcome.name}.baseline"] = _numbers(frame[outcome.baseline].iloc[rows], outcome)
        elif outcome.kind == "binary":
            made[outcome.name] = _events(frame[outcome.column], rows, outcome)
        else:
            read = _causes if outcome.competing_values else _events
            time, event = _times(frame[outcome.time].iloc[rows], outcome), read(frame[outcome.event], rows, outcome)
            unknown = np.isnan(time) | np.isnan(event)
            made[f"{outcome.name}.time"] = np.where(unknown, np.nan, time)
            made[f"{outcome.name}.event"] = np.where(unknown, np.nan, event)
    return pd.DataFrame(made, index=range(len(rows)), copy=False)


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
    low = int((time <= 0).sum())
    if low:
        raise DataError(
            f'The time column "{column.name}" is 0 or below in {counted(low, "row")}; a survival time must be above 0.',
            "Count the first day as day 1 (or 0.5), or correct these values.",
        )
    return time


def _events(column: pd.Series, rows: np.ndarray, outcome: Outcome) -> np.ndarray:
    """float (N,): 1 for the event, 0 for the other value, NaN where missing."""
    eligible = column.iloc[rows]
    _require_known(eligible, outcome)
    event = _event_level(column, _levels(column, rows, outcome), outcome)
    return np.where(eligible.notna(), (text_values(eligible) == event).astype(float), np.nan)


def _causes(column: pd.Series, rows: np.ndarray, outcome: Outcome) -> np.ndarray:
    """float (N,): 1 for the event, 2.. for the competing events in their order, 0 for the value left, NaN missing."""
    eligible = column.iloc[rows]
    _require_known(eligible, outcome)
    codes = {value: code for code, value in enumerate(_ends(column, rows, outcome), start=1)}
    levels = text_values(eligible)
    made = np.array([codes.get(level, 0) for level in levels], dtype=float)
    return np.where(eligible.notna(), made, np.nan)


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
    """The at most two values of an event column: in the file, or else among the eligible. Raises DataError for more."""
    levels = sorted_levels(column)
    if len(levels) > 2:
        levels = sorted_levels(column.iloc[rows])
    if len(levels) > 2:
        raise DataError(
            f'Column "{column.name}" has {len(levels)} values{level_list(levels, len(rows))}; '
            f'outcome "{outcome.name}" counts events and needs at most 2.',
            "Set the event value and the competing values, or choose a column of two values."
            if outcome.kind == "survival"
            else "Choose a column of two values, or make this outcome continuous.",
        )
    return levels


def _event_level(column: pd.Series, levels: list[str], outcome: Outcome) -> str:
    """The level that is the event, also where no row holds it: the stated one, else the larger, but never a plain word
    for no event (nein, alive) beside one that is not. Raises DataError when the column does not tell."""
    if outcome.event_value is not None:
        found = same_level(outcome.event_value, levels)
        if found is None and len(levels) == 2:
            raise DataError(
                f'The event value "{outcome.event_value}" of outcome "{outcome.name}" is not in "{column.name}"; '
                f"it holds {quoted(levels)}.",
                "Choose one of these as the event value.",
            )
        return found or outcome.event_value
    if set(levels) <= set(ZERO_ONE):
        return "1"
    if len(levels) == 1:
        raise DataError(
            f'Column "{column.name}" holds only "{levels[0]}", so the event of outcome "{outcome.name}" is unknown.',
            "Set the event value of this outcome.",
        )
    if is_numeric(column):
        return max(levels, key=float)
    told = [level for level in levels if level.strip().lower() not in NO_EVENT_VALUES]
    return told[0] if len(told) == 1 else levels[-1]
