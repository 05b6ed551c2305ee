"""Immortal time over matched sets: which controls were dead or gone before their treated's day."""

import numpy as np

from ..cohort import Cohort
from ..cohort.treatment_day import TreatmentTime, eligible_days, followed
from ..design import Comparison, Independent


def matched_treatment_time(cohort: Cohort, comparison: Comparison) -> TreatmentTime | None:
    """Each control of a set against the earliest day of the treated of its set; a control of several sets is gone when
    it is so in one of them. With weights alone every weighted control against the median day.

    Only treated patients with a known day, and controls with a known end of follow-up in a set with a known day, count.
    None without a column of treatment days or where no compared treated patient has one.
    """
    days = eligible_days(cohort)[cohort.rows]
    treated = comparison.treated & comparison.matched
    known = treated & np.isfinite(days)
    if not known.any():
        return None
    everybody, events, name = followed(cohort)
    time, event = everybody[cohort.rows], events[cohort.rows]
    day = _day_of_controls(comparison, days, float(np.median(days[known])))
    controls = ~comparison.treated & comparison.matched & np.isfinite(time) & np.isfinite(day)
    gone = controls & (time < day)
    return TreatmentTime(
        days=days[known],
        unknown=int(treated.sum() - known.sum()),
        controls=int(controls.sum()),
        gone=int(gone.sum()),
        dead=int((gone & event).sum()),
        by_set=not isinstance(comparison.units, Independent),
        outcome=name,
    )


def _day_of_controls(comparison: Comparison, days: np.ndarray, median: float) -> np.ndarray:
    """float (n,): the day that a control is held against; NaN where it has none. Of several sets the latest, since a
    control gone before one of the days is gone before the latest."""
    if isinstance(comparison.units, Independent):
        return np.full(len(days), median)
    rows, sets = comparison.membership.T
    arm = comparison.treated[rows]
    first = np.full(comparison.n_sets, np.inf)
    np.fmin.at(first, sets[arm], days[rows[arm]])
    found = np.full(len(days), -np.inf)
    own = np.where(np.isfinite(first), first, -np.inf)[sets[~arm]]
    np.maximum.at(found, rows[~arm], own)
    return np.where(np.isfinite(found), found, np.nan)
