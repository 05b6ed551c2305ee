"""The same counts as pairs: every treated patient repeated once for each of its controls."""

from dataclasses import dataclass

import numpy as np
from scipy.special import bdtr, chdtrc

from .design import TINY, PaperDesign


@dataclass(frozen=True)
class Discordant:
    """Every way in which the pairs can differ.  b: int (K,), pairs in which only the treated patient has the event.
    c: only the control."""

    b: np.ndarray
    c: np.ndarray

    @property
    def mcnemar(self) -> np.ndarray:
        """float (K,): p of (b - c)^2 / (b + c), no continuity correction; NaN where no pair differs."""
        return self._p((self.b - self.c).astype(float))

    @property
    def corrected(self) -> np.ndarray:
        """The same with 1 taken off |b - c|."""
        return self._p(np.maximum(np.abs(self.b - self.c) - 1.0, 0.0))

    @property
    def exact(self) -> np.ndarray:
        """float (K,): twice the smaller binomial tail, at most 1."""
        return np.minimum(1.0, 2 * bdtr(np.minimum(self.b, self.c).astype(float), self.b + self.c, 0.5))

    def _p(self, deviation: np.ndarray) -> np.ndarray:
        differ = self.b + self.c
        p = chdtrc(1, deviation**2 / np.maximum(differ, 1))
        return np.where(differ > 0, np.maximum(p, TINY), np.nan)


def discordant(design: PaperDesign, treated_events: int, control_events: int) -> Discordant:
    """Every way in which the events can fall, as numbers of pairs that differ.

    Of the controls of treated patients with the event there are `own`, of these some have the event too; b is own less
    those, and c the other control events."""
    b, c = [], []
    for own in controls_of_some(design, treated_events):
        least, most = max(0, control_events - (design.total - own)), min(control_events, own)
        with_event = np.arange(least, most + 1)
        b.append(own - with_event)
        c.append(control_events - with_event)
    return Discordant(np.concatenate(b), np.concatenate(c))


def controls_of_some(design: PaperDesign, patients: int) -> list[int]:
    """How many controls so many of the treated patients can have together, ascending."""
    if design.ratio:
        return [patients * design.ratio]
    sums = [1] + [0] * patients  # of each number of patients, bit k: they can have k controls
    for own in design.controls:
        for taken in range(patients, 0, -1):
            sums[taken] |= sums[taken - 1] << own
    return [k for k in range(sums[patients].bit_length()) if sums[patients] >> k & 1]
