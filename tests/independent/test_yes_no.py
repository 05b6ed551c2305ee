"""Yes/no outcomes of random sets: every test and estimate, against enumeration and plain formulas."""

import numpy as np
import pytest
from scipy import stats

from tests.independent import binary_numbers, weighted_numbers
from tests.independent.harness import random_sets
from tests.independent.sets_made_elsewhere import OUTCOMES, Study, study

SAME = 1e-9  # the same formula in two orders of summation
FEW_SETS = 12  # every subset of their treated patients is looked at
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
    matched, complete = case.matched[case.matched["died"].notna()], case.having("died")
    for arm, name in ((1, "treated"), (0, "matched_control")):
        values, compared = (rows.loc[rows["z"] == arm, "died"] for rows in (matched, complete))
        plain = {key: summary[name][key] for key in ("n", "events", "risk")}
        assert plain == {"n": len(values), "events": int(values.sum()), "risk": pytest.approx(values.mean())}
        shares = complete.loc[compared.index, "w"]
        assert summary[name]["weighted_risk"] == pytest.approx(np.average(compared, weights=shares), nan_ok=True)


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
    sets, (quoted, row) = binary_sets(case), case.answers.estimates("died", "odds_ratio_by_set", "exact")
    assert case.answers.estimates("died", "odds_ratio_by_set")[:2] == [quoted, row]
    assert (quoted["estimate"], "2.5% in each tail" in row["method"]) == (row["estimate"], True)
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


def test_limits_of_the_quoted_p(case: Study) -> None:
    """Just inside a limit the exact p is above 5%, from there outwards it is not; 1 is inside exactly where p is."""
    sets, quoted = binary_sets(case), case.answers.estimates("died", "odds_ratio_by_set")[0]
    for key, outward in (("ci_low", -1), ("ci_high", 1)):
        if quoted[key]:
            assert binary_numbers.exact_at(sets, quoted[key] * np.exp(-outward * ROOT)) > 0.05 - ROOT
            for away in (ROOT, 0.02, 0.3, 2.0):
                assert binary_numbers.exact_at(sets, quoted[key] * np.exp(outward * away)) <= 0.05
    p = binary_numbers.exact(sets)["exact_by_set"]
    excluded = quoted["ci_low"] is not None and quoted["ci_low"] > 1
    excluded |= quoted["ci_high"] is not None and quoted["ci_high"] < 1
    assert excluded == (p <= 0.05)


def test_attributable_events(case: Study) -> None:
    """Numbers beside a limit are refused whoever the patients are; 0 is inside exactly where p is above 5%."""
    sets, quoted = binary_sets(case), case.answers.outcome("died")["quoted"]
    assert (quoted["test"], quoted["measure"]) == ("exact_by_set", "attributable_events")
    assert quoted["estimate"] == pytest.approx(sum(t - np.mean(controls) for t, controls in sets))
    p = binary_numbers.exact(sets)["exact_by_set"]
    assert quoted["p"] == pytest.approx(p, rel=SAME)
    assert (quoted["ci_low"] <= 0 <= quoted["ci_high"]) == (p > 0.05)
    (share,) = case.answers.estimates("died", "risk_difference_by_set")
    assert share["ci_low"] == pytest.approx(quoted["ci_low"] / len(sets))
    if len(sets) > FEW_SETS:
        return
    for number in (quoted["ci_low"], quoted["ci_high"]):
        assert binary_numbers.attributable(sets, int(number)) > 0.05
    for number in (quoted["ci_low"] - 1, quoted["ci_high"] + 1):
        beyond = (number < 0) == (number < quoted["ci_low"])  # a refused 0 bounds the other side
        assert not beyond or binary_numbers.attributable(sets, int(number)) <= 0.05


def test_newcombe(case: Study) -> None:
    rows = case.having("died")
    row = case.answers.estimates("died", "risk_difference")[0]
    wanted = binary_numbers.newcombe(*(rows.loc[rows["z"] == arm, ["died", "w"]].to_numpy().T for arm in (1, 0)))
    assert (row["ci_low"], row["ci_high"]) == pytest.approx(wanted, abs=SAME)


def test_mantel_haenszel(case: Study) -> None:
    wanted = binary_numbers.mantel_haenszel(binary_sets(case))
    for measure, name in (
        ("odds_ratio", "odds_ratio_by_set"),
        ("risk_ratio", "risk_ratio"),
    ):
        (row,) = case.answers.estimates("died", name, "Mantel-Haenszel")
        estimate, se = wanted[measure]
        if not 0 < estimate < np.inf:
            assert row["se"] is None
            continue
        assert (row["estimate"], row["se"]) == pytest.approx((estimate, se), rel=SAME)
        check_interval(row, stats.norm.isf(0.025), ratio=True)


def check_interval(row: dict, z: float, ratio: bool) -> None:
    centre, back = (np.log(row["estimate"]), np.exp) if ratio else (row["estimate"], float)
    wanted = back(centre - z * row["se"]), back(centre + z * row["se"])
    if row["measure"] == "risk_difference":
        wanted = max(wanted[0], -1.0), min(wanted[1], 1.0)
    assert (row["ci_low"], row["ci_high"]) == pytest.approx(wanted, rel=SAME, abs=SAME)


def test_marginal_effects(case: Study) -> None:
    arrays = case.arrays("died")
    n_sets = case.n_sets("died")
    t = stats.t.isf(0.025, len(np.unique(arrays[3])) - 1)
    row = case.answers.estimates("died", "risk_difference")[1]
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
