"""Methods text: who was studied, how the columns were read, who was left out and why. Sentences in Markdown."""

from typing import TYPE_CHECKING

from ..cohort import AttritionStep, Cohort
from ..spec import AnalysisSpec, EligibilityRule
from ..spec.reading import Derived
from .cohort import RULES
from .labels import Labels
from .methods_text_markdown import md
from .methods_text_references import cite
from .numbers import counted, listed

if TYPE_CHECKING:
    from ..cohort.treatment_day import TreatmentTime

FIRST_ROWS = "Where an identifier stood in several rows, the first row was used."
ALL_ROWS = "Where an identifier stood in several rows, every row counted as a patient of its own."
STANDS = {"half": "half of the limit", "limit": "the limit", "zero": "0", "missing": "a missing value"}
MISSING = (
    "Patients without the treatment, a covariate or a matching column were left out (complete cases); nothing was "
    "imputed. A missing outcome removed nobody from the design."
)
MISSING_IN_SETS = (
    "For each outcome the matched sets in which a treated patient and a control had a value counted, with weights made "
    "anew over these patients."
)
MISSING_WEIGHTED = "For each outcome the patients with a value counted, with weights made anew over them."


def arms_sentence(cohort: Cohort, spec: AnalysisSpec, labels: Labels) -> str:
    """Which column told the arms apart."""
    column, treated, control = (
        md(text) for text in (labels.column(spec.columns.treatment).name, cohort.treated_label, cohort.control_label)
    )
    return f"Treated patients ({column}: {treated}) were compared with controls ({control})."


def eligibility_sentence(spec: AnalysisSpec, labels: Labels) -> str:
    """The rules, in the order in which they were applied."""
    if not spec.eligibility:
        return "No eligibility rule was applied by the program to the rows of the file."
    rules = [rule_words(rule, labels) for rule in spec.eligibility]
    return f"Eligible were patients with {listed(rules)}, applied in this order; a missing value did not pass a rule."


def rule_words(rule: EligibilityRule, labels: Labels) -> str:
    """ "Age at least 18"."""
    values = rule.value if isinstance(rule.value, tuple) else (rule.value,)
    said = listed([f"{value:g}" if isinstance(value, float) else md(value) for value in values])
    return f"{md(labels.column(rule.column).name)} {RULES[rule.op]} {said}"


def columns_sentences(spec: AnalysisSpec, labels: Labels) -> list[str]:
    """What was made of the columns before anything else."""
    columns, said = spec.columns, [_derived(one, labels) for one in spec.derived]
    for name, rule in columns.below_limit.items():
        what = md(labels.column(name).name)
        said.append(f"Values of {what} beyond a limit of detection were replaced by {STANDS[rule]}.")
    if columns.id is not None and columns.repeated_ids != "stop":
        said.append(FIRST_ROWS if columns.repeated_ids == "first" else ALL_ROWS)
    return said


def _derived(one: Derived, labels: Labels) -> str:
    names = [md(labels.column(name).name) for name in one.columns]
    made = md(labels.column(one.name).name)
    if one.kind == "days":
        return f"{made} is the number of days from {names[0]} to {names[1]}."
    return f"{made} is the first known value of {', '.join(names)}, in this order."


def landmark_sentence(spec: AnalysisSpec) -> str:
    """Empty without a landmark."""
    if spec.landmark is None:
        return ""
    day = f"{spec.landmark:g}"
    return (
        f"A landmark analysis{cite('anderson1983')} was made at day {day}: only patients still followed then, and "
        f"treated patients treated by then, were compared, and survival times count from day {day}."
    )


def time_sentence(found: "TreatmentTime | None") -> str:
    """When treatment began, and which controls were no longer there; that nobody said so where nobody did."""
    if found is None:
        return (
            "No column with the day of treatment was given, so whether controls were still there to be treated on that "
            "day (immortal time) was not checked."
        )
    return md(found.sentence)


def missing_sentences(by_set: bool) -> list[str]:
    """How gaps were handled.  by_set: whether the comparison has sets that are apart."""
    return [MISSING, MISSING_IN_SETS if by_set else MISSING_WEIGHTED]


def flow_sentences(cohort: Cohort) -> list[str]:
    """Results: how many are left after each step."""
    first, *later = cohort.attrition
    said = [f"The file held {_arms(first)}{_unknown(first)}."]
    before = first
    for step in later:
        where = f"After the step “{md(step.step)}”"
        same = (step.treated, step.control) == (before.treated, before.control)
        gone = ", nobody fewer" if same else _gone(before, step)
        said.append(f"{where} {_arms(step)} were left{gone}{_unknown(step)}.")
        before = step
    return said


def _arms(step: AttritionStep) -> str:
    return f"{counted(step.treated, 'treated patient')} and {counted(step.control, 'control')}"


def _gone(before: AttritionStep, after: AttritionStep) -> str:
    return f" ({before.treated - after.treated:,} and {before.control - after.control:,} fewer)"


def _unknown(step: AttritionStep) -> str:
    return f", and {counted(step.unknown, 'row')} of neither arm" if step.unknown else ""


def gaps_sentence(cohort: Cohort, labels: Labels) -> str:
    """Results: which covariates were missing in how many of either arm; empty without covariates."""
    rows = cohort.missing_by_covariate
    if rows.empty:
        return ""
    gaps = [
        f"{md(labels.column(str(name)).name)} {treated:,} and {control:,}"
        for name, treated, control in rows.itertuples(index=False)
        if treated or control
    ]
    if not gaps:
        return "No eligible patient lacked a covariate."
    return f"Eligible treated patients and controls without a value: {'; '.join(gaps)}."
