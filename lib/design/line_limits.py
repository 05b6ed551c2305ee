"""Which restrictions of a full matching on one score can be met, and the nearest value of one that cannot.

Two facts carry all of it. A graph of pairs has a choice of pairs with every treated between its bounds and every
control between its own if and only if the treated can have their least without any control above its most, and the
controls their least without any treated above its most (Mendelsohn and Dulmage 1958, for degrees). And on one score
each of these two is the most pairs inside a caliper (line_reach.py)."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..words import counted
from .line_reach import largest_pairs
from .omitted import fraction_for
from .refusal import Limits, LimitsError, refusal


def check_limits(
    x: np.ndarray, treated: np.ndarray, limits: Limits, width: float | None, most_out: Callable[[Limits], int]
) -> None:
    """Raise LimitsError unless the limits can be kept by patients who all have a partner. Whether too many are to be
    left out where controls may be shared is for line_omit.py to find.

    x: float (n,).  treated: bool (n,).  The error names the nearest value that works (see `refusal`).
    most_out: the most controls that can be left out where they may be shared; asked for the error only."""
    reach = _Reach(x, treated, width, most_out)
    if not reach.enough(limits):
        raise refusal(limits, reach.sizes, reach.feasible, reach.fewest, reach.other_way(limits))


@dataclass(frozen=True)
class _Reach:
    """Patients on a line who all have a partner inside the width (None: any distance)."""

    x: np.ndarray
    treated: np.ndarray
    width: float | None
    most_out: Callable[[Limits], int]

    @property
    def sizes(self) -> tuple[int, int]:
        """Treated and controls."""
        return int(self.treated.sum()), int((~self.treated).sum())

    def unused(self, limits: Limits) -> int:
        """Controls that the treated cannot take in, each having at most as many as the limits say."""
        return self.sizes[1] - largest_pairs(self.x, self.treated, limits.bounds(self.sizes)[1], self.width)

    def feasible(self, limits: Limits) -> bool:
        """Whether the limits can be kept, and no control is left out that brings others farther."""
        if not self.enough(limits):
            return False
        return not limits.omit or limits.bounds(self.sizes)[2] == 1 or limits.omit <= self.most_out(limits)

    def enough(self, limits: Limits) -> bool:
        """Whether the limits can be kept by leaving out `omit` controls or, where they may be shared, fewer."""
        least, most, shared = limits.bounds(self.sizes)
        (n1, n0), own = self.sizes, shared == 1
        if least > most or (own and n0 - limits.omit < least * n1) or self.unused(limits) > limits.omit:
            return False
        if own:
            return largest_pairs(self.x, self.treated, least, self.width) == least * n1
        return largest_pairs(self.x, ~self.treated, shared, self.width) == n1

    def fewest(self, limits: Limits) -> int | None:
        """The fewest controls that must be omitted under the other limits; None where no number helps."""
        omit = self.unused(limits)
        return omit if self.feasible(limits._replace(omit=omit)) else None

    def other_way(self, limits: Limits) -> str:
        """What else could be done, as `refusal` says it."""
        omit = self.fewest(limits)
        if omit is not None and omit > limits.omit:
            return f", or leave out {counted(omit, 'control')} (`omit_fraction` {fraction_for(omit, self.sizes[1])})"
        return "" if self.width is None else ", or widen the caliper"


def too_many_left_out(omit: int, possible: int, usable: int) -> LimitsError:
    """The error for an `omit` above what brings anybody nearer, where controls may be shared."""
    return LimitsError(
        f"Leaving out {counted(omit, 'control')} would only send treated patients to farther ones.",
        f"Leave out at most {possible:,} (`omit_fraction` {fraction_for(possible, usable)}).",
    )
