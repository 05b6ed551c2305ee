"""The difference of two risks with limits from those of each arm: Wilson's score limits, put together by their
distances from the risks (MOVER, method of variance estimates recovery).

A weighted arm counts its effective sample size, (sum w)^2 / sum w^2.  No limit lies beyond -1 or 1, and there is one
where nobody, or everybody, of an arm had the event.
Source: Newcombe 1998, Stat Med 17:873, method 10; Donner and Zou 2012, Stat Methods Med Res 21:347.
"""

from dataclasses import dataclass

import numpy as np

from .asymptotic import Z, normal_p
from .roots import brent

LARGEST_Z = 38.0  # beyond, a normal p is 0 in double precision
XTOL = 1e-12  # of z


@dataclass(frozen=True)
class Risk:
    """A risk p, 0 to 1, among n patients, an effective sample size > 0."""

    p: float
    n: float

    def wilson(self, z: float = Z) -> tuple[float, float]:
        """Wilson's score limits, whose normal quantile is z >= 0 (Wilson 1927, J Am Stat Assoc 22:209)."""
        share = z**2 / self.n
        centre = (self.p + share / 2) / (1 + share)
        half = float(np.sqrt(self.p * (1 - self.p) * share + share**2 / 4)) / (1 + share)
        return max(0.0, min(self.p, centre - half)), min(1.0, max(self.p, centre + half))


def difference_limits(treated: Risk, control: Risk, z: float = Z) -> tuple[float, float]:
    """Limits of treated.p - control.p."""
    (low1, high1), (low0, high0) = treated.wilson(z), control.wilson(z)
    difference = treated.p - control.p
    below = float(np.hypot(treated.p - low1, high0 - control.p))
    above = float(np.hypot(high1 - treated.p, control.p - low0))
    return max(-1.0, difference - below), min(1.0, difference + above)


def difference_p(treated: Risk, control: Risk) -> float:
    """Two-sided p of no difference that belongs to these limits: of the z at which one of them is 0."""
    if treated.p == control.p:
        return 1.0
    side = 0 if treated.p > control.p else 1

    def limit(z: float) -> float:
        return difference_limits(treated, control, z)[side] * (1 if side else -1)

    return normal_p(brent(limit, 0.0, LARGEST_Z, XTOL)) if limit(LARGEST_Z) > 0 else 0.0
