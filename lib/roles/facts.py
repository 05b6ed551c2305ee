"""What the values of one column say about it: counts, kinds, few levels. For guesses, summaries and warnings."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..table import is_numeric, numbers_in_text, numeric_as_text
from .lexicon import Lexicon, Named
from .vocabulary import moment, named, without_unit, words

MOST_LEVELS = 12  # a text column with more values than this is no category
MOST = 0.5
DATE = r"(?:(\d{4})-\d{1,2}-\d{1,2}|\d{1,2}[./-]\d{1,2}[./-](\d{4}|\d{2}))(?:[ T].*)?"
DATES = re.compile(DATE)  # looked up by hand: pandas takes a pattern apart anew for every column


@dataclass(frozen=True)
class Facts:
    """What the values of one column say. n: known values. levels: distinct ones as text, at most MOST_LEVELS + 1.
    low: the smallest number, NaN for text. called: the words of the name, without its unit. label: those of what the
    file calls it besides. unit: in brackets behind the name, or of the file. moment: the day named, None without
    one."""

    name: str
    words: frozenset[str]
    rows: int
    n: int
    distinct: int
    levels: tuple[str, ...]
    numeric: bool
    mixed: bool
    whole: bool
    date: bool
    low: float
    called: Named
    label: Named
    unit: str
    moment: int | None

    @property
    def binary(self) -> bool:
        """Exactly two values."""
        return self.distinct == 2

    @property
    def unique(self) -> bool:
        """Known in every row and never twice."""
        return self.n == self.distinct == self.rows

    def find(self, *lexicons: Lexicon) -> str | None:
        """The first word of the name, else of the label, that one of the lists has; None without any."""
        found = (lexicon.find(said) for said in (self.called, self.label) for lexicon in lexicons)
        return next(filter(None, found), None)

    def named(self, *vocabularies: Iterable[str]) -> bool:
        """Whether a word of the name is in one of the vocabularies."""
        return any(not self.words.isdisjoint(listed) for listed in vocabularies)


def column_facts(column: pd.Series, label: str = "", unit: str = "") -> Facts:
    """Look at one column of a Table. label, unit: what the file itself says of it."""
    numeric = is_numeric(column)
    known = _known_numbers(column) if numeric else column.dropna().to_numpy()
    unique = pd.unique(known)
    few = unique[: MOST_LEVELS + 1]
    levels = tuple(sorted(numeric_as_text(few) if numeric else few))
    date = not numeric and sum(map(bool, map(DATES.fullmatch, unique))) > MOST * len(unique)
    mixed = not numeric and numbers_in_text(pd.Series(unique, dtype=object)).sum() > MOST * len(unique)
    name, told = without_unit(str(column.name))
    said, also = without_unit(label)
    day = moment(name)
    return Facts(
        str(column.name),
        frozenset(words(str(column.name))),
        len(column),
        len(known),
        len(unique),
        levels,
        numeric,
        bool(mixed),
        numeric and _all_whole(known),
        date,
        float(known.min()) if numeric and len(known) else float("nan"),
        named(name),
        named(said),
        unit or told or also,
        moment(said) if day is None else day,
    )


def holds_whole_numbers(column: pd.Series) -> bool:
    """Whether a column of numbers has known values, all of them whole and finite."""
    return _all_whole(_known_numbers(column))


def _known_numbers(column: pd.Series) -> np.ndarray:
    values = column.to_numpy()
    return values[~np.isnan(values)] if values.dtype.kind == "f" else values


def _all_whole(known: np.ndarray) -> bool:
    return len(known) > 0 and bool((np.isfinite(known) & (known == np.trunc(known))).all())
