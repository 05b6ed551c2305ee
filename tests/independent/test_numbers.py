"""Numbers as outcomes: every test and estimate of random sets, with and without ties, against plain formulas."""

import numpy as np
import pytest
from scipy import stats

from tests.independent import rank_numbers, weighted_numbers
from tests.independent.harness import random_sets
from tests.independent.sets_made_elsewhere import OUTCOMES, Study, study
from tests.independent.test_yes_no import check, check_interval

SAME = 1e-9  # the same formula in two orders of summation
ASIDE = 1e-6  # a step off a limit, larger than rounding and smaller than the gap to the next jump of p
EXACT_SETS = 50  # above, the documented limits come from the normal approximation
ROUNDED = 9  # decimals: differences equal but for rounding are one, as in R with digits.rank = 7
FEW = 5000  # placements that are listed one by one

SHAPES = [(5, (1, 2, 3, 4)), (8, (3,)), (12, (1, 2, 3)), (15, (1,)), (25, (2, 3)), (40, (1, 2))]
CASES = [(100 + seed, *SHAPES[seed % len(SHAPES)]) for seed in range(12)]
COLUMNS = ("score", "grade")


@pytest.fixture(params=CASES, ids=lambda c: f"seed{c[0]}-{c[1]}sets", scope="module")
def case(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Study:
    seed, n_sets, sizes = request.param
    return study(tmp_path_factory.mktemp("run"), random_sets(seed, n_sets, sizes), OUTCOMES[1:3])


def type2(values: np.ndarray, share: float) -> float:
    """R quantile(type = 2): the middle of two at a jump."""
    ordered, place = np.sort(values), len(values) * share
    k = int(np.floor(place + 1e-9))
    if abs(place - k) > 1e-9:
        return float(ordered[k])
    return float((ordered[k - 1] + ordered[k]) / 2)


@pytest.mark.parametrize("column", COLUMNS)
def test_summaries(case: Study, column: str) -> None:
    whole, matched = (rows[rows[column].notna()] for rows in (case.frame, case.matched))
    groups = {
        "treated": matched[matched["z"] == 1],
        "matched_control": matched[matched["z"] == 0],
        "whole_control": whole[whole["z"] == 0],
    }
    for name, rows in groups.items():
        got, values = case.answers.outcome(column)["summary"][name], rows[column].to_numpy()
        assert got["n"] == len(values)
        wanted = [type2(values, q) for q in (0.25, 0.5, 0.75)]
        assert [got[k] for k in ("p25", "median", "p75")] == pytest.approx(wanted, abs=SAME)


@pytest.mark.parametrize("column", COLUMNS)
def test_tests(case: Study, column: str) -> None:
    whole, sets = case.frame[case.frame[column].notna()], case.sets(column)
    row = case.answers.test(column, "kruskal_wallis", "whole")
    check(row, *rank_numbers.kruskal_wallis(whole[column].to_numpy(), whole["z"].to_numpy()))
    differences = np.array([t - c for t, controls in sets for c in controls]).round(ROUNDED)
    row = case.answers.test(column, "wilcoxon_signed_rank_pairs")
    check(row, *rank_numbers.signed_rank(differences))
    assert (row["unit"], row["n_units"]) == ("pair", len(differences))
    row = case.answers.test(column, "aligned_rank_by_set")
    check(row, *rank_numbers.aligned_rank(sets))
    assert (row["unit"], row["n_units"]) == ("set", len(sets))
    if rank_numbers.every_placement(sets) <= FEW:
        assert row["p_value"] == pytest.approx(rank_numbers.brute_force_p(sets), rel=SAME)


@pytest.mark.parametrize("column", COLUMNS)
def test_mean_difference(case: Study, column: str) -> None:
    arrays = case.arrays(column)
    row = case.answers.estimates(column, "mean_difference")[0]
    wanted = weighted_numbers.difference(*arrays, case.n_sets(column))
    assert (row["estimate"], row["se"]) == pytest.approx(wanted, rel=SAME)
    check_interval(row, stats.t.isf(0.025, len(np.unique(arrays[3])) - 1), ratio=False)


@pytest.mark.parametrize("column", COLUMNS)
def test_shift(case: Study, column: str) -> None:
    """At the estimate the ranks balance; at a limit the p of the shifted outcome crosses 5%."""
    sets, (row,) = case.sets(column), case.answers.estimates(column, "hodges_lehmann_shift")
    before, after = (rank_numbers.excess(sets, row["estimate"] + step) for step in (-ASIDE, ASIDE))
    assert before >= -SAME
    assert after <= SAME
    if len(sets) > EXACT_SETS:
        return
    for key, outward in (("ci_low", -1), ("ci_high", 1)):
        if row[key] is not None:
            outside, inside = (
                rank_numbers.aligned_rank(sets, row[key] + outward * step)[1] for step in (ASIDE, -ASIDE)
            )
            assert outside <= 0.05 < inside
