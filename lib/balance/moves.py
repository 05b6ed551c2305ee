"""How far the arms would differ had the treated labels been dealt by lot: what the balance of a match is held against.

In matched sets the m treated of a set of n become a random m of its patients, set by set. Without sets, or where sets
overlap, the labels are dealt among all who are compared, each with the weight that goes with it. Each difference in
means is looked at over its SD under the deals, which no deal changes, so that all rows have one unit and the largest of
them one distribution (statistics.md section 3).
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from ..inference.arrangements import Kinds, every_total
from ..inference.permutation import by_content, codes, draw_treated
from ..inference.sets import Blocks

DRAWS = 4_999  # with the observed deal 5,000: p has a Monte Carlo error of 0.3 points at 5%, and its level is exact
EVERY = 1 << 21  # numbers (deals x rows) up to which all deals are looked at: 16 MB, some hundredths of a second
WORK = 3e7  # labels dealt (draws x patients) up to which deals are drawn, under a second: 6,000 patients; normal above
CHUNK = 1 << 20  # weights dealt at a time: 8 MB
SAME = 1e-9  # relative: statistics nearer than this are equal, the rest is float error
DUST = 1e-12  # of a row's largest absolute value: less than this from the set's mean is rounding
RANK = 1e-9  # of the largest eigenvalue: directions with less are none

How = Literal["every", "drawn", "normal"]
Hands = Callable[[int, np.random.Generator], np.ndarray]


@dataclass(frozen=True)
class Reference:
    """What the deals give: float (A,) each, the largest |difference| over its SD, d2, and the chance of the deal (they
    sum to 1). A drawn reference holds the observed deal as one of its own (Phipson and Smyth 2010, SAGMB 9:39), so that
    its p-values keep their level whatever the number of draws."""

    worst: np.ndarray
    together: np.ndarray
    chance: np.ndarray
    how: How

    def limit(self, alpha: float) -> float:
        """The smallest value that the largest difference exceeds with a chance of at most alpha, widened by float
        error: the observed one is beyond it exactly when its p is at most alpha."""
        values, reached = self._largest_first
        return float(values[(reached > alpha * (1 + SAME)).argmax()] * (1 + SAME))

    @cached_property
    def _largest_first(self) -> tuple[np.ndarray, np.ndarray]:
        """The largest differences, and the chance of one that stands there or before."""
        order = np.argsort(-self.worst)
        return self.worst[order], np.cumsum(self.chance[order])

    def telling(self, alpha: float) -> bool:
        """Whether any deal at all would be beyond the limit: one small set never says anything."""
        return bool(self.worst.max() > self.limit(alpha))


@dataclass(frozen=True)
class Deals:
    """k differences in means under the deals of the labels.

    sd: float (k,), of each difference under the deals, in its own units; 0 where no deal changes it.
    observed: float (k,), the differences of today's labels over that SD; 0 where it is 0.
    factor: float (m, k), whose cross-product is the correlation of the differences.
    every: all deals, float (A, k) and their chances (A,), or None where they are too many.
    dealer: prepares a way to deal so many times, float (draws, m).  scores: what each patient adds, float (m, k).
    """

    sd: np.ndarray
    observed: np.ndarray
    factor: np.ndarray
    every: Callable[[], tuple[np.ndarray, np.ndarray] | None]
    dealer: Callable[[], Hands]
    scores: np.ndarray

    @cached_property
    def whitening(self) -> np.ndarray:
        """float (k, r): differences times this are uncorrelated with variance 1; r is their rank."""
        size, directions = np.linalg.eigh(self.factor.T @ self.factor)
        kept = size > RANK * max(1.0, float(size.max(initial=0.0)))
        return directions[:, kept] / np.sqrt(size[kept])

    @property
    def rank(self) -> int:
        """Degrees of freedom of d2: rows that no other rows determine."""
        return self.whitening.shape[1]

    def together(self, differences: np.ndarray) -> np.ndarray:
        """d2, all rows at once: float (.., k) -> (..,).  Hansen and Bowers 2008, Stat Sci 23:219, its quadratic form,
        here of the differences that the balance table shows."""
        white = np.einsum("...k,kr->r...", differences, self.whitening)
        return (white**2).sum(axis=0)

    def reference(self, seed: int) -> Reference:
        """All deals where they are few, else DRAWS of them, else as many normal differences with their correlation."""
        found = self.every()
        if found is not None:
            return self._summary(*found, "every")
        small = DRAWS * len(self.scores) <= WORK
        drawn = self._drawn(seed) if small else self._normal(seed)
        differences = np.vstack([drawn, self.observed])
        return self._summary(differences, np.full(DRAWS + 1, 1 / (DRAWS + 1)), "drawn" if small else "normal")

    def _summary(self, differences: np.ndarray, chance: np.ndarray, how: How) -> Reference:
        columns = np.ascontiguousarray(differences.T)
        return Reference(np.abs(columns, out=columns).max(axis=0), self.together(differences), chance, how)

    def _drawn(self, seed: int) -> np.ndarray:
        rng, step, hands = np.random.default_rng(seed), max(1, CHUNK // len(self.scores)), self.dealer()
        counts = (min(step, DRAWS - done) for done in range(0, DRAWS, step))
        return np.concatenate([hands(count, rng) @ self.scores for count in counts])

    def _normal(self, seed: int) -> np.ndarray:
        size, directions = np.linalg.eigh(self.factor.T @ self.factor)
        root = directions * np.sqrt(np.maximum(size, 0.0))
        return np.random.default_rng(seed).standard_normal((DRAWS, len(size))) @ root.T


def tail(values: np.ndarray, chance: np.ndarray, observed: float) -> float:
    """Chance of a value at least as large as the observed one, float error apart."""
    reached = values >= observed * (1 - SAME)
    return 1.0 if reached.all() else min(1.0, float(chance[reached].sum()))


def deals_in_sets(x: np.ndarray, blocks: Blocks) -> Deals:
    """x: float (m, k), in block order, of sets that are apart (at least one).  The difference is the treated's mean
    less the controls', who count treated/controls of their set (the ATT): a treated patient's distance from its set's
    mean adds n/(n - m) times itself over the number of treated."""
    of, m, n = blocks.set_index, blocks.n_treated_of, blocks.sizes
    means = np.add.reduceat(x, blocks.starts, axis=0) / n[:, None]
    apart = _without_dust(x - means[of], x) * (n / (n - m) / m.sum())[of, None]
    spread = apart * np.sqrt(m * (n - m) / (n * (n - 1)))[of, None]
    sd, scores, factor = _in_sds(apart, spread)

    def every() -> tuple[np.ndarray, np.ndarray] | None:
        most = max(1, EVERY // x.shape[1])
        if 2.0 ** _varying(scores, blocks) > most:  # such a set has two deals at least
            return None
        kinds = Kinds.of(blocks, codes(scores), most)
        return None if kinds is None else (every_total(kinds.sums(scores), kinds.starts, kinds.sizes), kinds.chances)

    def dealer() -> Hands:
        order, content = by_content(blocks, codes(scores))

        def hands(draws: int, rng: np.random.Generator) -> np.ndarray:
            dealt = np.zeros((draws, len(order)))
            at = draw_treated(content.starts, content.sizes, content.n_treated_of, draws, rng)
            dealt[np.arange(draws)[:, None], order[at]] = 1.0
            return dealt

        return hands

    return Deals(sd, scores[blocks.treated].sum(axis=0), factor, every, dealer, scores)


def _varying(scores: np.ndarray, blocks: Blocks) -> int:
    """Sets in which some row differs between patients; at most 1,000 are counted."""
    any_row = np.logical_or.reduceat(scores.any(axis=1), blocks.starts)
    return min(1_000, int(any_row.sum()))


def deals_among_all(x: np.ndarray, shares: np.ndarray) -> Deals:
    """x: float (m, k), all who are compared.  shares: float (m,), their weights, the treated's summing to 1 and the
    controls' to -1; a deal gives every patient the label and weight of a random other."""
    apart = _without_dust(x - x.mean(axis=0), x)
    sd, scores, factor = _in_sds(apart, apart * np.sqrt((shares**2).sum() / (len(x) - 1)))
    order, given = np.lexsort((shares, *scores.T[::-1])), np.sort(shares)

    def hands(draws: int, rng: np.random.Generator) -> np.ndarray:
        return rng.permuted(np.tile(given, (draws, 1)), axis=1)

    return Deals(sd, shares @ scores, factor, lambda: None, lambda: hands, scores[order])


def _in_sds(apart: np.ndarray, spread: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The SD of each difference under the deals, and what adds to it and to its variance in that unit."""
    sd = np.sqrt((spread**2).sum(axis=0))
    unit = np.where(sd > 0, sd, 1.0)
    return sd, apart / unit, spread / unit


def _without_dust(apart: np.ndarray, x: np.ndarray) -> np.ndarray:
    return np.where(np.abs(apart) > DUST * np.abs(x).max(axis=0, initial=0.0), apart, 0.0)
