"""Regression-adjusted effects on the treated (ATT) by g-computation, with SE clustered by matched set.

A weighted regression of the outcome on the treatment and the spec's covariates predicts, for every treated patient,
the outcome with and without treatment; their means are compared. Linear for numbers, logistic for events; the design
matrix is the propensity model's. Source: Snowden, Rose and Mortimer 2011, Am J Epidemiol 173:731; in matched samples
Greifer and Stuart 2021 (arXiv:2106.10577); SE: delta method on the sandwich of R sandwich::vcovCL (HC1).
"""

from dataclasses import dataclass

import numpy as np

from ..newton import Fit, Point, Rule, logistic_slopes, newton
from ..words import counted
from .frame import FEW_SETS, Frame
from .notes import SILENCE, Reason
from .results import Estimate
from .rows import on_log_scale, symmetric

PER_COEFFICIENT = 10  # patients, or events and non-events: Peduzzi et al 1996, J Clin Epidemiol 49:1373
TOO_FEW_SETS = Reason(
    "unadjusted_few_sets",
    f"Effects adjusted by regression are not offered below {FEW_SETS} matched sets; the p adjusted for covariates is.",
)
OVERLAP = Reason("unadjusted_overlap", "Regression adjustment is not offered with replacement, where the sets overlap.")
NO_SETS = Reason("unadjusted_weights", "Regression adjustment is not offered with weights: its error needs sets.")
SEPARATED = Reason(
    "unadjusted_separation",
    "Regression adjustment is not offered: the covariates tell exactly who had the event, so its fit diverges.",
)
ALIASED = Reason(
    "unadjusted_aliased", "Regression adjustment is not offered: the covariates tell exactly who was treated."
)
FOR_ALL = (TOO_FEW_SETS, OVERLAP, NO_SETS)  # refusals that read the same for every outcome
SMALLEST = 1e-11  # share of the largest variance: directions of the covariates below it are copies of others
CONVERGED = 1e-10  # of the last step in any coefficient
EXTREME = 25.0  # a fitted logit beyond it means that the likelihood has no maximum


@dataclass(frozen=True)
class Adjusted:
    """The adjusted rows, or why there are none (nothing to adjust for: neither)."""

    estimates: tuple[Estimate, ...] = ()
    refusal: Reason = SILENCE

    @property
    def specific(self) -> list[Reason]:
        """A refusal that concerns this outcome."""
        return [self.refusal] if self.refusal and self.refusal not in FOR_ALL else []

    @property
    def general(self) -> list[Reason]:
        """A refusal that reads the same for every outcome."""
        return [self.refusal] if self.refusal in FOR_ALL else []


@dataclass(frozen=True)
class Model:
    """The regression's rows.  y: float (n,).  x: float (n, p), columns 1, treatment, covariates without redundant ones.
    weights: float (n,) > 0.  cluster: int (n,).  n_sets: see marginal.Arms."""

    y: np.ndarray
    x: np.ndarray
    weights: np.ndarray
    cluster: np.ndarray
    n_sets: int

    @property
    def treated(self) -> np.ndarray:
        """bool (n,)."""
        return self.x[:, 1] == 1

    def if_treated(self, treatment: float) -> np.ndarray:
        """x of the treated patients as if all had this treatment, float (n1, p)."""
        x = self.x[self.treated].copy()
        x[:, 1] = treatment
        return x

    @property
    def df(self) -> int:
        """Sets with the outcome - 1."""
        return len(np.unique(self.cluster)) - 1

    def covariance(self, residual: np.ndarray, bread: np.ndarray) -> np.ndarray:
        """Clustered HC1 sandwich, float (p, p). residual: y - fitted (n,).  bread: inverse information."""
        n, p = self.x.shape
        index = np.unique(self.cluster, return_inverse=True)[1]
        scores = np.zeros((index.max() + 1, p))
        np.add.at(scores, index, (self.weights * residual)[:, None] * self.x)
        factor = self.n_sets / (self.n_sets - 1) * (n - 1) / (n - p)
        return factor * bread @ (scores.T @ scores) @ bread

    def method(self, kind: str) -> str:
        """In words."""
        return (
            f"regression-adjusted ({kind}, {self.x.shape[1]} coefficients), g-computation over the treated, "
            f"SE clustered by set (HC1), t with {self.df} df"
        )


def adjusted_mean_difference(frame: Frame, values: np.ndarray, known: np.ndarray) -> Adjusted:
    """One mean_difference row, by linear regression. values: float (n,); known: bool (n,), by analysed row."""
    model = _model(frame, values, known)
    if not isinstance(model, Model):
        return Adjusted(refusal=model)
    n, p = model.x.shape
    if n < PER_COEFFICIENT * p:
        return Adjusted(refusal=_too_few(counted(n, "patient"), p))
    bread = np.linalg.inv((model.x * model.weights[:, None]).T @ model.x)
    beta = bread @ (model.x.T @ (model.weights * model.y))
    se = float(np.sqrt(model.covariance(model.y - model.x @ beta, bread)[1, 1]))
    row = symmetric("mean_difference", float(beta[1]), se, model.method("linear"), model.df)
    return Adjusted((row,))


def adjusted_risks(frame: Frame, event: np.ndarray, known: np.ndarray) -> Adjusted:
    """Rows risk_difference, risk_ratio and odds_ratio, by logistic regression. event: 0/1 (n,); known: bool (n,)."""
    model = _model(frame, event, known)
    if not isinstance(model, Model):
        return Adjusted(refusal=model)
    events, p = int(model.y.sum()), model.x.shape[1]
    fewest = min(events, len(model.y) - events)
    if fewest < PER_COEFFICIENT * p:
        return Adjusted(refusal=_too_few(counted(fewest, "event" if fewest == events else "non-event"), p))
    fit = _logistic(model)
    if not fit.converged:
        return Adjusted(refusal=SEPARATED)
    residual = model.y - _probability(model.x @ fit.beta)
    covariance = model.covariance(residual, np.linalg.inv(fit.information))
    return Adjusted(tuple(_compared(model, fit.beta, covariance)))


def _too_few(what: str, coefficients: int) -> Reason:
    return Reason(
        "unadjusted_too_few",
        f"Regression adjustment is not offered: {what} are fewer than {PER_COEFFICIENT} for each of "
        f"{coefficients} coefficients.",
    )


def _model(frame: Frame, values: np.ndarray, known: np.ndarray) -> Model | Reason:
    """The regression, or why there is none (SILENCE when there is no covariate)."""
    if frame.covariates is None or not frame.covariates.shape[1]:
        return SILENCE
    if frame.cluster is None:
        return OVERLAP if frame.overlapping else NO_SETS
    used = frame.used(known)
    cluster, treated = frame.cluster[used], frame.treated[used]
    if min(frame.n_sets, len(np.unique(cluster))) < FEW_SETS:
        return TOO_FEW_SETS
    basis = independent_columns(frame.covariates[used])
    centred = treated - treated.mean()
    left = centred - basis @ np.einsum("ij,i->j", basis, centred) / len(treated)
    if (left**2).sum() < SMALLEST * (centred**2).sum():
        return ALIASED
    x = np.column_stack([np.ones(len(treated)), treated, basis])
    return Model(values[used], x, frame.weights[used], cluster, frame.n_sets)


def independent_columns(design: np.ndarray) -> np.ndarray:
    """An orthogonal basis of the centred columns, float (n, r), mean square 1: predictions stay those of the columns,
    and what is constant or a copy among the matched patients drops out. design: float (n, k)."""
    centred = design - design.mean(axis=0)
    scale = np.sqrt((centred**2).mean(axis=0))
    scaled = centred[:, scale > 0] / scale[scale > 0]
    if not scaled.shape[1]:
        return scaled
    variances, directions = np.linalg.eigh(np.einsum("ij,ik->jk", scaled, scaled) / len(design))
    kept = variances > SMALLEST * variances[-1]
    return scaled @ (directions[:, kept] / np.sqrt(variances[kept]))


def _probability(logit: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-np.clip(logit, -500, 500)))


def _logistic(model: Model) -> Fit:
    """Weighted maximum likelihood, not converged under separation."""
    x = model.x.T

    def likelihood(beta: np.ndarray) -> Point:
        logit = beta @ x
        score, information = logistic_slopes(x, model.y, _probability(logit), model.weights)
        return Point(beta, score, information, lost=bool(np.abs(logit).max() > EXTREME))

    return newton(likelihood, np.zeros(len(x)), Rule(change=CONVERGED, solve=_by_inverse))


def _by_inverse(information: np.ndarray, score: np.ndarray) -> np.ndarray:
    return np.linalg.inv(information) @ score


def _compared(model: Model, beta: np.ndarray, covariance: np.ndarray) -> list[Estimate]:
    """Mean predicted risks with and without treatment over the treated, and their gradients in the coefficients."""
    risks, slopes = [], []
    for treatment in (1.0, 0.0):
        x = model.if_treated(treatment)
        p = _probability(x @ beta)
        risks.append(float(p.mean()))
        slopes.append((p * (1 - p)) @ x / len(p))
    (r1, r0), (g1, g0) = risks, slopes
    odds1, odds0 = r1 / (1 - r1), r0 / (1 - r0)

    def error(gradient: np.ndarray) -> float:
        return float(np.sqrt(gradient @ covariance @ gradient))

    method = model.method("logistic")
    return [
        symmetric("risk_difference", r1 - r0, error(g1 - g0), method, model.df),
        on_log_scale("risk_ratio", r1 / r0, error(g1 / r1 - g0 / r0), method, model.df),
        on_log_scale("odds_ratio", odds1 / odds0, error(g1 / (r1 * (1 - r1)) - g0 / (r0 * (1 - r0))), method, model.df),
    ]
