"""Every match is held against its own rules before anyone sees it. A broken rule is a bug in this program, never a
finding about the data, so it is a RuntimeError and not an AnalysisError."""

from dataclasses import dataclass

import numpy as np

from .comparison import Comparison
from .rules import Rules


@dataclass(frozen=True)
class SetRules:
    """How large a set may be: controls of one treated patient, treated patients of one control.  replace: a control
    may stand in several sets.  pairs: every set is a star, so that pairs can be held against the calipers."""

    most_controls: float
    least_controls: int = 1
    most_treated: float = 1
    replace: bool = False
    stars: bool = True


def recheck(made: Comparison, rules: Rules, sets: SetRules) -> None:
    """Raise RuntimeError, with the name of the broken rule, unless the comparison obeys all of them. Works from
    membership and the cohort's own columns, not from what the matcher remembered."""
    recheck_sets(made, sets)
    rows = made.membership[:, 0]
    _demand(not rules.discarded[rows].any(), "nobody outside common support is matched")
    _recheck_pairs(made, rules)


def recheck_sets(made: Comparison, sets: SetRules) -> None:
    """The part of `recheck` that knows no distance."""
    units, (rows, of) = made.units, made.membership.T
    arm = made.treated[rows]
    if sets.most_treated == 1:
        _demand(bool((units.n_treated == 1).all()), "every set has exactly one treated patient")
    _demand(bool((units.n_treated >= 1).all()), "every set has a treated patient")
    first = np.flatnonzero(np.diff(of, prepend=-1))
    _demand(bool(arm[first].all() and (np.diff(rows[first]) > 0).all()), "sets follow the file order of their treated")
    alone = units.n_treated == 1
    most, least = units.n_control[alone], units.n_control
    _demand(bool((least >= 1).all() and (most <= sets.most_controls).all()), "every set has 1 to `ratio` controls")
    _demand(bool((most >= sets.least_controls).all()), "every set has its least number of controls")
    _demand(bool((units.n_treated <= sets.most_treated).all()), "no set has too many treated patients")
    once = of * len(made.treated) + rows if sets.replace else rows
    _demand(not (np.diff(np.sort(once)) == 0).any(), "nobody is used twice")
    if sets.stars:
        _demand(units.stars, "every set is one patient with those compared with it")
    used = np.bincount(rows, minlength=len(made.treated)) > 0
    _demand(np.array_equal(made.weights > 0, used), "exactly the matched have a weight")


def _recheck_pairs(made: Comparison, rules: Rules) -> None:
    case, control = made.pairs["treated_row"].to_numpy(), made.pairs["control_row"].to_numpy()
    if not np.isnan(rules.caliper_width):
        gap, rounding = np.abs(rules.distance[case] - rules.distance[control]), 2 * rules.same * rules.unit
        _demand(bool((gap <= rules.caliper_width + rounding).all()), "every pair is inside the caliper")
    apart = np.abs(rules.limited[case] - rules.limited[control])
    _demand(bool((apart <= rules.limits).all()), "every pair is inside the covariate calipers")
    _demand(bool((rules.stratum[case] == rules.stratum[control]).all()), "every pair agrees on the exact columns")


def _demand(holds: bool, rule: str) -> None:
    if not holds:
        raise RuntimeError(f"The match breaks its own rule: {rule}.")
