"""read_csv: a clinic's CSV file becomes a Table. What can be known is decided and noted; what cannot stays text."""

import io
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import pandas as pd

from ..errors import DataError
from ..table import Finding, Table, frame_digest, object_frame
from .decode import decode
from .layout import DELIMITERS, Layout, find_layout, no_rows
from .missing import MARKERS, NUMBER_MARKERS, count_markers, without_sentinels
from .numbers import decimal_sign, is_number_text
from .scan import cells_starting_with
from .texts import convert_texts

ENCODING_NAMES = {"utf-8": "UTF-8", "cp1252": "Windows-1252", "utf-16": "UTF-16"}
EXACT_INTEGERS = 2.0**53  # above this a float no longer tells neighbouring whole numbers (long ids) apart
EXACT_DIGITS = 15


@dataclass(frozen=True)
class Reading:
    """How the body of one file is read: its layout, decimal sign (None: in doubt), the texts that stand for a missing
    value, and `guess`, whether dashes and -999 among numbers may be taken for missing as well."""

    layout: Layout
    decimal: str | None
    markers: tuple[str, ...]
    guess: bool
    notes: list[str] = field(default_factory=list)

    @cached_property
    def leading_zeros(self) -> bool:
        """Whether a cell like 007 may occur in the file; one after a space or in quotes is not looked at."""
        characters = np.frombuffer(self.layout.body, dtype=np.uint8)
        starts, _ = cells_starting_with(self.layout.body, self.layout.edges, b'0 "')
        plain = starts[characters[starts] == ord("0")]
        return len(plain) < len(starts) or bool((characters[plain + 1] - ord("0") < 10).any())  # a byte wraps below 0

    def parse(self, columns: list[int] | None = None) -> pd.DataFrame:
        """The body by pandas' C reader. columns: only these, and as text. Raises DataError when it cannot be split."""
        try:
            parsed = pd.read_csv(
                io.BytesIO(self.layout.body),
                sep=self.layout.delimiter,
                decimal=self.decimal or ".",
                header=None,
                names=range(len(self.layout.names)),
                index_col=False,
                usecols=columns,
                dtype=None if columns is None else str,
                na_values=["", *self.markers],
                keep_default_na=False,
                skipinitialspace=True,
                low_memory=False,
            )
        except pd.errors.ParserError:
            raise DataError("The file cannot be split into columns.", "Check that double quotes are paired.") from None
        texts = [name for name, kind in parsed.dtypes.items() if isinstance(kind, pd.StringDtype)]
        return parsed.astype(dict.fromkeys(texts, object))


def read_csv(
    data: bytes,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    decimal: str | None = None,
    missing: tuple[str, ...] | None = None,
) -> Table:
    """Read a CSV file.

    data: the file. encoding, delimiter, decimal ("." or ","): None means found from the file; what was found is a note.
    missing: the texts that stand for a missing value, beside an empty cell; None means MARKERS, and among numbers a
    dash or the like, and -999 and its like where no other value is negative. Dates stay text. A column that mixes
    numbers and text stays text, with a note that says what to do. Raises DataError, one sentence and
    a next step, for a file that is not a table.
    """
    if decimal not in (None, ".", ","):
        raise DataError("The decimal sign must be a point or a comma.", 'Use "." or ",".')
    decoded = decode(data, encoding)
    layout = find_layout(decoded.raw, delimiter)
    reading = Reading(layout, decimal or ".", MARKERS if missing is None else missing, guess=missing is None)
    frame = reading.parse()
    if decimal is None:
        reading = replace(reading, decimal=_find_decimal(frame))
        frame = reading.parse() if reading.decimal == "," else frame
    read_as = [_how(decoded.encoding, layout.delimiter, reading.decimal)]
    if frame.isna().any(axis=None):
        read_as += _marker_notes(reading)
    reading.notes.extend(read_as)
    frame = _finish(frame, reading)
    plain = set(read_as)
    findings = (Finding("read", note, "plain" if note in plain else "note") for note in reading.notes)
    return Table(frame, frame_digest(frame), tuple(findings))


def _how(encoding: str, delimiter: str, decimal: str | None) -> str:
    name = ENCODING_NAMES.get(encoding, encoding)
    comma = ", decimal comma" if decimal == "," else ""
    check = "; check that accented letters look right" if encoding == "cp1252" else ""
    return f"Read as {name} text, columns divided by {DELIMITERS.get(delimiter, delimiter)}{comma}{check}."


def _marker_notes(reading: Reading) -> list[str]:
    counts = count_markers(reading.layout.body, reading.layout.edges, reading.markers)
    listed = ", ".join(f'"{marker}" ({count:,})' for marker, count in sorted(counts.items()))
    return [f"Read as missing beside empty cells, with the number of cells: {listed}."] if counts else []


def _find_decimal(frame: pd.DataFrame) -> str | None:
    """The decimal sign of the file: see decimal_sign."""
    columns, points = [], False
    for name in frame.columns:
        column = frame[name]
        if column.dtype == object:
            texts = [text for text in column.dropna().unique() if isinstance(text, str)]
            if 2 * sum(map(is_number_text, texts)) > len(texts):
                columns.append(texts)
        elif column.dtype == float and not points:
            values = column.dropna().to_numpy()
            points = bool((values != np.trunc(values)).any())
    return decimal_sign(columns, points)


def _finish(frame: pd.DataFrame, reading: Reading) -> pd.DataFrame:
    """Text where pandas guessed too far, numbers where it did not dare; named columns; empty rows left out."""
    notes, made = reading.notes, {}
    for position, name in enumerate(reading.layout.names):
        label = name or f"(column {position + 1})"
        column = _as_written(frame[position], position, reading)
        values = column.to_numpy()
        if _is_code(column):
            values = np.where(column.isna() | (column == ""), np.array(None), values)
        elif column.dtype == object:
            dashes = NUMBER_MARKERS if reading.guess else ()
            values = convert_texts(label, column, reading.decimal, reading.markers, dashes, notes)
        if reading.guess and values.dtype != object:
            values, note = without_sentinels(label, values)
            notes.extend([note] if note else [])
        made[position] = values
    return _named(_without_empty_rows(object_frame(made, copy=False), notes), reading)


def _as_written(column: pd.Series, position: int, reading: Reading) -> pd.Series:
    """The column as parsed, or read again as text where parsing lost something: the words TRUE and FALSE, leading
    zeros, digits of a whole number too long to be exact."""
    if column.dtype == object:
        lost = pd.api.types.infer_dtype(column, skipna=True) == "boolean"
    elif column.dtype == float:
        known = column.dropna()
        lost = len(known) > 0 and known.abs().min() > EXACT_INTEGERS
    else:
        lost = column.dtype != np.int64 or (column.is_unique and reading.leading_zeros)
    if not lost:
        return column
    text = reading.parse([position])[position].astype(object)
    return text if column.dtype != np.int64 or _is_code(text) else column


def _is_code(column: pd.Series) -> bool:
    """Whether a text column is all digits, with leading zeros or more of them than a number holds: an identifier.
    (pandas leaves "" for missing among numbers beyond 64 bits.)"""
    known = column[column.notna() & (column != "")] if column.dtype == object else column[:0]
    if not len(known) or not known.iloc[0].isdigit():
        return False
    digits = known.str.fullmatch(r"\d+").all()
    return bool(digits and (known.str.match(r"0\d").any() or known.str.len().max() > EXACT_DIGITS))


def _without_empty_rows(frame: pd.DataFrame, notes: list[str]) -> pd.DataFrame:
    empty = frame.isna().all(axis=1).to_numpy()
    if not empty.any():
        return frame
    if empty.all():
        raise no_rows()
    notes.append(f"Empty rows left out: {empty.sum():,}.")
    return frame[~empty].reset_index(drop=True)


def _named(frame: pd.DataFrame, reading: Reading) -> pd.DataFrame:
    """Give the columns their names; drop unnamed ones that are empty, and a first one that only numbers the rows."""
    keep = []
    for position, name in enumerate(reading.layout.names):
        if name:
            keep.append(position)
        elif frame[position].isna().all():
            reading.notes.append(f"Column {position + 1} has neither a name nor values and is left out.")
        elif position == 0 and _numbers_rows(frame[0]):
            reading.notes.append("The first column has no name and only numbers the rows; it is left out.")
        else:
            raise DataError(f"The header has no name for column {position + 1}.", "Give every column a name.")
    return frame[keep].set_axis([reading.layout.names[position] for position in keep], axis=1)


def _numbers_rows(column: pd.Series) -> bool:
    return column.dtype == np.int64 and any((column.to_numpy() == np.arange(len(column)) + k).all() for k in (0, 1))
