"""The yardstick of a hidden factor: how far apart the odds inside the sets would be, had a measured covariate been left
out of the score.

A hidden factor of strength Gamma makes the odds of treatment of two patients of a set differ by up to Gamma.  What that
is for a covariate that is known can be seen: the match is made without it, and the odds inside its sets are read from
the score that knows it.  In a small cohort a covariate of pure noise is fitted too, so beside each stands what its own
values, dealt anew among all patients, would give.
Source of the comparison: Hsu and Small 2013, Biometrics 69:803 (calibrating sensitivity analyses to observed
covariates).
"""

from collections.abc import Hashable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from ..cohort import Cohort
from ..design import Comparison, match
from ..design.moves import odds_ratios_inside
from ..errors import AnalysisError, EstimationError
from ..score import fit_propensity
from ..score.logistic import Scaled, fit_firth, fit_logistic, linear_predictor
from ..score.propensity import PropensityModel, design_owners
from ..spec.parts import DesignPart
from ..steps import Steps
from ..words import half_up

DEALS = 39  # times that a covariate's values are dealt anew: the second largest ratio leaves 1 in 20 above it
HIGH = 37  # place of that ratio, from 0
COLUMNS = ("covariate", "typical", "largest", "noise_typical", "noise_high", "error")
NO_SCORE = "The sets were not matched on the propensity score, so leaving a covariate out of it changes nothing."
ONE_COVARIATE = "It is the only covariate; without it nobody could be matched."
NOBODY = "Without it nobody could be matched."
APART = "Without it the sets would be told apart with certainty, so that no odds ratio stands for them."


@dataclass(frozen=True)
class LeftOut:
    """rows: DataFrame COLUMNS, a row per covariate, in the order of the spec: the odds inside the sets of the match
        without it, as design.moves.OddsInsideSets (typical, largest), by the score that knows it; noise_typical,
        noise_high: the middle and the 95% place of `typical` when its values are dealt anew among all patients, below
        which no covariate says much.  NaN with the sentence in `error` where nothing can be matched without it.
    typical, largest: of the match as it is.  deals: how often values are dealt anew.
    """

    rows: pd.DataFrame
    typical: float
    largest: float
    deals: int = DEALS

    @property
    def strongest(self) -> dict[Hashable, Any] | None:
        """The row whose covariate's absence would set the odds furthest apart; None when none can be left out."""
        known = self.rows[self.rows["typical"].notna()].to_dict("records")
        return max(known, key=lambda row: row["typical"], default=None)

    @property
    def sentence(self) -> str:
        """How to read a Gamma beside them."""
        row = self.strongest
        if row is None:
            return "No covariate can be left out, so there is no yardstick for a hidden factor."
        noise = row["noise_high"]
        beyond = "more than noise gives" if row["typical"] > noise else "no more than noise can give"
        return (
            f'Had "{row["covariate"]}" been left out, the odds of treatment inside the sets would be typically '
            f"{_times(row['typical'])} apart, more than without any other covariate. Values of pure noise in its place "
            f"typically give {_times(row['noise_typical'])}, in 19 of 20 deals at most {_times(noise)}: its own is "
            f"{beyond}. A hidden factor with a Gamma of that size would be as strong as this covariate."
        )


def _times(ratio: float) -> str:
    return f"{half_up(ratio, 1)} times" if ratio < 100 else "more than 100 times"


def left_out(main: Steps) -> LeftOut:
    """Every covariate left out in turn.  Deals are drawn from the spec's seed.

    Raises EstimationError where the design has no sets that are apart, or was not matched on the score."""
    cohort, score, sample, part = main.cohort, main.score, main.comparison, main.design_part
    if sample.why_no_sets:
        raise EstimationError(f"{sample.why_no_sets}, so there are no odds inside them.", "Match in sets.")
    if not part.matching.on_score:
        raise EstimationError(NO_SCORE, "Match on the propensity score.")
    names, owners = list(cohort.covariates.columns), np.array(design_owners(cohort.covariates))
    rows = [_row(cohort, score, part, name, owners == name) for name in names]
    typical, largest = odds_ratios_inside(sample.units, score.log_odds)
    return LeftOut(pd.DataFrame(rows, columns=list(COLUMNS)), typical, largest)


def _row(cohort: Cohort, score: PropensityModel, part: DesignPart, name: str, own: np.ndarray) -> tuple:
    """One row of LeftOut.  own: bool (k,), its columns of the design."""
    if own.all():
        return (name, *[np.nan] * 4, ONE_COVARIATE)
    try:
        sample = _without(cohort, part, name, own)
    except AnalysisError as error:
        return (name, *[np.nan] * 4, str(error))
    if not sample.n_sets:
        return (name, *[np.nan] * 4, NOBODY)
    found = odds_ratios_inside(sample.units, score.log_odds)
    if not np.isfinite(found).all():
        return (name, *[np.nan] * 4, APART)
    deals = np.sort([odds_ratios_inside(sample.units, dealt)[0] for dealt in _dealt(cohort, part, own)])
    return (name, *found, float(deals[DEALS // 2]), float(deals[HIGH]), None)


def _without(cohort: Cohort, part: DesignPart, name: str, own: np.ndarray) -> Comparison:
    """The comparison of the same patients, made by a score that does not know one covariate."""
    matrix, covariates = cohort.covariate_matrix.loc[:, ~own], cohort.covariates.drop(columns=name)
    fewer = replace(cohort, covariates=covariates, covariate_matrix=matrix)
    score = fit_propensity(fewer, part.score.propensity)
    return match(fewer, score, part.matching, part.seed)


def _dealt(cohort: Cohort, part: DesignPart, own: np.ndarray) -> Iterator[np.ndarray]:
    """Log odds by scores that know noise in place of a covariate, float (n,) each, DEALS of them; where the arms can be
    told apart with certainty then the fit stops with odds millions of times apart, which is what such noise does."""
    rng, values = np.random.default_rng(part.seed), cohort.covariate_matrix.to_numpy(dtype=float).copy()
    firth, column = part.score.propensity.model == "firth", values[:, own].copy()
    for _ in range(DEALS):
        values[:, own] = column[rng.permutation(len(column))]
        scaled = Scaled.of(values)
        fit = fit_firth(scaled, cohort.treated) if firth else fit_logistic(scaled, cohort.treated)
        yield linear_predictor(scaled, fit.beta)
