"""Numbers in words: p to two figures, three below 0.01, halves upwards, and nothing that only a program prints."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib import words as w
from lib.words import numbers as f

NAN, INF = float("nan"), float("inf")


@pytest.mark.parametrize(
    ("p", "text"),
    [
        (1.0, "1.00"),
        (0.996, "1.00"),
        (0.564, "0.56"),
        (0.1, "0.10"),
        (0.125, "0.13"),
        (0.0996, "0.10"),
        (0.0253, "0.025"),
        (0.046875, "0.047"),
        (0.01, "0.010"),
        (0.009999, "0.010"),
        (0.0081509, "0.00815"),
        (0.00123, "0.00123"),
        (0.001, "0.00100"),
        (0.0009999, "<0.001"),
        (0.0, "<0.001"),
        (NAN, "–"),
    ],
)
def test_p_values(p, text):
    assert w.p_value(p) == text


@given(st.floats(0, 1))
def test_a_p_value_reads_back_to_within_its_figures(p):
    text = w.p_value(p)
    if p < 0.001:
        assert text == "<0.001"
    else:
        assert float(text) == pytest.approx(p, rel=0.051)
        assert float(text) > 0


def test_p_in_a_sentence():
    assert [w.p_equals(p) for p in (0.025, 0.0001, NAN)] == ["p = 0.025", "p < 0.001", "no p-value"]


@pytest.mark.parametrize(
    ("numbers", "text"),
    [
        ((50, 43, 58, 0), "50 (43–58)"),
        ((54, 49.5, 63, 0), "54 (49.5–63)"),
        ((0.845, 0.59, 0.88, 2), "0.85 (0.59–0.88)"),
        ((3.97, -0.12, 9.98, 2), "3.97 (−0.12 to 9.98)"),
        ((1434.4, 756.4, 2742.4, 1), "1,434.4 (756.4–2,742.4)"),
        ((NAN, NAN, NAN, 1), "–"),
    ],
)
def test_medians(numbers, text):
    assert f.median_quartiles(*numbers) == text


def test_counts_with_their_share():
    assert [f.count_percent(*c) for c in ((0, 8), (5, 24), (8, 8), (0, 0))] == ["0 (0%)", "5 (20.8%)", "8 (100%)", "–"]


def test_effects_in_the_unit_people_read():
    assert f.effect("risk_difference", -0.20833) == "−20.8"
    assert f.effect("odds_ratio_by_set", 0.0) == "0"
    assert f.effect("hazard_ratio", 0.4567) == "0.46"
    assert f.effect("mean_difference", -3746.6) == "−3,747"
    assert f.effect("risk_ratio", NAN) == f.effect("risk_ratio", INF) == "–"


def test_an_interval_with_one_limit_says_so():
    assert f.interval("odds_ratio_by_set", 0.0, 3.274) == "0 to 3.27"
    assert f.interval("odds_ratio_by_set", NAN, 3.274) == "up to 3.27"
    assert f.interval("odds_ratio_by_set", 0.2486, NAN) == "0.25 or more"
    assert f.interval("risk_ratio", NAN, NAN) == "no interval"


def test_standardised_differences_carry_their_sign():
    assert [f.smd(x) for x in (0.3, -0.3, 0.001, NAN, INF)] == ["+0.30", "−0.30", "0.00", "–", "unlimited"]


def test_decimals_of_the_data():
    assert f.decimals(np.array([1.0, 2.0, NAN])) == 0
    assert f.decimals(np.array([1.5, 2.0])) == 1
    assert f.decimals(np.array([1.234, 2.0])) == 2
    assert f.decimals(np.array([])) == 0


@given(st.floats(allow_nan=True, allow_infinity=True), st.integers(0, 3))
def test_no_number_reads_like_a_program(x, places):
    for text in (f.number(x, places), f.significant(x), f.smd(x), f.ratio(x), f.effect("mean_difference", x)):
        assert not {"n", "e"} & set(text.lower().replace("unlimited", "").replace("within", ""))
    assert math.isnan(x) or w.half_up(0.0, places) == f"{0:.{places}f}"


def test_lists_and_counts():
    assert [w.counted(1, "set"), w.counted(1200, "set")] == ["1 set", "1,200 sets"]
    assert [f.listed(list("abc")), f.listed(["a"]), f.listed([])] == ["a, b and c", "a", ""]


def test_from_a_quadrillion_on_powers_of_ten() -> None:
    assert w.half_up(1e15, 0) == "1.0 × 10^15"
    assert w.half_up(999_999_999_999_999, 0) == "999,999,999,999,999"
