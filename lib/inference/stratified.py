"""Binary outcomes over matched sets: Cochran-Mantel-Haenszel, exact conditional odds ratio, Mantel-Haenszel estimates.

Every function takes a SetCounts, of sets with any number of treated patients and of controls.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from .asymptotic import ChiSquare, chi_square
from .engine import Distribution, events_distribution
from .roots import brent
from .sets import Blocks

TAIL = 0.025  # in each tail of a 95% interval
LARGEST_LOG_OR = 700.0  # exp() overflows beyond; a limit there would be no number a reader can use


@dataclass(frozen=True)
class SetCounts:
    """Counts per set, float (S,): a treated events of n1 treated, b control events of n0 controls."""

    a: np.ndarray
    n1: np.ndarray
    b: np.ndarray
    n0: np.ndarray

    @property
    def n(self) -> np.ndarray:
        """Patients per set."""
        return self.n1 + self.n0

    @property
    def events(self) -> np.ndarray:
        """Events per set."""
        return self.a + self.b

    @property
    def informative(self) -> int:
        """Sets with both an event and a non-event: the only ones that speak in a conditional test."""
        return int(((self.events > 0) & (self.events < self.n)).sum())


@dataclass(frozen=True)
class LogRatio:
    """An estimated ratio, possibly 0 or infinite, and the SE of its logarithm; NaN where undefined."""

    ratio: float
    se: float


@dataclass(frozen=True)
class ExactOddsRatio:
    """Conditional maximum-likelihood odds ratio and exact limits, 2.5% in each tail. low is 0, or estimate and high
    infinite, when the observed count is the least or the greatest possible."""

    estimate: float
    low: float
    high: float


def set_counts(event: np.ndarray, blocks: Blocks) -> SetCounts:
    """Counts per set. event: 0/1 (m,), in block order."""
    hit = event.astype(float)
    a = blocks.totals(hit * blocks.treated)
    return SetCounts(a, blocks.n_treated_of * 1.0, blocks.totals(hit) - a, blocks.n_controls_of * 1.0)


def events_null(counts: SetCounts) -> Distribution:
    """The distribution of the treated patients with the event when the label moves within the sets."""
    events, sizes, n_treated = (x.astype(int) for x in (counts.events, counts.n, counts.n1))
    return events_distribution(events, sizes, n_treated)


def cmh(counts: SetCounts, correct: bool) -> ChiSquare:
    """Cochran-Mantel-Haenszel by set, as R mantelhaen.test: with `correct`, 0.5 is taken off |O - E| if that is >= 0.5.

    NaN when no set has both an event and a non-event.
    """
    n, d = counts.n, counts.events
    deviation = abs(float((counts.a - counts.n1 * d / n).sum()))
    variance = float((counts.n1 * counts.n0 * d * (n - d) / (n**2 * (n - 1))).sum())
    yates = 0.5 if correct and deviation >= 0.5 else 0.0
    return chi_square(deviation - yates, variance)


def tilted(distribution: Distribution, log_or: float) -> np.ndarray:
    """P(T = t) when the common odds ratio is exp(log_or): null probabilities times exp(t log_or), scaled.  (L,)."""
    with np.errstate(divide="ignore"):
        log_p = np.log(distribution.probability) + np.arange(len(distribution.probability)) * log_or
    p = np.exp(log_p - log_p.max())
    return p / p.sum()


def exact_odds_ratio(distribution: Distribution, observed: int) -> ExactOddsRatio:
    """Conditional odds ratio: the estimate puts E(T) at `observed`; each limit leaves 2.5% beyond it.

    Needs a non-degenerate distribution. Source: Breslow and Day 1980, section 4.2; R mantelhaen.test(exact=TRUE).
    """
    at, last = observed - distribution.low, len(distribution.probability) - 1
    index = np.arange(last + 1)

    def mean_gap(log_or: float) -> float:
        return float(index @ tilted(distribution, log_or)) - at

    def upper_gap(log_or: float) -> float:
        return TAIL - float(tilted(distribution, log_or)[: at + 1].sum())

    def lower_gap(log_or: float) -> float:
        return float(tilted(distribution, log_or)[at:].sum()) - TAIL

    estimate = 0.0 if at == 0 else float("inf") if at == last else _root(mean_gap)
    low = 0.0 if at == 0 else _root(lower_gap)
    high = float("inf") if at == last else _root(upper_gap)
    return ExactOddsRatio(estimate, low, high)


def _root(rising: Callable[[float], float]) -> float:
    """exp of the zero of a rising function of the log odds ratio."""
    reach = 2.0
    while (rising(-reach) > 0 or rising(reach) < 0) and reach < LARGEST_LOG_OR:
        reach *= 2
    return float(np.exp(brent(rising, -reach, reach, xtol=1e-12, rtol=1e-14)))


def mantel_haenszel_odds_ratio(counts: SetCounts) -> LogRatio:
    """Common odds ratio with the variance of Robins, Breslow and Greenland (1986, Biometrics 42:311).

    ratio 0 with SE NaN when no product a x d is left, infinite when no b x c is, NaN when neither is.
    """
    a, b, n = counts.a, counts.b, counts.n
    c, d = counts.n1 - a, counts.n0 - b
    r, s = a * d / n, b * c / n
    if not r.sum() * s.sum() > 0:
        return LogRatio(_edge(r, s), float("nan"))
    p, q = (a + d) / n, (b + c) / n
    big_r, big_s = r.sum(), s.sum()
    variance = (
        (p * r).sum() / (2 * big_r**2) + (p * s + q * r).sum() / (2 * big_r * big_s) + (q * s).sum() / (2 * big_s**2)
    )
    return LogRatio(float(big_r / big_s), float(np.sqrt(variance)))


def _edge(top: np.ndarray, bottom: np.ndarray) -> float:
    """The ratio of two sums of which one is 0."""
    return 0.0 if bottom.sum() > 0 else float("inf") if top.sum() > 0 else float("nan")


def mantel_haenszel_risk_ratio(counts: SetCounts) -> LogRatio:
    """Common risk ratio with the variance of Greenland and Robins (1985, Biometrics 41:55).

    ratio 0 with SE NaN without a treated event, infinite without a control event, NaN without any.
    """
    a, b, n1, n0, n = counts.a, counts.b, counts.n1, counts.n0, counts.n
    r, s = (a * n0 / n).sum(), (b * n1 / n).sum()
    if not r * s > 0:
        return LogRatio(_edge(r, s), float("nan"))
    variance = ((n1 * n0 * (a + b) - a * b * n) / n**2).sum() / (r * s)
    return LogRatio(float(r / s), float(np.sqrt(variance)))
