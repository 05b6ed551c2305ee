"""Optimal k:1 against an integer programme, against the whole matrix, and under reordering."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, linear_sum_assignment, milp

from lib.design import assignment
from lib.design.assignment import assign_pairs
from tests.design.cases import Case, random_case

ROUNDING = 1e-9  # totals of at most 36 distances of size 1


def made(case: Case, ratio: int) -> tuple[int, float]:
    """How many pairs are made and their total, after a check of the pairs themselves."""
    treated, control = assign_pairs(case.position, case.treated, ratio, **case.call)
    assert len(np.unique(control)) == len(control)
    assert np.bincount(treated, minlength=1).max(initial=0) <= ratio
    return len(treated), case.total(treated, control)


def by_programme(case: Case, ratio: int) -> tuple[int, float]:
    """The most pairs, then the least total, by HiGHS with a price on every pair that is not made."""
    distance = case.distance()
    t, c = np.nonzero(np.isfinite(distance))
    if not len(t):
        return 0, 0.0
    uses = np.concatenate([t == np.arange(distance.shape[0])[:, None], c == np.arange(distance.shape[1])[:, None]])
    most = np.repeat([ratio, 1], distance.shape)
    reward = 1000.0
    found = milp(
        distance[t, c] - reward, constraints=LinearConstraint(uses, -np.inf, most), bounds=Bounds(0, 1), integrality=1
    )
    pairs = np.round(found.x) == 1
    return int(pairs.sum()), float(distance[t, c][pairs].sum())


@pytest.mark.parametrize("start", range(0, 600, 100))
def test_as_many_and_as_close_as_an_integer_programme(start: int) -> None:
    for seed in range(start, start + 100):
        case, ratio = random_case(seed), 1 + seed % 3
        count, total = made(case, ratio)
        expected = by_programme(case, ratio)
        assert count == expected[0], seed
        assert total == pytest.approx(expected[1], abs=ROUNDING), seed


def test_by_hand() -> None:
    """Both treated are closest to the control at 1. Taken by the one at 0, the pairs cost 1 + 3; at best 2 + 0.5."""
    position = np.array([[0.0], [1.5], [1.0], [4.5], [9.0], [-2.0]])
    treated, control = assign_pairs(position, np.array([True, True, False, False, False, False]), 1)
    assert (treated.tolist(), control.tolist()) == ([0, 1], [5, 2])


def test_the_fence_is_inclusive() -> None:
    score = np.array([0.3, 0.1])
    width = abs(0.3 - 0.1)
    there = np.array([True, False])
    assert len(assign_pairs(np.zeros((2, 1)), there, 1, fence=(score, width))[0]) == 1
    assert len(assign_pairs(np.zeros((2, 1)), there, 1, fence=(score, np.nextafter(width, 0)))[0]) == 0


def test_patients_at_one_place_are_pairs_of_length_zero() -> None:
    treated = np.arange(40) < 10
    pairs = assign_pairs(np.zeros((40, 2)), treated, 3)
    assert len(pairs[0]) == 30
    assert len(np.unique(pairs[1])) == 30


@pytest.mark.parametrize("arm", [True, False])
def test_an_empty_arm_makes_no_pairs(arm: bool) -> None:
    assert len(assign_pairs(np.zeros((3, 1)), np.full(3, arm), 2)[0]) == 0


def test_few_controls_make_as_many_pairs_as_there_are_controls() -> None:
    rng = np.random.default_rng(1)
    position, treated = rng.normal(size=(60, 3)), np.arange(60) < 25
    pairs = assign_pairs(position, treated, 3)
    assert sorted(pairs[1]) == list(range(25, 60))


@pytest.mark.parametrize(("dimensions", "shift"), [(2, 0.3), (4, 1.5), (12, 0.5)])
@pytest.mark.parametrize("ratio", [1, 3])
@pytest.mark.parametrize("look", [4, 16])
def test_short_arcs_find_what_the_whole_matrix_finds(monkeypatch, dimensions, shift, ratio, look) -> None:
    """Also where the first arcs are too few by far: the treated crowd at one edge of the controls."""
    monkeypatch.setattr(assignment, "FIRST_LOOK", look)
    monkeypatch.setattr(assignment, "MORE", look)
    rng = np.random.default_rng(dimensions)
    position = np.concatenate([rng.normal(shift, 1, (80, dimensions)), rng.normal(0, 1, (400, dimensions))])
    treated = np.arange(480) < 80
    case = Case(position, treated, np.ones((480, 480), bool), {})
    distance = np.repeat(case.distance(), ratio, axis=0)
    total = distance[linear_sum_assignment(distance)].sum()
    assert made(case, ratio) == (80 * ratio, pytest.approx(total, abs=1e-8))


@given(seed=st.integers(0, 10_000), order=st.integers(0, 10_000), ratio=st.integers(1, 4))
@settings(max_examples=60, deadline=None)
def test_the_order_of_rows_decides_nothing(seed: int, order: int, ratio: int) -> None:
    case = random_case(seed)
    count, total = made(case, ratio)
    assert made(case.shuffled(order), ratio) == (count, pytest.approx(total, abs=ROUNDING))
