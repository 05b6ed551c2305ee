"""Weighted comparison of two arms, by hand, against statsmodels, and by property."""

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st

from lib.inference.marginal import Arms, ReusedArms

SAME = 1e-9  # two double-precision routes to one number

rows = st.integers(0, 10_000).map(lambda seed: arms_of(np.random.default_rng(seed)))


def arms_of(rng: np.random.Generator, clustered: bool = True) -> Arms:
    """4 to 9 sets of one treated and 1 to 3 controls, weights as matching gives them."""
    controls = rng.integers(1, 4, rng.integers(4, 10))
    set_id = np.repeat(np.arange(len(controls)), controls + 1)
    treated = np.concatenate([[True] + [False] * k for k in controls])
    weights = np.where(treated, 1.0, 1 / controls[set_id])
    weights[~treated] /= weights[~treated].mean()
    values = np.round(rng.normal(10, 3, len(set_id)), 1)
    return Arms(values, treated, weights, set_id if clustered else None, len(controls))


def test_two_sets_by_hand() -> None:
    """Treated 5, 7; controls 1, 2, 3 with weights 1.5, 0.75, 0.75: means 6 and 1.75; 5 rows, 2 sets.

    Influences: treated -0.5, 0.5; controls -0.375, 0.0625, 0.3125, with their sign turned in the difference.
    """
    arms = Arms(
        np.array([5.0, 1, 7, 2, 3]),
        np.array([True, False, True, False, False]),
        np.array([1, 1.5, 1, 0.75, 0.75]),
        np.array([0, 0, 1, 1, 1]),
        2,
    )
    assert (arms.mean(True), arms.mean(False)) == (6, 1.75)
    per_set = np.array([-0.5 + 0.375, 0.5 - 0.0625 - 0.3125])
    assert arms.standard_error() == pytest.approx(np.sqrt(2 / 1 * 4 / 3 * (per_set**2).sum()))
    assert arms.df == 1


@given(rows)
def test_clustered_se_is_the_regression_sandwich(arms: Arms) -> None:
    fit = sm.WLS(arms.values, sm.add_constant(arms.treated.astype(float)), weights=arms.weights).fit()
    robust = fit.get_robustcov_results("cluster", groups=arms.cluster, use_correction=True)
    assert arms.mean(True) - arms.mean(False) == pytest.approx(fit.params[1], rel=1e-7, abs=SAME)
    assert arms.standard_error() == pytest.approx(robust.bse[1], rel=1e-7)


def test_hc3_is_the_regression_sandwich() -> None:
    arms = arms_of(np.random.default_rng(2), clustered=False)
    root = np.sqrt(arms.weights)
    design = sm.add_constant(arms.treated.astype(float)) * root[:, None]
    fit = sm.OLS(arms.values * root, design).fit(cov_type="HC3")
    assert arms.standard_error() == pytest.approx(fit.bse[1], rel=SAME)
    assert arms.df == len(arms.values) - 2


@given(rows, st.floats(-50, 50), st.floats(0.1, 20))
def test_shift_scale_swap_and_order(arms: Arms, shift: float, scale: float) -> None:
    difference, se = arms.mean(True) - arms.mean(False), arms.standard_error()
    moved = Arms(scale * arms.values + shift, arms.treated, arms.weights, arms.cluster, arms.n_sets)
    assert moved.mean(True) - moved.mean(False) == pytest.approx(scale * difference, abs=1e-8)
    assert moved.standard_error() == pytest.approx(scale * se, rel=1e-7)
    swapped = Arms(arms.values, ~arms.treated, arms.weights, arms.cluster, arms.n_sets)
    assert swapped.mean(True) - swapped.mean(False) == pytest.approx(-difference, abs=SAME)
    assert swapped.standard_error() == pytest.approx(se, rel=SAME)
    back = Arms(*(column[::-1] for column in (arms.values, arms.treated, arms.weights, arms.cluster)), arms.n_sets)
    assert back.standard_error() == pytest.approx(se, rel=SAME)


def test_sets_in_which_nobody_has_the_outcome_count_in_the_factor_as_in_r() -> None:
    arms = arms_of(np.random.default_rng(4))
    more = Arms(arms.values, arms.treated, arms.weights, arms.cluster, arms.n_sets + 1)
    g = arms.n_sets
    factor = ((g + 1) / g) / (g / (g - 1))
    assert more.standard_error() == pytest.approx(arms.standard_error() * np.sqrt(factor))
    assert more.df == arms.df


def test_one_set_has_no_standard_error() -> None:
    arms = Arms(np.array([1.0, 2, 3]), np.array([True, False, False]), np.ones(3), np.zeros(3, dtype=int), 1)
    assert np.isnan(arms.standard_error())
    alone = Arms(np.array([1.0, 2, 3]), np.array([True, False, False]), np.ones(3), None, 1)
    assert np.isnan(alone.standard_error())


def reused(seed: int) -> ReusedArms:
    """6 treated, each with 2 of 5 controls, a control with weight 1/2 in each of its sets."""
    rng = np.random.default_rng(seed)
    set_id, controls = np.repeat(np.arange(6), 2), np.concatenate([rng.choice(5, 2, replace=False) for _ in range(6)])
    person = np.concatenate([np.arange(6), 6 + controls])
    values = np.round(rng.normal(10, 3, 11), 1)[person]
    return ReusedArms(
        values, person < 6, np.where(person < 6, 1.0, 0.5), np.concatenate([np.arange(6), set_id]), 6, person
    )


def test_two_way_clusters_by_hand() -> None:
    """Treated 4 and 6 share the control 1: the treated deviate by -1 and 1 of 2, the control rows by nothing."""
    values, treated = np.array([4.0, 6, 1, 1]), np.array([True, True, False, False])
    arms = ReusedArms(values, treated, np.ones(4), np.array([0, 1, 0, 1]), 2, np.array([0, 1, 2, 2]))
    by_set, by_person, by_row = 2 * 0.5, 3 / 2 * 0.5, 4 / 3 * 0.5
    assert arms.standard_error() == pytest.approx(np.sqrt(3 / 2 * (by_set + by_person - by_row)))
    assert arms.df == 1


@given(st.integers(0, 1000))
def test_two_way_clusters_are_those_of_statsmodels(seed: int) -> None:
    """Its three one-way sandwiches, each with its own G/(G-1) and (n-1)/(n-2), as R's vcovCL adds them."""
    arms = reused(seed)
    fit = sm.WLS(arms.values, sm.add_constant(arms.treated.astype(float)), weights=arms.weights).fit()
    both = sum(
        sign * fit.get_robustcov_results("cluster", groups=groups, use_correction=True).bse[1] ** 2
        for sign, groups in ((1, arms.cluster), (1, arms.person), (-1, np.arange(len(arms.values))))
    )
    if both > SAME:
        assert arms.standard_error() == pytest.approx(np.sqrt(both), rel=1e-7)
    assert arms.mean(True) - arms.mean(False) == pytest.approx(fit.params[1])


@given(st.integers(0, 1000))
def test_without_reuse_two_way_is_by_set(seed: int) -> None:
    """Every patient once: by person and by row cancel."""
    one = arms_of(np.random.default_rng(seed))
    two = ReusedArms(one.values, one.treated, one.weights, one.cluster, one.n_sets, np.arange(len(one.values)))
    assert two.standard_error() == pytest.approx(one.standard_error(), rel=1e-7, abs=SAME)


def test_standard_error_is_exactly_zero_where_nothing_varies() -> None:
    """Means of equal values, and set sums that cancel, leave only rounding, which is no standard error."""
    treated = np.array([True, False] * 7)
    sets, ones = np.repeat(np.arange(7), 2), np.ones(14)
    alike = Arms(np.where(treated, 5.1, 0.3), treated, ones, sets, 7)
    assert (alike.mean(True), alike.mean(False), alike.standard_error()) == (5.1, 0.3, 0)
    parallel = Arms(sets / 10 + np.where(treated, 0.3, 0), treated, ones, sets, 7)
    assert parallel.standard_error() == 0
    assert "All patients" in alike.zero_error_note.text
    assert "Every set" in parallel.zero_error_note.text
