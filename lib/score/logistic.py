"""The propensity score's logistic regression: maximum likelihood, and Firth's penalised likelihood.

Columns are centred and scaled inside, so that age in years and income in cents are equally well conditioned; results
come back in own units. Work goes block by block, so that a million rows cost no copies.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ..newton import Fit, Point, Rule, least_squares, logistic_slopes, newton

MAX_ITERATIONS = 100
GRADIENT_SUM = 1e-10  # statistics.md section 1: the gradient (summed over patients, scaled columns) is below this ...
GRADIENT_MEAN = 1e-14  # ... or, for many patients, its mean is below this: rounding allows no better at a million rows
SUBSAMPLE_ABOVE = 200_000  # more rows than this: a first fit on every so-manieth row gives the starting point
SUBSAMPLE_ROWS = 50_000
BLOCK_CELLS = 32_768  # a block this small stays in cache, and OpenBLAS keeps to one thread: with two threads on a busy
# machine of two cores the same product took thirty times as long


@dataclass(frozen=True)
class Scaled:
    """A design made ready: rows are columns.  values: float (k + 1, n), first row ones, the others mean 0 and SD 1.
    centre, scale: float (k,), so that own units can be restored."""

    values: np.ndarray
    centre: np.ndarray
    scale: np.ndarray

    @classmethod
    def of(cls, design: np.ndarray) -> "Scaled":
        """design: float (n, k), no constant column."""
        n, k = design.shape
        values, centre, scale = np.empty((k + 1, n)), np.empty(k), np.empty(k)
        values[0] = 1.0
        for j, column in enumerate(design.T):
            centre[j] = column.mean()
            own = np.subtract(column, centre[j], out=values[j + 1])
            scale[j] = np.sqrt(np.einsum("i,i->", own, own) / n)
            own /= scale[j]
        return cls(values, centre, scale)

    def correlation(self) -> np.ndarray:
        """float (k + 1, k + 1): correlations of the columns, bordered by the row of ones (1, then zeros)."""
        blocks = (self.values[:, block] for block in _blocks(self.values.shape))
        return sum(block @ block.T for block in blocks) / self.values.shape[1]

    def own_units(self, beta: np.ndarray) -> np.ndarray:
        """Coefficients (k + 1,) of the scaled columns, as coefficients of the columns themselves."""
        slopes = beta[1:] / self.scale
        return np.concatenate([[beta[0] - slopes @ self.centre], slopes])

    def own_unit_errors(self, covariance: np.ndarray) -> np.ndarray:
        """Standard errors (k + 1,) in own units from the covariance of the scaled coefficients."""
        turn = np.diag(np.concatenate([[1.0], 1 / self.scale]))
        turn[0, 1:] = -self.centre / self.scale
        return np.sqrt(np.einsum("ij,jk,ik->i", turn, covariance, turn))


def fit_logistic(scaled: Scaled, treated: np.ndarray) -> Fit:
    """Maximum likelihood, no penalty.  treated: bool (n,).  Under separation it ends, not converged or with a huge
    linear predictor; the caller checks (lib.score.separation)."""
    y = treated.astype(float)
    n = len(y)
    start = np.zeros(len(scaled.values))
    if n > SUBSAMPLE_ABOVE:
        every = n // SUBSAMPLE_ROWS
        part, part_y = np.ascontiguousarray(scaled.values[:, ::every]), y[::every]
        start = newton(lambda beta: _likelihood(part, part_y, beta), start, _rule(len(part_y))).beta
    return newton(lambda beta: _likelihood(scaled.values, y, beta), start, _rule(n))


def fit_firth(scaled: Scaled, treated: np.ndarray) -> Fit:
    """Firth's bias-reduced fit (Firth 1993, Biometrika 80:27): the likelihood times sqrt(det information), finite under
    separation (Heinze and Schemper 2002, Stat Med 21:2409).  The same estimate as R brglm2 type AS_mean."""
    y = treated.astype(float)
    return newton(lambda beta: _penalised(scaled.values, y, beta), np.zeros(len(scaled.values)), _rule(len(y)))


def linear_predictor(scaled: Scaled, beta: np.ndarray) -> np.ndarray:
    """float (n,): the logit of every patient, summed column by column, so that two patients with the same covariates
    have the same bits wherever they stand in the file (a BLAS product does not promise that)."""
    total = np.full(scaled.values.shape[1], beta[0])
    for slope, column in zip(beta[1:], scaled.values[1:], strict=True):
        total += slope * column
    return total


def _rule(n: int) -> Rule:
    gradient = max(GRADIENT_SUM, GRADIENT_MEAN * n)
    return Rule(gradient=gradient, halved=True, most=MAX_ITERATIONS, solve=least_squares)


def _blocks(shape: tuple[int, int]) -> Iterator[slice]:
    width = max(BLOCK_CELLS // shape[0], 256)
    return (slice(start, start + width) for start in range(0, shape[1], width))


def _likelihood(values: np.ndarray, y: np.ndarray, beta: np.ndarray) -> Point:
    value, score, information = 0.0, np.zeros(len(beta)), np.zeros((len(beta), len(beta)))
    for block in _blocks(values.shape):
        x = values[:, block]
        p, log_likelihood = _probabilities(x, y[block], beta)
        value += log_likelihood
        block_score, block_information = logistic_slopes(x, y[block], p)
        score += block_score
        information += block_information
    return Point(beta, score, information, value)


def _penalised(values: np.ndarray, y: np.ndarray, beta: np.ndarray) -> Point:
    plain = _likelihood(values, y, beta)
    inverse = np.linalg.pinv(plain.information)
    score = plain.score.copy()
    for block in _blocks(values.shape):
        x = values[:, block]
        p, _ = _probabilities(x, y[block], beta)
        hat = p * (1 - p) * np.einsum("ij,ij->j", x, inverse @ x)
        score += x @ (hat * (0.5 - p))
    penalty = 0.5 * np.linalg.slogdet(plain.information)[1]
    return Point(beta, score, plain.information, plain.value + penalty)


def _probabilities(x: np.ndarray, y: np.ndarray, beta: np.ndarray) -> tuple[np.ndarray, float]:
    """Probabilities and log-likelihood of one block, without overflow at either end."""
    eta = beta @ x
    small = np.exp(-np.abs(eta))
    whole = 1 + small
    log_likelihood = float(y @ eta - np.maximum(eta, 0).sum() - np.log(whole).sum())
    return np.where(eta >= 0, 1.0, small) / whole, log_likelihood
