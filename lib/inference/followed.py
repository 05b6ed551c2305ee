"""Patients with a time and what ended it: as survival curves, tests and effects read them."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..rounding import as_one, slack
from .asymptotic import clustered_size
from .frame import Frame
from .kaplan_meier import KaplanMeier, kaplan_meier
from .results import ARMS


@dataclass(frozen=True)
class Course:
    """Time and end of each of N eligible patients.

    time: float (N,) >= 0, NaN where it or the end is unknown.  cause: int (N,), 0 censored (or unknown), 1 the event,
    2.. competing events.
    """

    time: np.ndarray
    cause: np.ndarray

    @classmethod
    def of(cls, time: np.ndarray, event: np.ndarray) -> "Course":
        """time, event: float (N,), NaN where either is missing; event holds the causes.  Times equal but for rounding
        become one."""
        known = ~(np.isnan(time) | np.isnan(event))
        return cls(as_one(np.where(known, time, np.nan)), np.where(known, np.nan_to_num(event), 0.0).astype(int))

    @property
    def known(self) -> np.ndarray:
        """bool (N,)."""
        return ~np.isnan(self.time)

    @property
    def event(self) -> np.ndarray:
        """bool (N,): the event itself."""
        return self.cause == 1

    def cut(self, horizon: float) -> "Course":
        """As seen at the horizon: what comes later is censored there; a time that differs from it by rounding is it."""
        time = np.where(np.abs(self.time - horizon) <= slack(self.time), horizon, self.time)
        return Course(np.minimum(time, horizon), np.where(time <= horizon, self.cause, 0))


@dataclass(frozen=True)
class Patients:
    """One arm.  time: float (n,).  cause: int (n,).  weights: float (n,) > 0, 1 in the whole cohort."""

    time: np.ndarray
    cause: np.ndarray
    weights: np.ndarray

    @property
    def curve(self) -> KaplanMeier:
        """Kaplan-Meier, competing events taken as censored."""
        return kaplan_meier(self.time, self.cause == 1, self.weights)


def arm_patients(course: Course, whole_treated: np.ndarray, frame: Frame) -> dict[str, Patients]:
    """The known patients of the four arms; matching weights in the matched ones. whole_treated: bool (N,)."""
    ones = np.ones(len(course.time))
    matched = ones.copy()
    matched[frame.rows] = frame.weights
    arms = {}
    for arm, rows in zip(ARMS, frame.groups(whole_treated), strict=True):
        rows = rows[course.known[rows]]
        weights = ones if arm.startswith("whole") else matched
        arms[arm] = Patients(course.time[rows], course.cause[rows], weights[rows])
    return arms


@dataclass(frozen=True)
class Followed:
    """The matched patients, both arms.

    time: float (n,) >= 0.  cause: int (n,).  treated: bool (n,).  weights: float (n,) > 0.  cluster: int (n,), the set,
    or with replacement the row itself.
    """

    time: np.ndarray
    cause: np.ndarray
    treated: np.ndarray
    weights: np.ndarray
    cluster: np.ndarray

    @classmethod
    def of(cls, course: Course, frame: Frame) -> "Followed":
        """Every matched patient who is known."""
        used = np.flatnonzero(frame.used(course.known[frame.rows]))
        cluster, rows = used if frame.cluster is None else frame.cluster[used], frame.rows[used]
        return cls(course.time[rows], course.cause[rows], frame.treated[used], frame.weights[used], cluster)

    @property
    def event(self) -> np.ndarray:
        """bool (n,): the event itself."""
        return self.cause == 1

    @cached_property
    def n_clusters(self) -> int:
        """Distinct clusters."""
        return len(np.unique(self.cluster))

    def patients(self, treated: bool) -> Patients:
        """One arm."""
        rows = self.treated == treated
        return Patients(self.time[rows], self.cause[rows], self.weights[rows])

    def arm(self, treated: bool) -> KaplanMeier:
        """The weighted curve of one arm."""
        return self.patients(treated).curve

    def clustered_error(self, treated: np.ndarray, control: np.ndarray) -> float:
        """SE of a difference from the influences of both arms, (n1,) and (n0,), weights included, summed by cluster,
        times G/(G-1); NaN with one cluster."""
        influence = np.empty(len(self.time))
        influence[self.treated], influence[~self.treated] = treated, -control
        per_cluster = np.bincount(np.unique(self.cluster, return_inverse=True)[1], weights=influence)
        g = len(per_cluster)
        return float(np.sqrt(g / (g - 1))) * clustered_size(per_cluster, influence) if g > 1 else float("nan")
