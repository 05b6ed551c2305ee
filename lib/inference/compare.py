"""All outcomes of one matched sample, in the spec's order."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from ..cohort import Cohort
from ..design import Comparison
from ..spec import Outcome
from .binary import binary_outcome
from .continuous import continuous_outcome
from .followed import Course, arm_patients
from .frame import Frame
from .results import OutcomeResult
from .survival import survival_outcome
from .survival_tables import moments_table


def compare_outcomes(cohort: Cohort, sample: Comparison, seed: int) -> tuple[OutcomeResult, ...]:
    """One result per outcome of the spec, in the spec's order.

    seed: for p-values that are simulated, because the arrangements of the labels are too many to look at each.
    """
    frame = _frame(cohort, sample, seed)
    return tuple(_compare(outcome, cohort, frame) for outcome in cohort.outcome_specs)


def compare_outcome(cohort: Cohort, sample: Comparison, outcome: Outcome, seed: int) -> OutcomeResult:
    """The result of one outcome, which may differ from the spec's of the same name in anything but what is read from
    the file: another horizon, say."""
    return _compare(outcome, cohort, _frame(cohort, sample, seed))


def _frame(cohort: Cohort, sample: Comparison, seed: int) -> Frame:
    return Frame.of(cohort.rows, sample, seed, cohort.design.to_numpy(dtype=float))


def _compare(outcome: Outcome, cohort: Cohort, frame: Frame) -> OutcomeResult:
    name, primary, whole = outcome.name, outcome.primary, cohort.eligible_treated
    if outcome.kind == "binary":
        return binary_outcome(name, primary, _column(cohort, name), whole, frame)
    if outcome.kind == "continuous":
        baseline = _column(cohort, f"{name}.baseline") if outcome.baseline else None
        return continuous_outcome(name, primary, _column(cohort, name), baseline, whole, frame)
    time, event = _column(cohort, f"{name}.time"), _column(cohort, f"{name}.event")
    return survival_outcome(outcome, time, event, whole, frame)


def survival_at(cohort: Cohort, sample: Comparison, outcome: Outcome, times: Sequence[float]) -> pd.DataFrame:
    """Survival in the four arms at any times, also beyond the horizon: SurvivalOutcome.moments, and nothing else made.

    outcome: a survival outcome of the spec.  times: above 0, in the outcome's unit.
    """
    time, event = _column(cohort, f"{outcome.name}.time"), _column(cohort, f"{outcome.name}.event")
    arms = arm_patients(Course.of(time, event), cohort.eligible_treated, Frame.of(cohort.rows, sample))
    return moments_table({arm: patients.curve for arm, patients in arms.items()}, np.array(times, dtype=float))


def _column(cohort: Cohort, name: str) -> np.ndarray:
    return cohort.outcomes[name].to_numpy(dtype=float)
