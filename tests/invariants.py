"""What every match must obey, whatever made it (statistics.md section 6). A new rule about matches is added here."""

import numpy as np
import pandas as pd

from lib.cohort import Cohort
from lib.design import LOST_REASONS, Comparison, MethodSettings
from lib.score.propensity import PropensityModel

ROUNDING = 1e-9  # of the SD of the distance: two gaps this close are one gap
BALANCED = 1e-8  # SD: what entropy balancing promises of a mean, and so of a group's share


def assert_good_match(
    cohort: Cohort, propensity: PropensityModel, settings: MethodSettings, sample: Comparison
) -> None:
    """Invariants 1, 2 and 5, and the bookkeeping of Comparison, from the cohort and the settings alone."""
    assert (sample.treated == cohort.treated).all()
    assert (sample.discarded == outside(cohort, propensity, settings)).all()
    if settings.method == "given":
        assert_as_given(cohort, settings, sample)
        return
    if settings.method == "weights":
        assert_weighted(cohort, propensity, settings, sample)
        return
    if settings.method == "subclass":
        assert_subclasses(cohort, propensity, settings, sample)
        return
    allowed = allowed_pairs(cohort, propensity, settings)
    pairs = sample.pairs
    assert allowed[pairs["treated_row"], pairs["control_row"]].all(), "a pair breaks a caliper, exact or support rule"
    assert_set_weights(cohort, sample)
    assert_losses(cohort, sample)
    if settings.method == "full":
        assert_stars(cohort, settings, sample, allowed)
        return
    assert_sets(cohort, settings, sample)
    assert_nobody_needlessly_lost(cohort, settings, sample, allowed)


def assert_subclasses(cohort: Cohort, score: PropensityModel, settings: MethodSettings, sample: Comparison) -> None:
    """Nobody twice, nobody outside support, both arms in every set, agreement on the exact columns; within a group the
    sets follow the score in either arm, and everybody is in one where arms are filled and nothing splits them."""
    rows, sets = sample.membership.T
    assert len(np.unique(rows)) == len(rows)
    assert not outside(cohort, score, settings)[rows].any()
    assert (sample.units.n_treated >= 1).all() and (sample.units.n_control >= 1).all()
    for group in exact_groups(cohort, settings):
        inside = group[rows]
        assert not set(sets[inside]) & set(sets[~inside]), "a set does not agree on the exact columns"
        for arm in (cohort.treated, ~cohort.treated):
            ranges = [score.score[rows[sets == s]][arm[rows[sets == s]]] for s in np.unique(sets[inside])]
            ranges.sort(key=lambda x: (x.min(), x.max()))
            assert all(a.max() <= b.min() for a, b in zip(ranges, ranges[1:], strict=False)), "sets cross in the score"
    if settings.min_n and not settings.exact:
        assert len(rows) == (~outside(cohort, score, settings)).sum()
    assert_set_weights(cohort, sample)
    assert_losses(cohort, sample)


def assert_losses(cohort: Cohort, sample: Comparison) -> None:
    """Every treated patient without a weight is lost, in file order, with a known reason."""
    lost = np.flatnonzero(cohort.treated & ~sample.matched)
    assert sample.losses["row"].tolist() == lost.tolist()
    assert sample.losses["reason"].isin(LOST_REASONS).all()


def assert_stars(cohort: Cohort, settings: MethodSettings, sample: Comparison, allowed: np.ndarray) -> None:
    """Sets of a full match: stars within the limits, nobody twice, in file order of their first treated; everyone with
    an allowed partner is in one, but for the controls that `omit_fraction` leaves out of each exact group."""
    rows, sets = sample.membership.T
    arm = cohort.treated[rows]
    assert len(np.unique(rows)) == len(rows), "somebody stands in two sets"
    first = np.flatnonzero(np.diff(sets, prepend=-1))
    assert (np.diff(sets) >= 0).all() and (np.unique(sets) == np.arange(sample.n_sets)).all()
    assert arm[first].all() and (np.diff(rows[first]) > 0).all(), "sets follow their first treated"
    treated, control = (np.bincount(sets[side], minlength=sample.n_sets) for side in (arm, ~arm))
    assert (treated + control).sum() == sample.matched.sum()
    assert (np.minimum(treated, control) == 1).all(), "a set is no star"
    if settings.max_controls is not None:
        assert (control <= settings.max_controls).all()
    assert (control >= settings.min_controls).all()
    most = 1 if settings.min_controls > 1 else settings.max_treated
    assert most is None or (treated <= most).all()
    usable_treated, usable_control = allowed.any(axis=1), allowed.any(axis=0)
    assert (sample.matched[cohort.treated] == usable_treated[cohort.treated]).all(), "a usable treated is left out"
    for group in exact_groups(cohort, settings):
        usable = group & usable_control
        left_out = usable & ~sample.matched
        assert left_out.sum() == int(settings.omit_fraction * usable.sum() + ROUNDING), "omitted controls do not add up"
    assert not (sample.matched & ~usable_treated & ~usable_control).any()


def assert_weighted(cohort: Cohort, propensity: PropensityModel, settings: MethodSettings, sample: Comparison) -> None:
    """Weights without sets: who weighs, mean 1 in each arm, the same share of each exact group in both arms, and inside
    a group weights in the proportions of their kind."""
    assert sample.n_sets == 0 and not sample.by_set and (sample.set_of_row == -1).all()
    out, treated, score = outside(cohort, propensity, settings), cohort.treated, propensity.score
    used = np.zeros(cohort.n, dtype=bool)
    for group in exact_groups(cohort, settings):
        both = (group & treated & ~out).any() and (group & ~treated & ~out).any()
        used |= group & ~out & both
    assert (sample.matched == used).all()
    assert_losses(cohort, sample)
    w = sample.weights
    for arm in (treated, ~treated):
        assert np.isclose(w[arm & used].mean(), 1)
    for group in exact_groups(cohort, settings):
        mine = [w[group & arm].sum() / w[arm].sum() for arm in (treated, ~treated)]
        assert np.isclose(*mine, atol=BALANCED) or not settings.exact
        raw = {"att_odds": score / (1 - score), "overlap": score}.get(settings.kind)
        if raw is not None and (group & used).any():
            share = w[group & used & ~treated] / raw[group & used & ~treated]
            assert np.allclose(share, share[0])
    own = 1 - score if settings.kind == "overlap" else np.ones(cohort.n)
    share = w[treated & used] / own[treated & used]
    assert np.allclose(share, share[0])
    if settings.kind == "entropy":
        values = cohort.covariate_matrix.to_numpy(float)[used]
        means = [np.average(values[side], axis=0, weights=w[used][side]) for side in (treated[used], ~treated[used])]
        spread = np.where(values.std(axis=0) > 0, values.std(axis=0), 1.0)
        assert (np.abs(means[0] - means[1]) / spread <= BALANCED).all()


def exact_groups(cohort: Cohort, settings: MethodSettings) -> list[np.ndarray]:
    """bool (n,) for each combination of levels of the exact columns; everyone without such columns."""
    if not settings.exact:
        return [np.ones(cohort.n, dtype=bool)]
    label = cohort.matching_columns[list(settings.exact)].astype(str).agg("|".join, axis=1).to_numpy()
    return [label == one for one in np.unique(label)]


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
    if not getattr(settings, "replace", False):
        assert len(np.unique(rows)) == len(rows), "a control serves two sets"
        assert np.bincount(sets).sum() == sample.matched.sum()


def assert_as_given(cohort: Cohort, settings: MethodSettings, sample: Comparison) -> None:
    """The sets are those of the file, split by the exact columns, that have a treated patient and a control inside
    support, and everyone lost has a reason."""
    assert_set_weights(cohort, sample)
    assert_losses(cohort, sample)
    labels = cohort.matching_columns[settings.subclass].to_numpy()
    wanted = []
    for label in {one for one in labels if not pd.isna(one)}:
        for group in exact_groups(cohort, settings):
            rows = np.flatnonzero((labels == label) & group & ~sample.discarded)
            if cohort.treated[rows].any() and not cohort.treated[rows].all():
                wanted.append(rows.tolist())
    rows, sets = sample.membership.T
    assert sorted(wanted) == sorted(sorted(rows[sets == s]) for s in range(sample.n_sets))


def allowed_pairs(cohort: Cohort, propensity: PropensityModel, settings: MethodSettings) -> np.ndarray:
    """bool (n, n): [treated, control] pairs that every rule allows, written out without any cleverness."""
    treated, distance, out = cohort.treated, propensity.distance, outside(cohort, propensity, settings)
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


def outside(cohort: Cohort, propensity: PropensityModel, settings: MethodSettings) -> np.ndarray:
    """bool (n,): who lies beyond the other arm's scores and is left out for it."""
    treated, distance = cohort.treated, propensity.distance
    out = np.zeros(cohort.n, dtype=bool)
    for i in range(cohort.n if settings.discard != "none" else 0):
        other = distance[treated != treated[i]]
        mine = settings.discard in ("both", "treated" if treated[i] else "control")
        out[i] = mine and not other.min() <= distance[i] <= other.max()
    return out


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
    free = ~cohort.treated
    if not getattr(settings, "replace", False):
        free[rows] = False
    assert not (allowed[lost] & free).any(), "a treated patient is lost while a control inside its rules is free"
    for number, row in enumerate(rows[cohort.treated[rows]]):
        own = rows[sets == number]
        if len(own) - 1 < settings.ratio:
            spare = allowed[row] & free
            spare[own] = False
            assert not spare.any(), "a set is short of controls while one inside its rules is free"


def assert_set_weights(cohort: Cohort, sample: Comparison) -> None:
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
