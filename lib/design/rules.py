"""What a match may and may not do, worked out from the settings and the cohort before anybody is matched."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from ..errors import EstimationError, SpecError
from ..rounding import as_one, slack
from .settings import CovariateCaliper, DistanceSettings

if TYPE_CHECKING:
    from ..cohort import Cohort
    from ..score import PropensityModel

SAME = 1e-10  # in SDs of the distance: nearer than this is equally near, for a fitted score carries so much rounding
GRID = 2.0**-35  # in SDs: a third of SAME; sums of whole steps of a power of two are exact


@dataclass(frozen=True)
class Rules:
    """The rules of one match of n patients.

    treated, discarded: bool (n,); discarded = outside common support.
    stratum: int (n,), equal where the `exact` columns are.
    distance: float (n,), NaN without a score.  caliper_width: in units of the distance, NaN without a caliper.
    caliper_unit_width: the width of a caliper of 1, in the same units.
    limited: float (n, c), the columns with a caliper of their own, values equal up to rounding being equal.
    limits: float (c,), their widths, inclusive, with what rounding may do.
    """

    treated: np.ndarray
    discarded: np.ndarray
    stratum: np.ndarray
    distance: np.ndarray
    caliper_width: float
    caliper_unit_width: float
    limited: np.ndarray
    limits: np.ndarray

    @cached_property
    def unit(self) -> float:
        """The SD of the distance over everybody, in which `place` counts; 1 where it does not vary."""
        return (float(np.std(self.distance)) if len(self.distance) else 0.0) or 1.0

    @cached_property
    def same(self) -> float:
        """Two gaps, in units of `place`, that differ by no more than this are equal; above 0."""
        return max(SAME, slack(self.distance) / self.unit)

    @cached_property
    def place(self) -> np.ndarray:
        """float (n,) >= 0: the distance as everybody is compared by it, in its SDs from the lowest, so that neither its
        unit nor the last digits of a fit matter; places equal up to rounding are equal."""
        place = self.distance - self.distance.min(initial=np.inf)
        place /= self.unit
        return as_one(place, self.same)

    @property
    def width(self) -> float | None:
        """The caliper width in units of `place`, with what rounding may do; None without a caliper."""
        return None if np.isnan(self.caliper_width) else self.caliper_width / self.unit + self.same

    @property
    def reach(self) -> float:
        """The same; without a caliper the largest finite number, which no gap to a patient who is there exceeds."""
        return np.finfo(float).max if self.width is None else self.width

    def strata(self) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Rows of treated and of controls (each in file order) of every stratum that has both, discarded left out."""
        rows = np.flatnonzero(~self.discarded)
        rows = rows[np.argsort(self.stratum[rows], kind="stable")]
        for group in np.split(rows, np.flatnonzero(np.diff(self.stratum[rows])) + 1):
            arm = self.treated[group]
            if arm.any() and not arm.all():
                yield group[arm], group[~arm]


def make_rules(cohort: "Cohort", propensity: "PropensityModel", settings: DistanceSettings) -> Rules:
    """Resolve the settings. Raises EstimationError for an SD that does not exist or when nobody is left inside common
    support. SDs are over the patients not discarded (as MatchIt): all the analysed when nothing is discarded."""
    treated, distance = cohort.treated, propensity.distance
    discarded = discard(distance, treated, settings.discard)
    kept = ~discarded
    unit = caliper_unit(distance[kept], treated[kept], settings)
    names = list(settings.covariate_calipers)
    columns = [as_one(cohort.matching_columns[name].to_numpy(float)) for name in names]
    limits = [
        _limit(column[kept], settings.covariate_calipers[name]) + slack(column)
        for name, column in zip(names, columns, strict=True)
    ]
    return Rules(
        treated=treated,
        discarded=discarded,
        stratum=strata(cohort, settings.exact),
        distance=distance,
        caliper_width=float("nan") if settings.caliper is None else settings.caliper * unit,
        caliper_unit_width=unit,
        limited=np.column_stack(columns or [np.empty((cohort.n, 0))]),
        limits=np.array(limits, dtype=float),
    )


def require_controls(ratio: int, treated: np.ndarray) -> None:
    """Raise SpecError for more controls a treated patient than there are.  treated: bool (n,)."""
    n_control = int((~treated).sum())
    if ratio > n_control:
        raise SpecError(
            f"`matching.ratio` asks for {ratio} controls per treated patient; there are {n_control}.",
            f"Choose a ratio of at most {n_control}.",
        )


def discard(distance: np.ndarray, treated: np.ndarray, whose: str) -> np.ndarray:
    """As outside_support. Raises EstimationError when it leaves nobody of an arm."""
    discarded = outside_support(distance, treated, whose)
    if (discarded | ~treated).all() or (discarded | treated).all():
        raise EstimationError(
            "The scores of the two groups do not overlap, so nobody is left inside common support.",
            "Use fewer covariates, or do not discard patients outside common support.",
        )
    return discarded


def outside_support(distance: np.ndarray, treated: np.ndarray, discard: str) -> np.ndarray:
    """Patients beyond the range of the other arm's distance, by more than rounding: bool (n,).  discard: whose such
    patients are left out, none | treated | control | both (the convention of MatchIt)."""
    outside = np.zeros(len(treated), dtype=bool)
    for arm, name in ((treated, "treated"), (~treated, "control")):
        if discard in (name, "both"):
            other, same = distance[~arm], SAME * float(np.std(distance))
            outside |= arm & ((distance < other.min() - same) | (distance > other.max() + same))
    return outside


def on_grid(position: np.ndarray) -> np.ndarray:
    """Places in SDs moved to the nearest whole step of GRID, so that whoever adds and compares them in whatever order,
    and after whatever rounding, meets the same numbers.  position: float, any shape."""
    return np.round(position / GRID) * GRID + 0.0  # no -0.0


def caliper_unit(distance: np.ndarray, treated: np.ndarray, settings: DistanceSettings) -> float:
    """How wide a caliper of 1 is in units of the distance.  distance: float (m,), of those whose SD is taken; treated:
    bool (m,). Raises EstimationError for an SD that does not exist."""
    if settings.caliper is None or settings.caliper_unit == "raw":
        return 1.0
    if settings.caliper_sd == "overall":
        return float(np.std(distance, ddof=1))
    arms = distance[treated], distance[~treated]
    if min(map(len, arms)) < 2:
        raise EstimationError(
            "A caliper in pooled SDs needs two patients in each group.",
            "Use the SD over the patients kept, or a caliper in raw units.",
        )
    return float(np.sqrt(np.mean([np.var(arm, ddof=1) for arm in arms])))


def _limit(values: np.ndarray, caliper: CovariateCaliper) -> float:
    return caliper.width * (1.0 if caliper.unit == "raw" else float(np.std(values, ddof=1)))


def strata(cohort: "Cohort", exact: tuple[str, ...]) -> np.ndarray:
    """int (n,), equal where the exact columns are."""
    if not exact:
        return np.zeros(cohort.n, dtype=int)
    return cohort.matching_columns.groupby(list(exact), sort=False, observed=True).ngroup().to_numpy()
