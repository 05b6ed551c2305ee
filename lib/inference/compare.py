"""All outcomes of one matched sample, in the spec's order."""

from collections.abc import Collection, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from ..cohort import Cohort
from ..design import Comparison
from ..design.moves import odds_inside_sets
from ..spec import Outcome
from .binary import binary_outcome
from .continuous import continuous_outcome
from .data import TimeData, ValueData
from .followed import Course, arm_patients
from .frame import Frame
from .missing_by_event import missing_by_event, stay_beside_deaths, worst_of
from .notes import Reason, once
from .registry import ROLES
from .results import BinaryOutcome, ContinuousOutcome, OutcomeResult
from .survival import survival_outcome
from .survival_tables import moments_table

ValueOutcome = BinaryOutcome | ContinuousOutcome


def compare_outcomes(
    cohort: Cohort, sample: Comparison, seed: int, roles: Collection[str] = ROLES
) -> tuple[OutcomeResult, ...]:
    """One result per outcome of the spec, in the spec's order.

    seed: for p-values that are simulated, because the arrangements of the labels are too many to look at each.
    roles: of the tests to make (lib.inference.registry), all when not said.
    """
    frame = _frame(cohort, sample, seed)
    return tuple(_compare(outcome, cohort, frame, roles) for outcome in cohort.outcome_specs)


def compare_outcome(cohort: Cohort, sample: Comparison, outcome: Outcome, seed: int) -> OutcomeResult:
    """The result of one outcome, which may differ from the spec's of the same name in anything but what is read from
    the file: another horizon, say."""
    return _compare(outcome, cohort, _frame(cohort, sample, seed), ROLES)


def _frame(cohort: Cohort, sample: Comparison, seed: int) -> Frame:
    frame = Frame.of(cohort.rows, sample, seed, cohort.covariate_matrix.to_numpy(dtype=float))
    return replace(frame, inside=odds_inside_sets(sample))


def _compare(outcome: Outcome, cohort: Cohort, frame: Frame, roles: Collection[str]) -> OutcomeResult:
    data = data_of(outcome, cohort, frame)
    if isinstance(data, TimeData):
        return survival_outcome(outcome, data, roles)
    said = [*missing_by_event(cohort, outcome, frame), *stay_beside_deaths(cohort, outcome, frame)]
    return _with_reasons(_of_values(outcome, cohort, data, roles), said)


def _of_values(outcome: Outcome, cohort: Cohort, data: ValueData, roles: Collection[str]) -> ValueOutcome:
    if outcome.kind == "binary":
        return binary_outcome(outcome.name, outcome.primary, data, roles)
    baseline = _column(cohort, f"{outcome.name}.baseline") if outcome.baseline else None
    return continuous_outcome(outcome.name, outcome.primary, data, baseline, roles)


def _with_reasons(result: ValueOutcome, why: list[Reason]) -> ValueOutcome:
    """The result with what other outcomes say of its values."""
    return replace(result, notes=once([*(reason.about(result.name) for reason in why), *result.notes]))


def data_of(outcome: Outcome, cohort: Cohort, frame: Frame) -> ValueData | TimeData:
    """What the tests and effects of an outcome read; nothing is computed before it is asked for."""
    whole = cohort.eligible_treated
    if outcome.kind != "survival":
        worst = worst_of(cohort, outcome) if outcome.kind == "continuous" else None
        return ValueData(_column(cohort, outcome.name), whole, frame, worst=worst, high_is_good=outcome.good != "lower")
    causes = 1 + len(outcome.competing_values)
    return TimeData(_course(cohort, outcome), outcome.horizon, whole, frame, causes)


def _course(cohort: Cohort, outcome: Outcome) -> Course:
    return Course.of(*(_column(cohort, f"{outcome.name}.{part}") for part in ("time", "event")))


def survival_at(cohort: Cohort, sample: Comparison, outcome: Outcome, times: Sequence[float]) -> pd.DataFrame:
    """Survival in the four arms at any times, also beyond the horizon: SurvivalOutcome.moments, and nothing else made.

    outcome: a survival outcome of the spec.  times: above 0, in the outcome's unit.
    """
    course = _course(cohort, outcome)
    frame = Frame.of(cohort.rows, sample).of_known(course.known[cohort.rows])
    arms = arm_patients(course, cohort.eligible_treated, frame)
    return moments_table({arm: patients.curve for arm, patients in arms.items()}, np.array(times, dtype=float))


def _column(cohort: Cohort, name: str) -> np.ndarray:
    return cohort.outcomes[name].to_numpy(dtype=float)
