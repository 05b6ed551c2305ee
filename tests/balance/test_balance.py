"""Balance statistics by hand on a few rows, then the properties they must keep. Against R: test_design_oracle."""

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import scipy.stats
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.balance import COLUMNS, balance_table, label
from lib.balance.statistics import (
    DistributionDistances,
    Moments,
    smd_denominator,
    standardized_difference,
    variance_ratio,
    weighted_moments,
)
from lib.cohort import Cohort
from lib.design import Comparison
from lib.design.comparison import membership_of
from tests.builders import comparison_of, make_cohort

TREATED = np.array([True, True, False, False, False])
X = np.array([1.0, 3.0, 0.0, 2.0, 7.0])


def matched_by_hand(cohort: Cohort, pairs: list[tuple[int, int]]) -> Comparison:
    case, control = np.array(pairs).T
    pick = pd.Series(case).groupby(case).cumcount().to_numpy() + 1
    return comparison_of(membership_of(case, control, pick), cohort.treated, np.zeros(cohort.n))


def one_row(column: np.ndarray, pairs: list[tuple[int, int]], treated: np.ndarray = TREATED) -> pd.Series:
    cohort = make_cohort(pd.DataFrame({"x": column}), treated)
    return balance_table(cohort, matched_by_hand(cohort, pairs)).rows.iloc[0]


def test_a_number_by_hand() -> None:
    """Treated 1, 3: mean 2, variance 2. Controls 0, 2, 7: mean 3, variance 13. Matched controls 0, 2: mean 1,
    variance 2.

    F_T - F_C at 0, 1, 2, 3, 7: before -1/3, 1/6, -1/6, 1/3, 0; after -1/2, 0, -1/2, 0, 0."""
    row = one_row(X, [(0, 2), (1, 3)])
    expected = {
        "mean_treated_before": 2,
        "mean_control_before": 3,
        "mean_treated_after": 2,
        "mean_control_after": 1,
        "sd": math.sqrt(2),
        "smd_before": -1 / math.sqrt(2),
        "smd_after": 1 / math.sqrt(2),
        "variance_ratio_before": 2 / 13,
        "variance_ratio_after": 1,
        "ks_before": 1 / 3,
        "ks_after": 1 / 2,
        "ecdf_mean_before": 1 / 5,
        "ecdf_mean_after": 1 / 5,
    }
    assert row[list(expected)].to_dict() == pytest.approx(expected, abs=1e-12)
    assert (row["covariate"], row["level"], row["binary"]) == ("x", None, False)


def test_weights_by_hand() -> None:
    """Set 1 has controls 0 and 2, set 2 has 7: shares 1/4, 1/4, 1/2; mean 4; variance (4 + 1 + 4.5) / (1 - 3/8)."""
    row = one_row(X, [(0, 2), (0, 3), (1, 4)])
    assert row["mean_control_after"] == pytest.approx(4)
    variance = (16 / 4 + 4 / 4 + 9 / 2) / (1 - 3 / 8)
    assert row["variance_ratio_after"] == pytest.approx(2 / variance)
    assert row["ks_after"] == pytest.approx(1 / 2)


def test_a_binary_covariate_by_hand() -> None:
    """Treated 1 of 2, SD 1/2; controls 2 of 3, matched controls 0 of 1 and 1 of 1."""
    row = one_row(np.array([1.0, 0.0, 0.0, 1.0, 1.0]), [(0, 3), (1, 4)])
    assert row["binary"]
    assert row["sd"] == 0.5
    assert row["smd_before"] == pytest.approx((1 / 2 - 2 / 3) / 0.5)
    assert row["smd_after"] == pytest.approx((1 / 2 - 1) / 0.5)
    assert math.isnan(row["variance_ratio_before"])
    assert [row["ks_before"], row["ecdf_mean_before"]] == pytest.approx([1 / 6, 1 / 6])


@given(st.integers(0, 10_000), st.sampled_from([3, 20, 100_000]))
@settings(max_examples=40, deadline=None)
def test_distances_of_distribution_functions_are_scipys(seed: int, levels: int) -> None:
    """Unweighted, and with whole weights, which are so many copies of a value."""
    rng = np.random.default_rng(seed)
    x, treated, copies = rng.integers(0, levels, 60) / 7, np.arange(60) < 12, rng.integers(0, 4, 60)
    copies[[0, 59]] = 1  # both arms have somebody
    weights = np.where(treated, copies / copies[treated].sum(), -copies / copies[~treated].sum())
    distances = DistributionDistances(x)
    unweighted, weighted = distances.unweighted(x[treated]), distances.weighted(x[copies > 0], weights[copies > 0])
    for ours, number in ((unweighted, np.ones(60, dtype=int)), (weighted, copies)):
        case, control = (np.repeat(x[arm], number[arm]) for arm in (treated, ~treated))
        places = np.unique(x)
        gaps = scipy.stats.ecdf(case).cdf.evaluate(places) - scipy.stats.ecdf(control).cdf.evaluate(places)
        assert ours.largest == pytest.approx(scipy.stats.ks_2samp(case, control).statistic, abs=1e-12)
        assert ours.mean == pytest.approx(np.abs(gaps).mean(), abs=1e-12)


def test_numbers_other_than_0_and_1_are_not_binary() -> None:
    assert not one_row(np.array([1.0, 2.0, 1.0, 2.0, 2.0]), [(0, 3), (1, 4)])["binary"]


def test_factors_have_a_row_for_every_level() -> None:
    site = np.array(["B", "A", "A", "A", "C"], dtype=object)
    cohort = make_cohort(pd.DataFrame({"site": site, "sex": np.array(list("fmfmf"), dtype=object)}), TREATED)
    rows = balance_table(cohort, matched_by_hand(cohort, [(0, 2), (1, 3)])).rows
    assert rows[["covariate", "level"]].values.tolist() == [
        ["site", "A"],
        ["site", "B"],
        ["site", "C"],
        ["sex", "f"],
        ["sex", "m"],
    ]
    assert tuple(rows.columns) == COLUMNS
    assert rows["mean_control_before"].tolist() == pytest.approx([2 / 3, 0, 1 / 3, 2 / 3, 1 / 3])
    assert label(rows.iloc[0]) == "site (A)"


def test_treated_all_alike_fall_back_to_the_pooled_sd() -> None:
    """Treated 2, 2: SD 0. Within-arm squares 0 + 26 over n - 2 = 3."""
    row = one_row(np.array([2.0, 2.0, 0.0, 2.0, 7.0]), [(0, 2), (1, 3)])
    assert row["sd"] == pytest.approx(math.sqrt(26 / 3))
    assert row["smd_before"] == pytest.approx((2 - 3) / math.sqrt(26 / 3))
    binary = one_row(np.array([1.0, 1.0, 0.0, 0.0, 1.0]), [(0, 2), (1, 3)])
    assert binary["sd"] == pytest.approx(math.sqrt(3 * (1 / 3) * (2 / 3) / 5))


def test_nobody_varies_within_an_arm() -> None:
    same = one_row(np.full(5, 0.1), [(0, 2), (1, 3)])
    assert (same["smd_before"], same["smd_after"], same["sd"]) == (0, 0, 0)
    apart = one_row(np.array([0.3, 0.3, 0.1, 0.1, 0.1]), [(0, 2), (1, 3)])
    assert (apart["smd_before"], apart["smd_after"]) == (math.inf, math.inf)
    assert math.isnan(apart["variance_ratio_before"])
    cohort = make_cohort(pd.DataFrame({"x": np.array([0.3, 0.3, 0.1, 0.1, 0.1])}), TREATED)
    table = balance_table(cohort, matched_by_hand(cohort, [(0, 2)]))
    assert table.notes == (
        "x: no patient varies within a group, yet the groups differ, so the standardized difference is infinite.",
    )


def test_one_treated_patient_uses_the_spread_of_the_controls() -> None:
    row = one_row(X[1:], [(0, 1)], np.array([True, False, False, False]))
    assert row["sd"] == pytest.approx(np.std(X[2:], ddof=1))
    assert math.isnan(row["variance_ratio_before"])
    assert math.isnan(row["variance_ratio_after"])


def test_variance_ratio_edges() -> None:
    one, none, unknown = Moments(0, 1), Moments(0, 0), Moments(0, math.nan)
    assert variance_ratio(one, none, binary=False) == math.inf
    assert math.isnan(variance_ratio(none, none, binary=False))
    assert math.isnan(variance_ratio(one, unknown, binary=False))
    assert math.isnan(variance_ratio(one, one, binary=True))


def with_described(six: pd.DataFrame) -> Cohort:
    """Two treated and four controls; `bmi` (NaN where unknown) and `site` (text) are described."""
    made = make_cohort(six[["x"]], np.arange(6) < 2, extra=six[["bmi", "site"]])
    return replace(made, columns=made.columns.model_copy(update={"described": ("bmi", "site")}))


SIX = pd.DataFrame(
    {
        "x": [1.0, 3.0, 0.0, 2.0, 7.0, 8.0],
        "bmi": [20.0, 26.0, np.nan, 22.0, 30.0, np.nan],
        "site": ["A", "B", "A", None, "B", "B"],
    }
)


def test_described_columns_by_hand() -> None:
    """Sets {0, 2, 3} and {1, 4}.  bmi of the treated 20, 26 (SD sqrt 18), of the controls who have it 22, 30: before 23
    - 26; after the same controls, 22 alone in its set.  Site A of the treated 1 of 2 (SD 1/2), of the controls 1 of 3;
    after, control 2 alone in its set: 1 of 2."""
    cohort = with_described(SIX)
    rows = balance_table(cohort, matched_by_hand(cohort, [(0, 2), (0, 3), (1, 4)])).described
    assert rows[["covariate", "level"]].values.tolist() == [["bmi", None], ["site", "A"], ["site", "B"]]
    bmi, site = rows.iloc[0], rows.iloc[1]
    assert [bmi["smd_before"], bmi["smd_after"]] == pytest.approx([-3 / math.sqrt(18)] * 2)
    assert (bmi["mean_control_after"], bmi["ks_after"]) == (26, 1 / 2)
    assert [site["smd_before"], site["smd_after"]] == pytest.approx([(1 / 2 - 1 / 3) / 0.5, 0])


def test_leaving_out_a_set_equals_its_missing_value() -> None:
    lacking = with_described(SIX.assign(bmi=[20.0, np.nan, 21.0, 22.0, 30.0, 25.0]))
    both = balance_table(lacking, matched_by_hand(lacking, [(0, 2), (0, 3), (1, 4)])).described
    one = balance_table(lacking, matched_by_hand(lacking, [(0, 2), (0, 3)])).described
    pd.testing.assert_series_equal(both.iloc[0], one.iloc[0])


def test_a_described_column_that_an_arm_lacks_has_no_number() -> None:
    for bmi in ([np.nan] * 2 + [1.0, 2.0, 3.0, 4.0], [1.0, 2.0] + [np.nan] * 4, [np.nan] * 6):
        cohort = with_described(SIX.assign(bmi=bmi))
        row = balance_table(cohort, matched_by_hand(cohort, [(0, 2), (1, 4)])).described.iloc[0]
        assert np.isnan(row[["smd_before", "smd_after", "ks_after"]].astype(float)).all()
    gone = with_described(SIX.assign(bmi=[1.0, np.nan, np.nan, 2.0, 3.0, 4.0]))
    row = balance_table(gone, matched_by_hand(gone, [(0, 2), (1, 4)])).described.iloc[0]
    assert np.isfinite(row["smd_before"])
    assert np.isnan(row[["smd_after", "ks_after", "mean_treated_after"]].astype(float)).all(), "no set is complete"


def test_table_counts_and_sizes() -> None:
    cohort = make_cohort(pd.DataFrame({"x": X}), TREATED)
    table = balance_table(cohort, matched_by_hand(cohort, [(0, 2), (0, 3), (1, 4)]))
    assert (table.n_treated, table.n_control, table.ess_treated) == (2, 3, 2)
    assert table.ess_control == pytest.approx(1 / (1 / 16 + 1 / 16 + 1 / 4))


values = st.lists(st.integers(-5, 5), min_size=6, max_size=20).map(lambda v: np.array(v, dtype=float))


@settings(max_examples=100, deadline=None)
@given(values, st.integers(0, 2**20), st.sampled_from([0.01, 3.0, 1e6]), st.integers(-100, 100))
def test_properties(x: np.ndarray, seed: int, scale: float, shift: int) -> None:
    """Units leave every unit-free number alone; row order leaves everything alone; exchanging the arms with the SD held
    turns the sign of the SMD, inverts the variance ratio and keeps the distances."""
    rng = np.random.default_rng(seed)
    n = len(x)
    treated = np.arange(n) < n // 3
    weights = rng.integers(1, 4, n).astype(float)
    arms = [weighted_moments(x[arm], weights[arm], binary=False) for arm in (treated, ~treated)]
    moved = [weighted_moments(x[arm] * scale + shift, weights[arm], binary=False) for arm in (treated, ~treated)]
    sd = smd_denominator(*arms, int(treated.sum()), int((~treated).sum()), binary=False)
    moved_sd = smd_denominator(*moved, int(treated.sum()), int((~treated).sum()), binary=False)
    assert moved_sd == pytest.approx(sd * scale, rel=1e-6, abs=1e-9 * scale)
    if sd > 0:
        smd = standardized_difference(*arms, sd)
        assert standardized_difference(*moved, moved_sd) == pytest.approx(smd, rel=1e-5, abs=1e-6)
        assert standardized_difference(*reversed(arms), sd) == -smd
    ratio = variance_ratio(*arms, binary=False)
    if 0 < ratio < math.inf:
        assert variance_ratio(*reversed(arms), binary=False) == pytest.approx(1 / ratio)
    order = rng.permutation(n)
    signed = np.where(treated, weights / weights[treated].sum(), -weights / weights[~treated].sum())
    here = DistributionDistances(x).weighted(x, signed)
    there = DistributionDistances(x[order] * scale).weighted(x[order] * scale, -signed[order])
    assert [here.largest, here.mean] == pytest.approx([there.largest, there.mean], abs=1e-12)


@settings(max_examples=100, deadline=None)
@given(values, st.integers(0, 2**20))
def test_distances_as_written(x: np.ndarray, seed: int) -> None:
    """Largest and mean |F_T - F_C| over the distinct values of everybody, from the definition."""
    rng = np.random.default_rng(seed)
    treated = np.arange(len(x)) < len(x) // 3
    weights = rng.integers(0, 3, len(x)).astype(float)
    weights[[0, -1]] = 1
    for used in (np.ones(len(x)), weights):
        shares = [used * arm / (used * arm).sum() for arm in (treated, ~treated)]
        gaps = [abs(float((shares[0] - shares[1])[x <= v].sum())) for v in np.unique(x)]
        signed, matched = shares[0] - shares[1], used > 0
        found = DistributionDistances(x).weighted(x[matched], signed[matched])
        assert [found.largest, found.mean] == pytest.approx([max(gaps), np.mean(gaps)], abs=1e-12)
        if (used == 1).all():
            plain = DistributionDistances(x).unweighted(x[treated])
            assert [plain.largest, plain.mean] == pytest.approx([max(gaps), np.mean(gaps)], abs=1e-12)


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 2**20))
def test_denominator_does_not_move_with_the_match(seed: int) -> None:
    rng = np.random.default_rng(seed)
    cohort = make_cohort(
        pd.DataFrame({"x": rng.standard_normal(12), "b": rng.integers(0, 2, 12).astype(float)}), np.arange(12) < 4
    )
    controls = rng.permutation(np.arange(4, 12))
    tables = [
        balance_table(cohort, matched_by_hand(cohort, [(t, int(controls[t + s])) for t in range(4)])).rows
        for s in (0, 4)
    ]
    same = ["sd", "smd_before", "ks_before", "ecdf_mean_before", "mean_treated_before", "mean_control_before"]
    pd.testing.assert_frame_equal(tables[0][same], tables[1][same])
    gaps = tables[0]["mean_treated_after"] - tables[0]["mean_control_after"]
    finite = tables[0]["sd"] > 0
    assert tables[0]["smd_after"][finite].to_numpy() == pytest.approx((gaps / tables[0]["sd"])[finite].to_numpy())


def test_only_rounding_is_no_difference() -> None:
    """Without any SD means that differ in the 4th digit differ; in the 16th they agree."""
    still = Moments(60.0, 0.0)
    assert standardized_difference(Moments(60.01, 0.0), still, 0.0) == math.inf
    assert standardized_difference(Moments(59.99, 0.0), still, 0.0) == -math.inf
    assert standardized_difference(Moments(np.nextafter(60.0, 61.0), 0.0), still, 0.0) == 0
