"""Cumulative incidence with competing events: weighted Aalen-Johansen, with variances by infinitesimal jackknife.

With one cause the incidence is 1 - Kaplan-Meier and its variance the jackknife's of lib.inference.kaplan_meier, so that
one rule serves both. Whoever has a competing event can no longer have the event, and is not taken for censored.
Source: Aalen and Johansen 1978, Scand J Stat 5:141; jackknife: Therneau, vignette of R survival.
"""

from dataclasses import dataclass

import numpy as np

from .asymptotic import Z
from .kaplan_meier import Band


@dataclass(frozen=True)
class AalenJohansen:
    """The curves of one arm at its K event times, of any of C causes.

    times: float (K,) ascending.  survival: float (K,), free of every event.  incidence: float (K, C).
    shared: float (K, C), the influence of a patient still under observation after each time, without its weight.
    own: float (n, C), that of each patient when it left.  slope: float (n,), by how much a rise of an incidence after
    that adds to it.  index: int (n,), event times at or before each patient's time.
    time, cause (0 censored, 1..C), weights: the n patients.
    """

    times: np.ndarray
    survival: np.ndarray
    incidence: np.ndarray
    shared: np.ndarray
    own: np.ndarray
    slope: np.ndarray
    index: np.ndarray
    time: np.ndarray
    cause: np.ndarray
    weights: np.ndarray

    @property
    def left_at(self) -> np.ndarray:
        """float (n, C): each incidence when the patient left."""
        return _from_zero(self.incidence)[self.index]

    def influence(self, cause: int) -> np.ndarray:
        """What each patient adds to the deviation of the last incidence of a cause (1..C), its weight included; (n,).

        The influences sum to 0; the square root of the sum of their squares is the standard error.
        """
        c = cause - 1
        last = self.incidence[-1, c] if len(self.times) else 0.0
        return self.weights * (self.own[:, c] + self.slope * (last - self.left_at[:, c]))

    def area_influence(self, cause: int, widths: np.ndarray) -> np.ndarray:
        """What each patient adds to the deviation of the area under the incidence of a cause, weight included; (n,).

        widths: float (K,), from each event time to the next, the last to the end of the area.
        """
        c, last = cause - 1, np.maximum(self.index - 1, 0)  # the event time at which a patient's influence is fixed
        staying = _running(self.shared[:, c] * widths)[last]
        risen = _running(self.incidence[:, c] * widths)
        left, after = self.left_at[:, c], float(widths.sum()) - _running(widths)[last]
        gone = self.own[:, c] * after + self.slope * (risen[-1] - risen[last] - left * after)
        return self.weights * np.where(self.index > 0, staying + gone, 0.0)

    def variance(self) -> np.ndarray:
        """Variance of each incidence at each event time, float (K, C), without a loop over patients and times."""
        k, squares = len(self.times), self.weights**2
        level = self.own - self.slope[:, None] * self.left_at

        def gone(terms: np.ndarray) -> np.ndarray:
            return np.cumsum(np.bincount(self.index, weights=squares * terms, minlength=k + 1))[1:]

        made = np.empty_like(self.incidence)
        quadratic, staying = gone(self.slope**2), squares.sum() - gone(np.ones(len(squares)))
        for c, incidence in enumerate(self.incidence.T):
            linear = gone(level[:, c] * self.slope)
            square = gone(level[:, c] ** 2) + 2 * incidence * linear + incidence**2 * quadratic
            made[:, c] = square + self.shared[:, c] ** 2 * staying
        return np.maximum(made, 0.0)


def aalen_johansen(time: np.ndarray, cause: np.ndarray, weights: np.ndarray, n_causes: int) -> AalenJohansen:
    """time: float (n,) >= 0.  cause: int (n,), 0 censored, else 1..n_causes.  weights: float (n,) > 0.

    A patient censored at the time of an event is at risk for it. Without events K is 0.
    """
    event = cause > 0
    times = np.unique(time[event])
    k, index = len(times), np.searchsorted(times, time, side="right")
    at_risk = np.cumsum(np.bincount(index, weights=weights, minlength=k + 1)[::-1])[::-1][1:]
    cell = (index[event] - 1) * n_causes + cause[event] - 1
    events = np.bincount(cell, weights=weights[event], minlength=k * n_causes).reshape(k, n_causes)
    total, share = events.sum(axis=1), events / at_risk[:, None]
    last_one_out = np.isclose(at_risk, total, rtol=1e-12, atol=0)
    survival = np.cumprod(np.where(last_one_out, 0.0, 1 - total / at_risk))
    before = np.concatenate([[1.0], survival[:-1]]) if k else survival
    rest = np.where(last_one_out, 1.0, at_risk - total)
    risen = np.cumsum(np.where(last_one_out, 0.0, total / at_risk / rest))  # of log survival, for those still there
    risen_before = np.concatenate([[0.0], risen[:-1]]) if k else risen
    shared = np.cumsum((before * (risen_before - 1 / at_risk))[:, None] * share, axis=0)
    own, slope = _from_zero(shared)[index], np.concatenate([[0.0], risen])[index]
    at = index[event] - 1
    own[np.flatnonzero(event), cause[event] - 1] += (before / at_risk)[at]
    slope[event] -= np.where(last_one_out, 0.0, 1 / rest)[at]
    incidence = np.cumsum(before[:, None] * share, axis=0)
    return AalenJohansen(times, survival, incidence, shared, own, slope, index, time, cause, weights)


def _running(values: np.ndarray) -> np.ndarray:
    """Sums of the first 0, 1, .. K values, float (K + 1,)."""
    return np.concatenate([[0.0], np.cumsum(values)])


def _from_zero(columns: np.ndarray) -> np.ndarray:
    """A row of zeros before the rows of (K, C)."""
    return np.concatenate([np.zeros((1, columns.shape[1])), columns])


def incidence_band(incidence: np.ndarray, variance: np.ndarray) -> Band:
    """Pointwise 95% limits on the scale of log(-log F), which stay within 0 and 1; float (K,).

    0 and 0 before the first event; where everyone has had it, 1 above and the last limit below.
    """
    inside = (incidence > 0) & (incidence < 1 - 1e-12)
    f = np.where(inside, incidence, 0.5)
    power = np.exp(Z * np.sqrt(np.where(inside, variance, 0.0)) / (f * np.abs(np.log(f))))
    low, high = np.where(inside, f**power, 0.0), np.where(inside, f ** (1 / power), 0.0)
    full = incidence >= 1 - 1e-12
    if full.any():
        low[full], high[full] = low[~full][-1] if (~full).any() else 0.0, 1.0
    return Band(low, high)
