"""Weighted comparison of two arms: means or risks, and standard errors that respect the matched sets.

A regression of the outcome on the treatment alone is saturated, so its robust variance is a sum of squared influences:
each patient moves its arm's mean by weight x (value - mean) / total weight.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from .asymptotic import clustered_size
from .notes import Reason
from .rows import ALL_ALIKE, NO_CLUSTERS, SAME_IN_EVERY_SET

ROUNDING = 1e-14  # of the largest value: a value no further than this from its arm's mean is at the mean

NO_HC3 = Reason("too_few_for_hc3", "HC3 needs two patients in each arm.")
NO_TWO_WAY = Reason("no_two_way_variance", "The two-way clustered variance is not above 0.")


@dataclass(frozen=True)
class Arms:
    """The weighted rows that have the outcome.

    values: float (n,).  treated: bool (n,).  weights: float (n,) > 0.
    cluster: int (n,) matched set of each row, or None with replacement (the sets overlap), when rows are independent.
    n_sets: matched sets of the sample that count for the outcome: R's vcovCL counts the levels of
        the factor `subclass`, and its HC1 factor is followed to the digit.
    """

    values: np.ndarray
    treated: np.ndarray
    weights: np.ndarray
    cluster: np.ndarray | None
    n_sets: int

    @property
    def complete(self) -> bool:
        """Whether both arms have a patient."""
        return bool(self.treated.any() and not self.treated.all())

    @cached_property
    def share(self) -> np.ndarray:
        """float (n,): a row's part of its arm's total weight; its leverage in the regression on the treatment."""
        total = np.where(self.treated, self.weights[self.treated].sum(), self.weights[~self.treated].sum())
        return self.weights / total

    def mean(self, arm: bool) -> float:
        """Weighted mean (or risk) of one arm (True: treated); of equal values exactly that value."""
        rows = self.treated == arm
        values = self.values[rows]
        origin = values[0] if len(values) else 0.0
        return float(origin + (self.share[rows] * (values - origin)).sum())

    @property
    def fewest(self) -> int:
        """Patients of the smaller arm."""
        return int(min(self.treated.sum(), (~self.treated).sum()))

    def effective_size(self, arm: bool) -> float:
        """(sum w)^2 / sum w^2 of one arm (True: treated) that has a patient."""
        return 1 / float((self.share[self.treated == arm] ** 2).sum())

    @cached_property
    def influence(self) -> np.ndarray:
        """float (n,): what each row adds to the deviation of its own arm's mean."""
        centre = np.where(self.treated, self.mean(True), self.mean(False))
        gap = self.values - centre
        gap[np.abs(gap) <= ROUNDING * np.abs(self.values).max(initial=0.0)] = 0.0
        return self.share * gap

    @cached_property
    def n_clusters(self) -> int:
        """Matched sets with the outcome in at least one patient."""
        return 0 if self.cluster is None else len(np.unique(self.cluster))

    @property
    def tested_by_set(self) -> bool:
        """Whether the sets are apart, so that tests by set and their exact limits stand beside these numbers."""
        return self.cluster is not None

    @property
    def df(self) -> int:
        """Degrees of freedom of t: sets with the outcome - 1, or rows - 2 with replacement."""
        return len(self.values) - 2 if self.cluster is None else self.n_clusters - 1

    @property
    def method(self) -> str:
        """How the standard error is made, in words."""
        kind = "HC3" if self.cluster is None else "clustered by set (HC1)"
        return f"weighted, SE {kind}, t with {max(self.df, 0)} df"

    @property
    def no_error_note(self) -> Reason:
        """Why there is no standard error at all."""
        return NO_HC3 if self.cluster is None else NO_CLUSTERS

    @property
    def zero_error_note(self) -> Reason:
        """Why the standard error is 0."""
        return SAME_IN_EVERY_SET if self.influence.any() else ALL_ALIKE

    def standard_error(self, scale_treated: float = 1.0, scale_control: float = 1.0) -> float:
        """SE of scale_treated x treated mean - scale_control x control mean.

        Clustered by set: HC1 as R sandwich::vcovCL, G/(G-1) x (n-1)/(n-2) with G = n_sets. Without clusters: HC3,
        residuals over 1 - leverage. A derivative as scale gives the delta method: the sandwich of the saturated glm.
        NaN with fewer than 2 sets or 3 rows, or when HC3 meets an arm of one.
        """
        signed = self.influence * np.where(self.treated, scale_treated, -scale_control)
        n = len(signed)
        if self.cluster is None:
            return _hc3(signed, self.share)
        if self.n_clusters < 2 or n < 3:
            return float("nan")
        per_set = np.bincount(np.unique(self.cluster, return_inverse=True)[1], weights=signed)
        factor = self.n_sets / (self.n_sets - 1) * (n - 1) / (n - 2)
        return float(np.sqrt(factor)) * clustered_size(per_set, signed)


@dataclass(frozen=True)
class ReusedArms(Arms):
    """The same comparison with a row for each time that a patient stands in a set, controls with weight 1/k of their
    set: what is clustered when controls serve several sets.

    cluster: int (n,) the set of each row.  person: int (n,), the patient of each row.
    Source: Austin and Cafri 2020, Stat Med 39:1623; R sandwich::vcovCL(cluster = ~ subclass + id, type = "HC1") on
    MatchIt::get_matches.
    """

    cluster: np.ndarray
    person: np.ndarray

    @property
    def tested_by_set(self) -> bool:
        """Never: the sets overlap."""
        return False

    @property
    def method(self) -> str:
        """How the standard error is made, in words."""
        return f"weighted, SE clustered on the control and on the set (two-way HC1), t with {max(self.df, 0)} df"

    @property
    def no_error_note(self) -> Reason:
        """Why there is no standard error at all."""
        return NO_CLUSTERS if self.n_clusters < 2 else NO_TWO_WAY

    def standard_error(self, scale_treated: float = 1.0, scale_control: float = 1.0) -> float:
        """SE of scale_treated x treated mean - scale_control x control mean: variance by set plus variance by person
        minus variance by row, each with G/(G-1), times (n-1)/(n-2). NaN with one set, or when the sum is below 0."""
        signed = self.influence * np.where(self.treated, scale_treated, -scale_control)
        n = len(signed)
        if self.n_clusters < 2 or n < 3:
            return float("nan")
        own = n / (n - 1) * float((signed**2).sum())
        both = _clustered(signed, self.cluster) + _clustered(signed, self.person) - own
        return float(np.sqrt((n - 1) / (n - 2) * both)) if both >= 0 else float("nan")


def _clustered(signed: np.ndarray, cluster: np.ndarray) -> float:
    labels, index = np.unique(cluster, return_inverse=True)
    per_cluster = np.bincount(index, weights=signed)
    return len(labels) / (len(labels) - 1) * float((per_cluster**2).sum())


def _hc3(signed: np.ndarray, leverage: np.ndarray) -> float:
    if (leverage >= 1).any():
        return float("nan")
    return float(np.sqrt(((signed / (1 - leverage)) ** 2).sum()))
