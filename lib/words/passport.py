"""The passport of an analysis: the trial that it tries to be like, filled from the spec, component by component.

Components as in target trial emulation (Hernan and Robins, Am J Epidemiol 2016; TARGET, JAMA and BMJ 2025).
"""

from ..cohort import Cohort
from ..design import Comparison
from ..spec import AnalysisSpec, Outcome
from .cohort import rule_words
from .data import definitions
from .labels import Labels
from .numbers import capitalised, counted, listed
from .tables import TextTable

TITLE = "The trial this analysis tries to be like"
UNTOLD = "The file does not say; write it yourself."
ASSIGNED = (
    "Nobody was randomised. Treated and untreated are compared as if chance had decided within groups that were alike "
    "in "
)
TIME_ZERO = "Follow-up counts from the file's own time zero"


def passport(spec: AnalysisSpec, cohort: Cohort, comparison: Comparison, labels: Labels) -> TextTable:
    """Eligibility, strategies, assignment, time zero, follow-up, outcome, estimand, analysis."""
    rows = (
        ("Who could take part", _eligibility(spec, cohort)),
        ("What is compared", _strategies(cohort, labels, spec)),
        ("How treatment was assigned", ASSIGNED + _covariates(spec, labels)),
        ("When follow-up begins", _time_zero(spec, labels)),
        ("How long it lasts", _follow_up(spec, labels)),
        ("What counts as the outcome", _outcomes(spec, cohort)),
        ("Whose effect is asked for", _estimand(cohort, comparison)),
        ("How it is analysed", _analysis(comparison)),
    )
    return TextTable(TITLE, ("Component", "As specified here"), rows, alt="Target trial, component by component")


def _eligibility(spec: AnalysisSpec, cohort: Cohort) -> str:
    rules = [rule_words(rule) for rule in spec.eligibility]
    eligible = len(cohort.eligible_treated)
    said = f"Patients with {listed(rules)}" if rules else "Every patient of the file whose treatment is known"
    return f"{said}: {counted(eligible, 'patient')}. Analysed: {cohort.n:,} without a gap in the covariates."


def _strategies(cohort: Cohort, labels: Labels, spec: AnalysisSpec) -> str:
    column = labels.column(spec.columns.treatment or "").name
    treated = int(cohort.eligible_treated.sum())
    return (
        f"{column}: {cohort.treated_label} ({treated:,}) against {cohort.control_label} "
        f"({len(cohort.eligible_treated) - treated:,}). Write yourself: dose, timing, and what controls received."
    )


def _covariates(spec: AnalysisSpec, labels: Labels) -> str:
    names = [labels.column(name).name for name in spec.columns.covariates]
    return f"{listed(names)}." if names else "nothing: the sets were made elsewhere."


def _time_zero(spec: AnalysisSpec, labels: Labels) -> str:
    day = spec.columns.treatment_day
    told = f"{TIME_ZERO}; treatment began on the day in {labels.column(day).name}" if day else f"{TIME_ZERO}. {UNTOLD}"
    if spec.landmark is not None:
        told += f"; both groups start on day {spec.landmark:g}, with those still there (landmark)"
    return told if told.endswith(".") else f"{told}."


def _follow_up(spec: AnalysisSpec, labels: Labels) -> str:
    timed = [one for one in spec.outcomes if one.kind == "survival"]
    if not timed:
        return UNTOLD
    return " ".join(f"{capitalised(labels.column(one.name).name)}: {_until(one, labels)}." for one in timed)


def _until(one: Outcome, labels: Labels) -> str:
    unit = labels.column(one.name).unit
    return "all follow-up" if one.horizon is None else f"up to {one.horizon:g} {unit}".rstrip()


def _outcomes(spec: AnalysisSpec, cohort: Cohort) -> str:
    if not spec.outcomes:
        return "No outcome is named yet."
    _, *told = definitions(spec, cohort.treated_label, cohort.control_label)
    first = next((number for number, one in enumerate(spec.outcomes) if one.primary), None)
    if first is None:
        return f"No outcome is called primary. {' '.join(told)}"
    return f"Primary: {told[first]} Others: {len(told) - 1}."


def _estimand(cohort: Cohort, comparison: Comparison) -> str:
    if comparison.estimand == "ATO":
        return "The effect in patients who could have been in either group (ATO)."
    lost = int(cohort.eligible_treated.sum()) - comparison.n_matched(True)
    among = f", as far as they are compared ({lost:,} are not)" if lost else ""
    return f"The effect in the treated (ATT){among}."


def _analysis(comparison: Comparison) -> str:
    if not comparison.by_set:
        return f"{comparison.why_no_sets}, so intervals and p are those of large samples."
    how = "in proportion to the fitted odds of treatment" if comparison.moves == "fitted_odds" else "with equal chances"
    return (
        f"Within {counted(comparison.n_sets, 'matched set')}: the treated label moves inside each set {how}; p and "
        "interval come from the same moves."
    )
