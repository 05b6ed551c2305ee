"""Matching: one file per method, one shared MatchedSample. `match` is the only door."""

from collections.abc import Callable

import numpy as np

from ..cohort import Cohort
from ..errors import EstimationError
from ..score.propensity import PropensityModel
from ..spec import Matching
from .checks import recheck
from .given import given_sets
from .greedy import Picks, Pool, closest_first, in_choosing_order, in_rounds
from .lost import lost_treated, nobody_matched
from .mahalanobis import mahalanobis_position
from .nearest import SortedControls, merged
from .notes import match_notes
from .rules import Rules, make_rules
from .sample import LOST_REASONS, MatchedSample, make_membership, matching_weights
from .scan import SAME_MAHALANOBIS, ScannedControls

__all__ = ["LOST_REASONS", "MatchedSample", "match"]

MakePool = Callable[[np.ndarray, np.ndarray], Pool]


def match(cohort: Cohort, propensity: PropensityModel, settings: Matching, seed: int) -> MatchedSample:
    """Greedy nearest-neighbour matching as asked (statistics.md section 1), re-checked against its own rules; or the
    sets made elsewhere, as they are.

    seed: draws the order of the treated when `order` is random; nothing else is random.
    Raises SpecError for a ratio above the number of controls, EstimationError when no treated patient gets a control.
    """
    if settings.method == "given":
        return given_sets(cohort, propensity, settings)
    return _nearest(cohort, propensity, settings, seed)


def _nearest(cohort: Cohort, propensity: PropensityModel, settings: Matching, seed: int) -> MatchedSample:
    rules = make_rules(cohort, propensity, settings)
    make_pool = _pool_maker(cohort, rules, settings)
    lots = np.random.default_rng(seed).permutation(cohort.n) if settings.order == "random" else np.arange(cohort.n)
    pools, pairs, ties = [], [], 0
    for in_file_order, controls in rules.strata():
        treated = in_choosing_order(in_file_order, rules.distance, lots, settings)
        pool = make_pool(treated, controls)
        picks = _pick(pool, settings)
        pools.append((treated, pool))
        pairs.append(np.array([treated[picks.treated], picks.control, picks.pick], dtype=int))
        ties += picks.ties
    if not any(p.size for p in pairs):
        raise nobody_matched(rules, settings, pools)
    membership = make_membership(*np.hstack(pairs))
    matched = membership[rules.treated[membership[:, 0]], 0]
    sample = MatchedSample(
        membership=membership,
        treated=rules.treated,
        distance=rules.distance,
        weights=matching_weights(membership, rules.treated),
        discarded=rules.discarded,
        caliper_width=rules.caliper_width,
        lost=lost_treated(rules, matched, pools),
        ties=ties,
        replace=rules.replace,
        notes=match_notes(rules, settings, membership, ties),
    )
    recheck(sample, rules)
    return sample


def _pick(pool: Pool, settings: Matching) -> Picks:
    if settings.replace:
        return pool.best(settings.ratio)
    return (closest_first if settings.order == "closest" else in_rounds)(pool, settings.ratio)


def _pool_maker(cohort: Cohort, rules: Rules, settings: Matching) -> MakePool:
    """The pool of one stratum: the fast one for the propensity distance alone, else the searching one."""
    if settings.metric == "mahalanobis":
        if not cohort.design.shape[1]:
            raise EstimationError("The Mahalanobis distance has no covariate.", "Choose at least one covariate.")
        position = mahalanobis_position(cohort.design.to_numpy(float), rules.treated, ~rules.discarded)
        return lambda treated, controls: ScannedControls(treated, controls, rules, position, SAME_MAHALANOBIS)
    if len(rules.limits):
        line = rules.distance[:, None]
        return lambda treated, controls: ScannedControls(treated, controls, rules, line, rules.same)
    values = merged(rules.distance, rules.same)
    return lambda treated, controls: SortedControls(treated, controls, values, rules.reach, rules.same)
