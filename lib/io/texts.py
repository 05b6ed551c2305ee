"""One column that pandas left as text: stripped, its missing values found, numbers told from words."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd

from .measured import Cores, take_apart
from .numbers import Evidence, evidence, kinds

SPACES = " \t\u00a0\u202f\u2007"
LOOKED_AT = 1000  # distinct texts that tell whether a column could hold numbers
MOSTLY = 0.5


@dataclass(frozen=True)
class TextColumn:
    """The distinct texts of a column.  codes: int (n,), -1 where missing. texts: stripped, by code. counts: cells of
    each. padded: which had spaces around. empty: texts that stand for a missing value; dashes: those that do among
    numbers."""

    name: str
    codes: np.ndarray
    texts: list[str]
    counts: np.ndarray
    padded: np.ndarray
    empty: frozenset[str]
    dashes: frozenset[str] = field(default_factory=frozenset)

    @classmethod
    def of(cls, name: str, column: pd.Series, empty: Collection[str], dashes: Collection[str]) -> "TextColumn":
        """Look at one column, object (n,) of text and NaN."""
        codes, unique = pd.factorize(column.to_numpy())
        texts = [text.strip(SPACES) for text in unique]
        padded = np.fromiter((len(a) != len(b) for a, b in zip(texts, unique, strict=True)), bool, len(texts))
        counts = np.bincount(codes[codes >= 0], minlength=len(texts))
        return cls(name, codes, texts, counts, padded, frozenset({"", *empty}), frozenset(dashes))

    @cached_property
    def known(self) -> np.ndarray:
        """int: codes of texts that are not missing."""
        return np.array([i for i, text in enumerate(self.texts) if text not in self.empty], dtype=np.int64)

    @cached_property
    def entries(self) -> np.ndarray:
        """int: codes of texts that are neither missing nor a dash or the like."""
        return np.array([i for i in self.known.tolist() if self.texts[i] not in self.dashes], dtype=np.int64)

    @cached_property
    def cores(self) -> Cores:
        """The entries without limits and units."""
        return take_apart([self.texts[i] for i in self.entries])

    @cached_property
    def kinds(self) -> list[str | None]:
        """How the number of each entry is written; None where it is none."""
        return kinds(self.cores.numbers)

    @cached_property
    def numeric(self) -> bool:
        """Whether every entry is a number, perhaps with a limit before it or a unit behind it."""
        return bool(len(self.entries)) and self.hopeful and all(self.kinds)

    @cached_property
    def hopeful(self) -> bool:
        """Whether the first entries leave it open that the column holds numbers."""
        first = kinds(take_apart([self.texts[i] for i in self.entries[:LOOKED_AT]]).numbers)
        return sum(map(bool, first)) > MOSTLY / 2 * len(first)

    @cached_property
    def evidence(self) -> Evidence:
        """What the numbers prove about the decimal sign."""
        return evidence(self.cores.numbers, self.kinds, self.counts[self.entries].tolist())

    def spread(self, values: np.ndarray, codes: np.ndarray) -> np.ndarray:
        """float64 (n,): the values of some codes in every row, NaN elsewhere."""
        lookup = np.full(len(self.texts) + 1, np.nan)
        lookup[codes] = values
        return lookup[self.codes]

    def words(self, read_as: dict[str, str], dashes: bool) -> np.ndarray:
        """object (n,): the texts, None where missing. read_as: other texts for some. dashes: those are missing too."""
        gone = self.empty | self.dashes if dashes else self.empty
        made = [None if text in gone else read_as.get(text, text) for text in self.texts]
        return np.array([*made, None], dtype=object)[self.codes]

    def cells(self, codes: Sequence[int] | np.ndarray) -> int:
        """How many cells hold these texts."""
        return int(self.counts[np.asarray(codes, dtype=np.int64)].sum())
