"""One permutation engine: sets are the blocks, and the treated label moves within its set.

Under no effect each patient of a set was equally likely to be the treated one, so a sum of integer scores over the
treated patients is a sum of independent draws, one from each set. Its distribution is the convolution of the sets',
exact for any number of arrangements. Other statistics: lib.inference.permutation.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln

SAME_LIKELIHOOD = 1 + 1e-7  # R's fisher.test and mantelhaen.test count an outcome as equally likely within this factor
SAME_DISTANCE = 1e-6  # float error of an expected doubled rank sum; true differences are far larger


@dataclass(frozen=True)
class Distribution:
    """The null distribution of an integer statistic. probability[i] = P(T = low + i); float (L,), sums to 1."""

    low: int
    probability: np.ndarray

    @property
    def support(self) -> np.ndarray:
        """int (L,): low, low + 1, ..."""
        return self.low + np.arange(len(self.probability))

    @property
    def mean(self) -> float:
        """E(T)."""
        return float(self.support @ self.probability)

    @property
    def degenerate(self) -> bool:
        """Whether every arrangement gives the same value: the data cannot speak."""
        return len(self.probability) == 1

    def tails(self, observed: int) -> tuple[float, float]:
        """P(T <= observed), P(T >= observed)."""
        at = observed - self.low
        return min(1.0, float(self.probability[: at + 1].sum())), min(1.0, float(self.probability[at:].sum()))

    def minlike(self, observed: int) -> float:
        """Two-sided p: all outcomes no more likely than the observed one (R mantelhaen.test(exact=TRUE))."""
        limit = self.probability[observed - self.low] * SAME_LIKELIHOOD
        return share_of(self.probability, self.probability <= limit)

    def central(self, observed: int) -> float:
        """Two-sided p: twice the smaller tail, at most 1."""
        return min(1.0, 2 * min(self.tails(observed)))

    def midp(self, observed: int) -> float:
        """Two-sided mid-p: 2 x (smaller tail - half of P(T = observed)), at most 1."""
        half = float(self.probability[observed - self.low]) / 2
        return min(1.0, 2 * (min(self.tails(observed)) - half))

    def far(self, observed: int, expected: float) -> float:
        """Two-sided p: all outcomes at least as far from `expected` as the observed one."""
        distance = np.abs(self.support - expected)
        return share_of(self.probability, distance >= abs(observed - expected) - SAME_DISTANCE)


def share_of(probability: np.ndarray, counted: np.ndarray) -> float:
    """Total probability of the counted outcomes (bool mask); exactly 1 when all count."""
    return 1.0 if counted.all() else min(1.0, float(probability[counted].sum()))


def events_distribution(events: np.ndarray, sizes: np.ndarray) -> Distribution:
    """T = treated patients with the event: independent Bernoulli(events/size), one per set.

    events: int (S,), patients with the event in each set, the treated included.  sizes: int (S,).
    Sets alike in (events, size) are convolved as one binomial, so thousands of sets cost little.
    """
    certain = events == sizes
    low = int(certain.sum())
    open_sets = (events > 0) & ~certain
    kinds, counts = np.unique(np.stack([events[open_sets], sizes[open_sets]]), axis=1, return_counts=True)
    probability = np.ones(1)
    for d, size, count in zip(*kinds, counts, strict=True):
        probability = _convolve(probability, _binomial(int(count), d / size))
    return Distribution(low, probability)


def _convolve(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """The distribution of the sum. Chances that underflow to 0 at the ends, as most do with many sets, are skipped."""
    (low1, first), (low2, second), n = _without_zeros(first), _without_zeros(second), len(first) + len(second) - 1
    made = np.zeros(n)
    made[low1 + low2 : low1 + low2 + len(first) + len(second) - 1] = np.convolve(first, second)
    return made


def _without_zeros(probability: np.ndarray) -> tuple[int, np.ndarray]:
    """Zeros before the first chance above 0, and the chances from there to the last one above 0."""
    known = np.flatnonzero(probability)
    return int(known[0]), probability[known[0] : known[-1] + 1]


def _binomial(n: int, p: float) -> np.ndarray:
    k = np.arange(n + 1)
    return np.exp(gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1) + k * np.log(p) + (n - k) * np.log1p(-p))


def score_distribution(scores: np.ndarray, starts: np.ndarray, sizes: np.ndarray) -> Distribution:
    """T = sum of the treated patients' integer scores, one patient of each set drawn with equal chances.

    scores: int (m,), set by set.  starts, sizes: int (S,), the sets' runs in `scores`.  Exact; the cost grows with
    rows x the sum of the sets' score ranges (0.1 s for 200 sets of 1:3 and ranks).
    """
    lows = np.minimum.reduceat(scores, starts)
    ranges = np.maximum.reduceat(scores, starts) - lows
    buffer, spare = np.zeros(int(ranges.sum()) + 1), np.zeros(int(ranges.sum()) + 1)
    buffer[0], length = 1.0, 1
    for start, size, low, width in zip(starts, sizes, lows, ranges, strict=True):
        spare[: length + width] = 0.0
        for shift in (scores[start : start + size] - low).tolist():
            spare[shift : shift + length] += buffer[:length]
        length += int(width)
        spare[:length] /= size
        buffer, spare = spare, buffer
    return Distribution(int(lows.sum()), buffer[:length])
