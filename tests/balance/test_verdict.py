"""The sentence about balance: what it compares with, whom it names, what it never says."""

import math

import pandas as pd
import pytest

from lib.balance import COLUMNS, BalanceTable
from lib.balance.statistics import chance_band
from lib.balance.verdict import balance_verdict


def table(
    smd: dict[str, float], n_treated: int, n_control: int, ratios: dict[str, float] | None = None
) -> BalanceTable:
    rows = pd.DataFrame(
        {
            "covariate": list(smd),
            "level": None,
            "smd_after": list(smd.values()),
            "variance_ratio_after": [(ratios or {}).get(name, 1.0) for name in smd],
        }
    )
    return BalanceTable(
        rows.reindex(columns=list(COLUMNS)).assign(level=None),
        chance_band(n_treated, n_control),
        n_treated,
        n_control,
        float(n_treated),
        float(n_control),
    )


def test_alike() -> None:
    verdict = balance_verdict(table({"age": 0.02, "sofa": -0.1}, 300, 900))
    assert verdict.level == "pass"
    assert verdict.sentence == (
        "After matching every covariate differs by at most 0.1 standard deviations between the "
        "groups: the groups are alike in what was measured."
    )


def test_a_small_cohort_can_show_neither() -> None:
    verdict = balance_verdict(table({"age": -0.21, "sofa": 0.35, "crp": 0.05}, 8, 24))
    assert verdict.level == "look"
    assert verdict.sentence == (
        "After matching the groups still differ by more than 0.1 standard deviations in sofa (0.35) and age (0.21). "
        "With 8 treated patients and 24 controls even a randomised trial would leave differences up to 0.97 by "
        "chance, so this sample is too small to show balance or to rule it out."
    )


def test_more_than_chance() -> None:
    verdict = balance_verdict(table({"age": 1.2, "sofa": 0.35}, 8, 24))
    assert verdict.level == "fail"
    assert "in age (1.20)." in verdict.sentence
    assert "more than the 0.97 that chance would leave" in verdict.sentence


def test_a_large_cohort_has_no_excuse() -> None:
    verdict = balance_verdict(table({"age": 0.12}, 2_000, 6_000))
    assert verdict.level == "fail"
    assert "more than the 0.05 that" in verdict.sentence


def test_three_decimals_where_two_would_read_alike() -> None:
    band = chance_band(400, 400)
    sentence = balance_verdict(table({"age": band + 0.002}, 400, 400)).sentence
    assert f"age ({band + 0.002:.3f})" in sentence
    assert f"more than the {band:.3f} that" in sentence
    assert "sofa (0.101)" in balance_verdict(table({"sofa": 0.101}, 400, 400)).sentence


def test_the_worst_three_are_named_and_the_rest_counted() -> None:
    verdict = balance_verdict(table({"a": 0.2, "b": 0.3, "c": 0.4, "d": 0.5, "e": 0.6}, 8, 24))
    assert "in e (0.60), d (0.50), c (0.40) and 2 more." in verdict.sentence


def test_an_infinite_difference_always_fails() -> None:
    verdict = balance_verdict(table({"age": math.inf}, 1, 3))
    assert verdict.level == "fail"
    assert "age (without overlap)" in verdict.sentence
    assert "nan" not in verdict.sentence
    assert "inf" not in verdict.sentence


def test_one_treated_patient_is_looked_at() -> None:
    verdict = balance_verdict(table({"age": 0.9}, 1, 3))
    assert verdict.level == "look"
    assert "With 1 treated patient and 3 controls nobody can tell" in verdict.sentence


@pytest.mark.parametrize(
    ("ratio", "level"), [(1.9, "pass"), (2.5, "look"), (0.3, "look"), (math.inf, "look"), (math.nan, "pass")]
)
def test_unlike_spread_in_a_large_cohort(ratio: float, level: str) -> None:
    verdict = balance_verdict(table({"age": 0.01}, 300, 900, {"age": ratio}))
    assert verdict.level == level
    assert ("age is spread differently" in verdict.sentence) == (level == "look")


def test_unlike_spread_is_expected_in_a_small_cohort() -> None:
    assert balance_verdict(table({"age": 0.01}, 8, 24, {"age": 2.5})).level == "pass"


@pytest.mark.parametrize("smd", [0.01, 0.3, 3.0])
def test_no_p_values(smd: float) -> None:
    sentence = balance_verdict(table({"age": smd}, 8, 24)).sentence.lower()
    assert "significan" not in sentence
    assert "p =" not in sentence
    assert "p-value" not in sentence


@pytest.mark.parametrize(("ratio", "level"), [(2.37, "pass"), (2.42, "look"), (0.26, "pass"), (0.22, "look")])
def test_the_larger_spread_of_few_treated_is_judged_by_their_own_degrees_of_freedom(ratio: float, level: str) -> None:
    """8 treated, 121 controls: printed tables give F(7, 120) 2.39 at 97.5%, and at 2.5% 1 / 4.20, that of F(120, 7)."""
    assert balance_verdict(table({"age": 0.01}, 8, 121, {"age": ratio})).level == level


@pytest.mark.parametrize(("smd", "level"), [(0.1, "pass"), (chance_band(8, 24), "look"), (-0.98, "fail")])
def test_a_difference_at_a_limit_is_within_it(smd: float, level: str) -> None:
    assert balance_verdict(table({"age": smd}, 8, 24)).level == level


@pytest.mark.parametrize("ratio", [0.5, 2.0])
def test_twice_or_half_the_variance_is_alike(ratio: float) -> None:
    assert balance_verdict(table({"age": 0.01}, 3_000, 9_000, {"age": ratio})).level == "pass"
