"""Free days: days alive and off a support, after its last end, within a window that starts with it."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from ..cohort.outcomes import outcome_frame
from ..errors import DataError
from ..spec import Outcome
from ..words import counted, quoted
from .episodes import BREATHING, Episodes

DeathRule = Literal["zero", "worst"]
NeverRule = Literal["missing", "free"]
WINDOW = 28.0
SUFFIX = "_free_days_derived"
DEATH_VALUE = {"zero": 0.0, "worst": -1.0}
LATE = 1.0  # days; a stay may be written up to the midnight after the death
PARTS = ("start", "supported", "free", "dead", "died")
OWN_WINDOW = {"oxygen": BREATHING}  # breathing support of any kind is oxygen, so its window starts with the first


@dataclass(frozen=True)
class Vital:
    """last: float (N,), day of death or of the end of follow-up, from the same day 0 as the episodes; NaN unknown.
    dead: bool (N,), whether that day is the day of death."""

    last: np.ndarray
    dead: np.ndarray


@dataclass(frozen=True)
class DerivedDays:
    """Free days of one support, in the order of the cohort's file.

    days: float (N,), 0 to window; for those who died within the window 0 ("zero") or -1 ("worst", so that death ranks
        below every survivor); NaN where there is none.
    parts: DataFrame PARTS, N rows: start of the window; days from it to the last end (`supported`), then alive and off
        the support (`free`), then dead; the three add up to the window. died: bool. NaN as in days.
    never: patients without the support.  unknown: patients whose follow-up ends too early to tell.
    """

    support: str
    window: float
    death_rule: DeathRule
    days: np.ndarray
    parts: pd.DataFrame
    never: int
    unknown: int
    notes: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The outcome's name: "icu_free_days_derived"."""
        return derived_name(self.support)


def derived_name(support: str) -> str:
    """The column and outcome that the free days of a support become."""
    return f"{support}{SUFFIX}"


def is_derived(name: str) -> bool:
    """Whether an outcome bears the name of derived free days."""
    return name.endswith(SUFFIX)


def vital_status(frame: pd.DataFrame, outcome: Outcome) -> Vital:
    """Day of death or end of follow-up, from the time and event columns of a survival outcome. frame: N rows.

    Raises DataError when a column is absent or the columns are no survival data (lib.cohort)."""
    absent = [name for name in outcome.columns() if name not in frame.columns]
    if absent:
        raise DataError(
            f'Outcome "{outcome.name}" tells who died when, and the table lacks {quoted(absent)}.',
            "Choose a survival outcome of this table.",
        )
    made = outcome_frame(frame, np.arange(len(frame)), (outcome,))
    return Vital(made[f"{outcome.name}.time"].to_numpy(), made[f"{outcome.name}.event"].to_numpy() == 1)


def check_deaths(episodes: Episodes, vital: Vital) -> None:
    """Raise DataError when an episode goes on after the patient's death (beyond the day after it)."""
    rows = episodes.rows
    patient = rows["patient"].to_numpy()
    late = int((vital.dead[patient] & (rows["end"].to_numpy() > vital.last[patient] + LATE)).sum())
    if late:
        raise DataError(
            f"{counted(late, 'episode')} {'goes' if late == 1 else 'go'} on after the patient's death.",
            "Check that episodes and follow-up count days from the same day 0.",
        )


def derive(
    episodes: Episodes,
    vital: Vital,
    support: str,
    window: float = WINDOW,
    death_rule: DeathRule = "zero",
    never: NeverRule = "missing",
) -> DerivedDays:
    """Free days of one support as the study defines them (Gregoire 2022): without the support after its last end,
    within `window` days of its first start.

    The window starts with the patient's first episode of that support (for "oxygen": of any breathing support) and
    an episode that starts after the window is over does not count. A patient moved from one breathing support to a
    stronger one has not been weaned from the first, so an end counts once nothing as strong or stronger follows: days
    on a ventilator are not HFNO-free.
    death_rule: who dies within the window, its last day included, has 0 days (the study), or -1, below every survivor,
        for ranks and win ratios, because 0 alive on a ventilator is not as bad as death (Yehya et al. 2019, Am J Respir
        Crit Care Med 200:828; -1 as in REMAP-CAP 2021, N Engl J Med 384:1491).
    never: those who never had the support have no value (the study), or the whole window is free, counted from day 0.
    A survivor whose follow-up ends inside the window, off the support, has NaN.  Raises DataError when nobody has the
    support.
    """
    own = episodes.of(OWN_WINDOW.get(support, (support,)))
    if not len(own):
        raise DataError(
            f'No patient of the episodes file has the support "{support}".',
            f"The file holds {quoted(episodes.supports)}; choose among them.",
        )
    n = len(episodes.person_id)
    start = own.groupby("patient")["start"].min().reindex(range(n)).to_numpy(dtype=float)
    without = np.isnan(start)
    if never == "free":
        start = np.where(without, 0.0, start)
    end = np.fmax(_last_end(episodes.of(_holding(support)), start, window, n), start)
    parts = _parts(start, end, vital, window)
    died = parts["died"].to_numpy(dtype=bool)
    days = np.where(died, DEATH_VALUE[death_rule], parts["free"])
    unknown = int((np.isnan(days) & ~np.isnan(start)).sum())
    notes = _notes(support, window, int(without.sum()), unknown, never)
    return DerivedDays(support, window, death_rule, days, parts, int(without.sum()), unknown, notes)


def _holding(support: str) -> tuple[str, ...]:
    """The support and every stronger one of its kind: what keeps a patient from being free of it."""
    return BREATHING[BREATHING.index(support) :] if support in BREATHING else (support,)


def _last_end(rows: pd.DataFrame, start: np.ndarray, window: float, n: int) -> np.ndarray:
    """The last end among the episodes that start inside the patient's window. Returns float (n,), NaN without one."""
    inside = rows[rows["start"].to_numpy() < start[rows["patient"]] + window]
    return inside.groupby("patient")["end"].max().reindex(range(n)).to_numpy(dtype=float)


def _parts(start: np.ndarray, end: np.ndarray, vital: Vital, window: float) -> pd.DataFrame:
    """PARTS; NaN without a start, and where follow-up does not reach the day that decides."""
    close = start + window
    died = vital.dead & (vital.last <= close)
    lived_until = np.where(died, np.maximum(vital.last, start), close)
    off = np.minimum(end, lived_until)
    known = died | (vital.last >= close) | (end >= close)
    parts = pd.DataFrame(
        {"start": start, "supported": off - start, "free": lived_until - off, "dead": close - lived_until}
    )
    parts.loc[~known, ["supported", "free", "dead"]] = np.nan
    return parts.assign(died=died)


def _notes(support: str, window: float, never: int, unknown: int, rule: NeverRule) -> tuple[str, ...]:
    name, notes = derived_name(support), []
    if never:
        meaning = f"count all {window:g} days as free" if rule == "free" else "have no value"
        notes.append(f"{name}: {counted(never, 'patient')} without this support {meaning}.")
    if unknown:
        notes.append(
            f"{name}: {counted(unknown, 'patient')} alive at the end of a follow-up shorter than the window "
            f"of {window:g} days {'has' if unknown == 1 else 'have'} no value."
        )
    return tuple(notes)
