"""A landmark: only patients still there on a day, and treated by it, are compared; time counts from that day.

Anderson JR, Cain KC, Gelber RD. Analysis of survival by tumor response. J Clin Oncol 1983;1:710-719.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from ..errors import SpecError
from ..rounding import slack
from ..spec import AnalysisSpec, Outcome
from ..spec.parts import CohortPart
from ..words import counted, quoted
from .arms import Arms
from .columns import require_numbers


def survival_outcome(outcomes: Sequence[Outcome]) -> Outcome | None:
    """The survival outcome that tells who was still there when: the primary one, else the first."""
    found = sorted((o for o in outcomes if o.kind == "survival"), key=lambda outcome: not outcome.primary)
    return found[0] if found else None


def landmark_steps(
    frame: pd.DataFrame, spec: CohortPart | AnalysisSpec, arms: Arms, left: np.ndarray
) -> list[tuple[str, np.ndarray]]:
    """Steps of the flow with the rows that are left after each, bool (rows of the file,); none without a landmark.

    First those leave whose event or end of follow-up came before the landmark or is unknown (of both arms), then the
    treated who were treated after it or on an unknown day.  left: bool, who is left before.
    Raises SpecError without a survival outcome, DataError for times or days that are no numbers.
    """
    if spec.landmark is None:
        return []
    day = f"{spec.landmark:g}"
    time = _time(frame, spec)
    there = left & (time >= spec.landmark - slack(time))
    late = arms.treated & ~(treatment_days(frame, spec.columns.treatment_day) <= spec.landmark + slack(time))
    return [(f"Followed to day {day}", there), (f"Treated by day {day}", there & ~late)]


def treatment_days(frame: pd.DataFrame, name: str | None) -> np.ndarray:
    """float (n,): the day of treatment, NaN where unknown. Raises DataError for text."""
    if name is None:
        return np.full(len(frame), np.nan)
    require_numbers(frame[name], "a treatment day")
    return frame[name].to_numpy(dtype=float)


def from_landmark(outcomes: pd.DataFrame, specs: Sequence[Outcome], landmark: float | None) -> pd.DataFrame:
    """The outcomes (see Cohort) with survival times counted from the landmark; who had another outcome's event or left
    before it is missing in that outcome."""
    if landmark is None:
        return outcomes
    made = outcomes.copy()
    for name in (o.name for o in specs if o.kind == "survival"):
        whole = made[f"{name}.time"]
        there = whole >= landmark - slack(whole.to_numpy())
        made[f"{name}.time"] = (whole - landmark).clip(lower=0).where(there)
        made[f"{name}.event"] = made[f"{name}.event"].where(there)
    return made


def landmark_notes(before: pd.DataFrame, after: pd.DataFrame, spec: CohortPart, late: int) -> tuple[str, ...]:
    """What the landmark changed.  before, after: the outcomes with times from time zero and from the landmark.
    late: treated patients who left because they were treated later, or on an unknown day."""
    if spec.landmark is None:
        return ()
    day = f"{spec.landmark:g}"
    survival, others = [o.name for o in spec.outcomes if o.kind == "survival"], _others(spec)
    notes = [
        f"Landmark: survival times, horizons and moments of {quoted(survival)} count from day {day}; only patients "
        "still followed then are compared, and treated patients only when treated by then."
    ]
    if late:
        notes.append(
            f"{counted(late, 'treated patient')} treated after day {day}, or on an unknown day, left for the landmark; "
            "the comparison does not speak for them."
        )
    for name in survival:
        lost = int(before[f"{name}.time"].notna().sum() - after[f"{name}.time"].notna().sum())
        if lost:
            notes.append(
                f'Outcome "{name}" ended before day {day} in {counted(lost, "patient")}, who are missing in it.'
            )
    if others:
        notes.append(
            f"{quoted(others)}: as in the file, since no date says what came before the landmark and what after."
        )
    return tuple(notes)


def _others(spec: CohortPart) -> list[str]:
    return [o.name for o in spec.outcomes if o.kind != "survival"]


def _time(frame: pd.DataFrame, spec: CohortPart | AnalysisSpec) -> np.ndarray:
    outcome = survival_outcome(spec.outcomes)
    if outcome is None:
        raise SpecError(
            "A landmark needs a survival outcome that tells who was still there on that day.",
            "Add a survival outcome (days of follow-up, died or not), or remove `landmark`.",
        )
    require_numbers(frame[outcome.time], f'the survival outcome "{outcome.name}"')
    return frame[outcome.time].to_numpy(dtype=float)
