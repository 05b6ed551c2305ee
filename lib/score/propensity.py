"""The propensity score: the probability of treatment given the covariates, and the distance made from it."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from ..cohort import Cohort
from ..errors import EstimationError, SpecError
from ..newton import Fit
from ..spec import Propensity
from ..words import counted
from .far import far_scores_note
from .logistic import Scaled, fit_firth, fit_logistic, linear_predictor
from .separation import Separation, find_separation, suspicious

FEW_EVENTS = 10  # events per variable below this overfit (Peduzzi 1996, J Clin Epidemiol 49:1373); a note, not a rule
COLLINEAR = 1e-10  # share of a column's variance that the columns before it leave unexplained
NO_COVARIATE = "No covariate was given, so no propensity model was fitted: there are no scores and no distances."
NEAREST_TO_ONE = 1 - 2**-53  # the largest double below 1
NEAREST_TO_ZERO = float(np.finfo(float).tiny)


@dataclass(frozen=True)
class PropensityModel:
    """A fitted score for the n analysed patients.

    model: logit | firth, or none when there is no covariate to fit it with.
    score: float (n,) in (0, 1).  distance: float (n,), the logit of the score or the score itself (`scale`); it is what
        is matched on.  Both NaN when the model could not be fitted and the metric does not need it.
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

    @property
    def log_odds(self) -> np.ndarray:
        """float (n,): log of score/(1 - score), whatever the scale of the distance; NaN without a score."""
        if self.scale == "logit":
            return self.distance
        return np.log(self.score) - np.log1p(-self.score)

    def on_probability(self) -> "PropensityModel":
        """The same model with the score itself as the distance."""
        return replace(self, distance=self.score, scale="probability")


def fit_propensity(cohort: Cohort, settings: Propensity, required: bool = True) -> PropensityModel:
    """Fit the score by logistic regression (maximum likelihood, or Firth's penalised likelihood).

    required False (Mahalanobis without a caliper, sets made elsewhere): separation leaves NaN scores and a note, no
    EstimationError; so does having no covariate.
    Under Firth separation is named in `separation` and in a note, and the fit stands.
    Raises SpecError without a covariate; EstimationError for a constant or collinear column, for separation, and when
    Newton's method finds no maximum.
    """
    treated, design = cohort.treated, cohort.covariate_matrix
    if not design.shape[1]:
        if not required:
            return _without_covariate(cohort, settings)
        raise SpecError("The propensity model has no covariate.", "Choose at least one covariate.")
    values = design.to_numpy(dtype=float)
    _check_constant(values, design.columns)
    scaled = Scaled.of(values)
    _check_collinear(scaled.correlation()[1:, 1:], design.columns)
    fit = fit_logistic(scaled, treated)
    separation = _separation(cohort, scaled, fit)
    if settings.model == "firth":
        fit = fit_firth(scaled, treated)
    elif separation.covariates:
        if required:
            raise EstimationError(_separation_sentence(separation), _separation_hint(separation))
        return _without_score(cohort, settings, separation)
    if not fit.converged:
        raise EstimationError(
            "The propensity model did not converge.",
            "Leave out covariates, put skewed ones on the log scale, or use Firth's method.",
        )
    return _model(cohort, settings, scaled, fit, separation)


def _model(cohort: Cohort, settings: Propensity, scaled: Scaled, fit: Fit, separation: Separation) -> PropensityModel:
    logit = linear_predictor(scaled, fit.beta)
    score = np.clip(_logistic(logit), NEAREST_TO_ZERO, NEAREST_TO_ONE)
    slopes, owners = scaled.own_units(fit.beta)[1:], design_owners(cohort.covariates)
    far = far_scores_note(logit, slopes, cohort.covariate_matrix, owners)
    notes = _notes(cohort, separation) + ((far,) if far else ())
    return PropensityModel(
        score=score,
        distance=logit if settings.distance == "logit" else score,
        scale=settings.distance,
        model=settings.model,
        names=_names(cohort),
        coefficients=scaled.own_units(fit.beta),
        standard_errors=scaled.own_unit_errors(fit.covariance),
        converged=fit.converged,
        iterations=fit.iterations,
        separation=separation.covariates,
        events_per_variable=_events_per_variable(cohort),
        c_statistic=c_statistic(logit, cohort.treated),
        notes=notes,
    )


def _without_score(cohort: Cohort, settings: Propensity, separation: Separation) -> PropensityModel:
    nothing = np.full(cohort.n, np.nan)
    blank = np.full(cohort.covariate_matrix.shape[1] + 1, np.nan)
    note = _separation_sentence(separation) + " Matching goes on without a propensity score."
    return PropensityModel(
        score=nothing,
        distance=nothing,
        scale=settings.distance,
        model=settings.model,
        names=_names(cohort),
        coefficients=blank,
        standard_errors=blank,
        converged=False,
        iterations=0,
        separation=separation.covariates,
        events_per_variable=_events_per_variable(cohort),
        c_statistic=float("nan"),
        notes=(note,),
    )


def _without_covariate(cohort: Cohort, settings: Propensity) -> PropensityModel:
    nothing, empty = np.full(cohort.n, np.nan), np.empty(0)
    return PropensityModel(
        score=nothing,
        distance=nothing,
        scale=settings.distance,
        model="none",
        names=(),
        coefficients=empty,
        standard_errors=empty,
        converged=False,
        iterations=0,
        separation=(),
        events_per_variable=float("nan"),
        c_statistic=float("nan"),
        notes=(NO_COVARIATE,),
    )


def c_statistic(score: np.ndarray, treated: np.ndarray) -> float:
    """Probability that a random treated patient has a higher score than a random control, ties counting half (the
    Mann-Whitney form of the area under the ROC curve).  score: float (n,).  treated: bool (n,), both arms present."""
    control = np.sort(score[~treated])
    case = np.sort(score[treated])
    below = np.searchsorted(control, case, "left").sum() + np.searchsorted(control, case, "right").sum()
    return float(below / (2 * len(control) * len(case)))


def design_owners(covariates: pd.DataFrame) -> tuple[str, ...]:
    """The covariate behind each design column: a factor owns one column per level but the first."""
    owners: list[str] = []
    for name in covariates.columns:
        column = covariates[name]
        width = len(column.cat.categories) - 1 if isinstance(column.dtype, pd.CategoricalDtype) else 1
        owners += [name] * width
    return tuple(owners)


def listed(names: tuple[str, ...] | list[str]) -> str:
    """Names in a sentence: "age", "age and sofa", "age, sofa and crp"."""
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


def _logistic(logit: np.ndarray) -> np.ndarray:
    small = np.exp(-np.abs(logit))
    return np.where(logit >= 0, 1.0, small) / (1 + small)


def _names(cohort: Cohort) -> tuple[str, ...]:
    return ("(Intercept)", *map(str, cohort.covariate_matrix.columns))


def _events_per_variable(cohort: Cohort) -> float:
    n_treated = int(cohort.treated.sum())
    return min(n_treated, cohort.n - n_treated) / cohort.covariate_matrix.shape[1]


def _separation(cohort: Cohort, scaled: Scaled, fit: Fit) -> Separation:
    if not suspicious(fit.converged, linear_predictor(scaled, fit.beta)):
        return Separation()
    return find_separation(scaled.values, cohort.treated, design_owners(cohort.covariates))


def _separation_sentence(separation: Separation) -> str:
    subject = _quoted(separation.covariates)
    verb = "tells" if len(separation.covariates) == 1 else "tell"
    if separation.complete:
        what = f"{subject} {verb} treated from controls completely"
    else:
        what = f"{subject} {verb} some patients' group with certainty (values or levels that only one group has)"
    return f"{what}, so the logistic model has no finite solution."


def _separation_hint(separation: Separation) -> str:
    which = "it" if len(separation.covariates) == 1 else "one of them"
    return (
        f"Use Firth's method, leave {which} out, put a skewed covariate on the log scale, "
        "or match by Mahalanobis distance without a caliper."
    )


def _notes(cohort: Cohort, separation: Separation) -> tuple[str, ...]:
    notes = []
    if separation.covariates:
        sentence = _separation_sentence(separation)
        notes.append(
            sentence.replace(
                "the logistic model has no finite solution",
                "the score rests on Firth's penalty; look at the overlap before trusting it",
            )
        )
    per_variable = _events_per_variable(cohort)
    if per_variable < FEW_EVENTS:
        n_treated = int(cohort.treated.sum())
        smaller = min(n_treated, cohort.n - n_treated)
        arm = counted(smaller, "treated patient" if n_treated <= cohort.n - n_treated else "control")
        notes.append(
            f"The propensity model has {arm} for {counted(cohort.covariate_matrix.shape[1], 'coefficient')} "
            f"({per_variable:.1f} each, fewer than {FEW_EVENTS}), so the scores are uncertain and separate "
            "the groups more than they would in new patients."
        )
    return tuple(notes)


def _check_constant(values: np.ndarray, names: pd.Index) -> None:
    constant = [str(name) for name, column in zip(names, values.T, strict=True) if column.min() == column.max()]
    if constant:
        raise EstimationError(
            f"{_quoted(constant)} has the same value in all analysed patients, so the model cannot use it.",
            "Leave it out of the covariates.",
        )


def _check_collinear(correlation: np.ndarray, names: pd.Index) -> None:
    """Elimination on the correlation matrix, in file order; what columns before it leave unexplained must be at
    least COLLINEAR."""
    kept: list[int] = []
    for j in range(len(correlation)):
        inner, cross = correlation[np.ix_(kept, kept)], correlation[kept, j]
        weights = np.linalg.solve(inner, cross) if kept else cross
        if 1 - weights @ cross < COLLINEAR:
            partners = [str(names[i]) for i, w in zip(kept, weights, strict=True) if abs(w) > 1e-6]
            raise EstimationError(
                f"{_quoted([str(names[j])])} follows from {_quoted(partners)}, so the model cannot tell them apart.",
                "Leave one of them out of the covariates.",
            )
        kept.append(j)


def _quoted(names: tuple[str, ...] | list[str]) -> str:
    return listed([f'"{name}"' for name in names])
