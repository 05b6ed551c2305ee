"""The root finder against scipy's, bit for bit."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq

from lib.inference.roots import MOST_STEPS, brent

SHAPES = {
    "line": lambda x: x,
    "cubic": lambda x: x**3 + 0.2 * x,
    "logistic": lambda x: 1 / (1 + math.exp(-x)) - 0.5,
    "steps": lambda x: math.floor(7 * x) + 0.5,
    "flat": lambda x: x**9,
    "two levels": lambda x: -1.0 if x < 0 else 1.0,
    "steep": lambda x: math.expm1(min(9 * x, 600)),
}


@settings(max_examples=300)
@given(
    st.sampled_from(sorted(SHAPES)),
    st.floats(-2, 2),
    st.floats(0.01, 8),
    st.floats(0.01, 8),
    st.sampled_from([1e-12, 1e-6, 1e-3]),
    st.sampled_from([None, 1e-14, 1e-8]),
    st.sampled_from([1, -1]),
)
def test_the_same_zero_by_the_same_steps(shape, zero, below, above, xtol, rtol, sign) -> None:
    asked = ([], [])

    def followed(which: int):
        def function(x: float) -> float:
            asked[which].append(x)
            return sign * SHAPES[shape](x - zero)

        return function

    low, high, more = zero - below, zero + above, {} if rtol is None else {"rtol": rtol}
    found = [_answer(lambda: brent(followed(0), low, high, xtol, **more))]
    found += [_answer(lambda: brentq(followed(1), low, high, xtol=xtol, **more))]
    assert found[0] == found[1]
    assert asked[0] == asked[1]


def _answer(make) -> float | str:
    try:
        return make()
    except RuntimeError:
        return "none in time"


def test_ends_that_are_zeros_and_ends_of_one_sign() -> None:
    assert brent(lambda x: x - 1, 1.0, 2.0, 1e-9) == 1
    assert brent(lambda x: x - 2, 1.0, 2.0, 1e-9) == 2
    with pytest.raises(ValueError, match="one sign"):
        brent(lambda x: x, 1.0, 2.0, 1e-9)


def test_a_zero_that_takes_too_long() -> None:
    with pytest.raises(RuntimeError, match=f"in {MOST_STEPS} steps"):
        brent(lambda x: -1.0 if x < 1e-300 else 1.0, -1e300, 1e300, 1e-320, 8.9e-16)
