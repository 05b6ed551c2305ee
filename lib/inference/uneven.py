"""Treated patients of one set drawn with unequal chances: m of n, each choice in proportion to the product of its odds.

That is the law of independent draws with those odds, given that m patients are drawn (conditional Bernoulli; Chen,
Dempster and Liu 1994, Biometrika 81:457).  A common factor of all odds changes nothing, so they are scaled until m are
drawn on average, which keeps every number far from underflow.
Source of the moves: Pimentel and Huang 2024, J R Stat Soc B 86, doi:10.1093/jrsssb/qkae033
(covariate-adaptive randomisation inference).
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.special import expit, logit

from ..design.moves import SAME_ODDS
from .roots import brent

SCALED = 1e-9  # of the common factor: any value gives the same law
FEW_ROWS = 16  # sums that are convolved one by one; more go together


@dataclass(frozen=True)
class SetDraw:
    """n patients of whom `drawn` are drawn, 0 < drawn < n.  log_odds: float (n,), up to a common constant."""

    log_odds: np.ndarray
    drawn: int

    @cached_property
    def _shift(self) -> float:
        """Log of the common factor with which `drawn` patients are drawn on average."""
        middle = float(logit(self.drawn / len(self.log_odds)))
        low, high = middle - float(self.log_odds.max()), middle - float(self.log_odds.min())
        if high - low < SCALED:
            return low
        return brent(lambda c: float(expit(self.log_odds + c).sum()) - self.drawn, low - 1, high + 1, SCALED)

    @cached_property
    def alone(self) -> np.ndarray:
        """float (n,): chance of each patient when the draws are independent."""
        return np.asarray(expit(self.log_odds + self._shift))

    @cached_property
    def not_alone(self) -> np.ndarray:
        """float (n,): 1 - alone, without its rounding."""
        return np.asarray(expit(-self.log_odds - self._shift))

    @cached_property
    def inclusion(self) -> np.ndarray:
        """float (n,): chance of each patient to be among those drawn."""
        if self.drawn == 1:
            weight = np.exp(self.log_odds - self.log_odds.max())
            return weight / weight.sum()
        before, after = self._counts(self.alone, self.not_alone), self._counts(self.alone[::-1], self.not_alone[::-1])
        others = (before[:-1, :-1] * after[-2::-1, -2::-1]).sum(axis=1)  # so many drawn before, the rest after
        return np.clip(self.alone * others / before[-1, -1], 0.0, 1.0)

    def _counts(self, alone: np.ndarray, not_alone: np.ndarray) -> np.ndarray:
        """float (n + 1, drawn + 1): chance that 0, 1, .. of the first 0, 1, .. n patients are drawn, independently."""
        made = np.zeros((len(alone) + 1, self.drawn + 1))
        made[0, 0] = 1.0
        for i, (p, q) in enumerate(zip(alone.tolist(), not_alone.tolist(), strict=True)):
            made[i + 1] = made[i] * q
            made[i + 1, 1:] += made[i, :-1] * p
        return made

    def events(self, hit: np.ndarray) -> np.ndarray:
        """P(0, 1, .. drawn of those drawn have the event), float (drawn + 1,).  hit: bool (n,)."""
        room = self.drawn + 1
        with_event, others = np.zeros(room), np.zeros(room)
        for made, patients in ((with_event, hit), (others, ~hit)):
            chances = independent_sum(self.alone[patients], self.not_alone[patients])[:room]
            made[: len(chances)] = chances
        both = with_event * others[::-1]
        return both / both.sum()

    def sums(self, gains: np.ndarray) -> tuple[int, np.ndarray]:
        """The least sum of the gains of those drawn, and the chances of that sum, one more, ...  gains: int (n,)."""
        n, fewer = len(gains), min(self.drawn, len(gains) - self.drawn)
        ordered = np.sort(gains)
        least = int(ordered[: self.drawn].sum())
        if fewer < self.drawn:
            low, chances = SetDraw(-self.log_odds, fewer).sums(gains)
            return int(ordered.sum()) - low - len(chances) + 1, chances[::-1]
        over = gains - ordered[0]
        table = np.zeros((fewer + 1, int(np.sort(over)[n - fewer :].sum()) + 1))  # patients drawn so far x their sum
        table[0, 0] = 1.0
        for gain, chance, rest in zip(over.tolist(), self.alone.tolist(), self.not_alone.tolist(), strict=True):
            taken = table[:-1, : table.shape[1] - gain] * chance
            table *= rest
            table[1:, gain:] += taken
        chances = table[fewer, least - fewer * int(ordered[0]) :]
        return least, chances / chances.sum()

    def moments(self, scores: np.ndarray) -> tuple[float, float]:
        """Mean and variance of the sum of the scores of those drawn.  scores: float (n,)."""
        middle = float(scores.mean())
        if self.drawn == 1:
            mean = float(self.inclusion @ (scores - middle))
            return mean + middle, float(self.inclusion @ (scores - middle - mean) ** 2)
        zero, one, two = np.zeros((3, self.drawn + 1))  # chance of so many draws; times their sum; times its square
        zero[0] = 1.0
        for score, p, q in zip((scores - middle).tolist(), self.alone.tolist(), self.not_alone.tolist(), strict=True):
            more = two[:-1] + 2 * score * one[:-1] + score**2 * zero[:-1], one[:-1] + score * zero[:-1], zero[:-1]
            for column, gained in zip((two, one, zero), [p * part for part in more], strict=True):
                column *= q
                column[1:] += gained
        mean = float(one[-1] / zero[-1])
        return mean + middle * self.drawn, max(0.0, float(two[-1] / zero[-1]) - mean**2)

    def places(self, uniform: np.ndarray) -> np.ndarray:
        """Those drawn, bool (draws, n), from uniform numbers of the same shape: patient after patient, given how many
        are still to be drawn."""
        n, after = len(self.log_odds), self._counts(self.alone[::-1], self.not_alone[::-1])[::-1]
        after = np.concatenate([np.zeros((n + 1, 1)), after], axis=1)  # chance that so many less 1 are drawn from there
        drawn, left = np.zeros(uniform.shape, dtype=bool), np.full(len(uniform), self.drawn)
        for i in range(n):
            chance = self.alone[i] * after[i + 1, left] / after[i, left + 1]
            drawn[:, i] = uniform[:, i] < chance
            left = left - drawn[:, i]
        return drawn


def independent_sum(chance: np.ndarray, rest: np.ndarray | None = None) -> np.ndarray:
    """P(0, 1, .. n successes) of independent draws, float (n + 1,).  chance: float (n,).  rest: 1 - chance."""
    if not len(chance):
        return np.ones(1)
    rows = np.stack([1 - chance if rest is None else rest, chance], axis=1)
    while len(rows) > FEW_ROWS:
        rows = _in_twos(rows)
    total = np.ones(1)
    for row in rows:
        total = np.convolve(total, row)
    return total[: len(chance) + 1]


def _in_twos(rows: np.ndarray) -> np.ndarray:
    """Sums of two neighbouring rows each.  rows: float (k, L)."""
    if len(rows) % 2:
        rows = np.concatenate([rows, np.eye(1, rows.shape[1])])
    first, second, length = rows[::2], rows[1::2], rows.shape[1]
    made = np.zeros((len(first), 2 * length - 1))
    for shift in range(length):
        made[:, shift : shift + length] += first * second[:, shift, None]
    return made


def even(log_odds: np.ndarray, starts: np.ndarray) -> bool:
    """Whether the patients of every set have the same odds.  log_odds: float (m,), set by set."""
    if not len(starts):
        return True
    gap = np.maximum.reduceat(log_odds, starts) - np.minimum.reduceat(log_odds, starts)
    return bool((gap <= SAME_ODDS).all())


def shares(log_odds: np.ndarray, starts: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """Each patient's odds over the sum of its set's, float (m,): the chances where one patient of each is drawn."""
    weight = np.exp(log_odds - np.repeat(np.maximum.reduceat(log_odds, starts), sizes))
    return weight / np.repeat(np.add.reduceat(weight, starts), sizes)
