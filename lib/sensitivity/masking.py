"""The other side of the bounds: how strong a hidden factor would have to be to have hidden an effect.

The bounds of hidden_bias give the largest p that a hidden factor of strength Gamma could lie behind. Of an undecided
answer the smallest matters: with the chances in each set turned the other way (1/Gamma for Gamma) the same exact tail
gives it.  Source: Rosenbaum 2002, Observational Studies, chapter 4.
"""

import math

import numpy as np

from ..cohort import Cohort
from ..design import Comparison
from ..inference.frame import Frame
from ..inference.roots import brent
from ..inference.stratified import SetCounts, set_counts
from ..spec import Outcome
from .hidden_bias import ALPHA, LARGEST_GAMMA, SAME_GAMMA, binary_tail


def masking(cohort: Cohort, sample: Comparison, outcome: Outcome) -> float:
    """The smallest Gamma at which a hidden factor could have hidden an effect of a yes/no outcome: with it, a two-sided
    p of ALPHA is possible. 1 where p is there without one; infinite where no factor is enough; NaN for other outcomes
    and without sets."""
    if outcome.kind != "binary" or sample.why_no_sets:
        return math.nan
    values = cohort.outcomes[outcome.name].to_numpy(float)[cohort.rows]
    blocks = Frame.of(cohort.rows, sample).blocks(~np.isnan(values))
    counts = set_counts(values[blocks.row], blocks)
    if not counts.informative:
        return math.nan
    return min(_masked(counts, upper) for upper in (True, False))


def _masked(counts: SetCounts, upper: bool) -> float:
    """The same of an effect in one direction."""

    def above(gamma: float) -> float:
        return binary_tail(counts, 1 / gamma, upper) - ALPHA / 2

    if above(1.0) <= 0:
        return 1.0
    high = 2.0
    while above(high) > 0:
        high *= 2
        if high > LARGEST_GAMMA:
            return math.inf
    return float(brent(above, high / 2, high, xtol=SAME_GAMMA))
