"""Every match is held against its own rules before anyone sees it. A broken rule is a bug in this program, never a
finding about the data, so it is a RuntimeError and not an AnalysisError."""

import numpy as np

from .rules import Rules
from .sample import MatchedSample


def recheck(sample: MatchedSample, rules: Rules) -> None:
    """Raise RuntimeError, with the name of the broken rule, unless the sample obeys all of them. Works from membership
    and the cohort's own columns, not from what the matcher remembered."""
    rows, sets = sample.membership.T
    arm = rules.treated[rows]
    _demand(
        np.array_equal(np.bincount(sets[arm], minlength=sample.n_sets), np.ones(sample.n_sets)),
        "every set has exactly one treated patient",
    )
    _demand(bool(np.all(np.diff(rows[arm]) > 0)), "sets follow the file order of their treated patient")
    per_set = np.bincount(sets[~arm], minlength=sample.n_sets)
    _demand(bool((per_set >= 1).all() and (per_set <= rules.ratio).all()), "every set has 1 to `ratio` controls")
    once = sets * len(rules.treated) + rows if rules.replace else rows
    _demand(not (np.diff(np.sort(once)) == 0).any(), "nobody is used twice")
    _demand(not rules.discarded[rows].any(), "nobody outside common support is matched")
    _recheck_pairs(sample, rules)
    used = np.bincount(rows, minlength=len(rules.treated)) > 0
    _demand(np.array_equal(sample.weights > 0, used), "exactly the matched have a weight")


def _recheck_pairs(sample: MatchedSample, rules: Rules) -> None:
    case, control = sample.pairs["treated_row"].to_numpy(), sample.pairs["control_row"].to_numpy()
    if not np.isnan(rules.caliper_width):
        gap = np.abs(rules.distance[case] - rules.distance[control])
        _demand(bool((gap <= rules.caliper_width + rules.same).all()), "every pair is inside the caliper")
    apart = np.abs(rules.limited[case] - rules.limited[control])
    _demand(bool((apart <= rules.limits).all()), "every pair is inside the covariate calipers")
    _demand(bool((rules.stratum[case] == rules.stratum[control]).all()), "every pair agrees on the exact columns")


def _demand(holds: bool, rule: str) -> None:
    if not holds:
        raise RuntimeError(f"The match breaks its own rule: {rule}.")
