"""Dates as files write them: ISO, day.month.year, day/month/year or month/day/year where the values tell, 24JAN2021."""

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..errors import DataError
from ..table import is_numeric
from ..words import counted

NUMBERS = re.compile(r"(\d{1,4})([./-]|\. )(\d{1,2})\2(\d{4}|\d{1,2})(?:[ T].*)?")
WITH_MONTH = re.compile(r"(\d{1,2})[ .-]{0,2}([^\W\d_]{3,10})\.?[ -]?(\d{4})(?:[ T:].*)?")
MONTHS = (
    ("jan", "ene", "gen"),
    ("feb", "fév", "fev"),
    ("mar", "mär", "mrz", "mrt", "maa"),
    ("apr", "avr", "abr"),
    ("may", "mai", "mei", "mag"),
    ("jun", "juin", "giu"),
    ("jul", "juil", "lug"),
    ("aug", "aoû", "aou", "ago"),
    ("sep", "set"),
    ("oct", "okt", "out", "ott"),
    ("nov",),
    ("dec", "déc", "dez", "dic"),
)
WIDTHS = {(4, 1), (4, 2), (1, 2), (2, 2), (1, 4), (2, 4)}  # digits of the first and last number of a date
YEARS = (1850, 2150)  # a date outside is a slip of the hand
CENTURY = 50  # two-digit years below this are of this century where all are
EIGHT_DIGITS = (18500101, 21501231)
HINT = "Write dates as 2021-01-24 (year-month-day)."


@dataclass(frozen=True)
class _Parts:
    """The distinct texts of a column taken apart.  first, second, third: int (k,), as written; -1 where not a date.
    kind: (k,) of "ymd", "named" (day, month, year) or the mark between two numbers that leave their order open."""

    numbers: np.ndarray
    kind: np.ndarray


def day_numbers(column: pd.Series, beside: pd.Series | None = None) -> np.ndarray:
    """float (n,): days from 1970-01-01 to the date in each row, NaN where missing; a time of day is not looked at.

    column: text, or whole numbers such as 20210124.  beside: another date column of the same file, whose values tell
    the order of day and month where those of `column` do not.
    Raises DataError, with counts only: for text that is no date, for an order of day and month that nothing tells or
    that is not one, and for years of two digits that could be of either century.
    """
    codes, distinct = pd.factorize(_as_text(column).to_numpy())
    parts = _take_apart(distinct)
    _require_dates(column, codes, parts.kind == "")
    orders = {mark: _order(column, parts, mark, beside) for mark in set(parts.kind) - {"ymd", "named", ""}}
    days = _days(column, _sorted_out(parts, orders))
    _require_dates(column, codes, np.isnan(days))
    return np.append(days, np.nan)[codes]


def is_date_column(column: pd.Series) -> bool:
    """Whether a column has known values and each of them is written as a date."""
    known = column.dropna()
    if not len(known) or (is_numeric(column) and not known.between(*EIGHT_DIGITS).all()):
        return False
    return bool((_take_apart(_as_text(known).unique()).kind != "").all())


def _as_text(column: pd.Series) -> pd.Series:
    """20210124 as 2021-01-24; other numbers as themselves, which is no date."""
    if not is_numeric(column):
        return column
    known = column.dropna()
    texts = known[np.isfinite(known)].astype("int64").astype(str).astype(object)
    return texts.str.replace(r"^(\d{4})(\d{2})(\d{2})$", r"\1-\2-\3", regex=True).reindex(column.index)


def _take_apart(distinct: np.ndarray) -> _Parts:
    numbers, kind = np.full((len(distinct), 3), -1), np.full(len(distinct), "", dtype=object)
    for place, text in enumerate(map(str.strip, distinct)):
        if found := NUMBERS.fullmatch(text):
            first, mark, second, third = found.groups()
            if (len(first), len(third)) not in WIDTHS:
                continue
            numbers[place] = int(first), int(second), int(third)
            kind[place] = "ymd" if len(first) == 4 else mark[0]
        elif (found := WITH_MONTH.fullmatch(text)) and (month := _month(found[2])):
            numbers[place], kind[place] = (int(found[1]), month, int(found[3])), "named"
    return _Parts(numbers, kind)


def _month(word: str) -> int:
    """1 to 12, 0 for another word."""
    return next((number for number, starts in enumerate(MONTHS, 1) if word.lower().startswith(starts)), 0)


def _order(column: pd.Series, parts: _Parts, mark: str, beside: pd.Series | None) -> str:
    """ "dmy" or "mdy"."""
    found = _evidence(parts, mark)
    if len(found) == 2:
        raise DataError(f'Column "{column.name}" writes some dates day first and others month first.', HINT)
    if not found and beside is not None:
        found = _evidence(_take_apart(_as_text(beside.dropna()).unique()), mark)
    if len(found) == 1:
        return found.pop()
    first, second, _ = parts.numbers[parts.kind == mark].T
    if mark == "." or (first == second).all():
        return "dmy"  # with points nobody writes the month first unless a value says so
    raise DataError(f'The dates of column "{column.name}" could be day/month or month/day: no value tells.', HINT)


def _evidence(parts: _Parts, mark: str) -> set[str]:
    first, second, _ = parts.numbers[parts.kind == mark].T
    return ({"dmy"} if (first > 12).any() else set()) | ({"mdy"} if (second > 12).any() else set())


def _sorted_out(parts: _Parts, orders: dict[str, str]) -> np.ndarray:
    """int (k, 3): year, month, day."""
    first, second, third = parts.numbers.T
    swapped = np.array([orders.get(kind) == "mdy" for kind in parts.kind], dtype=bool)
    ymd = parts.kind == "ymd"
    year, day = np.where(ymd, first, third), np.where(ymd, third, np.where(swapped, second, first))
    return np.column_stack([year, np.where(swapped, first, second), day])


def _days(column: pd.Series, dates: np.ndarray) -> np.ndarray:
    """float (k,): days from 1970-01-01; NaN for a day that no calendar has."""
    year, month, day = dates.T
    short = year < 100
    if (short & (year >= CENTURY)).any():
        raise DataError(f'Column "{column.name}" writes years with two digits, so the century is open.', HINT)
    year = np.where(short, 2000 + year, year)
    fine = (year >= YEARS[0]) & (year <= YEARS[1]) & (month >= 1) & (month <= 12) & (day >= 1)
    months = (np.where(fine, year, 1970) - 1970) * 12 + np.where(fine, month, 1) - 1
    start = months.astype("datetime64[M]").astype("datetime64[D]")
    made = start + (day - 1).astype("timedelta64[D]")
    fine &= made.astype("datetime64[M]") == start.astype("datetime64[M]")
    return np.where(fine, made.astype(np.int64).astype(float), np.nan)


def _require_dates(column: pd.Series, codes: np.ndarray, wrong: np.ndarray) -> None:
    """wrong: bool (k,), of the distinct values."""
    rows = int(np.append(wrong, False)[codes].sum())
    if rows:
        verb = "is" if rows == 1 else "are"
        raise DataError(
            f'Column "{column.name}" holds {counted(rows, "entry", "entries")} that {verb} no date.',
            f"Correct them or leave them empty. {HINT}",
        )
