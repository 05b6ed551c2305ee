"""Conditional logistic regression of an event on the treatment, the exact conditional likelihood (R survival::clogit,
method "exact").

Given d events among the n patients of a set, one treated patient has one with chance d g / (d g + n - d), g the common
odds ratio: C(n-1, d-1) arrangements give the treated an event, C(n-1, d) do not, and their quotient is d / (n - d). So
with one treated in each set the likelihood is a logistic one with offset log(d / (n - d)). With several treated their
events are noncentral hypergeometric: the null distribution of their sum, tilted by g.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..errors import EstimationError
from ..newton import Point, Rule, newton
from .stratified import SetCounts, events_null, tilted

CONVERGED = 1e-12  # of the last step in the log odds ratio
LONGEST_STEP = 2.0  # so that it cannot run away

Moments = Callable[[float], tuple[float, float]]  # log odds ratio -> mean and variance of the treated patients' events


@dataclass(frozen=True)
class ConditionalLogit:
    """Log of the common odds ratio, and its SE from the information."""

    log_or: float
    se: float


def conditional_logit(counts: SetCounts) -> ConditionalLogit:
    """Newton's method on the exact conditional likelihood; sets without both an event and a non-event say nothing.

    Raises EstimationError when the likelihood has no maximum: the treated patients of the sets that can speak had as
    few events as these sets allow (with one treated each: none had it), or as many. (R returns -20.7 with SE 22,582.)
    """
    speaks = (counts.events > 0) & (counts.events < counts.n)
    spoken = SetCounts(*(x[speaks] for x in (counts.a, counts.n1, counts.b, counts.n0)))
    total = float(spoken.a.sum())
    least = float(np.maximum(0, spoken.events - spoken.n0).sum())
    if not least < total < float(np.minimum(spoken.n1, spoken.events).sum()):
        raise EstimationError(
            _no_maximum(spoken, total == least), "Use the exact conditional odds ratio, which has a limit."
        )
    moments = (_one_treated if (spoken.n1 == 1).all() else _several_treated)(spoken)

    def likelihood(beta: np.ndarray) -> Point:
        mean, information = moments(float(beta[0]))
        return Point(beta, np.array([total - mean]), np.array([[information]]))

    fit = newton(likelihood, np.zeros(1), Rule(change=CONVERGED, longest=LONGEST_STEP))
    if fit.converged:
        return ConditionalLogit(float(fit.beta[0]), float(fit.information[0, 0]) ** -0.5)
    raise EstimationError("The conditional logistic regression did not converge.", "Use the exact odds ratio.")


def _no_maximum(spoken: SetCounts, least: bool) -> str:
    if (spoken.n1 == 1).all():
        who = f"{'no' if least else 'every'} treated patient had the event"
    else:
        who = f"the treated had as {'few' if least else 'many'} events as their sets allow"
    return f"In the sets that can speak {who}, so the conditional likelihood has no maximum."


def _one_treated(counts: SetCounts) -> Moments:
    offset = np.log(counts.events / (counts.n - counts.events))

    def moments(log_or: float) -> tuple[float, float]:
        p = 1 / (1 + np.exp(-(offset + log_or)))
        return p.sum(), float((p * (1 - p)).sum())

    return moments


def _several_treated(counts: SetCounts) -> Moments:
    null = events_null(counts)

    def moments(log_or: float) -> tuple[float, float]:
        p = tilted(null, log_or)
        mean = float(null.support @ p)
        return mean, float((null.support - mean) ** 2 @ p)

    return moments
