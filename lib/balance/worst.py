"""The largest difference that a match leaves, in a fraction of the time of a whole balance table."""

import math
from typing import TYPE_CHECKING

import numpy as np

from .rows import covariate_rows
from .statistics import smd_denominator, standardized_difference, weighted_moments

if TYPE_CHECKING:
    from ..cohort import Cohort
    from ..design import Comparison


class WorstDifference:
    """The largest |SMD| after matching (see lib.balance.table), with what does not depend on the match made once."""

    def __init__(self, cohort: "Cohort") -> None:
        treated = cohort.treated
        self._treated, self._control = np.flatnonzero(treated), np.flatnonzero(~treated)
        self._columns = [self._prepared(row.x, row.binary) for row in covariate_rows(cohort)]

    def _prepared(self, x: np.ndarray, binary: bool) -> tuple[np.ndarray, np.ndarray, bool, float]:
        x1, x0 = x[self._treated], x[self._control]
        treated, control = (weighted_moments(arm, np.ones(len(arm)), binary) for arm in (x1, x0))
        return x1, x0, binary, smd_denominator(treated, control, len(x1), len(x0), binary)

    def after(self, made: "Comparison") -> float:
        """With the weights of a match of these patients; NaN without a covariate."""
        w1, w0 = made.weights[self._treated], made.weights[self._control]
        found = (
            abs(standardized_difference(weighted_moments(x1, w1, binary), weighted_moments(x0, w0, binary), sd))
            for x1, x0, binary, sd in self._columns
        )
        return max(found, default=math.nan)
