"""One permutation engine: sets are the blocks, and the treated label moves within its set.

Under no effect the m treated of a set are a random m of its n patients, so a sum of integer scores over the treated
patients is a sum of independent draws, one from each set. Its distribution is the convolution of the sets', exact for
any number of arrangements. Other statistics: lib.inference.permutation.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln, xlogy

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


def events_distribution(
    events: np.ndarray,
    sizes: np.ndarray,
    n_treated: np.ndarray | None = None,
    event_weight: float = 1.0,
    other_weight: float = 1.0,
) -> Distribution:
    """T = treated patients with the event: independent hypergeometric draws, one per set.

    events: int (S,), patients with the event in each set, the treated included.  sizes: int (S,).
    n_treated: int (S,), treated patients in each set; None: one, whose draw is Bernoulli(events/size).
    event_weight, other_weight: odds of being treated of a patient with and without the event, > 0; unequal ones give
        the extended hypergeometric distribution.
    Sets alike in (events, size, treated) are convolved at once, so thousands of sets cost little.
    """
    m = np.ones_like(sizes) if n_treated is None else n_treated
    least, most = np.maximum(0, m - (sizes - events)), np.minimum(m, events)
    open_sets = least < most
    alike = np.stack([events[open_sets], sizes[open_sets], m[open_sets]])
    kinds, counts = np.unique(alike, axis=1, return_counts=True)
    probability = np.ones(1)
    for d, n, of_treated, count in zip(*kinds, counts, strict=True):
        odds = d * event_weight, (n - d) * other_weight
        if of_treated == 1:
            same = _binomial(int(count), odds[0] / (odds[0] + odds[1]))
        else:
            same = _times(_hypergeometric(int(d), int(n), int(of_treated), event_weight / other_weight), int(count))
        probability = convolve(probability, same)
    return Distribution(int(least.sum()), probability)


def alike_sets(events: int, size: int, n_treated: int, count: int) -> np.ndarray:
    """P(T = 0), P(T = 1), ... of the treated patients with the event in `count` sets alike in events, size and number
    of treated, float (count x n_treated + 1,)."""
    one = np.zeros(n_treated + 1)
    low, high = max(0, n_treated - (size - events)), min(n_treated, events)
    one[low : high + 1] = _hypergeometric(events, size, n_treated, 1.0)
    return _times(one, count)


def convolve(first: np.ndarray, second: np.ndarray) -> np.ndarray:
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


def _hypergeometric(d: int, n: int, m: int, odds: float) -> np.ndarray:
    """Chances of max(0, m - n + d), ..., min(m, d) events among m treated of n patients, d with the event, who are
    treated with `odds` times the odds of the others."""
    a = np.arange(max(0, m - (n - d)), min(m, d) + 1)
    log_ways = -gammaln(a + 1) - gammaln(d - a + 1) - gammaln(m - a + 1) - gammaln(n - d - m + a + 1)
    log_ways += xlogy(a, odds)
    ways = np.exp(log_ways - log_ways.max())
    return ways / ways.sum()


def _times(probability: np.ndarray, count: int) -> np.ndarray:
    """The distribution of the sum of `count` independent draws, by repeated doubling."""
    total, power = np.ones(1), probability
    while count:
        if count & 1:
            total = np.convolve(total, power)
        count >>= 1
        power = np.convolve(power, power) if count else power
    return total


def score_distribution(
    scores: np.ndarray, starts: np.ndarray, sizes: np.ndarray, n_treated: np.ndarray | None = None
) -> Distribution:
    """T = sum of the treated patients' integer scores, n_treated of the patients of each set drawn with equal chances.

    scores: int (m,), set by set.  starts, sizes: int (S,), the sets' runs in `scores`.  n_treated: int (S,); None: one.
    Exact; `score_work` tells what it costs (0.1 s for 200 sets of 1:3 and ranks).
    """
    m = np.ones_like(sizes) if n_treated is None else n_treated
    room = int(_ranges(scores, starts, sizes, m).sum()) + 1
    buffer, spare = np.zeros(room), np.zeros(room)
    buffer[0], length, low = 1.0, 1, 0
    for start, size, of_treated in zip(starts.tolist(), sizes.tolist(), m.tolist(), strict=True):
        run = scores[start : start + size]
        if min(of_treated, size - of_treated) == 1:
            length = _add_one(buffer, spare, length, _shifts(run, of_treated))
        else:
            chances = _sum_chances(run, of_treated)
            spare[: length + len(chances) - 1] = np.convolve(buffer[:length], chances)
            length += len(chances) - 1
        low += int(np.sort(run)[:of_treated].sum())
        buffer, spare = spare, buffer
    return Distribution(low, buffer[:length])


def _shifts(run: np.ndarray, n_treated: int) -> np.ndarray:
    """What each patient adds to the least sum when drawn: as the one treated, or as the one control."""
    return run - run.min() if n_treated == 1 else run.max() - run


def _add_one(total: np.ndarray, into: np.ndarray, length: int, shifts: np.ndarray) -> int:
    """One of the shifts, each as likely, added to a sum with `length` chances in `total`; returns the new length."""
    longer = length + int(shifts.max())
    into[:longer] = 0.0
    for shift in shifts.tolist():
        into[shift : shift + length] += total[:length]
    into[:longer] /= len(shifts)
    return longer


def _sum_chances(run: np.ndarray, n_treated: int) -> np.ndarray:
    """Chances of the sum of n_treated of the scores being its least, least + 1, ..., by taking or leaving one patient
    after the other.  Above half of the patients the controls are drawn instead."""
    n, drawn = len(run), min(n_treated, len(run) - n_treated)
    gains = np.sort(run) - run.min()
    table = np.zeros((drawn + 1, int(gains[n - drawn :].sum()) + 1))  # patients taken so far x their sum
    table[0, 0] = 1.0
    for seen, gain in enumerate(gains.tolist()):
        chance = np.clip((drawn - np.arange(drawn + 1)) / (n - seen), 0.0, 1.0)[:, None]
        taken = table[:-1, : table.shape[1] - gain] * chance[:-1]
        table *= 1 - chance
        table[1:, gain:] += taken
    chances = table[drawn, int(gains[:drawn].sum()) :]
    return chances if drawn == n_treated else chances[::-1]


def _ranges(scores: np.ndarray, starts: np.ndarray, sizes: np.ndarray, n_treated: np.ndarray) -> np.ndarray:
    """int (S,): an upper limit of the largest less the least sum of each set, reached with one treated or control."""
    gap = np.maximum.reduceat(scores, starts) - np.minimum.reduceat(scores, starts)
    return gap * np.minimum(n_treated, sizes - n_treated)


def score_work(scores: np.ndarray, starts: np.ndarray, sizes: np.ndarray, n_treated: np.ndarray) -> float:
    """About how many additions score_distribution needs: 1e9 take a second or two."""
    drawn, ranges = np.minimum(n_treated, sizes - n_treated), _ranges(scores, starts, sizes, n_treated).astype(float)
    within = np.where(drawn > 1, sizes * drawn * ranges, 0.0)
    before = np.cumsum(ranges) - ranges
    return float((within + before * np.where(drawn > 1, ranges, sizes)).sum())
