"""Missing outcomes and drop-outs, at their best and at their worst for the treated."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from ..cohort import Cohort
from ..design import Comparison
from ..errors import EstimationError
from ..inference.frame import Frame
from ..spec import Outcome
from .quick_outcomes import quick_outcome

CASES = {
    "known": "Known outcomes only",
    "best": "Best for the treated: their unknown had no event, unknown controls had one",
    "worst": "Worst for the treated: their unknown had the event, unknown controls had none",
    "all": "All unknown had the event",
    "none": "No unknown had the event",
}
GOOD_CASES = CASES | {
    "best": "Best for the treated: their unknown had the event, unknown controls had none",
    "worst": "Worst for the treated: their unknown had no event, unknown controls had one",
}
NUMBERS = ("estimate", "ci_low", "ci_high", "p_published", "p_by_set")


@dataclass(frozen=True)
class MissingOutcomes:
    """unknown_treated, unknown_control: matched patients whose outcome is missing (of survival: followed to neither
    the event nor the horizon).  cases: DataFrame [case, estimate, ci_low, ci_high, p_published, p_by_set], a row for
    each of CASES; only "known" when nothing is unknown.  event_good: whether the event is what one hopes for."""

    outcome: str
    measure: str
    unknown_treated: int
    unknown_control: int
    cases: pd.DataFrame
    event_good: bool = False


def missing_outcomes(cohort: Cohort, sample: Comparison, outcome: Outcome) -> MissingOutcomes:
    """A binary outcome whose missing values are filled in, or a survival outcome whose early ends of follow-up are
    taken as events at that time or as event-free to the horizon; each case analysed as ever.

    Raises EstimationError for a continuous outcome, and for a survival outcome without a horizon."""
    _require_extremes(outcome)
    frame = Frame.of(cohort.rows, sample)
    unknown = _unknown(cohort, outcome) & _matched(cohort, frame)
    treated = unknown & cohort.eligible_treated
    control = unknown & ~cohort.eligible_treated
    nobody = np.zeros(len(unknown), dtype=bool)
    good = outcome.good == "higher"
    filled = {"all": unknown, "none": nobody}
    filled = {"best": treated if good else control, "worst": control if good else treated} | filled
    rows = [("known", *_numbers(cohort, frame, outcome))]
    if unknown.any():
        completed = {case: _filled(cohort, outcome, unknown, hit) for case, hit in filled.items()}
        rows += [(case, *_numbers(known, frame, outcome)) for case, known in completed.items()]
    measure = quick_outcome(cohort, frame, outcome, quoted=True).measure
    return MissingOutcomes(
        outcome.name,
        measure,
        int(treated.sum()),
        int(control.sum()),
        pd.DataFrame(rows, columns=["case", *NUMBERS]),
        good,
    )


def _require_extremes(outcome: Outcome) -> None:
    if outcome.kind == "continuous":
        raise EstimationError(
            f'The continuous outcome "{outcome.name}" has no best and worst value.',
            "Look at a yes/no or survival outcome.",
        )
    if outcome.kind == "survival" and outcome.horizon is None:
        raise EstimationError(
            f'The survival outcome "{outcome.name}" has no horizon to follow drop-outs to.',
            "Set its horizon on the Data page.",
        )


def _matched(cohort: Cohort, frame: Frame) -> np.ndarray:
    """bool (N,), eligible patients who are matched."""
    matched = np.zeros(len(cohort.eligible_treated), dtype=bool)
    matched[frame.rows[frame.weights > 0]] = True
    return matched


def _unknown(cohort: Cohort, outcome: Outcome) -> np.ndarray:
    """bool (N,)."""
    if outcome.kind == "binary":
        return cohort.outcomes[outcome.name].isna().to_numpy()
    time, event = (cohort.outcomes[f"{outcome.name}.{part}"].to_numpy(float) for part in ("time", "event"))
    return np.isnan(time) | ((event == 0) & (time < outcome.horizon))


def _filled(cohort: Cohort, outcome: Outcome, unknown: np.ndarray, hit: np.ndarray) -> Cohort:
    """The cohort with every unknown outcome known: an event where `hit`, none elsewhere."""
    values = cohort.outcomes.copy()
    if outcome.kind == "binary":
        values.loc[unknown, outcome.name] = hit[unknown].astype(float)
    else:
        time, event = f"{outcome.name}.time", f"{outcome.name}.event"
        ended = values[time].fillna(outcome.horizon)  # nothing known of the follow-up: an event at its end
        horizon = np.full(len(hit), outcome.horizon, dtype=float)
        values.loc[unknown, time] = np.where(hit, ended, horizon)[unknown]
        values.loc[unknown, event] = hit[unknown].astype(float)
    return replace(cohort, outcomes=values)


def _numbers(cohort: Cohort, frame: Frame, outcome: Outcome) -> tuple[float, ...]:
    found = quick_outcome(cohort, frame, outcome, quoted=True)
    return tuple(getattr(found, number) for number in NUMBERS)
