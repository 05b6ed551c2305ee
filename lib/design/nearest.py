"""Greedy nearest-neighbour matching: one treated patient after the other takes the nearest controls still free."""

from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd
from pydantic import Field

from .checks import SetRules, recheck
from .comparison import Comparison, Overlapping, Sets, membership_of, set_weights
from .greedy import Picks, Pool, closest_first, in_choosing_order, in_rounds
from .lost import lost_treated, nobody_matched
from .method import CALIPER, RATIO, Method, caliper_line
from .notes import losses_note, order_note, reuse_note, short_sets_note, support_note, ties_note, told
from .pools import pool_maker
from .rules import Rules, make_rules, require_controls
from .settings import MAX_RATIO, DistanceSettings, Order

if TYPE_CHECKING:
    from ..cohort import Cohort
    from ..score import PropensityModel


class Nearest(DistanceSettings):
    """`ratio`: controls each treated patient gets.  `replace`: a control may serve several.  `order`: who chooses
    first."""

    method: Literal["nearest"] = "nearest"
    ratio: int = Field(default=3, ge=1, le=MAX_RATIO)
    caliper: float | None = Field(default=0.2, gt=0)
    replace: bool = False
    order: Order = "largest"


def match_nearest(cohort: "Cohort", score: "PropensityModel", settings: Nearest, seed: int) -> Comparison:
    """statistics.md section 1; as MatchIt's method "nearest" up to ties, which file order decides.

    seed: draws the order of the treated when `order` is random; nothing else is random.
    Raises SpecError for a ratio above the number of controls, EstimationError when no treated patient gets a control.
    """
    require_controls(settings.ratio, cohort.treated)
    rules = make_rules(cohort, score, settings)
    make_pool = pool_maker(cohort, rules, settings)
    lots = np.random.default_rng(seed).permutation(cohort.n) if settings.order == "random" else np.arange(cohort.n)
    pools, pairs, ties = [], [], 0
    for in_file_order, controls in rules.strata():
        treated = in_choosing_order(in_file_order, rules.place, lots, settings.order)
        pool = make_pool(treated, controls)
        picks = _pick(pool, settings)
        pools.append((treated, pool))
        pairs.append(np.array([treated[picks.treated], picks.control, picks.pick], dtype=int))
        ties += picks.ties
    if not any(p.size for p in pairs):
        raise nobody_matched(rules, settings, pools)
    membership = membership_of(*np.hstack(pairs))
    units = Overlapping(membership, rules.treated) if settings.replace else Sets(membership, rules.treated)
    matched = membership[rules.treated[membership[:, 0]], 0]
    losses = lost_treated(rules, matched, pools)
    made = Comparison(
        units=units,
        weights=set_weights(units),
        distance=rules.distance,
        discarded=rules.discarded,
        losses=losses,
        caliper_width=rules.caliper_width,
        ties=ties,
        notes=_notes(rules, settings, units, losses, ties),
    )
    recheck(made, rules, SetRules(settings.ratio, replace=settings.replace))
    return made


def _pick(pool: Pool, settings: Nearest) -> Picks:
    if settings.replace:
        return pool.best(settings.ratio)
    return (closest_first if settings.order == "closest" else in_rounds)(pool, settings.ratio)


def _notes(
    rules: Rules, settings: Nearest, units: Sets | Overlapping, losses: pd.DataFrame, ties: int
) -> tuple[str, ...]:
    return told(
        order_note(settings.order, rules.distance),
        support_note(rules.discarded, rules.treated),
        losses_note(units, losses),
        short_sets_note(units, settings.ratio),
        reuse_note(units),
        ties_note(ties),
    )


METHOD = Method(
    "nearest",
    Nearest,
    match_nearest,
    "Nearest neighbours, one patient after the other (greedy)",
    "Each treated patient in turn takes the most similar controls still free. The usual method; who chooses first can "
    "matter.",
    lambda settings: f"1:{settings.ratio} nearest, {caliper_line(settings)}",
    {"ratio": RATIO, "caliper": CALIPER},
)
