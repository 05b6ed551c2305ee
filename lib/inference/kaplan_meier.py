"""Weighted Kaplan-Meier curves, with variances by infinitesimal jackknife: what each patient's weight moves.

The jackknife respects the matching weights and equals Greenwood's formula when all weights are 1 (Therneau, vignette of
R survival), so one rule serves the matched arms and the whole cohort.
"""

from dataclasses import dataclass

import numpy as np

from ..rounding import slack
from .asymptotic import Z


@dataclass(frozen=True)
class KaplanMeier:
    """The curve of one arm at its K event times.

    times: float (K,) ascending.  survival: float (K,).  at_risk, events: float (K,), weighted.
    time, event, weights: the n patients (event bool).  index: int (n,), event times at or before each patient's time.
    """

    times: np.ndarray
    survival: np.ndarray
    at_risk: np.ndarray
    events: np.ndarray
    time: np.ndarray
    event: np.ndarray
    weights: np.ndarray
    index: np.ndarray

    def survival_at(self, moments: np.ndarray) -> np.ndarray:
        """S(t) at each moment: 1 before the first event, the last value carried forward. float (j,)."""
        return np.concatenate([[1.0], self.survival])[self.steps_until(moments)]

    def steps_until(self, moments: np.ndarray) -> np.ndarray:
        """Event times at or before each moment, up to rounding. int (j,)."""
        return np.searchsorted(self.times, moments + slack(self.time), side="right")

    def gone_before(self, moments: np.ndarray, which: np.ndarray | None = None) -> np.ndarray:
        """Patients (of bool (n,) `which`) whose time lies before each moment by more than rounding. int (j,)."""
        time = self.time if which is None else self.time[which]
        return np.searchsorted(np.sort(time), moments - slack(self.time))

    @property
    def last_follow_up(self) -> float:
        """The largest time of any patient, NaN without patients."""
        return float(self.time.max()) if len(self.time) else float("nan")


def kaplan_meier(time: np.ndarray, event: np.ndarray, weights: np.ndarray) -> KaplanMeier:
    """time: float (n,) >= 0.  event: bool (n,).  weights: float (n,) > 0.

    A patient censored at the time of an event is at risk for it. Without events K is 0 and the curve stays at 1.
    """
    times = np.unique(time[event])
    index = np.searchsorted(times, time, side="right")
    leaving = np.bincount(index, weights=weights, minlength=len(times) + 1)
    at_risk = np.cumsum(leaving[::-1])[::-1][1:]
    events = np.bincount(index[event] - 1, weights=weights[event], minlength=len(times))
    last_one_out = np.isclose(at_risk, events, rtol=1e-12, atol=0)
    share = np.where(last_one_out, 1.0, events / at_risk)
    return KaplanMeier(times, np.cumprod(1 - share), at_risk, events, time, event, weights, index)


def _jackknife_terms(km: KaplanMeier, size: np.ndarray) -> np.ndarray:
    """float (n,): -sum over event times s of size(s) (dN_i - Y_i dN/Y)/(Y - dN), without the patient's weight.

    size: float (K,); 0 where the curve falls to 0, for there the term is taken as 0.
    """
    rest = km.at_risk - km.events
    alive = km.survival > 0
    unit = np.where(alive, size / np.where(alive, rest, 1.0), 0.0)
    risen = np.concatenate([[0.0], np.cumsum(unit * km.events / km.at_risk)])
    own = np.concatenate([[0.0], unit])
    return risen[km.index] - np.where(km.event, own[km.index], 0.0)


def log_survival_variance(km: KaplanMeier) -> np.ndarray:
    """Variance of log S at each event time, float (K,); NaN where S is 0.

    Patients gone by a time keep the influence with which they left; those who stay share one, but for their weights.
    """
    k, alive = len(km.times), km.survival > 0
    rest = np.where(alive, km.at_risk - km.events, 1.0)
    shared = np.cumsum(np.where(alive, km.events / km.at_risk / rest, 0.0))
    left = (km.weights * _jackknife_terms(km, np.ones(k))) ** 2
    gone = np.cumsum(np.bincount(km.index, weights=left, minlength=k + 1))[1:]
    squares = np.cumsum(np.bincount(km.index, weights=km.weights**2, minlength=k + 1))
    return np.where(alive, gone + shared**2 * (squares[-1] - squares[1:]), np.nan)


@dataclass(frozen=True)
class Band:
    """Pointwise 95% limits on the log-log scale, which stay within 0 and 1; float (K,)."""

    low: np.ndarray
    high: np.ndarray


def log_log_band(survival: np.ndarray, variance: np.ndarray) -> Band:
    """S^exp(+-1.96 SE(log S)/|log S|). Limits 1 where S is 1; where S is 0, 0 below and the last limit above it."""
    inside = (survival > 0) & (survival < 1)
    s = np.where(inside, survival, 0.5)
    power = np.exp(Z * np.sqrt(np.where(inside, variance, 0.0)) / np.abs(np.log(s)))
    low, high = np.where(inside, s**power, survival), np.where(inside, s ** (1 / power), survival)
    gone = survival <= 0
    if gone.any():
        high[gone] = high[~gone][-1] if (~gone).any() else 1.0
    return Band(low, high)


@dataclass(frozen=True)
class MeanSurvival:
    """Restricted mean survival time, and what each patient's weight adds to its deviation, float (n,)."""

    mean: float
    influence: np.ndarray


def restricted_mean(km: KaplanMeier, horizon: float) -> MeanSurvival:
    """Area under the curve from 0 to the horizon, in units of time; the last value is carried forward to the horizon.

    Times must not exceed the horizon. The influence is the jackknife's, patient's weight included.
    """
    knots = np.concatenate([[0.0], km.times, [horizon]])
    areas = np.diff(knots) * np.concatenate([[1.0], km.survival])
    beyond = np.cumsum(areas[::-1])[::-1][1:]
    return MeanSurvival(float(areas.sum()), km.weights * _jackknife_terms(km, beyond))
