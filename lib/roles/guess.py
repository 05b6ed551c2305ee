"""A first guess of what each column is, from its name and its values. Made to be corrected: in doubt a column is no
covariate, because an outcome among the covariates spoils the analysis and a forgotten covariate is easily added."""

from dataclasses import dataclass

import pandas as pd

from ..cohort.arms import same_level
from ..errors import DataError
from ..spec import MAX_RATIO, AnalysisSpec
from ..table import Table, is_numeric, sorted_levels, text_values
from . import vocabulary as vocabulary
from .facts import MOST_LEVELS, Facts, column_facts
from .vocabulary import MOMENT, moment, words

ROLES = (
    "id",
    "treatment",
    "covariate",
    "outcome_binary",
    "outcome_continuous",
    "outcome_time",
    "outcome_event",
    "ignore",
)
MOST_MISSING = 1 / 3  # a covariate with a larger share of gaps would cost too many patients
USUAL_RATIO = 3


@dataclass(frozen=True)
class Guess:
    """What one column is thought to be: one of ROLES, and why in a few words."""

    role: str
    why: str


def guess_roles(table: Table) -> pd.DataFrame:
    """DataFrame [column, role, why], a row per column in file order; role is one of ROLES, why a short reason."""
    facts = {str(name): column_facts(table.frame[name]) for name in table.frame.columns}
    person = _id_column(facts)
    treatment = _treatment({name: fact for name, fact in facts.items() if name != person})
    later = _later_of_family(facts)
    given = {name: _role(fact, name in later) for name, fact in facts.items() if name not in (person, treatment)}
    for name in _known_in_one_arm(table, treatment, given):
        given[name] = Guess("ignore", "known in one group only")
    _mark_survival(table, facts, given)
    if person:
        given[person] = Guess("id", "a different value in every row")
    if treatment:
        given[treatment] = Guess("treatment", "two values")
    rows = [(name, given[name].role, given[name].why) for name in facts]
    return pd.DataFrame(rows, columns=["column", "role", "why"])


def guess_spec(table: Table) -> AnalysisSpec:
    """A first spec from guess_roles; no caliper, which could cost a treated patient before anybody chose it.

    Raises DataError when no column of two values could be the treatment."""
    roles = guess_roles(table)
    by_role = {role: tuple(roles.loc[roles["role"] == role, "column"]) for role in ROLES}
    if not by_role["treatment"]:
        raise DataError(
            "No column looks like a treatment: none has exactly two values that tell treated from control patients.",
            "Add a column that says for every patient which of two groups they were in.",
        )
    treatment = by_role["treatment"][0]
    treated = _treated_value(table.frame[treatment])
    covariates = by_role["covariate"]
    return AnalysisSpec.from_dict(
        {
            "columns": {
                "id": next(iter(by_role["id"]), None),
                "treatment": treatment,
                "treated_value": treated,
                "covariates": covariates,
                "categorical": [name for name in covariates if _unordered(column_facts(table.frame[name]))],
            },
            "matching": {"ratio": _ratio(table.frame[treatment], treated), "caliper": None},
            "outcomes": _outcomes(table, by_role),
        }
    )


def _id_column(facts: dict[str, Facts]) -> str | None:
    """The first column with a value of its own in every row and an id's name; else the first column if it has such."""
    unique = [fact for fact in facts.values() if fact.unique and not fact.date and (fact.whole or not fact.numeric)]
    named = [fact.name for fact in unique if fact.named(vocabulary.ID)]
    first = next(iter(facts), None)
    return named[0] if named else next((fact.name for fact in unique if fact.name == first), None)


def _treatment(facts: dict[str, Facts]) -> str | None:
    """The two-valued column whose name or values most look like a treatment; of equals the first."""
    scores = {}
    for name, fact in facts.items():
        if not fact.binary or fact.n < fact.rows / 2:
            continue
        values = {level.lower() for level in fact.levels}
        alone = bool(fact.words) and fact.words <= vocabulary.TREATMENT_ALONE
        score = 10 * fact.named(vocabulary.TREATMENT) + 8 * alone
        score += 6 * (bool(values & vocabulary.CONTROL_VALUES) and not fact.numeric)
        score -= 5 * fact.named(vocabulary.BACKGROUND)
        score -= 20 * (_is_later(fact) or _is_event(fact))
        scores[name] = score
    return max(scores, key=scores.__getitem__) if scores and max(scores.values()) >= 0 else None


def _is_event(fact: Facts) -> bool:
    return fact.named(vocabulary.DEATH, vocabulary.EVENT) or any(word.endswith(("dth", "death")) for word in fact.words)


def _is_later(fact: Facts) -> bool:
    """Whether the name says that the value was known only after treatment."""
    when = moment(fact.name)
    if when is not None:
        return when > 0
    if fact.named(vocabulary.BASELINE):
        return False
    free = "free" in fact.words and fact.named(vocabulary.TIME)
    return free or fact.named(vocabulary.LATER)


def _later_of_family(facts: dict[str, Facts]) -> set[str]:
    """Columns that differ only in a number of two digits or more (wt71, wt82; re74, re75, re78): all but the smallest,
    and those that name two such numbers."""
    families: dict[str, list[tuple[list[str], str]]] = {}
    for name in facts:
        parts = words(name)
        numbers = [part for part in parts[1:] if part.isdigit()]
        if numbers and all(len(number) >= 2 for number in numbers):
            stem = " ".join(part for part in parts if not part.isdigit())
            families.setdefault(stem, []).append((numbers, name))
    later = set()
    for members in families.values():
        lengths = {len(number) for numbers, _ in members for number in numbers}
        if len(members) > 1 and len(lengths) == 1:
            first = min(members)
            later |= {name for numbers, name in members if name != first[1]}
    return later


def _role(fact: Facts, later: bool) -> Guess:
    """The role of a column that is neither id nor treatment."""
    if fact.distinct <= 1:
        return Guess("ignore", "empty" if not fact.n else "the same value in every row")
    if fact.date or fact.mixed:
        return Guess("ignore", "dates" if fact.date else "numbers mixed with text")
    if _is_event(fact) or later or _is_later(fact):
        return _outcome(fact, "measured again later" if later else "its name says that it was known only afterwards")
    if fact.n < fact.rows * (1 - MOST_MISSING):
        return Guess("ignore", "missing in more than a third of the rows")
    if fact.numeric:
        numbering = fact.unique and fact.named(vocabulary.ID)
        return Guess("ignore", "numbers the rows") if numbering else Guess("covariate", "a number")
    if fact.distinct > MOST_LEVELS:
        return Guess("ignore", "many different texts")
    return Guess("covariate", f"{fact.distinct} categories")


def _outcome(fact: Facts, why: str) -> Guess:
    if fact.binary:
        return Guess("outcome_binary", why)
    return Guess("outcome_continuous" if fact.numeric and not _is_event(fact) else "ignore", why)


def _known_in_one_arm(table: Table, treatment: str | None, given: dict[str, Guess]) -> list[str]:
    """Covariates with no value at all in one of the arms (a dose, a day of infusion): they cannot be covariates."""
    if treatment is None:
        return []
    arms, found = table.frame[treatment], []
    for name in given:
        known = table.frame[name].notna()
        if given[name].role == "covariate" and not known.all() and arms[known].nunique() < 2:
            found.append(name)
    return found


def _mark_survival(table: Table, facts: dict[str, Facts], given: dict[str, Guess]) -> None:
    """Change `given` where a follow-up time is found: to time and event, or to nothing without an event column."""
    time = next((name for name in given if _is_time(table, facts[name])), None)
    if time is None:
        return
    event = _event_of(time, table.frame[time].max(), facts, given)
    if event is None:
        given[time] = Guess("ignore", "a time without an event column")
    else:
        given[time] = Guess("outcome_time", "follow-up time")
        given[event] = Guess("outcome_event", f"what had happened at {time}")


def _event_of(time: str, longest: float, facts: dict[str, Facts], given: dict[str, Guess]) -> str | None:
    """The two-valued column that best fits as the event of a time: called event or status, or naming its last day."""
    scores = {}
    for name, guess in given.items():
        fact = facts[name]
        eligible = name != time and fact.binary and guess.role in ("outcome_binary", "covariate")
        if eligible and (_is_event(fact) or fact.named(vocabulary.CENSORED)):
            numbers = {int(part) for part in fact.words if part.isdigit()} | {moment(name)}
            scores[name] = 3 * fact.named(vocabulary.CENSORED) + 2 * (longest in numbers) + ("by" in fact.words)
    return max(scores, key=scores.__getitem__) if scores else None


def _is_time(table: Table, fact: Facts) -> bool:
    """Whether a column could be a follow-up time: named so, all numbers, all above 0."""
    if not fact.numeric or fact.distinct <= 2 or not fact.named(vocabulary.TIME) or fact.named(vocabulary.BASELINE):
        return False
    if fact.words & {"free", "los", "stay", "icu"} or moment(fact.name) is not None:
        return False
    return bool((table.frame[fact.name].dropna() > 0).all())


def _treated_value(column: pd.Series) -> str:
    """The value that is not the control's by its name; the larger of two numbers; else the rarer."""
    levels = sorted_levels(column)
    if is_numeric(column):
        return max(levels, key=float)
    control = [level for level in levels if level.lower() in vocabulary.CONTROL_VALUES]
    if len(control) == 1:
        return next(level for level in levels if level not in control)
    counts = column.value_counts()
    return min(levels, key=lambda level: (counts[level], level))


def _ratio(treatment: pd.Series, treated: str) -> int:
    """As many controls per treated patient as there are, at most USUAL_RATIO."""
    values = text_values(treatment)
    n_treated = int((values == same_level(treated, [treated])).sum())
    n_control = int(treatment.notna().sum()) - n_treated
    return int(min(USUAL_RATIO, MAX_RATIO, max(1, n_control // n_treated)))


def _unordered(fact: Facts) -> bool:
    """Whether a covariate is a factor: text always, whole numbers only when their name says that they are codes."""
    return not fact.numeric or (fact.whole and 2 < fact.distinct <= MOST_LEVELS and fact.named(vocabulary.UNORDERED))


def _outcomes(table: Table, by_role: dict[str, tuple[str, ...]]) -> list[dict]:
    """Outcomes in file order, survival last; the first event is the primary one."""
    outcomes: list[dict] = []
    for name in map(str, table.frame):
        if name in by_role["outcome_binary"]:
            outcomes.append(
                {"name": name, "kind": "binary", "column": name, "event_value": _event_value(table.frame[name])}
            )
        if name in by_role["outcome_continuous"]:
            baseline = _baseline_of(name, by_role["covariate"])
            outcomes.append({"name": name, "kind": "continuous", "column": name, "baseline": baseline})
    for time, event in zip(by_role["outcome_time"], by_role["outcome_event"], strict=True):
        outcomes.append(
            {
                "name": "survival",
                "kind": "survival",
                "time": time,
                "event": event,
                "event_value": _event_value(table.frame[event]),
            }
        )
    primary = next((o for o in outcomes if o["kind"] != "continuous"), outcomes[0] if outcomes else None)
    if primary is not None:
        primary["primary"] = True
    return outcomes


def _event_value(column: pd.Series) -> str | None:
    """The value that stands for the event where the other one says by its name that nothing happened ("nein",
    "alive"); None leaves it to the rule of the spec."""
    if is_numeric(column):
        return None
    levels = sorted_levels(column)
    event = [level for level in levels if level.strip().lower() not in vocabulary.NO_EVENT_VALUES]
    return event[0] if len(levels) == 2 and len(event) == 1 else None


def _baseline_of(name: str, covariates: tuple[str, ...]) -> str | None:
    """The covariate that is the same measurement at day 0: "crp" or "crp_d0" for "crp_day7"."""
    if moment(name) is None:
        return None
    stem = _stem(name)
    return next(
        (covariate for covariate in covariates if moment(covariate) in (None, 0) and _stem(covariate) == stem), None
    )


def _stem(name: str) -> tuple[str, ...]:
    return tuple(word for word in words(name) if not MOMENT.fullmatch(word) and word not in vocabulary.BASELINE)
