"""fit_propensity: what it gives, what it says, and when it refuses."""

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score

from lib.errors import EstimationError, SpecError
from lib.score.propensity import c_statistic, design_owners, fit_propensity
from lib.spec import Propensity
from tests.builders import make_cohort

LOGIT, FIRTH = Propensity(), Propensity(model="firth")


def patients(n: int = 200, treated: int = 40, seed: int = 0) -> tuple[pd.DataFrame, np.ndarray]:
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame({"age": rng.normal(60, 10, n), "sofa": rng.integers(0, 12, n).astype(float)})
    frame["sex"] = np.where(rng.random(n) < 0.4, "f", "m")
    frame["site"] = np.array(["A", "B", "C"], dtype=object)[rng.integers(0, 3, n)]
    return frame, np.arange(n) < treated


def test_by_hand() -> None:
    """Treated: 3 of 10 women, 4 of 24 men; the fitted scores are those shares."""
    sex = np.repeat(["f", "f", "m", "m"], [3, 7, 4, 20]).astype(object)
    treated = np.repeat([True, False, True, False], [3, 7, 4, 20])
    model = fit_propensity(make_cohort(pd.DataFrame({"sex": sex}), treated), LOGIT)
    assert model.names == ("(Intercept)", "sexm")
    assert model.score == pytest.approx(np.where(sex == "f", 0.3, 4 / 24), abs=1e-12)
    assert model.distance == pytest.approx(np.log(model.score / (1 - model.score)), abs=1e-12)
    assert model.events_per_variable == 7
    assert model.c_statistic == pytest.approx((3 * 20 + 0.5 * (3 * 7 + 4 * 20)) / (7 * 27), abs=1e-12)
    assert (model.converged, model.separation, model.scale) == (True, (), "logit")


def test_probability_scale() -> None:
    model = fit_propensity(make_cohort(*patients()), Propensity(distance="probability"))
    assert (model.distance == model.score).all()
    assert model.scale == "probability"


def test_names_and_owners_follow_the_design() -> None:
    cohort = make_cohort(*patients())
    assert fit_propensity(cohort, LOGIT).names == ("(Intercept)", "age", "sofa", "sexm", "siteB", "siteC")
    assert design_owners(cohort.covariates) == ("age", "sofa", "sex", "site", "site")


def test_an_outcome_beside_the_covariates_is_never_seen() -> None:
    frame, treated = patients()
    plain = fit_propensity(make_cohort(frame, treated), LOGIT)
    gaps = pd.DataFrame({"death": np.where(treated, np.nan, 1.0)})
    assert (fit_propensity(make_cohort(frame, treated, extra=gaps), LOGIT).distance == plain.distance).all()


def test_few_treated_patients_are_noted() -> None:
    model = fit_propensity(make_cohort(*patients(treated=20)), LOGIT)
    assert model.events_per_variable == 4
    assert any("20 treated patients for 5 coefficients (4.0 each, fewer than 10)" in note for note in model.notes)
    assert fit_propensity(make_cohort(*patients(treated=60)), LOGIT).notes == ()


def separated() -> tuple[pd.DataFrame, np.ndarray]:
    frame, treated = patients()
    frame["age"] += np.where(treated, 100, 0)
    return frame, treated


def test_separation_refuses_and_says_why() -> None:
    with pytest.raises(EstimationError) as caught:
        fit_propensity(make_cohort(*separated()), LOGIT)
    assert str(caught.value) == (
        '"age" tells treated from controls completely, so the logistic model has no finite solution.'
    )
    for way_out in ("Firth", "leave it out", "log scale", "Mahalanobis"):
        assert way_out in caught.value.hint


def test_two_that_separate_together_are_both_named() -> None:
    frame, treated = patients()
    frame["sofa"] = frame["age"] + np.where(treated, 1.0, -1.0)
    with pytest.raises(EstimationError, match='^"age" and "sofa" tell treated from controls completely'):
        fit_propensity(make_cohort(frame, treated), LOGIT)


def test_quasi_separation_by_a_level() -> None:
    frame, treated = patients()
    frame.loc[treated & (frame["site"] == "C"), "site"] = "A"
    with pytest.raises(EstimationError, match='^"site" tells some patients\' group with certainty'):
        fit_propensity(make_cohort(frame, treated), LOGIT)


def test_separation_under_firth_is_named_and_noted() -> None:
    model = fit_propensity(make_cohort(*separated()), FIRTH)
    assert model.separation == ("age",)
    assert model.converged
    assert np.isfinite(model.coefficients).all()
    assert ((model.score > 0) & (model.score < 1)).all()
    assert "rests on Firth's penalty" in model.notes[0]


def test_separation_without_need_of_a_score() -> None:
    model = fit_propensity(make_cohort(*separated()), LOGIT, required=False)
    assert np.isnan(model.distance).all()
    assert np.isnan(model.score).all()
    assert np.isnan(model.coefficients).all()
    assert (model.converged, model.separation) == (False, ("age",))
    assert "Matching goes on without a propensity score" in model.notes[0]


def test_one_treated_patient() -> None:
    """One patient is told apart by two free covariates, not by one of which she is in the middle."""
    frame = pd.DataFrame({"age": [50.0, 40.0, 60.0, 45.0, 55.0, 52.0]})
    treated = [True, False, False, False, False, False]
    assert fit_propensity(make_cohort(frame, treated), LOGIT).converged
    frame["age"] = [90.0, 40.0, 60.0, 45.0, 55.0, 52.0]
    with pytest.raises(EstimationError, match='"age" tells'):
        fit_propensity(make_cohort(frame, treated), LOGIT)


def test_scores_stay_inside_zero_and_one() -> None:
    rng = np.random.default_rng(0)
    x = np.concatenate([rng.normal(0, 1, 500), [0.5, -0.5], [900.0, -900.0]])
    treated = np.concatenate([rng.random(500) < 1 / (1 + np.exp(-x[:500])), [False, True], [True, False]])
    model = fit_propensity(make_cohort(pd.DataFrame({"x": x}), treated), LOGIT)
    assert ((model.score > 0) & (model.score < 1)).all()
    assert np.abs(model.distance).max() > 500


def test_collinear_columns_are_named() -> None:
    frame, treated = patients()
    frame["sum"] = 2 * frame["age"] + frame["sofa"] - 3
    with pytest.raises(EstimationError, match='^"sum" follows from "age" and "sofa", so the model'):
        fit_propensity(make_cohort(frame, treated), LOGIT)


def test_nearly_collinear_columns_are_fitted() -> None:
    frame, treated = patients()
    frame["age_again"] = frame["age"] + np.random.default_rng(1).normal(0, 0.01, len(frame))
    assert fit_propensity(make_cohort(frame, treated), LOGIT).converged


def test_a_constant_column_is_named() -> None:
    frame, treated = patients()
    frame["ward"] = 3.0
    with pytest.raises(EstimationError, match='^"ward" has the same value in all analysed patients'):
        fit_propensity(make_cohort(frame, treated), LOGIT)


def test_no_covariate() -> None:
    with pytest.raises(SpecError, match="no covariate"):
        fit_propensity(make_cohort(pd.DataFrame(index=range(4)), [True, False, True, False]), LOGIT)


def test_c_statistic_counts_pairs() -> None:
    rng = np.random.default_rng(2)
    score, treated = rng.integers(0, 6, 40).astype(float), rng.random(40) < 0.4
    case, control = score[treated][:, None], score[~treated]
    wins = (case > control).mean() + 0.5 * (case == control).mean()
    assert c_statistic(score, treated) == pytest.approx(wins, abs=1e-12)


@pytest.mark.parametrize("levels", [2, 10, 10_000])
def test_c_statistic_is_the_area_under_scikit_learns_curve(levels: int) -> None:
    rng = np.random.default_rng(levels)
    treated = rng.random(500) < 0.1
    score = rng.integers(0, levels, 500) + 0.2 * levels * treated
    assert c_statistic(score, treated) == pytest.approx(roc_auc_score(treated, score), abs=1e-12)


def test_ten_patients_for_each_coefficient_are_enough() -> None:
    """50 treated, or 50 controls, for 5 coefficients; with one less there is a note that names the smaller arm."""
    for treated, noted in ((50, ""), (49, "49 treated patients"), (150, ""), (151, "49 controls")):
        notes = fit_propensity(make_cohort(*patients(treated=treated)), LOGIT).notes
        assert [noted in note for note in notes] == [True] * bool(noted)


@pytest.mark.parametrize(("unexplained", "refused"), [(0.5e-10, True), (2e-10, False)])
def test_how_much_of_a_column_must_be_its_own(unexplained: float, refused: bool) -> None:
    """The second column is the first but for a share of its variance; both have mean 0 and SD 1."""
    first, other = np.tile([1.0, -1, 1, -1], 50), np.tile([1.0, 1, -1, -1], 50)
    second = np.sqrt(1 - unexplained) * first + np.sqrt(unexplained) * other
    treated = np.random.default_rng(5).random(200) < 0.4
    cohort = make_cohort(pd.DataFrame({"first": first, "second": second}), treated)
    if refused:
        with pytest.raises(EstimationError, match='^"second" follows from "first"'):
            fit_propensity(cohort, LOGIT)
    else:
        assert fit_propensity(cohort, LOGIT).converged
