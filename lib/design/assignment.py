"""Optimal k:1 matching without replacement on any Euclidean distance: the most pairs, then the least total distance.

An assignment problem (Rosenbaum 1989, JASA 84:1024): every treated has `ratio` slots, each slot takes one control.
Only short arcs are looked at first. The optimum over them comes with prices (dual variables): an arc that was not
looked at can only help if it is shorter than the prices of its two ends together. Such arcs are added and the problem
is solved again; when there are none, the optimum is one over all arcs.
"""

import numpy as np

from .arcs import TIE, Allowed, Arcs, Fence, Field, diameter, joined, lay_out, nearest, shorter_than
from .transport import Transport

FIRST_LOOK = 16  # arcs of each unit at the beginning, and at least twice what it may use
PRICE_ROUNDING = 1e-14  # of a price: a sum of some dozens of distances and the idle price
MORE = 24  # arcs added for each unit at a time, those that would help most


def assign_pairs(
    position: np.ndarray, treated: np.ndarray, ratio: int, *, allowed: Allowed | None = None, fence: Fence | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Rows of the treated and of the control of each pair, int (pairs,) each, by treated row, nearest control first.

    position: float (n, d), finite, in which the distance is Euclidean (covariates whitened).  treated: bool (n,).
    ratio: controls per treated, at least 1; a control serves once. Where not all can have `ratio`, some have fewer.
    allowed: takes rows of treated and rows of controls, int (m,) each, and says which arcs are permitted, bool (m,).
    fence: a score float (n,) and a width; only arcs whose scores differ by at most the width are permitted.
    Equal optima: the pairs are those of an order by score and position, so the order of rows decides only between
    patients at the same place. No permitted arc: two empty arrays.
    """
    field = lay_out(position, treated, allowed, fence)
    if not min(field.sizes):
        return np.empty(0, int), np.empty(0, int)
    pairs = _best(field, ratio)
    rows = field.rows[0][pairs.treated], field.rows[1][pairs.control]
    order = np.lexsort((rows[1], pairs.length, rows[0]))
    return rows[0][order], rows[1][order]


def _best(field: Field, ratio: int) -> Arcs:
    """The optimal pairs: short arcs of the scarcer arm first, more where the prices ask for more."""
    side = 0 if ratio * field.sizes[0] <= field.sizes[1] else 1
    arcs, reach = nearest(field, side, np.arange(field.sizes[side]), max(FIRST_LOOK, 2 * ratio if side == 0 else 2))
    copies, room, idle = (ratio, 1)[side], np.full(field.sizes[1 - side], (1, ratio)[side]), _idle(field, ratio)
    while True:
        problem = Transport(arcs[side], arcs[1 - side], arcs.length, field.sizes[side], copies, room, idle)
        used = problem.solve()
        pays, saves = problem.prices(used)
        more = missing(field, side, arcs, (pays, -saves) if side == 0 else (-saves, pays), reach)
        if not len(more.length):
            return arcs.take(used)
        arcs = joined(arcs, more)


def _idle(field: Field, ratio: int) -> float:
    """The price of a slot left empty: above what one more pair can add to the distances of all."""
    return diameter(field) * (min(ratio * field.sizes[0], field.sizes[1]) + 2)


def missing(field: Field, side: int, arcs: Arcs, price: tuple[np.ndarray, np.ndarray], reach: np.ndarray) -> Arcs:
    """Permitted arcs, absent from `arcs`, shorter than their ends' prices beyond rounding; at most MORE for each unit.

    reach: float (n,), no absent arc of that unit is shorter.
    """
    places = np.flatnonzero(price[side] > reach)
    if not len(places):
        return arcs.take(places)
    slack = TIE * reach.max(where=np.isfinite(reach), initial=0.0) + PRICE_ROUNDING * np.abs(price[side])
    limit = list(price)
    limit[side] = price[side] - slack
    found = shorter_than(field, *limit, side=side, places=places, most=MORE)
    width = field.sizes[1]
    return found.take(~np.isin(found.treated * width + found.control, arcs.treated * width + arcs.control))
