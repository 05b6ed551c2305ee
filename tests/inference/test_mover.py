"""Newcombe's limits of a difference of risks: against his paper, by hand, by property, coverage."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.inference.mover import Risk, difference_limits, difference_p

PRINTED = 5e-5  # his table has four decimals
STUDIES = 2_000
LEAST_COVERED = 0.93

risks = st.builds(
    lambda events, n, more: Risk(events / (events + n), (events + n) * more),
    st.integers(0, 30),
    st.integers(1, 30),
    st.floats(0.3, 1),
)


def test_wilson_by_hand() -> None:
    """0 of 8 with z = 2: (0, 4/12); 4 of 8: 1/2 -+ 1/(2 sqrt(3))."""
    assert Risk(0.0, 8).wilson(2.0) == (0.0, pytest.approx(1 / 3))
    low, high = Risk(0.5, 8).wilson(2.0)
    assert (low, high) == pytest.approx((0.5 - 1 / np.sqrt(12), 0.5 + 1 / np.sqrt(12)))


@pytest.mark.parametrize(
    ("a", "m", "b", "n", "low", "high"),
    [(56, 70, 48, 80, 0.0524, 0.3339), (9, 10, 3, 10, 0.1705, 0.8090), (10, 10, 0, 20, 0.6791, 1.0)],
)
def test_the_table_of_newcombe(a: int, m: int, b: int, n: int, low: float, high: float) -> None:
    """Newcombe 1998, table II, method 10."""
    assert difference_limits(Risk(a / m, m), Risk(b / n, n)) == pytest.approx((low, high), abs=PRINTED)


def test_no_death_among_eight_against_five_of_24() -> None:
    """Beside an exact p of 0.34: the interval holds 0, where a clustered t gave -41 to -1 points."""
    low, high = difference_limits(Risk(0, 8), Risk(5 / 24, 24))
    assert (low, high) == pytest.approx((-0.4047, 0.1362), abs=PRINTED)
    assert difference_p(Risk(0, 8), Risk(5 / 24, 24)) == pytest.approx(0.1735, abs=PRINTED)


@given(risks, risks)
def test_possible_and_in_step_with_its_p(treated: Risk, control: Risk) -> None:
    """No limit beyond -1 or 1, the difference inside; 0 is outside where p is below 0.05; swapped arms turn it."""
    low, high = difference_limits(treated, control)
    assert -1 <= low <= treated.p - control.p <= high <= 1
    p = difference_p(treated, control)
    assert 0 <= p <= 1
    if abs(p - 0.05) > 1e-9:
        assert (low > 0 or high < 0) == (p < 0.05)
    assert difference_limits(control, treated) == pytest.approx((-high, -low))


@pytest.mark.parametrize(("sets", "risk", "control_risk"), [(8, 0.1, 0.25), (8, 0.25, 0.25), (30, 0.05, 0.2)])
def test_the_interval_holds_the_true_difference(sets: int, risk: float, control_risk: float) -> None:
    """Arms of 1:3."""
    rng = np.random.default_rng(3)
    a, b, covered = rng.binomial(sets, risk, STUDIES), rng.binomial(3 * sets, control_risk, STUDIES), 0
    for x, y in zip(a.tolist(), b.tolist(), strict=True):
        low, high = difference_limits(Risk(x / sets, sets), Risk(y / 3 / sets, 3 * sets))
        covered += low <= risk - control_risk <= high
    print(f"{sets} and {3 * sets} patients, {risk} v {control_risk}: held in {covered / STUDIES:.1%}")
    assert covered >= LEAST_COVERED * STUDIES
