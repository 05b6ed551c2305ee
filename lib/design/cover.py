"""Optimal full matching on any Euclidean distance, without limits on the sets: a minimum-weight edge cover.

Sets are stars, one treated with controls or one control with treated, so that the least total distance is the least sum
of arcs that touch every unit. Every unit could take its cheapest arc, of length mu; an arc that serves both its ends
saves mu_t + mu_c minus its length. The cover of least sum takes a matching of most savings, and the cheapest arc of
every unit that this leaves out (Schrijver 2003, Combinatorial Optimization, section 19.3). Limits: limited.py.
"""

import numpy as np

from .arcs import TIE, Allowed, Arcs, Fence, Field, joined, lay_out, nearest, shorter_than, stars
from .limited import limited_cover
from .refusal import Limits
from .transport import Transport


def cover_pairs(
    position: np.ndarray,
    treated: np.ndarray,
    *,
    min_controls: int = 1,
    max_controls: int | None = None,
    max_treated: int | None = None,
    omit: int = 0,
    allowed: Allowed | None = None,
    fence: Fence | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Rows of the treated and of the control of each pair, int (pairs,) each, by treated row, nearest control first.

    Units without a permitted arc are left out; of the others everyone is used, except exactly `omit` controls. The sets
    are the connected pairs, each a star. The total distance is the least possible.

    position: float (n, d), finite, in which the distance is Euclidean.  treated: bool (n,).
    min_controls, max_controls: of each treated, at least 1; from min_controls 2 on no control is shared.
    max_treated: how many treated may share a control.
    allowed: takes rows of treated and rows of controls, int (m,) each, and says which arcs are permitted, bool (m,).
    fence: a score float (n,) and a width; only arcs whose scores differ by at most the width are permitted.
    Raises EstimationError when no matching keeps the limits, with the nearest limit that one keeps.
    """
    field = lay_out(position, treated, allowed, fence)
    field, cheapest = _connected(field)
    if not min(field.sizes):
        return np.empty(0, int), np.empty(0, int)
    limits = Limits(min_controls, max_controls, max_treated, omit)
    pairs = stars(_cover(field, cheapest), field.sizes)
    if not limits.kept_by(pairs, field.sizes):
        pairs = limited_cover(field, limits, cheapest[0])
    rows = field.rows[0][pairs.treated], field.rows[1][pairs.control]
    order = np.lexsort((rows[1], pairs.length, rows[0]))
    return rows[0][order], rows[1][order]


def _connected(field: Field) -> tuple[Field, list[Arcs]]:
    """The field of the units with a permitted arc, and the cheapest arc of each treated and of each control."""
    if not min(field.sizes):
        return field, []
    found = [_cheapest(field, side) for side in (0, 1)]
    keep = [np.isin(np.arange(field.sizes[side]), found[side][side]) for side in (0, 1)]
    place = [np.cumsum(k) - 1 for k in keep]
    cheapest = [Arcs(place[0][arcs.treated], place[1][arcs.control], arcs.length) for arcs in found]
    return field.keep(*keep), cheapest


def _cheapest(field: Field, side: int) -> Arcs:
    """The shortest permitted arc of each unit of an arm that has one, by unit."""
    units, k, found = np.arange(field.sizes[side]), 1, []
    while len(units):
        arcs, reach = nearest(field, side, units, k)
        arcs = arcs.take(np.lexsort((arcs[1 - side], arcs.length, arcs[side])))
        found.append(arcs.take(np.unique(arcs[side], return_index=True)[1]))
        units, k = units[np.isfinite(reach) & ~np.isin(units, arcs[side])], 4 * k
    arcs = joined(*found)
    return arcs.take(np.argsort(arcs[side]))


def _cover(field: Field, cheapest: list[Arcs]) -> Arcs:
    """The minimum-weight edge cover; where lengths are 0, possibly with arcs that could go."""
    mu = [arcs.length for arcs in cheapest]
    arcs = shorter_than(field, mu[0] - TIE * max(m.max() for m in mu), mu[1])
    side = int(field.sizes[0] > field.sizes[1])
    saved = mu[0][arcs.treated] + mu[1][arcs.control] - arcs.length
    top = saved.max(initial=0.0)
    ones = np.ones(field.sizes[1 - side], int)
    both = arcs.take(Transport(arcs[side], arcs[1 - side], top - saved, field.sizes[side], 1, ones, top).solve())
    left = [cheapest[s].take(~np.isin(cheapest[s][s], both[s])) for s in (0, 1)]
    return joined(both, *left)
