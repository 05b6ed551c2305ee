"""The power of tests by set with many sets, from the normal distribution: the same tests, studies and assumptions that
lib.inference.detectable simulates for fewer sets.

Sets have one treated patient and m controls, n = m + 1 patients. Sums over sets of equal size are counted, so that a
million sets cost what one does.
"""

import numpy as np
from scipy.special import ndtr

from .asymptotic import Z

CONTINUITY = 0.5  # of the Cochran-Mantel-Haenszel test


def risk_power(sizes: np.ndarray, treated_risk: float, control_risk: float) -> float:
    """Power of the corrected Cochran-Mantel-Haenszel test at two-sided 5%, in 0..1.

    sizes: int (S,), patients per set.  Events minus expected ones have mean sum m (p1 - p0) / n and variance
    sum (m^2 p1 q1 + m p0 q0) / n^2; the test divides by what its own variance is on average.
    """
    n, sets = np.unique(sizes, return_counts=True)
    m, spread1, spread0 = n - 1, treated_risk * (1 - treated_risk), control_risk * (1 - control_risk)
    mean = (sets * m * (treated_risk - control_risk) / n).sum()
    variance = (sets * (m**2 * spread1 + m * spread0) / n**2).sum()
    chance = (treated_risk + m * control_risk) / n
    tested = (sets * (chance * (1 - chance) - (spread1 + m * spread0) / n**2)).sum()
    return _beyond(mean, np.sqrt(variance), CONTINUITY + Z * np.sqrt(tested))


def shift_power(sizes: np.ndarray, shift: float) -> float:
    """Power of the aligned rank test at two-sided 5% for a shift of the treated in SDs within the sets, in 0..1.

    sizes: int (S,).  Aligned values of normal numbers are normal with variance m/n, and ranks are N times their
    distribution function F, a mixture over sizes and arms, so that every mean is a normal orthant probability. The
    variance is that without a shift, which the shifts that so many sets just find hardly change.
    """
    n, sets = np.unique(sizes, return_counts=True)
    m, variance = n - 1, (n - 1) / n
    share = (sets * n / (sets * n).sum())[None, :]
    whole = np.sqrt(variance[:, None] + variance[None, :])
    treated, control = shift * m / n, -shift / n
    gap = sum(
        share * part / n * (ndtr((treated[:, None] - arm) / whole) - ndtr((control[:, None] - arm) / whole))
        for part, arm in ((1, treated[None, :]), (m, control[None, :]))
    ).sum(axis=1)
    spread = (sets * variance * (_orthant(variance, share, 1.0) - _orthant(variance, share, -1 / m))).sum()
    return _beyond((sets * variance * gap).sum(), np.sqrt(spread), Z * np.sqrt(spread))


def _orthant(variance: np.ndarray, share: np.ndarray, correlation: float | np.ndarray) -> np.ndarray:
    """E F(a) F(a') of two aligned values of a set, so correlated; float (sizes,).  P(X < 0, Y < 0) of two standard
    normals is 1/4 + arcsin(correlation) / 2 pi (Sheppard 1899)."""
    sums = variance[:, None] + variance[None, :]
    between = (variance * correlation)[:, None, None] / np.sqrt(sums[:, :, None] * sums[:, None, :])
    return (share[:, :, None] * share[:, None, :] * (0.25 + np.arcsin(between) / (2 * np.pi))).sum(axis=(1, 2))


def _beyond(mean: float, sd: float, limit: float) -> float:
    """P(|D| >= limit) of a normal D."""
    return float(ndtr((mean - limit) / sd) + ndtr((-mean - limit) / sd))
