"""Table: a file's columns as read, with a digest of every row. The one thing a session keeps beside its spec."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import pandas as pd

from .errors import DataError
from .questions import Question
from .rounding import as_one


@dataclass(frozen=True)
class Finding:
    """One thing that the reader of a file decided.  code: a short name of the kind ("encoding", "merged", "skipped").
    text: the sentence. level: "plain" (every file has such), "note" (harmless, folded) or "look" (said above). column:
    its name, None for the whole file. cells, lines: how many cells, and which lines of the file (from 1), it concerns.
    undo: settings of `reading` (lib.spec.reading) that read it otherwise; empty where nothing is to choose."""

    code: str
    text: str
    level: Literal["plain", "note", "look"] = "note"
    column: str | None = None
    cells: int = 0
    lines: tuple[int, ...] = ()
    undo: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Limited:
    """Numbers of a column that also holds texts such as "<0.3".  values: float64 (n,), the limit itself where the text
    is beyond it, NaN where missing. beyond: int8 (n,), -1 below the limit, 1 above it, 0 a plain number."""

    values: np.ndarray
    beyond: np.ndarray


@dataclass(frozen=True)
class Table:
    """frame: one row per line of the file; a column is float64 / int64 (numbers) or object (text, None where missing).
    digest: SHA-256 over the header and every row, so that two tables differing in one cell never share a key.
    findings: what the reader of the file had to decide (encoding, delimiter, decimal comma, lines left out ...).
    questions: what it could not decide; such a column is text until somebody answers.
    limited: text columns of numbers and detection limits, by name.
    labels, units: what columns are called and count in, as far as the file itself says so."""

    frame: pd.DataFrame
    digest: str
    findings: tuple[Finding, ...] = ()
    questions: tuple[Question, ...] = ()
    limited: Mapping[str, Limited] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)

    @property
    def notes(self) -> tuple[str, ...]:
        """The findings as sentences."""
        return tuple(finding.text for finding in self.findings)

    @property
    def read_as(self) -> tuple[str, ...]:
        """Those of the notes that every file has: its encoding and delimiter, and what stands for a missing value."""
        return tuple(finding.text for finding in self.findings if finding.level == "plain")

    @classmethod
    def from_frame(cls, frame: pd.DataFrame) -> "Table":
        """Wrap a frame made in code (tests, notebooks, bench); other column types become numbers or text.

        Raises DataError when two columns have one name.
        """
        names = [str(name) for name in frame.columns]
        if len(set(names)) < len(names):
            raise DataError("The table has two columns of one name.", "Give every column a name of its own.")
        frame = object_frame({str(name): _plain_column(frame[name]) for name in frame.columns})
        return cls(frame, frame_digest(frame))


def _plain_column(column: pd.Series) -> np.ndarray:
    """int64, float64 or object text with None, whatever pandas type the column had."""
    if pd.api.types.is_bool_dtype(column.dtype) or not pd.api.types.is_numeric_dtype(column.dtype):
        missing = column.isna().to_numpy()
        text = column.astype(object).map(str, na_action="ignore").to_numpy(dtype=object)
        return np.where(missing, np.array(None), text)
    if pd.api.types.is_integer_dtype(column.dtype) and not column.isna().any():
        return column.to_numpy(dtype=np.int64)
    return column.to_numpy(dtype=np.float64, na_value=np.nan)


def object_frame(columns: Mapping[Any, np.ndarray], copy: bool = True) -> pd.DataFrame:
    """A frame of these columns, (n,) each, whose text stays object with None where missing (pandas 3 would make it
    `str` with NaN). copy False: the arrays are nobody else's and become the frame's."""
    made = {name: pd.Series(v, dtype=object) if v.dtype == object else v for name, v in columns.items()}
    return pd.DataFrame(made, copy=copy)


def text_as_objects(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with object columns in place of `str` ones, None in place of their NaN."""
    texts = {name: column for name, column in frame.items() if isinstance(column.dtype, pd.StringDtype)}
    made = {name: column.astype(object).where(column.notna(), None) for name, column in texts.items()}
    columns = {name: made.get(name, column) for name, column in frame.items()}
    return pd.DataFrame(columns, index=frame.index, columns=frame.columns)


def frame_digest(frame: pd.DataFrame) -> str:
    """SHA-256 over column names, types and every value, as 64 hex digits."""
    digest = hashlib.sha256(json.dumps([[str(name), str(frame[name].dtype)] for name in frame.columns]).encode())
    for name in frame.columns:
        column = frame[name]
        values = column.to_numpy() if is_numeric(column) else text_values(column)
        if values.dtype == object:
            codes, unique = pd.factorize(values)  # -1 where missing; the rest in order of their first row
            digest.update(codes.astype(np.int64).tobytes())
            digest.update(np.fromiter(map(len, unique), dtype=np.int64, count=len(unique)).tobytes())
            digest.update("".join(unique).encode(errors="surrogatepass"))
        else:
            digest.update(np.ascontiguousarray(values).tobytes())
    return digest.hexdigest()


def is_numeric(column: pd.Series) -> bool:
    """Whether a column of a Table holds numbers (an entirely empty column counts as numbers)."""
    return pd.api.types.is_numeric_dtype(column.dtype)


def numeric_as_text(values: np.ndarray) -> np.ndarray:
    """Numbers as the text of a level: 1.0 -> "1"; NaN -> None. values: float or int (n,). Returns object (n,)."""
    codes, unique = pd.factorize(values)
    texts = np.array([*map(number_text, unique.tolist()), None], dtype=object)
    return texts[codes]


def number_text(value: float) -> str:
    """One number as a file would hold it: 1.0 -> "1", 0.5 -> "0.5"."""
    return repr(int(value)) if isinstance(value, int) or float(value).is_integer() else repr(float(value))


def text_values(column: pd.Series) -> np.ndarray:
    """A column of a Table as text levels. Returns object (n,), None where missing."""
    if is_numeric(column):
        return numeric_as_text(column.to_numpy())
    return column.to_numpy() if column.dtype == object else column.astype(object).where(column.notna(), None).to_numpy()


def level_values(column: pd.Series) -> np.ndarray:
    """As text_values, for who compares levels and not identifiers: fractions equal up to rounding are one level,
    written with twelve digits (0.3 and 0.1 + 0.2 are "0.3"); whole numbers are told apart however large."""
    if not is_numeric(column) or column.dtype.kind != "f" or bool((column.dropna() % 1 == 0).all()):
        return text_values(column)
    made, place = np.unique(as_one(column.to_numpy(dtype=float)), return_inverse=True)
    return numeric_as_text(np.array([float(f"{value:.12g}") for value in made.tolist()])[place])


def sorted_levels(column: pd.Series) -> list[str]:
    """The distinct known values of a column as text, in code-point order."""
    return sorted(numeric_as_text(column.dropna().unique()) if is_numeric(column) else column.dropna().unique())


def numbers_in_text(column: pd.Series) -> np.ndarray:
    """bool (n,): which known entries of a text column read as numbers. A column of numbers is True where known."""
    if is_numeric(column):
        return column.notna().to_numpy()
    codes, unique = pd.factorize(column.to_numpy())
    parsed = pd.to_numeric(pd.Series(unique, dtype=object), errors="coerce").notna().to_numpy()
    return np.append(parsed, False)[codes]
