"""Yes/no outcomes of random sets: every test and estimate, against enumeration and plain formulas."""

import numpy as np
import pytest
from scipy import stats

from tests.independent import binary_numbers, weighted_numbers
from tests.independent.harness import random_sets
from tests.independent.sets_made_elsewhere import OUTCOMES, Study, study

SAME = 1e-9  # the same formula in two orders of summation
ROOT = 1e-6  # a root found to the precision of its finder, put back into the equation it solves

SHAPES = [(6, (1, 2, 3, 4)), (8, (3,)), (12, (1, 2, 3)), (15, (1,)), (25, (2, 3)), (60, (1, 2, 3, 4))]
CASES = [(seed, *SHAPES[seed % len(SHAPES)]) for seed in range(18)]


@pytest.fixture(params=CASES, ids=lambda c: f"seed{c[0]}-{c[1]}sets", scope="module")
def case(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Study:
    seed, n_sets, sizes = request.param
    return study(tmp_path_factory.mktemp("run"), random_sets(seed, n_sets, sizes), OUTCOMES[:1])


def binary_sets(case: Study) -> list:
    return [(int(t), [int(c) for c in controls]) for t, controls in case.sets("died")]


def check(row: dict, statistic: float, p: float) -> None:
    assert (row["statistic"], row["p_value"]) == pytest.approx((statistic, p), rel=SAME, abs=SAME)


def test_weights(case: Study) -> None:
    written = dict(zip(case.answers.matched["id"], case.answers.numbers("weights"), strict=True))
    assert [written[i] for i in case.matched["id"]] == pytest.approx(case.matched["w"].to_numpy(), abs=SAME)


def test_whole_cohort(case: Study) -> None:
    known = case.frame[case.frame["died"].notna()]
    a, b = ((known["z"] == arm) & (known["died"] == 1) for arm in (1, 0))
    n1, n0 = (int((known["z"] == arm).sum()) for arm in (1, 0))
    row = case.answers.test("died", "fisher_exact", "whole")
    check(row, a.sum(), binary_numbers.fisher(int(a.sum()), n1, int(b.sum()), n0))
    assert (row["n_units"], row["unit"]) == (n1 + n0, "patient")
    summary = case.answers.outcome("died")["summary"]
    assert (summary["whole_control"]["n"], summary["whole_control"]["events"]) == (n0, int(b.sum()))
    matched = case.having("died")
    for arm, name in ((1, "treated"), (0, "matched_control")):
        values = matched.loc[matched["z"] == arm, "died"]
        plain = {key: summary[name][key] for key in ("n", "events", "risk")}
        assert plain == {"n": len(values), "events": int(values.sum()), "risk": pytest.approx(values.mean())}
        shares = case.matched.loc[values.index, "w"]
        assert summary[name]["weighted_risk"] == pytest.approx(np.average(values, weights=shares), nan_ok=True)


def test_pairs_and_sets(case: Study) -> None:
    sets = binary_sets(case)
    row = case.answers.test("died", "mcnemar_pairs")
    check(row, *binary_numbers.mcnemar_pairs(sets))
    assert (row["n_units"], row["unit"], row["convention"]) == (sum(len(c) for _, c in sets), "pair", "published")
    for name, corrected in (("cmh_by_set", False), ("cmh_by_set_corrected", True)):
        check(case.answers.test("died", name), *binary_numbers.cmh(sets, corrected))
    for name, p in binary_numbers.exact(sets).items():
        row = case.answers.test("died", name)
        check(row, sum(t for t, _ in sets), p)
        assert (row["n_units"], row["unit"], row["convention"]) == (len(sets), "set", "matched_set")


def test_exact_odds_ratio(case: Study) -> None:
    sets, (row,) = binary_sets(case), case.answers.estimates("died", "odds_ratio_by_set", "exact")
    assert case.answers.estimates("died", "odds_ratio_by_set")[0] == row
    chance = binary_numbers.treated_events(sets)
    seen = sum(t for t, _ in sets)
    if min(chance) < seen < max(chance):
        assert binary_numbers.expected_events(sets, row["estimate"]) == pytest.approx(seen, rel=ROOT)
    if seen > min(chance):
        assert binary_numbers.tails_at(sets, row["ci_low"])[1] == pytest.approx(0.025, rel=ROOT)
    else:
        assert (row["estimate"], row["ci_low"]) == (0, 0)
    if seen < max(chance):
        assert binary_numbers.tails_at(sets, row["ci_high"])[0] == pytest.approx(0.025, rel=ROOT)
    else:
        assert (row["estimate"], row["ci_high"]) == (None, None)


def test_mantel_haenszel(case: Study) -> None:
    wanted = binary_numbers.mantel_haenszel(binary_sets(case))
    for measure, name in (
        ("odds_ratio", "odds_ratio_by_set"),
        ("risk_ratio", "risk_ratio"),
        ("risk_difference", "risk_difference"),
    ):
        (row,) = case.answers.estimates("died", name, "Mantel-Haenszel")
        estimate, se = wanted[measure]
        if measure != "risk_difference" and not 0 < estimate < np.inf:
            assert row["se"] is None
            continue
        assert (row["estimate"], row["se"]) == pytest.approx((estimate, se), rel=SAME)
        check_interval(row, stats.norm.isf(0.025), ratio=measure != "risk_difference")


def check_interval(row: dict, z: float, ratio: bool) -> None:
    centre, back = (np.log(row["estimate"]), np.exp) if ratio else (row["estimate"], float)
    wanted = back(centre - z * row["se"]), back(centre + z * row["se"])
    assert (row["ci_low"], row["ci_high"]) == pytest.approx(wanted, rel=SAME, abs=SAME)


def test_marginal_effects(case: Study) -> None:
    arrays = case.arrays("died")
    n_sets = case.matched["set"].nunique()
    t = stats.t.isf(0.025, len(np.unique(arrays[3])) - 1)
    row = case.answers.estimates("died", "risk_difference")[0]
    wanted = weighted_numbers.difference(*arrays, n_sets)
    assert (row["estimate"], row["se"]) == pytest.approx(wanted, rel=SAME, abs=SAME)
    check_interval(row, t, ratio=False)
    for measure, odds in (("risk_ratio", False), ("odds_ratio", True)):
        row, wanted = case.answers.estimates("died", measure)[0], weighted_numbers.log_ratio(*arrays, n_sets, odds=odds)
        if wanted[0] > 0:
            assert (row["estimate"], row["se"]) == pytest.approx(wanted, rel=SAME)
            check_interval(row, t, ratio=True)
        else:
            assert (row["estimate"], row["se"]) == (0, None)
