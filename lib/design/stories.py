"""Stories of the sets: each set read as a colleague would, covariate by covariate, before any outcome is opened."""

import hashlib
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..cohort import Cohort
from .comparison import Comparison

ALIKE = 0.5  # SD of the analysed patients; half an SD is a convention of ours, stated on the page, and no test
MOST_SETS = 1_000


@dataclass(frozen=True)
class Likeness:
    """One covariate within one set.

    treated, controls: float arrays of values, or object arrays of levels, of the set's patients.
    gap: the treated patients' mean minus the controls', in SDs of all analysed patients; NaN for levels, and where the
        covariate does not vary.
    same: the share of pairs of one treated patient and one control with the same level; NaN for numbers.
    """

    covariate: str
    treated: np.ndarray
    controls: np.ndarray
    gap: float
    same: float

    @property
    def alike(self) -> bool:
        """Within ALIKE, or the same level in at least half of the pairs; a covariate that does not vary is alike."""
        if np.isfinite(self.same):
            return self.same >= 0.5
        return not abs(self.gap) > ALIKE


@dataclass(frozen=True)
class Story:
    """One set.  number: from 1, as in files.  treated, controls: int, rows of its analysed patients.  distance: the
    largest distance between a treated patient and a control; NaN without a score."""

    number: int
    treated: np.ndarray
    controls: np.ndarray
    distance: float
    covariates: tuple[Likeness, ...]

    @property
    def unlike(self) -> tuple[Likeness, ...]:
        """The covariates that are not alike, the furthest first."""
        apart = [one for one in self.covariates if not one.alike]
        return tuple(sorted(apart, key=lambda one: -np.nan_to_num(abs(one.gap), nan=2 * ALIKE * (1 - one.same))))


def story(cohort: Cohort, comparison: Comparison, number: int) -> Story:
    """The story of one set.  number: from 1.  Raises IndexError where there is no such set."""
    if not 1 <= number <= comparison.n_sets:
        raise IndexError(f"There is no set {number}.")
    rows, sets = comparison.membership.T
    inside = rows[sets == number - 1]
    treated = inside[comparison.treated[inside]]
    controls = inside[~comparison.treated[inside]]
    apart = np.abs(comparison.distance[treated][:, None] - comparison.distance[controls][None, :])
    told = tuple(_likeness(cohort.covariates[name], treated, controls) for name in cohort.covariates)
    return Story(number, treated, controls, float(apart.max()), told)


def _likeness(values: pd.Series, treated: np.ndarray, controls: np.ndarray) -> Likeness:
    name = str(values.name)
    if isinstance(values.dtype, pd.CategoricalDtype):
        levels = values.astype(object).to_numpy()
        same = float((levels[treated][:, None] == levels[controls][None, :]).mean())
        return Likeness(name, levels[treated], levels[controls], float("nan"), same)
    numbers = values.to_numpy(dtype=float)
    spread = numbers.std(ddof=1) if len(numbers) > 1 else 0.0
    gap = (numbers[treated].mean() - numbers[controls].mean()) / spread if spread > 0 else float("nan")
    return Likeness(name, numbers[treated], numbers[controls], float(gap), float("nan"))


def sets_digest(comparison: Comparison) -> str:
    """8 hex digits that name who is in which set: what is said of a set by its number holds for these sets alone."""
    return hashlib.sha256(np.ascontiguousarray(comparison.membership, dtype="<i8").tobytes()).hexdigest()[:8]
