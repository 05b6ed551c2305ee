"""Sentences that are true in every state in which they are read: one test for each state."""

import math
from dataclasses import replace

import pandas as pd
import pytest

from lib.inference import results
from lib.inference.results import Estimate
from lib.sensitivity.curve import SpecificationCurve
from lib.sensitivity.e_value import e_value_of
from lib.sensitivity.hidden_bias import HiddenBias
from lib.sensitivity.negative_control import NegativeControl
from lib.sensitivity.null_curve import NullCurve
from lib.sensitivity.quick_outcomes import QuickOutcome
from lib.steps import run
from lib.words import cry_wolf, designs, glossary, glossary_sensitivity, names, outcomes, power, sensitivity, unit_guard
from tests.sensitivity.builders import sample_study

QUICK = QuickOutcome("fracture", "risk_difference", -0.1, -0.3, 0.1, 0.02, 0.03, 8)


@pytest.mark.parametrize(
    ("worst", "said"),
    [
        (0.234, "(worst measured |SMD| 0.23)"),
        (0.0, "(worst measured |SMD| 0.00)"),
        (math.inf, "(worst measured |SMD| without a limit)"),
        (math.nan, "(nothing was measured that could tell what)"),
    ],
)
def test_a_negative_control_that_differs_blames_the_measured_too(worst: float, said: str) -> None:
    sentence = NegativeControl(QUICK, "warn", worst).sentence
    assert f"Something, measured or not, sets them apart {said}, and" in sentence


@pytest.mark.parametrize(("sets", "few"), [(8, True), (29, True), (30, False), (300, False)])
def test_few_sets_are_blamed_only_where_they_are_few(sets: int, few: bool) -> None:
    sentence = NegativeControl(replace(QUICK, n_sets=sets, p_by_set=0.5), "quiet", 0.1).sentence
    assert ("few sets miss" in sentence) == few
    assert sentence.startswith('"fracture", which treatment cannot change, shows no difference')


def test_a_silent_negative_control_says_nothing_of_smds() -> None:
    sentence = NegativeControl(replace(QUICK, p_by_set=math.nan), "silent", 0.4).sentence
    assert "SMD" not in sentence and "proves nothing" in sentence


def test_labels_dealt_at_random_are_a_world_without_confounding() -> None:
    tests = pd.DataFrame({"statistic": ["median_estimate"], "observed": [-0.1], "null": [0.0], "p_value": [0.2]})
    made = SpecificationCurve.__new__(SpecificationCurve)
    object.__setattr__(made, "measure", "risk_difference")
    table = sensitivity.null_table(made, NullCurve(20, pd.DataFrame(), tests))
    assert table.footnotes[0].startswith("Labels dealt at random: a world without confounding")
    assert "without confounding" in glossary_sensitivity.NULL


def test_core_controls_are_told_by_their_rule() -> None:
    assert "chosen in more than 80% of the changed analyses" in glossary_sensitivity.FRAGILITY
    assert "whatever was changed" not in glossary_sensitivity.FRAGILITY


def test_nothing_is_called_published_that_nobody_published() -> None:
    told = [*outcomes.P_COLUMNS, *designs.P_HEADS, *names.CONVENTIONS.values()]
    told += [
        *cry_wolf.PAIRS.values(),
        glossary.TABLE_TWO,
        glossary_sensitivity.SPREAD,
        unit_guard.reason(pair_test(), set_test()),
    ]
    assert not any("published" in text for text in told)


def pair_test(name: str = "mcnemar_pairs") -> results.Test:
    return results.Test(name, "matched", 5.0, 0.025, 24, "pair", "published", 8, 24, "", "")


def set_test() -> results.Test:
    return results.Test("exact_by_set", "matched", 0.0, 0.34, 8, "set", "matched_set", 8, 24, "", "")


def test_the_unit_guard_holds_for_sets_of_any_shape() -> None:
    assert "put into sets because they resemble each other" in unit_guard.reason(pair_test("logrank"), set_test())
    assert "resembles one treated" not in unit_guard.reason(pair_test("logrank"), set_test())
    assert "no test by set" in unit_guard.reason(pair_test(), None)


def test_p_values_on_pairs_are_too_small_on_average() -> None:
    assert "too small on average" in glossary.TESTS
    assert "on average too small" in glossary.PAIRS


def ratio(estimate: float, low: float, high: float) -> str:
    return e_value_of(Estimate("odds_ratio", estimate, low, high, math.nan, "by hand"), common=False).sentence


def test_the_e_value_in_each_state() -> None:
    assert "To move the interval to no effect" in ratio(3.0, 1.5, 6.0)
    crossing = ratio(3.0, 0.9, 9.0)
    assert "holds 1, so no hidden factor is needed" in crossing and "To move" not in crossing
    assert ratio(1.0, 0.5, 2.0).startswith("The estimate is no effect, so there is nothing")
    assert "holds 1" in ratio(0.0, math.nan, 1.95) and "explain the estimate away" not in ratio(0.0, math.nan, 1.95)
    assert "no limit on the side" in ratio(0.0, math.nan, math.nan)


def bounds(start: float, crossing: float) -> HiddenBias:
    made = HiddenBias.__new__(HiddenBias)
    for name, value in {
        "curve": pd.DataFrame({"gamma": [1.0], "p_one_sided": [start / 2], "p_two_sided": [start]}),
        "crossing": crossing,
        "n_sets": 8,
        "method": "exact",
    }.items():
        object.__setattr__(made, name, value)
    return made


def test_hidden_bias_speaks_of_odds_and_names_its_method() -> None:
    assert "multiplies the odds of treatment by 1.3 within a set" in bounds(0.02, 1.3).sentence
    assert "likel" not in bounds(0.02, 1.3).sentence + glossary_sensitivity.BOUNDS
    assert "odds" not in bounds(0.02, math.nan).sentence
    assert "already 0.4" in bounds(0.4, math.nan).sentence
    assert sensitivity.bounds_footnote(bounds(0.02, 1.3)).startswith("8 matched sets; method: exact.")
    assert "exact" not in glossary_sensitivity.BOUNDS.split("(")[1].split(")")[0]


def test_plain_counts_say_that_curves_are_weighted() -> None:
    assert "weighted Kaplan-Meier" in outcomes.PLAIN_COUNTS


def test_no_result_could_is_said_of_no_treated_event() -> None:
    analysis = run(*sample_study())
    assert "With fewer and no treated event, no result could." in power.reach_sentence(
        analysis.comparison, analysis.power
    )
