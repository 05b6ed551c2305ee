"""Time lost to an event: areas and limits by hand, influences by moving weights, p by enumeration."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import t

from lib.inference.followed import Patients
from lib.inference.incidence import aalen_johansen
from lib.inference.kaplan_meier import kaplan_meier, restricted_mean
from lib.inference.mover import Risk, difference_limits, difference_p
from lib.inference.survival_permutation import lost_permuted, rmst_permuted
from lib.inference.time_lost import time_lost
from tests.inference.builders import even_sets
from tests.inference.several import blocks_of

HORIZON = 10.0
seeds = st.integers(0, 10_000)


def arm(seed: int, n: int = 9) -> Patients:
    """Times on whole days, all three ends, unequal weights, cut at the horizon."""
    rng = np.random.default_rng(seed)
    time, cause = rng.integers(0, 13, n) * 1.0, rng.integers(0, 3, n)
    return Patients(np.minimum(time, HORIZON), np.where(time <= HORIZON, cause, 0), rng.uniform(0.5, 2, n))


def area(patients: Patients, weights: np.ndarray) -> float:
    curves = aalen_johansen(patients.time, patients.cause, weights, 2)
    return float(curves.incidence[:, 0] @ np.diff(curves.times, append=HORIZON))


def test_area_by_hand() -> None:
    """Four patients to day 10: event on day 2, another event on day 4, event on day 6, still there: 8/4 + 4/4 days."""
    patients = Patients(np.array([2.0, 4, 6, 10]), np.array([1, 2, 1, 0]), np.ones(4))
    lost = time_lost(patients, HORIZON, causes=2)
    assert lost.share == pytest.approx((8 + 4) / 4 / 10)
    gaps = np.array([8, 0, 4, 0]) / 10 - lost.share
    assert lost.variance == pytest.approx((gaps**2).sum() / 16)  # without censoring an area is a mean
    assert (lost.ess, lost.settled, lost.n) == (4, 4, 4)


@given(seeds)
def test_the_influence_is_the_slope_in_the_weights(seed: int) -> None:
    patients, step = arm(seed), 1e-6
    curves = aalen_johansen(patients.time, patients.cause, patients.weights, 2)
    made = curves.area_influence(1, np.diff(curves.times, append=HORIZON))
    unit = np.eye(len(made)) * step
    slopes = [area(patients, patients.weights + one) - area(patients, patients.weights - one) for one in unit]
    assert made == pytest.approx(patients.weights * slopes / (2 * step), abs=1e-5)
    assert made.sum() == pytest.approx(0, abs=1e-9)


@given(seeds)
def test_with_one_cause_it_is_what_the_restricted_mean_lacks(seed: int) -> None:
    patients = arm(seed)
    km = kaplan_meier(patients.time, patients.cause == 1, patients.weights)
    mean, lost = restricted_mean(km, HORIZON), time_lost(patients, HORIZON)
    assert lost.share * HORIZON == pytest.approx(HORIZON - mean.mean)
    assert lost.variance * HORIZON**2 == pytest.approx((mean.influence**2).sum(), abs=1e-12)


def test_limits_by_hand() -> None:
    """No event among 8: up to 1 - 0.025^(1/8); 2 of 24 alike: Wilson's limits with t for the number that the variance
    gives, put together by their distances."""
    nobody = time_lost(Patients(np.full(8, 10.0), np.zeros(8, dtype=int), np.ones(8)), HORIZON)
    assert nobody.limits() == pytest.approx((0, 1 - 0.025 ** (1 / 8)))
    few = time_lost(Patients(np.append([5.0, 5.0], np.full(22, 10.0)), np.arange(24) // 2 == 0, np.ones(24)), HORIZON)
    share, variance = 1 / 24, 2 * (22 / 24 * (0.5 / 24) ** 2 * 12 / 12) * 12 / 12
    assert few.share == pytest.approx(share)
    assert few.variance == pytest.approx(variance, rel=1e-6)
    counted = min(share * (1 - share) / (variance * 24 / 23), 1.5 * 24)
    assert few.counted == pytest.approx(counted)
    low, high = Risk(share, counted).wilson(t.ppf(0.975, 23))
    assert few.limits() == pytest.approx((low, high))
    found = difference_limits(nobody, few)
    expected = -share - (high - share), -share + np.hypot(nobody.limits()[1], share - low)
    assert found == pytest.approx(expected)


def test_an_arm_nobody_of_which_is_followed_to_the_end_has_no_limit() -> None:
    gone = Patients(np.array([3.0, 4.0]), np.zeros(2, dtype=int), np.ones(2))
    assert time_lost(gone, HORIZON).limits() == (0, 1)


@given(seeds)
def test_p_and_limits_agree(seed: int) -> None:
    treated, control = time_lost(arm(seed, 5), HORIZON, 2), time_lost(arm(seed + 1, 12), HORIZON, 2)
    low, high = difference_limits(treated, control)
    p = difference_p(treated, control)
    assert -1 <= low <= treated.share - control.share <= high <= 1
    assert (low <= 0 <= high) == (p > 0.05)
    assert difference_p(control, treated) == pytest.approx(p)


@given(seeds)
def test_p_by_moving_labels_against_enumeration(seed: int) -> None:
    """Unequal sets, competing events; a label takes its weight with it."""
    rng, blocks = np.random.default_rng(seed), blocks_of([(1, 1), (1, 2), (1, 3)])
    weights = np.concatenate([[1.0, 1.5], [1.0, 0.75, 0.75], [1.0, 0.5, 0.5, 0.5]])
    patients = Patients(rng.integers(1, 11, 9) * 1.0, rng.integers(0, 3, 9), weights)

    def gap(chosen: tuple[int, ...]) -> float:
        role = np.repeat(weights[blocks.starts + 1], blocks.sizes)
        role[list(chosen)] = 1.0
        of_arm = [np.isin(np.arange(9), chosen), ~np.isin(np.arange(9), chosen)]
        lost = [
            time_lost(Patients(patients.time[a], patients.cause[a], role[a]), HORIZON, causes=2).share for a in of_arm
        ]
        return HORIZON * (lost[0] - lost[1])

    every = [range(s, s + n) for s, n in zip(blocks.starts, blocks.sizes, strict=True)]
    gaps = np.abs([gap(chosen) for chosen in product(*every)])
    found = lost_permuted(patients.time, patients.cause, weights, HORIZON, blocks, 1)
    assert found.observed == pytest.approx(gap(tuple(blocks.starts)))
    assert found.p_value == pytest.approx((gaps >= gaps[0] - 1e-9).mean())


def test_without_competing_events_it_is_the_restricted_mean_turned_round() -> None:
    rng, blocks = np.random.default_rng(1), even_sets(5, 2).blocks()
    time, event, weights = rng.integers(1, 11, 15) * 1.0, rng.random(15) < 0.5, np.tile([1, 0.5, 0.5], 5)
    lost = lost_permuted(time, event.astype(int), weights, HORIZON, blocks, 1)
    mean = rmst_permuted(time, event, weights, HORIZON, blocks, 1)
    assert (mean.observed, mean.p_value) == (-lost.observed, lost.p_value)
