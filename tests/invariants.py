"""What every match must obey, whatever made it (statistics.md section 6). A new rule about matches is added here."""

import numpy as np
import pandas as pd

from lib.cohort import Cohort
from lib.design import LOST_REASONS, Comparison, MethodSettings
from lib.score.propensity import PropensityModel

ROUNDING = 1e-9  # of the SD of the distance: two gaps this close are one gap


def assert_good_match(
    cohort: Cohort, propensity: PropensityModel, settings: MethodSettings, sample: Comparison
) -> None:
    """Invariants 1, 2 and 5, and the bookkeeping of Comparison, from the cohort and the settings alone."""
    if settings.method == "given":
        assert_as_given(cohort, settings, sample)
        return
    assert_sets(cohort, settings, sample)
    allowed = allowed_pairs(cohort, propensity, settings)
    pairs = sample.pairs
    assert allowed[pairs["treated_row"], pairs["control_row"]].all(), "a pair breaks a caliper, exact or support rule"
    assert_nobody_needlessly_lost(cohort, settings, sample, allowed)
    assert_weights(cohort, sample)


def assert_sets(cohort: Cohort, settings: MethodSettings, sample: Comparison) -> None:
    """Membership has the documented form: one treated first in each set, then its controls, sets in file order."""
    rows, sets = sample.membership.T
    arm = cohort.treated[rows]
    assert (np.diff(sets) >= 0).all()
    assert (np.unique(sets) == np.arange(sample.n_sets)).all()
    starts = np.flatnonzero(np.diff(sets, prepend=-1))
    assert (np.flatnonzero(arm) == starts).all(), "exactly one treated, and it stands first"
    assert (np.diff(rows[arm]) > 0).all(), "sets follow the treated in the file"
    controls = np.bincount(sets[~arm], minlength=sample.n_sets)
    assert (controls >= 1).all()
    assert (controls <= settings.ratio).all()
    assert len(pd.DataFrame(sample.membership).drop_duplicates()) == len(rows)
    if not settings.replace:
        assert len(np.unique(rows)) == len(rows), "a control serves two sets"
        assert np.bincount(sets).sum() == sample.matched.sum()


def assert_as_given(cohort: Cohort, settings: MethodSettings, sample: Comparison) -> None:
    """The sets are those of the file that have a treated patient and a control, and everyone lost has a reason."""
    assert_weights(cohort, sample)
    labels = cohort.matching_columns[settings.subclass].to_numpy()
    wanted = {}
    for label in set(labels) - {None}:
        rows = np.flatnonzero(labels == label)
        if cohort.treated[rows].any() and not cohort.treated[rows].all():
            wanted[label] = set(rows)
    rows, sets = sample.membership.T
    assert sorted(map(sorted, wanted.values())) == sorted(sorted(rows[sets == s]) for s in range(sample.n_sets))
    assert sample.losses["row"].tolist() == np.setdiff1d(np.flatnonzero(cohort.treated), rows).tolist()
    assert sample.losses["reason"].isin(LOST_REASONS).all()


def allowed_pairs(cohort: Cohort, propensity: PropensityModel, settings: MethodSettings) -> np.ndarray:
    """bool (n, n): [treated, control] pairs that every rule allows, written out without any cleverness."""
    treated, distance = cohort.treated, propensity.distance
    out = np.zeros(cohort.n, dtype=bool)
    for i in range(cohort.n if settings.discard != "none" else 0):
        other = distance[treated != treated[i]]
        mine = settings.discard in ("both", "treated" if treated[i] else "control")
        out[i] = mine and not other.min() <= distance[i] <= other.max()
    allowed = np.outer(treated & ~out, ~treated & ~out)
    if settings.caliper is not None:
        width = settings.caliper * (1 if settings.caliper_unit == "raw" else _sd(distance, treated, out, settings))
        allowed &= np.abs(distance[:, None] - distance) <= width + ROUNDING * np.std(distance)
    for name in settings.exact:
        column = cohort.matching_columns[name].to_numpy()
        allowed &= column[:, None] == column
    for name, caliper in settings.covariate_calipers.items():
        column = cohort.matching_columns[name].to_numpy(float)
        width = caliper.width
        if caliper.unit == "sd":
            width *= np.std(column[~out], ddof=1) if (~out).sum() > 1 else np.nan
        allowed &= np.abs(column[:, None] - column) <= width
    return allowed


def _sd(distance: np.ndarray, treated: np.ndarray, out: np.ndarray, settings: MethodSettings) -> float:
    if settings.caliper_sd == "overall" and (~out).sum() > 1:
        return float(np.std(distance[~out], ddof=1))
    arms = [distance[~out & arm] for arm in (treated, ~treated)]
    if settings.caliper_sd == "overall" or min(map(len, arms)) < 2:
        return float("nan")
    return float(np.sqrt(np.mean([np.var(arm, ddof=1) for arm in arms])))


def assert_nobody_needlessly_lost(
    cohort: Cohort, settings: MethodSettings, sample: Comparison, allowed: np.ndarray
) -> None:
    """Nobody is lost, or short of controls, while a control that the rules allow is free; every loss has its reason."""
    rows, sets = sample.membership.T
    lost = np.setdiff1d(np.flatnonzero(cohort.treated), rows)
    assert sample.losses["row"].tolist() == lost.tolist()
    assert sample.losses["reason"].isin(LOST_REASONS).all()
    free = ~cohort.treated
    if not settings.replace:
        free[rows] = False
    assert not (allowed[lost] & free).any(), "a treated patient is lost while a control inside its rules is free"
    for number, row in enumerate(rows[cohort.treated[rows]]):
        own = rows[sets == number]
        if len(own) - 1 < settings.ratio:
            spare = allowed[row] & free
            spare[own] = False
            assert not spare.any(), "a set is short of controls while one inside its rules is free"


def assert_weights(cohort: Cohort, sample: Comparison) -> None:
    """Mean 1 over the matched of each arm, 0 elsewhere; a set's controls carry equal shares of its treated."""
    used = np.zeros(cohort.n, dtype=bool)
    used[sample.membership[:, 0]] = True
    assert (sample.matched == used).all()
    for arm in (cohort.treated, ~cohort.treated):
        assert np.isclose(sample.weights[arm & used].mean(), 1)
    rows, sets = sample.membership.T
    share = np.zeros(cohort.n)
    for number in range(sample.n_sets):
        own = rows[sets == number]
        treated, control = own[cohort.treated[own]], own[~cohort.treated[own]]
        share[control] += len(treated) / len(control)
    controls = used & ~cohort.treated
    assert np.allclose(sample.weights[controls], share[controls] / share[controls].mean())
