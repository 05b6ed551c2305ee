"""The propensity score: the probability of treatment given the covariates, and the distance made from it."""

from dataclasses import dataclass

import numpy as np

from lib.cohort import Cohort
from lib.spec import Propensity


@dataclass(frozen=True)
class PropensityModel:
    """A fitted score for the n analysed patients.

    score: float (n,) in (0, 1).  distance: float (n,), the logit of the score or the score itself (`scale`); it is what is
        matched on.  Both NaN when the model could not be fitted and the metric does not need it.
    names: "(Intercept)" and the design columns.  coefficients, standard_errors: float (k + 1,).
    separation: the covariates that separate the arms (empty when none does).
    events_per_variable: smaller arm / design columns.
    """

    score: np.ndarray
    distance: np.ndarray
    scale: str
    model: str
    names: tuple[str, ...]
    coefficients: np.ndarray
    standard_errors: np.ndarray
    converged: bool
    iterations: int
    separation: tuple[str, ...]
    events_per_variable: float
    c_statistic: float
    notes: tuple[str, ...] = ()


def fit_propensity(cohort: Cohort, settings: Propensity, required: bool = True) -> PropensityModel:
    """Fit the score. required False (Mahalanobis without a caliper): separation leaves NaN scores and a note instead of an
    EstimationError."""
    raise NotImplementedError
