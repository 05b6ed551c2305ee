"""Full matching whose sets have limits: a network flow of least cost, over the arcs that the optimum needs.

A treated sends one unit to each of its controls, so that its limits, those of a control and the number omitted bound
flows, and a basic solution of the linear programme is a whole number everywhere (Hansen and Klopfer 2006, JCGS 15:609).
Missing units are priced above all distances. As in assignment.py the programme begins with short arcs; its dual
variables name the absent arcs that could help, and when there are none the optimum is one over all arcs.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from .arcs import Arcs, Field, diameter, joined, nearest, shorter_than, stars, unique
from .chosen import chosen_cover
from .refusal import FEWEST, Limits, refusal
from .seats import seated_cover

FIRST_ARCS = (12, 4)  # of each treated and of each control at the beginning
MORE_ARCS = (24, 6)  # added for each treated and for each control at a time
FIRST_PRICE = 10.0  # of a unit left out, in longest distances; raised until it is certain that one must be
TOLERANCE = 1e-9  # of the longest distance: what HiGHS may leave of a reduced cost
OMIT_SHARE = 1e-3  # of that price, for a control omitted where their number is open: the fewest come out


def limited_cover(field: Field, limits: Limits, cheapest: Arcs) -> Arcs:
    """The full matching of least total distance that keeps the limits; every unit of the field has a permitted arc.

    cheapest: the shortest arc of each treated.
    Raises EstimationError when there is none, with the nearest limit that can be kept.
    """
    quick = _could_be(field, limits) and not limits.omit
    pairs = seated_cover(field, limits, cheapest) if quick else None
    pairs = _optimum(field, limits) if pairs is None else pairs
    if pairs is None:
        wider = ", or widen the caliper" if field.limited else ""
        raise refusal(limits, field.sizes, partial(_feasible, field), partial(_fewest, field), wider)
    return pairs


def _could_be(field: Field, limits: Limits) -> bool:
    """Whether the limits can be kept as far as counts go; with all arcs permitted, whether they can be kept."""
    least, most, shared = limits.bounds(field.sizes)
    n_treated, used = field.sizes[0], field.sizes[1] - limits.omit
    enough = n_treated * least <= used if shared == 1 else n_treated <= used * shared
    return 1 <= used <= n_treated * most and least <= most and enough


def _feasible(field: Field, limits: Limits) -> bool:
    """Whether the limits can be kept."""
    return _could_be(field, limits) and (not field.limited or _optimum(field, limits) is not None)


def _fewest(field: Field, limits: Limits) -> int | None:
    """The fewest controls that must be omitted under the other limits; None where no number helps."""
    if not field.limited:
        return max(0, field.sizes[1] - field.sizes[0] * limits.bounds(field.sizes)[1])
    least, most, _ = limits.bounds(field.sizes)
    pairs = _flow(field, limits._replace(omit=FEWEST)) if least <= most else None
    return None if pairs is None else field.sizes[1] - len(np.unique(pairs.control))


def _optimum(field: Field, limits: Limits) -> Arcs | None:
    """The optimum, or None where the limits cannot be kept."""
    pairs = _flow(field, limits) if _could_be(field, limits) else None
    if pairs is None:
        return None
    pairs = _omit_more(stars(pairs, field.sizes), field.sizes, limits)
    too_many = len(np.unique(pairs.control)) > field.sizes[1] - limits.omit
    return chosen_cover(field, limits) if too_many else pairs


def _omit_more(pairs: Arcs, sizes: tuple[int, int], limits: Limits) -> Arcs:
    """The pairs, less controls that may still go at no cost, longest first: with lengths of 0 the flow may use more."""
    excess = len(np.unique(pairs.control)) - (sizes[1] - limits.omit)
    uses = np.bincount(pairs.treated, minlength=sizes[0])
    keep = np.ones(len(pairs.length), bool)
    for place in np.argsort(-pairs.length, kind="stable") if excess > 0 else ():
        if excess and uses[pairs.treated[place]] > limits.min_controls:
            keep[place] = False
            uses[pairs.treated[place]] -= 1
            excess -= 1
    return pairs.take(keep)


def _flow(field: Field, limits: Limits) -> Arcs | None:
    """The flow of least cost, or None. It omits exactly as many as asked where no control is shared, else at most."""
    arcs, longest = _first_arcs(field, limits)
    certain = 2.0 * sum(field.sizes) * longest
    price = FIRST_PRICE * longest if limits.omit != FEWEST else certain / OMIT_SHARE
    while True:
        used, values, short = _programme(field.sizes, arcs, limits, price, longest)
        more = _absent(field, arcs, values, TOLERANCE * longest)
        if len(more.length):
            arcs = joined(arcs, more)
        elif not short:
            return arcs.take(used)
        elif price > certain:
            return None
        else:
            price *= 1000


def _first_arcs(field: Field, limits: Limits) -> tuple[Arcs, float]:
    """Short arcs of every unit, and the diameter of all points (1 where they are one point)."""
    looks = (max(FIRST_ARCS[0], 2 * limits.min_controls), FIRST_ARCS[1])
    found = [nearest(field, side, np.arange(field.sizes[side]), looks[side])[0] for side in (0, 1)]
    return unique(joined(*found), field.sizes), diameter(field)


def _absent(field: Field, arcs: Arcs, values: list[np.ndarray], tolerance: float) -> Arcs:
    """Arcs that would lower the cost, those of each unit that would most."""
    found = [shorter_than(field, values[0] - tolerance, values[1], side=s, most=MORE_ARCS[s]) for s in (0, 1)]
    more, width = unique(joined(*found), field.sizes), field.sizes[1]
    return more.take(~np.isin(more.treated * width + more.control, arcs.treated * width + arcs.control))


def _programme(
    sizes: tuple[int, int], arcs: Arcs, limits: Limits, price: float, unit: float
) -> tuple[np.ndarray, list[np.ndarray], bool]:
    """The programme over some arcs: places of those used, dual values [(n1,), (n0,)], whether a unit is missed.

    Rows: treated, controls, the number omitted. Columns: arcs; what each unit misses; what it has above its least;
    whether each control is omitted; those not omitted, where their number is open. Lengths count in `unit`.
    """
    from scipy.optimize import linprog  # slow to import, so only where it is used
    from scipy.sparse import csr_array

    least, most, shared = limits.bounds(sizes)
    (n1, n0), n, m = sizes, sum(sizes), len(arcs.length)
    unit_row, omitted = np.arange(n), m + 2 * n + np.arange(n0)
    row = np.concatenate([arcs.treated, n1 + arcs.control, unit_row, unit_row, n1 + np.arange(n0), np.full(n0 + 1, n)])
    column = np.concatenate([np.tile(np.arange(m), 2), m + np.arange(2 * n), omitted, omitted, [m + 2 * n + n0]])
    value = np.repeat([1.0, -1.0, 1.0], [2 * m + n, n, 2 * n0 + 1])
    free = limits.omit == FEWEST
    cost = np.repeat([0.0, price / unit, 0.0, OMIT_SHARE * price / unit if free else 0.0, 0.0], [m, n, n, n0, 1])
    cost[:m] = arcs.length / unit
    above = np.repeat([np.inf, most - least, shared - 1, 1, n0 if free else 0], [m + n, n1, n0, n0, 1])
    rows = csr_array((value, (row, column)), shape=(n + 1, len(cost)))
    target = np.repeat([least, 1, n0 if free else limits.omit], [n1, n0, 1])
    ranges = np.stack([np.zeros(len(cost)), above], axis=1)
    options = {"dual_feasibility_tolerance": TOLERANCE, "primal_feasibility_tolerance": TOLERANCE}
    solve: Callable[..., Any] = linprog  # its stubs know neither sparse rows nor an array of ranges
    found = solve(cost, A_eq=rows, b_eq=target, bounds=ranges, method="highs", options=options)
    values = unit * found.eqlin.marginals
    return np.flatnonzero(found.x[:m] > 0.5), [values[:n1], values[n1:n]], bool(found.x[m : m + n].max() > 0.5)
