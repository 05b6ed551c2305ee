"""Optimal k:1 matching: the most pairs that the rules allow, then the least total distance, whoever comes first."""

from typing import TYPE_CHECKING, Literal

import numpy as np
from pydantic import Field

from .assignment import assign_pairs
from .checks import SetRules, recheck
from .comparison import Comparison, Sets, membership_of, set_weights
from .line import optimal_pairs
from .lost import losses_of, nobody_in_reach
from .method import CALIPER, RATIO, Method, caliper_line
from .notes import losses_note, short_sets_note, support_note, ties_note, told
from .pools import placed, pool_maker
from .rules import SAME, Rules, make_rules, require_controls
from .settings import MAX_RATIO, DistanceSettings
from .strata import by_stratum, fence_of, indistinguishable, limits_of

if TYPE_CHECKING:
    from ..cohort import Cohort
    from ..score import PropensityModel


class Optimal(DistanceSettings):
    """`ratio`: controls each treated patient gets, as far as the rules allow."""

    method: Literal["optimal"] = "optimal"
    ratio: int = Field(default=3, ge=1, le=MAX_RATIO)


def match_optimal(cohort: "Cohort", score: "PropensityModel", settings: Optimal, seed: int) -> Comparison:
    """Minimum total distance without replacement (Rosenbaum 1989, JASA 84:1024), exact: on the propensity distance by
    lib.design.line, on others by lib.design.assignment. Nothing is random.

    Raises SpecError for a ratio above the number of controls, EstimationError when no treated patient gets a control.
    """
    require_controls(settings.ratio, cohort.treated)
    rules = make_rules(cohort, score, settings)
    place, position = placed(cohort, rules, settings)
    case, control = by_stratum(rules, lambda rows: _pairs(rules, settings, rows, position, place))
    make_pool = pool_maker(cohort, rules, settings)
    if not len(case):
        raise nobody_in_reach(rules, settings, make_pool)
    gap = np.sqrt(((position[case] - position[control]) ** 2).sum(axis=1))
    membership = membership_of(case, control, _picks(case, control, gap))
    units = Sets(membership, rules.treated)
    ties = indistinguishable(rules, position, control)
    losses = losses_of(rules, np.unique(case), make_pool)
    made = Comparison(
        units=units,
        weights=set_weights(units),
        distance=rules.distance,
        discarded=rules.discarded,
        losses=losses,
        caliper_width=rules.caliper_width,
        ties=ties,
        notes=told(
            support_note(rules.discarded, rules.treated),
            losses_note(units, losses),
            short_sets_note(units, settings.ratio),
            ties_note(ties),
        ),
    )
    recheck(made, rules, SetRules(settings.ratio))
    return made


def _pairs(
    rules: Rules, settings: Optimal, rows: np.ndarray, position: np.ndarray, place: np.ndarray | None
) -> tuple[np.ndarray, np.ndarray]:
    """Pairs of one stratum, as places among its rows (ascending)."""
    treated = rules.treated[rows]
    if place is not None:
        return optimal_pairs(place[rows], treated, settings.ratio, rules.width)
    limits, fence = limits_of(rules, rows), fence_of(rules, rows)
    return assign_pairs(position[rows], treated, settings.ratio, allowed=limits, fence=fence)


def _picks(case: np.ndarray, control: np.ndarray, gap: np.ndarray) -> np.ndarray:
    """1 for each treated patient's nearest control, 2 for the next; the earlier in the file of equally near ones.
    gap: float, in units in which SAME is rounding."""
    order = np.lexsort((gap, case))
    level = np.cumsum((np.diff(case[order], prepend=-1) != 0) | (np.diff(gap[order], prepend=-1.0) > SAME))
    order = order[np.lexsort((control[order], level))]
    picks = np.empty(len(case), dtype=int)
    ordered = case[order]
    first = np.flatnonzero(np.diff(ordered, prepend=-1))
    picks[order] = np.arange(len(case)) - np.repeat(first, np.diff(first, append=len(case))) + 1
    return picks


METHOD = Method(
    "optimal",
    Optimal,
    match_optimal,
    "Optimal pairs: the smallest total distance",
    "All pairs are chosen together so that they are as alike as possible in sum; nobody chooses first, so that the "
    "order of the patients is no decision.",
    lambda settings: f"1:{settings.ratio} optimal, {caliper_line(settings)}",
    {"ratio": RATIO, "caliper": CALIPER},
)
