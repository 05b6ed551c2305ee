"""Survival with the label moved within sets: by hand, brute force with the plain functions, and by property."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.inference.data import TimeData
from lib.inference.followed import Course
from lib.inference.frame import Frame
from lib.inference.kaplan_meier import kaplan_meier, restricted_mean
from lib.inference.sets import Blocks
from lib.inference.survival_permutation import (
    label_move_p,
    logrank_permuted,
    logrank_scores,
    lost_permuted,
    rmst_permuted,
)
from lib.inference.survival_tests import exact_logrank, plain_logrank, set_logrank, whole_logrank
from tests.inference.builders import even_sets, given_sample, sets_of

SAME = 1e-9  # two double-precision routes to one number
HORIZON = 20.0


def draw(seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, Blocks]:
    """time, event, weights of 2 to 4 sets of 1:1 to 1:3, tied and censored times, weights as matching gives them."""
    rng = np.random.default_rng(seed)
    sizes = rng.integers(2, 5, rng.integers(2, 5))
    blocks = sets_of(
        np.repeat(np.arange(len(sizes)), sizes).tolist(), [int(i == 0) for n in sizes for i in range(n)]
    ).blocks()
    time = np.minimum(np.ceil(rng.exponential(12, sizes.sum())), HORIZON)
    event = (time < HORIZON) & (rng.random(len(time)) < 0.8)
    weights = 1 / np.repeat(sizes - 1, sizes)
    weights[blocks.starts] = weights[~blocks.treated].mean()  # any common weight
    return time, event, weights, blocks


def choices(blocks: Blocks) -> list[np.ndarray]:
    runs = [range(start, start + size) for start, size in zip(blocks.starts, blocks.sizes, strict=True)]
    return [np.isin(np.arange(len(blocks.row)), choice) for choice in product(*runs)]


def rmst_gap(time, event, weights, treated, blocks: Blocks) -> float:
    role = np.repeat(weights[blocks.starts + 1], blocks.sizes)
    weight = np.where(treated, weights[blocks.starts[0]], role)
    means = [restricted_mean(kaplan_meier(time[a], event[a], weight[a]), HORIZON).mean for a in (treated, ~treated)]
    return means[0] - means[1]


def test_scores_of_four_patients_by_hand() -> None:
    """Deaths at 1 (of 4) and 3 (of 2), censored at 2 and 3: hazards 1/4, then 1/2 more."""
    scores = logrank_scores(np.array([1.0, 2, 3, 3]), np.array([True, False, True, False]))
    assert scores.tolist() == pytest.approx([0.75, -0.25, 0.25, -0.75])


@given(st.integers(0, 10_000))
def test_scores_sum_to_the_logrank_difference(seed: int) -> None:
    time, event, _, blocks = draw(seed)
    treated = blocks.treated
    gap = 0.0
    for moment in np.unique(time[event]):
        here, deaths = time >= moment, event & (time == moment)
        gap += (deaths & treated).sum() - deaths.sum() * (here & treated).sum() / here.sum()
    scores = logrank_scores(time, event)
    assert scores[treated].sum() == pytest.approx(gap, abs=SAME)
    assert scores.sum() == pytest.approx(0, abs=SAME)


@given(st.integers(0, 10_000))
@settings(max_examples=40)
def test_against_brute_force(seed: int) -> None:
    time, event, weights, blocks = draw(seed)
    scores, arms = logrank_scores(time, event), choices(blocks)
    gaps = np.array([scores[treated].sum() for treated in arms])
    logrank = logrank_permuted(time, event, blocks, 1)
    far = np.abs(gaps - gaps.mean()) >= abs(gaps[0] - gaps.mean()) - SAME
    assert logrank.permuted.p_value == pytest.approx(far.mean(), abs=SAME)
    if gaps.var() > SAME:
        assert logrank.chi_square == pytest.approx((gaps[0] - gaps.mean()) ** 2 / gaps.var(), rel=1e-7)
    else:
        assert np.isnan(logrank.chi_square)
    gaps = np.array([rmst_gap(time, event, weights, treated, blocks) for treated in arms])
    rmst = rmst_permuted(time, event, weights, HORIZON, blocks, 1)
    assert rmst.observed == pytest.approx(gaps[0], abs=SAME)
    assert rmst.p_value == pytest.approx((np.abs(gaps) >= abs(gaps[0]) - SAME).mean(), abs=SAME)


@given(st.integers(0, 10_000))
@settings(max_examples=20)
def test_unit_of_time_and_drawn_labels(seed: int) -> None:
    time, event, weights, blocks = draw(seed)
    rmst = rmst_permuted(time, event, weights, HORIZON, blocks, 1)
    scaled = rmst_permuted(7 * time, event, 3 * weights, 7 * HORIZON, blocks, 1)
    assert scaled.observed == pytest.approx(7 * rmst.observed, abs=1e-7)
    assert scaled.p_value == pytest.approx(rmst.p_value, abs=SAME)
    drawn = rmst_permuted(time, event, weights, HORIZON, blocks, 1, most=0)
    assert abs(drawn.p_value - rmst.p_value) <= 5 * drawn.standard_error + 1e-3
    plain, logrank = logrank_permuted(time, event, blocks, 1), logrank_permuted(time, event, blocks, 1, most=0)
    assert abs(logrank.permuted.p_value - plain.permuted.p_value) <= 5 * logrank.permuted.standard_error + 1e-3


def test_without_events_everything_is_alike() -> None:
    time, event, weights, blocks = draw(3)
    nobody = np.zeros(len(time), dtype=bool)
    assert rmst_permuted(time, nobody, weights, HORIZON, blocks, 1).p_value == 1
    quiet = logrank_permuted(time, nobody, blocks, 1)
    assert (quiet.permuted.p_value, np.isnan(quiet.chi_square)) == (1, True)


def alone(days: list[float], dead: list[int], arm: list[bool]) -> TimeData:
    """Patients of whom the first are one set, all of them eligible."""
    n = len(days)
    frame = Frame.of(np.arange(n), given_sample(np.array([[0, 0], [1, 0], [2, 0]]), np.array(arm), replace=False))
    return TimeData(Course.of(np.array(days), np.array(dead) * 1.0), None, np.array(arm), frame)


def test_one_patient_in_an_arm_has_a_p_from_moving_the_label_only() -> None:
    """The treated patient is the first of 51 to die, 1 - 1/51 above the expected; four die at the end, the last of them
    1/51 + 1/4 + 1/3 + 1/2 below: only that one lies as far out, p = 2/51 (asymptotically 1e-11).  Within the set of
    three: scores 2/3, -1/3, -1/3, p = 1/3."""
    days, dead = [5.0, *range(28, 78)], [1] + [0] * 46 + [1] * 4
    data = alone(days, dead, [True] + [False] * 50)
    assert whole_logrank(data).p_value == pytest.approx(2 / 51)
    assert whole_logrank(data).note_code == "one_patient"
    for asymptotic in (plain_logrank(data), set_logrank(data)):
        assert np.isnan(asymptotic.p_value) and not np.isnan(asymptotic.statistic)
        assert asymptotic.note_code == "one_patient"
    assert exact_logrank(data).p_value == pytest.approx(1 / 3)
    mirrored = alone(days, dead, [False] + [True] * 50)
    assert label_move_p(np.array(days), np.array(dead) == 1, mirrored.whole_treated) == pytest.approx(2 / 51)


def test_a_time_of_zero_is_a_time() -> None:
    """A death on day 0 with everyone at risk: one of four treated dies before the first day."""
    time, event = np.array([0.0, 2, 3, 4]), np.array([True, False, True, False])
    assert logrank_scores(time, event).tolist() == pytest.approx([3 / 4, -1 / 4, 1 - 1 / 4 - 1 / 2, -3 / 4])
    km = kaplan_meier(time, event, np.ones(4))
    assert km.survival.tolist() == pytest.approx([3 / 4, 3 / 8])
    assert restricted_mean(km, 4.0).mean == pytest.approx(3 * 3 / 4 + 3 / 8)
    blocks = even_sets(1, 3).blocks()
    assert lost_permuted(time, event * 1, np.ones(4), 4.0, blocks, 1).observed == pytest.approx(4 - 1 / 2)
