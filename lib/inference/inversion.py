"""The end of an interval by inversion: the last of many ordered hypotheses that a test accepts."""

from collections.abc import Callable

ALPHA = 0.05  # a hypothesis is accepted when its two-sided p is above
BEYOND = 6  # hypotheses looked at beyond a limit


def furthest(accepted: Callable[[int], bool], inside: int, end: int) -> int:
    """The accepted position furthest from `inside` (accepted) towards `end`: by halving, then looking a little beyond.

    Around a limit p need not fall at every step, because the test's distribution moves too; the interval is taken to
    the last accepted position within BEYOND positions of a refused one.
    """
    if accepted(end):
        return end
    outside = end
    while abs(outside - inside) > 1:
        middle = (outside + inside) // 2
        outside, inside = (outside, middle) if accepted(middle) else (middle, inside)
    step = 1 if end > inside else -1
    further = [at for at in range(outside + step, end, step)[:BEYOND] if accepted(at)]
    return further[-1] if further else inside
