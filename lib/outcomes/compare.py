"""All outcomes of one matched sample, in the spec's order."""

import numpy as np

from lib.cohort import Cohort
from lib.matching.sample import MatchedSample
from lib.outcomes.binary import binary_outcome
from lib.outcomes.continuous import continuous_outcome
from lib.outcomes.frame import Frame
from lib.outcomes.results import OutcomeResult
from lib.outcomes.survival import survival_outcome
from lib.spec import Outcome


def compare_outcomes(cohort: Cohort, sample: MatchedSample, seed: int) -> tuple[OutcomeResult, ...]:
    """One result per outcome of the spec, in the spec's order.

    seed: for p-values that are simulated, because the arrangements of the labels are too many to look at each.
    """
    frame = Frame.of(cohort.rows, sample, seed)
    return tuple(_compare(outcome, cohort, frame) for outcome in cohort.outcome_specs)


def compare_outcome(cohort: Cohort, sample: MatchedSample, outcome: Outcome, seed: int) -> OutcomeResult:
    """The result of one outcome, which may differ from the spec's of the same name in anything but what is read from
    the file: another horizon, say."""
    return _compare(outcome, cohort, Frame.of(cohort.rows, sample, seed))


def _compare(outcome: Outcome, cohort: Cohort, frame: Frame) -> OutcomeResult:
    name, primary, whole = outcome.name, outcome.primary, cohort.eligible_treated
    if outcome.kind == "binary":
        return binary_outcome(name, primary, _column(cohort, name), whole, frame)
    if outcome.kind == "continuous":
        baseline = _column(cohort, f"{name}.baseline") if outcome.baseline else None
        return continuous_outcome(name, primary, _column(cohort, name), baseline, whole, frame)
    time, event = _column(cohort, f"{name}.time"), _column(cohort, f"{name}.event")
    return survival_outcome(name, primary, time, event, outcome.horizon, whole, frame)


def _column(cohort: Cohort, name: str) -> np.ndarray:
    return cohort.outcomes[name].to_numpy(dtype=float)
