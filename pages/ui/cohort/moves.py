"""Moving a column from one box of the Data page to another, and what can be done with an outcome there."""

from collections.abc import Sequence

from lib.errors import SpecError
from lib.questions import Question
from lib.spec import AnalysisSpec
from lib.table import Table, is_numeric
from pages.ui.cohort import roles

TREATMENT, ID, UNUSED = "Who was treated", "Patient id", "Not used"
COVARIATE, DESCRIBED = "Known before: match on it", "Known before: only show it"
AFTER = "What happened after"
PLACES = (TREATMENT, COVARIATE, DESCRIBED, AFTER, ID, UNUSED)
ROLE_OF = {
    TREATMENT: roles.TREATMENT,
    COVARIATE: roles.COVARIATE,
    DESCRIBED: roles.DESCRIBED,
    ID: roles.ID,
    UNUSED: roles.UNUSED,
}
GUESSED = {  # role of a guess -> box
    "id": ID,
    "treatment": TREATMENT,
    "covariate": COVARIATE,
    "outcome_binary": AFTER,
    "outcome_continuous": AFTER,
    "outcome_time": AFTER,
    "outcome_event": AFTER,
    "ignore": UNUSED,
}
ALONE = (TREATMENT, ID)  # one column stands there; the one before it leaves
CHANGE, PRIMARY, REMOVE = "Change it", "Make it the primary outcome", "Remove it"
ACTIONS = (CHANGE, PRIMARY, REMOVE)


def place_of(column: str, spec: AnalysisSpec) -> str:
    """The box in which a column stands."""
    columns = spec.columns
    singles = {columns.treatment: TREATMENT, columns.id: ID, columns.treatment_day: TREATMENT}
    if column in singles:
        return singles[column]
    if column in columns.covariates or column in columns.described:
        return COVARIATE if column in columns.covariates else DESCRIBED
    return AFTER if any(column in outcome.columns() for outcome in spec.outcomes) else UNUSED


def unused(names: Sequence[str], spec: AnalysisSpec) -> list[str]:
    """The columns that stand in no box, in file order."""
    return [name for name in names if place_of(name, spec) == UNUSED]


def moved(table: Table, spec: AnalysisSpec, column: str, place: str) -> AnalysisSpec:
    """The spec with a column in another box; open questions about the column go with it. Raises SpecError."""
    given = roles.roles_of(list(table.frame.columns), spec)
    given[column] = ROLE_OF.get(place) or _outcome_role(table, column)
    if place in ALONE:
        before = [name for name, role in given.items() if role == given[column] and name != column]
        given |= dict.fromkeys(before, roles.UNUSED)
    return without_answered(spec, roles.spec_of(given, list(spec.columns.categorical), spec), column)


def _outcome_role(table: Table, column: str) -> str:
    """Yes or no for two values, a number for numbers."""
    values = table.frame[column]
    if values.nunique() <= 2:
        return roles.BINARY
    if is_numeric(values):
        return roles.CONTINUOUS
    raise SpecError(
        f'Column "{column}" holds texts of more than two values, so it is no outcome by itself.',
        'Use "Add an outcome" to pair it with its time and to say which value is the event.',
    )


def with_action(spec: AnalysisSpec, name: str, action: str) -> AnalysisSpec:
    """The spec with an outcome made the primary one, or removed with the questions about its columns."""
    outcomes = [one.model_dump(mode="json") for one in spec.outcomes]
    if action == PRIMARY:
        return spec.replace(outcomes=[one | {"primary": one["name"] == name} for one in outcomes])
    gone = next(one for one in spec.outcomes if one.name == name)
    left = [one for one in spec.outcomes if one != gone]
    kept = {column for one in left for column in one.columns()}
    closed = {*gone.columns()} - kept
    return spec.replace(
        outcomes=[one for one in outcomes if one["name"] != name],
        questions=[question for question in spec.questions if question.column not in closed],
    )


def without_answered(before: AnalysisSpec, now: AnalysisSpec, moved: str | None = None) -> AnalysisSpec:
    """The spec now, without questions about columns that somebody has put into another box, nor about the treatment
    once somebody has chosen it.  moved: a column that was moved."""
    chosen = before.columns.treatment != now.columns.treatment

    def stays(question: Question) -> bool:
        if question.about == "treatment" and chosen:
            return False
        column = question.column
        return column is None or (column != moved and place_of(column, before) == place_of(column, now))

    return now.replace(questions=[question for question in now.questions if stays(question)])
