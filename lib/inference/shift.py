"""Hodges-Lehmann shift: the constant effect that the aligned rank test finds nothing left of, and its interval.

Take delta off every treated patient of a set, m of n: its aligned value falls by delta (1 - m/n), its controls' rise
by delta m/n. With c = 1 - m/n for a treated patient and -m/n for a control, T - E(T) = sum of c x rank, which never
rises with delta and steps down by |c_i - c_j| where patients i and j cross, at delta = (a_i - a_j)/(c_i - c_j).
So the estimate is a weighted median of these crossings, and a limit is a crossing too.
"""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from ..rounding import slack
from .asymptotic import Z
from .engine import SAME_DISTANCE
from .inversion import ALPHA, furthest
from .ranks import AlignedRank, align, can_be_exact, doubled_midranks, rank_sum_by_set
from .sets import Blocks

EXACT_LIMIT_SETS = 50  # above, limits use the normal approximation: an exact one needs about 30 convolutions
EXACT_LIMIT_WORK = 2e8  # additions of one of them (score_work); 50 sets of 1:30 stay below
EXACT_LIMIT_ROWS = 2_000  # patients, whose pairs are all looked at
SHARED_OUT = 1 << 16  # patients from which on the ends are looked for at the same time
HALVINGS = 40  # to 1e-12 of the width of the data
SAME_CONTRAST = 1e-9  # contrasts are sums of m/n; float error is far smaller, true differences far larger


@dataclass(frozen=True)
class Shift:
    """Treated minus control. A limit is infinite when the sets are too few to refuse any shift at 5%."""

    estimate: float
    low: float
    high: float
    exact: bool

    def settled(self, p: float, step: float) -> "Shift":
        """The limits so that they hold 0 exactly where p of no shift is above ALPHA. A limit can be 0 and refused,
        where values tie, and a normal limit can miss an exact p by little: 0 is put in, or left out by a step.  p NaN:
        as it is.  step: the difference of values that counts as none."""
        if p > ALPHA:
            return replace(self, low=min(self.low, 0.0), high=max(self.high, 0.0))
        if p <= ALPHA and self.low <= 0 <= self.high:
            return replace(self, low=step) if self.estimate > 0 else replace(self, high=-step)
        return self


def contrast(blocks: Blocks) -> np.ndarray:
    """c of the module's docstring: 1 - m/n for a treated patient, -m/n for a control. float (m,)."""
    return blocks.treated - np.repeat(blocks.n_treated_of / blocks.sizes, blocks.sizes)


def hodges_lehmann_shift(values: np.ndarray, blocks: Blocks) -> Shift:
    """The shift of the treated against their controls with its 95% interval, by inversion of the aligned rank test.

    values: float (m,), in block order. Exact up to EXACT_LIMIT_SETS sets, EXACT_LIMIT_ROWS and EXACT_LIMIT_WORK: the
    interval holds the shifts whose two-sided p is above 5%, tried at the crossings and between them; the distribution
    is recomputed at each shift tried.  Source: Hodges and Lehmann 1963, Ann Math Stat 34:598.
    """
    doubled = doubled_midranks(align(values, blocks))
    exact = can_be_exact(doubled, blocks, EXACT_LIMIT_SETS, EXACT_LIMIT_WORK) and len(values) <= EXACT_LIMIT_ROWS
    return _exact(values, blocks) if exact else _approximate(values, blocks)


def _exact(values: np.ndarray, blocks: Blocks) -> Shift:
    points, weights = _crossings(values, blocks)
    tried = _alternate(points)
    below, above = _middle(weights) if not blocks.uneven else _uneven_middle(weights, values, blocks, tried[0])

    def accepted(position: int) -> bool:
        return _test(values, blocks, tried[position], True).p_value > ALPHA

    inside = below + above + 1
    low, high = furthest(accepted, inside, 0), furthest(accepted, inside, len(tried) - 1)
    return Shift(
        float((points[below] + points[above]) / 2),
        float(points[(low - 1) // 2]) if low else -np.inf,
        float(points[high // 2]) if high < len(tried) - 1 else np.inf,
        True,
    )


def _crossings(values: np.ndarray, blocks: Blocks) -> tuple[np.ndarray, np.ndarray]:
    """Distinct crossings, ascending, and the step of T - E at each."""
    c, share = contrast(blocks), blocks.treated - blocks.chance
    centred = values - np.repeat(blocks.totals(values) / blocks.sizes, blocks.sizes)
    i, j = np.nonzero(c[:, None] - c[None, :] > SAME_CONTRAST)
    step = c[i] - c[j]
    raw = (centred[i] - centred[j]) / step
    order = np.argsort(raw)
    raw, step = raw[order], step[order]
    first = np.flatnonzero(np.append(True, np.diff(raw) > slack(values)))
    share = (share[i] - share[j])[order] if blocks.uneven else step
    return raw[first], np.add.reduceat(share, first)


def _middle(weights: np.ndarray) -> tuple[int, int]:
    """The two crossings, often one, with half of the weight on either side of what lies between them."""
    cumulative, half = np.cumsum(weights), weights.sum() / 2
    return (
        int(np.searchsorted(cumulative, half * (1 - SAME_CONTRAST))),
        int(np.searchsorted(cumulative, half * (1 + SAME_CONTRAST))),
    )


def _uneven_middle(weights: np.ndarray, values: np.ndarray, blocks: Blocks, least: float) -> tuple[int, int]:
    """The same where odds are unequal: the crossings at which T - E reaches 0, and at which it goes below.

    least: a shift before the first crossing.  Patients who never cross have unequal weights too, so that T - E begins
    at no mirror image of its end, and it may rise a little where sets differ in size."""
    test = _test(values, blocks, least, False)
    left = test.statistic - test.expected - np.cumsum(weights)
    slack, last = SAME_CONTRAST * float(np.abs(weights).sum()), len(weights) - 1
    reached, passed = (np.append(left, -np.inf) <= level for level in (slack, -2 * slack))
    return min(int(np.argmax(reached)), last), min(int(np.argmax(passed)), last)


def _alternate(points: np.ndarray) -> np.ndarray:
    """Shifts to try, ascending: gap k between crossings at position 2k, crossing k at 2k + 1."""
    beyond = float(np.abs(points).max()) or 1.0
    ends = np.concatenate([[points[0] - beyond], points, [points[-1] + beyond]])
    tried = np.empty(2 * len(points) + 1)
    tried[1::2] = points
    tried[0::2] = (ends[:-1] + ends[1:]) / 2
    return tried


def _test(values: np.ndarray, blocks: Blocks, delta: float, exact: bool) -> AlignedRank:
    moved = values.copy()
    moved[blocks.treated] -= delta
    return rank_sum_by_set(doubled_midranks(align(moved, blocks)), blocks, exact)


def _approximate(values: np.ndarray, blocks: Blocks) -> Shift:
    @cache
    def z(delta: float) -> float:
        test = _test(values, blocks, delta, False)
        gap = test.statistic - test.expected
        return gap / test.sd if abs(gap) > SAME_DISTANCE else 0.0

    reach = float(np.ptp(values)) or 1.0
    while z(-reach) <= Z or z(reach) >= -Z:
        reach *= 2
    conditions = (lambda d: z(d) > 0, lambda d: z(d) > Z, lambda d: z(d) >= -Z, lambda d: z(d) >= 0)
    with ThreadPoolExecutor(os.cpu_count() if len(values) > SHARED_OUT else 1) as pool:
        middle, low, high, upper = pool.map(lambda above: _last(above, -reach, reach), conditions)
    return Shift((middle + upper) / 2, low, high, False)


def _last(holds: Callable[[float], bool], low: float, high: float) -> float:
    """Where a condition true at `low` and false at `high` stops being true."""
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if holds(middle) else (low, middle)
    return (low + high) / 2
