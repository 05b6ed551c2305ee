"""Outcomes as numbers: events become 0/1, missing stays missing and never drops a patient."""

import numpy as np
import pandas as pd

from lib.errors import DataError
from lib.gate.arms import level_list, same_level
from lib.gate.columns import require_numbers
from lib.spec import Outcome
from lib.table import is_numeric, sorted_levels, text_values
from lib.words import counted, quoted

ZERO_ONE = ("0", "1")


def outcome_frame(frame: pd.DataFrame, eligible: pd.DataFrame, eligible_rows: np.ndarray,
                  outcomes: tuple[Outcome, ...]) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """The outcomes of the N eligible patients as float64 columns (see Cohort), and notes on which value is the event.

    The two values of an event column are looked up in the whole file, so that an eligible group without any event is
    not read the wrong way round.
    """
    made: dict[str, np.ndarray] = {}
    notes: list[str] = []
    for outcome in outcomes:
        if outcome.kind == "continuous":
            made[outcome.name] = _numbers(eligible[outcome.column], outcome)
            if outcome.baseline:
                made[f"{outcome.name}.baseline"] = _numbers(eligible[outcome.baseline], outcome)
        elif outcome.kind == "binary":
            event, note = _events(frame[outcome.column], eligible_rows, outcome)
            made[outcome.name] = event
            notes += note
        else:
            event, note = _events(frame[outcome.event], eligible_rows, outcome)
            time = _times(eligible[outcome.time], outcome)
            unknown = np.isnan(time) | np.isnan(event)
            made[f"{outcome.name}.time"] = np.where(unknown, np.nan, time)
            made[f"{outcome.name}.event"] = np.where(unknown, np.nan, event)
            notes += note
    return pd.DataFrame(made, index=range(len(eligible))), tuple(notes)


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


def _events(column: pd.Series, eligible_rows: np.ndarray, outcome: Outcome) -> tuple[np.ndarray, list[str]]:
    """float (N,) 0/1/NaN, and a note unless the column is plain 0/1. Raises DataError for more than two values."""
    eligible = column.iloc[eligible_rows]
    _require_known(eligible, outcome)
    levels = sorted_levels(column)
    if len(levels) > 2:
        levels = sorted_levels(eligible)
    if len(levels) > 2:
        raise DataError(
            f'Column "{column.name}" has {len(levels)} values{level_list(levels, len(eligible))}; '
            f'outcome "{outcome.name}" counts events and needs at most 2.',
            "Choose a column of two values, or make this outcome continuous.",
        )
    event = _event_level(column, levels, outcome)
    values = text_values(eligible)
    known = eligible.notna().to_numpy()
    codes = np.where(known, (values == event).astype(float), np.nan)
    plain = set(levels) <= set(ZERO_ONE) and event in (None, "1")
    note = f'Outcome "{outcome.name}": "{event}" in column "{column.name}" counts as the event.'
    return codes, [] if plain else [note]


def _event_level(column: pd.Series, levels: list[str], outcome: Outcome) -> str | None:
    """The level that is the event; None when the column holds only non-events (all 0, or never the event value)."""
    if outcome.event_value is not None:
        found = same_level(outcome.event_value, levels)
        if found is None and len(levels) == 2:
            raise DataError(
                f'The event value "{outcome.event_value}" of outcome "{outcome.name}" is not in "{column.name}"; '
                f"it holds {quoted(levels)}.",
                "Choose one of these as the event value.",
            )
        return found if found is not None else outcome.event_value
    if set(levels) <= set(ZERO_ONE):
        return "1"
    if len(levels) == 1:
        raise DataError(
            f'Column "{column.name}" holds only "{levels[0]}", so the event of outcome "{outcome.name}" is unknown.',
            "Set the event value of this outcome.",
        )
    return max(levels, key=float) if is_numeric(column) else levels[-1]
