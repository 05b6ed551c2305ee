"""The p by set that an outcome's events could have reached, however they had fallen over the sets."""

from dataclasses import dataclass

import pandas as pd

from ..errors import EstimationError
from .design_power import ALPHA, Fall, falls
from .results import BinaryOutcome

MOST_SETS = 60  # above, a design can reach any p-value, and the ways are too many to be of use


@dataclass(frozen=True)
class Attainable:
    """Every way in which an outcome's control events could have fallen over its sets, none among the treated.

    ways: smallest p first.  events, controls, sets: counts.  observed: the pattern that was seen, None when a treated
    patient had the event.
    """

    ways: tuple[Fall, ...]
    events: int
    controls: int
    sets: int
    observed: tuple[int, ...] | None

    @property
    def smallest_p(self) -> float:
        """Of all ways."""
        return self.ways[0].p_value

    @property
    def largest_p(self) -> float:
        """Of all ways."""
        return self.ways[-1].p_value

    @property
    def below(self) -> float:
        """Share of all ways in which p is at most ALPHA."""
        return sum(fall.share for fall in self.ways if fall.p_value <= ALPHA)

    def rows(self) -> pd.DataFrame:
        """DataFrame [pattern, p, ways], a row for each way."""
        made = [(pattern(fall.per_set), fall.p_value, fall.ways) for fall in self.ways]
        return pd.DataFrame(made, columns=["pattern", "p", "ways"])


def pattern(per_set: tuple[int, ...]) -> str:
    """ "3 + 2": the sets with an event; the others have none."""
    return " + ".join(str(n) for n in per_set if n) or "none"


def attainable(outcome: BinaryOutcome) -> Attainable | None:
    """Every fall of the outcome's control events over its complete sets; None for more than MOST_SETS sets, for none,
    for too many ways, and where a set has several treated patients."""
    sets = outcome.sets[(outcome.sets["treated"] > 0) & (outcome.sets["controls"] > 0)]
    if not 0 < len(sets) <= MOST_SETS or (sets["treated"] > 1).any():
        return None
    sets = sets.sort_values(["controls", "control_events"], ascending=False)
    events = int(sets["control_events"].sum())
    try:
        ways = falls(sets["controls"].tolist(), events)
    except EstimationError:
        return None
    seen = None if sets["treated_events"].any() else tuple(sets["control_events"].tolist())
    return Attainable(ways, events, int(sets["controls"].sum()), len(sets), seen)
