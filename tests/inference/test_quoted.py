"""The p and the interval that are quoted, through the whole comparison: they agree, and what disagrees says so."""

import numpy as np
import pytest

from lib.design.comparison import Independent
from lib.inference import compare_outcomes
from lib.inference.agreement import CODE, other_side, with_sides
from lib.inference.binary_effects import risk_difference
from lib.inference.continuous import continuous_outcome
from lib.inference.data import ValueData
from lib.inference.frame import Frame
from lib.inference.mover import Risk, difference_p
from lib.inference.results import LARGE_SAMPLE, Estimate, OutcomeResult
from lib.inference.results import Test as OneTest
from lib.measures import MEASURES
from tests.inference.builders import (
    Sets,
    binary,
    cohort_of,
    continuous,
    deaths_per_set,
    even_sets,
    sample_of,
    sets_of,
)

JUST = 1e-9  # a p no further from 0.05 is 0.05


def compared(sets: Sets, **columns: np.ndarray) -> dict[str, OutcomeResult]:
    specs = [binary(name) if name.startswith("death") else continuous(name) for name in columns]
    found = compare_outcomes(cohort_of(sets.treated, columns, specs), sample_of(sets), 1)
    return {result.name: result for result in found}


def some_sets(rng: np.random.Generator, n: int) -> Sets:
    sizes = rng.integers(2, 5, n)
    return sets_of(np.repeat(np.arange(n), sizes).tolist(), [int(i == 0) for size in sizes for i in range(size)])


def test_five_deaths_of_24_and_seven_of_24() -> None:
    """0/8 v 5/24: -5 to 0 beside 0.34; v 7/24 in sets of 3, 3 and 1: -5 to -1 beside 0.047."""
    found = compared(
        even_sets(8, 3),
        death_28=deaths_per_set([1] * 5 + [0] * 3),
        death_60=deaths_per_set([3, 3, 1] + [0] * 5),
    )
    for name, p, high in (("death_28", 0.3408, 0), ("death_60", 0.0469, -1)):
        quoted = found[name].quoted
        assert (quoted.test, quoted.measure) == ("exact_by_set", "attributable_events")
        assert (quoted.p, quoted.ci_low, quoted.ci_high) == (pytest.approx(p, abs=5e-5), -5, high)


@pytest.mark.parametrize("kind", ["death", "crp"])
def test_the_quoted_interval_holds_no_effect_exactly_when_p_is_above_005(kind: str) -> None:
    """200 comparisons of 3 to 12 sets; whatever else falls on the other side has a sentence, and the outcome too."""
    rng, small = np.random.default_rng(12), 0
    for _ in range(200):
        sets = some_sets(rng, int(rng.integers(3, 13)))
        n, effect = len(sets.treated), rng.choice([0.0, 1.5])
        latent = rng.normal(size=n) + effect * sets.treated
        values = (latent > 0.7) * 1.0 if kind == "death" else latent.round(1)
        result = compared(sets, **{kind: values})[kind]
        quoted, said = result.quoted, [note for note in result.notes if note.code == CODE]
        if np.isnan(quoted.p) or np.isnan([quoted.ci_low, quoted.ci_high]).all() or abs(quoted.p - 0.05) < JUST:
            continue
        assert (quoted.ci_low > 0 or quoted.ci_high < 0) == (quoted.p <= 0.05)
        small += quoted.p <= 0.05
        apart = [e for e in result.estimates if other_side(e, quoted.p)]
        assert bool(apart) == bool(said)
        assert all("though the quoted p" in e.note or e.note_code == "one_sided_arm" for e in apart)
    assert small > 20


def test_an_interval_on_the_other_side_says_why() -> None:
    test = OneTest("exact_by_set", "matched", 0, 0.34, 8, "set", "matched_set", 8, 24, role="quoted")
    away = Estimate("risk_difference", -0.2, -0.4, -0.01, 0.1, "weighted")
    fine = Estimate("odds_ratio", 0.5, 0.1, 2.0, 0.1, "weighted", scale="log")
    (said, same), [reason] = with_sides([away, fine], [test])
    assert same is fine
    assert said.note.startswith("This interval excludes no effect though the quoted p = 0.34: it is about the average")
    assert said.note_code == reason.code == CODE
    assert "difference in risk (percentage points) (weighted)" in reason.text
    assert with_sides([fine], [test]) == ([fine], [])
    assert with_sides([away], []) == ([away], [])


def test_a_missing_limit_lies_at_the_end() -> None:
    above = Estimate("odds_ratio_by_set", np.nan, 1.2, np.nan, np.nan, "exact")
    assert [other_side(above, p) for p in (0.01, 0.2, np.nan)] == [False, True, False]
    assert not other_side(Estimate("odds_ratio", 0.0, np.nan, np.nan, np.nan, ""), 0.01)


def weighted_frame(n1: int, n0: int, rng: np.random.Generator) -> Frame:
    treated = np.arange(n1 + n0) < n1
    weights = np.where(treated, 1.0, rng.uniform(0.2, 2, n1 + n0))
    return Frame(np.arange(n1 + n0), treated, weights, Independent.of(treated), None)


def test_without_sets_the_weighted_effect_is_quoted_with_its_own_p() -> None:
    rng = np.random.default_rng(2)
    frame = weighted_frame(20, 60, rng)
    values = rng.normal(size=80).round(2)
    found = continuous_outcome("crp", False, ValueData(values, frame.treated, frame), None)
    effect, quoted = found.estimates[0], found.quoted
    assert (quoted.test, quoted.measure, quoted.estimate) == (LARGE_SAMPLE, "mean_difference", effect.estimate)
    t = effect.estimate / effect.se
    draws = rng.standard_t(effect.df, 400_000)
    assert quoted.p == pytest.approx((np.abs(draws) >= abs(t)).mean(), abs=0.003)
    assert [note.code for note in found.notes if note.code == "large-sample"] == ["large-sample"]


def test_one_patient_in_an_arm_has_no_large_sample_p() -> None:
    """One set of 1:3, event in the treated only: CMH and McNemar keep their statistic and lose their p; exact: 1/4.
    Kruskal-Wallis among 1 + 3 + 4: the treated patient has the largest of 8 ranks, as far as the least: 2/8."""
    sets = even_sets(1, 3)
    treated = np.concatenate([sets.treated, np.zeros(4, dtype=bool)])
    columns = {"death": np.array([1.0, 0, 0, 0, 1, 0, 0, 0]), "crp": np.array([9.0, 1, 2, 3, 4, 5, 6, 7])}
    cohort = cohort_of(treated, columns, [binary(), continuous()])
    death, crp = compare_outcomes(cohort, sample_of(sets, 0, 4), 1)
    tests = {test.name: test for test in (*death.tests, *crp.tests)}
    for name in ("cmh_by_set", "cmh_by_set_corrected", "mcnemar_pairs", "wilcoxon_signed_rank_pairs"):
        assert tests[name].statistic > 0
        assert (np.isnan(tests[name].p_value), tests[name].note_code) == (True, "one_patient")
    assert tests["exact_by_set"].p_value == death.quoted.p == 0.25
    assert (tests["kruskal_wallis"].p_value, tests["kruskal_wallis"].note_code) == (0.25, "one_patient")


def test_one_weighted_patient_has_an_interval_and_no_p() -> None:
    rng = np.random.default_rng(2)
    frame = weighted_frame(1, 9, rng)
    death = np.array([1.0] + [0, 0, 1] * 3)
    found = risk_difference(ValueData(death, frame.treated, frame).arms)
    assert (np.isnan(found.own_p), found.note_code, found.role) == (True, "one_patient", "quoted")
    assert -1 <= found.ci_low < found.ci_high <= 1


def test_an_infinite_ratio_says_so() -> None:
    """Every treated patient and no control has the event: the ratios are infinite, the exact one keeps its limit."""
    death = even_sets(6, 2).treated * 1.0
    found = compared(even_sets(6, 2), death=death)["death"]
    ratios = [e for e in found.estimates if MEASURES[e.measure].ratio and "conditional logistic" not in e.method]
    assert np.isnan([e.estimate for e in ratios]).all()
    assert {e.note_code for e in ratios} == {"infinite_ratio", "infinite_ratio_limit"}
    exact = [e for e in ratios if e.note_code == "infinite_ratio_limit"]
    assert len(exact) == 2
    assert all(e.ci_low > 1 and np.isnan(e.ci_high) for e in exact)
    assert found.quoted.ci_low > 0


def test_no_difference_of_risks_reaches_beyond_what_is_possible() -> None:
    """Three sets, +1, +1 and 0: the clustered interval would reach 2.1."""
    sets = even_sets(3, 1)
    found = compared(sets, death=np.array([1.0, 0, 1, 0, 1, 1]))["death"]
    newcombe, clustered = [e for e in found.estimates if e.measure == "risk_difference"]
    assert clustered.estimate + 4.3 * clustered.se > 1
    assert (clustered.ci_high, newcombe.ci_high <= 1) == (1, True)
    assert Risk(1, 3).wilson()[1] == 1
    assert difference_p(Risk(0.5, 10), Risk(0.5, 30)) == 1
