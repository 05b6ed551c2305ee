"""Weighted Kaplan-Meier, by hand, against lifelines, and by property."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.inference.kaplan_meier import (
    kaplan_meier,
    log_log_band,
    log_survival_variance,
    restricted_mean,
)
from lib.inference.survival_tables import at_risk_table, censored_table, curve_table, summarise, tick_times
from tests.inference.lifelines_numbers import lifelines_cases

SAME = 1e-9  # two double-precision routes to one number
NUDGE = 1e-5  # of a weight, in a numerical derivative

times = st.lists(st.tuples(st.integers(1, 30), st.booleans(), st.integers(1, 4)), min_size=2, max_size=25)


def arrays(rows: list[tuple[int, bool, int]]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    time, event, weight = zip(*rows, strict=True)
    return np.array(time, dtype=float), np.array(event), np.array(weight) / 3


def test_five_patients_by_hand() -> None:
    """Deaths at 2 (of 5) and 6 (of 3), censored at 3, 6 and 9: S = 4/5, then 4/5 x 2/3."""
    km = kaplan_meier(np.array([2.0, 3, 6, 6, 9]), np.array([True, False, True, False, False]), np.ones(5))
    assert km.times.tolist() == [2, 6]
    assert km.survival == pytest.approx([0.8, 1.6 / 3])
    assert km.survival_at(np.array([0, 1.9, 2, 5.9, 6, 100])) == pytest.approx([1, 1, 0.8, 0.8, 1.6 / 3, 1.6 / 3])
    greenwood = np.array([1 / (5 * 4), 1 / (5 * 4) + 1 / (3 * 2)])
    assert log_survival_variance(km) == pytest.approx(greenwood)
    assert restricted_mean(km, 9).mean == pytest.approx(2 + 4 * 0.8 + 3 * 1.6 / 3)


@given(times)
def test_unit_weights_give_greenwood(rows: list[tuple[int, bool, int]]) -> None:
    time, event, _ = arrays(rows)
    km = kaplan_meier(time, event, np.ones(len(time)))
    alive = km.survival > 0
    terms = np.divide(km.events / km.at_risk, km.at_risk - km.events, out=np.zeros(len(km.times)), where=alive)
    assert log_survival_variance(km)[alive] == pytest.approx(np.cumsum(terms)[alive], abs=SAME)


@pytest.mark.parametrize("case", lifelines_cases("curve"))
def test_curve_and_mean_are_those_of_lifelines(case: dict) -> None:
    km = kaplan_meier(case["time"], case["event"], case["weight"])
    moments = np.arange(0, 31, dtype=float)
    assert km.survival_at(moments) == pytest.approx(case["survival"], abs=SAME)
    assert restricted_mean(km, 30).mean == pytest.approx(case["mean"], abs=1e-6)


@given(times)
def test_influences_are_derivatives_in_the_weights(rows: list[tuple[int, bool, int]]) -> None:
    time, event, weights = arrays(rows)
    km = kaplan_meier(time, event, weights)
    influence = restricted_mean(km, 30).influence
    assert influence.sum() == pytest.approx(0, abs=1e-8)
    nudged = weights.copy()
    nudged[0] += NUDGE
    derivative = (restricted_mean(kaplan_meier(time, event, nudged), 30).mean - restricted_mean(km, 30).mean) / NUDGE
    assert influence[0] / weights[0] == pytest.approx(derivative, abs=2e-3)


@given(times, st.floats(0.1, 10))
def test_only_relative_weights_matter(rows: list[tuple[int, bool, int]], factor: float) -> None:
    time, event, weights = arrays(rows)
    km, scaled = kaplan_meier(time, event, weights), kaplan_meier(time, event, factor * weights)
    assert scaled.survival == pytest.approx(km.survival, abs=SAME)
    assert log_survival_variance(scaled) == pytest.approx(log_survival_variance(km), rel=1e-7, nan_ok=True)


@given(times)
def test_bands_hold_the_curve_and_stay_between_0_and_1(rows: list[tuple[int, bool, int]]) -> None:
    km = kaplan_meier(*arrays(rows))
    band = log_log_band(km.survival, log_survival_variance(km))
    assert (band.low >= 0).all()
    assert (band.high <= 1).all()
    assert (band.low <= km.survival + SAME).all()
    assert (band.high >= km.survival - SAME).all()


def test_a_curve_that_falls_to_zero_keeps_its_last_upper_limit() -> None:
    km = kaplan_meier(np.array([1.0, 2, 3]), np.array([True, True, True]), np.array([0.7, 1.1, 1.2]))
    band = log_log_band(km.survival, log_survival_variance(km))
    assert km.survival[-1] == 0
    assert (band.low[-1], band.high[-1]) == (0, band.high[-2])
    everyone = kaplan_meier(np.ones(2), np.array([True, True]), np.ones(2))
    assert log_log_band(everyone.survival, log_survival_variance(everyone)).high.tolist() == [1]
    assert restricted_mean(everyone, 10).mean == 1


def test_summary_without_events_has_the_exact_lower_limit() -> None:
    """8 patients followed to day 60 without an event: a risk of up to 37%."""
    km = kaplan_meier(np.full(8, 60.0), np.zeros(8, dtype=bool), np.ones(8))
    summary = summarise(km, 60)
    assert (summary.n, summary.events, summary.survival, summary.ci_high) == (8, 0, 1, 1)
    assert summary.ci_low == pytest.approx(0.6306, abs=1e-4)
    band = curve_table({"treated": km}, 60)
    assert band["time"].tolist() == [0, 60]
    assert band["ci_low"].tolist() == [summary.ci_low] * 2
    empty = kaplan_meier(np.zeros(0), np.zeros(0, dtype=bool), np.zeros(0))
    assert np.isnan(summarise(empty, 60).survival)
    lost = kaplan_meier(np.full(3, 10.0), np.zeros(3, dtype=bool), np.ones(3))
    assert np.isnan(summarise(lost, 60).ci_low)


def test_tables_by_hand() -> None:
    km = kaplan_meier(
        np.array([2.0, 3, 6, 10, 12]), np.array([True, False, True, False, False]), np.array([1, 2, 1, 1, 1])
    )
    curve = curve_table({"treated": km}, 12)
    assert curve["time"].tolist() == [0, 2, 6, 12]
    assert curve["survival"].tolist() == pytest.approx([1, 5 / 6, 5 / 6 * 2 / 3, 5 / 6 * 2 / 3])
    assert curve.loc[0, ["ci_low", "ci_high"]].tolist() == [1, 1]
    assert censored_table({"treated": km}, 12)["time"].tolist() == [3, 10]
    counts = at_risk_table({"treated": km}, 12)
    assert counts["time"].tolist() == [0, 2, 4, 6, 8, 10, 12]
    assert counts["at_risk"].tolist() == [5, 5, 3, 3, 2, 2, 1]
    assert counts["events"].tolist() == [0, 0, 1, 1, 2, 2, 2]
    assert counts["censored"].tolist() == [0, 0, 1, 1, 1, 1, 2]


@pytest.mark.parametrize(
    ("horizon", "ticks"),
    [(60, [0, 10, 20, 30, 40, 50, 60]), (28, [0, 7, 14, 21, 28]), (365, [0, 73, 146, 219, 292, 365])],
)
def test_ticks(horizon: float, ticks: list[float]) -> None:
    assert tick_times(horizon).tolist() == ticks
    assert len(tick_times(61)) == 7
