"""Covariance adjustment inside the label moves: what the covariates do not tell of the outcome is ranked and moved.

The outcome is regressed on the covariates over all matched patients without looking at who was treated; the residuals
stay as they are while the labels move, so that p is as exact as that of the outcome itself, whatever the regression is
worth.  Offered at any number of sets.
Source: Rosenbaum 2002, Stat Sci 17:286 (randomisation inference with covariance adjustment).
"""

from dataclasses import replace

import numpy as np

from .data import ValueData
from .notes import Reason
from .ranks import aligned_rank
from .results import Test
from .rows import NAN, NO_SETS, set_test

FLAT = 1e-9  # of the outcome's spread: residuals below it are what rounding leaves
TOO_FEW = Reason(
    "unadjusted_few_patients",
    "The matched patients with this outcome are too few for so many covariates: nothing would be left to compare.",
)
HOW = (
    "Residuals of a regression on the covariates over all matched patients, without the treatment, aligned by set, "
    "ranked and moved."
)


def residuals(values: np.ndarray, covariates: np.ndarray) -> np.ndarray | None:
    """What a linear regression on the covariates leaves, float (m,); None where it leaves nothing, because it has as
    many coefficients as patients.  values: float (m,).  covariates: float (m, k), redundant columns allowed."""
    centred = covariates - covariates.mean(axis=0)
    spread = centred.std(axis=0)
    varying = spread > FLAT * np.maximum(1.0, np.abs(covariates).max(axis=0, initial=0.0))
    design = np.column_stack([np.ones(len(values)), centred[:, varying] / spread[varying]])
    fitted, _, rank, _ = np.linalg.lstsq(design, values)
    return None if rank >= len(values) else values - design @ fitted


def adjusted_test(data: ValueData) -> Test:
    """Aligned ranks by set of the residuals, labels moved as for the quoted p; of a number or a yes/no outcome, in a
    sample with covariates."""
    name, moved = "adjusted", data.quoted
    blocks, covariates = moved.blocks, data.frame.covariates
    if not blocks.n_sets:
        return set_test(name, NAN, NAN, blocks, NO_SETS)
    assert covariates is not None
    left = residuals(data.in_sets, covariates[blocks.row])
    if left is None:
        return set_test(name, NAN, NAN, blocks, TOO_FEW)
    if left.std() <= FLAT * data.in_sets.std():
        left = np.zeros_like(left)
    found = aligned_rank(left, blocks)
    made = set_test(name, found.statistic, found.p_value, blocks, Reason("residual_ranks", HOW))
    return replace(made, moves=moved.moves)
