"""A first guess of what each column is, from its name and its values. Made to be corrected: what is not known is not
used, because an outcome among the covariates spoils the analysis and a forgotten covariate is easily added."""

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from ..cohort.privacy import identifiers
from ..questions import Question
from ..table import Table
from . import after, choose
from .counterparts import counterparts, later_of_family, simulated
from .dates import day_columns, day_question
from .events import event_of
from .evidence import Evidence, deaths, evidence
from .facts import MOST_LEVELS, Facts, column_facts
from .persons import id_column
from .survival import PLACE, Found, ends_of, find_survival, is_time
from .treatment import Treatment, find_treatment

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


@dataclass(frozen=True)
class Guess:
    """What one column is thought to be: one of ROLES, and why in a few words."""

    role: str
    why: str


@dataclass(frozen=True)
class Roles:
    """All that a file alone tells of its columns.  given: a guess for each, in file order."""

    facts: dict[str, Facts]
    given: dict[str, Guess]
    person: str | None
    treatment: Treatment
    survival: Found
    unknown: tuple[str, ...]
    marks: tuple[str, ...]

    def having(self, role: str) -> tuple[str, ...]:
        """The columns of one role, in file order."""
        return tuple(name for name, guess in self.given.items() if guess.role == role)


def guess_roles(table: Table) -> pd.DataFrame:
    """DataFrame [column, role, why], a row per column in file order; role is one of ROLES, why a short reason."""
    given = find_roles(table).given
    rows = [(name, guess.role, guess.why) for name, guess in given.items()]
    return pd.DataFrame(rows, columns=["column", "role", "why"])


def find_roles(table: Table) -> Roles:
    """Weigh every column alone, then against the others."""
    frame = table.frame
    facts = {
        str(name): column_facts(frame[name], table.labels.get(str(name), ""), table.units.get(str(name), ""))
        for name in frame.columns
    }
    person = _person(table, facts)
    treatment = find_treatment({name: fact for name, fact in facts.items() if name != person})
    held = {name for name in (person, treatment.column, *treatment.held) if name}
    seen = _weighed(facts)
    rest = [name for name in facts if name not in held]
    given = {name: _role(facts[name], seen[name]) for name in rest}
    _limits(table, given)
    compared = [name for name in rest if given[name].role != "ignore" and facts[name].distinct > 1]
    for name in known_only_in_one_arm(table, treatment.column, compared):
        given[name] = Guess("ignore", "known in one group only")
    survival = find_survival(
        table, facts, [name for name in rest if _may_be_survival(facts[name], seen[name], given[name])]
    )
    _offer_dates(table, facts, given, survival)
    _mark_survival(given, survival, facts)
    for name in held:
        given[name] = _held(name, person, treatment, facts)
    unknown = tuple(name for name in rest if seen[name].side == "unknown" and _askable(facts[name], given[name]))
    marks = tuple(name for name in rest if given[name].role == "outcome_binary" and facts[name].distinct == 1)
    return Roles(facts, {name: given[name] for name in facts}, person, treatment, survival, unknown, marks)


def _person(table: Table, facts: dict[str, Facts]) -> str | None:
    """The id column. Names, birth dates and addresses are none, however many they are: an id goes into every export."""
    left = dict(facts)
    unnamed = {found.column for found in table.findings if found.code == "unnamed" and found.column}
    while (found := id_column(left, unnamed)) is not None and any(
        one.kind != "record" for one in identifiers(table, [found])
    ):
        del left[found]
    return found


def _held(name: str, person: str | None, treatment: Treatment, facts: dict[str, Facts]) -> Guess:
    if name == person:
        alone = "a different value in every row" if facts[name].unique else "named like an id; some values repeat"
        return Guess("id", alone)
    return Guess("treatment" if name == treatment.column else "ignore", treatment.why)


def _weighed(facts: dict[str, Facts]) -> dict[str, Evidence]:
    """The evidence of each column, with what the other columns add to it."""
    seen = {name: evidence(fact) for name, fact in facts.items()}
    for name in counterparts(facts):
        if seen[name].side == "before":
            seen[name] = Evidence("unknown", "another column makes it look like an event: choose a box")
    for name in later_of_family(facts, seen):
        seen[name] = Evidence("after", "measured again later")
    for name in simulated(facts):
        seen[name] = Evidence("before", "a statistician's letter for what is known before")
    return seen


def _role(fact: Facts, seen: Evidence) -> Guess:
    """The role of a column that is neither id nor treatment."""
    if fact.distinct <= 1:
        return _one_value(fact, seen)
    if fact.date or fact.mixed:
        return Guess("ignore", "dates" if fact.date else "numbers mixed with text")
    if seen.side == "after":
        return _outcome(fact, seen)
    if seen.side == "unknown":
        return Guess("ignore", seen.why)
    if fact.n < fact.rows * (1 - MOST_MISSING):
        return Guess("ignore", "missing in more than a third of the rows")
    if not fact.numeric and fact.distinct > MOST_LEVELS:
        return Guess("ignore", "many different texts")
    if fact.numeric and fact.distinct > MOST_LEVELS and fact.find(choose.UNORDERED):
        return Guess("ignore", "codes of places or kinds, too many for groups")
    return Guess("covariate", seen.why)


def _one_value(fact: Facts, seen: Evidence) -> Guess:
    if not fact.n:
        return Guess("ignore", "empty")
    if fact.n < fact.rows and seen.side == "after" and seen.event and not fact.date and not is_time(fact):
        return Guess("outcome_binary", "one value, or empty: whether empty means no is asked")
    return Guess("ignore", "the same value in every row" if fact.n == fact.rows else "one value, or empty")


def _outcome(fact: Facts, seen: Evidence) -> Guess:
    if fact.binary:
        return Guess("outcome_binary", seen.why)
    if fact.numeric and not seen.event:
        return Guess("outcome_continuous", seen.why)
    return Guess("ignore", f"{seen.why}; it has more than two values")


def _limits(table: Table, given: dict[str, Guess]) -> None:
    """Columns whose numbers wait for an answer are not used."""
    asked = {question.column for question in table.questions if question.about == "number"}
    for name in given:
        if name in table.limited:
            given[name] = Guess("ignore", "numbers and limits such as <1: choose what stands for them")
        elif name in asked:
            given[name] = Guess("ignore", "its numbers can be read in two ways: see the question")


def _askable(fact: Facts, given: Guess) -> bool:
    """Whether a column that is not used for want of knowledge is worth a question."""
    return given.role == "ignore" and fact.distinct > 1 and not (fact.date or fact.mixed) and _short(fact)


def _short(fact: Facts) -> bool:
    return fact.numeric or fact.distinct <= MOST_LEVELS


def known_only_in_one_arm(table: Table, treatment: str, names: Iterable[str]) -> list[str]:
    """Columns with no value at all in one of the arms (a dose, a day of infusion): they compare nothing."""
    if not treatment:
        return []
    arms, found = table.frame[treatment], []
    for name in names:
        known = table.frame[name].notna()
        if not known.all() and arms[known].nunique() < 2:
            found.append(name)
    return found


def _may_be_survival(fact: Facts, seen: Evidence, guess: Guess) -> bool:
    usable = guess.role.startswith("outcome") or "more than two" in guess.why or is_time(fact)
    return usable and seen.side == "after" and not fact.date and not fact.mixed


def _offer_dates(table: Table, facts: dict[str, Facts], given: dict[str, Guess], found: Found) -> None:
    """Where no column is a time, days made from two dates may be that of a death."""
    if found.pairs or any(question.about == "time" for question in found.questions):
        return
    events = [name for name in given if given[name].role == "outcome_binary" and "death" in ends_of(facts[name])]
    events += [n for n in given if given[n].role == "outcome_binary" and n not in events and deaths(facts[n])]
    plain = [name for name in events if not facts[name].moment and not facts[name].find(PLACE)]
    offered = day_columns(facts, table.frame) if len(plain) == 1 else []
    if offered:
        found.derived += offered
        found.questions.append(day_question(plain[0], offered))


def _mark_survival(given: dict[str, Guess], found: Found, facts: dict[str, Facts]) -> None:
    """Change `given` where times were found: to time and event, or to nothing where a time cannot be used."""
    for name, reason in found.failed.items():
        given[name] = Guess("ignore", reason)
    for pair in found.pairs:
        if pair.time in facts:
            given[pair.time] = Guess("outcome_time", "follow-up time")
        given[pair.event] = Guess("outcome_event", f"what had happened at {pair.time}")


def event_value(fact: Facts) -> str | None:
    """The value of a column of few values that is the event; None where it has to be asked."""
    levels = fact.levels
    said = fact.name if fact.find(after.DEATH) or not fact.label.tokens else f"{fact.name} {fact.label.text}"
    return event_of(said, levels) if fact.distinct <= MOST_LEVELS else None


def role_question(unknown: tuple[str, ...]) -> tuple[Question, ...]:
    """Which box the columns belong in that nobody can place by name or value."""
    if not unknown:
        return ()
    text = (
        "Not known whether these come before or after treatment, so they are not used: choose a box for each you need."
    )
    return (Question(about="role", candidates=unknown, text=text),)
