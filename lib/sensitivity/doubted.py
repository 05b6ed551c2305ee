"""The analysis without the sets that somebody called not comparable: beside the main one, never in its place."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from ..design import Comparison
from ..design.comparison import NOT_COMPARABLE, Sets, set_weights
from ..design.stories import sets_digest
from ..errors import SpecError
from ..inference import OutcomeResult, compare_outcomes
from ..spec import NotComparable
from ..steps import Steps


@dataclass(frozen=True)
class Doubted:
    """said: the entries that speak of these sets, in the order of their numbers.  stale: how many speak of other sets,
    because the design was changed since.  n_sets: that are left.  outcomes: without the doubted sets; empty where no
    entry speaks of these sets."""

    said: tuple[NotComparable, ...]
    stale: int
    n_sets: int
    outcomes: tuple[OutcomeResult, ...]

    @property
    def after_opening(self) -> int:
        """How many were said after outcomes had been opened."""
        return sum(one.after_opening for one in self.said)


def doubted(steps: Steps) -> Doubted:
    """What the spec's `sensitivity.not_comparable` makes of the outcomes. Raises SpecError where the sets are not apart
    or nobody would be left."""
    made, entries = steps.comparison, steps.spec.sensitivity.not_comparable
    here = sets_digest(made)
    said = tuple(sorted((one for one in entries if one.sets == here), key=lambda one: one.number))
    stale = len(entries) - len(said)
    if not said:
        return Doubted((), stale, made.n_sets, ())
    left = without_sets(made, [one.number for one in said])
    return Doubted(said, stale, left.n_sets, compare_outcomes(steps.cohort, left, steps.spec.seed))


def without_sets(made: Comparison, numbers: list[int]) -> Comparison:
    """The comparison without these sets, weights made anew.  numbers: from 1.  Raises SpecError."""
    if not isinstance(made.units, Sets):
        raise SpecError("Only sets that are apart can be left out.", "Match without replacement and without weights.")
    rows, sets = made.membership.T
    unknown = [number for number in numbers if not 1 <= number <= made.n_sets]
    if unknown:
        raise SpecError(f"There is no set {unknown[0]}.", f"The sets are numbered from 1 to {made.n_sets}.")
    keep = ~np.isin(sets, np.array(numbers) - 1)
    if not keep.any():
        raise SpecError("Every set was called not comparable, so nobody is left.", "Keep at least one set.")
    renumbered = np.unique(sets[keep], return_inverse=True)[1]
    units = Sets(np.column_stack([rows[keep], renumbered]), made.treated)
    lost = rows[~keep & made.treated[rows]]
    gone = pd.DataFrame({"row": lost, "reason": NOT_COMPARABLE})
    losses = pd.concat([made.losses, gone], ignore_index=True).sort_values("row", ignore_index=True)
    return replace(made, units=units, weights=set_weights(units), losses=losses)
