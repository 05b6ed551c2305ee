"""E-values by hand (VanderWeele and Ding 2017, smoking and lung cancer among their examples) and by symmetry."""

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.inference.results import Estimate
from lib.sensitivity.e_value import as_risk_ratio, e_value, e_value_of, e_value_of_limit, e_values, is_common
from lib.steps import run
from tests.sensitivity.builders import sample_study

PRINTED = 5e-3  # the published numbers have two decimals


def ratio(measure: str, estimate: float, low: float, high: float) -> Estimate:
    return Estimate(measure, estimate, low, high, math.nan, "by hand")


def test_printed_examples():
    assert e_value(3.9) == pytest.approx(7.26, abs=PRINTED)
    assert e_value(1.8) == pytest.approx(3.0, abs=PRINTED)  # the limit 1.8 of the same example
    assert e_value(10.73) == pytest.approx(20.9, abs=0.05)
    assert e_value(1) == 1


@given(st.floats(1e-3, 1e3))
def test_a_ratio_and_its_inverse_are_as_strong(value):
    assert e_value(value) == pytest.approx(e_value(1 / value), rel=1e-9)
    assert e_value(value) >= max(value, 1 / value) * (1 - 1e-12)


def test_what_has_no_e_value():
    assert all(math.isnan(e_value(number)) for number in (0, math.nan, math.inf, -1))


def test_limit_nearer_to_no_effect():
    assert e_value_of_limit(3.9, 1.8, 8.7) == pytest.approx(3.0, abs=PRINTED)
    assert e_value_of_limit(0.5, 0.2, 0.8) == pytest.approx(e_value(0.8))
    assert e_value_of_limit(1.5, 0.9, 2.5) == 1
    assert e_value_of_limit(0.5, 0.2, 1.1) == 1
    assert e_value_of_limit(1.0, 0.9, 1.1) == 1
    assert math.isnan(e_value_of_limit(0.5, math.nan, math.nan))


def test_a_ratio_of_zero_uses_its_limit():
    found = e_value_of(ratio("odds_ratio_by_set", 0, math.nan, 0.5), common=False)
    assert math.isnan(found.value)
    assert found.limit == pytest.approx(e_value(0.5))
    assert "3.41" in found.sentence
    crossing = e_value_of(ratio("odds_ratio_by_set", 0, math.nan, 3.2), common=False)
    assert crossing.limit == 1
    assert "holds 1" in crossing.sentence
    nothing = e_value_of(ratio("risk_ratio", 0, math.nan, math.nan), common=False)
    assert math.isnan(nothing.limit)
    assert nothing.note


def test_scales():
    assert as_risk_ratio("odds_ratio", 4, common=True) == 2
    assert as_risk_ratio("odds_ratio", 4, common=False) == 4
    assert as_risk_ratio("hazard_ratio", 2, common=False) == 2
    hand = (1 - 0.5 ** math.sqrt(2)) / (1 - 0.5 ** math.sqrt(0.5))
    assert as_risk_ratio("hazard_ratio", 2, common=True) == pytest.approx(hand)
    assert as_risk_ratio("risk_ratio", 2, common=True) == 2
    assert as_risk_ratio("hazard_ratio", 0, common=True) == 0


@given(st.floats(0.01, 100))
def test_approximations_are_symmetric(value):
    for measure in ("odds_ratio", "hazard_ratio", "hazard_ratio_by_set"):
        assert as_risk_ratio(measure, value, True) * as_risk_ratio(measure, 1 / value, True) == pytest.approx(1)


def test_words():
    found = e_value_of(ratio("risk_ratio", 3.9, 1.8, 8.7), common=True)
    assert "7.26" in found.sentence
    assert "3.00" in found.sentence
    assert "does not exist" in e_value_of(ratio("risk_ratio", math.nan, math.nan, math.nan), True).sentence
    assert "holds 1" in e_value_of(ratio("risk_ratio", 1.5, 0.9, 3), True).sentence


def test_of_each_ratio_the_first_method_that_gives_an_estimate():
    table, study = sample_study()
    found = {o.name: {e.measure: e for e in e_values(o)} for o in run(table, study).outcomes}
    assert set(found["death_28d"]) == {"risk_ratio", "odds_ratio", "odds_ratio_by_set"}
    assert found["icu_free_days"] == {}
    marginal, by_set = (found["survival"][name] for name in ("hazard_ratio", "hazard_ratio_by_set"))
    assert marginal.risk_ratio == by_set.risk_ratio == 0
    assert math.isnan(marginal.limit), "nobody died among the treated: a limit that is none has no E-value"
    assert by_set.limit == 1, "the limit from label moves is 1.95, so that the interval holds 1"


@pytest.fixture(scope="module")
def outcomes():
    """The three outcomes of the sample study by name."""
    return {outcome.name: outcome for outcome in run(*sample_study()).outcomes}


@pytest.mark.parametrize(("controls", "others", "common"), [(0.84, 0.99, True), (0.86, 0.5, False), (0.85, 0.5, False)])
def test_a_survival_outcome_is_common_by_all_controls_alone(outcomes, controls, others, common):
    """16% of all controls die, or 14%, or 15% to the digit; the other three arms say the opposite."""
    arms = dict.fromkeys(("treated", "matched_control", "whole_treated"), others) | {"whole_control": controls}
    found = outcomes["survival"]
    made = {name: replace(getattr(found, name), survival=survival) for name, survival in arms.items()}
    assert is_common(replace(found, **made)) == common


@pytest.mark.parametrize(("treated", "control", "common"), [((1, 8), (2, 12), False), ((1, 8), (3, 12), True)])
def test_a_binary_outcome_is_common_by_all_eligible_patients(outcomes, treated, control, common):
    """3 of 20 are 15%, which is not more than 15%; 4 of 20 are."""
    found = outcomes["death_28d"]
    whole = {
        name: replace(getattr(found, name), events=events, n=n)
        for name, (events, n) in (("whole_treated", treated), ("whole_control", control))
    }
    assert is_common(replace(found, **whole)) == common
