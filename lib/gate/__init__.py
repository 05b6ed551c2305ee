"""The one gate for data: a table and a spec become a Cohort, or one sentence says why not."""

import hashlib
import json

import numpy as np
import pandas as pd

from lib.cohort import MISSING_COLUMNS, AttritionStep, Cohort
from lib.errors import DataError
from lib.gate.arms import Arms, find_arms
from lib.gate.columns import check_ids, matching_columns, require_columns, text_ids
from lib.gate.covariates import check_covariate_columns, covariate_frame, design_frame, known_values
from lib.gate.eligibility import rule_holds
from lib.gate.outcomes import outcome_frame
from lib.gate.privacy import privacy_warnings
from lib.spec import AnalysisSpec, as_text
from lib.table import Table

__all__ = ["build_cohort", "privacy_warnings"]


def build_cohort(table: Table, spec: AnalysisSpec) -> Cohort:
    """Check the table against the spec and keep the eligible and analysed patients.

    Order: treatment known, each eligibility rule, matching columns known, covariates complete; one AttritionStep each
    (the first and third only where rows go). Outcomes never drop a row. Raises DataError or SpecError.
    """
    frame, columns = table.frame, spec.columns
    require_columns(frame, spec)
    known = frame[columns.treatment].notna().to_numpy()
    masks = _eligibility_masks(frame, spec, known)
    eligible_rows = np.flatnonzero(masks[-1][1])
    arms = find_arms(frame[columns.treatment], masks[-1][1], columns.treated_value)
    steps = [_step(label, arms, mask) for label, mask in masks]
    _require_both_arms(steps)
    eligible = frame if len(eligible_rows) == len(frame) else frame.iloc[eligible_rows].reset_index(drop=True)
    treated = arms.treated[eligible_rows]
    check_ids(eligible, columns.id)
    check_covariate_columns(eligible, spec)
    lacking = known_values(eligible, columns.covariates)
    complete, late = _complete_rows(eligible, treated, lacking, spec)
    steps += late
    _require_both_arms(steps)
    rows = np.flatnonzero(complete)
    covariates = covariate_frame(eligible, rows, columns)
    outcomes, outcome_notes = outcome_frame(frame, eligible, eligible_rows, spec.outcomes)
    return Cohort(
        eligible=eligible, eligible_treated=treated, rows=rows,
        covariates=covariates, design=design_frame(covariates, columns),
        matching_columns=matching_columns(eligible, rows, spec.matching), outcomes=outcomes,
        person_id=text_ids(eligible, rows, columns.id, eligible_rows),
        attrition=tuple(steps), columns=columns, outcome_specs=spec.outcomes,
        treated_label=arms.treated_label, control_label=arms.control_label,
        digest=_digest(table, spec), notes=table.notes + outcome_notes + _eligibility_notes(spec),
        missing_by_covariate=_missing_by_covariate(lacking, treated),
    )


def _eligibility_masks(frame: pd.DataFrame, spec: AnalysisSpec, known: np.ndarray) -> list[tuple[str, np.ndarray]]:
    """[(step, rows left)], cumulative over the rows of the file."""
    masks = [("In the file", np.ones(len(frame), dtype=bool))]
    if not known.all():
        masks.append(("Treatment known", known))
    for rule in spec.eligibility:
        before = masks[-1][1]
        after = before & rule_holds(frame[rule.column], rule)
        if before.any() and not after.any():
            raise DataError(f'No patient is left after the eligibility rule "{rule.label()}".', "Loosen or remove it.")
        masks.append((rule.label(), after))
    return masks


def _complete_rows(eligible: pd.DataFrame, treated: np.ndarray, lacking: dict[str, np.ndarray],
                   spec: AnalysisSpec) -> tuple[np.ndarray, list[AttritionStep]]:
    """bool (N,) of the patients with every matching column and covariate, and the steps that lost the others."""
    complete, steps = np.ones(len(eligible), dtype=bool), []
    names = dict.fromkeys((*spec.matching.exact, *spec.matching.covariate_calipers))
    others = [name for name in names if name not in lacking]
    for missing in known_values(eligible, tuple(others)).values():
        complete &= ~missing
    if not complete.all():
        steps.append(_count("Matching columns known", treated, complete))
    for missing in lacking.values():
        complete &= ~missing
    if lacking:
        steps.append(_count("Covariates complete", treated, complete))
    return complete, steps


def _step(label: str, arms: Arms, mask: np.ndarray) -> AttritionStep:
    treated = int((mask & arms.treated).sum())
    control = int((mask & arms.control).sum())
    return AttritionStep(label, treated, control, int(mask.sum()) - treated - control)


def _count(label: str, treated: np.ndarray, mask: np.ndarray) -> AttritionStep:
    both = int((mask & treated).sum())
    return AttritionStep(label, both, int(mask.sum()) - both)


def _require_both_arms(steps: list[AttritionStep]) -> None:
    """Raise DataError naming the step that emptied an arm."""
    last = steps[-1]
    if last.treated and last.control:
        return
    arm = "treated" if not last.treated else "control"
    lost = next((s.step for s in steps if not (s.treated if arm == "treated" else s.control)), last.step)
    raise DataError(
        f'No {arm} patient is left after the step "{lost}".',
        "Use fewer covariates or covariates with fewer gaps, or loosen the eligibility rules.",
    )


def _missing_by_covariate(lacking: dict[str, np.ndarray], treated: np.ndarray) -> pd.DataFrame:
    rows = [(name, int((gap & treated).sum()), int((gap & ~treated).sum())) for name, gap in lacking.items()]
    return pd.DataFrame(rows, columns=list(MISSING_COLUMNS))


def _eligibility_notes(spec: AnalysisSpec) -> tuple[str, ...]:
    """Selecting patients on what happened to them biases every comparison: say so."""
    outcome_columns = {name for outcome in spec.outcomes for name in outcome.columns()}
    return tuple(
        f'The eligibility rule "{rule.label()}" selects patients by an outcome, which can bias the comparison.'
        for rule in spec.eligibility
        if rule.column in outcome_columns
    )


def _digest(table: Table, spec: AnalysisSpec) -> str:
    """SHA-256 of every row and of the settings that decide who and what is analysed."""
    matching = spec.matching
    used = {
        "columns": spec.columns.model_dump(mode="json"),
        "eligibility": [rule.model_dump(mode="json") for rule in spec.eligibility],
        "missing": spec.missing,
        "matching_columns": [list(matching.exact), sorted(matching.covariate_calipers)],
        "outcomes": [outcome.model_dump(mode="json") for outcome in spec.outcomes],
    }
    text = json.dumps(used, sort_keys=True, ensure_ascii=False, default=as_text)
    return hashlib.sha256(f"{table.digest}\n{text}".encode()).hexdigest()
