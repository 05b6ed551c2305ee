"""Fisher's exact test on the whole cohort, as the study printed it."""

import numpy as np
from scipy.special import gammaln

from .engine import SAME_LIKELIHOOD, share_of


def fisher_exact(a: int, n1: int, b: int, n0: int) -> float:
    """Two-sided p of Fisher's exact test, all tables no more likely than the observed one (R fisher.test).

    a events of n1 treated, b events of n0 controls. 1 when one table only is possible; NaN when an arm is empty.
    """
    if n1 == 0 or n0 == 0:
        return float("nan")
    events = a + b
    k = np.arange(max(0, events - n0), min(events, n1) + 1)
    log_p = _log_choose(n1, k) + _log_choose(n0, events - k)
    p = np.exp(log_p - log_p.max())
    p /= p.sum()
    return share_of(p, p <= p[a - k[0]] * SAME_LIKELIHOOD)


def _log_choose(n: int, k: np.ndarray) -> np.ndarray:
    return gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1)


def zero_event_limit(n: int) -> float:
    """Upper limit of the exact (Clopper-Pearson) 95% interval of a risk with 0 events in n patients."""
    return float(1 - 0.025 ** (1 / n))
