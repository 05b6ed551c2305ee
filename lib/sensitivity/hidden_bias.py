"""Rosenbaum bounds by matched set: how strong a hidden factor would have to be to explain the result away.

Within a set, two patients alike in what was measured may differ in their odds of treatment by a factor of at most
Gamma, because of something that was not measured. At Gamma 1 the label was dealt at random; above, the worst hidden
factor gives the largest p that is still possible.  Source: Rosenbaum 2002, Observational Studies, chapter 4.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..cohort import Cohort
from ..design import Comparison
from ..errors import EstimationError, SpecError
from ..inference.engine import events_distribution
from ..inference.frame import Frame
from ..inference.ranks import align, doubled_midranks
from ..inference.roots import brent
from ..inference.sets import Blocks
from ..inference.stratified import SetCounts, set_counts
from ..spec import Outcome
from .rank_bounds import RankSets, rank_sets, rank_tail, tail_method

ALPHA = 0.05
GAMMAS = tuple(np.round(np.arange(1.0, 3.001, 0.1), 1).tolist())
LARGEST_GAMMA = 1e6  # a crossing beyond is as good as none
SAME_GAMMA = 1e-10
NO_RANK_BOUNDS = "There are no bounds for the rank test where a set has several treated patients and several controls."
NOTHING_TO_BOUND = "There is nothing to bound; look at another outcome."

Tail = Callable[[float], float]


@dataclass(frozen=True)
class HiddenBias:
    """The bounds of one outcome.

    higher: whether the treated have more events (or higher values) than their sets; the one-sided p looks that way.
    curve: DataFrame [gamma, p_one_sided, p_two_sided], the largest p that a hidden factor of that strength can give;
        two-sided is twice the one-sided, at most 1, and at Gamma 1 equals exact_by_set_central for a binary outcome.
    crossing, crossing_one_sided: the Gamma at which that p reaches ALPHA; NaN when it is above already at Gamma 1, or
        stays below up to LARGEST_GAMMA.
    """

    outcome: str
    kind: str
    higher: bool
    n_sets: int
    curve: pd.DataFrame
    crossing: float
    crossing_one_sided: float
    method: str

    @property
    def sentence(self) -> str:
        """What the bounds say, in words a clinician repeats."""
        start = float(self.curve["p_two_sided"].iloc[0])
        if start > ALPHA:
            return (
                f"Without any hidden factor p by set is already {start:.2g}: there is no significant difference "
                "that a hidden factor would have to explain."
            )
        if np.isnan(self.crossing):
            return "No hidden factor, however strong, would raise p by set above 0.05."
        return (
            f"A hidden factor that multiplies the odds of treatment by {self.crossing:.2g} within a set, and goes with "
            "the outcome almost perfectly, would be enough to raise p above 0.05."
        )


def hidden_bias(cohort: Cohort, sample: Comparison, outcome: Outcome) -> HiddenBias:
    """The bounds of a binary outcome (exact test by set) or a continuous one (aligned ranks by set), at GAMMAS.

    Raises EstimationError for a survival outcome, with replacement (the sets overlap) and when no set can speak.
    """
    if outcome.kind == "survival":
        raise EstimationError(
            f'There are no bounds for the survival outcome "{outcome.name}".',
            "Use the event by a fixed day as a binary outcome, or the E-value of the hazard ratio.",
        )
    if sample.why_no_sets:
        raise EstimationError(
            f"{sample.why_no_sets}, so there are no bounds by set.",
            "Match in sets without replacement, or use the E-value.",
        )
    values = cohort.outcomes[outcome.name].to_numpy(dtype=float)[cohort.rows]
    blocks = Frame.of(cohort.rows, sample).blocks(~np.isnan(values))
    known = values[blocks.row]
    if outcome.kind == "binary":
        return binary_bounds(outcome.name, set_counts(known, blocks))
    return rank_bounds(outcome.name, known, blocks)


def binary_bounds(name: str, counts: SetCounts, gammas: tuple[float, ...] = GAMMAS) -> HiddenBias:
    """Exact bounds from the counts of each set.  gammas: each 1 or more, else SpecError; the curve starts at 1 in any
    case.  Raises EstimationError when no set has an event and a non-event."""
    if not counts.informative:
        raise EstimationError(f'No matched set has "{name}" in some patients and not in others.', NOTHING_TO_BOUND)
    higher = _upwards(lambda upper: binary_tail(counts, 1.0, upper))
    return _bounds(name, "binary", higher, len(counts.a), gammas, lambda g: binary_tail(counts, g, higher), "exact")


def binary_tail(counts: SetCounts, gamma: float, upper: bool) -> float:
    """The largest one-sided p at this Gamma, exact.

    In a set with d events among n the chance that the one treated patient has one lies between d/(d + (n - d) gamma)
    and d gamma/(d gamma + n - d); with several treated their events are extended hypergeometric with odds 1/gamma to
    gamma.  upper: of as many treated events as observed or more, with the larger chances; else of as many or fewer,
    with the smaller ones.
    """
    events, sizes, n_treated = (x.astype(int) for x in (counts.events, counts.n, counts.n1))
    event_weight, other_weight = (gamma, 1.0) if upper else (1.0, gamma)
    return events_distribution(events, sizes, n_treated, event_weight, other_weight).tails(int(counts.a.sum()))[upper]


def rank_bounds(name: str, values: np.ndarray, blocks: Blocks, gammas: tuple[float, ...] = GAMMAS) -> HiddenBias:
    """Bounds of the aligned rank test.  values: float (m,), in block order.  Raises EstimationError when no set varies,
    and where a set has several treated patients and several controls.

    Running maxima are taken over Gamma: what a weaker hidden factor can do a stronger one can do too.
    """
    if not blocks.stars:
        raise EstimationError(NO_RANK_BOUNDS, "Use a yes/no outcome, which has bounds in any sets, or the E-value.")
    doubled = doubled_midranks(align(values, blocks))
    sides = {upper: rank_sets(doubled if upper else -doubled, blocks) for upper in (False, True)}
    if not sides[True].varying:
        raise EstimationError(f'Within every matched set all patients have the same "{name}".', NOTHING_TO_BOUND)
    higher = _upwards(lambda upper: rank_tail(sides[upper], 1.0))
    sets: RankSets = sides[higher]
    return _bounds(name, "continuous", higher, blocks.n_sets, gammas, lambda g: rank_tail(sets, g), tail_method(sets))


def _upwards(tail: Callable[[bool], float]) -> bool:
    """The direction of the effect: the smaller tail without hidden bias."""
    return tail(True) < tail(False)


def _bounds(
    name: str, kind: str, higher: bool, n_sets: int, gammas: tuple[float, ...], tail: Tail, method: str
) -> HiddenBias:
    if min(gammas, default=1.0) < 1:
        raise SpecError("Gamma must be 1 or more.", "Gamma 1 is no hidden bias; larger is more.")
    strengths = np.unique([1.0, *gammas])
    one = np.maximum.accumulate([tail(gamma) for gamma in strengths.tolist()])
    curve = pd.DataFrame({"gamma": strengths, "p_one_sided": one, "p_two_sided": np.minimum(1, 2 * one)})
    crossings = crossing(tail, ALPHA / 2), crossing(tail, ALPHA)
    return HiddenBias(name, kind, higher, n_sets, curve, *crossings, method)


def crossing(tail: Tail, limit: float) -> float:
    """The Gamma at which a rising one-sided p reaches `limit`; NaN when it exceeds it at 1 already, or not at all up to
    LARGEST_GAMMA."""
    if tail(1.0) > limit:
        return float("nan")
    low, high = 1.0, 2.0
    while tail(high) <= limit:
        low, high = high, 2 * high
        if high > LARGEST_GAMMA:
            return float("nan")
    return brent(lambda gamma: tail(gamma) - limit, low, high, xtol=SAME_GAMMA)
