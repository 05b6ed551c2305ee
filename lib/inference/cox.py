"""Cox regression on the treatment alone: matching weights, Efron ties, variance robust by cluster, as R coxph.

With one 0/1 covariate everything is a sum over event times and, within a tied time of d deaths, over Efron's d steps:
at step r the tied deaths count 1 - r/d in the risk set.  Source: Efron 1977; Therneau and Grambsch 2000, 3.3 and 7.
"""

from dataclasses import dataclass

import numpy as np

from ..errors import EstimationError
from .asymptotic import clustered_size

CONVERGED = 1e-12  # of the last step in the log hazard ratio
MAX_STEPS = 50
ROUNDED = 1e-8  # of the SE that the information gives: a robust SE below it is what rounding leaves of 0


@dataclass(frozen=True)
class CoxFit:
    """log hazard ratio of the treated and its cluster-robust SE (NaN with one cluster, 0 where all sets agree)."""

    log_hr: float
    robust_se: float


@dataclass(frozen=True)
class Steps:
    """Efron's steps, e of them in all.  at: int (e,), the event time (0..K-1) of each.  fraction: float (e,), r/d.

    risk1, risk0: float (e,), weight at risk in each arm after Efron's reduction.  weight: float (e,), mean weight of
    the tied deaths.  moment: int (n,), event times at or before each patient's time.  deaths: int (K,).
    """

    at: np.ndarray
    fraction: np.ndarray
    risk1: np.ndarray
    risk0: np.ndarray
    weight: np.ndarray
    moment: np.ndarray
    deaths: np.ndarray

    def mean(self, log_hr: float) -> np.ndarray:
        """Expected share of treated among those at risk, float (e,)."""
        hot = self.risk1 * np.exp(log_hr)
        return hot / (hot + self.risk0)


def efron_steps(time: np.ndarray, event: np.ndarray, treated: np.ndarray, weights: np.ndarray) -> Steps:
    """time: float (n,).  event, treated: bool (n,).  weights: float (n,) > 0.  At least one event."""
    times = np.unique(time[event])
    moment, k = np.searchsorted(times, time, side="right"), len(times)
    deaths = np.bincount(moment[event] - 1, minlength=k)
    at = np.repeat(np.arange(k), deaths)
    fraction = (np.arange(len(at)) - np.repeat(np.cumsum(deaths) - deaths, deaths)) / deaths[at]
    risks = []
    for arm in (treated, ~treated):
        present = np.cumsum(np.bincount(moment[arm], weights=weights[arm], minlength=k + 1)[::-1])[::-1][1:]
        dying = np.bincount(moment[event & arm] - 1, weights=weights[event & arm], minlength=k)
        risks.append(np.maximum(present[at] - fraction * dying[at], 0.0))
    total = np.bincount(moment[event] - 1, weights=weights[event], minlength=k)
    return Steps(at, fraction, risks[0], risks[1], (total / deaths)[at], moment, deaths)


def cox_two_arms(
    time: np.ndarray, event: np.ndarray, treated: np.ndarray, weights: np.ndarray, cluster: np.ndarray
) -> CoxFit:
    """Weighted Cox model of time on treatment; cluster: int (n,), the matched set, or the row itself.

    Agrees with R survival::coxph(Surv(time, event) ~ treated, weights = weights, cluster = cluster, ties = "efron").
    Raises EstimationError when the likelihood has no maximum: no event, or the events always fall in one arm.
    """
    if not event.any():
        raise EstimationError("There is no event, so there is no hazard ratio.", "Report the exact limits of the risk.")
    steps = efron_steps(time, event, treated, weights)
    observed = float(weights[event & treated].sum())
    if _edge(steps, observed) is not None:
        raise EstimationError(
            "While both arms were at risk, events fell in one arm only, so no finite hazard ratio above 0 exists.",
            "Use the hazard ratio by set, which has a limit.",
        )
    log_hr = _newton(steps, observed)
    mean = steps.mean(log_hr)
    information = float((steps.weight * mean * (1 - mean)).sum())
    score = weights * _residuals(steps, mean, log_hr, event, treated)
    per_cluster = np.bincount(np.unique(cluster, return_inverse=True)[1], weights=score)
    robust = clustered_size(per_cluster, score) / information if len(per_cluster) > 1 else float("nan")
    return CoxFit(log_hr, 0.0 if robust * np.sqrt(information) < ROUNDED else robust)


def ratio_at_edge(time: np.ndarray, event: np.ndarray, treated: np.ndarray, weights: np.ndarray) -> float | None:
    """Where the likelihood has no maximum: 0 when the events with both arms at risk fell among the controls only,
    infinite when among the treated only, NaN without such an event; None where it has a maximum.

    Arguments as cox_two_arms."""
    if not event.any():
        return float("nan")
    return _edge(efron_steps(time, event, treated, weights), float(weights[event & treated].sum()))


def _edge(steps: Steps, observed: float) -> float | None:
    """The score falls with the log hazard ratio; a maximum needs it above 0 at one end and below 0 at the other."""
    at_high = float(steps.weight[steps.risk1 > 0].sum())
    at_low = float(steps.weight[steps.risk0 <= 0].sum())
    slack = 1e-9 * float(steps.weight.sum())
    falls, rises = observed - at_low <= slack, observed - at_high >= -slack
    if falls and rises:
        return float("nan")
    return 0.0 if falls else float("inf") if rises else None


def _newton(steps: Steps, observed: float) -> float:
    """Newton's method on a concave log-likelihood; a step is capped so that it cannot run away."""
    log_hr = 0.0
    for _ in range(MAX_STEPS):
        mean = steps.mean(log_hr)
        score = observed - float((steps.weight * mean).sum())
        change = float(np.clip(score / float((steps.weight * mean * (1 - mean)).sum()), -2.0, 2.0))
        log_hr += change
        if abs(change) < CONVERGED:
            return log_hr
    raise EstimationError("The Cox model did not converge.", "Use the log-rank test by set.")


def _residuals(steps: Steps, mean: np.ndarray, log_hr: float, event: np.ndarray, treated: np.ndarray) -> np.ndarray:
    """Score residual of each patient, float (n,), unweighted.

    For an event, the covariate minus its mean over the steps of its time; for everyone, minus the hazard met while at
    risk times (covariate - mean), in which tied deaths meet only 1 - r/d of their own time's steps.
    """
    k = len(steps.deaths)
    hazard = steps.weight / (steps.risk1 * np.exp(log_hr) + steps.risk0)
    residual = np.zeros(len(event))
    for arm, covariate, relative in ((treated, 1.0, np.exp(log_hr)), (~treated, 0.0, 1.0)):
        pull = hazard * (covariate - mean) * relative
        met = np.concatenate([[0.0], np.cumsum(np.bincount(steps.at, weights=pull, minlength=k))])
        spared = np.bincount(steps.at, weights=pull * steps.fraction, minlength=k)
        own = np.bincount(steps.at, weights=covariate - mean, minlength=k) / steps.deaths
        residual[arm] = -met[steps.moment[arm]]
        died = event & arm
        residual[died] += (own + spared)[steps.moment[died] - 1]
    return residual
