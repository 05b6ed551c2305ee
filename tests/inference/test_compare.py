"""Whole outcomes through compare_outcomes: the published example, missing values, replacement, edges, speed."""

import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.inference import compare_outcomes
from lib.inference.asymptotic import Z, t_quantile
from lib.inference.logrank import logrank
from lib.inference.results import BinarySummary, Estimate, OutcomeResult, Quoted
from lib.inference.results import Test as OneTest
from lib.spec import Outcome
from tests.inference.builders import (
    Sets,
    binary,
    cohort_of,
    continuous,
    deaths_per_set,
    even_sets,
    given_sample,
    sample_of,
    sets_of,
    survival,
    treated_flags,
)

SET_TESTS = {
    "cmh_by_set",
    "cmh_by_set_corrected",
    "exact_by_set",
    "exact_by_set_central",
    "exact_by_set_midp",
    "aligned_rank_by_set",
    "signed_rank_set_means",
    "logrank_by_set",
    "logrank_by_set_exact",
    "logrank_by_set_permuted",
    "rmst_by_set_permuted",
    "cox_cluster",
}
PAIR_TESTS = {"mcnemar_pairs", "wilcoxon_signed_rank_pairs"}
NUMBERS = ("statistic", "p_value", "estimate", "ci_low", "ci_high", "se")
CODE = re.compile("[a-z0-9]+(_[a-z0-9]+)*")


def compare(outcome: Outcome, columns: dict[str, np.ndarray], sets: Sets, controls_beside: int = 0) -> OutcomeResult:
    treated = treated_flags(sets, 0, controls_beside)
    sample = sample_of(sets, 0, controls_beside)
    return compare_outcomes(cohort_of(treated, columns, [outcome]), sample, 1)[0]


def compare_survival(days: np.ndarray, dead: np.ndarray, sets: Sets, horizon: float | None = 60) -> OutcomeResult:
    columns = {"survival.time": np.asarray(days, dtype=float), "survival.event": np.asarray(dead, dtype=float)}
    return compare(survival(horizon=horizon), columns, sets)


def the_test(result: OutcomeResult, name: str, sample: str = "matched") -> OneTest:
    return next(t for t in result.tests if t.name == name and t.sample == sample)


def rows(result: OutcomeResult, measure: str) -> list[Estimate]:
    return [e for e in result.estimates if e.measure == measure]


def the_interval_comes_of_its_parts(e: Estimate) -> None:
    """Estimate, SE, scale and df give the interval back, wherever it is one of a standard error; where its sentence
    says that it is cut, the limits lie on or inside those."""
    if np.isnan(e.se) or e.measure in ("survival_at_horizon", "incidence_at_horizon"):
        return
    low, value, high = (np.log(x) if e.scale == "log" else x for x in (e.ci_low, e.estimate, e.ci_high))
    quantile = Z if np.isnan(e.df) else t_quantile(e.df)
    if "is cut there" in e.note:
        assert high - value <= quantile * e.se + 1e-12 and value - low <= quantile * e.se + 1e-12, e
        assert min(high - value, value - low) < quantile * e.se - 1e-12, e
        return
    assert (high - value, value - low) == pytest.approx((quantile * e.se, quantile * e.se), rel=1e-9, abs=1e-12), e


def all_numbers_explained(result: OutcomeResult) -> None:
    """No infinity anywhere; every missing number has a sentence, and the sentence reaches the notes."""
    for row in (*result.tests, *result.estimates):
        numbers = [getattr(row, name) for name in NUMBERS if hasattr(row, name)]
        assert not np.isinf(numbers).any(), row
        if np.isnan(numbers).any():
            assert row.note, row
        assert bool(row.note) == bool(row.note_code), row
        assert not row.note_code or CODE.fullmatch(row.note_code), row
    told = {(note.code, note.text) for note in result.notes}
    for t in result.tests:
        if np.isnan([t.statistic, t.p_value]).any():
            assert (t.note_code, t.note) in told, t
        else:
            assert 0 <= t.p_value <= 1
    for e in result.estimates:
        if np.isnan([e.estimate, e.ci_low, e.ci_high]).any():
            assert (e.note_code, e.note) in told, e
        else:
            assert e.ci_low <= e.estimate <= e.ci_high, e
            the_interval_comes_of_its_parts(e)


@pytest.fixture
def published() -> OutcomeResult:
    """0 of 8 treated and 5 of 24 controls died; deaths of the study's day 28 fell 3, 2 in the set table."""
    beside = np.zeros(223)
    beside[:40] = 1
    return compare(
        binary(), {"death": np.concatenate([deaths_per_set([3, 2] + [0] * 6), beside])}, even_sets(8, 3), 223
    )


def test_the_study_in_numbers(published: OutcomeResult) -> None:
    assert published.treated == BinarySummary(8, 0, 0.0)
    assert published.matched_control == BinarySummary(24, 5, 5 / 24)
    assert published.whole_control == BinarySummary(247, 45, 45 / 247)
    pairs = the_test(published, "mcnemar_pairs")
    assert (pairs.n_units, pairs.unit, pairs.n_treated, pairs.n_control) == (24, "pair", 8, 24)
    assert (pairs.statistic, pairs.convention) == (5, "published")
    by_set = the_test(published, "exact_by_set")
    assert (by_set.n_units, by_set.unit, by_set.convention, by_set.p_value) == (8, "set", "matched_set", 0.125)
    whole = the_test(published, "fisher_exact", "whole")
    assert (whole.n_units, whole.unit, whole.convention) == (255, "patient", "whole_cohort")
    assert {t.name for t in published.tests if t.convention == "matched_set"} <= SET_TESTS
    all_numbers_explained(published)


def test_the_unit_guard_in_words(published: OutcomeResult) -> None:
    assert the_test(published, "mcnemar_pairs").note == (
        "McNemar counts 24 pairs, but they come from 8 treated patients; the matched-set test counts 8 sets."
    )
    assert any("risk of up to 37%" in note.text for note in published.notes)
    assert any("8 sets are few" in note.text for note in published.notes)
    counts = {t.name: (t.counts, t.counted_as) for t in published.tests}
    assert counts["mcnemar_pairs"] == ("24 pairs from 8 treated patients", "8 patients counted as 24")
    assert counts["exact_by_set"] == ("8 sets", "")
    assert counts["fisher_exact"] == ("255 patients", "")


def test_effects_of_the_study(published: OutcomeResult) -> None:
    newcombe, marginal = rows(published, "risk_difference")
    assert marginal.estimate == newcombe.estimate == pytest.approx(-5 / 24)
    assert (newcombe.ci_low, newcombe.ci_high) == pytest.approx((-0.4047, 0.1362), abs=5e-5)
    per_set = np.array([(3 - 5 / 8) / 24, (2 - 5 / 8) / 24] + [-5 / 8 / 24] * 6)
    assert marginal.se == pytest.approx(np.sqrt(8 / 7 * 31 / 30 * (per_set**2).sum()))
    assert marginal.ci_high - marginal.estimate == pytest.approx(2.364624 * marginal.se, rel=1e-6)
    [events], [share] = rows(published, "attributable_events"), rows(published, "risk_difference_by_set")
    assert (events.estimate, events.ci_low, events.ci_high) == (pytest.approx(-5 / 3), -5, 0)
    assert (share.estimate, share.ci_low, share.ci_high) == (pytest.approx(-5 / 24), -0.625, 0)
    assert published.quoted == Quoted(0.125, "exact_by_set", events.estimate, -5, 0, "attributable_events")
    quoted, exact, mantel_haenszel, conditional = rows(published, "odds_ratio_by_set")
    assert (quoted.estimate, quoted.ci_low, quoted.ci_high) == (0, 0, pytest.approx((np.sqrt(3.8125) - 0.5) / 0.75))
    assert np.isnan(conditional.estimate)
    assert "no treated patient had the event" in conditional.note
    assert (exact.estimate, exact.ci_low, exact.ci_high) == (0, 0, pytest.approx(3))
    assert (mantel_haenszel.estimate, np.isnan(mantel_haenszel.ci_high)) == (0, True)
    assert [e.estimate for e in rows(published, "risk_ratio")] == [0, 0]
    assert published.sets.loc[0].tolist() == [0, 1, 0, 3, 3]


def test_one_to_one_pairs_repeat_nobody() -> None:
    result = compare(binary(), {"death": np.tile([0.0, 1.0, 1.0, 1.0], 4)}, even_sets(8, 1))
    assert the_test(result, "mcnemar_pairs").note == ""
    assert the_test(result, "mcnemar_pairs").p_value == the_test(result, "cmh_by_set").p_value


def test_missing_outcomes_drop_sets_and_make_the_weights_anew() -> None:
    """The treated of set 1 and all controls of set 2 lack the outcome: 6 sets; 4 of 24 controls lack it. The deaths of
    sets 0 and 3 are 1 of 3 controls each; in set 7 one of three is left out."""
    death = deaths_per_set([1, 1, 1, 1, 0, 0, 0, 0])
    death[[4, 9, 10, 11, 31]] = np.nan
    result = compare(binary(), {"death": death}, even_sets(8, 3))
    by_set = the_test(result, "exact_by_set")
    assert (by_set.n_units, by_set.n_treated, by_set.n_control) == (6, 6, 17)
    assert the_test(result, "mcnemar_pairs").n_units == 17
    assert (result.treated.n, result.matched_control.n) == (7, 20)
    assert result.treated.weighted_risk - result.matched_control.weighted_risk == pytest.approx(-2 / 3 / 6)
    assert rows(result, "risk_difference")[0].estimate == pytest.approx(-2 / 3 / 6)
    assert any("Known for 7 of 8 treated and 20 of 24 matched controls" in note.text for note in result.notes)
    assert any("2 of 8 sets are left out" in note.text for note in result.notes)
    table = result.sets
    assert table.loc[1, ["treated", "controls"]].tolist() == [0, 3]
    assert table.loc[2, ["treated", "controls"]].tolist() == [1, 0]
    all_numbers_explained(result)


def test_with_replacement_shows_no_set_test() -> None:
    """Treated 0, 1, 2; control 3 serves all three, control 4 one."""
    membership = np.array([[0, 0], [3, 0], [1, 1], [3, 1], [4, 1], [2, 2], [3, 2]])
    treated = np.array([True, True, True, False, False])
    sample = given_sample(membership, treated, replace=True)
    columns = {
        "death": np.array([1.0, 0, 1, 0, 1]),
        "crp": np.array([5.0, 6, 8, 2, 3]),
        "survival.time": np.array([5.0, 9, 20, 7, 12]),
        "survival.event": np.array([1.0, 1, 0, 1, 1]),
    }
    results = compare_outcomes(cohort_of(treated, columns, [binary(), continuous(), survival()]), sample, 1)
    names = {t.name for result in results for t in result.tests}
    assert not names & SET_TESTS
    assert names >= PAIR_TESTS
    for result in results:
        assert any("no test by set is shown" in note.text for note in result.notes)
        all_numbers_explained(result)
    mcnemar = the_test(results[0], "mcnemar_pairs")
    assert (mcnemar.n_units, mcnemar.n_treated, mcnemar.n_control) == (4, 3, 2)
    assert "3 treated patients and 2 controls" in mcnemar.note
    assert mcnemar.counts == "4 pairs from 3 treated patients and 2 controls"
    assert mcnemar.counted_as == "3 patients counted as 4"
    plain, clustered = rows(results[1], "mean_difference")
    assert "HC3" in plain.method
    assert "clustered on the control" in clustered.method
    assert clustered.estimate == pytest.approx(plain.estimate)
    newcombe, *others = [e.method[:13] for e in rows(results[0], "risk_difference")]
    assert (newcombe, others) == ("weighted, New", ["weighted, SE "] * 2)
    for result in results[:2]:
        assert (result.quoted.test, result.quoted.p <= 1) == ("large_sample", True)
        assert any(note.code == "large-sample" for note in result.notes)


def test_one_treated_patient() -> None:
    sets = even_sets(1, 3)
    columns = {
        "death": np.array([1.0, 0, 0, 0]),
        "crp": np.array([9.0, 1, 2, 3]),
        "survival.time": np.array([5.0, 9, 20, 7]),
        "survival.event": np.array([1.0, 1, 0, 1]),
    }
    sample, treated = sample_of(sets), treated_flags(sets)
    results = compare_outcomes(cohort_of(treated, columns, [binary(), continuous(), survival()]), sample, 1)
    for result in results:
        all_numbers_explained(result)
    assert the_test(results[0], "exact_by_set").p_value == 0.25
    assert the_test(results[1], "aligned_rank_by_set").p_value == 0.5  # ranks 4 and 1 are equally far from 2.5
    assert "One set" in rows(results[1], "mean_difference")[0].note


@pytest.mark.parametrize("value", [0.0, 1.0])
def test_everybody_alike(value: float) -> None:
    result = compare(binary(), {"death": np.full(32, value)}, even_sets(8, 3))
    all_numbers_explained(result)
    assert the_test(result, "exact_by_set").p_value == 1
    assert "cannot speak" in the_test(result, "cmh_by_set").note
    assert rows(result, "risk_difference")[0].estimate == 0


def test_every_treated_patient_has_the_event() -> None:
    death = deaths_per_set([1, 1, 0, 0, 0, 0, 0, 0])
    death[::4] = 1
    result = compare(binary(), {"death": death}, even_sets(8, 3))
    all_numbers_explained(result)
    exact = rows(result, "odds_ratio_by_set")[0]
    assert np.isnan([exact.estimate, exact.ci_high]).all()
    assert exact.ci_low > 1
    assert "or more" in exact.note


def test_an_outcome_nobody_matched_has() -> None:
    sets, nothing = even_sets(2, 2), np.concatenate([np.full(6, np.nan), [1.0, 0, 1]])
    columns = {"death": nothing, "crp": nothing, "survival.time": nothing + 5, "survival.event": nothing}
    specs = [binary(), continuous(), survival(), survival(horizon=None).model_copy(update={"name": "survival"})]
    sample, treated = sample_of(sets, 0, 3), treated_flags(sets, 0, 3)
    for result in compare_outcomes(cohort_of(treated, columns, specs), sample, 1):
        all_numbers_explained(result)
        assert result.treated.n == 0


def test_constant_and_tied_values() -> None:
    result = compare(continuous(), {"crp": np.full(32, 7.0)}, even_sets(8, 3))
    all_numbers_explained(result)
    assert the_test(result, "aligned_rank_by_set").p_value == 1
    assert (result.treated.median, result.treated.sd) == (7, 0)


def test_continuous_by_hand() -> None:
    """Treated 2, 4, 6, 9; quartiles of type 2 are means of neighbours."""
    crp = np.array([2.0, 1, 4, 5, 6, 3, 9, 3])
    baseline = np.array([1.0, 2, np.nan, 4, 5, 6, 7, 8])
    result = compare(continuous(baseline="crp0"), {"crp": crp, "crp.baseline": baseline}, even_sets(4, 1))
    s = result.treated
    assert (s.n, s.p25, s.median, s.p75, s.minimum, s.maximum, s.mean) == (4, 3, 5, 7.5, 2, 9, 5.25)
    difference = rows(result, "mean_difference")[0]
    gaps = np.array([1, -1, 3, 6.0])
    assert difference.estimate == pytest.approx(gaps.mean())
    assert difference.se == pytest.approx(np.sqrt(4 / 3 * 7 / 6 * ((gaps - gaps.mean()) ** 2).sum() / 16))
    points = result.points
    treated = points[(points["arm"] == "treated") & (points["moment"] == "baseline")]
    assert treated["value"].tolist() == [1, 5, 7]
    assert treated["row"].tolist() == [0, 4, 6]
    assert points[points["moment"] == "outcome"].groupby("arm").size().to_dict() == {
        "treated": 4,
        "matched_control": 4,
        "whole_treated": 4,
        "whole_control": 4,
    }


def test_curves_end_at_the_horizon_and_comparisons_use_all_follow_up() -> None:
    days = np.array([70.0, 20, 90, 60, 61, 5, 60, 30])
    dead = np.array([1.0, 1, 0, 1, 1, 1, 0, 0])
    result = compare_survival(days, dead, even_sets(4, 1))
    assert (result.treated.n, result.treated.events) == (4, 0)
    assert (result.matched_control.n, result.matched_control.events) == (4, 3)
    assert result.horizon == 60
    assert result.curves["time"].max() == 60
    (by_set,) = rows(result, "hazard_ratio_by_set")
    assert (by_set.estimate, by_set.ci_low, by_set.role) == (0, 0, "quoted")
    assert f"one of up to {by_set.ci_high:.3g}" in by_set.note
    (hazard,) = rows(result, "hazard_ratio")
    assert hazard.estimate == 0
    assert np.isnan([hazard.ci_low, hazard.ci_high]).all()
    assert hazard.note.startswith("While both arms were under observation, no event among the treated")
    treated_first = np.array([True, False] * 4)
    assert the_test(result, "logrank_by_set").statistic == pytest.approx(
        logrank(days, dead == 1, treated_first, np.repeat(np.arange(4), 2)).statistic
    )
    assert any("use all follow-up, to 90; the other numbers end at 60" in note.text for note in result.notes)
    treated, control = rows(result, "survival_at_horizon")
    assert (treated.estimate, treated.ci_high) == (1, 1)
    assert treated.ci_low == pytest.approx(0.025 ** (1 / 4))
    assert (control.arm, control.full_method()) == ("control", f"matched controls: {control.method}")
    assert not np.isnan(the_test(result, "logrank_by_set").p_value)
    difference = rows(result, "rmst_difference")[0]
    assert difference.estimate == pytest.approx(60 - (5 + 15 * 3 / 4 + 40 / 2))
    (lost,) = rows(result, "rmtl_difference")
    assert lost.estimate == pytest.approx(-difference.estimate)
    assert lost.ci_low < lost.estimate < lost.ci_high
    all_numbers_explained(result)


def test_survival_uses_weights_in_curves_and_none_in_counts() -> None:
    """Sets of 1:1 and 1:2: controls weigh 1.5, 0.75, 0.75; the death of the first takes half of the weight."""
    sets = sets_of([0, 0, 1, 1, 1], [1, 0, 1, 0, 0])
    result = compare_survival([50, 10, 60, 60, 60], [1, 1, 0, 0, 0], sets)
    control = rows(result, "survival_at_horizon")[1]
    assert control.estimate == pytest.approx(0.5)
    assert rows(result, "rmst_difference")[0].estimate == pytest.approx(55 - 35)
    counts = result.at_risk
    assert counts[counts["arm"] == "matched_control"]["at_risk"].tolist() == [3, 3, 2, 2, 2, 2, 2]


def test_survival_without_a_horizon_ends_with_the_shorter_follow_up() -> None:
    result = compare_survival([30, 80, 45, 20], [0, 1, 1, 1], even_sets(2, 1), horizon=None)
    assert result.horizon == 45
    assert any("No horizon was set" in note.text for note in result.notes)
    short = compare_survival([30, 80, 25, 90], [0, 0, 1, 1], even_sets(2, 1))
    assert any("ends at 30, before the horizon 60" in note.text for note in short.notes)


def test_time_and_event_never_known_together() -> None:
    result = compare_survival([5, np.nan] * 4, [np.nan, 1] * 4, even_sets(4, 1), horizon=None)
    all_numbers_explained(result)
    assert (result.whole_treated.n, len(result.curves), len(result.censored)) == (0, 0, 0)


def test_whole_and_matched_logrank_are_told_apart() -> None:
    result = compare_survival([3, 5, 8, 60] * 4, [1, 1, 1, 0] * 4, even_sets(8, 1))
    assert [(t.name, t.sample, t.convention) for t in result.tests] == [
        ("logrank", "whole", "whole_cohort"),
        ("logrank", "matched", "published"),
        ("logrank_by_set_exact", "matched", "matched_set"),
        ("logrank_by_set", "matched", "matched_set"),
        ("logrank_by_set_permuted", "matched", "matched_set"),
        ("rmst_by_set_permuted", "matched", "matched_set"),
        ("cox_cluster", "matched", "matched_set"),
    ]
    assert "few" in the_test(result, "cox_cluster").note


def random_columns(n: int, rng: np.random.Generator) -> dict[str, np.ndarray]:
    days = np.ceil(rng.exponential(50, n))
    return {
        "death": (rng.random(n) < 0.3) * 1.0,
        "crp": np.round(rng.normal(50, 20, n), 1),
        "survival.time": days,
        "survival.event": (rng.random(n) < 0.8) * 1.0,
    }


def p_values(results: tuple[OutcomeResult, ...]) -> dict[str, float]:
    return {f"{t.name} {t.sample}": t.p_value for result in results for t in result.tests}


@given(st.integers(0, 1000))
@settings(max_examples=20)
def test_row_order_changes_nothing_and_everything_is_explained(seed: int) -> None:
    rng = np.random.default_rng(seed)
    sizes = rng.integers(1, 4, 6)
    sets = sets_of(np.repeat(np.arange(6), sizes + 1).tolist(), [int(i == 0) for k in sizes for i in range(k + 1)])
    n, specs = len(sets.set_id), [binary(), continuous(), survival()]
    columns = random_columns(n, rng)
    for column in ("death", "crp"):
        columns[column][rng.random(n) < 0.15] = np.nan
    results = compare_outcomes(cohort_of(sets.treated, columns, specs), sample_of(sets), 1)
    order = rng.permutation(n)
    mixed = Sets(sets.set_id[order], sets.treated[order])
    moved = {name: column[order] for name, column in columns.items()}
    again = compare_outcomes(cohort_of(mixed.treated, moved, specs), sample_of(mixed), 1)
    assert p_values(again) == pytest.approx(p_values(results), rel=1e-9, nan_ok=True)
    for one, other in zip(results, again, strict=True):
        all_numbers_explained(one)
        for a, b in zip(one.estimates, other.estimates, strict=True):
            assert [a.estimate, a.se] == pytest.approx([b.estimate, b.se], rel=1e-8, abs=1e-9, nan_ok=True)


def test_the_seed_changes_nothing_while_every_arrangement_is_looked_at(published: OutcomeResult) -> None:
    sets = even_sets(8, 3)
    columns = random_columns(32, np.random.default_rng(4))
    cohort = cohort_of(sets.treated, columns, [binary(), continuous(), survival()])
    one, two = (p_values(compare_outcomes(cohort, sample_of(sets), seed)) for seed in (1, 2))
    assert one == two
    assert replace(published, primary=True).primary
