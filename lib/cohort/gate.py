"""The one gate for data: a table and a spec become a Cohort, or one sentence says why not."""

from ..spec import AnalysisSpec
from ..spec.parts import CohortPart
from ..table import Table
from .columns import matching_columns, require_columns, text_ids
from .covariates import check_covariate_columns, covariate_frame, covariate_matrix
from .flow import Screened, complete_cases, screen
from .landmark import from_landmark, landmark_notes
from .model import Cohort
from .outcomes import event_notes, outcome_frame
from .privacy import privacy_warnings
from .repeated import check_ids, repeated_notes
from .sets import check_sets
from .treatment_day import check_treatment_day

__all__ = ["build_cohort", "privacy_warnings"]


def build_cohort(table: Table, asked: AnalysisSpec | CohortPart) -> Cohort:
    """Check the table against the spec and keep the eligible and analysed patients.

    Order: the first row of each patient (where the spec asks for it), treatment known, each eligibility rule, the two
    steps of a landmark, matching columns known, covariates complete; one AttritionStep each (treatment and matching
    columns only where rows go). Outcomes drop a row by a landmark alone, a set made elsewhere never. Raises DataError
    or SpecError.
    """
    spec = CohortPart.of(asked) if isinstance(asked, AnalysisSpec) else asked
    frame, columns = table.frame, spec.columns
    require_columns(frame, spec)
    screened = screen(frame, spec)
    whole = len(screened.rows) == len(frame)
    eligible = frame if whole else frame.iloc[screened.rows].reset_index(drop=True)
    check_ids(eligible, screened.treated, columns)
    notes = check_treatment_day(eligible, screened.treated, columns)
    if spec.set_column is not None:
        check_sets(frame[spec.set_column], screened.arms)
    check_covariate_columns(eligible, spec)
    completed = complete_cases(eligible, screened, spec)
    covariates = covariate_frame(eligible, completed.rows, columns)
    as_in_file = outcome_frame(frame, screened.rows, spec.outcomes)
    outcomes = from_landmark(as_in_file, spec.outcomes, spec.landmark)
    notes += repeated_notes(frame, eligible, columns) + landmark_notes(
        as_in_file, outcomes, spec, _late(screened, spec)
    )
    return Cohort(
        eligible=eligible,
        eligible_treated=screened.treated,
        rows=completed.rows,
        covariates=covariates,
        covariate_matrix=covariate_matrix(covariates, columns),
        matching_columns=matching_columns(eligible, completed.rows, spec),
        outcomes=outcomes,
        person_id=text_ids(eligible, completed.rows, columns, screened.rows),
        attrition=screened.steps + completed.steps,
        columns=columns,
        outcome_specs=spec.outcomes,
        treated_label=screened.arms.treated_label,
        control_label=screened.arms.control_label,
        missing_by_covariate=completed.missing,
        notes=table.notes + notes + event_notes(frame, screened.rows, spec.outcomes) + _eligibility_notes(spec),
        landmark=spec.landmark,
    )


def _late(screened: Screened, spec: CohortPart) -> int:
    """Treated patients whom the last step, that of a landmark, left out."""
    return 0 if spec.landmark is None else screened.steps[-2].treated - screened.steps[-1].treated


def _eligibility_notes(spec: CohortPart) -> tuple[str, ...]:
    """Selecting patients on what happened to them biases every comparison: say so."""
    outcome_columns = {name for outcome in spec.outcomes for name in outcome.columns()}
    return tuple(
        f'The eligibility rule "{rule.label()}" selects patients by an outcome, which can bias the comparison.'
        for rule in spec.eligibility
        if rule.column in outcome_columns
    )
