"""Mahalanobis distance: differences in covariates, each in units of its spread, with their correlation taken out."""

import numpy as np
import pandas as pd

from ..errors import EstimationError
from ..rounding import SAME

NO_SPREAD = 1e-10  # eigenvalues below this share of the largest are directions without spread


def mahalanobis_position(design: pd.DataFrame, treated: np.ndarray, kept: np.ndarray) -> np.ndarray:
    """Points whose Euclidean distance is the Mahalanobis distance of the patients.

    design: (n, k) numbers, factors as k - 1 dummies.  treated, kept: bool (n,).  The covariance is pooled within the
    arms (divisor n - 2) over the patients kept, its inverse the pseudo-inverse (Rubin 1980, Biometrics 36:293; as
    MatchIt), of the columns in their SDs, so that their units do not matter where some follow from others.
    Returns float (n, k): one coordinate for each column that varies, in the order of their names. The whitening is the
    symmetric root, the only one that turns nothing, so that neither units nor the order of the columns, beyond
    rounding, change a coordinate.
    Raises EstimationError with fewer than 3 patients or no covariate that varies.
    """
    n, scaled = int(kept.sum()), _scaled(design, kept)
    if n < 3 or not scaled.shape[1]:
        raise _no_spread()
    within = scaled[kept]
    for arm in (treated[kept], ~treated[kept]):
        within[arm] -= within[arm].sum(axis=0) / max(arm.sum(), 1)
    value, vector = np.linalg.eigh(within.T @ within / (n - 2))
    used = value > NO_SPREAD * max(value.max(), NO_SPREAD)
    if not used.any():
        raise _no_spread()
    return scaled @ (vector[:, used] / np.sqrt(value[used])) @ vector[:, used].T


def _scaled(design: pd.DataFrame, kept: np.ndarray) -> np.ndarray:
    """The columns that vary by more than rounding, by name, less their mean and in their SDs: float (n, .)."""
    values = design[sorted(design.columns, key=str)].to_numpy(float)
    known = values[kept]
    centre, spread = known.mean(axis=0), known.std(axis=0)
    varies = spread > SAME * np.abs(known).max(axis=0, initial=0.0)
    return (values[:, varies] - centre[varies]) / spread[varies]


def _no_spread() -> EstimationError:
    return EstimationError(
        "The Mahalanobis distance needs a covariate that varies within the groups.",
        "Choose other covariates, or match on the propensity score.",
    )
