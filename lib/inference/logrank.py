"""Log-rank tests, plain and stratified by matched set; the matching weights play no part."""

import numpy as np

from .asymptotic import ChiSquare, chi_square


def logrank(time: np.ndarray, event: np.ndarray, treated: np.ndarray, stratum: np.ndarray | None = None) -> ChiSquare:
    """Log-rank test of two arms, hypergeometric variance (R survival::survdiff, with strata(stratum) if given).

    time: float (n,).  event, treated: bool (n,).  stratum: int (n,) or None.  At each event time of a stratum the
    treated events are compared with their share of those at risk.  NaN when no event time has both arms at risk.
    """
    if not event.any():
        return ChiSquare(float("nan"), float("nan"))
    _, rank = np.unique(time, return_inverse=True)
    group = np.zeros(len(time), dtype=np.int64) if stratum is None else np.unique(stratum, return_inverse=True)[1]
    span = int(rank.max()) + 1
    key = group * span + rank
    moments, deaths = np.unique(key[event], return_counts=True)
    treated_deaths = np.bincount(np.searchsorted(moments, key[event & treated]), minlength=len(moments))
    ends = (moments // span + 1) * span
    n = _at_risk(key, moments, ends)
    n1 = _at_risk(key[treated], moments, ends)
    deviation = float((treated_deaths - deaths * n1 / n).sum())
    variance = deaths * (n - deaths) / np.maximum(n - 1, 1) * n1 * (n - n1) / n**2
    return chi_square(deviation, float(variance.sum()))


def _at_risk(key: np.ndarray, moments: np.ndarray, ends: np.ndarray) -> np.ndarray:
    """Patients of the same stratum whose time is not below the moment, float (moments,)."""
    ordered = np.sort(key)
    return (np.searchsorted(ordered, ends) - np.searchsorted(ordered, moments)).astype(float)
