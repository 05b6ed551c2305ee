"""A first spec from what a file alone tells, with a question for everything that it does not tell."""

import pandas as pd

from ..cohort.arms import same_level
from ..questions import Question
from ..spec import MAX_RATIO, AnalysisSpec
from ..table import Table, text_values
from ..words import counted, quoted
from . import after, choose
from .before import BEFORE
from .columns import ROLES, Guess, Roles, event_value, find_roles, guess_roles, role_question
from .evidence import deaths
from .facts import MOST_LEVELS, Facts
from .persons import id_questions
from .vocabulary import MOMENT, moment, words

__all__ = ["ROLES", "Guess", "guess_roles", "guess_spec"]
USUAL_RATIO = 3
LIMIT_RULES = ("half", "limit", "zero", "missing")


def guess_spec(table: Table) -> AnalysisSpec:
    """A first spec from guess_roles; no caliper, which could cost a treated patient before anybody chose it.

    `questions` holds what could not be decided; without a column for the treatment `columns.treatment` is empty.
    """
    roles = find_roles(table)
    treatment = roles.treatment
    covariates = roles.having("covariate")
    outcomes, event_questions = _outcomes(roles)
    questions = (
        *treatment.questions,
        *event_questions,
        *roles.survival.questions,
        *id_questions(table.frame, roles.person, treatment.column),
        *table.questions,
        *_limit_questions(table, roles),
        *role_question(roles.unknown),
    )
    return AnalysisSpec.from_dict(
        {
            "questions": [question.model_dump() for question in questions],
            "derived": [
                one.model_dump() for pair in roles.survival.pairs for one in roles.survival.parts_of(pair.time)
            ],
            "columns": {
                "id": roles.person,
                "treatment": treatment.column,
                "treated_value": treatment.treated,
                "covariates": covariates,
                "categorical": [name for name in covariates if _unordered(roles.facts[name])],
                "labels": dict(table.labels),
                "units": dict(table.units),
                "treatment_day": _treatment_day(roles),
            },
            "matching": {"ratio": usual_ratio(table, treatment.column, treatment.treated), "caliper": None},
            "outcomes": outcomes,
        }
    )


def usual_ratio(table: Table, treatment: str, treated: str | None) -> int:
    """As many controls per treated patient as there are, at most USUAL_RATIO; 1 while the arms are not known."""
    if not treatment or treated is None:
        return 1
    values = pd.Series(text_values(table.frame[treatment])).dropna()
    n_treated = int((values == same_level(treated, [treated])).sum())
    return int(min(USUAL_RATIO, MAX_RATIO, max(1, (len(values) - n_treated) // n_treated)))


def _unordered(fact: Facts) -> bool:
    """Whether a covariate is a factor: text always, whole numbers only when their name says that they are codes."""
    return not fact.numeric or (fact.whole and 2 < fact.distinct <= MOST_LEVELS and bool(fact.find(choose.UNORDERED)))


def _treatment_day(roles: Roles) -> str | None:
    """The column with the day of treatment: named so, numbers, and known in one arm only."""
    one_arm = [name for name, guess in roles.given.items() if guess.why == "known in one group only"]
    named = [name for name in one_arm if roles.facts[name].find(choose.GROUPS, choose.GIVEN)]
    days = [name for name in named if roles.facts[name].numeric and roles.facts[name].find(after.LENGTH, after.TIME)]
    return days[0] if len(days) == 1 else None


def _outcomes(roles: Roles) -> tuple[list[dict], list[Question]]:
    """Outcomes in file order, survival last, and what is open about their events; the first event is the primary
    one."""
    outcomes: list[dict] = []
    questions: list[Question] = []
    for name, guess in roles.given.items():
        if guess.role == "outcome_binary":
            event, asked = event_settings(roles.facts[name])
            outcomes.append({"name": name, "kind": "binary", "column": name, **event})
            questions += asked
        if guess.role == "outcome_continuous":
            baseline = _baseline_of(name, roles.having("covariate"))
            outcomes.append({"name": name, "kind": "continuous", "column": name, "baseline": baseline})
    for pair in roles.survival.pairs:
        event, asked = event_settings(roles.facts[pair.event])
        free = "survival" not in {outcome["name"] for outcome in outcomes}
        name = "survival" if free else f"survival: {pair.time}"
        outcomes.append({"name": name, "kind": "survival", "time": pair.time, "event": pair.event, **event})
        questions += asked
    primary = next((o for o in outcomes if o["kind"] != "continuous"), outcomes[0] if outcomes else None)
    if primary is not None:
        primary["primary"] = True
    return outcomes, list({question.column: question for question in questions}.values())


def event_settings(fact: Facts) -> tuple[dict[str, str | None], list[Question]]:
    """The settings of an outcome that say which value is the event, and the question where nobody can know."""
    name = fact.name
    if fact.distinct == 1:
        text = f'"{name}" holds only {quoted(fact.levels)} and is empty in {counted(fact.rows - fact.n, "row")}. '
        text += "Does empty mean that nothing happened, or that it is not known?"
        question = Question(about="event", column=name, candidates=("no_event", "missing"), text=text)
        return {"event_value": fact.levels[0], "empty": "no_event"}, [question]
    found = event_value(fact)
    if found is not None:
        return {"event_value": found}, []
    dead = deaths(fact)
    candidates = dead if len(dead) > 1 and not fact.binary else fact.levels
    if fact.distinct > 2 and fact.numeric:
        candidates = tuple(level for level in fact.levels if level != "0")
    text = f'Which value of "{name}" means that it happened?'
    return {"event_value": None}, [Question(about="event", column=name, candidates=tuple(candidates), text=text)]


def _limit_questions(table: Table, roles: Roles) -> list[Question]:
    """What stands for values beyond a detection limit, column by column."""
    asked = {question.column for question in table.questions if question.about == "number"}
    names = [name for name in roles.given if name in table.limited and name not in asked]
    text = (
        'What stands for the values beyond the limit of detection in "{}": half of the limit, the limit, 0 or missing?'
    )
    return [Question(about="number", column=n, candidates=LIMIT_RULES, text=text.format(n)) for n in names]


def _baseline_of(name: str, covariates: tuple[str, ...]) -> str | None:
    """The covariate that is the same measurement at day 0: "crp" or "crp_d0" for "crp_day7"."""
    if moment(name) is None:
        return None
    stem = _stem(name)
    return next(
        (covariate for covariate in covariates if moment(covariate) in (None, 0) and _stem(covariate) == stem), None
    )


def _stem(name: str) -> tuple[str, ...]:
    return tuple(word for word in words(name) if not MOMENT.fullmatch(word) and word not in BEFORE.text.split())
