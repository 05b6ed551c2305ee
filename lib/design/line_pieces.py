"""One full matching problem on the sorted line: cut into pieces, solved piece by piece."""

from dataclasses import dataclass

import numpy as np

from .line_flow import line_degrees
from .line_repair import Flow, repair

SAME = 1e-9  # of the range of x: sums of distances are compared, and a cut is made only with this much to spare


@dataclass(frozen=True)
class Line:
    """x: float (n,), sorted; treated: bool (n,); width: inf = no caliper; bounds: least and most edges of a treated,
    most edges of a control, all finite; free: no limit but that every patient has an edge."""

    x: np.ndarray
    treated: np.ndarray
    width: float
    bounds: tuple[int, int, int]
    free: bool

    @property
    def ends(self) -> np.ndarray:
        """Where the line may be cut: bool (n,), True after the last patient of each piece."""
        return _free_ends(self) if self.free else np.append(np.diff(self.x) > self.width, True)


def cheapest(line: Line, ends: np.ndarray, price: float | None = None) -> tuple[np.ndarray, np.ndarray]:
    """Edges of each patient, int (n,), and whether its piece needed the linear programme, bool (n,).

    ends: bool (n,), the pieces.  price: of leaving a control out, see line_degrees; None = it may not be left out.
    The bounds can be met (line_limits.py)."""
    piece = np.cumsum(ends) - ends
    degree = np.zeros(len(line.x), dtype=int)
    rest = np.arange(len(line.x))
    if line.free and (price is None or price >= 0):
        rest = _simple(line, piece, degree, np.inf if price is None else price)
    width = np.inf if line.free else line.width
    degree[rest] = line_degrees(line.x[rest], line.treated[rest], line.bounds, price, ends[rest], width)
    return degree, _put_inside(line, degree, piece, price)


def _simple(line: Line, piece: np.ndarray, degree: np.ndarray, price: float) -> np.ndarray:
    """Fill in the pieces with one treated or one control, and return the positions of the others.

    In a piece with one treated, controls farther away than `price` are left out, but for the nearest."""
    n1, n0 = (np.bincount(piece, arm)[piece].astype(int) for arm in (line.treated, ~line.treated))
    simple = (n1 == 1) | (n0 == 1)
    used = simple & ~line.treated
    if np.isfinite(price):
        distance = partner_distance(line.x, line.treated)
        used &= (distance <= price) | _nearest(piece, np.where(line.treated, np.inf, distance))
    n_used = np.bincount(piece, used)[piece].astype(int)
    own = np.where(line.treated, np.where(n0 == 1, 1, n_used), np.where(n0 == 1, n1, 1))
    degree[simple] = np.where(line.treated | used, own, 0)[simple]
    return np.flatnonzero(~simple)


def _nearest(piece: np.ndarray, distance: np.ndarray) -> np.ndarray:
    """The first with the smallest distance in each piece: bool (n,).  piece: sorted, 0, 1, ..."""
    order = np.lexsort((distance, piece))
    first = np.searchsorted(piece, np.arange(piece[-1] + 1))
    result = np.zeros(len(piece), dtype=bool)
    result[order[first]] = True
    return result


def _put_inside(line: Line, degree: np.ndarray, piece: np.ndarray, price: float | None) -> np.ndarray:
    """Solve again, exactly, every piece that has a pair outside the caliper. Returns which patients that concerned."""
    t, c = in_order(line.treated, degree)
    wrong = np.abs(line.x[t] - line.x[c]) > line.width
    again = np.zeros(len(piece), dtype=bool)
    for number in np.unique(piece[t[wrong]]).tolist():
        rows = slice(*np.searchsorted(piece, [number, number + 1]))
        flow = Flow(line.x[rows], line.treated[rows], line.bounds, line.width, price, capped=not line.free)
        degree[rows] = repair(flow, degree[rows])
        again[rows] = True
    return again


def _free_ends(line: Line) -> np.ndarray:
    """Where the line may be cut, without limits: bool (n,), True after the last patient of each piece.

    An edge longer than the two patients' distances to their nearest partners together is never needed: each could go to
    its nearest instead. So a gap that no shorter pair spans has nothing open over it."""
    reach = partner_distance(line.x, line.treated) + SAME * (line.x[-1] - line.x[0])
    crossed = np.zeros(len(line.x) - 1, dtype=bool)
    for arm in (line.treated, ~line.treated):
        highest = np.maximum.accumulate(np.where(arm, line.x + reach, -np.inf))
        lowest = np.minimum.accumulate(np.where(arm, np.inf, line.x - reach)[::-1])[::-1]
        crossed |= highest[:-1] >= lowest[1:]
    return np.append(~crossed, True)


def partner_distance(x: np.ndarray, treated: np.ndarray) -> np.ndarray:
    """Distance to the nearest patient of the other arm: float (n,), infinite where there is none; x sorted."""
    distance = np.full(len(x), np.inf)
    for arm in (treated, ~treated):
        values, own = x[~arm], x[arm]
        if len(values):
            place = np.searchsorted(values, own)
            lower, upper = values[np.maximum(place - 1, 0)], values[np.minimum(place, len(values) - 1)]
            distance[arm] = np.minimum(np.abs(own - lower), np.abs(upper - own))
    return distance


def in_order(treated: np.ndarray, degree: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Places of the treated paired with places of the controls, both in order: two int arrays of positions."""
    places = np.repeat(np.arange(len(treated)), degree)
    return places[treated[places]], places[~treated[places]]
