"""What a design can show before any outcome is opened: the smallest p that the exact test by set can reach.

A fall is one way in which deaths among the controls can lie over the sets, no treated patient having died.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from math import comb, factorial, prod

import numpy as np

from ..errors import EstimationError
from .engine import events_distribution
from .placements import all_ways, ways_at_most

MOST_FALLS = 5000  # tried one by one; a fall costs about 50 microseconds
ALPHA = 0.05


@dataclass(frozen=True)
class Fall:
    """One way in which the control deaths fall over the sets.

    per_set: deaths among each set's controls, sets of equal size in descending order.
    p_value: exact_by_set (minlike) with no treated death.  ways: choices of the patients who die that look like this.
    share: ways / all choices of as many controls.
    """

    per_set: tuple[int, ...]
    p_value: float
    ways: int
    share: float


def falls(controls: Sequence[int], control_events: int) -> tuple[Fall, ...]:
    """Every distinct fall over sets with these numbers of controls, smallest p first (ties: the most concentrated).

    Sets of equal size are interchangeable; larger sets stand first in `per_set`.  Raises EstimationError when there are
    more deaths than controls, or more than MOST_FALLS falls.
    """
    total, layout = sum(controls), sorted(controls, reverse=True)
    if not 0 <= control_events <= total:
        raise EstimationError(
            f"{control_events} deaths cannot fall among {total} controls.",
            "Choose a number from 0 to that of the controls.",
        )
    if ways_at_most(layout, control_events, 0) > MOST_FALLS:
        raise EstimationError(
            f"The deaths can fall over these sets in more than {MOST_FALLS:,} ways.",
            "Choose fewer deaths or fewer sets; designs of this size can reach any p.",
        )
    every = all_ways(layout, control_events, 0)
    made = [_fall(layout, every.per_set(way)) for way in range(len(every))]
    return tuple(sorted(made, key=lambda fall: (fall.p_value, tuple(-d for d in fall.per_set))))


def _fall(layout: Sequence[int], per_set: tuple[int, ...]) -> Fall:
    ways = _ways(layout, per_set)
    return Fall(per_set, fall_p(layout, per_set), ways, ways / comb(sum(layout), sum(per_set)))


def fall_p(controls: Sequence[int], per_set: Sequence[int]) -> float:
    """exact_by_set (minlike) when no treated patient and this many controls of each set had the event."""
    deaths, sizes = np.array(per_set, dtype=np.int64), np.array(controls, dtype=np.int64) + 1
    return events_distribution(deaths, sizes).minlike(0)


def smallest_p(controls: Sequence[int], control_events: int) -> Fall:
    """The fall with the smallest attainable p. Raises as `falls`."""
    return falls(controls, control_events)[0]


def fewest_events(controls: Sequence[int], alpha: float = ALPHA) -> Fall | None:
    """The fall with the fewest control deaths that can reach p <= alpha without a treated death; None if none can.

    controls: controls of each set.  8 sets of 1:3 need 7 deaths at 5%, all in three sets. Raises as `falls`.
    """
    for deaths in range(1, sum(controls) + 1):
        best = smallest_p(controls, deaths)
        if best.p_value <= alpha:
            return best
    return None


def _ways(layout: Sequence[int], per_set: Sequence[int]) -> int:
    """Choices of the dying controls with this fall: who dies in a set, times which set of a size takes which number."""
    ways = prod(comb(size, deaths) for size, deaths in zip(layout, per_set, strict=True))
    for _, group in groupby(zip(layout, per_set, strict=True), key=lambda pair: pair[0]):
        numbers = Counter(deaths for _, deaths in group)
        ways *= factorial(numbers.total()) // prod(factorial(n) for n in numbers.values())
    return ways
