"""Optimal full matching on one score: sets of one treated with controls, or one control with treated.

A full matching is an edge cover of least total distance (Rosenbaum 1991; Hansen and Klopfer 2006): without limits each
patient is either paired or goes to its nearest partner. Patients are sorted once; the line is cut wherever no optimum
has an edge across; pieces with one treated or one control are finished there, the others go through line_flow.py."""

import numpy as np

from .line_limits import check_limits
from .line_omit import degrees_leaving_out, most_left_out
from .line_pieces import Line, cheapest, in_order, partner_distance
from .refusal import Limits


def full_pairs(
    x: np.ndarray,
    treated: np.ndarray,
    *,
    min_controls: int = 1,
    max_controls: int | None = None,
    max_treated: int | None = None,
    omit: int = 0,
    width: float | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Optimal full matching: everybody with a partner is used, the sum of |x_t - x_c| over the pairs is the least.

    x: float (n,).  treated: bool (n,).  min_controls, max_controls: controls of each treated (None = no limit);
    max_treated: treated of each control (None = no limit; 1 when min_controls is 2 or more: no control is shared).
    omit: exactly so many controls are left out, those that the least total can best do without.  width: the caliper, in
    units of x, inclusive; None = no caliper. Patients without a partner inside it are left out first, uncounted.

    Returns two int arrays (pairs,), rows of the treated and of the control of every pair, by treated score. The sets
    are stars: no pair joins two patients who each have another one. Ties: any optimum; it depends on scores and, within
    one score, on row order only.
    Empty where nobody has a partner. Raises EstimationError where a restriction cannot be met; the hint names the
    nearest value that can. `omit` may also be too large when controls may be shared: beyond the number at which the
    total is least, leaving out more would only send treated patients to farther controls.
    Without limits O(n log n); limits add a factor of min_controls; a caliper together with limits or `omit` can need
    a linear programme (line_exact.py) where the flow alone would exceed the caliper."""
    order = np.argsort(x, kind="stable")
    limit = np.inf if width is None else width
    nearest = partner_distance(x[order], treated[order])
    order = order[np.isfinite(nearest) & (nearest <= limit)]
    line = _line(x[order], treated[order], limit, min_controls, max_controls, max_treated)
    if len(order) == 0:
        return order, order
    asked = Limits(min_controls, max_controls, max_treated, omit)
    check_limits(
        line.x, line.treated, asked, width, lambda other: most_left_out(_line(line.x, line.treated, limit, *other[:3]))
    )
    pairs = _stars(*in_order(line.treated, _degrees(line, omit)))
    return order[pairs[0]], order[pairs[1]]


def _line(x, treated, width, least, most, shared) -> Line:
    n1, n0 = int(treated.sum()), int((~treated).sum())
    free = least == 1 and (most is None or most >= n0) and (shared is None or shared >= n1)
    most = n0 if most is None else min(most, n0)
    shared = 1 if least > 1 else n1 if shared is None else min(shared, n1)
    return Line(x, treated, width, (least, max(most, least), shared), free)


def _degrees(line: Line, omit: int) -> np.ndarray:
    """Edges of each patient, int (n,)."""
    return degrees_leaving_out(line, omit) if omit else cheapest(line, line.ends)[0]


def _stars(t: np.ndarray, c: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Without the pairs, in order, whose two patients each have another pair: they add distance, at best 0."""
    left = np.bincount(t), np.bincount(c)
    keep = np.ones(len(t), dtype=bool)
    for i in np.flatnonzero((left[0][t] > 1) & (left[1][c] > 1)).tolist():
        if left[0][t[i]] > 1 and left[1][c[i]] > 1:
            left[0][t[i]] -= 1
            left[1][c[i]] -= 1
            keep[i] = False
    return t[keep], c[keep]
