"""A column's name taken apart: its words, its unit, and the day that it names."""

import re

from .lexicon import Named, fold

UNIT = (
    "d|j|days?|jours?|tage?n?|dias?|giorni|dagen|h|hours?|heures?|stunden|std|weeks?|wks?|semaines?|wochen?|semanas|"
    "settimane|weken|months?|mois|monate?n?|mes|meses|mesi|maanden|years?|yrs?|ans?|annees?|jahren?|anos?|anni|jaar"
)
MOMENT = re.compile(
    rf"(d|day|j|jour|tag|dia|giorno|dag|t|h|hr|hour|heure|std|w|wk|week|sem|semaine|woche|semana|m|mo|month|mois|monat|"
    rf"mes|mese|maand|y|yr|year|an|jahr|visit|v|visite)(\d+)|(\d+)({UNIT}|d|h|w|m|mo|y)"
)
BRACKETS = re.compile(r"\s*[(\[]([^()\[\]]*)[)\]]\s*$")
TIME_UNIT = re.compile(rf"(?:in |en |an )?(?:{UNIT}|mos?)\.?")
AMOUNT = r"(?:[kmcunp]?(?:g|mol|iu|u|ui|eq|kat)|(?:10|x10|x 10)\W*[369]+|g|giga|cells?|cell)"
MEASURE = re.compile(
    rf"{AMOUNT}\s?/\s?(?:[dmun]?l|mm3|m2|mmol|kg)|(?:10|x10|x 10)\W*[369]+\s?/\s?[mu]?l|/\s?mm3|/\s?[mu]?l"
    "|mm ?hg|bpm|/min|.?c|kpa|cm ?h2o|kg|cm|g|%|points?|pts|score"
)


def words(name: str) -> tuple[str, ...]:
    """Lower-case words of a column name without accents: "DeathDay28", "death_day_28" and "death day 28" read alike.

    A unit and its number stay together as one word ("day28", "28d").
    """
    spaced = re.sub(r"(?<=[a-zà-ÿ])(?=[A-ZÀ-Ý])", " ", name)
    joined: list[str] = []
    for part in _parts(spaced):
        if joined and _one_moment(joined[-1], part):
            joined[-1] += part
        else:
            joined.append(part)
    return tuple(word for part in joined for word in _split_digits(part))


def _parts(name: str) -> list[str]:
    return [part for part in re.split(r"[\W_]+", fold(name)) if part]


def _one_moment(before: str, after: str) -> bool:
    """Whether two neighbours are a number and its unit, in either order."""
    if not MOMENT.fullmatch(before + after):
        return False
    return before.isdigit() != after.isdigit() and (after.isdigit() or len(after) > 1)


def _split_digits(part: str) -> list[str]:
    """ "wt82" -> "wt", "82"; "day7" and "28d" stay whole."""
    if MOMENT.fullmatch(part):
        return [part]
    return re.findall(r"[^\W\d_]+|\d+", part)


def moment(name: str) -> int | None:
    """The number in a word such as day7, d28, 60d or j7 beside another word; None without one."""
    parts = words(name)
    found = next((match for part in parts if (match := MOMENT.fullmatch(part))), None)
    return int(found.group(2) or found.group(3)) if found and len(parts) > 1 else None


def without_unit(name: str) -> tuple[str, str]:
    """A name and the unit in brackets at its end: "Age (years)" -> "Age", "years"; brackets that hold no unit stay."""
    found = BRACKETS.search(name)
    if not found:
        return name, ""
    unit = " ".join(fold(found.group(1)).split())
    known = TIME_UNIT.fullmatch(unit) or MEASURE.fullmatch(unit)
    return (name[: found.start()], unit) if known else (name, "")


def named(name: str) -> Named:
    """A name taken apart for the lists of words."""
    split = words(name)
    whole = [*_parts(name), "".join(_parts(name))]
    return Named(" ".join(split), tuple(dict.fromkeys([*split, *whole])))
