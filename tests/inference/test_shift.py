"""The Hodges-Lehmann shift: by hand, by substitution into the test, and by property."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.inference import compare_outcomes
from lib.inference.ranks import aligned_rank
from lib.inference.sets import Blocks
from lib.inference.shift import Shift, _approximate, hodges_lehmann_shift
from tests.inference.builders import cohort_of, continuous, even_sets, sample_of, sets_of

BESIDE = 1e-6  # a step off a limit, far below the grid of the data


def random_sets(seed: int) -> tuple[np.ndarray, Blocks]:
    rng = np.random.default_rng(seed)
    controls = rng.integers(1, 4, rng.integers(6, 13))
    z = [int(i == 0) for k in controls for i in range(k + 1)]
    blocks = sets_of(np.repeat(np.arange(len(controls)), controls + 1).tolist(), z).blocks()
    y = np.round(rng.normal(size=len(z)) * 4 + 3 * blocks.treated, 1)
    return y + np.repeat(rng.integers(-9, 9, len(controls)), controls + 1), blocks


def p_after(y: np.ndarray, blocks: Blocks, delta: float) -> float:
    moved = y.copy()
    moved[blocks.starts] -= delta
    return aligned_rank(moved, blocks).p_value


def test_pairs_by_hand() -> None:
    """Pairs with differences 1, 2, 4: aligned ranks compare half differences, so crossings are means of two differences
    (and each difference itself): 1, 1.5, 2, 2.5, 3, 4; the weights are even, so the middle is between 2 and 2.5."""
    blocks = even_sets(3, 1).blocks()
    y = np.array([11.0, 10, 7, 5, 24, 20])
    shift = hodges_lehmann_shift(y, blocks)
    walsh = np.sort([(a + b) / 2 for i, a in enumerate([1, 2, 4]) for b in [1, 2, 4][i:]])
    assert shift.estimate == pytest.approx(np.median(np.concatenate([walsh, [1.5, 2.5, 3]])))
    assert (shift.low, shift.high) == (-np.inf, np.inf)  # 8 arrangements cannot reach 5%


@given(st.integers(0, 10_000))
@settings(max_examples=30)
def test_limits_by_substitution(seed: int) -> None:
    y, blocks = random_sets(seed)
    shift = hodges_lehmann_shift(y, blocks)
    assert shift.low <= shift.estimate <= shift.high
    assert p_after(y, blocks, shift.estimate) > 0.05
    if np.isfinite(shift.low):
        assert p_after(y, blocks, shift.low - BESIDE) <= 0.05
        assert max(p_after(y, blocks, delta) for delta in (shift.low, shift.low + BESIDE)) > 0.05
    if np.isfinite(shift.high):
        assert p_after(y, blocks, shift.high + BESIDE) <= 0.05
        assert max(p_after(y, blocks, delta) for delta in (shift.high, shift.high - BESIDE)) > 0.05


@given(st.integers(0, 10_000), st.integers(-40, 40))
@settings(max_examples=30)
def test_shift_and_sign(seed: int, delta: int) -> None:
    y, blocks = random_sets(seed)
    shift = hodges_lehmann_shift(y, blocks)
    moved = hodges_lehmann_shift(y + delta * blocks.treated, blocks)
    assert [moved.estimate, moved.low, moved.high] == pytest.approx(
        [shift.estimate + delta, shift.low + delta, shift.high + delta], abs=1e-8
    )
    turned = hodges_lehmann_shift(-y, blocks)
    assert [turned.estimate, turned.low, turned.high] == pytest.approx(
        [-shift.estimate, -shift.high, -shift.low], abs=1e-8
    )


@given(st.integers(0, 10_000))
@settings(max_examples=30)
def test_the_estimate_balances_the_test(seed: int) -> None:
    """T - E is at or above 0 just below the estimate, at or below 0 just above it."""
    y, blocks = random_sets(seed)
    estimate = hodges_lehmann_shift(y, blocks).estimate
    gaps = []
    for delta in (estimate - BESIDE, estimate + BESIDE):
        moved = y.copy()
        moved[blocks.starts] -= delta
        result = aligned_rank(moved, blocks)
        gaps.append(result.statistic - result.expected)
    assert gaps[0] >= -1e-9
    assert gaps[1] <= 1e-9


@given(st.integers(0, 10_000))
@settings(max_examples=30)
def test_the_two_routes_to_the_estimate_agree(seed: int) -> None:
    y, blocks = random_sets(seed)
    assert _approximate(y, blocks).estimate == pytest.approx(hodges_lehmann_shift(y, blocks).estimate, abs=1e-6)


def test_all_values_equal() -> None:
    blocks = even_sets(8, 3).blocks()
    shift = hodges_lehmann_shift(np.full(32, 5.0), blocks)
    assert (shift.estimate, shift.low, shift.high) == (0, 0, 0)


def test_an_interval_without_a_width_is_none() -> None:
    sets = even_sets(6, 2)
    cohort = cohort_of(sets.treated, {"crp": np.full(18, 5.0)}, [continuous()])
    shift = next(
        e for e in compare_outcomes(cohort, sample_of(sets), 1)[0].estimates if e.measure == "hodges_lehmann_shift"
    )
    assert shift.estimate == 0
    assert np.isnan([shift.ci_low, shift.ci_high]).all()
    assert "no spread for an interval" in shift.note


def test_hundreds_of_sets() -> None:
    blocks = even_sets(500, 3).blocks()
    y = np.random.default_rng(1).normal(size=2000) + 0.5 * blocks.treated
    shift = hodges_lehmann_shift(y, blocks)
    assert shift.low < 0.5 < shift.high
    assert not shift.exact


def test_limits_are_settled_at_0_by_the_p_of_no_shift() -> None:
    shift = Shift(1.2, 0.0, 2.4, True)
    assert shift.settled(0.047, 1e-9) == Shift(1.2, 1e-9, 2.4, True)
    assert Shift(-1.2, -2.4, 0.0, True).settled(0.047, 1e-9) == Shift(-1.2, -2.4, -1e-9, True)
    assert shift.settled(0.06, 1e-9) == shift.settled(np.nan, 1e-9) == shift
    assert Shift(1.2, 0.01, 2.4, False).settled(0.052, 1e-9) == Shift(1.2, 0.0, 2.4, False)
