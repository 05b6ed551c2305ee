"""One specification in a few milliseconds: the steps of a whole run, without what a grid does not show.

Every number equals the one that lib.steps.run gives under the same spec, bit by bit; tests/sensitivity holds them
against each other.
"""

from dataclasses import dataclass

from ..steps import WORKER, Steps, Store
from .quick_outcomes import QuickOutcome, quick_outcomes


@dataclass(frozen=True)
class Quick:
    """What one specification gives.  matched_treated, matched_control: distinct patients.  max_abs_smd: the largest
    |SMD| after matching, infinite when some difference is, NaN without a covariate."""

    matched_treated: int
    matched_control: int
    max_abs_smd: float
    outcomes: tuple[QuickOutcome, ...]


def quick(steps: Steps, plain: bool = False) -> Quick:
    """The whole specification.  plain: as quick_outcomes.  Raises what `run` raises."""
    comparison = steps.comparison
    outcomes = quick_outcomes(steps.cohort, comparison, plain=plain)
    return Quick(comparison.n_matched(True), comparison.n_matched(False), steps.max_abs_smd, outcomes)


def worker_store() -> Store:
    """A store for many specifications of one table: cohorts and scores are shared, comparisons are not kept."""
    return Store(WORKER)
