"""Discharge alive as an outcome with death competing: when each patient's last stay of a kind ended, and how.

Who died in hospital can no longer be discharged, and who was discharged has not simply been lost from sight; so the two
are competing events and neither is censoring (statistics.md section 5).
"""

from dataclasses import dataclass

import numpy as np

from ..errors import DataError
from ..spec import Outcome
from ..words import counted, quoted
from .derive import LATE, Vital
from .episodes import Episodes

DAY_SUFFIX, HOW_SUFFIX, NAME_SUFFIX = "_end_day_derived", "_end_derived", "_discharge_derived"
ALIVE, DIED, THERE = "discharged alive", "died", "still there"


@dataclass(frozen=True)
class Discharge:
    """The end of the last stay of a kind (hospital, icu), N patients in the order of the cohort's file.

    day: float (N,) > 0 from day 0: of discharge, of death, or of the end of follow-up for those still there; NaN for
        patients without such a stay and for those whose stay was over by day 0.
    how: object (N,), ALIVE, DIED or THERE; None where day is NaN.
    """

    support: str
    day: np.ndarray
    how: np.ndarray
    notes: tuple[str, ...] = ()

    @property
    def columns(self) -> dict[str, np.ndarray]:
        """The two columns that the table gets."""
        return {f"{self.support}{DAY_SUFFIX}": self.day, f"{self.support}{HOW_SUFFIX}": self.how}

    def outcome(self, horizon: float | None) -> Outcome:
        """Time to discharge alive, death competing where anybody died during a stay."""
        time, event = self.columns
        died = (DIED,) if (self.how == DIED).any() else ()
        return Outcome(
            name=f"{self.support}{NAME_SUFFIX}",
            kind="survival",
            time=time,
            event=event,
            event_value=ALIVE,
            competing_values=died,
            horizon=horizon,
            better="higher",
        )


def discharge(episodes: Episodes, vital: Vital, support: str) -> Discharge:
    """How the last stay of each patient ended. A death up to one day after the end of the stay is a death in it; a stay
    that lasts to the end of follow-up is still going on. Raises DataError when nobody has such a stay, or all were over
    by day 0."""
    own = episodes.of((support,))
    if not len(own):
        raise DataError(
            f'No patient of the episodes file has a stay "{support}" to be discharged from.',
            f"The file holds {quoted(episodes.supports)}; choose among them.",
        )
    end = own.groupby("patient")["end"].max().reindex(range(len(episodes.person_id))).to_numpy(dtype=float)
    died = vital.dead & (vital.last <= end + LATE)
    there = ~died & (end >= vital.last)
    day = np.where(died | there, vital.last, end)
    known = ~np.isnan(end) & (day > 0)
    if not known.any():
        raise DataError(
            f'Every stay "{support}" of the episodes file is over by day 0.',
            "Give days from the same day 0 as the follow-up.",
        )
    how = np.select([died, there], [DIED, THERE], ALIVE).astype(object)
    how[~known] = None
    return Discharge(support, np.where(known, day, np.nan), how, _notes(support, int((~known).sum())))


def _notes(support: str, without: int) -> tuple[str, ...]:
    if not without:
        return ()
    verb = "has" if without == 1 else "have"
    name = f"{support}{NAME_SUFFIX}"
    return (f"{name}: {counted(without, 'patient')} without such a stay after day 0 {verb} no value.",)
