"""Columns that may identify a patient: found by name and values, pointed out, and left out of what follows."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from ..roles import personal
from ..roles.facts import DATE, MOST, Facts, column_facts, holds_whole_numbers
from ..table import Finding, Table, is_numeric
from ..words import counted, quoted
from ..words.numbers import listed

Kind = Literal["name", "birth", "record", "phone", "address", "email"]
KINDS: dict[Kind, str] = {
    "name": "names of persons",
    "birth": "dates of birth",
    "record": "record numbers",
    "phone": "phone numbers, a way to reach the patient",
    "address": "addresses, a way to reach the patient",
    "email": "e-mail addresses, a way to reach the patient",
}
PERSON = r"[A-ZÀ-Ý][\w'’-]+,? [A-ZÀ-Ý][\w'’. -]+"
WORDS_ONLY = r"[^\W\d_][^\d_]*"
EMAILS = r"[^@\s]+@[^@\s]+\.\w+"
PHONES = r"(?:\+|00[1-9]\d|\(?0[1-9])[\d\s./()-]{7,18}\d|\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}"
STREETS = (
    r"(?i:\d+[\w /-]*,? (?:(?:rue|avenue|av|bd|boulevard|place|chemin|allée|impasse)\b.*"
    r"|.* (?:street|st|road|rd|avenue|ave|lane|drive|way)\.?)"
    r"|.*(?:str\.|stra(?:ß|ss)e|weg|platz|gasse|straat|laan|plein) ?\d+.*"
    r"|(?:rue|calle|avenida|plaza|paseo|via|viale|piazza|corso|rua|travessa|largo|c/)\.? .*\d+.*)"
)
NATIONAL = r"\d{3}-\d{2}-\d{4}|[12]\d{12}(?:\d{2})?|\d{8}-?[A-Z]|[A-Z]{6}\d{2}[A-Z]\d{2}[A-Z]\d{3}[A-Z]"
RECORD_DIGITS = 6  # a unique whole number this long is more often a hospital's number than a study's
ONE_LENGTH = 0.9  # share of record numbers of one length: viral loads and cell counts differ in theirs
LIFETIME = 25  # years between the first and last date of a column beyond which the dates may be birth dates
CALENDAR = (1900, 2100)
DAY_NUMBER = 10_000  # a birth date written as one number (19500201, 010250, a spreadsheet's day count) is at least this
ROWS = 10_000  # rows of a long file that are looked at
LOOKED_AT = 2_000  # distinct texts, spread over the column, that tell what the others look like
FEW = 5  # distinct texts from which a column called "surname" is no category
MANY = 12  # distinct texts from which a column is no category, whatever the number of rows
ADVICE = "It is left out of every page and result unless the spec names it."
KEEP = "To keep a column, name it under `columns.identifiers` of the spec."


@dataclass(frozen=True)
class Identifier:
    """A column that may identify a patient, and what it looks like."""

    column: str
    kind: Kind

    @property
    def words(self) -> str:
        """What it looks like."""
        return KINDS[self.kind]


def identifiers(table: Table, columns: Iterable[str] | None = None) -> tuple[Identifier, ...]:
    """The columns that look like names, birth dates, record or phone numbers, addresses or e-mails, by their name in
    seven languages and by their values, in the table's order.  columns: only these are looked at; None: all."""
    looked_at = map(str, table.frame.columns) if columns is None else columns
    found = ((name, _identifies(table.frame[name])) for name in looked_at)
    return tuple(Identifier(name, kind) for name, kind in found if kind)


def privacy_warnings(table: Table) -> tuple[str, ...]:
    """One sentence for each of `identifiers`. No value is ever shown."""
    return tuple(f'Column "{one.column}" looks like {one.words}. {ADVICE}' for one in identifiers(table))


def left_out_note(found: tuple[Identifier, ...]) -> Finding:
    """The finding that says which columns are left out."""
    kinds = dict.fromkeys(one.kind for one in found)
    said = [
        f"{quoted(one.column for one in found if one.kind == kind)} ({KINDS[kind].split(',')[0]})" for kind in kinds
    ]
    text = f"{counted(len(found), 'column')} that may identify a patient {'is' if len(found) == 1 else 'are'} left out:"
    return Finding("identifiers", f"{text} {listed(said)}. {KEEP}", "look")


def _identifies(column: pd.Series) -> Kind | None:
    some = _spread(column, ROWS)
    if is_numeric(some) and not holds_whole_numbers(some):
        return None
    fact = column_facts(some)
    if not fact.distinct:
        return None
    kind = (
        _by_number(fact, some) if fact.numeric else _by_text(fact, _spread(some.dropna().drop_duplicates(), LOOKED_AT))
    )
    if kind == "record" and not fact.named(personal.RECORD) and column.duplicated().any():
        return None
    return kind


def _spread(column: pd.Series, most: int) -> pd.Series:
    """Known values spread over a long column, so many at least; a shorter column as it is."""
    return column if len(column) < 2 * most else column.dropna().iloc[:: max(1, column.count() // most)]


def _by_text(fact: Facts, unique: pd.Series) -> Kind | None:
    """What the distinct texts of a column, or its name, give away."""
    many = fact.distinct > MANY or 2 * fact.distinct > fact.n
    if fact.date:
        return "birth" if _birth_dates(fact, unique) else None
    contact = _contact(fact, unique)
    if contact or (fact.distinct <= FEW and not many):
        return contact
    if fact.named(personal.NAME) and _names(fact, unique):
        return "name"
    if not many:
        return None
    if _mostly(unique, NATIONAL) or _record_texts(fact, unique):
        return "record"
    return "name" if _names(fact, unique) else None


def _birth_dates(fact: Facts, unique: pd.Series) -> bool:
    if fact.named(personal.BIRTH):
        return True
    return not fact.named(personal.OTHER_DAY) and _span(unique) >= LIFETIME


def _contact(fact: Facts, unique: pd.Series) -> Kind | None:
    some = fact.distinct > 2
    if _mostly(unique, EMAILS) or (some and fact.named(personal.EMAIL)):
        return "email"
    if _mostly(unique, PHONES) or (some and fact.named(personal.PHONE)):
        return "phone"
    many = fact.distinct > MANY and fact.named(personal.ADDRESS_WEAK)
    if _mostly(unique, STREETS) or (some and fact.named(personal.ADDRESS)) or many:
        return "address"
    return None


def _record_texts(fact: Facts, unique: pd.Series) -> bool:
    if fact.named(personal.RECORD - personal.RECORD_WEAK):
        return True
    digits = rf"\D{{0,3}}\d{{{RECORD_DIGITS},}}\D?"
    weak = fact.unique or fact.named(personal.RECORD_WEAK)
    return weak and _mostly(unique, digits)


def _names(fact: Facts, unique: pd.Series) -> bool:
    if fact.named(personal.NOT_PERSON):
        return False
    strong = fact.named(personal.NAME - personal.NAME_WEAK)
    strong = strong or (fact.named(personal.NAME_WEAK) and fact.named(personal.OF_PERSON))
    return strong or _mostly(unique, PERSON) or (fact.named(personal.NAME) and _mostly(unique, WORDS_ONLY))


def _by_number(fact: Facts, column: pd.Series) -> Kind | None:
    """What whole numbers, or the name of their column, give away."""
    known = column.dropna().to_numpy(dtype=float)
    low, high = known.min(), known.max()
    long = low >= 10 ** (RECORD_DIGITS - 1)
    if fact.distinct > 2 and (fact.named(personal.PHONE) or (long and fact.named(personal.PHONE_WEAK))):
        return "phone"
    if fact.distinct > 2 and fact.named(personal.ADDRESS) and low >= 0:
        return "address"
    born = fact.named(personal.BIRTH) and not fact.named(personal.NOT_BIRTH)
    if born and (CALENDAR[0] <= low <= high <= CALENDAR[1] or low >= DAY_NUMBER):
        return "birth"
    return "record" if 2 * fact.distinct > fact.n and _record_numbers(fact, known) else None


def _record_numbers(fact: Facts, known: np.ndarray) -> bool:
    """known: float, whole numbers."""
    if fact.named(personal.RECORD - personal.RECORD_WEAK):
        return True
    long = known >= 10 ** (RECORD_DIGITS - 1)
    if not (fact.unique or fact.named(personal.RECORD_WEAK)) or long.mean() <= MOST:
        return False
    lengths = np.unique(np.floor(np.log10(known[long])), return_counts=True)[1]
    round_ones = (known % 100 == 0).mean()
    return known.max() - known.min() >= fact.n and lengths.max() >= ONE_LENGTH * long.sum() and round_ones < MOST


def _span(dates: pd.Series) -> float:
    """Years from the first to the last of texts that are dates with four-digit years; 0 without any."""
    parts = dates.str.extract(f"^{DATE}$")
    years = parts[0].fillna(parts[1]).dropna()
    years = years[years.str.len() == 4].astype(float)
    return float(years.max() - years.min()) if len(years) else 0.0


def _mostly(texts: pd.Series, pattern: str) -> bool:
    return bool(texts.str.strip().map(re.compile(pattern).fullmatch).notna().mean() > MOST)
