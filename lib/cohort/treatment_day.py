"""When patients were treated, and which controls were no longer there to be treated by then (immortal time).

Suissa S. Immortal time bias in pharmacoepidemiology. Am J Epidemiol 2008;167:492-499.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..errors import DataError
from ..spec import Columns
from ..words import counted
from .landmark import survival_outcome, treatment_days
from .model import Cohort

RANGE_FROM = 3  # treated patients from which the first and last day are told


@dataclass(frozen=True)
class TreatmentTime:
    """days: float, the known days of treatment of the treated, counted from the landmark where there is one. unknown:
    treated patients without one. controls: those whose follow-up is known. gone: of them, dead or no longer followed
    before the treated's day; dead: of those, with the event. by_set: whether each control is held against the treated
    of its own set, else against the median day. outcome: what tells who was there, None without a survival outcome."""

    days: np.ndarray
    unknown: int
    controls: int
    gone: int
    dead: int
    by_set: bool
    outcome: str | None

    @property
    def median(self) -> float:
        """The median day of treatment."""
        return float(np.median(self.days))

    @property
    def sentence(self) -> str:
        """What it means, in words."""
        low, high = self.days.min(), self.days.max()
        span = f"; {_day(low)} to {_day(high)}" if len(self.days) >= RANGE_FROM and low < high else ""
        start = f"Treated on day {_day(self.median)} (median{span})"
        if self.unknown:
            start += f", unknown in {counted(self.unknown, 'treated patient')}"
        if self.outcome is None:
            return f"{start}; no survival outcome tells which controls were still there on that day."
        one, when = ("matched control", "their treated's day") if self.by_set else ("control", "that day")
        whom = counted(self.controls, one)
        if not self.gone:
            return f"{start}; none of {whom} was dead or gone on {when}."
        verb = "was" if self.gone == 1 else "were"
        return (
            f"{start}; {self.gone:,} of {whom} {verb} already dead or gone on {when} and could not "
            "have been treated then, which makes treatment look better than it is (immortal time). A landmark compares "
            "only patients who were still there."
        )


def check_treatment_day(eligible: pd.DataFrame, treated: np.ndarray, columns: Columns) -> tuple[str, ...]:
    """A note where controls have a day of treatment. Raises DataError for text, and where no treated patient has a
    day."""
    if columns.treatment_day is None:
        return ()
    known = np.isfinite(treatment_days(eligible, columns.treatment_day))
    if not (known & treated).any():
        raise DataError(
            f'Column "{columns.treatment_day}" gives no treated patient a day of treatment.',
            "Choose the column with the day, counted from time zero, or none.",
        )
    strange = int((known & ~treated).sum())
    if not strange:
        return ()
    return (
        f'Column "{columns.treatment_day}" gives {counted(strange, "control")} a day of treatment; it is not used.',
    )


def treatment_time(cohort: Cohort) -> TreatmentTime | None:
    """Of the eligible, before anybody is matched: controls gone before the treated's median day. None without a column
    of treatment days, or where the eligible treated have no day."""
    days, treated = eligible_days(cohort), cohort.eligible_treated
    known = days[treated & np.isfinite(days)]
    if not len(known):
        return None
    time, event, name = followed(cohort)
    controls = ~treated & np.isfinite(time)
    gone = controls & (time < np.median(known))
    unknown = int(treated.sum()) - len(known)
    return TreatmentTime(known, unknown, int(controls.sum()), int(gone.sum()), int((gone & event).sum()), False, name)


def eligible_days(cohort: Cohort) -> np.ndarray:
    """float (N,): the day of treatment on the scale of the survival times, NaN where unknown or without the column."""
    return treatment_days(cohort.eligible, cohort.columns.treatment_day) - (cohort.landmark or 0.0)


def followed(cohort: Cohort) -> tuple[np.ndarray, np.ndarray, str | None]:
    """(float (N,), bool (N,), name): end of follow-up, NaN where unknown; whether it was the event; which outcome tells
    it, None without a survival outcome."""
    outcome = survival_outcome(cohort.outcome_specs)
    if outcome is None:
        return np.full(len(cohort.eligible), np.nan), np.zeros(len(cohort.eligible), dtype=bool), None
    table = cohort.outcomes
    return table[f"{outcome.name}.time"].to_numpy(), table[f"{outcome.name}.event"].to_numpy() == 1, outcome.name


def _day(value: float) -> str:
    return f"{value:g}"
