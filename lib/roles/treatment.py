"""Which column says who was treated, and which of its values: chosen where one alone fits, asked otherwise."""

from dataclasses import dataclass

from ..questions import Question
from ..words import counted, quoted
from . import choose
from .evidence import CONCEPTS, PAST, evidence
from .facts import MOST_LEVELS, Facts
from .levels import CONTROL_VALUES, TREATED_VALUES, WEAK_CONTROL, negated, other_of, plain_level

MOST_SHOWN = 30  # candidates of a question


@dataclass(frozen=True)
class Treatment:
    """column: "" while nobody has chosen. treated: the treated value, None while it is not known.
    held: columns that look like a treatment while one is to be chosen; they have no other role."""

    column: str
    treated: str | None
    why: str
    held: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()


def find_treatment(facts: dict[str, Facts]) -> Treatment:
    """The column whose name and values alone speak of a treatment; a question where several do or none does."""
    marks = {name: mark for name, fact in facts.items() if (mark := _mark(fact))}
    best = max(marks.values(), default=0)
    found = [name for name, mark in marks.items() if mark == best]
    if len(found) == 1:
        return which_value(facts[found[0]])
    if found:
        text = f"Which column says who was treated? {quoted(found)} could."
        return _asked(tuple(found), text, tuple(found))
    two = tuple(name for name, fact in facts.items() if fact.binary)[:MOST_SHOWN]
    text = "Which column says who was treated? No name tells, and a column of two values is needed."
    return _asked(two, text if two else f"{text} The file has none.")


def _asked(candidates: tuple[str, ...], text: str, held: tuple[str, ...] = ()) -> Treatment:
    question = Question(about="treatment", candidates=candidates, text=text)
    return Treatment("", None, "may say who was treated: see the question", held, (question,))


def _mark(fact: Facts) -> int:
    """How strongly a column looks like a treatment: 4 the file it came from, 3 name and values, 2 name or values, 1 the
    name of something that is given, 0 not at all."""
    if fact.n < fact.rows / 2 or not 2 <= fact.distinct <= MOST_LEVELS or fact.date:
        return 0
    levels = {plain_level(level) for level in fact.levels}
    if fact.name == "file" and fact.binary and levels == {"treated", "control"}:
        return 4
    seen = evidence(fact)
    alone = choose.ALONE.find(fact.called)
    if (seen.side == "after" and not alone) or choose.SITES.find(fact.called) or PAST.find(fact.called):
        return 0
    listed = next((lexicon.find(fact.called) for lexicon in CONCEPTS.values() if lexicon.find(fact.called)), None)
    name = (alone or fact.find(choose.GROUPS)) and not (listed or fact.moment)
    values = _words_of_arms(fact)
    if fact.binary or (name and not fact.numeric):
        plain = fact.binary and levels <= {"0", "1"} | WEAK_CONTROL | {"yes", "oui", "ja", "si", "sim", "true"}
        if name:
            return 3 if values or plain else 2
        if values and not listed:
            return 2
    if name and fact.whole and fact.distinct <= 6:
        return 2
    return int(fact.binary and bool(fact.find(choose.GIVEN, choose.REVERSED)) and not fact.moment and not listed)


def _words_of_arms(fact: Facts) -> bool:
    """Whether a value names a control group in so many words, or denies the other one."""
    if fact.numeric:
        return False
    plain = {plain_level(level) for level in fact.levels}
    if plain & (CONTROL_VALUES - WEAK_CONTROL) and "case" not in plain and "cases" not in plain:
        return True
    return fact.binary and _denied(fact.levels) is not None


def _denied(levels: tuple[str, ...]) -> str | None:
    """The one of two levels that the other one denies: RHC beside "No RHC"."""
    return next((level for level in levels if negated(other_of(level, levels), level)), None)


def which_value(fact: Facts) -> Treatment:
    """The treatment is this column: its treated value, or the question which value that is."""
    treated = treated_value(fact) if fact.binary else None
    if treated is not None:
        return Treatment(fact.name, treated, f"{quoted([treated])} is treated, {_shown(fact, treated)} is not")
    many = "" if fact.binary else f" It has {counted(fact.distinct, 'value')}; an analysis compares two."
    text = f'Which value of "{fact.name}" means treated?{many}'
    question = Question(about="treatment", column=fact.name, candidates=fact.levels, text=text)
    return Treatment(fact.name, None, "says who was treated: see the question", (), (question,))


def _shown(fact: Facts, treated: str) -> str:
    return quoted([other_of(treated, fact.levels)])


def treated_value(fact: Facts) -> str | None:
    """The value that means treated where words, or 0 and 1, tell; None where they do not."""
    levels = fact.levels
    plain = {level: plain_level(level) for level in levels}
    reverse = bool(choose.REVERSED.find(fact.called)) and not fact.find(choose.GROUPS)
    control = [level for level in levels if plain[level] in CONTROL_VALUES]
    control = control if len(control) == 1 else [level for level in control if plain[level] not in WEAK_CONTROL]
    denied = _denied(levels)
    if denied is not None:
        found: str | None = denied
    elif len(control) == 1:
        found = other_of(control[0], levels)
    else:
        treated = [level for level in levels if plain[level] in TREATED_VALUES]
        found = treated[0] if len(treated) == 1 and not fact.numeric else None
    return other_of(found, levels) if found is not None and reverse else found
