"""Full matching that leaves out a given number of controls.

With a price on every control left out the flow over the line solves the problem as it is; the higher the price, the
fewer are left out, and the least total is a convex function of their number. So two prices close in on the number
wanted (Eisner and Severance 1976). Where no price gives it, two matchings are both cheapest at one price, one with more
left out and one with fewer, and one between them is as cheap: flows that are cheapest at one price are closed under
s -> min(s1 + a, s2) (discrete midpoint convexity, Murota 2003), which changes the number in steps of one."""

from dataclasses import dataclass

import numpy as np

from .line_exact import exact_degrees
from .line_limits import too_many_left_out
from .line_pieces import Line, cheapest, partner_distance

TIED = 1e-11  # of the total: two matchings differ by less than this only by rounding
FINEST = 1e-6  # of the range of x: where the search for a price starts at least
HARDLY = 1e-11  # of the range of x: a price that only decides between equal totals


@dataclass(frozen=True)
class Answer:
    """degree, exact: see `cheapest`; n_out: controls left out; total: the distance."""

    degree: np.ndarray
    exact: np.ndarray
    n_out: int
    total: float


def degrees_leaving_out(line: Line, omit: int) -> np.ndarray:
    """Edges of each patient, int (n,), exactly `omit` controls having none: the least total distance for that.

    omit: at least the number that the bounds force (check_limits has looked).
    Raises EstimationError where `omit` is above the largest number with the least total of all; where no control may be
    shared, above the largest number possible."""
    ends = line.ends
    more, fewer, prices = _bracket(line, ends, omit, _lowest(line), 2 * float(line.x[-1] - line.x[0]) + 0.5)
    return _close_in(line, ends, omit, more, fewer, prices)


def most_left_out(line: Line) -> int:
    """The largest `omit` that degrees_leaving_out takes, the bounds permitting."""
    return _answer(line, line.ends, _lowest(line)).n_out


def _lowest(line: Line) -> float:
    """The price at which as many controls as ever are left out."""
    scale = float(line.x[-1] - line.x[0])
    return -(2 * scale + 0.5) if line.bounds[2] == 1 else -HARDLY * (scale or 1.0)


def _bracket(
    line: Line, ends: np.ndarray, omit: int, lowest: float, highest: float
) -> tuple[Answer, Answer, list[float]]:
    """Answers with at least and with at most `omit` controls left out, and their prices.

    Without limits the controls left out are those farther from their nearest treated than the price, so the search
    starts where so many are, and goes up or down in growing steps."""
    own = np.sort(partner_distance(line.x, line.treated)[~line.treated])
    price = max(float(own[max(len(own) - omit - 1, 0)]), FINEST * (line.x[-1] - line.x[0]), HARDLY)
    answer, factor = _answer(line, ends, price), 1.25
    upwards = answer.n_out > omit
    while True:
        last, last_price = answer, price
        price = min(price * factor, highest) if upwards else price / factor
        if price < FINEST * FINEST * highest:
            price = lowest
        answer, factor = _answer(line, ends, price), factor * factor
        if upwards and (answer.n_out <= omit or price == highest):
            return last, answer, [last_price, price]
        if not upwards and answer.n_out >= omit:
            return answer, last, [price, last_price]
        if price == lowest:
            raise too_many_left_out(omit, answer.n_out, int((~line.treated).sum()))


def _close_in(line: Line, ends: np.ndarray, omit: int, more: Answer, fewer: Answer, prices: list[float]) -> np.ndarray:
    """From answers on either side to the one wanted. The price at which both cost the same is tried in turn with the
    middle of the prices, so that the number of trials stays small whatever the shape of the totals."""
    in_middle = False
    while True:
        for answer in (more, fewer):
            if answer.n_out == omit:
                return answer.degree
        equal = (fewer.total - more.total) / (more.n_out - fewer.n_out)
        price = sum(prices) / 2 if in_middle else equal
        trial = _answer(line, ends, price)
        cost = more.total + equal * more.n_out
        tied = trial.total + equal * trial.n_out >= cost - TIED * (abs(cost) + trial.total)
        if not in_middle and (tied or trial.n_out in (more.n_out, fewer.n_out)):
            return _between(line, ends, omit, more, fewer)
        if trial.n_out >= omit:
            more, prices[0] = trial, max(price, prices[0])
        else:
            fewer, prices[1] = trial, min(price, prices[1])
        in_middle = not in_middle


def _answer(line: Line, ends: np.ndarray, price: float) -> Answer:
    degree, exact = cheapest(line, ends, price)
    open_over = np.cumsum(np.where(line.treated, degree, -degree))
    total = float(np.sum(np.diff(line.x) * np.abs(open_over[:-1])))
    return Answer(degree, exact, _n_out(line.treated, degree), total)


def _n_out(treated: np.ndarray, degree: np.ndarray) -> int:
    return int((degree[~treated] == 0).sum())


def _between(line: Line, ends: np.ndarray, omit: int, more: Answer, fewer: Answer) -> np.ndarray:
    """Degrees with exactly `omit` controls left out, from two answers of one price with more and with fewer.

    Pieces that needed the linear programme are solved once more with a number between their two; the rest is mixed."""
    exact = more.exact | fewer.exact
    degree = fewer.degree.copy()
    need = omit - fewer.n_out
    free_to_mix = np.where(exact, fewer.degree, more.degree)
    gained = _n_out(line.treated, free_to_mix) - fewer.n_out
    if gained > 0:
        degree = _mix(line.treated, free_to_mix, fewer.degree, fewer.n_out + min(need, gained))
        need -= min(need, gained)
    stops = np.flatnonzero(ends) + 1
    for start, stop in zip([0, *stops[:-1].tolist()], stops.tolist(), strict=True):
        if need <= 0:
            break
        if exact[start]:
            need -= _leave_more_out(line, slice(start, stop), degree, more.degree, need)
    return degree


def _leave_more_out(line: Line, rows: slice, degree: np.ndarray, more: np.ndarray, need: int) -> int:
    """Leave up to `need` more controls out of one piece, in place; returns how many."""
    treated = line.treated[rows]
    now, possible = _n_out(treated, degree[rows]), _n_out(treated, more[rows])
    gained = min(need, max(possible - now, 0))
    if gained:
        degree[rows], _ = exact_degrees(line.x[rows], treated, line.bounds, line.width, n_out=now + gained)
    return gained


def _mix(treated: np.ndarray, one: np.ndarray, other: np.ndarray, n_out: int) -> np.ndarray:
    """Degrees between two of one cost, of which one has at least and the other at most `n_out` controls left out."""
    sign = np.where(treated, 1, -1)

    def out(s: np.ndarray) -> int:
        return _n_out(treated, sign * np.diff(s, prepend=0))

    low, high = np.cumsum(sign * one), np.cumsum(sign * other)
    upper = np.maximum(low, high)
    start, goal = (low, upper) if _spans(out(low), out(upper), n_out) else (high, upper)
    step = _crossing(lambda a: out(np.minimum(start + a, goal)), n_out, int((goal - start).max()))
    base = np.minimum(start + step, goal)
    risen = np.minimum(start + step + 1, goal) - base
    number = np.cumsum(np.diff(risen, prepend=0) == 1)
    runs = _crossing(lambda k: out(base + risen * (number <= k)), n_out, int(number[-1]))
    s = base + risen * (number <= runs)
    if out(s) != n_out:
        s = base + risen * (number <= runs + 1)
    return sign * np.diff(s, prepend=0)


def _spans(a: int, b: int, value: int) -> bool:
    return min(a, b) <= value <= max(a, b)


def _crossing(count, value: int, last: int) -> int:
    """The largest step found by bisection such that count(step) and count(step + 1) span the value; 0..last."""
    low, high = 0, last
    rising = count(0) <= value <= count(last)
    while high - low > 1:
        middle = (low + high) // 2
        if (count(middle) <= value) == rising:
            low = middle
        else:
            high = middle
    return low
