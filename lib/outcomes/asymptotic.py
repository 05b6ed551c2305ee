"""Large-sample helpers: chi-square and normal p-values, and intervals from a standard error."""

from dataclasses import dataclass

import numpy as np
from scipy.special import chdtrc, erfc, stdtrit

LEVEL = 0.975  # upper quantile of a two-sided 95% interval
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


def normal_p(z: float) -> float:
    """Two-sided p of a standard normal z."""
    return float(erfc(abs(z) / np.sqrt(2)))


def t_quantile(df: float) -> float:
    """Multiplier of the SE in a 95% interval: t with df degrees of freedom, NaN below 1."""
    return float(stdtrit(df, LEVEL)) if df >= 1 else float("nan")
