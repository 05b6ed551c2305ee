"""Newton's method for a likelihood with one maximum: the propensity score and Firth's penalty, regression-adjusted
risks and the conditional logit climb by it.

Who calls says what the likelihood is at a place (`Evaluate`) and how careful the climb is and when it ends (`Rule`).
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

MOST_HALVINGS = 30
SLACK = 1e-12  # of the log-likelihood: a fall by less is rounding
RESTLESS = 100  # times the tolerance: rounding may leave the last digit of a gradient restless


@dataclass(frozen=True)
class Point:
    """A log-likelihood of p coefficients at one place.

    beta: float (p,), the place.  score: float (p,), the gradient.  information: float (p, p), minus the second
    derivatives.  value: the log-likelihood; only a Rule that halves steps reads it.  lost: the fitted values are so
    extreme that there is no maximum to be found.
    """

    beta: np.ndarray
    score: np.ndarray
    information: np.ndarray
    value: float = 0.0
    lost: bool = False


@dataclass(frozen=True)
class Fit:
    """beta: float (p,).  information: float (p, p), at beta, or where the last step began under a Rule with `change`.
    converged: the Rule's end was reached; says nothing about separation, where the gradient also vanishes, at infinity.
    iterations: steps."""

    beta: np.ndarray
    information: np.ndarray
    converged: bool
    iterations: int

    @property
    def covariance(self) -> np.ndarray:
        """Inverse information, float (p, p); the pseudo-inverse where it has none."""
        return np.linalg.pinv(self.information)


Evaluate = Callable[[np.ndarray], Point]
Solve = Callable[[np.ndarray, np.ndarray], np.ndarray]  # information, score -> step


def least_squares(information: np.ndarray, score: np.ndarray) -> np.ndarray:
    """The step, also where the information has no inverse (columns that are nearly copies)."""
    return np.linalg.lstsq(information, score, rcond=None)[0]


@dataclass(frozen=True)
class Rule:
    """When a climb ends and how careful it is.

    gradient: converged where no part of the score is above it.  change: converged after a step of which no part reaches
    it.  (One of the two; the other stays 0.)  longest: no part of a step is longer.  halved: a step is halved until the
    likelihood does not fall, and the climb ends where no step helps.  most: steps.
    """

    gradient: float = 0.0
    change: float = 0.0
    longest: float = np.inf
    halved: bool = False
    most: int = 50
    solve: Solve = np.linalg.solve


def newton(evaluate: Evaluate, start: np.ndarray, rule: Rule) -> Fit:
    """Climb from `start`, float (p,), to the maximum."""
    here, steps = evaluate(start), 0
    while steps < rule.most and not here.lost:
        if np.abs(here.score).max() <= rule.gradient:
            return Fit(here.beta, here.information, True, steps)
        step = np.clip(rule.solve(here.information, here.score), -rule.longest, rule.longest)
        steps += 1
        if np.abs(step).max() < rule.change:
            return Fit(here.beta + step, here.information, True, steps)
        there = _halved(evaluate, here, step) if rule.halved else evaluate(here.beta + step)
        if there is here:
            break
        here = there
    converged = not here.lost and bool(np.abs(here.score).max() <= RESTLESS * rule.gradient)
    return Fit(here.beta, here.information, converged, steps)


def _halved(evaluate: Evaluate, here: Point, step: np.ndarray) -> Point:
    """The first place along the step, its half, its quarter, ... where the likelihood does not fall beyond rounding;
    `here` when none is better."""
    slack = SLACK * (1 + abs(here.value))
    for _ in range(MOST_HALVINGS):
        there = evaluate(here.beta + step)
        if there.value >= here.value - slack:
            better = there.value > here.value + slack or np.abs(there.score).max() < np.abs(here.score).max()
            return there if better else here
        step = step / 2
    return here


def logistic_slopes(
    x: np.ndarray, y: np.ndarray, p: np.ndarray, weights: np.ndarray | float = 1.0
) -> tuple[np.ndarray, np.ndarray]:
    """Score (k,) and information (k, k) of a weighted logistic likelihood, at the coefficients that give the chances p.

    x: float (k, n), the columns as rows.  y: 0/1 (n,).  p: float (n,); an offset is in them.  weights: float (n,) >= 0.
    """
    return x @ (weights * (y - p)), (x * (weights * p * (1 - p))) @ x.T
