"""The score's fit: closed forms, score equations, statsmodels and scikit-learn, units, and many rows."""

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression

from lib.score import logistic
from lib.score.logistic import Scaled, fit_firth, fit_logistic, linear_predictor

SAME = 1e-9  # of a coefficient: two ways to one maximum, each asked for a gradient below 1e-9

# one 0/1 covariate: 3 of 10 exposed and 4 of 24 unexposed are treated
EXPOSED = np.repeat([1.0, 1.0, 0.0, 0.0], [3, 7, 4, 20])[:, None]
TREATED = np.repeat([True, False, True, False], [3, 7, 4, 20])


def drawn(n: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((n, 3))
    return x, rng.random(n) < 1 / (1 + np.exp(1 - x @ [0.5, -0.3, 0.2]))


def test_saturated_table_by_hand() -> None:
    """The odds are 3/7 and 4/20; Var(log OR) = 1/3 + 1/7 + 1/4 + 1/20."""
    scaled = Scaled.of(EXPOSED)
    fit = fit_logistic(scaled, TREATED)
    assert scaled.own_units(fit.beta) == pytest.approx([np.log(4 / 20), np.log(3 / 7 / (4 / 20))], abs=1e-12)
    errors = [np.sqrt(1 / 4 + 1 / 20), np.sqrt(1 / 3 + 1 / 7 + 1 / 4 + 1 / 20)]
    assert scaled.own_unit_errors(fit.covariance) == pytest.approx(errors, abs=1e-12)
    assert fit.converged


def test_firth_adds_half_to_every_cell() -> None:
    """In a saturated table Firth's estimate is the odds ratio with 1/2 in each cell (Heinze and Schemper 2002)."""
    scaled = Scaled.of(EXPOSED)
    fit = fit_firth(scaled, TREATED)
    expected = [np.log(4.5 / 20.5), np.log(3.5 / 7.5 / (4.5 / 20.5))]
    assert scaled.own_units(fit.beta) == pytest.approx(expected, abs=1e-11)


def test_firth_is_finite_where_nobody_exposed_is_a_control() -> None:
    exposed = np.repeat([1.0, 0.0, 0.0], [3, 4, 20])[:, None]
    scaled = Scaled.of(exposed)
    fit = fit_firth(scaled, np.repeat([True, True, False], [3, 4, 20]))
    assert fit.converged
    assert scaled.own_units(fit.beta)[1] == pytest.approx(np.log(3.5 / 0.5 / (4.5 / 20.5)), abs=1e-10)


@pytest.mark.parametrize("n", [40, 5_000, 60_000])
def test_score_equations(n: int) -> None:
    x, treated = drawn(n)
    scaled = Scaled.of(x)
    fit = fit_logistic(scaled, treated)
    p = 1 / (1 + np.exp(-linear_predictor(scaled, fit.beta)))
    assert np.abs(scaled.values @ (treated - p)).max() < 1e-9


@pytest.mark.parametrize("seed", range(5))
def test_coefficients_and_errors_are_those_of_statsmodels_and_scikit_learn(seed: int) -> None:
    x, treated = drawn(400, seed)
    x = x * [10, 1, 0.1] + [60, 0, 2]
    scaled = Scaled.of(x)
    fit = fit_logistic(scaled, treated)
    told = sm.Logit(treated.astype(float), sm.add_constant(x)).fit(disp=0, tol=1e-12)
    assert scaled.own_units(fit.beta) == pytest.approx(told.params, rel=SAME)
    assert scaled.own_unit_errors(fit.covariance) == pytest.approx(told.bse, rel=SAME)
    learnt = LogisticRegression(C=np.inf, solver="newton-cholesky", tol=1e-10).fit(scaled.values[1:].T, treated)
    assert fit.beta == pytest.approx([*learnt.intercept_, *learnt.coef_[0]], rel=SAME)


def test_many_rows_start_from_a_part_and_end_at_the_same_place(monkeypatch: pytest.MonkeyPatch) -> None:
    x, treated = drawn(30_000)
    scaled = Scaled.of(x)
    whole = fit_logistic(scaled, treated)
    monkeypatch.setattr(logistic, "SUBSAMPLE_ABOVE", 10_000)
    monkeypatch.setattr(logistic, "SUBSAMPLE_ROWS", 2_000)
    started = fit_logistic(scaled, treated)
    assert started.converged
    assert started.beta == pytest.approx(whole.beta, abs=1e-12)
    assert started.iterations < whole.iterations


def test_a_date_in_days_and_a_tiny_unit_are_as_good_as_any() -> None:
    x, treated = drawn(300)
    moved = x * [1, 1e-9, 1] + [0, 0, 45_000]
    plain, odd = Scaled.of(x), Scaled.of(moved)
    b, c = plain.own_units(fit_logistic(plain, treated).beta), odd.own_units(fit_logistic(odd, treated).beta)
    assert c[1:] == pytest.approx(b[1:] / [1, 1e-9, 1], rel=1e-9)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.floats(0.01, 100), st.floats(-50, 50), st.permutations(range(3)))
def test_properties(seed: int, scale: float, shift: float, columns: list[int]) -> None:
    """Units and column order do not move the fit; exchanging the arms flips every sign; row order changes nothing."""
    x, treated = drawn(120, seed)
    scaled = Scaled.of(x)
    b = scaled.own_units(fit_logistic(scaled, treated).beta)
    order = np.random.default_rng(seed).permutation(120)
    changed = Scaled.of((x * scale + shift)[:, columns][order])
    c = changed.own_units(fit_logistic(changed, treated[order]).beta)
    assert c[1:] * scale == pytest.approx(b[1:][columns], abs=1e-8)
    swapped = scaled.own_units(fit_logistic(scaled, ~treated).beta)
    assert swapped == pytest.approx(-b, abs=1e-10)


def test_equal_patients_have_equal_bits() -> None:
    """Ties must not hang on where a patient stands in the file."""
    x = np.random.default_rng(3).standard_normal((1_003, 5))
    x[1_000] = x[1_001] = x[1_002] = x[7]
    treated = np.random.default_rng(4).random(1_003) < 0.4
    scaled = Scaled.of(x)
    logit = linear_predictor(scaled, fit_logistic(scaled, treated).beta)
    assert len(set(logit[[7, 1_000, 1_001, 1_002]].tolist())) == 1
