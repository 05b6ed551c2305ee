"""One specification in a few milliseconds: the same functions as a whole run, without what a grid does not show.

Every number equals the one that lib.pipeline.run gives under the same spec, bit by bit; tests/sensitivity holds them
against each other.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from ..balance.statistics import Moments, smd_denominator, standardized_difference, weighted_moments
from ..cohort import Cohort, build_cohort
from ..design import MatchedSample, match
from ..errors import AnalysisError
from ..score.propensity import PropensityModel, fit_propensity
from ..spec import AnalysisSpec
from ..spec.parts import cohort_part, needs_score
from ..table import Table
from .quick_outcomes import QuickOutcome, quick_outcomes


@dataclass(frozen=True)
class Quick:
    """What one specification gives.  matched_treated, matched_control: distinct patients.  max_abs_smd: the largest
    |SMD| after matching, infinite when some difference is, NaN without a covariate."""

    matched_treated: int
    matched_control: int
    max_abs_smd: float
    outcomes: tuple[QuickOutcome, ...]


@dataclass(frozen=True)
class Design:
    """A specification up to the match: no outcome has been looked at."""

    cohort: Cohort
    propensity: PropensityModel
    sample: MatchedSample
    max_abs_smd: float

    @property
    def matched_treated(self) -> int:
        """Distinct treated patients with a control."""
        return int((self.sample.matched & self.sample.treated).sum())

    @property
    def matched_control(self) -> int:
        """Distinct controls."""
        return int((self.sample.matched & ~self.sample.treated).sum())


class Stages:
    """The stages of one table, each made once for all specifications that share it; a failure is remembered too."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._kept: dict[object, object] = {}

    def cohort(self, spec: AnalysisSpec) -> Cohort:
        """The checked table. Raises what `run` raises."""
        return self._once(cohort_part(spec).canonical(), lambda: build_cohort(self._table, spec))

    def design(self, spec: AnalysisSpec) -> Design:
        """Everything up to balance. Raises what `run` raises."""
        key, cohort = cohort_part(spec).canonical(), self.cohort(spec)
        propensity = self._propensity(key, cohort, spec)
        sample = match(cohort, propensity, spec.matching, spec.seed)
        worst = self._once((key, "smd"), lambda: WorstDifference(cohort)).after(sample)
        return Design(cohort, propensity, sample, worst)

    def quick(self, spec: AnalysisSpec) -> Quick:
        """The whole specification. Raises what `run` raises."""
        made = self.design(spec)
        outcomes = quick_outcomes(made.cohort, made.sample)
        return Quick(made.matched_treated, made.matched_control, made.max_abs_smd, outcomes)

    def _propensity(self, key: str, cohort: Cohort, spec: AnalysisSpec) -> PropensityModel:
        """The fit does not know on which scale its distance will be read."""
        settings, required = spec.propensity, needs_score(spec.matching)
        logit = settings.model_copy(update={"distance": "logit"})
        fitted = self._once((key, logit.model, required), lambda: fit_propensity(cohort, logit, required=required))
        return fitted if settings.distance == "logit" else on_probability(fitted)

    def _once(self, key: object, make: Callable[[], object]):
        if key not in self._kept:
            try:
                self._kept[key] = make()
            except AnalysisError as error:
                self._kept[key] = error
        found = self._kept[key]
        if isinstance(found, AnalysisError):
            raise found
        return found


def on_probability(fitted: PropensityModel) -> PropensityModel:
    """The same model with the score itself as the distance."""
    return replace(fitted, distance=fitted.score, scale="probability")


class WorstDifference:
    """The largest |SMD| after matching (see lib.balance), with what does not depend on the match made once."""

    def __init__(self, cohort: Cohort) -> None:
        treated = cohort.treated
        self._treated, self._control = np.flatnonzero(treated), np.flatnonzero(~treated)
        self._columns = [self._prepared(x, binary) for x, binary in _columns(cohort.covariates)]

    def _prepared(self, x: np.ndarray, binary: bool) -> tuple[np.ndarray, np.ndarray, bool, float]:
        x1, x0 = x[self._treated], x[self._control]
        arms: list[Moments] = [weighted_moments(arm, np.ones(len(arm)), binary) for arm in (x1, x0)]
        return x1, x0, binary, smd_denominator(*arms, len(x1), len(x0), binary)

    def after(self, sample: MatchedSample) -> float:
        """With the weights of a match of these patients; NaN without a covariate."""
        w1, w0 = sample.weights[self._treated], sample.weights[self._control]
        found = (
            abs(standardized_difference(weighted_moments(x1, w1, binary), weighted_moments(x0, w0, binary), sd))
            for x1, x0, binary, sd in self._columns
        )
        return max(found, default=math.nan)


def _columns(covariates: pd.DataFrame) -> list[tuple[np.ndarray, bool]]:
    """The rows of a balance table: numbers, and every level of a factor as 0/1; whether each is binary."""
    made = []
    for name in covariates:
        column = covariates[name]
        if isinstance(column.dtype, pd.CategoricalDtype):
            codes = column.cat.codes.to_numpy()
            made += [((codes == level).astype(float), True) for level in range(len(column.cat.categories))]
        else:
            x = column.to_numpy(dtype=float)
            made.append((x, bool(((x == 0) | (x == 1)).all())))
    return made
