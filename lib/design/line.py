"""Matching on one score, exactly: optimal k:1 with and without a caliper, and what any method could reach.

Everything here stands on one picture. Sort treated and control patients by score. Over the gap between two neighbours
let s be the edges begun at a treated patient on its left minus those begun at a control on its left. Two edges that
cross a gap in opposite directions can be exchanged at no cost, so in some optimum the total distance is the sum over
gaps of gap * |s|, and the used controls and treated places, both sorted, are paired in order. Choosing who is used is
a convex programme over s; its slopes are kept in order (`optimal_pairs`, line_flow.py).

x: float (n,), finite, any order; treated: bool (n,). Positions in x are called rows.
"""

from collections import deque

import numpy as np

from .line_full import full_pairs
from .line_reach import complete_width, largest_pairs

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
    empty, unused = _slots(values[rows].tolist(), treated[rows].tolist(), ratio, limit)
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


def _slots(x: list[float], treated: list[bool], ratio: int, width: float) -> tuple[list[int], list[int]]:
    """Which places stay empty and which controls unused: positions (a treated once for each empty place).

    The cost of everything so far, as a function of s, is convex; each unit adds slopes to it: a control a slope of 0
    (taken below s: the control is unused), a treated `ratio` slopes of -P (taken below s: a place is filled), with P, the
    price of an empty place, above any distance. Crossing a gap lowers the slopes of negative s and raises the others.
    So a slope of negative s (`below`) that has sunk to -P, or one of positive s (`above`) that has risen to 0, keeps
    its side for good; the others wait in order in four deques, largest last in `below`, smallest last in `above`, with
    places of price P apart from controls. Stored: slope + x below and slope - x above, (without -P), which do not
    change. Units that fall behind the caliper narrow the range of s by what they had added: the lowest slope of
    `below` is then taken for good, the highest of `above` never. After the last unit s is 0: all of `below` is taken."""
    filled, free, opened, lent = deque(), deque(), deque(), deque()  # below: places, controls; above: places, controls
    n_below = n_above = behind = 0
    empty, unused = [], []
    for i, (value, is_treated) in enumerate(zip(x, treated, strict=True)):
        while filled and filled[0][0] <= value:
            filled.popleft()
        while lent and lent[0][0] >= -value:
            lent.popleft()
        while value - x[behind] > width:
            if treated[behind]:
                for _ in range(ratio):
                    if n_above <= len(lent) + len(opened):
                        if lent:
                            lent.popleft()
                        else:
                            empty.append(opened.popleft()[1])
                    n_above -= 1
            else:
                if n_below <= len(filled) + len(free):
                    if filled:
                        filled.popleft()
                    else:
                        unused.append(free.popleft()[1])
                n_below -= 1
            behind += 1
        if is_treated:
            n_above += ratio
            for _ in range(ratio):
                if free:
                    key, unit = free.pop()
                    lent.append((key - 2 * value, unit))
                elif filled:
                    key, unit = filled.pop()
                    opened.append((key - 2 * value, unit))
                else:
                    opened.append((-value, i))
        else:
            n_below += 1
            if opened:
                key, unit = opened.pop()
                filled.append((key + 2 * value, unit))
            elif lent:
                key, unit = lent.pop()
                free.append((key + 2 * value, unit))
            else:
                free.append((value, i))
    return empty + [unit for _, unit in opened], unused + [unit for _, unit in free]
