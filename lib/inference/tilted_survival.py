"""Hazard ratio within matched sets: its p at any ratio by moving the labels, and the interval that inverts that p.

The statistic is the score U of lib.inference.tilted_moves; p at a ratio theta is the chance, under moves tilted by
theta, of a U at least as far from 0.  At theta = 1 that is the log-rank test by set with labels moved, so the interval
holds 1 exactly when its p is above 5%.  The estimate is where U is 0: Cox's model, a stratum a set, ties discrete.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from math import prod

import numpy as np

from .arrangements import every_total
from .asymptotic import normal_p
from .inversion import ALPHA
from .notes import Reason
from .roots import brent
from .sets import Blocks
from .tilted_moves import TiltedMoves, tilted_moves

TOO_MANY = Reason(
    "too_many_ways",
    "The sets hold so many ways of choosing their treated that no interval was made; the p by set stands alone.",
)
NO_COMMON_RISK = Reason("no_common_risk", "No set has an event while treated and controls of it are under observation.")
TAIL = 0.025
MOST_TOTALS = 1 << 16  # arrangements that are all summed at every ratio tried
GRID_SETS = 100  # sets whose scores are added up on a grid; above, the normal distribution
FINE = 500  # steps of that grid in one standard deviation
WIDE = 6.0  # standard deviations that it covers on either side
SAME = 1e-9  # of the largest total: float error
FARTHEST = 30.0  # log ratios beyond are taken as 0 or infinite
BEYOND = 8  # steps, up to as far again from the estimate, at which p is looked at beyond a limit
NEAR = 1e-7  # of a log ratio


@dataclass(frozen=True)
class RatioBySet:
    """Hazard ratio of the treated within the sets.

    estimate: 0 or infinite where the events with both arms at risk fell in one arm.  low, high: 95% limits, 0 or
    infinite where no ratio is refused.  exact: whether all arrangements were summed; `how` says what was done.
    """

    estimate: float
    low: float
    high: float
    exact: bool
    how: str


@dataclass(frozen=True)
class TiltedTest:
    """The test of any hazard ratio in sets that speak."""

    moves: TiltedMoves

    @cached_property
    def summed(self) -> bool:
        """Whether every arrangement is looked at."""
        return prod(self.moves.sizes.tolist()) <= MOST_TOTALS

    @property
    def how(self) -> str:
        """How chances are added up over the sets."""
        if self.summed:
            return "all arrangements"
        return "sums over the sets on a fine grid" if len(self.moves.sizes) <= GRID_SETS else "normal approximation"

    def observed(self, log_ratio: float) -> float:
        """U of what happened."""
        return float(self.moves.at(log_ratio)[1][self.moves.actual].sum())

    def far(self, log_ratio: float) -> float:
        """Two-sided p: the chance of a score at least as far from 0."""
        return self._chance(log_ratio, np.abs)

    def below(self, log_ratio: float) -> float:
        """One-sided p: the chance of a score as small or smaller."""
        return self._chance(log_ratio, np.negative)

    def above(self, log_ratio: float) -> float:
        """One-sided p: the chance of a score as large or larger."""
        return self._chance(log_ratio, np.positive)

    def _chance(self, log_ratio: float, size: Callable[[np.ndarray], np.ndarray]) -> float:
        chance, scores = self.moves.at(log_ratio)
        found = float(scores[self.moves.actual].sum())
        if self.summed:
            totals, chances, slack = *self._totals(chance, scores), SAME
        elif len(self.moves.sizes) <= GRID_SETS:
            totals, chances, slack = _on_grid(chance, scores, self.moves)
        else:
            return _normal(chance, scores, found, size)
        reached = size(totals) >= size(np.array(found)) - slack * max(1.0, float(np.abs(totals).max()))
        return min(1.0, float(chances[reached].sum()))

    def _totals(self, chance: np.ndarray, scores: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        starts, sizes = self.moves.starts, self.moves.sizes
        chances = np.ones(1)
        for start, ways in zip(starts.tolist(), sizes.tolist(), strict=True):
            chances = (chances[:, None] * chance[start : start + ways]).ravel()
        return every_total(scores[:, None], starts, sizes)[:, 0], chances


def _on_grid(chance: np.ndarray, scores: np.ndarray, moves: TiltedMoves) -> tuple[np.ndarray, np.ndarray, float]:
    """Totals ascending and their chances, float (L,) each, scores rounded to 1/FINE SD; and the slack, as a share of
    the largest total, that leaves rounding of equal totals aside."""
    sd = float(np.sqrt((chance * scores**2).sum()))
    step, reach = sd / FINE, round(WIDE * FINE)
    whole = np.round(scores / step).astype(int)
    total = np.zeros(2 * reach + 1)
    total[reach] = 1.0
    for start, ways in zip(moves.starts.tolist(), moves.sizes.tolist(), strict=True):
        total = _added(total, whole[start : start + ways], chance[start : start + ways])
    slack = 2 * np.sqrt(len(moves.sizes) / 12) / reach
    return step * np.arange(-reach, reach + 1), total, float(slack)


def _added(total: np.ndarray, shifts: np.ndarray, chances: np.ndarray) -> np.ndarray:
    """A draw added to a sum on a grid; what would leave the grid stays at its end."""
    made, last = np.zeros_like(total), len(total) - 1
    for shift, chance in zip(shifts.tolist(), chances.tolist(), strict=True):
        shift = max(-last, min(last, shift))
        if shift >= 0:
            made[shift:] += chance * total[: last + 1 - shift]
            made[last] += chance * total[last + 1 - shift :].sum()
        else:
            made[:shift] += chance * total[-shift:]
            made[0] += chance * total[:-shift].sum()
    return made


def _normal(chance: np.ndarray, scores: np.ndarray, found: float, size: Callable[[np.ndarray], np.ndarray]) -> float:
    sd = float(np.sqrt((chance * scores**2).sum()))
    if not sd:
        return 1.0
    two_sided = normal_p(found / sd)
    if size is np.abs:
        return two_sided
    return two_sided / 2 if float(size(np.array(found))) >= 0 else 1 - two_sided / 2


def hazard_ratio_in_sets(time: np.ndarray, event: np.ndarray, blocks: Blocks, p_at_one: float) -> RatioBySet | Reason:
    """The hazard ratio of the treated within the sets with its 95% interval; or why there is none: no set has an event
    with both arms at risk, or the ways of choosing the treated are too many (see tilted_moves).

    time: float (m,).  event: bool (m,), both in block order.  p_at_one: of logrank_in_sets, which alone decides whether
    the interval holds 1.  The interval is the hull of the ratios that the two-sided p does not refuse at 5%.  Where the
    estimate is 0 or infinite, the one limit leaves 2.5% beyond it, as exact limits of a risk of 0 do.
    """
    moves = tilted_moves(time, event, blocks)
    if moves is None:
        return TOO_MANY
    test = TiltedTest(moves.of_sets(moves.speaking))
    least, found, most = test.moves.reach()
    if least == most:
        return NO_COMMON_RISK
    if found in (least, most):
        return _one_sided(test, found == most, p_at_one)
    middle = brent(test.observed, -FARTHEST, FARTHEST, xtol=1e-12)
    low, high = (_limit(test.far, ALPHA, middle, side, p_at_one) for side in (-1, 1))
    return RatioBySet(float(np.exp(middle)), low, high, test.summed, test.how)


def _one_sided(test: TiltedTest, above: bool, p_at_one: float) -> RatioBySet:
    """The estimate is infinite (`above`) or 0."""
    side = -1 if above else 1
    start = -side * FARTHEST
    limit = _limit(test.above if above else test.below, TAIL, start, side, 1.0)
    if (limit > 1 if above else limit < 1) == (p_at_one > ALPHA):
        limit = _limit(test.far, ALPHA, start, side, p_at_one)
    low, high = (limit, np.inf) if above else (0.0, limit)
    return RatioBySet(np.inf if above else 0.0, low, high, test.summed, test.how)


def _limit(p: Callable[[float], float], level: float, inside: float, side: int, p_at_one: float) -> float:
    """The ratio furthest from exp(inside), which is accepted, on one side (-1 or 1): by halving, then by looking a
    little beyond.  `p_at_one` tells whether a ratio of 1 on this side is accepted; a refused one ends the interval."""
    end, one_ahead = side * FARTHEST, side * inside < 0
    if one_ahead and p_at_one > ALPHA:
        inside = 0.0
    elif one_ahead:
        end = 0.0
    if end and p(end) > level:
        return np.inf if side > 0 else 0.0
    limit, outside = _halved(p, level, inside, end)
    for beyond in outside + (limit - inside) * np.arange(1, BEYOND + 1) / BEYOND:
        if side * beyond < side * end and p(float(beyond)) > level:
            limit, outside = _halved(p, level, float(beyond), end)
    return float(np.exp(limit))


def _halved(p: Callable[[float], float], level: float, inside: float, outside: float) -> tuple[float, float]:
    """The last accepted and the first refused log ratio between one that is accepted and one that is not."""
    while abs(outside - inside) > NEAR:
        middle = (inside + outside) / 2
        inside, outside = (middle, outside) if p(middle) > level else (inside, middle)
    return inside, outside
