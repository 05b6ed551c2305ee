"""What one column may be, from its name, the file's label for it and its values: known before, known only after, or not
known. In doubt it is neither, because an outcome among the covariates spoils the analysis."""

from dataclasses import dataclass
from typing import Literal

from . import after, before, measures
from .facts import Facts
from .levels import is_dead, plain_level
from .lexicon import Lexicon
from .vocabulary import MEASURE

Side = Literal["before", "after", "unknown"]
PAST = Lexicon(
    "history hx *hx hist past antecedent* atcd* anamnes* vorerkrank* vorgesch* prev* previous* prior "
    "preexist* pre_exist* "
    "familial family famil* familien* precedent* vorbest* voorgesch* before avant antes prima vor voor chronic*"
)
EVENTS = (after.DEATH, after.ALIVE, after.VITAL, after.CENSORED, after.CENSORING)
CONCEPTS = before.KNOWN | measures.MEASURED
KINDS = {
    "person": "who the patient is",
    "disease": "a disease",
    "habit": "a habit",
    "laboratory value": "a laboratory value",
    "vital sign": "a vital sign",
    "score": "a score",
    "description of the disease": "what the disease was like",
    "usual drug": "a usual drug",
    "birth": "about pregnancy or birth",
}
CONCENTRATION = "/"


@dataclass(frozen=True)
class Evidence:
    """side: when a column was known. event: whether it says if something happened. why: in words."""

    side: Side
    why: str
    event: bool = False


def evidence(fact: Facts) -> Evidence:
    """Weigh one column."""
    if fact.find(after.SETS, after.SCORE):
        return Evidence("unknown", "looks like a number of a set, a score or a weight of another program")
    if fact.find(after.OTHERS):
        return Evidence("unknown", "tells of another person than the patient")
    return _by_values(fact) or _by_event_name(fact) or _by_moment(fact) or _by_later_name(fact) or _by_concept(fact)


def concept(fact: Facts, label: bool = True) -> tuple[str, str] | None:
    """The kind of thing that a name (or label) is listed under as usually known before, and the word; None without
    any."""
    found = ((kind, fact.find(lexicon) if label else lexicon.find(fact.called)) for kind, lexicon in CONCEPTS.items())
    return next(((kind, word) for kind, word in found if word), None)


def deaths(fact: Facts) -> list[str]:
    """The values of a text column that are words for death; a mere + only where the name speaks of an outcome."""
    if fact.numeric:
        return []
    told = bool(fact.find(*EVENTS, after.EVENT, after.STATUS))
    return [level for level in fact.levels if is_dead(level) and (told or plain_level(level) not in ("+", "‡"))]


def _by_values(fact: Facts) -> Evidence | None:
    if fact.numeric or fact.n == 0 or len(fact.levels) > 8 or not deaths(fact):
        return None
    shown = " and ".join(fact.levels) if fact.binary else deaths(fact)[0]
    return Evidence("after", f"its values are {shown}: what happened", True)


def _by_event_name(fact: Facts) -> Evidence | None:
    """Deaths, events and states, unless the name says that they came before."""
    word = fact.find(*EVENTS, after.EVENT)
    if word is None:
        status = fact.find(after.STATUS)
        if status is None or (concept(fact) and not fact.moment) or fact.find(before.BEFORE):
            return None
        return Evidence("after", f'"{status}": may say what happened', True)
    if fact.find(PAST):
        return None if not fact.find(*EVENTS) else Evidence("unknown", f'"{word}", and words of the past: choose a box')
    return Evidence("after", f'"{word}": what happened', True)


def _by_moment(fact: Facts) -> Evidence | None:
    if fact.moment is not None and fact.moment > 0:
        return Evidence("after", "its name says that it was known only afterwards")
    return None


def _by_later_name(fact: Facts) -> Evidence | None:
    """Changes, stays, lengths of time, and things that may be either."""
    later = fact.find(after.CHANGE, after.LATER, after.UNTIL, after.LETTER)
    free = fact.find(after.FREE) and fact.find(after.LENGTH)
    if (later or free) and not (fact.find(before.HISTORY) and not fact.find(after.LATER)):
        return Evidence("after", "its name says that it was known only afterwards")
    earlier = fact.moment == 0 or fact.find(before.BEFORE)
    if fact.find(after.LENGTH, after.TIME) and not earlier:
        known = concept(fact)
        lasting = known and (known[0] in ("person", "habit") or (known[0] == "disease" and fact.find(after.DURATION)))
        if not lasting and (known is None or known[0] == "disease"):
            return Evidence("after", "a length of time")
    unsure = fact.find(after.ACUTE, after.SUPPORT, after.EXTREME)
    if unsure and not earlier and not (fact.find(before.ARRIVAL) and not fact.find(after.SUPPORT)):
        return Evidence("unknown", f'"{unsure}" may be known before or happen after: choose a box')
    return None


def _by_concept(fact: Facts) -> Evidence:
    """What is known before: a moment or word says so, or it is of a kind that is, or it counts in a laboratory's
    unit."""
    known = concept(fact)
    if known:
        return Evidence("before", f"{KINDS[known[0]]}, known before by its name")
    word = fact.find(before.BEFORE)
    if fact.moment == 0 or word:
        return Evidence("before", f'"{word}": known before' if word else "measured at the start")
    if CONCENTRATION in fact.unit and MEASURE.fullmatch(fact.unit) and fact.numeric:
        return Evidence("before", f"a measurement in {fact.unit}")
    return Evidence("unknown", "unknown name: choose a box")
