"""Aalen-Johansen: by hand, against lifelines and Kaplan-Meier, by numerical derivative, and by property."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.inference.incidence import aalen_johansen, incidence_band
from lib.inference.kaplan_meier import kaplan_meier, log_survival_variance
from tests.inference.lifelines_numbers import lifelines_cases

SAME = 1e-9  # two double-precision routes to one number
NUDGE = 1e-6  # of a weight, in a numerical derivative

patients = st.lists(st.tuples(st.integers(1, 25), st.integers(0, 2), st.integers(1, 4)), min_size=2, max_size=25)


def arrays(rows: list[tuple[int, int, int]]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    time, cause, weight = zip(*rows, strict=True)
    return np.array(time, dtype=float), np.array(cause), np.array(weight) / 3


def test_five_patients_by_hand() -> None:
    """Discharge at 2 (of 5), death at 3 (of 4), censored at 4, death at 6 (of 2), censored at 7.

    Free of both: 4/5, 3/5, 3/10. Death: 4/5 x 1/4 = 1/5, then 3/5 x 1/2 more.
    """
    curves = aalen_johansen(np.array([2.0, 3, 4, 6, 7]), np.array([2, 1, 0, 1, 0]), np.ones(5), 2)
    assert curves.times.tolist() == [2, 3, 6]
    assert curves.survival == pytest.approx([0.8, 0.6, 0.3])
    assert curves.incidence[:, 0] == pytest.approx([0, 0.2, 0.5])
    assert curves.incidence[:, 1] == pytest.approx([0.2, 0.2, 0.2])
    assert curves.variance()[0, 1] == pytest.approx(0.2 * 0.8 / 5)  # before any censoring a binomial variance
    assert curves.variance()[1, 0] == pytest.approx(0.2 * 0.8 / 5)


@given(patients)
def test_incidences_and_survival_share_out_one(rows: list[tuple[int, int, int]]) -> None:
    curves = aalen_johansen(*arrays(rows), 2)
    assert curves.incidence.sum(axis=1) + curves.survival == pytest.approx(np.ones(len(curves.times)), abs=SAME)
    assert (np.diff(curves.incidence, axis=0, prepend=0.0) >= -SAME).all()


@given(patients)
def test_one_cause_is_kaplan_meier(rows: list[tuple[int, int, int]]) -> None:
    time, cause, weights = arrays(rows)
    curves, km = aalen_johansen(time, (cause > 0) * 1, weights, 1), kaplan_meier(time, cause > 0, weights)
    assert curves.incidence[:, 0] == pytest.approx(1 - km.survival, abs=SAME)
    alive = km.survival > SAME
    expected = (km.survival**2 * log_survival_variance(km))[alive]
    assert curves.variance()[alive, 0] == pytest.approx(expected, abs=SAME)


@given(patients)
@settings(max_examples=30)
def test_influences_are_derivatives_in_the_weights(rows: list[tuple[int, int, int]]) -> None:
    """At every time: the variance is the sum of squared weight x derivative."""
    time, cause, weights = arrays(rows)
    curves = aalen_johansen(time, cause, weights, 2)
    moved = []
    for i in range(len(time)):
        nudged = weights.copy()
        nudged[i] += NUDGE
        moved.append((aalen_johansen(time, cause, nudged, 2).incidence - curves.incidence) / NUDGE * weights[i])
    assert curves.variance() == pytest.approx((np.array(moved) ** 2).sum(axis=0), abs=1e-5)
    for c in (1, 2):
        assert curves.influence(c).sum() == pytest.approx(0, abs=1e-8)
        if len(curves.times):
            assert curves.influence(c) == pytest.approx(np.array(moved)[:, -1, c - 1], abs=1e-4)


@given(patients, st.floats(0.1, 10))
def test_order_scale_and_names_of_causes(rows: list[tuple[int, int, int]], factor: float) -> None:
    time, cause, weights = arrays(rows)
    curves = aalen_johansen(time, cause, weights, 2)
    turned = aalen_johansen(3 * time[::-1], np.array([0, 2, 1])[cause[::-1]], factor * weights[::-1], 2)
    assert turned.incidence == pytest.approx(curves.incidence[:, ::-1], abs=SAME)
    assert turned.variance() == pytest.approx(curves.variance()[:, ::-1], abs=SAME)


@pytest.mark.parametrize("case", lifelines_cases("incidence"))
def test_against_lifelines(case: dict) -> None:
    """Its incidence to the digit (it breaks ties at random, so there are none here); its variance is Aalen's."""
    ours = aalen_johansen(case["time"], case["cause"], np.ones(60), 2)
    assert ours.incidence[:, 0] == pytest.approx(case["incidence"], abs=SAME)
    told = np.isfinite(case["variance"]) & (ours.incidence[:, 0] > 0.1)
    assert told.any()
    assert np.sqrt(ours.variance()[told, 0]) == pytest.approx(np.sqrt(case["variance"][told]), rel=0.1)


def test_the_jackknife_error_is_the_spread_of_the_estimates() -> None:
    """300 samples of 200 patients: the mean SE of the last incidence is the SD of the incidences within 10%."""
    rng, found = np.random.default_rng(7), []
    for _ in range(300):
        first, second, gone = rng.exponential(10, 200), rng.exponential(15, 200), rng.uniform(5, 20, 200)
        time = np.minimum.reduce([first, second, gone, np.full(200, 12.0)])
        cause = np.where(time == first, 1, np.where(time == second, 2, 0))
        curves = aalen_johansen(time, cause, np.ones(200), 2)
        found.append((curves.incidence[-1, 0], np.sqrt(curves.variance()[-1, 0])))
    estimates, errors = np.array(found).T
    assert errors.mean() == pytest.approx(estimates.std(ddof=1), rel=0.1)


@given(patients)
def test_bands_hold_the_incidence_and_stay_between_0_and_1(rows: list[tuple[int, int, int]]) -> None:
    curves = aalen_johansen(*arrays(rows), 2)
    for c in (0, 1):
        band = incidence_band(curves.incidence[:, c], curves.variance()[:, c])
        assert ((band.low >= 0) & (band.high <= 1)).all()
        assert (band.low <= curves.incidence[:, c] + SAME).all()
        assert (band.high >= curves.incidence[:, c] - SAME).all()


def test_everyone_has_the_event_and_nobody_does() -> None:
    curves = aalen_johansen(np.array([1.0, 2]), np.array([1, 1]), np.ones(2), 1)
    band = incidence_band(curves.incidence[:, 0], curves.variance()[:, 0])
    assert (band.high[-1], band.low[-1]) == (1, band.low[-2])
    quiet = aalen_johansen(np.array([1.0, 2]), np.array([0, 0]), np.ones(2), 2)
    assert (quiet.incidence.shape, quiet.influence(1).tolist()) == ((0, 2), [0, 0])
