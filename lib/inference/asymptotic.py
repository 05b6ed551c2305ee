"""Large-sample helpers: chi-square and normal p-values, and intervals from a standard error."""

from dataclasses import dataclass

import numpy as np
from scipy.special import chdtrc, erfc, stdtr, stdtrit

LEVEL = 0.975  # upper quantile of a two-sided 95% interval
CANCELLED = 1e-12  # of the terms: cluster sums below it are what rounding leaves of 0
Z = 1.959963984540054  # normal quantile at LEVEL


@dataclass(frozen=True)
class ChiSquare:
    """A chi-square with 1 degree of freedom and its p; both NaN when the variance is 0."""

    statistic: float
    p_value: float


def chi_square(deviation: float, variance: float) -> ChiSquare:
    """deviation^2 / variance on 1 degree of freedom."""
    if not variance > 0:
        return ChiSquare(float("nan"), float("nan"))
    statistic = deviation**2 / variance
    return ChiSquare(float(statistic), float(chdtrc(1, statistic)))


def clustered_size(per_cluster: np.ndarray, terms: np.ndarray) -> float:
    """Root of the sum of squares of sums by cluster; exactly 0 where these vanish but for rounding.

    per_cluster: float (G,).  terms: float (n,), what was summed.
    """
    size = float(np.sqrt((per_cluster**2).sum()))
    return size if size > CANCELLED * float(np.sqrt((terms**2).sum())) else 0.0


def normal_p(z: float) -> float:
    """Two-sided p of a standard normal z."""
    return float(erfc(abs(z) / np.sqrt(2)))


def t_p(t: float, df: float) -> float:
    """Two-sided p of t with df degrees of freedom; NaN below 1."""
    return float(2 * stdtr(df, -abs(t))) if df >= 1 else float("nan")


def t_quantile(df: float) -> float:
    """Multiplier of the SE in a 95% interval: t with df degrees of freedom, NaN below 1."""
    return float(stdtrit(df, LEVEL)) if df >= 1 else float("nan")
