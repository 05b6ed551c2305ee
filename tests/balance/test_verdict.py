"""Pass, look and fail, and the sentences about them: whom they name, what they compare with, what they never say."""

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from lib.balance import COLUMNS, BalanceTable, BalanceTest
from lib.balance.lottery import Limits
from lib.balance.verdict import balance_verdict
from lib.words.verdict import verdict_paragraphs, verdict_sentence

LIMIT = 0.97


def rows_of(smd: dict[str, float], ratios: dict[str, float] | None = None) -> pd.DataFrame:
    """A row for each; "sex=m" is a level of sex."""
    names = [name.partition("=") for name in smd]
    rows = pd.DataFrame(
        {
            "covariate": [covariate for covariate, _, _ in names],
            "smd_after": list(smd.values()),
            "variance_ratio_after": [(ratios or {}).get(name, 1.0) for name in smd],
        }
    ).reindex(columns=list(COLUMNS))
    return rows.assign(level=pd.Series([level or None for _, _, level in names], dtype=object))


def limits_of(rows: pd.DataFrame, limit: float) -> Limits:
    return Limits(np.full(len(rows), limit), (rows["smd_after"].abs() > limit).to_numpy())


def judged(
    smd: dict[str, float],
    described: dict[str, float] | None = None,
    ratios: dict[str, float] | None = None,
    limit: float = LIMIT,
    patients: tuple[int, int] = (8, 24),
    **changes: object,
) -> tuple[BalanceTable, BalanceTest]:
    """A table and a lottery with one limit for all rows, p 0.62."""
    rows, more = rows_of(smd, ratios), rows_of(described or {})
    table = BalanceTable(rows, more, *patients, *map(float, patients))
    test = BalanceTest(limits_of(rows, limit), limits_of(more, limit), "set", 0, 0.3, 0.62, telling=True)
    return table, replace(test, **changes)


def level(*arguments: object, **named: object) -> str:
    return balance_verdict(*judged(*arguments, **named)).level


def sentence(*arguments: object, **named: object) -> str:
    return verdict_sentence(*judged(*arguments, **named))


def test_alike() -> None:
    assert level({"age": 0.02, "sofa": -0.1}) == "pass"
    assert sentence({"age": 0.02, "sofa": -0.1}) == (
        "After matching every covariate differs by at most 0.1 standard deviations between the groups. Had the treated "
        "patient of each set been drawn by lot, 62.0% of draws would leave a worst difference as large or larger. The "
        "groups are alike in these covariates. Matching makes these differences smaller than a lottery would; passing "
        "says nothing of what was not measured."
    )


def test_a_small_cohort_can_show_neither() -> None:
    found = {"age": -0.21, "sofa": 0.35, "crp": 0.05}
    assert level(found) == "look"
    assert sentence(found) == (
        "After matching the groups still differ by more than 0.1 standard deviations in sofa (0.35) and age (0.21). "
        "Had the treated patient of each set been drawn by lot, 62.0% of draws would leave a worst difference as large "
        "or larger. This sample can neither show balance nor rule it out."
    )


def test_more_than_a_lottery_would_leave() -> None:
    assert level({"age": 1.2, "sofa": 0.35}) == "fail"
    assert sentence({"age": 1.2, "sofa": 0.35}, p_value=0.004) == (
        "After matching the groups differ by more than 0.1 standard deviations, and by more than a lottery would "
        "leave, in age (1.20; a lottery stays within 0.97). Above 0.1 too, but not beyond a lottery: sofa (0.35). Had "
        "the treated patient of each set been drawn by lot, 0.4% of draws would leave a worst difference as large or "
        "larger. The groups are not alike, and a difference in outcome may come from this."
    )
    assert "fewer than 0.1% of draws" in sentence({"age": 1.2}, p_value=1e-4)


def test_beyond_a_lottery_but_small_is_no_failure_and_is_said() -> None:
    said = sentence({"age": 0.08, "crp": 0.01}, limit=0.05, p_value=0.001)
    assert level({"age": 0.08, "crp": 0.01}, limit=0.05) == "pass"
    assert "though by more than a lottery would leave in age (0.08; a lottery stays within 0.05)." in said
    assert "Matching makes" not in said and "Passing says nothing of what was not measured." in said


def test_weights_are_not_called_matching() -> None:
    said = sentence({"age": 0.02}, lots="all")
    assert "Had treatment, with its weights, been dealt by lot among all who are compared, 62.0% of draws" in said
    assert "Matching and weighting make these differences smaller" in said


def test_a_large_cohort_has_no_excuse() -> None:
    assert level({"age": 0.12}, limit=0.05) == "fail"


def test_everything_that_stands_out_is_named() -> None:
    smd = {name: 0.2 + k / 10 for k, name in enumerate("abcdefgh")}
    said = sentence(smd)
    assert "h (0.90), g (0.80), f (0.70), e (0.60), d (0.50), c (0.40), b (0.30) and a (0.20)." in said


def test_of_two_levels_one_is_named_and_of_three_all() -> None:
    said = sentence({"sex=f": -0.3, "sex=m": 0.3, "ward=A": 0.2, "ward=B": -0.4, "ward=C": 0.15})
    assert "in ward = B (0.40), sex = m (0.30), ward = A (0.20) and ward = C (0.15)." in said


def test_described_columns_stand_apart_and_never_fail() -> None:
    found, described = {"age": 0.02}, {"bmi": 1.3, "sex": 0.3, "ct": 0.05}
    assert level(found, described) == "look"
    paragraphs = verdict_paragraphs(*judged(found, described))
    assert paragraphs[1] == (
        "Of what is only described (no covariate), these differ by more than 0.1 standard deviations: "
        "bmi (1.30; a lottery stays within 0.97) and sex (0.30)."
    )
    assert "every covariate differs by at most 0.1" in paragraphs[0]
    assert level(found, {"bmi": 0.1}) == "pass"
    assert verdict_paragraphs(*judged(found, {"bmi": 0.1}))[1] == (
        "What was known before and is only described differs by at most 0.1 standard deviations."
    )
    assert len(verdict_paragraphs(*judged(found))) == 1


def test_described_columns_without_a_number_are_not_called_alike() -> None:
    found = {"age": 0.02}
    assert level(found, {"bmi": math.nan}) == "pass"
    assert verdict_paragraphs(*judged(found, {"bmi": math.nan}))[1] == (
        "bmi: nobody with a value is left in one of the arms."
    )
    both = verdict_paragraphs(*judged(found, {"bmi": math.nan, "ct": 0.2}))[1]
    assert both.endswith("ct (0.20). bmi: nobody with a value is left in one of the arms.")


def test_three_decimals_where_two_would_read_alike() -> None:
    said = sentence({"age": LIMIT + 0.002})
    assert "age (0.972; a lottery stays within 0.970)" in said
    assert "sofa (0.101)" in sentence({"sofa": 0.101})


def test_no_overlap_is_said_without_an_infinite_number() -> None:
    said = sentence({"age": math.inf, "sofa": 0.3})
    assert "in age (without overlap)." in said and "inf" not in said and "nan" not in said


def test_where_no_deal_could_tell_that_is_said() -> None:
    said = sentence({"age": 0.9}, telling=False, patients=(1, 3))
    assert "With 1 treated patient and 3 controls nobody can tell whether that is more than chance." in said
    assert "%" not in said


@pytest.mark.parametrize(
    ("ratio", "expected"), [(1.9, "pass"), (2.5, "look"), (0.3, "look"), (math.inf, "look"), (math.nan, "pass")]
)
def test_unlike_spread_in_a_large_cohort(ratio: float, expected: str) -> None:
    arguments = {"ratios": {"age": ratio}, "patients": (300, 900)}
    assert level({"age": 0.01}, **arguments) == expected
    said = sentence({"age": 0.01}, **arguments)
    assert ("But age is spread differently" in said) == (expected == "look")
    assert ("groups are alike" in said) == (expected == "pass")


def test_unlike_spread_is_expected_in_a_small_cohort() -> None:
    assert level({"age": 0.01}, ratios={"age": 2.5}) == "pass"


@pytest.mark.parametrize("smd", [0.01, 0.3, 3.0])
def test_no_p_values(smd: float) -> None:
    said = sentence({"age": smd}).lower()
    assert "significan" not in said and "p =" not in said and "p-value" not in said


@pytest.mark.parametrize(("ratio", "expected"), [(2.37, "pass"), (2.42, "look"), (0.26, "pass"), (0.22, "look")])
def test_the_larger_spread_of_few_treated_is_judged_by_their_own_degrees_of_freedom(
    ratio: float, expected: str
) -> None:
    """8 treated, 121 controls: printed tables give F(7, 120) 2.39 at 97.5%, and at 2.5% 1 / 4.20, that of F(120, 7)."""
    assert level({"age": 0.01}, ratios={"age": ratio}, patients=(8, 121)) == expected


@pytest.mark.parametrize(
    ("smd", "expected"), [(0.1, "pass"), (np.nextafter(0.1, 1), "pass"), (LIMIT, "look"), (-0.98, "fail")]
)
def test_a_difference_at_a_limit_is_within_it(smd: float, expected: str) -> None:
    """Also one that is above it in the sixteenth digit: the order of the rows decides no verdict."""
    assert level({"age": smd}) == expected
    assert level({"age": 0.01}, {"bmi": smd}) == ("pass" if expected == "pass" else "look")


@pytest.mark.parametrize("ratio", [0.5, 2.0, np.nextafter(2, 3), np.nextafter(0.5, 0)])
def test_twice_or_half_the_variance_is_alike(ratio: float) -> None:
    assert level({"age": 0.01}, ratios={"age": ratio}, patients=(3_000, 9_000)) == "pass"
