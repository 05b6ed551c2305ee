"""Who stays at each step, from the rows of the file to the patients analysed; each step is counted by arm."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..errors import DataError
from ..spec import AnalysisSpec
from ..spec.parts import CohortPart
from .arms import Arms, find_arms
from .eligibility import rule_holds
from .landmark import landmark_steps
from .model import MISSING_COLUMNS, AttritionStep
from .repeated import FIRST_STEP, first_rows


@dataclass(frozen=True)
class Screened:
    """The eligible. rows: int (N,), their positions in the file. treated: bool (N,). steps: from the file to here."""

    rows: np.ndarray
    treated: np.ndarray
    arms: Arms
    steps: tuple[AttritionStep, ...]


@dataclass(frozen=True)
class Completed:
    """The analysed. rows: int (n,), their positions among the eligible. missing: as Cohort.missing_by_covariate."""

    rows: np.ndarray
    steps: tuple[AttritionStep, ...]
    missing: pd.DataFrame


@dataclass(frozen=True)
class _Stage:
    """mask: bool (rows of the file,), who is left after `step`."""

    step: str
    mask: np.ndarray


def screen(frame: pd.DataFrame, spec: CohortPart | AnalysisSpec) -> Screened:
    """Rows with a known treatment that pass every eligibility rule and the landmark. Raises DataError when an arm is
    left empty, SpecError for a landmark without a survival outcome."""
    stages = _stages(frame, spec)
    left = stages[-1].mask
    arms = find_arms(frame[spec.columns.treatment], left, spec.columns.treated_value)
    stages += [_Stage(step, mask) for step, mask in landmark_steps(frame, spec, arms, left)]
    left = stages[-1].mask
    steps = tuple(_step(stage, arms) for stage in stages)
    _require_both_arms(steps)
    rows = np.flatnonzero(left)
    return Screened(rows, arms.treated[rows], arms, steps)


def _stages(frame: pd.DataFrame, spec: CohortPart | AnalysisSpec) -> list[_Stage]:
    """Cumulative: each stage keeps some rows of the one before."""
    stages, columns = [_Stage("In the file", np.ones(len(frame), dtype=bool))], spec.columns
    if columns.repeated_ids == "first" and columns.id is not None:
        stages.append(_Stage(FIRST_STEP, first_rows(frame[columns.id])))
    known = frame[columns.treatment].notna().to_numpy()
    if not known.all():
        stages.append(_Stage("Treatment known", stages[-1].mask & known))
    for rule in spec.eligibility:
        before = stages[-1].mask
        after = before & rule_holds(frame[rule.column], rule)
        if before.any() and not after.any():
            raise DataError(f'No patient is left after the eligibility rule "{rule.label()}".', "Loosen or remove it.")
        stages.append(_Stage(rule.label(), after))
    return stages


def _step(stage: _Stage, arms: Arms) -> AttritionStep:
    treated, control = int((stage.mask & arms.treated).sum()), int((stage.mask & arms.control).sum())
    return AttritionStep(stage.step, treated, control, int(stage.mask.sum()) - treated - control)


def complete_cases(eligible: pd.DataFrame, screened: Screened, spec: CohortPart) -> Completed:
    """Patients with every matching column (a step of its own where it loses some) and every covariate.

    Raises DataError naming the step that leaves an arm without any patient.
    """
    covariates = list(spec.columns.covariates)
    matched_on = [*spec.exact, *spec.calipered]
    lacking = eligible[covariates].isna()
    complete = np.all(eligible[[name for name in matched_on if name not in covariates]].notna().to_numpy(), axis=1)
    steps = [] if complete.all() else [_count("Matching columns known", screened.treated, complete)]
    complete = complete & ~np.any(lacking.to_numpy(), axis=1)
    if covariates:
        steps.append(_count("Covariates complete", screened.treated, complete))
    _require_both_arms((*screened.steps, *steps))
    return Completed(np.flatnonzero(complete), tuple(steps), _missing(lacking, screened.treated))


def _count(step: str, treated: np.ndarray, mask: np.ndarray) -> AttritionStep:
    both = int((mask & treated).sum())
    return AttritionStep(step, both, int(mask.sum()) - both)


def _missing(lacking: pd.DataFrame, treated: np.ndarray) -> pd.DataFrame:
    """lacking: bool (N, p)."""
    counts = [
        (name, int((gap & treated).sum()), int((gap & ~treated).sum()))
        for name, gap in ((name, lacking[name].to_numpy()) for name in lacking)
    ]
    return pd.DataFrame(counts, columns=list(MISSING_COLUMNS))


def _require_both_arms(steps: tuple[AttritionStep, ...]) -> None:
    for step in steps:
        if not (step.treated and step.control):
            arm = "control" if step.treated else "treated"
            raise DataError(
                f'No {arm} patient is left after the step "{step.step}".',
                "Use fewer covariates or covariates with fewer gaps, or loosen the eligibility rules.",
            )
