"""Columns that may identify a patient, pointed out before anything else."""

import re

import pandas as pd

from ..roles import personal
from ..roles.facts import DATE, MOST, Facts, column_facts, holds_whole_numbers
from ..table import Table, is_numeric

PERSON = r"[A-ZÀ-Ý][\w'’-]+,? [A-ZÀ-Ý][\w'’. -]+"
EMAIL = r"[^@\s]+@[^@\s]+\.\w+"
RECORD_DIGITS = 6  # a unique whole number this long is more often a hospital's number than a study's
LIFETIME = 25  # years between the first and last date of a column beyond which the dates may be birth dates
CALENDAR = (1900, 2100)
DAY_NUMBER = 10_000  # a birth date written as one number (19500201, 010250, a spreadsheet's day count) is at least this
BIRTH, RECORD, CONTACT = "dates of birth", "record numbers", "a way to reach the patient"
ADVICE = "Remove it from the file unless the analysis needs it."


def privacy_warnings(table: Table) -> tuple[str, ...]:
    """One sentence per column that looks like names, birth dates, record numbers or contacts, by its name in English,
    French, German or Spanish and by its values. No value is ever shown."""
    found = ((str(name), _identifies(table.frame[name])) for name in table.frame.columns)
    return tuple(f'Column "{name}" looks like {what}. {ADVICE}' for name, what in found if what)


def _identifies(column: pd.Series) -> str | None:
    if is_numeric(column) and not holds_whole_numbers(column):
        return None
    fact = column_facts(column)
    if not fact.distinct:
        return None
    return _by_text(fact, column.dropna().drop_duplicates()) if not fact.numeric else _by_number(fact, column)


def _by_text(fact: Facts, unique: pd.Series) -> str | None:
    """What the distinct texts of a column, or its name, give away."""
    many = 2 * fact.distinct > fact.n
    if _mostly(unique, EMAIL) or (fact.named(personal.CONTACT) and fact.distinct > 2):
        return CONTACT
    if (fact.date and fact.named(personal.BIRTH)) or (fact.date and _span(unique) >= LIFETIME):
        return BIRTH
    if many and (fact.named(personal.NAME) or _mostly(unique, PERSON)):
        return "names of persons"
    if many and (fact.named(personal.RECORD) or (fact.unique and _mostly(unique, rf"\d{{{RECORD_DIGITS},}}"))):
        return RECORD
    return None


def _by_number(fact: Facts, column: pd.Series) -> str | None:
    """What whole numbers, or the name of their column, give away."""
    if fact.named(personal.CONTACT) and fact.distinct > 2:
        return CONTACT
    low, high = column.min(), column.max()
    if fact.named(personal.BIRTH) and (CALENDAR[0] <= low <= high <= CALENDAR[1] or low >= DAY_NUMBER):
        return BIRTH
    long = fact.unique and bool((column >= 10 ** (RECORD_DIGITS - 1)).mean() > MOST) and high - low >= fact.n
    return RECORD if 2 * fact.distinct > fact.n and (fact.named(personal.RECORD) or long) else None


def _span(dates: pd.Series) -> float:
    """Years from the first to the last of texts that are dates with four-digit years; 0 without any."""
    parts = dates.str.extract(f"^{DATE}$")
    years = parts[0].fillna(parts[1]).dropna()
    years = years[years.str.len() == 4].astype(float)
    return float(years.max() - years.min()) if len(years) else 0.0


def _mostly(texts: pd.Series, pattern: str) -> bool:
    return bool(texts.map(re.compile(pattern).fullmatch).notna().mean() > MOST)
