"""The pool of controls of each stratum, for whoever asks who is nearest or who is in reach."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from ..errors import EstimationError
from .greedy import Pool
from .mahalanobis import mahalanobis_position
from .rules import SAME, Rules, on_grid
from .scan import ScannedControls
from .settings import DistanceSettings
from .sorted_controls import SortedControls

if TYPE_CHECKING:
    from ..cohort import Cohort

MakePool = Callable[[np.ndarray, np.ndarray], Pool]


def on_one_line(rules: Rules, settings: DistanceSettings) -> bool:
    """Whether one sorted number decides who is near: the propensity distance, with no caliper but its own."""
    return settings.metric == "propensity" and not len(rules.limits)


def position_of(cohort: "Cohort", rules: Rules, settings: DistanceSettings) -> np.ndarray:
    """float (n, d): points whose Euclidean distance is the metric. Raises EstimationError without a covariate."""
    if settings.metric == "propensity":
        return rules.place[:, None]
    if not cohort.covariate_matrix.shape[1]:
        raise EstimationError("The Mahalanobis distance has no covariate.", "Choose at least one covariate.")
    return mahalanobis_position(cohort.covariate_matrix, rules.treated, ~rules.discarded)


def placed(cohort: "Cohort", rules: Rules, settings: DistanceSettings) -> tuple[np.ndarray | None, np.ndarray]:
    """The place of everybody where one line decides, float (n,), else None; and their points, as `position_of`: both
    on the grid. For whoever weighs sums of distances. Raises as `position_of`."""
    points = on_grid(position_of(cohort, rules, settings))
    return (points[:, 0] if on_one_line(rules, settings) else None), points


def pool_maker(cohort: "Cohort", rules: Rules, settings: DistanceSettings) -> MakePool:
    """The pool of one stratum: the fast one for the propensity distance alone, else the searching one."""
    if on_one_line(rules, settings):
        return lambda treated, controls: SortedControls(treated, controls, rules.place, rules.reach, rules.same)
    position = position_of(cohort, rules, settings)
    same = SAME if settings.metric == "mahalanobis" else rules.same
    return lambda treated, controls: ScannedControls(treated, controls, rules, position, same)
