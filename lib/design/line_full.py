"""Optimal full matching on one score: sets of one treated with controls, or one control with treated.

A full matching is an edge cover of least total distance (Rosenbaum 1991; Hansen and Klopfer 2006): without limits each
patient is either paired or goes to its nearest partner. Patients are sorted once; the line is cut wherever no optimum
has an edge across; pieces with one treated or one control are finished there, the others go through line_flow.py."""

from dataclasses import dataclass

import numpy as np

from ..errors import EstimationError
from .line_exact import exact_degrees
from .line_flow import line_degrees
from .line_limits import check_limits, too_many_left_out
from .line_omit import degrees_leaving_out

SAME = 1e-9  # of the range of x: where sums of distances are compared, a cut is made only with this much to spare


@dataclass(frozen=True)
class Line:
    """x: float (n,), sorted; treated: bool (n,); width: inf = no caliper; bounds: least and most edges of a treated,
    most edges of a control, all finite; free: no limit but that every patient has an edge."""

    x: np.ndarray
    treated: np.ndarray
    width: float
    bounds: tuple[int, int, int]
    free: bool


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

    Returns two int arrays (pairs,), rows of the treated and of the control of every pair, by treated score. The sets are
    stars: no pair joins two patients who each have another one. Ties: any optimum; it depends on scores and, within
    one score, on row order only.
    Raises EstimationError where nobody has a partner or a restriction cannot be met; the hint names the nearest value
    that can. `omit` may also be too large when controls may be shared: beyond the number at which the total is least,
    leaving out more would only send treated patients to farther controls.
    Without limits O(n log n); limits add a factor of min_controls; a caliper together with limits or `omit` can need
    a linear programme (line_exact.py) where the flow alone would exceed the caliper."""
    order = np.argsort(x, kind="stable")
    limit = np.inf if width is None else width
    order = order[_partner_distance(x[order], treated[order]) <= limit]
    line = _line(x[order], treated[order], limit, min_controls, max_controls, max_treated)
    if len(order) == 0:
        raise EstimationError("No treated patient has a control inside the caliper.", _nearest_hint(x, treated))
    check_limits(line.x, line.treated, line.bounds, omit, width)
    pairs = _stars(*_in_order(line.treated, _degrees(line, omit)))
    return order[pairs[0]], order[pairs[1]]


def _line(x, treated, width, least, most, shared) -> Line:
    n1, n0 = int(treated.sum()), int((~treated).sum())
    free = least == 1 and (most is None or most >= n0) and (shared is None or shared >= n1)
    most = n0 if most is None else min(most, n0)
    shared = 1 if least > 1 else n1 if shared is None else min(shared, n1)
    return Line(x, treated, width, (least, max(most, least), shared), free)


def _nearest_hint(x: np.ndarray, treated: np.ndarray) -> str:
    order = np.argsort(x, kind="stable")
    nearest = _partner_distance(x[order], treated[order]).min(initial=np.inf)
    return f"The nearest two are {nearest:.4g} apart." if np.isfinite(nearest) else "One of the groups is empty."


def _partner_distance(x: np.ndarray, treated: np.ndarray) -> np.ndarray:
    """Distance to the nearest patient of the other arm: float (n,), infinite where there is none; x sorted."""
    distance = np.full(len(x), np.inf)
    for arm in (treated, ~treated):
        values, own = x[~arm], x[arm]
        if len(values):
            place = np.searchsorted(values, own)
            lower, upper = values[np.maximum(place - 1, 0)], values[np.minimum(place, len(values) - 1)]
            distance[arm] = np.minimum(np.abs(own - lower), np.abs(upper - own))
    return distance


def _degrees(line: Line, omit: int) -> np.ndarray:
    """Edges of each patient, int (n,)."""
    if omit:
        degree = degrees_leaving_out(line.x, line.treated, line.bounds, omit, line.width)
        if degree is None:
            raise too_many_left_out(omit, 0)
        return degree
    ends = _free_ends(line) if line.free else _gap_ends(line)
    piece = np.cumsum(ends) - ends
    degree = np.zeros(len(line.x), dtype=int)
    n1, n0 = (np.bincount(piece, arm) for arm in (line.treated, ~line.treated))
    simple = line.free & ((n1 == 1) | (n0 == 1))[piece]
    degree[simple] = np.where(line.treated, n0[piece], n1[piece])[simple]
    degree[simple] = np.where((n1[piece] == 1) == line.treated, degree, 1)[simple]
    rest = np.flatnonzero(~simple)
    width = np.inf if line.free else line.width
    degree[rest] = line_degrees(line.x[rest], line.treated[rest], line.bounds, ends=ends[rest], width=width)
    return _inside(line, degree, piece)


def _inside(line: Line, degree: np.ndarray, piece: np.ndarray) -> np.ndarray:
    """The same degrees, with those of every piece that has a pair outside the caliper solved again, exactly."""
    t, c = _in_order(line.treated, degree)
    wrong = np.abs(line.x[t] - line.x[c]) > line.width
    for number in np.unique(piece[t[wrong]]).tolist():
        rows = slice(*np.searchsorted(piece, [number, number + 1]))
        degree[rows] = exact_degrees(line.x[rows], line.treated[rows], line.bounds, line.width)
    return degree


def _free_ends(line: Line) -> np.ndarray:
    """Where the line may be cut, without limits: bool (n,), True after the last patient of each piece.

    An edge longer than the two patients' distances to their nearest partners together is never needed: each could go to
    its nearest instead. So a gap that no shorter pair spans has nothing open over it."""
    reach = _partner_distance(line.x, line.treated) + SAME * (line.x[-1] - line.x[0])
    crossed = np.zeros(len(line.x) - 1, dtype=bool)
    for arm in (line.treated, ~line.treated):
        highest = np.maximum.accumulate(np.where(arm, line.x + reach, -np.inf))
        lowest = np.minimum.accumulate(np.where(arm, np.inf, line.x - reach)[::-1])[::-1]
        crossed |= highest[:-1] >= lowest[1:]
    return np.append(~crossed, True)


def _gap_ends(line: Line) -> np.ndarray:
    """Where the line may be cut, with limits: at gaps wider than the caliper.  bool (n,)."""
    return np.append(np.diff(line.x) > line.width, True)


def _in_order(treated: np.ndarray, degree: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Places of the treated paired with places of the controls, both in order: two int arrays of positions."""
    places = np.repeat(np.arange(len(treated)), degree)
    return places[treated[places]], places[~treated[places]]


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
