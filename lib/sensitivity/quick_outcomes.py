"""The headline numbers of an outcome: the default estimate with its interval, the published p and the p by set."""

from dataclasses import dataclass

import numpy as np

from ..cohort import Cohort
from ..design import Comparison
from ..inference.binary import mcnemar_pairs
from ..inference.binary_effects import marginal_estimates
from ..inference.continuous import mean_difference
from ..inference.followed import Course, Followed
from ..inference.frame import Frame
from ..inference.logrank import logrank
from ..inference.ranks import aligned_rank, signed_rank_pairs
from ..inference.results import Estimate
from ..inference.rows import NAN
from ..inference.sets import Blocks
from ..inference.stratified import events_null, set_counts
from ..inference.survival_effects import fit_cox, hazard_ratio
from ..inference.survival_tests import plain_logrank
from ..spec import Outcome

MEASURES = {"binary": "risk_difference", "continuous": "mean_difference", "survival": "hazard_ratio"}
PUBLISHED = {"binary": "mcnemar_pairs", "continuous": "wilcoxon_signed_rank_pairs", "survival": "logrank"}
BY_SET = {"binary": "exact_by_set", "continuous": "aligned_rank_by_set", "survival": "logrank_by_set"}


@dataclass(frozen=True)
class QuickOutcome:
    """measure: of MEASURES; estimate and 95% limits in its units, NaN where they do not exist.  p_published: of the
    test PUBLISHED; p_by_set: of the test BY_SET, NaN with replacement.  n_sets: the sets that the latter counts."""

    name: str
    measure: str
    estimate: float
    ci_low: float
    ci_high: float
    p_published: float
    p_by_set: float
    n_sets: int

    @classmethod
    def of(cls, name: str, estimate: Estimate, p_published: float, p_by_set: float, n_sets: int) -> "QuickOutcome":
        """From an estimate with its interval."""
        limits = estimate.estimate, estimate.ci_low, estimate.ci_high
        return cls(name, estimate.measure, *limits, p_published, p_by_set, n_sets)

    @property
    def null(self) -> float:
        """What no effect gives: 1 for a ratio, else 0."""
        return 1.0 if self.measure == "hazard_ratio" else 0.0


def quick_outcomes(cohort: Cohort, sample: Comparison, names: tuple[str, ...] = ()) -> tuple[QuickOutcome, ...]:
    """The outcomes of the spec in its order; only those named when names are given."""
    frame = Frame.of(cohort.rows, sample)
    return tuple(quick_outcome(cohort, frame, o) for o in cohort.outcome_specs if not names or o.name in names)


def quick_outcome(cohort: Cohort, frame: Frame, outcome: Outcome) -> QuickOutcome:
    """One outcome of one matched sample."""
    if outcome.kind == "survival":
        return _survival(cohort, frame, outcome)
    values = _column(cohort, outcome.name)[frame.rows]
    known = ~np.isnan(values)
    blocks, arms = frame.blocks(known), frame.arms(values, known)
    if outcome.kind == "binary":
        estimate, published = marginal_estimates(arms)[0], mcnemar_pairs(values, blocks).p_value
    else:
        estimate, published = mean_difference(arms), signed_rank_pairs(values, blocks).p_value
    by_set = NAN
    if _has_sets(frame, blocks):
        matched = values[blocks.row]
        by_set = _exact(matched, blocks) if outcome.kind == "binary" else aligned_rank(matched, blocks).p_value
    return QuickOutcome.of(outcome.name, estimate, published, by_set, blocks.n_sets)


def _has_sets(frame: Frame, blocks: Blocks) -> bool:
    return blocks.n_sets > 0 and frame.by_set


def _exact(event: np.ndarray, blocks: Blocks) -> float:
    counts = set_counts(event, blocks)
    return events_null(counts).minlike(int(counts.a.sum()))


def _survival(cohort: Cohort, frame: Frame, outcome: Outcome) -> QuickOutcome:
    course = Course.of(_column(cohort, f"{outcome.name}.time"), _column(cohort, f"{outcome.name}.event"))
    followed, blocks = Followed.of(course, frame), frame.blocks(course.known[frame.rows])
    estimate, by_set = hazard_ratio(fit_cox(followed), frame.by_set), NAN
    published = plain_logrank(followed).p_value if frame.grouped else NAN
    if _has_sets(frame, blocks):
        rows = frame.rows[blocks.row]
        by_set = logrank(course.time[rows], course.event[rows], blocks.treated, blocks.set_index).p_value
    return QuickOutcome.of(outcome.name, estimate, published, by_set, blocks.n_sets)


def _column(cohort: Cohort, name: str) -> np.ndarray:
    return cohort.outcomes[name].to_numpy(dtype=float)
