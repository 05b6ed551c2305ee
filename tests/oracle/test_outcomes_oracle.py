"""Outcomes against R: matched_sets.json, and effects and tests of nhefs.json through the pipeline."""

import numpy as np
import pandas as pd
import pytest

from lib.inference.binary_tests import mcnemar_pairs
from lib.inference.cox import cox_two_arms
from lib.inference.design_power import fall_p, falls
from lib.inference.engine import events_distribution
from lib.inference.kaplan_meier import kaplan_meier, restricted_mean
from lib.inference.logrank import logrank
from lib.inference.ranks import aligned_rank
from lib.inference.sets import Blocks
from lib.inference.stratified import cmh, exact_odds_ratio, mantel_haenszel_odds_ratio, set_counts, tilted
from lib.steps import Steps, run
from lib.table import Table
from tests.conftest import reference
from tests.independent import rank_numbers
from tests.inference.builders import deaths_per_set, even_sets, sets_of
from tests.oracle.cohorts import MATCHING, cohort_file, design_spec

R_EXACT = 1e-9  # both sides in double precision; the file keeps 13 digits
R_ROOT = 1e-2  # R's root finder stops early on the exact limits (tests/oracle/data/README.md)
ROUNDED = 9  # decimals: differences equal but for rounding are one here, as in R with digits.rank
MOST_APART = 2.0  # by which V then differs from R's
R_EFFECT = 1e-6  # R's glm stops early, so scores and the match's distances agree to 1e-6
SUBSTITUTED = 1e-9  # tail left beyond our own limit, against 0.025

UNREPLACED = [name for name, settings in MATCHING.items() if not settings.get("replace")]


def fixtures(part: str) -> list[dict]:
    return reference("matched_sets.json")[part]


def check_binary(event: np.ndarray, blocks: Blocks, expected: dict) -> None:
    counts = set_counts(event[blocks.row], blocks)
    null, observed = events_distribution(counts.events.astype(int), blocks.sizes), int(counts.a.sum())
    less, greater = null.tails(observed)
    plain, corrected = cmh(counts, correct=False), cmh(counts, correct=True)
    ours = {
        "p_exact_two_sided_minlike": null.minlike(observed),
        "p_exact_less": less,
        "p_exact_greater": greater,
        "cmh_chisq": plain.statistic,
        "cmh_p": plain.p_value,
        "cmh_cc_chisq": corrected.statistic,
        "cmh_cc_p": corrected.p_value,
        "mh_or": mantel_haenszel_odds_ratio(counts).ratio,
    }
    assert ours == pytest.approx({name: expected[name] for name in ours}, rel=R_EXACT, abs=R_EXACT)
    assert null.central(observed) == pytest.approx(
        min(1, 2 * min(expected["p_exact_less"], expected["p_exact_greater"]))
    )
    exact = exact_odds_ratio(null, observed)
    assert [exact.low, exact.high] == pytest.approx(expected["or_ci_exact"], rel=R_ROOT)
    at = observed - null.low
    assert tilted(null, np.log(exact.high))[: at + 1].sum() == pytest.approx(0.025, abs=SUBSTITUTED)
    if exact.low > 0:
        assert tilted(null, np.log(exact.low))[at:].sum() == pytest.approx(0.025, abs=SUBSTITUTED)
        mean = null.support @ tilted(null, np.log(exact.estimate))
        assert mean == pytest.approx(observed, abs=SUBSTITUTED)


def test_eight_sets_without_a_treated_death() -> None:
    for expected in fixtures("binary_8_sets_1_to_3"):
        deaths = expected["control_deaths_per_set"]
        blocks = even_sets(8, 3).blocks()
        check_binary(deaths_per_set(deaths), blocks, expected)
        assert fall_p([3] * 8, deaths) == pytest.approx(expected["p_exact_two_sided_minlike"], abs=R_EXACT)


def test_random_sets_with_a_binary_outcome() -> None:
    for expected in fixtures("binary_random_sets"):
        rows = expected["rows"]
        check_binary(np.array(rows["y"], dtype=float), sets_of(rows["set"], rows["z"]).blocks(), expected)


def test_every_fall_of_five_and_seven_deaths_is_in_the_table_of_r() -> None:
    table = {
        tuple(f["control_deaths_per_set"]): f["p_exact_two_sided_minlike"] for f in fixtures("binary_8_sets_1_to_3")
    }
    ours = {fall.per_set: fall.p_value for deaths in (5, 7) for fall in falls([3] * 8, deaths)}
    assert ours == pytest.approx(table, abs=R_EXACT)


def test_aligned_ranks_by_full_enumeration() -> None:
    for expected in fixtures("continuous_random_sets"):
        rows = expected["rows"]
        blocks = sets_of(rows["set"], rows["z"]).blocks()
        result = aligned_rank(np.array(rows["y"], dtype=float)[blocks.row], blocks)
        assert result.exact
        assert result.statistic == expected["aligned_rank_sum"]
        assert result.expected == pytest.approx(expected["aligned_rank_expected"], rel=R_EXACT)
        assert (result.statistic - result.expected) / result.sd == pytest.approx(
            expected["aligned_rank_z"], rel=R_EXACT
        )
        assert result.p_value == pytest.approx(expected["aligned_rank_p_exact_two_sided"], rel=R_EXACT)


def test_survival_of_random_sets() -> None:
    for expected in fixtures("survival_random_sets"):
        rows = {name: np.array(column) for name, column in expected["rows"].items()}
        time, event, treated = rows["time"].astype(float), rows["event"] == 1, rows["z"] == 1
        assert logrank(time, event, treated).statistic == pytest.approx(expected["logrank_chisq"], rel=R_EXACT)
        by_set = logrank(time, event, treated, rows["set"])
        assert by_set.statistic == pytest.approx(expected["logrank_by_set_chisq"], rel=R_EXACT)
        fit = cox_two_arms(time, event, treated, rows["w"], rows["set"])
        assert fit.log_hr == pytest.approx(expected["cox_log_hr"], rel=1e-8)  # coxph stops at a relative change of 1e-9
        assert fit.robust_se == pytest.approx(expected["cox_robust_se"], rel=1e-8)
        for arm, word in ((treated, "treated"), (~treated, "control")):
            curve = kaplan_meier(time[arm], event[arm], rows["w"][arm])
            assert curve.survival_at(np.array([28.0, 60.0])) == pytest.approx(expected[f"km_28_60_{word}"], rel=R_EXACT)
            assert restricted_mean(curve, 60).mean == pytest.approx(expected[f"rmst60_{word}"], rel=R_EXACT)


@pytest.fixture(scope="module")
def nhefs_table() -> Table:
    return Table.from_frame(pd.read_csv(cohort_file("nhefs")))


@pytest.fixture(scope="module")
def analyses(nhefs_table: Table) -> dict[str, Steps]:
    """Filled as the tests ask for runs."""
    return {}


def nhefs_analysis(name: str, table: Table, analyses: dict[str, Steps]) -> Steps:
    if name not in analyses:
        cohort = reference("nhefs.json")["cohort"]
        outcomes = [
            {"name": "change", "kind": "continuous", "column": cohort["continuous_outcome"]},
            {"name": "death", "kind": "binary", "column": cohort["binary_outcome"]},
        ]
        analyses[name] = run(table, design_spec("nhefs", name).replace(outcomes=outcomes))
    return analyses[name]


def first(estimates, measure: str):
    return next(e for e in estimates if e.measure == measure)


def pair_differences(analysis: Steps) -> np.ndarray:
    """Of the weight change, treated minus control, of every pair that has it."""
    values = analysis.cohort.outcomes["change"].to_numpy(float)[analysis.cohort.rows]
    found = (values[analysis.comparison.pairs[side].to_numpy()] for side in ("treated_row", "control_row"))
    differences = np.subtract(*found)
    return differences[~np.isnan(differences)]


@pytest.mark.parametrize("name", MATCHING)
def test_nhefs_effects(name: str, nhefs_table: Table, analyses: dict[str, Steps]) -> None:
    change, death = nhefs_analysis(name, nhefs_table, analyses).outcomes
    expected = reference("nhefs.json")["runs"][name]["effects"]
    newcombe, ours = [e for e in death.estimates if e.measure == "risk_difference"][:2]
    assert newcombe.estimate == ours.estimate == pytest.approx(expected["risk_difference"]["estimate"], abs=R_EFFECT)
    assert ours.se == pytest.approx(expected["risk_difference"]["se"], abs=R_EFFECT)
    ours, anew = first(change.estimates, "mean_difference"), reference("nhefs_missing.json")[name]
    assert (ours.estimate, ours.se) == pytest.approx((anew["estimate"], anew["se"]), abs=R_EFFECT)
    if "log_odds_ratio" in expected:
        ours = first(death.estimates, "odds_ratio")
        assert np.log(ours.estimate) == pytest.approx(expected["log_odds_ratio"]["estimate"], abs=R_EFFECT)
        assert ours.se == pytest.approx(expected["log_odds_ratio"]["se"], abs=R_EFFECT)


@pytest.mark.parametrize("name", UNREPLACED)
def test_nhefs_tests(name: str, nhefs_table: Table, analyses: dict[str, Steps]) -> None:
    change, death = nhefs_analysis(name, nhefs_table, analyses).outcomes
    expected = reference("nhefs.json")["runs"][name]["tests"]
    tests = {t.name: t for outcome in (change, death) for t in outcome.tests}
    signed, theirs = tests["wilcoxon_signed_rank_pairs"], expected["wilcoxon_signed_rank_expanded_pairs"]
    assert signed.n_units == theirs["n_pairs"]
    differences = pair_differences(nhefs_analysis(name, nhefs_table, analyses))
    as_r, settled = (rank_numbers.signed_rank(d) for d in (differences, differences.round(ROUNDED)))
    assert as_r == pytest.approx((theirs["V"], theirs["p_normal_no_cc"]), rel=R_EFFECT)
    assert (signed.statistic, signed.p_value) == pytest.approx(settled, rel=R_EFFECT)
    assert signed.statistic == pytest.approx(theirs["V"], abs=MOST_APART)
    mcnemar, theirs = tests["mcnemar_pairs"], expected["mcnemar_expanded_pairs"]
    assert mcnemar.statistic == pytest.approx(theirs["chisq_no_cc"], rel=R_EFFECT)
    assert mcnemar.p_value == pytest.approx(theirs["p_no_cc"], rel=R_EFFECT)
    by_set, theirs = tests["cmh_by_set"], expected["mantel_haenszel_by_set"]
    assert by_set.statistic == pytest.approx(theirs["chisq"], rel=R_EFFECT)
    assert by_set.p_value == pytest.approx(theirs["p"], rel=R_EFFECT)
    odds = [e for e in death.estimates if e.measure == "odds_ratio_by_set"]
    minlike, central, mantel_haenszel, ours = odds
    assert mantel_haenszel.estimate == pytest.approx(theirs["or"], rel=R_EFFECT)
    conditional = expected["conditional_logit"]
    by_odds = nhefs_analysis(name, nhefs_table, analyses).comparison.moves == "fitted_odds"
    assert ("fitted odds" in minlike.method) == by_odds  # R's moves have equal chances
    for row in (central, ours) if by_odds else (minlike, central, ours):
        assert np.log(row.estimate) == pytest.approx(conditional["log_or"], rel=R_EFFECT)
    assert ours.se == pytest.approx(conditional["se"], rel=R_EFFECT)


def test_nhefs_whole_cohort(nhefs_table: Table, analyses: dict[str, Steps]) -> None:
    change, death = nhefs_analysis("nn1", nhefs_table, analyses).outcomes
    expected = reference("nhefs.json")["whole_cohort_tests"]
    assert change.tests[0].p_value == pytest.approx(expected["wt82_71"]["kruskal_p"], rel=R_EFFECT)
    assert death.tests[0].p_value == pytest.approx(expected["death"]["fisher_p"], rel=R_EFFECT)


def test_the_published_mcnemar_of_five_and_seven_deaths() -> None:
    """Gregoire 2022 prints 0.025 and 0.0082 for 0 of 8 against 5 and 7 of 24, the treated repeated three times."""
    blocks = even_sets(8, 3).blocks()
    for deaths, printed in (([3, 2, 0, 0, 0, 0, 0, 0], "0.025"), ([3, 3, 1, 0, 0, 0, 0, 0], "0.0082")):
        p = mcnemar_pairs(deaths_per_set(deaths), blocks).p_value
        assert f"{p:.2g}" == printed
