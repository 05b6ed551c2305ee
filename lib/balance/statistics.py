"""The numbers of a balance table, one small function each: arrays in, numbers out (statistics.md section 1)."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

BLOCK = 65_536


@dataclass(frozen=True)
class Moments:
    """Weighted mean and variance of one covariate in one arm.  mean: own units.  variance: sum w (x - mean)^2 /
    (1 - sum w^2), w summing to 1 (the usual ddof 1 with equal weights), NaN with one patient; p (1 - p) if binary."""

    mean: float
    variance: float


def weighted_moments(x: np.ndarray, weights: np.ndarray, binary: bool) -> Moments:
    """x, weights: float (m,) of one arm; weights >= 0.  A constant x has a variance of exactly 0; of nobody (no weight
    above 0) neither number exists."""
    if not weights.any():
        return Moments(math.nan, math.nan)
    total, squares = float(weights.sum()), _block_sum(lambda part: weights[part] ** 2, len(x))
    origin = 0.0 if binary else float(x[(weights > 0).argmax()])
    shift = _block_sum(lambda part: weights[part] * (x[part] - origin), len(x)) / total
    mean = origin + shift
    if binary:
        return Moments(mean, mean * (1 - mean))
    if np.count_nonzero(weights) < 2:
        return Moments(mean, math.nan)
    around = _block_sum(lambda part: weights[part] * (x[part] - origin - shift) ** 2, len(x))
    return Moments(mean, around / total / (1 - squares / total**2))


def _block_sum(terms: Callable[[slice], np.ndarray], n: int) -> float:
    """The sum of n terms made block by block, so that millions need no large array beside the data."""
    return math.fsum(float(terms(slice(start, start + BLOCK)).sum()) for start in range(0, n, BLOCK))


def smd_denominator(treated: Moments, control: Moments, n_treated: int, n_control: int, binary: bool) -> float:
    """The one SD that divides the differences before and after: the unmatched treated arm's (ATT; Stuart 2010, Stat Sci
    25:1), where that is 0 or undefined the pooled one within the arms (divisor n - 2; binary: p (1 - p) averaged by arm
    size), where that is 0 too, 0."""
    if treated.variance > 0:
        return math.sqrt(treated.variance)
    v1, v0 = (0.0 if math.isnan(m.variance) else m.variance for m in (treated, control))
    if binary:
        return math.sqrt((n_treated * v1 + n_control * v0) / (n_treated + n_control))
    freedom = n_treated + n_control - 2
    return math.sqrt(((n_treated - 1) * v1 + (n_control - 1) * v0) / freedom) if freedom else 0.0


def standardized_difference(treated: Moments, control: Moments, sd: float) -> float:
    """Difference in means in units of sd, treated minus control. sd 0: 0 when the means agree, else infinite with the
    sign of the difference, never a number that reads as balance. Means that differ by rounding only agree. NaN where an
    arm is empty."""
    difference = treated.mean - control.mean
    if sd > 0 or math.isnan(difference):
        return difference / sd
    size = max(abs(treated.mean), abs(control.mean))
    return 0.0 if abs(difference) <= 1e-12 * size else math.copysign(math.inf, difference)


def variance_ratio(treated: Moments, control: Moments, binary: bool) -> float:
    """Variance in the treated over that in the controls. NaN for a binary covariate, for one patient, and for 0/0;
    infinite when only the controls do not vary."""
    if binary or math.isnan(treated.variance) or math.isnan(control.variance):
        return math.nan
    if control.variance == 0:
        return math.inf if treated.variance > 0 else math.nan
    return treated.variance / control.variance


@dataclass(frozen=True)
class Distance:
    """Largest (Kolmogorov-Smirnov) and mean distance between two distribution functions, in [0, 1]; the mean runs over
    the distinct values of the whole cohort, matched or not."""

    largest: float
    mean: float


class DistributionDistances:
    """Distances between the arms in one covariate. Everything is sorted once; no large array is read out of order, for
    that is what costs time with many patients.  x: float (n,), everybody."""

    def __init__(self, x: np.ndarray) -> None:
        self._sorted = np.sort(x)
        last = np.append(self._sorted[1:] != self._sorted[:-1], True)
        self._last = slice(None) if last.all() else last

    def unweighted(self, treated: np.ndarray) -> Distance:
        """Between the treated, whose values (n1,) are given, and all others."""
        n, n1 = len(self._sorted), len(treated)
        steps = self._at(np.sort(treated), None) * (1 / n1 + 1 / (n - n1))
        steps -= 1 / (n - n1)
        return self._summary(steps)

    def weighted(self, x: np.ndarray, signed: np.ndarray) -> Distance:
        """Between weighted arms.  x: float (m,), the patients with a weight.  signed: their weights, the treated
        positive and summing to 1, the controls negative and summing to -1."""
        order = np.argsort(x)
        return self._summary(self._at(x[order], signed[order]))

    def _at(self, ascending: np.ndarray, weights: np.ndarray | None) -> np.ndarray:
        """float or int (n,): the weight (or number) of the values that stand at each place of the sorted whole."""
        place = np.searchsorted(self._sorted, ascending)
        return np.bincount(place, weights, minlength=len(self._sorted))

    def _summary(self, steps: np.ndarray) -> Distance:
        """steps: float (n,), how the difference of the two functions changes at each place; overwritten."""
        apart = np.cumsum(steps, out=steps)[self._last]
        apart = np.abs(apart, out=apart)
        return Distance(float(apart.max()), float(apart.mean()))
