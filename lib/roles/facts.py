"""What the values of one column say about it: counts, kinds, few levels. For guesses, summaries and warnings."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..table import is_numeric, numbers_in_text, sorted_levels
from .vocabulary import words

MOST_LEVELS = 12  # a text column with more values than this is no category
MOST = 0.5
DATE = r"(?:(\d{4})-\d{1,2}-\d{1,2}|\d{1,2}[./-]\d{1,2}[./-](\d{4}|\d{2}))(?:[ T].*)?"


@dataclass(frozen=True)
class Facts:
    """What the values of one column say. n: known values. levels: distinct ones as text, at most MOST_LEVELS + 1."""

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

    @property
    def binary(self) -> bool:
        """Exactly two values."""
        return self.distinct == 2

    @property
    def unique(self) -> bool:
        """Known in every row and never twice."""
        return self.n == self.distinct == self.rows

    def named(self, *vocabularies: Iterable[str]) -> bool:
        """Whether a word of the name is in one of the vocabularies."""
        return any(not self.words.isdisjoint(listed) for listed in vocabularies)


def column_facts(column: pd.Series) -> Facts:
    """Look at one column of a Table."""
    known = column.dropna()
    unique = known.drop_duplicates()
    numeric = is_numeric(column)
    levels = tuple(sorted_levels(unique.iloc[: MOST_LEVELS + 1]))
    date = not numeric and len(unique) > 0 and bool(unique.str.fullmatch(DATE).mean() > MOST)
    mixed = not numeric and len(unique) > 0 and bool(numbers_in_text(unique).mean() > MOST)
    return Facts(
        str(column.name),
        frozenset(words(str(column.name))),
        len(column),
        len(known),
        len(unique),
        levels,
        numeric,
        mixed,
        numeric and holds_whole_numbers(column),
        date,
    )


def holds_whole_numbers(column: pd.Series) -> bool:
    """Whether a column of numbers has known values, all of them whole and finite."""
    known = column.dropna().to_numpy()
    return len(known) > 0 and bool((np.isfinite(known) & (known == np.trunc(known))).all())
