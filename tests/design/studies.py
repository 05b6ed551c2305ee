"""Small studies with arbitrary distances for tests of whole methods, and general programmes for their optima."""

from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from hypothesis import assume
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, linear_sum_assignment, milp

from lib.cohort import Cohort
from lib.design import MethodSettings
from lib.score.propensity import PropensityModel
from tests.builders import make_cohort, make_score
from tests.invariants import allowed_pairs, exact_groups, outside

EMPTY, FORBIDDEN = 1e4, 1e6  # prices above any total of a small study


class Small(NamedTuple):
    """A study of few patients with two covariates, and a column to agree on exactly."""

    cohort: Cohort
    score: PropensityModel

    @property
    def treated(self) -> np.ndarray:
        """bool (n,)."""
        return self.cohort.treated

    def gaps(self, settings: Any) -> np.ndarray:
        """float (n, n), the distance that a method minimises: of scores, or Mahalanobis with the pooled covariance of
        those inside support, written out."""
        if settings.metric == "propensity":
            return np.abs(self.score.distance[:, None] - self.score.distance)
        x, kept = self.cohort.covariate_matrix.to_numpy(float), ~outside(self.cohort, self.score, settings)
        within = np.vstack([x[kept & arm] - x[kept & arm].mean(axis=0) for arm in (self.treated, ~self.treated)])
        inverse = np.linalg.pinv(within.T @ within / (kept.sum() - 2))
        step = x[:, None] - x
        return np.sqrt(np.maximum(np.einsum("ijk,kl,ijl->ij", step, inverse, step), 0.0))

    def total(self, settings: Any, pairs: pd.DataFrame) -> float:
        """The sum of the distances of pairs."""
        return float(self.gaps(settings)[pairs["treated_row"], pairs["control_row"]].sum())


@st.composite
def small_studies(draw: st.DrawFn, most: int = 14) -> Small:
    """Distances on a grid (ties abound) or spread out; `x` and `y` are covariates, `site` has three levels."""
    n = draw(st.integers(4, most))
    treated = np.array(draw(st.lists(st.booleans(), min_size=n, max_size=n)))
    assume(treated.any() and not treated.all())
    rng, grid = np.random.default_rng(draw(st.integers(0, 10**6))), draw(st.booleans())
    distance, covariates = rng.normal(size=n), rng.normal(size=(n, 2))
    if grid:
        distance, covariates = np.round(2 * distance) / 2, np.round(covariates)
    spread = [np.ptp(covariates[arm], axis=0).max() for arm in (treated, ~treated)]
    assume(np.ptp(distance) > 0 and max(spread) > 0)
    frame = pd.DataFrame(covariates, columns=["x", "y"])
    extra = pd.DataFrame({"site": rng.choice(list("ABC"), n), "age": rng.integers(0, 9, n) * 1.0})
    return Small(make_cohort(frame, treated, ("site", "age"), extra), make_score(distance))


SHARED = {
    "exact": st.sampled_from([(), (), ("site",)]),
    "discard": st.sampled_from(["none", "none", "treated", "control", "both"]),
}
DISTANCE = SHARED | {
    "metric": st.sampled_from(["propensity", "propensity", "mahalanobis"]),
    "caliper": st.sampled_from([None, None, 0.2, 0.5, 1.0]),
    "caliper_unit": st.sampled_from(["sd", "raw"]),
    "caliper_sd": st.sampled_from(["overall", "pooled"]),
    "covariate_calipers": st.sampled_from(
        [{}, {}, {"age": {"width": 3, "unit": "raw"}}, {"age": {"width": 1, "unit": "sd"}}]
    ),
}
LIMITS = {
    "min_controls": st.sampled_from([1, 1, 1, 2]),
    "max_controls": st.sampled_from([None, None, 1, 2, 3]),
    "max_treated": st.sampled_from([None, None, 1, 2]),
    "omit_fraction": st.sampled_from([0.0, 0.0, 0.2, 0.5]),
}


def best_pairs(gaps: np.ndarray, allowed: np.ndarray, ratio: int) -> tuple[int, float]:
    """The most pairs, and the least total of so many, by assignment with `ratio` places for each treated.
    gaps, allowed: (n, n), rows treated and columns controls where allowed."""
    cost = np.repeat(np.where(allowed, gaps, FORBIDDEN), ratio, axis=0)
    places, controls = cost.shape
    row, column = linear_sum_assignment(np.hstack([cost, np.full((places, places), EMPTY)]))
    made = column < controls
    return int(made.sum()), float(cost[row[made], column[made]].sum())


def best_full(study: Small, settings: Any, gaps: np.ndarray, at_least: bool = False) -> tuple[float | None, np.ndarray]:
    """The least total of a full matching by integer programming (None: there is none), and the controls that each
    exact group has to omit (or, with at_least, may omit).

    Variables: every allowed pair, then whether each usable control is used."""
    allowed = allowed_pairs(study.cohort, study.score, settings)
    case, control = np.nonzero(allowed)
    cases, controls = np.unique(case), np.unique(control)
    if not len(case):
        return None, np.zeros(0, dtype=int)
    m, n0 = len(case), len(controls)
    of_case, of_control = (cases[:, None] == case) * 1.0, (controls[:, None] == control) * 1.0
    most = n0 if settings.max_controls is None else settings.max_controls
    shared = len(cases) if settings.max_treated is None else settings.max_treated
    shared = 1 if settings.min_controls > 1 else shared
    groups = np.array([group[controls] for group in exact_groups(study.cohort, settings)]) * 1.0
    omitted = np.floor(settings.omit_fraction * groups.sum(axis=1) + 1e-9)
    rules = [
        LinearConstraint(np.hstack([of_case, np.zeros((len(cases), n0))]), settings.min_controls, most),
        LinearConstraint(np.hstack([of_control, -np.eye(n0)]), 0, np.inf),
        LinearConstraint(np.hstack([of_control, -shared * np.eye(n0)]), -np.inf, 0),
        LinearConstraint(
            np.hstack([np.zeros((len(groups), m)), groups]),
            groups.sum(axis=1) - omitted,
            groups.sum(axis=1) - (0 if at_least else omitted),
        ),
    ]
    cost = np.append(gaps[case, control], np.zeros(n0))
    found = milp(cost, constraints=rules, bounds=Bounds(0, 1), integrality=np.ones(m + n0))
    return (found.fun if found.success else None), omitted.astype(int)


def settings_of(method: type[MethodSettings], chosen: dict) -> Any:
    """The settings, where they do not contradict each other."""
    if chosen.get("max_controls") is not None:
        assume(chosen["min_controls"] <= chosen["max_controls"])
    if chosen.get("min_controls", 1) > 1:
        assume((chosen["max_treated"] or 1) == 1)
    return method(**chosen)
