"""Separation is found where it is, nowhere else, and called by name."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.score.logistic import Scaled, fit_logistic, linear_predictor
from lib.score.separation import Separation, find_separation, suspicious


def separation_of(columns: dict[str, np.ndarray], treated: np.ndarray) -> Separation:
    scaled = Scaled.of(np.column_stack(list(columns.values())))
    return find_separation(scaled.values, treated, tuple(columns))


def overlapping(n: int = 60, seed: int = 0) -> tuple[dict[str, np.ndarray], np.ndarray]:
    rng = np.random.default_rng(seed)
    return {name: rng.standard_normal(n) for name in ("age", "sofa", "crp")}, np.arange(n) < n // 4


def test_overlap() -> None:
    assert separation_of(*overlapping()) == Separation()


def test_one_covariate_separates_completely() -> None:
    columns, treated = overlapping()
    columns["age"] = np.where(treated, 70, 40) + columns["age"]
    assert separation_of(columns, treated) == Separation(("age",), complete=True, alone=True)


def test_one_shared_value_makes_it_quasi() -> None:
    columns, treated = overlapping()
    columns["age"] = np.where(treated, 70, 40) + np.abs(columns["age"])
    columns["age"][0] = columns["age"][-1] = 55.0
    assert separation_of(columns, treated) == Separation(("age",), complete=False, alone=True)


def test_two_covariates_together() -> None:
    columns, treated = overlapping(100, 2)
    columns["crp"] = columns["sofa"] + np.where(treated, 0.2, -0.2) * (1 + np.abs(columns["crp"]))
    found = separation_of(columns, treated)
    assert found == Separation(("sofa", "crp"), complete=True, alone=False)


def test_a_level_that_only_controls_have() -> None:
    columns, treated = overlapping()
    columns["siteB"] = ((np.arange(60) % 7 == 3) & ~treated).astype(float)
    scaled = Scaled.of(np.column_stack(list(columns.values())))
    found = find_separation(scaled.values, treated, ("age", "sofa", "crp", "site"))
    assert found == Separation(("site",), complete=False, alone=True)


def test_a_lone_covariate_and_a_pair_are_both_named() -> None:
    columns, treated = overlapping(100, 2)
    columns["crp"] = columns["sofa"] + np.where(treated, 0.2, -0.2) * (1 + np.abs(columns["crp"]))
    columns["bmi"] = np.where(treated, 30.0, 20.0) + columns["age"] / 100
    found = separation_of(columns, treated)
    assert found == Separation(("sofa", "crp", "bmi"), complete=True, alone=False)


def test_few_rows_decide_among_many() -> None:
    """The programme starts with 400 rows; the one overlapping patient is among 50,000."""
    rng = np.random.default_rng(1)
    treated = rng.random(50_000) < 0.3
    columns = {"x": np.where(treated, 3.0, -3.0) + rng.uniform(-1, 1, 50_000), "z": rng.standard_normal(50_000)}
    assert separation_of(columns, treated).covariates == ("x",)
    odd = int(np.flatnonzero(treated)[777])
    columns["x"][odd] = -5.0
    assert separation_of(columns, treated) == Separation()


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 100_000), st.integers(8, 30), st.integers(1, 4))
def test_a_quiet_fit_never_hides_separation(seed: int, n: int, k: int) -> None:
    """`suspicious` may call for the linear programme too often, never too seldom; and a true optimum is never called
    separated: where the programme finds nothing, Newton converges."""
    rng = np.random.default_rng(seed)
    x = np.round(rng.standard_normal((n, k)), 1)
    treated = rng.random(n) < 1 / (1 + np.exp(-2 * x[:, 0]))
    if treated.all() or not treated.any() or (x.std(axis=0) == 0).any():
        return
    scaled = Scaled.of(x)
    fit = fit_logistic(scaled, treated)
    separated = bool(find_separation(scaled.values, treated, [str(j) for j in range(k)]).covariates)
    if separated:
        assert suspicious(fit.converged, linear_predictor(scaled, fit.beta))
    else:
        assert fit.converged


@pytest.mark.parametrize("scale", [1e-6, 1.0, 1e6])
def test_units_do_not_matter(scale: float) -> None:
    columns, treated = overlapping()
    columns["age"] = (np.where(treated, 70, 40) + columns["age"]) * scale
    assert separation_of(columns, treated).covariates == ("age",)
