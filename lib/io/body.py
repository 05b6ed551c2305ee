"""The rows of a file by pandas' C reader, and a column's cells as they were written where that lost something."""

import io
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from ..errors import DataError
from .layout import Layout
from .numbers import FEW
from .scan import cells_starting_with

EXACT_INTEGERS = 2.0**53  # above this a float no longer tells neighbouring whole numbers (long ids) apart
EXACT_DIGITS = 15
SAMPLED = 1000
DUST = 1e-6  # of a thousandth, when a float is held against three decimals


@dataclass(frozen=True)
class Body:
    """How the rows of one file are read: its layout and the texts that stand for a missing value."""

    layout: Layout
    markers: tuple[str, ...]

    def parse(self, columns: list[int] | None = None) -> pd.DataFrame:
        """All rows. columns: only these, and as text. Raises DataError when they cannot be split."""
        try:
            parsed = pd.read_csv(
                io.BytesIO(self.layout.body),
                sep=self.layout.delimiter,
                header=None,
                names=range(len(self.layout.names)),
                index_col=False,
                usecols=columns,
                dtype=None if columns is None else str,
                na_values=["", *self.markers],
                keep_default_na=False,
                skipinitialspace=True,
                skip_blank_lines=False,
                low_memory=False,
            )
        except (pd.errors.ParserError, OverflowError):
            parsed = pd.DataFrame()
        if len(parsed) != len(self.layout.numbers):
            raise DataError("The file cannot be split into columns.", "Check that double quotes are paired.")
        texts = [name for name, kind in parsed.dtypes.items() if isinstance(kind, pd.StringDtype)]
        return parsed.astype(dict.fromkeys(texts, object)) if texts else parsed

    def written(self, position: int) -> pd.Series:
        """One column as text, NaN where missing."""
        return self.parse([position])[position].astype(object)

    @cached_property
    def leading_zeros(self) -> bool:
        """Whether a cell like 007 may occur in the file; one after a space or in quotes is not looked at."""
        characters = np.frombuffer(self.layout.body, dtype=np.uint8)
        starts, _ = cells_starting_with(self.layout.body, self.layout.edges, b'0 "')
        plain = starts[characters[starts] == ord("0")]
        return len(plain) < len(starts) or bool((characters[plain + 1] - ord("0") < 10).any())  # a byte wraps below 0

    @cached_property
    def _even(self) -> bool:
        """Whether every delimiter and line end of the rows divides cells."""
        return len(self.layout.edges) == len(self.layout.numbers) * len(self.layout.names)

    def three_decimals(self, position: int) -> bool:
        """Whether a cell of a column may end in a point and three more signs."""
        if not self._even or b'"' in self.layout.body or b" " in self.layout.body:
            return b"." in self.layout.body
        ends = self.layout.edges[position :: len(self.layout.names)]
        return bool((np.frombuffer(self.layout.body, np.uint8)[np.maximum(ends - 4, 0)] == ord(".")).any())

    def may_be_groups(self, position: int, values: np.ndarray) -> bool:
        """Whether decimal points of a column could be thousands marks: hardly a number of it proves otherwise.

        values: float64 (n,), as pandas read them."""
        some = values[:: 1 + len(values) // SAMPLED]
        if _proved(some) > 0.5 or _proved(values) > FEW:
            return False
        return bool(np.fmax.reduce(np.abs(values)) < 1000) and self.three_decimals(position)

    def as_written(self, column: pd.Series, position: int) -> pd.Series:
        """The column as parsed, or as text where parsing lost something: the words TRUE and FALSE, leading zeros,
        digits of a whole number too long to be exact."""
        if column.dtype == object:
            lost = pd.api.types.infer_dtype(column, skipna=True) not in ("string", "empty")
        elif column.dtype == float:
            known = column.dropna().abs()
            lost = len(known) > 0 and EXACT_INTEGERS < known.min() < np.inf
        else:
            lost = column.dtype != np.int64 or (column.is_unique and self.leading_zeros)
        if not lost:
            return column
        text = self.written(position)
        return text if column.dtype != np.int64 or is_code(text) else column


def _proved(values: np.ndarray) -> float:
    """Which share of a column's broken numbers no groups of thousands can be: 0.5, 12.25, 1.2345. 0 without any."""
    size = np.abs(values[np.isfinite(values)])
    broken = size[size != np.trunc(size)]
    scaled = broken * 1000
    proved = (broken < 1) | (np.abs(scaled - np.rint(scaled)) > DUST)
    return float(proved.mean()) if len(broken) else 0.0


def is_code(column: pd.Series) -> bool:
    """Whether a text column is all digits, with leading zeros or more of them than a number holds: an identifier.
    (pandas leaves "" for missing among numbers beyond 64 bits.)"""
    known = column[column.notna() & (column != "")] if column.dtype == object else column[:0]
    if not len(known) or not known.iloc[0].isdigit():
        return False
    digits = known.str.fullmatch(r"\d+").all()
    return bool(digits and (known.str.match(r"0\d").any() or known.str.len().max() > EXACT_DIGITS))
