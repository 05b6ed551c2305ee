"""Weights that make the controls resemble the treated: entropy balancing, odds and overlap weights.

Weights come back for every row, with mean 1 among the non-zero weights of each arm.
"""

from collections.abc import Iterator, Sequence

import numpy as np

from ..errors import EstimationError
from .hull import balance_error

GAP = 1e-8  # of a column's SD: the largest difference of means that counts as none
STEP = 1e-6  # of any weight: the last Newton step changes none by more; at an edge of the hull every step is about 1
FLAT = 1e-10  # of the controls' variance: a direction in which the weighted controls hardly vary, an edge of their hull
SAME = 1e-12  # of the largest variance: directions in which the controls do not vary at all (columns that add up)
MAX_STEPS = 200
CONSTANT = 1e-10  # of a column's largest value: an SD below it is rounding
BLOCK_CELLS = 32_768  # a block stays in cache, and OpenBLAS keeps to one thread (as in logistic.py)


def entropy_weights(
    design: np.ndarray, treated: np.ndarray, base: np.ndarray | None = None, *, names: Sequence[str] = ()
) -> np.ndarray:
    """Entropy balancing for the effect in the treated (Hainmueller 2012, Political Analysis 20:25), float (n,).

    Treated weigh 1. Controls get the weights closest to `base` (in relative entropy) whose means equal the treated
    means in every column, to 1e-8 of the column's SD; all are above 0.

    design: float (n, k), finite; columns may be constant or add up.  treated: bool (n,), both arms present.
    base: float (n,), above 0 for controls; 1 when None.  names: of the k columns, for the error.
    Raises EstimationError when no such weights exist: the treated means do not lie strictly inside the controls' convex
    hull. It names the covariates.
    """
    gaps = _gaps(design, treated)
    start = np.ones(gaps.shape[1]) if base is None else np.asarray(base, float)[~treated]
    share = _balance(gaps, start / start.sum())
    if share is None:
        raise balance_error(gaps, names or [f"column {j + 1}" for j in range(design.shape[1])], _balance)
    weights = np.ones(len(treated))
    weights[~treated] = share / share[share > 0].mean()
    return weights


def att_odds_weights(score: np.ndarray, treated: np.ndarray) -> np.ndarray:
    """Weights for the effect in the treated, float (n,): treated 1, controls by their odds e / (1 - e) of treatment.

    score: float (n,), the propensity score e.  treated: bool (n,).
    Raises EstimationError when a control's score is 1 or all controls' are 0 (see `_scaled`).
    """
    with np.errstate(divide="ignore"):
        return _scaled(np.where(treated, 1.0, score / (1 - score)), treated)


def overlap_weights(score: np.ndarray, treated: np.ndarray) -> np.ndarray:
    """Overlap weights (Li, Morgan and Zaslavsky 2018, JASA 113:390), float (n,): treated 1 - e, controls e.

    With a logistic score by maximum likelihood (and an intercept) the weighted means of its covariates are equal.
    score: float (n,), the propensity score e.  treated: bool (n,).
    Raises EstimationError when all weights of an arm are 0.
    """
    return _scaled(np.where(treated, 1 - score, score), treated)


def _scaled(weights: np.ndarray, treated: np.ndarray) -> np.ndarray:
    """The weights with mean 1 among the non-zero of each arm; an infinite weight or an arm of zeros is an error."""
    sums = [weights[arm].sum() for arm in (treated, ~treated)]
    if not np.all(np.isfinite(sums)) or min(sums) == 0:
        raise EstimationError(
            "The propensity score separates the groups: weights from it are 0 or infinite.",
            "Use fewer covariates, or a Firth-penalised score, or match within a caliper.",
        )
    for arm in (treated, ~treated):
        weights[arm] /= weights[arm & (weights > 0)].mean()
    return weights


def _gaps(design: np.ndarray, treated: np.ndarray) -> np.ndarray:
    """Controls minus the treated means, in the SD of all rows, float (k, n0), constant columns 0: the one copy made."""
    gaps = np.empty((design.shape[1], np.count_nonzero(~treated)))
    for gap, values in zip(gaps, design.T, strict=True):
        column = np.array(values, float)
        scale = column.std()
        varies = scale > CONSTANT * np.abs(column).max()
        np.subtract(column[~treated], column[treated].mean(), out=gap)
        gap *= 1 / scale if varies else 0.0
    return gaps


def _balance(gaps: np.ndarray, base: np.ndarray) -> np.ndarray | None:
    """Shares float (n,), summing to 1, above 0 and closest to `base`, with gaps @ share = 0; None where there are none.

    Newton's method with backtracking on the dual, the logarithm of sum(base exp(-slope @ gaps)), which is convex, in
    coordinates in which the controls have variance 1.
    """
    turn = _spanning(gaps, base)
    if turn is None:
        return None
    slope, log_base = np.zeros(turn.shape[1]), np.log(base)
    value, share = _tilted(gaps, log_base, turn @ slope)
    for _ in range(MAX_STEPS):
        mean, second = _moments(gaps, share)
        gradient = -turn.T @ mean
        curvature = turn.T @ (second - np.outer(mean, mean)) @ turn
        if np.linalg.eigvalsh(curvature).min(initial=1.0) < FLAT:
            return None
        step = -np.linalg.solve(curvature, gradient)
        if _largest_change(gaps, turn @ step) < STEP and np.abs(mean).max(initial=0.0) <= GAP:
            return share
        slope, value, share = _backtrack(gaps, log_base, turn, slope, step, value, gradient @ step)
    return None


def _spanning(gaps: np.ndarray, base: np.ndarray) -> np.ndarray | None:
    """Directions float (k, r) in which the controls vary, scaled to variance 1; None: the means differ in another."""
    mean, second = _moments(gaps, base)
    variance, axes = np.linalg.eigh(second - np.outer(mean, mean))
    varies = variance > SAME * max(variance.max(initial=0.0), 1.0)
    if np.abs(mean @ axes[:, ~varies]).max(initial=0.0) > GAP:
        return None
    return axes[:, varies] / np.sqrt(variance[varies])


def _tilted(gaps: np.ndarray, log_base: np.ndarray, slope: np.ndarray) -> tuple[float, np.ndarray]:
    """The dual's value and the shares at a slope (k,)."""
    share = log_base - slope @ gaps
    top = share.max()
    np.exp(np.subtract(share, top, out=share), out=share)
    total = share.sum()
    share /= total
    return float(np.log(total) + top), share


def _backtrack(gaps, log_base, turn, slope, step, value, descent) -> tuple[np.ndarray, float, np.ndarray]:
    """The slope after the longest step 1, 1/2, 1/4, ... that lowers the dual (Armijo), its value and shares."""
    length = 1.0
    while True:
        trial = slope + length * step
        new, share = _tilted(gaps, log_base, turn @ trial)
        if new <= value + 1e-4 * length * descent + 1e-14 * abs(value) or length < 1e-9:
            return trial, new, share
        length /= 2


def _moments(gaps: np.ndarray, share: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Weighted mean (k,) and second moments (k, k) of the gaps; the shares sum to 1."""
    mean, second = np.zeros(len(gaps)), np.zeros((len(gaps), len(gaps)))
    for block in _blocks(gaps):
        weighted = gaps[:, block] * share[block]
        mean += weighted.sum(axis=1)
        second += weighted @ gaps[:, block].T
    return mean, second


def _largest_change(gaps: np.ndarray, slope: np.ndarray) -> float:
    """The largest change of one weight's logarithm relative to another's."""
    return float(np.ptp(slope @ gaps))


def _blocks(gaps: np.ndarray) -> Iterator[slice]:
    step = max(1, BLOCK_CELLS // max(1, len(gaps)))
    return (slice(start, start + step) for start in range(0, gaps.shape[1], step))
