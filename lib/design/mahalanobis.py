"""Mahalanobis distance: differences in covariates, each in units of its spread, with their correlation taken out."""

import numpy as np

from ..errors import EstimationError

NO_SPREAD = 1e-10  # eigenvalues below this share of the largest are directions without spread


def mahalanobis_position(design: np.ndarray, treated: np.ndarray, kept: np.ndarray) -> np.ndarray:
    """Points whose Euclidean distance is the Mahalanobis distance of the patients.

    design: float (n, k), factors as k - 1 dummies.  treated, kept: bool (n,).  The covariance is pooled within the arms
    (divisor n - 2) over the patients kept, its inverse the pseudo-inverse (Rubin 1980, Biometrics 36:293; as MatchIt).
    Returns float (n, r), r the rank.  Raises EstimationError with fewer than 3 patients or no covariate that varies.
    """
    n = int(kept.sum())
    centre, spread = design[kept].mean(axis=0), design[kept].std(axis=0)
    varies = spread > 0
    if n < 3 or not varies.any():
        raise _no_spread()
    scaled = (design[:, varies] - centre[varies]) / spread[varies]
    within = scaled[kept]
    for arm in (treated[kept], ~treated[kept]):
        within[arm] -= within[arm].sum(axis=0) / max(arm.sum(), 1)
    value, vector = np.linalg.eigh(within.T @ within / (n - 2))
    used = value > NO_SPREAD * max(value.max(), NO_SPREAD)
    if not used.any():
        raise _no_spread()
    return scaled @ (vector[:, used] / np.sqrt(value[used]))


def _no_spread() -> EstimationError:
    return EstimationError(
        "The Mahalanobis distance needs a covariate that varies within the groups.",
        "Choose other covariates, or match on the propensity score.",
    )
