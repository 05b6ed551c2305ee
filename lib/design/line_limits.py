"""Which restrictions of a full matching can be met, and the nearest value of one that cannot.

Two facts carry all of it. A graph of pairs has a choice of pairs with every treated between its bounds and every
control between its own if and only if the treated can have their least without any control above its most, and the
controls their least without any treated above its most (Mendelsohn and Dulmage 1958, for degrees). And on one score
each of these two is the most pairs inside a caliper (line_reach.py)."""

from collections.abc import Callable

import numpy as np

from ..errors import EstimationError
from ..words import counted
from .line_reach import largest_pairs
from .omitted import fraction_for


def check_limits(
    x: np.ndarray, treated: np.ndarray, bounds: tuple[int, int, int], omit: int, width: float | None
) -> None:
    """Raise EstimationError unless the restrictions of `full_pairs` can be met by patients who all have a partner.

    x: float (n,).  treated: bool (n,).  bounds: least and most controls of a treated, most treated of a control.
    omit: controls to leave out.  The hint names the nearest value of the restriction that works, the rest unchanged."""
    least, most, shared = bounds
    n1, n0 = int(treated.sum()), int((~treated).sum())
    reached = largest_pairs(x, treated, most, width)
    if reached < n0 - omit:
        raise _too_few_controls_each(x, treated, most, n0 - omit, n0 - reached, width)
    if least > 1:
        if largest_pairs(x, treated, least, width) < least * n1:
            raise _too_many_controls_each(x, treated, least, width)
    elif largest_pairs(x, ~treated, shared, width) < n1:
        raise _too_few_treated_each(x, treated, shared, width)
    if omit > 0 and shared == 1 and n0 - omit < least * n1:
        raise too_many_left_out(omit, n0 - least * n1, n0, False)


def too_many_left_out(omit: int, possible: int, usable: int, shared: bool) -> EstimationError:
    """The error for an `omit` above what is possible or, with shared controls, above what brings anybody nearer."""
    message = (
        f"Leaving out {counted(omit, 'control')} would only send treated patients to farther ones."
        if shared
        else f"{counted(omit, 'control')} cannot be left out: the treated patients need more than that leaves."
    )
    return EstimationError(
        message, f"Leave out at most {possible:,} (`omit_fraction` {fraction_for(possible, usable)})."
    )


def _too_few_controls_each(
    x: np.ndarray, treated: np.ndarray, most: int, wanted: int, unused: int, width: float | None
) -> EstimationError:
    n0 = int((~treated).sum())
    works = smallest(lambda value: largest_pairs(x, treated, value, width) >= wanted, most + 1, n0)
    return EstimationError(
        f"With at most {counted(most, 'control')} for each treated patient, not every control can be used.",
        f"Set `max_controls` to at least {works:,}, or leave out {counted(unused, 'control')} or more (`omit_fraction` "
        f"{fraction_for(unused, n0)}).",
    )


def _too_many_controls_each(x: np.ndarray, treated: np.ndarray, least: int, width: float | None) -> EstimationError:
    n1 = int(treated.sum())
    fails = smallest(lambda value: largest_pairs(x, treated, value, width) < value * n1, 1, least)
    message = f"Not every treated patient can have {least:,} controls of its own."
    return EstimationError(message, f"Set `min_controls` to at most {max(fails - 1, 1):,}.")


def _too_few_treated_each(x: np.ndarray, treated: np.ndarray, shared: int, width: float | None) -> EstimationError:
    n1 = int(treated.sum())
    works = smallest(lambda value: largest_pairs(x, ~treated, value, width) >= n1, shared + 1, n1)
    return EstimationError(
        f"With at most {shared:,} treated for each control, not every treated patient can be used.",
        f"Set `max_treated` to at least {works:,}.",
    )


def smallest(works: Callable[[int], bool], low: int, high: int) -> int:
    """The smallest value in low..high that works, where all above it work too; `high` is taken to work."""
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if works(middle) else (middle + 1, high)
    return high
