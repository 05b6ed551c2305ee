"""Entropy balancing against scipy on the dual and a programme for feasibility; odds and overlap weights; the sample."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog, minimize
from scipy.special import expit, logsumexp

from lib.design.entropy import att_odds_weights, entropy_weights, overlap_weights
from lib.design.hull import balance_error
from lib.errors import EstimationError

SAMPLE = Path(__file__).resolve().parents[2] / "sample_data" / "msc_covid19.csv"
COVARIATES = ["age", "sofa", "pf_ratio", "lymphocytes", "ferritin", "d_dimer", "crp"]
GAP = 1e-8  # SD: the promise of the function
DUAL = 1e-5  # of a weight: BFGS stops at a gradient of 1e-9, which leaves so much of the slope


def gaps(design: np.ndarray, treated: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Differences of weighted means in SDs, 0 for a constant column."""
    scale = np.where(design.std(axis=0) > 0, design.std(axis=0), 1)
    means = [np.average(design[arm], axis=0, weights=weights[arm]) for arm in (treated, ~treated)]
    return np.abs(means[0] - means[1]) / scale


def ess(weights: np.ndarray) -> float:
    return weights.sum() ** 2 / (weights**2).sum()


def sample() -> tuple[np.ndarray, np.ndarray]:
    """The complete cases of the sample study, 8 treated and 111 controls."""
    table = pd.read_csv(SAMPLE).dropna(subset=COVARIATES)
    return table[COVARIATES].to_numpy(float), (table["group"] == "MSC").to_numpy()


def logistic(design: np.ndarray, treated: np.ndarray) -> np.ndarray:
    """Maximum likelihood scores by Newton's method."""
    x = np.c_[np.ones(len(design)), (design - design.mean(axis=0)) / design.std(axis=0)]
    beta = np.zeros(x.shape[1])
    for _ in range(50):
        e = expit(x @ beta)
        beta += np.linalg.solve((x.T * (e * (1 - e))) @ x, x.T @ (treated - e))
    return expit(x @ beta)


def random_study(seed: int) -> tuple[np.ndarray, np.ndarray]:
    """A small study; some have binary, equal, constant or summed columns."""
    rng = np.random.default_rng(seed)
    n1, n0, k = rng.integers(1, 8), rng.integers(2, 40), rng.integers(1, 5)
    design = rng.normal(size=(n1 + n0, k)) * 10.0 ** rng.integers(-3, 4, k) + 10 * rng.normal(size=k)
    treated = np.arange(n1 + n0) < n1
    if seed % 3 == 0:
        design[:, 0] = rng.random(n1 + n0) < 0.5
    if seed % 5 == 0:
        design = np.c_[design, design.sum(axis=1), np.ones(n1 + n0)]
    return design, treated


def inside(design: np.ndarray, treated: np.ndarray) -> bool:
    """Whether the treated means are a mean of all controls with weights above 0: the largest least weight."""
    scale = np.where(design.std(axis=0) > 0, design.std(axis=0), 1)
    z = ((design[~treated] - design[treated].mean(axis=0)) / scale).T
    n = z.shape[1]
    equal = np.c_[np.r_[z, np.ones((1, n))], np.zeros(len(z) + 1)]
    found = linprog(
        np.append(np.zeros(n), -1.0),
        A_ub=np.c_[-np.eye(n), np.ones(n)],
        b_ub=np.zeros(n),
        A_eq=equal,
        b_eq=np.append(np.zeros(len(z)), 1.0),
        bounds=[(None, None)] * (n + 1),
    )
    return found.status == 0 and -found.fun > 1e-9


@pytest.mark.parametrize("start", range(0, 600, 200))
def test_weights_exist_exactly_inside_the_hull(start: int) -> None:
    answers = []
    for seed in range(start, start + 200):
        design, treated = random_study(seed)
        answers.append(inside(design, treated))
        if not answers[-1]:
            with pytest.raises(EstimationError, match="No weights give"):
                entropy_weights(design, treated)
            continue
        weights = entropy_weights(design, treated)
        assert gaps(design, treated, weights).max() <= GAP, seed
        assert weights.min() > 0
        assert weights[treated].tolist() == [1] * treated.sum()
        assert weights[~treated].mean() == pytest.approx(1, abs=1e-12)
    assert 50 < sum(answers) < 150


@pytest.mark.parametrize("seed", range(40))
@pytest.mark.parametrize("weighted", [False, True])
def test_the_dual_by_scipy_gives_the_same_weights(seed: int, weighted: bool) -> None:
    rng = np.random.default_rng(seed)
    treated = np.arange(90) < 10
    design = np.where(treated[:, None], 0.4, 0.0) + rng.normal(size=(90, 3))
    base = rng.uniform(0.5, 2, 90) if weighted else np.ones(90)
    z = design[~treated] - design[treated].mean(axis=0)

    def dual(slope: np.ndarray) -> tuple[float, np.ndarray]:
        tilt = np.log(base[~treated]) - z @ slope
        return logsumexp(tilt), -np.exp(tilt - logsumexp(tilt)) @ z

    found = minimize(dual, np.zeros(3), jac=True, method="BFGS", options={"gtol": 1e-9})
    expected = base[~treated] * np.exp(-z @ found.x)
    weights = entropy_weights(design, treated, base if weighted else None)[~treated]
    assert weights == pytest.approx(expected / expected.mean(), rel=DUAL)


def test_by_hand() -> None:
    """Controls at 0 and 3, the treated mean at 1: weights 2 : 1."""
    weights = entropy_weights(np.array([[1.0], [0.0], [3.0]]), np.array([True, False, False]))
    assert weights == pytest.approx([1, 4 / 3, 2 / 3])


def test_the_sample() -> None:
    design, treated = sample()
    weights = entropy_weights(design, treated, names=COVARIATES)
    assert gaps(design, treated, weights).max() <= GAP
    assert ess(weights[~treated]) == pytest.approx(36.2, abs=0.05)
    assert weights[~treated].max() / weights[~treated].sum() == pytest.approx(0.072, abs=0.0005)


def test_odds_and_overlap_weights_of_the_sample() -> None:
    design, treated = sample()
    score = logistic(design, treated)
    odds, overlap = att_odds_weights(score, treated), overlap_weights(score, treated)
    assert ess(odds[~treated]) == pytest.approx(31.1, abs=0.05)
    assert odds[treated].tolist() == [1] * 8
    assert [ess(overlap[arm]) for arm in (treated, ~treated)] == pytest.approx([7.9, 40.3], abs=0.05)
    assert gaps(design, treated, overlap).max() < GAP
    for weights in (odds, overlap):
        assert [weights[arm].mean() for arm in (treated, ~treated)] == pytest.approx([1, 1])


def test_a_score_of_one_among_controls_is_refused() -> None:
    treated = np.array([True, False, False])
    with pytest.raises(EstimationError, match="separates"):
        att_odds_weights(np.array([0.5, 1.0, 0.2]), treated)
    with pytest.raises(EstimationError, match="separates"):
        overlap_weights(np.array([1.0, 0.3, 0.2]), treated)


def test_zero_weights_do_not_count_in_the_mean() -> None:
    weights = overlap_weights(np.array([0.5, 0.0, 0.2, 0.4]), np.array([True, False, False, False]))
    assert weights == pytest.approx([1, 0, 2 / 3, 4 / 3])


def test_a_covariate_outside_the_controls_is_named() -> None:
    rng = np.random.default_rng(2)
    design, treated = rng.normal(size=(60, 3)), np.arange(60) < 6
    design[treated, 1] += 9
    with pytest.raises(EstimationError, match="`sofa`") as caught:
        entropy_weights(design, treated, names=["age", "sofa", "crp"])
    assert "`age`" not in str(caught.value)
    assert caught.value.hint.startswith("Balance without `sofa`, or group")


@pytest.mark.parametrize("value", [0.0, 1.0])
def test_a_binary_covariate_that_all_treated_share_is_at_the_edge(value: float) -> None:
    """Controls with the other value would need weight 0."""
    rng = np.random.default_rng(3)
    treated = np.arange(50) < 10
    design = np.c_[rng.normal(size=50), np.where(treated, value, np.arange(50) % 2)]
    with pytest.raises(EstimationError, match="very edge: `ventilated`"):
        entropy_weights(design, treated, names=["age", "ventilated"])


def test_covariates_outside_only_together_are_named_together() -> None:
    """Controls lie on one side of x = y, the treated on the other; z has no part in it."""
    rng = np.random.default_rng(5)
    x, treated = rng.normal(size=80), np.arange(80) < 8
    design = np.c_[x, x + np.where(treated, 1, -1) * rng.uniform(0.2, 1, 80), rng.normal(size=80)]
    with pytest.raises(EstimationError, match="combination: `x`, `y`\\.") as caught:
        entropy_weights(design, treated, names=["x", "y", "z"])
    assert caught.value.hint.startswith("Balance without `x` or `y`")


def test_means_inside_that_newton_does_not_reach_are_called_near_the_edge() -> None:
    """The sentence itself: no separating plane, no column to blame."""
    gaps_of_controls = np.array([[-1.0, 1.0, 1.0, -1.0], [-1.0, 1.0, -1.0, 1.0]])
    error = balance_error(gaps_of_controls, ["age", "sofa"], lambda gaps, base: None)
    assert "so near the edge" in str(error)
    assert error.hint.startswith("Use fewer covariates")


def test_columns_that_add_up_change_nothing() -> None:
    design, treated = sample()
    more = np.c_[design, design[:, 0] - 2 * design[:, 1], np.full(len(design), 7.1)]
    assert entropy_weights(more, treated) == pytest.approx(entropy_weights(design, treated), rel=1e-6)


def test_equal_means_leave_the_base_weights() -> None:
    design, treated = np.array([[0.0], [-1.0], [1.0]]), np.array([True, False, False])
    assert entropy_weights(design, treated) == pytest.approx([1, 1, 1])
    assert entropy_weights(np.ones((3, 2)), treated, np.array([1.0, 1.0, 3.0])) == pytest.approx([1, 0.5, 1.5])


@given(seed=st.integers(0, 1000), order=st.integers(0, 1000))
@settings(max_examples=30, deadline=None)
def test_the_order_of_rows_and_the_units_decide_nothing(seed: int, order: int) -> None:
    rng = np.random.default_rng(seed)
    design, treated = rng.normal(size=(60, 3)), np.arange(60) < 20
    moved = np.random.default_rng(order).permutation(60)
    weights = entropy_weights(design, treated)
    assert entropy_weights(1000 * design[moved] + 5, treated[moved]) == pytest.approx(weights[moved], rel=1e-6)
