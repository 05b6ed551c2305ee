"""Percentages that cannot be, the printed p, and the design as typed."""

from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.check import check, claim_of, design_of
from lib.check.paper import pearson
from lib.check.printed import impossible, p_of, percentage_of, rounded
from lib.errors import SpecError
from lib.words.check import impossible_sentence

DESIGN = design_of(8, 3)


def as_decimal(events: int, n: int, decimals: int, how: str) -> int:
    step = Decimal(1).scaleb(-decimals)
    return int((Decimal(100 * events) / Decimal(n)).quantize(step, how).scaleb(decimals))


@given(st.integers(1, 400), st.integers(0, 2), st.data())
def test_rounding_as_decimal_does(n, decimals, data):
    events = data.draw(st.integers(0, n))
    assert rounded(events, n, decimals) == {
        as_decimal(events, n, decimals, how) for how in (ROUND_HALF_UP, ROUND_HALF_EVEN)
    }


@pytest.mark.parametrize(
    ("typed", "events", "n", "sentence"),
    [
        ("21.0", 5, 24, "21.0% cannot be of 24 controls: 5 of 24 are 20.8% and 6 of 24 are 25.0%."),
        ("20.8", 5, 24, ""),
        ("21", 5, 24, ""),
        ("20.83", 5, 24, ""),
        ("20,8 %", 5, 24, ""),
        ("20.9", 5, 24, "20.9% cannot be of 24 controls: 5 of 24 are 20.8% and 6 of 24 are 25.0%."),
        ("25.0", 5, 24, "25.0% is 6 of 24 controls, not 5 (20.8%)."),
        ("12", 1, 8, ""),  # 12.5 rounded to even
        ("13", 1, 8, ""),  # and up
        ("0", 0, 8, ""),
        ("1", 0, 8, "1% cannot be of 8 controls: 0 of 8 are 0.0% and 1 of 8 is 12.5%."),
        ("99", 8, 8, "99% cannot be of 8 controls: 7 of 8 are 87.5% and 8 of 8 are 100.0%."),
        ("21", 500, 1000, "21% is 205 to 214 of 1,000 controls, not 500 (50.0%)."),
    ],
)
def test_percentages(typed, events, n, sentence):
    found = impossible(percentage_of(typed), "control", events, n)
    assert [impossible_sentence(one) for one in found] == ([sentence] if sentence else [])


@given(st.integers(1, 600), st.integers(0, 2), st.data())
def test_a_percentage_is_of_n_exactly_when_some_count_rounds_to_it(n, decimals, data):
    steps = data.draw(st.integers(0, 100 * 10**decimals))
    typed = str(Decimal(steps).scaleb(-decimals))
    events = data.draw(st.integers(0, n))
    counts = [k for k in range(n + 1) if steps in rounded(k, n, decimals)]
    found = impossible(percentage_of(typed), "treated", events, n)
    assert bool(found) == (events not in counts)
    if found:
        assert found[0].of_n == bool(counts)
        assert not counts or list(found[0].near) == counts


@pytest.mark.parametrize("typed", ["abc", "101", "20.8.1", "-1", "20.12345", "1e1", "100.1"])
def test_what_is_no_percentage_is_refused(typed):
    with pytest.raises(SpecError, match="is no percentage") as found:
        percentage_of(typed)
    assert found.value.hint


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("0.025", "0.025"),
        (".04", "0.04"),
        ("0,025", "0.025"),
        ("p = 0.025", "0.025"),
        ("P<0.001", "<0.001"),
        ("≤ .05", "<0.05"),
        ("1.00", "1.00"),
        ("1", "1"),
        ("> 0.99", ">0.99"),
    ],
)
def test_p_as_printed(typed, said):
    assert str(p_of(typed)) == said


@pytest.mark.parametrize("typed", ["NS", "1.5", "05", "0025", "p", "-0.1", "0.", "2"])
def test_what_is_no_p_is_refused(typed):
    with pytest.raises(SpecError, match="is no p"):
        p_of(typed)


def test_nothing_typed_is_nothing():
    assert p_of(" ") is None and percentage_of("") is None


@pytest.mark.parametrize(
    ("typed", "p", "fits"),
    [
        ("0.025", 0.02535, True),
        ("0.025", 0.0256, False),
        ("0.0253", 0.02535, True),
        ("0.03", 0.025, True),
        ("<0.001", 0.0009, True),
        ("<0.001", 0.001, False),
        (">0.99", 1.0, True),
    ],
)
def test_whether_a_p_rounds_to_the_printed_one(typed, p, fits):
    assert p_of(typed).fits(np.array([np.nan, p])) is fits


@pytest.mark.parametrize(
    ("a", "b", "p", "name"),
    [
        (0, 5, "0.025", "mcnemar_pairs"),
        (0, 5, "0.0736", "mcnemar_pairs_corrected"),  # (5 - 1)^2 / 5
        (0, 5, "0.0625", "mcnemar_pairs_exact"),
        (0, 5, "0.341", "exact_by_set"),
        (0, 5, "0.296", "fisher_exact"),  # R: fisher.test(matrix(c(0, 8, 5, 19), 2))
        (0, 5, "0.160", "chi_square"),
        (0, 7, "0.0082", "mcnemar_pairs"),
    ],
)
def test_which_test_gives_the_printed_p(a, b, p, name):
    assert name in check(DESIGN, claim_of(DESIGN, "", (a, b), p=p)).same_as


def test_a_p_that_no_test_gives():
    assert check(DESIGN, claim_of(DESIGN, "", (0, 5), p="0.9999")).same_as == ()


def test_chi_square_of_strangers_by_hand():
    """2 of 4 against 0 of 4: 2.667 without, 0.667 with Yates's correction (R: chisq.test)."""
    assert pearson(2, 4, 0, 4) == pytest.approx(0.1024704, abs=1e-7)
    assert pearson(2, 4, 0, 4, corrected=True) == pytest.approx(0.4142162, abs=1e-7)
    assert np.isnan(pearson(0, 4, 0, 4))


@pytest.mark.parametrize(
    "given",
    [
        {"treated": 3, "ratio": 2},
        {"treated": "3", "controls": " 6 "},
        {"sets": ["2", "2", 2]},
        {"treated": 3, "ratio": 2, "controls": 6, "sets": [2, 2, 2]},
    ],
)
def test_the_same_design_typed_in_four_ways(given):
    assert design_of(**given) == design_of(3, 2)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({}, "treated patients is missing"),
        ({"treated": 8}, "number of controls is missing"),
        ({"treated": 0, "ratio": 3}, "from 1 to 2,000, not 0"),
        ({"treated": 8, "ratio": 0}, "from 1 to 20, not 0"),
        ({"treated": 8, "controls": 0}, "0 controls cannot be shared"),
        ({"treated": "eight", "ratio": 3}, 'whole number, not "eight"'),
        ({"treated": 1.5, "ratio": 3}, 'whole number, not "1.5"'),
        ({"treated": 10**6, "ratio": 3}, "not 1,000,000"),
        ({"treated": "9" * 5000, "ratio": 3}, "whole number, not"),
        ({"treated": 2000, "ratio": 20}, "`controls` must be from 1 to 10,000"),
        ({"treated": 8, "controls": 23}, "23 controls cannot be shared equally among 8"),
        ({"treated": 8, "ratio": 3, "controls": 23}, "have 24, not 23"),
        ({"sets": [3, 0]}, "`sets` must be from 1 to 20, not 0"),
        ({"sets": [3, 3], "treated": 3}, "2 sets are given for 3 treated"),
        ({"sets": [3, 3], "controls": 5}, "hold 6 controls, not 5"),
        ({"sets": [3, 2], "ratio": 3}, "do not all have the ratio"),
        ({"sets": [1] * 101}, "at most 100 sets"),
    ],
)
def test_what_cannot_be_a_design(given, sentence):
    with pytest.raises(SpecError, match=sentence) as found:
        design_of(**given)
    assert found.value.hint and str(found.value).endswith(".")
    assert len(str(found.value)) < 120


@pytest.mark.parametrize("events", [(9, 5), (0, 25), ("", 5), (-1, 5), ("a", 5)])
def test_what_cannot_be_events(events):
    with pytest.raises(SpecError) as found:
        claim_of(DESIGN, "", events)
    assert found.value.hint
