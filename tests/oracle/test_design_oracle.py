"""Propensity score, matching and balance against R 4.2.2 with MatchIt 4.7.2 and brglm2 0.9 (tests/oracle/data)."""

import math
from dataclasses import replace

import numpy as np
import pytest

from lib.balance import balance_table
from lib.design import match
from lib.score.propensity import fit_propensity
from lib.spec import Propensity
from tests.conftest import reference
from tests.invariants import assert_good_match
from tests.oracle.cohorts import MATCHING, balance_by_variable, load

COHORTS = ("nhefs", "lalonde")
MAXIMUM_LIKELIHOOD = 1e-9  # R's glm ran with epsilon 1e-14; its file holds 12 decimals
PENALISED = 1e-9  # brglm2 ran with epsilon 1e-12
DISTANCE = 1e-6  # the distances of matchit() come from a glm that stops early (README of the oracle)
BALANCE = 1e-9
R_NAMES = {
    "Means Treated": "mean_treated",
    "Means Control": "mean_control",
    "Std. Mean Diff.": "smd",
    "Var. Ratio": "variance_ratio",
    "eCDF Mean": "ecdf_mean",
    "eCDF Max": "ks",
}
DEPENDS_ON_TIES = {("lalonde", "nn1_replace")}  # which of equally near controls serves twice decides their number


def runs() -> list:
    return [pytest.param(name, run, id=f"{name}-{run}") for name in COHORTS for run in MATCHING]


@pytest.mark.parametrize("name", COHORTS)
@pytest.mark.parametrize(("model", "tolerance"), [("logit", MAXIMUM_LIKELIHOOD), ("firth", PENALISED)])
def test_coefficients(name: str, model: str, tolerance: float) -> None:
    cohort, _, _ = load(name, "nn1")
    fitted = fit_propensity(cohort, Propensity(model=model))
    expected = reference(f"{name}.json")[f"{model}_coefficients"]
    assert dict(zip(fitted.names, fitted.coefficients, strict=True)) == pytest.approx(expected, abs=tolerance)
    assert fitted.converged


@pytest.mark.parametrize("name", COHORTS)
def test_scores(name: str) -> None:
    cohort, spec, _ = load(name, "nn1")
    scores = fit_propensity(cohort, spec.propensity).score[:10]
    assert scores == pytest.approx(reference(f"{name}.json")["propensity_first10"], abs=1e-10)


@pytest.mark.parametrize(("name", "run"), runs())
def test_match(name: str, run: str) -> None:
    cohort, spec, expected = load(name, run)
    score = fit_propensity(cohort, spec.propensity)
    sample = match(cohort, score, spec.matching, spec.seed)
    assert_good_match(cohort, score, spec.matching, sample)
    gaps = sample.pairs["distance"]
    assert cohort.n == expected["n"]
    assert int(cohort.treated.sum()) == expected["n_treated"]
    assert sample.n_sets == expected["matched_treated"]
    assert len(gaps) == expected["pairs"]
    assert gaps.sum() == pytest.approx(expected["sum_abs_logit_distance"], rel=DISTANCE)
    assert gaps.max() == pytest.approx(expected["max_abs_logit_distance"], rel=DISTANCE)
    if (name, run) not in DEPENDS_ON_TIES:
        assert int((sample.matched & ~sample.treated).sum()) == expected["matched_control"]
        assert sample.effective_sample_size(False) == pytest.approx(expected["ess_control"], rel=1e-12)


@pytest.mark.parametrize(("name", "run"), runs())
def test_balance(name: str, run: str) -> None:
    cohort, spec, expected = load(name, run)
    sample = match(cohort, fit_propensity(cohort, spec.propensity), spec.matching, spec.seed)
    ours = balance_by_variable(balance_table(cohort, sample).rows)
    moments = ("before",) if (name, run) in DEPENDS_ON_TIES else ("before", "after")
    for moment in moments:
        rows = [row for row in expected[f"balance_{moment}"] if row["variable"] != "distance"]
        assert {row["variable"] for row in rows} == set(ours.index)
        for row in rows:
            mine = ours.loc[row["variable"]]
            for theirs, column in R_NAMES.items():
                number = row[theirs]
                wanted = math.nan if number in (None, "NA", "NaN") else number
                assert mine[f"{column}_{moment}"] == pytest.approx(wanted, rel=BALANCE, abs=BALANCE, nan_ok=True)


@pytest.mark.parametrize("name", COHORTS)
def test_same_number_from_shuffled_rows(name: str) -> None:
    """Row order changes nothing but ties: coefficients, distances and the pairs' total stay."""
    cohort, spec, expected = load(name, "nn3_cal02")
    order = np.random.default_rng(5).permutation(cohort.n)
    shuffled = replace(
        cohort,
        eligible_treated=cohort.treated[order],
        covariate_matrix=cohort.covariate_matrix.iloc[order],
        covariates=cohort.covariates.iloc[order],
        person_id=cohort.person_id[order],
    )
    score = fit_propensity(shuffled, spec.propensity)
    sample = match(shuffled, score, spec.matching, spec.seed)
    assert score.distance == pytest.approx(fit_propensity(cohort, spec.propensity).distance[order], abs=1e-10)
    assert sample.n_sets == expected["matched_treated"]
    if name == "nhefs":
        assert sample.pairs["distance"].sum() == pytest.approx(expected["sum_abs_logit_distance"], rel=DISTANCE)
