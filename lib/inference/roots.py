"""Brent's root finder (Brent 1973, Algorithms for Minimization without Derivatives, chapter 4).

Step by step what scipy.optimize.brentq does, so that every root is the same number; importing scipy.optimize for it
would take a third of a second of every run.
"""

import math
from collections.abc import Callable

MOST_STEPS = 100
RTOL = 4 * math.ulp(1.0)


def brent(function: Callable[[float], float], low: float, high: float, xtol: float, rtol: float = RTOL) -> float:
    """A zero of a continuous function between `low` and `high`, where its signs differ, to xtol + rtol x |zero|.

    Raises ValueError when the signs do not differ, RuntimeError when MOST_STEPS do not suffice.
    """
    before, at, f_before, f_at = low, high, function(low), function(high)
    if f_before == 0 or f_at == 0:
        return before if f_before == 0 else at
    if (f_before < 0) == (f_at < 0):
        raise ValueError("The function has one sign at both ends.")
    across = f_across = step = last_step = 0.0  # across: the point on the other side of the zero
    for _ in range(MOST_STEPS):
        if f_before != 0 and f_at != 0 and (f_before < 0) != (f_at < 0):
            across, f_across = before, f_before
            step = last_step = at - before
        if abs(f_across) < abs(f_at):
            before, at, across = at, across, at
            f_before, f_at, f_across = f_at, f_across, f_at
        tolerance, half = (xtol + rtol * abs(at)) / 2, (across - at) / 2
        if f_at == 0 or abs(half) < tolerance:
            return at
        tried = math.inf
        if abs(last_step) > tolerance and abs(f_at) < abs(f_before):
            tried = _interpolated((before, f_before), (at, f_at), (across, f_across))
        if 2 * abs(tried) < min(abs(last_step), 3 * abs(half) - tolerance):
            last_step, step = step, tried
        else:
            last_step = step = half
        before, f_before = at, f_at
        at += step if abs(step) > tolerance else math.copysign(tolerance, half)
        f_at = function(at)
    raise RuntimeError(f"No zero was found in {MOST_STEPS} steps.")


def _interpolated(before: tuple[float, float], at: tuple[float, float], across: tuple[float, float]) -> float:
    """The step from `at` to the zero of the line through two points, or of the inverse parabola through three;
    infinite where there is none."""
    (x1, f1), (x, f), (x2, f2) = before, at, across
    if x1 == x2:
        return -f * (x - x1) / (f - f1)
    slope1, slope2 = (f1 - f) / (x1 - x), (f2 - f) / (x2 - x)
    below = slope2 * slope1 * (f2 - f1)
    return -f * (f2 * slope2 - f1 * slope1) / below if below else math.inf
