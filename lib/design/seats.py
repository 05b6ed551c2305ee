"""Full matching with limits on the controls of a treated only, by assignment: faster than the flow of limited.py.

Every control takes a seat at some treated. A treated has `min_controls` first seats and others up to `max_controls`.
Where controls may be shared, a treated that nobody chose takes its cheapest arc, so that its first seat saves as much;
where they may not, the first seats are worth more than all distances together.
"""

import numpy as np

from .arcs import Arcs, Field, diameter, joined, nearest, shorter_than, stars, unique
from .refusal import Limits
from .transport import Transport

FIRST_LOOK = 6  # treated of each control at the beginning
MORE = 8  # arcs added for each control at a time
TOLERANCE = 1e-9  # of the diameter: differences of prices below it are rounding


def seated_cover(field: Field, limits: Limits, cheapest: Arcs) -> Arcs | None:
    """The full matching of least total distance that omits no control; None where this finds none within the limits.

    cheapest: the shortest permitted arc of each treated, by treated.
    """
    least, most, shared = limits.bounds(field.sizes)
    all_distances = diameter(field) * (field.sizes[1] + 2)
    worth = cheapest.length if shared > 1 else np.full(field.sizes[0], all_distances)
    seats = np.tile([least, most - least], field.sizes[0])
    pairs = _seated(field, worth, seats, all_distances + worth.max())
    if len(pairs.length) < field.sizes[1]:
        return None
    if shared > 1:
        pairs = joined(pairs, cheapest.take(~np.isin(cheapest.treated, pairs.treated)))
    pairs = stars(pairs, field.sizes)
    return pairs if limits.kept_by(pairs, field.sizes) else None


def _seated(field: Field, worth: np.ndarray, seats: np.ndarray, idle: float) -> Arcs:
    """One arc for each control that finds a seat; seats int (2 n1,): first and other seats of each treated."""
    looks = [nearest(field, side, np.arange(field.sizes[side]), FIRST_LOOK)[0] for side in (0, 1)]
    arcs, width = unique(joined(*looks), field.sizes), field.sizes[1]
    while True:
        column = np.append(2 * arcs.treated, 2 * arcs.treated + 1)
        cost = np.append(arcs.length - worth[arcs.treated], arcs.length)
        problem = Transport(np.tile(arcs.control, 2), column, cost, width, 1, seats, idle)
        used = problem.solve()
        pays, saves = problem.prices(used)
        value = np.maximum(worth - saves[::2], -saves[1::2])
        more = shorter_than(field, value, pays - TOLERANCE * diameter(field), side=1, most=MORE)
        more = more.take(~np.isin(more.treated * width + more.control, arcs.treated * width + arcs.control))
        if not len(more.length):
            return arcs.take(used % len(arcs.length))
        arcs = joined(arcs, more)
