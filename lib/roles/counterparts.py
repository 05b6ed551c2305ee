"""What the columns of a file say about one another: the same thing measured again, an event beside its history, a file
made by a program."""

import re

from . import after
from .evidence import Evidence, concept
from .facts import Facts
from .lexicon import Lexicon
from .vocabulary import words

PREVALENT = re.compile(r"prev(?:alent)?[\W_]*([a-z]{3})", re.IGNORECASE)
KNOWN_EARLY = Lexicon("re74 re75")  # earnings before the programme in the data of LaLonde
COVARIATE_LETTER = re.compile(r"[xX]_?(\d+)")
LETTERS = re.compile(r"(?:id|t|a|w|z|y|trt|treat|treated|treatment|time|event|set|e|ps)\d?", re.IGNORECASE)


def later_of_family(facts: dict[str, Facts], seen: dict[str, Evidence]) -> set[str]:
    """Columns that differ only in a number of two digits or more (wt71, wt82) from one that is known before: all but
    the smallest, and those that name two such numbers."""
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
        first = min(members)[1]
        known = seen[first].side == "before" and concept(facts[first], label=False)
        if len(members) > 1 and len(lengths) == 1 and known:
            later |= {name for _, name in members if name != first and not facts[name].find(KNOWN_EARLY)}
    return later


def counterparts(facts: dict[str, Facts]) -> set[str]:
    """Columns of two values that a second column makes an event rather than a history: "HYPERTEN" beside "PREVHYP", a
    disease beside the time to it."""
    starts = {match.group(1).lower() for name in facts if (match := PREVALENT.match(name))}
    timed: set[str] = set()
    for fact in facts.values():
        if fact.numeric and fact.distinct > 2 and fact.find(after.UNTIL, after.TIME):
            timed |= {word for word in fact.called.tokens if len(word) > 3}
    found = set()
    for name, fact in facts.items():
        if not fact.binary or PREVALENT.match(name):
            continue
        known = concept(fact)
        again = known is not None and known[0] == "disease" and not timed.isdisjoint(fact.called.tokens)
        if name.lower()[:3] in starts or again:
            found.add(name)
    return found


def simulated(facts: dict[str, Facts]) -> set[str]:
    """The columns X1, X2, ... of a file in which every other column has a statistician's letter (id, t, y)."""
    numbered = {name: int(match.group(1)) for name in facts if (match := COVARIATE_LETTER.fullmatch(name))}
    others = [name for name in facts if name not in numbered]
    plain = all(LETTERS.fullmatch(name) for name in others)
    run = sorted(numbered.values()) == list(range(1, len(numbered) + 1))
    return set(numbered) if plain and run and len(numbered) > 1 else set()
