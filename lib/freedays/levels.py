"""The levels of a hierarchy: which of two patients fared better, level by level, within matched sets."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from ..errors import SpecError
from ..inference.sets import Blocks
from ..rounding import slack
from ..spec import Outcome, WinLevel

Better = Literal["higher", "lower"]
PAIRS_AT_A_TIME = 1 << 20


@dataclass(frozen=True)
class Level:
    """One outcome of the hierarchy.

    kind: as Outcome.kind.  better: "higher" means that a larger value (or having the event, or having it earlier) is
    the better one.  margin: a continuous difference up to it, and every smaller one, is a tie.
    values: float (n,), the value, 0/1 of a binary outcome, or the time of a survival one; NaN unknown.
    event: float (n,) 0/1/NaN of a survival outcome, else empty.  horizon: later events do not count.
    """

    name: str
    kind: str
    better: Better
    values: np.ndarray
    event: np.ndarray
    margin: float = 0.0
    horizon: float = np.inf

    def verdicts(self, i: np.ndarray, j: np.ndarray) -> np.ndarray:
        """1 where patient i fared better than j, -1 where j did, 0 where they tie or it is not known. int8 (k,)."""
        if self.kind == "survival":
            first = _outlived(self, i, j).astype(np.int8) - _outlived(self, j, i)
            return first if self.better == "lower" else -first
        gap = self.values[i] - self.values[j]
        apart = np.where(np.abs(gap) > self.margin + slack(self.values), np.sign(gap), 0.0).astype(np.int8)
        return apart if self.better == "higher" else -apart

    def unknown(self, i: np.ndarray, j: np.ndarray) -> np.ndarray:
        """bool (k,): one of the two has no value on this level."""
        return np.isnan(self.values[i]) | np.isnan(self.values[j])


def _outlived(level: Level, i: np.ndarray, j: np.ndarray) -> np.ndarray:
    """bool (k,): j had the event by the horizon, and i was still followed then and without it."""
    had = (level.event[j] == 1) & (level.values[j] <= level.horizon + slack(level.values))
    later = level.values[i] > level.values[j]
    same_day = (level.values[i] == level.values[j]) & (level.event[i] == 0)
    return had & (later | same_day)


def level_of(chosen: WinLevel, outcome: Outcome, values: np.ndarray, event: np.ndarray) -> Level:
    """A Level from its settings: the better side is the level's own, else the outcome's.

    Raises SpecError when a continuous outcome does not say which direction is better, or a margin does not apply.
    """
    if outcome.kind != "continuous" and chosen.margin:
        raise SpecError(
            f'The hierarchy gives "{outcome.name}" a margin, which only a number can have.', "Remove the margin."
        )
    better = chosen.better or outcome.good
    if better is None:
        raise SpecError(
            f'The hierarchy does not say whether a higher or a lower "{outcome.name}" is better.',
            'Set `better` of this level, or of the outcome, to "higher" or "lower".',
        )
    horizon = np.inf if outcome.horizon is None else outcome.horizon
    return Level(outcome.name, outcome.kind, better, values, event, chosen.margin, horizon)


@dataclass(frozen=True)
class Pairs:
    """Every two patients of one set, k pairs: positions in block order, first < second. int (k,) each."""

    first: np.ndarray
    second: np.ndarray


def pairs_within(blocks: Blocks) -> Iterator[Pairs]:
    """All unordered pairs within the sets, about PAIRS_AT_A_TIME at a time, sets of one size together."""
    for size in np.unique(blocks.sizes):
        starts = blocks.starts[blocks.sizes == size]
        one, two = np.triu_indices(size, 1)
        step = max(1, PAIRS_AT_A_TIME // len(one))
        for done in range(0, len(starts), step):
            offset = starts[done : done + step, None]
            yield Pairs((offset + one).ravel(), (offset + two).ravel())


def decide(levels: tuple[Level, ...], i: np.ndarray, j: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The hierarchy's verdict on patients i against j, and the level that gave it (-1: none did). int (k,) each."""
    verdict, decided = np.zeros(len(i), dtype=np.int8), np.full(len(i), -1)
    for place, level in enumerate(levels):
        open_pairs = np.flatnonzero(verdict == 0)
        found = level.verdicts(i[open_pairs], j[open_pairs])
        verdict[open_pairs] = found
        decided[open_pairs[found != 0]] = place
    return verdict, decided
