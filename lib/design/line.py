"""Matching on one score, exactly: optimal k:1 with and without a caliper, and what any method could reach.

Everything here stands on one picture. Sort treated and control patients by score. Over the gap between two neighbours
let s be the edges begun at a treated patient on its left minus those begun at a control on its left. Two edges that
cross a gap in opposite directions can be exchanged at no cost, so in some optimum the total distance is the sum over
gaps of gap * |s|, and the used controls and treated places, both sorted, are paired in order. Choosing who is used is
a convex programme over s; its slopes are kept in order (line_slots.py, line_flow.py).

x: float (n,), finite, any order; treated: bool (n,). Positions in x are called rows.
"""

import numpy as np

from .line_full import full_pairs
from .line_reach import complete_width, largest_pairs
from .line_slots import empty_and_unused

__all__ = ["complete_width", "full_pairs", "largest_pairs", "optimal_pairs"]


def optimal_pairs(
    x: np.ndarray, treated: np.ndarray, ratio: int, width: float | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Optimal ratio:1 pairs without replacement: the most pairs, then the least total |x_t - x_c|.

    x: float (n,).  treated: bool (n,).  ratio: controls wanted for each treated, 1 or more.
    width: the caliper, in units of x; a pair with |x_t - x_c| <= width is allowed; None = no caliper.

    Returns two int arrays (pairs,): rows of the treated and of the control of every pair, sorted by treated score, then
    row. Where the caliper or the number of controls leaves places empty, a treated patient gets fewer than `ratio`, or
    none: which places stay empty is decided by the total distance alone, and no treated patient has an empty place
    while an unused control stands inside its caliper. Ties: among patients of one arm with the same score earlier rows
    are used first, and treated patients with the same score share their controls evenly, earlier rows first. Other
    ties (two different sets of controls with the same total) follow the order of scores. No pair possible: empty.
    Time O(n log n) for the sort, O(ratio n) after it.  Checked against assignment (tests/design/test_line.py).
    """
    order = np.argsort(x, kind="stable")
    values, is_treated = x[order], treated[order]
    places, used = _choose(values, is_treated, ratio, width)
    t, c = order[is_treated], order[~is_treated]
    places = _spread(values[is_treated], places)
    used = _spread(values[~is_treated], used)
    return np.repeat(t, places), c[used.astype(bool)]


def _spread(values: np.ndarray, amounts: np.ndarray) -> np.ndarray:
    """Amounts shared evenly among equal values, the first of them getting what is left over.
    values: float (m,), sorted.  amounts: int (m,).  Returns int (m,) with the same sum in each run of equal values."""
    if len(values) == 0:
        return amounts
    first = np.flatnonzero(np.concatenate([[True], values[1:] > values[:-1]]))
    size = np.diff(first, append=len(values))
    total = np.add.reduceat(amounts, first)
    place = np.arange(len(values)) - np.repeat(first, size)
    return np.repeat(total // size, size) + (place < np.repeat(total % size, size))


def _choose(values: np.ndarray, treated: np.ndarray, ratio: int, width: float | None) -> tuple[np.ndarray, np.ndarray]:
    """Filled places of each treated, int (n1,), and whether each control is used, int (n0,); values sorted."""
    busy = _reachable(treated, ratio)
    places, used = np.full(len(values), ratio), np.zeros(len(values), int)
    used[busy & ~treated] = 1
    rows = np.flatnonzero(busy)
    limit = np.inf if width is None else width
    empty, unused = empty_and_unused(values[rows].tolist(), treated[rows].tolist(), ratio, limit)
    np.subtract.at(places, rows[empty], 1)
    used[rows[unused]] = 0
    return places[treated], used[~treated]


def _reachable(treated: np.ndarray, ratio: int) -> np.ndarray:
    """Treated patients, and the controls that some optimum may use, bool (n,).

    If every treated took the next free controls on its right, R places would be open over a gap; no optimum needs more,
    since min(s, R) is allowed as well, costs no more and leaves no further place empty. Likewise on the left. A control
    over which nothing is open on either side is never used."""
    step = np.where(treated, ratio, -1)
    return treated | _open_before(step) | _open_before(step[::-1])[::-1]


def _open_before(step: np.ndarray) -> np.ndarray:
    """Whether places are open just before each unit when controls are taken first come, first served: bool (n,)."""
    total = np.cumsum(step)
    after = total - np.minimum(np.minimum.accumulate(total), 0)
    return np.append(False, after[:-1] > 0)
