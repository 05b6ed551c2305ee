"""Conditional logistic regression of an event on the treatment, one treated patient in each set.

Given d events among the n patients of a set, the treated patient has one with chance d g / (d g + n - d), g the common
odds ratio: C(n-1, d-1) arrangements give the treated an event, C(n-1, d) do not, and their quotient is d / (n - d). So
the exact conditional likelihood (R survival::clogit, method "exact") is a logistic one with offset log(d / (n - d)).
"""

from dataclasses import dataclass

import numpy as np

from ..errors import EstimationError
from .stratified import SetCounts

CONVERGED = 1e-12  # of the last step in the log odds ratio
MAX_STEPS = 50


@dataclass(frozen=True)
class ConditionalLogit:
    """Log of the common odds ratio, and its SE from the information."""

    log_or: float
    se: float


def conditional_logit(counts: SetCounts) -> ConditionalLogit:
    """Newton's method on the exact conditional likelihood; sets without both an event and a non-event say nothing.

    Raises EstimationError when the likelihood has no maximum: none, or all, of the treated patients of the sets that
    can speak had the event. (R returns -20.7 with SE 22,582 there.)
    """
    speaks = (counts.events > 0) & (counts.events < counts.n)
    a, d, n = counts.a[speaks], counts.events[speaks], counts.n[speaks]
    total = float(a.sum())
    if not 0 < total < len(a):
        which = "no" if total == 0 else "every"
        raise EstimationError(
            f"In the sets that can speak {which} treated patient had the event, so the conditional likelihood has no "
            "maximum.",
            "Use the exact conditional odds ratio, which has a limit.",
        )
    offset, log_or = np.log(d / (n - d)), 0.0
    for _ in range(MAX_STEPS):
        p = 1 / (1 + np.exp(-(offset + log_or)))
        information = float((p * (1 - p)).sum())
        change = float(np.clip((total - p.sum()) / information, -2.0, 2.0))  # a capped step cannot run away
        log_or += change
        if abs(change) < CONVERGED:
            return ConditionalLogit(log_or, information**-0.5)
    raise EstimationError("The conditional logistic regression did not converge.", "Use the exact odds ratio.")
