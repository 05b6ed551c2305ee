"""Where the flow over the line has edges wider than the caliper: solved again, and only as much of it as needed.

The programme of line_exact.py is slow on many patients, so it gets a window around the edges that are too wide, with
s at its ends as it was. That the rest may stay as it is needs a proof: prices of s over the gaps, at which the flow is
the cheapest everywhere. If the window, allowed any s at its ends at these prices, is no cheaper than it is, the whole
is optimal (weak duality, every window for itself); otherwise the window is widened."""

from dataclasses import dataclass, replace

import numpy as np

from .line_exact import Border, exact_degrees
from .line_reach import first_within

FIRST = 100  # patients on either side of the first window; then twice as many each time
TIED = 1e-9  # of the range and the cost: what the programme's tolerance may leave between equal costs


@dataclass(frozen=True)
class Flow:
    """One piece of the line and how its flow was made.  x, treated, bounds, width: see Line.  price: see line_degrees.
    capped: whether s was kept to what patients inside the caliper can open."""

    x: np.ndarray
    treated: np.ndarray
    bounds: tuple[int, int, int]
    width: float
    price: float | None
    capped: bool


def repair(flow: Flow, degree: np.ndarray) -> np.ndarray:
    """Degrees of the cheapest matching inside the caliper, from those of the cheapest flow: int (n,)."""
    todo = [(start, stop, FIRST) for start, stop in _too_wide(flow, degree)]
    price_of_s = prices(flow, degree)
    before, degree = degree, degree.copy()
    done: list[tuple[int, int]] = []
    while todo:
        start, stop, margin = todo.pop()
        first, last = max(start - margin, 0), min(stop + margin, len(degree) - 1)
        if last - first > len(degree) // 2:  # then the whole is hardly dearer, and needs no proof
            first, last = 0, len(degree) - 1
        for other in [w for w in done if w[0] <= last + 1 and first <= w[1] + 1]:
            done.remove(other)
            first, last = min(first, other[0]), max(last, other[1])
        rows = slice(first, last + 1)
        degree[rows] = before[rows]
        solved = _window(flow, degree, price_of_s, rows)
        if solved is None:
            todo.append((first, last, max(2 * margin, last - first)))
            continue
        degree[rows] = solved
        done.append((first, last))
        todo = [w for w in todo if w[0] < first or w[1] > last]
    return degree


def _window(flow: Flow, degree: np.ndarray, price_of_s: np.ndarray, rows: slice) -> np.ndarray | None:
    """Degrees of one window, s at its ends as it was and all pairs inside the caliper; None if there are none or it
    would be cheaper with another s at its ends, whatever crosses them."""
    problem = flow.x[rows], flow.treated[rows], flow.bounds, flow.width, flow.price
    is_first, is_last = rows.start == 0, rows.stop == len(flow.x)
    border = Border() if is_first and is_last else _border(flow, degree, price_of_s, rows)
    solved, closed = exact_degrees(*problem, border=border)
    if is_first and is_last:
        return solved
    if np.isinf(closed):
        return None
    start, end = border.start if is_first else None, border.end if is_last else None
    open_ended = replace(border, start=start, end=end, floors=None, ceilings=None)
    _, opened = exact_degrees(*problem, border=open_ended)
    return solved if opened >= closed - TIED * (abs(closed) + flow.x[-1] - flow.x[0]) else None


def _border(flow: Flow, degree: np.ndarray, price_of_s: np.ndarray, rows: slice) -> Border:
    """The ends of a window, counted from the smaller of T and C before it."""
    first, last = rows.start, rows.stop - 1
    t, c = (np.append(0, np.cumsum(np.where(arm, degree, 0))) for arm in (flow.treated, ~flow.treated))
    base = min(t[first], c[first])
    reach = first_within(flow.x, flow.x, flow.width)
    own = reach[rows]
    later = np.arange(last + 1, np.searchsorted(reach, last + 1, side="right"))
    floor_t, floor_c = (np.where(own <= first, other[np.minimum(own, first)] - base, 0) for other in (c, t))
    ceiling_t, ceiling_c = (
        np.column_stack([_place(reach[later], mine, base, first), other[later] - other[last + 1]])
        for mine, other in ((t, c), (c, t))
    )
    gap = float(flow.x[first] - flow.x[first - 1]) if first else 0.0
    return Border(
        start=(int(t[first] - base), int(c[first] - base)),
        end=int(t[last + 1] - c[last + 1]),
        before=float(price_of_s[first - 1]) if first else 0.0,
        gap=gap,
        after=float(price_of_s[last]),
        floors=(floor_t, floor_c),
        ceilings=(ceiling_t, ceiling_c),
    )


def _place(reach: np.ndarray, mine: np.ndarray, base: int, first: int) -> np.ndarray:
    """For patients after the window, whose caliper begins at `reach`: the place in the window before that; or, where it
    lies before the window, -1 - (edges begun until then, counted from base, at least 0)."""
    known = -1 - np.maximum(mine[np.minimum(reach, first)] - base, 0)
    return np.where(reach > first, reach - 1 - first, known)


def _too_wide(flow: Flow, degree: np.ndarray) -> list[tuple[int, int]]:
    """First and last patient of each pair outside the caliper."""
    places = np.repeat(np.arange(len(degree)), degree)
    t, c = places[flow.treated[places]], places[~flow.treated[places]]
    wrong = np.abs(flow.x[t] - flow.x[c]) > flow.width
    return list(zip(np.minimum(t, c)[wrong].tolist(), np.maximum(t, c)[wrong].tolist(), strict=True))


def prices(flow: Flow, degree: np.ndarray) -> np.ndarray:
    """A price of s after each patient at which this flow is the cheapest: float (n,).

    Every patient's price lies in an interval given by its degree, and changes over a gap by its length, up where s is
    positive, down where it is negative, by at most its length where it is 0, and without limit on the side where s is
    as far as it may go. Forward the prices that can be reached, backward one of them, in the middle where there is a
    choice."""
    low, high = _own_interval(flow, degree)
    down, up = _over_gaps(flow, np.cumsum(np.where(flow.treated, degree, -degree)))
    for i, (d, u) in enumerate(zip(down, up, strict=True)):
        low[i + 1], high[i + 1] = max(low[i + 1], low[i] + d), min(high[i + 1], high[i] + u)
        if low[i + 1] > high[i + 1]:  # by rounding
            low[i + 1] = high[i + 1] = (low[i + 1] + high[i + 1]) / 2
    price = [0.0] * len(low)
    price[-1] = _middle(low[-1], high[-1])
    for i in range(len(low) - 2, -1, -1):
        price[i] = _middle(max(low[i], price[i + 1] - up[i]), min(high[i], price[i + 1] - down[i]))
    return np.array(price)


def _middle(low: float, high: float) -> float:
    if np.isfinite(low) and np.isfinite(high):
        return (low + high) / 2
    return min(max(0.0, low), high)


def _own_interval(flow: Flow, degree: np.ndarray) -> tuple[list[float], list[float]]:
    """Prices of s just after each patient at which it wants neither one edge more nor one fewer."""
    least, most, shared = flow.bounds
    first = np.inf if flow.price is None else flow.price
    further = min(first, 0.0)
    low, high = np.full(len(degree), -np.inf), np.full(len(degree), np.inf)
    high[flow.treated & (degree < most)] = 0.0
    low[flow.treated & (degree > least)] = 0.0
    control = ~flow.treated
    low[control & (degree < shared)] = further
    low[control & (degree == 0)] = first
    high[control & (degree > 1)] = further
    high[control & (degree == 1)] = first
    return low.tolist(), high.tolist()


def _over_gaps(flow: Flow, s: np.ndarray) -> tuple[list[float], list[float]]:
    """Least and largest change of the price over each gap."""
    gap, s = np.diff(flow.x), s[:-1]
    down, up = np.where(s > 0, gap, -gap), np.where(s < 0, -gap, gap)
    if flow.capped:
        first = first_within(flow.x, flow.x, flow.width)[1:]
        treated = np.append(0, np.cumsum(flow.treated))
        end = np.arange(1, len(flow.x))
        inside = treated[end] - treated[first]
        up[s >= flow.bounds[1] * inside] = np.inf
        down[s <= -flow.bounds[2] * (end - first - inside)] = -np.inf
    return down.tolist(), up.tolist()
