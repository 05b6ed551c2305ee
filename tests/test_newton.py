"""Newton's method by hand, and a logistic likelihood with weights and an offset against statsmodels."""

from collections.abc import Callable

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.newton import Evaluate, Point, Rule, least_squares, logistic_slopes, newton

SAME = 1e-9  # of a coefficient: two ways to one maximum, each at a gradient below 1e-10
TOLD = 1e-12  # statsmodels' relative change of the deviance, in place of its 1e-8


def one_coefficient(
    value: Callable[[float], float], slope: Callable[[float], float], bend: Callable[[float], float]
) -> Evaluate:
    """A log-likelihood of one number, its first derivative and minus its second."""

    def evaluate(beta: np.ndarray) -> Point:
        at = float(beta[0])
        return Point(beta, np.array([slope(at)]), np.array([[bend(at)]]), value(at))

    return evaluate


PARABOLA = one_coefficient(lambda b: -((b - 3) ** 2), lambda b: -2 * (b - 3), lambda b: 2.0)


def test_a_parabola_takes_one_step() -> None:
    fit = newton(PARABOLA, np.zeros(1), Rule(gradient=1e-12))
    assert (fit.beta[0], fit.converged, fit.iterations) == (3.0, True, 1)
    assert fit.covariance == pytest.approx(np.array([[0.5]]))


def places(evaluate: Evaluate, start: float, rule: Rule) -> list[float]:
    """Where the climb looks at the likelihood."""
    seen: list[float] = []

    def watched(beta: np.ndarray) -> Point:
        seen.append(float(beta[0]))
        return evaluate(beta)

    newton(watched, np.array([start]), rule)
    return seen


@pytest.mark.parametrize(("change", "looked"), [(3.5, [0.0]), (3.0, [0.0, 3.0])])
def test_a_rule_of_change_ends_after_a_step_that_does_not_reach_it(change: float, looked: list[float]) -> None:
    """One step of 3 to the maximum, where the likelihood is looked at only if the step was long enough to go on."""
    assert places(PARABOLA, 0.0, Rule(change=change)) == looked
    assert newton(PARABOLA, np.zeros(1), Rule(change=change)).beta[0] == 3.0


def test_the_information_is_that_before_the_last_short_step() -> None:
    """exp(b) - 1 = 0 from 0.5: one step of exp(-0.5) - 1 = -0.39."""
    curve = one_coefficient(lambda b: b - np.exp(b), lambda b: 1 - np.exp(b), np.exp)
    fit = newton(curve, np.array([0.5]), Rule(change=0.5))
    assert fit.beta[0] == pytest.approx(0.5 + np.exp(-0.5) - 1)
    assert fit.information[0, 0] == np.exp(0.5)


def test_a_step_is_cut_to_the_longest() -> None:
    assert places(PARABOLA, 0.0, Rule(change=1e-12, longest=2.0)) == [0.0, 2.0, 3.0]
    assert places(PARABOLA, 6.0, Rule(change=1e-12, longest=2.0)) == [6.0, 4.0, 3.0]


def flat_ends(beta: float) -> float:
    """log sech: Newton's whole steps run away from beyond 1.09."""
    return -np.log(np.cosh(beta))


SECH = one_coefficient(flat_ends, lambda b: -np.tanh(b), lambda b: 1 / np.cosh(b) ** 2)


def test_halving_saves_a_step_that_goes_too_far() -> None:
    away = newton(SECH, np.array([1.5]), Rule(gradient=1e-10, most=2))
    assert abs(away.beta[0]) > 1.5
    fit = newton(SECH, np.array([1.5]), Rule(gradient=1e-10, halved=True))
    assert fit.converged
    assert fit.beta[0] == pytest.approx(0, abs=1e-10)


def test_a_climb_that_cannot_go_on_has_not_converged() -> None:
    """A gradient that points down: no step helps. A likelihood that is lost. Too few steps."""
    wrong = one_coefficient(lambda b: -b, lambda b: 1.0, lambda b: 1.0)
    ended = newton(wrong, np.zeros(1), Rule(gradient=1e-3, halved=True))
    assert (ended.converged, ended.beta[0], ended.iterations) == (False, 0.0, 1)
    lost = newton(lambda b: Point(b, np.zeros(1), np.eye(1), lost=True), np.zeros(1), Rule(gradient=1.0))
    assert (lost.converged, lost.iterations) == (False, 0)
    fit = newton(SECH, np.array([0.5]), Rule(gradient=1e-14, most=1))
    assert (fit.converged, fit.iterations) == (False, 1)


def test_rounding_may_leave_the_last_digit_restless() -> None:
    """No step helps at a gradient of 50 or of 200 tolerances: the first is converged."""
    for times, converged in ((50, True), (200, False)):
        stuck = one_coefficient(lambda b: -abs(b), lambda b, t=times: t * 1e-10, lambda b: 1e-9)
        assert newton(stuck, np.zeros(1), Rule(gradient=1e-10, halved=True)).converged is converged


def test_copies_of_a_column_are_no_obstacle_for_least_squares() -> None:
    score, information = np.array([1.0, 1.0]), np.ones((2, 2))
    assert least_squares(information, score) == pytest.approx([0.5, 0.5])
    with pytest.raises(np.linalg.LinAlgError):
        Rule().solve(information, score)


@given(st.integers(0, 10_000), st.sampled_from([Rule(gradient=1e-11, halved=True), Rule(change=1e-10)]))
@settings(max_examples=30, deadline=None)
def test_weights_and_an_offset_are_those_of_statsmodels(seed: int, rule: Rule) -> None:
    rng = np.random.default_rng(seed)
    x = np.vstack([np.ones(150), rng.standard_normal((2, 150))])
    weights, offset = rng.uniform(0.2, 3, 150), rng.normal(0, 0.5, 150)
    y = (rng.random(150) < 1 / (1 + np.exp(-offset - np.array([-0.3, 0.6, -0.4]) @ x))).astype(float)

    def likelihood(beta: np.ndarray) -> Point:
        logit = beta @ x + offset
        p = 1 / (1 + np.exp(-logit))
        value = float(weights @ (y * logit - np.logaddexp(0, logit)))
        return Point(beta, *logistic_slopes(x, y, p, weights), value)

    fit = newton(likelihood, np.zeros(3), rule)
    theirs = sm.GLM(y, x.T, family=sm.families.Binomial(), var_weights=weights, offset=offset).fit(tol=TOLD)
    assert fit.converged
    assert fit.beta == pytest.approx(theirs.params, rel=SAME, abs=SAME)
    assert np.sqrt(np.diag(fit.covariance)) == pytest.approx(theirs.bse, rel=1e-6)  # theirs before the last step
