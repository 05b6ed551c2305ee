"""The exact p by set over every way in which printed events can have fallen over the sets."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.special import chdtrc

from ..errors import EstimationError
from ..inference.design_power import ALPHA
from ..inference.engine import share_of
from ..inference.placements import (
    Chances,
    Ways,
    all_ways,
    chances,
    even_placements,
    neighbours,
    placements,
    simplest_ways,
    spread,
    ways_at_most,
)
from .design import TINY, PaperDesign

MOST_WORK = 1e8  # additions, about: half a second
FEWEST_TRIED = 200
MOST_TRIED = 1000


@dataclass(frozen=True)
class SetRange:
    """p over the ways in which the events can have fallen.

    ways, found: the ways that were tried and their p.  complete: whether these are all of them; if not, the true range
        is at least as wide.
    placements: in how many ways the events can fall, sets of a size being interchangeable.
    """

    ways: Ways
    found: Chances
    complete: bool
    placements: int

    @property
    def p_low(self) -> float:
        """The smallest p that was found."""
        return max(TINY, float(self.found.p.min()))

    @property
    def p_high(self) -> float:
        """The largest."""
        return max(TINY, float(self.found.p.max()))

    @property
    def below(self) -> float:
        """Of all choices of patients with the event, the share with p at most ALPHA; NaN where not all were tried."""
        return share_of(self.found.share, self.found.p <= ALPHA) if self.complete else float("nan")

    @property
    def cmh(self) -> np.ndarray:
        """float (P,): p of Cochran-Mantel-Haenszel by set, no continuity correction; NaN where no set speaks."""
        variance = spread(self.ways)
        gap = self.ways.treated_events - self.ways.counts @ (self.ways.events / self.ways.sizes)
        return np.where(variance > 0, chdtrc(1, gap**2 / np.where(variance > 0, variance, 1)), np.nan)

    def example(self, lowest: bool) -> tuple[int, ...]:
        """Events of each set, treated and controls together, in the way with the lowest or the highest p."""
        at = np.argmin(self.found.p) if lowest else np.argmax(self.found.p)
        return self.ways.per_set(int(at))


def set_range(design: PaperDesign, treated_events: int, control_events: int) -> SetRange:
    """All ways where there are few enough. Of equal sets otherwise those that put the events together, spread them
    evenly, and lie between, and from there step by step to a lower and a higher p; where all ways are known too, this
    finds their lowest and their highest p nearly always (tests/check). Raises EstimationError for too many ways over
    sets of different sizes."""
    events = treated_events + control_events
    most = ways_at_most(design.controls, events, treated_events)
    complete = most * _work(design) <= MOST_WORK
    if complete:
        ways = all_ways(design.controls, events, treated_events)
        return SetRange(ways, chances(ways), True, placements(ways))
    if design.ratio is None:
        raise EstimationError(
            "The events can fall over sets of so many sizes in too many ways to try them all.",
            "Give the ratio that most sets have, or check fewer sets.",
        )
    many = max(FEWEST_TRIED, min(MOST_TRIED, int(MOST_WORK / _work(design))))
    ways = _some(simplest_ways(design.ratio + 1, design.treated, events, treated_events), many)
    ways = _climbed(_climbed(ways, many, np.argmin), many, np.argmax)
    count = even_placements(design.ratio, design.treated, control_events, treated_events)
    return SetRange(ways, chances(ways), False, count)


def _work(design: PaperDesign) -> int:
    """Additions for one way, about; pairs need one binomial distribution."""
    return design.treated ** (2 if design.controls[0] > 1 else 1)


def _some(ways: Ways, many: int) -> Ways:
    """At most so many, from the way in which the sets differ most to that in which they differ least."""
    order = np.argsort(spread(ways), kind="stable")
    at = np.linspace(0, len(ways) - 1, min(many, len(ways)))
    return ways.picked(order[at.round().astype(int)])


def _climbed(ways: Ways, many: int, best: Callable[[np.ndarray], np.intp]) -> Ways:
    """With the ways on the path from the best of them to a better one, one event at a time, while `many` more last."""
    at = ways.picked([int(best(chances(ways).p))])
    while many > 0:
        near = at.with_more(neighbours(at, 0))
        many -= len(near)
        first = int(best(chances(near).p))
        if not first:
            break
        at = near.picked([first])
    return ways.with_more(at)
