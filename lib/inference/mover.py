"""The difference of two shares with limits from those of each arm, put together by their distances from the shares
(MOVER, method of variance estimates recovery); of risks from Wilson's score limits.

A weighted arm counts its effective sample size, (sum w)^2 / sum w^2.  No limit lies beyond -1 or 1, and there is one
where nobody, or everybody, of an arm had the event.
Source: Newcombe 1998, Stat Med 17:873, method 10; Donner and Zou 2012, Stat Methods Med Res 21:347.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from .asymptotic import Z, normal_p
from .roots import brent

LARGEST_Z = 38.0  # beyond, a normal p is 0 in double precision
XTOL = 1e-12  # of z


class Arm(Protocol):
    """One arm.  share: 0 to 1.  limits: of it at a normal quantile z >= 0, within 0 and 1."""

    @property
    def share(self) -> float: ...

    def limits(self, z: float = Z) -> tuple[float, float]: ...


@dataclass(frozen=True)
class Risk:
    """A risk p, 0 to 1, among n patients, an effective sample size > 0."""

    p: float
    n: float

    @property
    def share(self) -> float:
        """The risk."""
        return self.p

    def limits(self, z: float = Z) -> tuple[float, float]:
        """Wilson's."""
        return self.wilson(z)

    def wilson(self, z: float = Z) -> tuple[float, float]:
        """Wilson's score limits, whose normal quantile is z >= 0 (Wilson 1927, J Am Stat Assoc 22:209)."""
        share = z**2 / self.n
        centre = (self.p + share / 2) / (1 + share)
        half = float(np.sqrt(self.p * (1 - self.p) * share + share**2 / 4)) / (1 + share)
        return max(0.0, min(self.p, centre - half)), min(1.0, max(self.p, centre + half))


def difference_limits(treated: Arm, control: Arm, z: float = Z) -> tuple[float, float]:
    """Limits of treated.share - control.share."""
    (low1, high1), (low0, high0) = treated.limits(z), control.limits(z)
    difference = treated.share - control.share
    below = float(np.hypot(treated.share - low1, high0 - control.share))
    above = float(np.hypot(high1 - treated.share, control.share - low0))
    return max(-1.0, difference - below), min(1.0, difference + above)


def difference_p(treated: Arm, control: Arm) -> float:
    """Two-sided p of no difference that belongs to these limits: of the z at which one of them is 0."""
    if treated.share == control.share:
        return 1.0
    side = 0 if treated.share > control.share else 1

    def limit(z: float) -> float:
        return difference_limits(treated, control, z)[side] * (1 if side else -1)

    if limit(0.0) >= 0:  # an arm whose limits do not close in on its share at any z
        return 1.0
    return normal_p(brent(limit, 0.0, LARGEST_Z, XTOL)) if limit(LARGEST_Z) > 0 else 0.0
