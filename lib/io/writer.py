"""write_csv: a frame becomes a file that a spreadsheet opens without running anything in it."""

import os
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
EXACT_INTEGERS = 2.0**53
SAME_TEXT = (1e-4, 1e10)  # |x| of numbers, not whole, that pyarrow writes with the same characters as repr
ROWS = 1 << 16  # made at a time, so that a million lines need little beside the file itself
QUOTED = (",", '"', "\n")


def write_csv(frame: pd.DataFrame) -> bytes:
    """The frame as UTF-8 CSV, lines ending in LF, byte-identical for equal frames.

    Numbers are written in full (repr), whole numbers without ".0", missing as an empty cell. A text (or column name)
    that starts with = + - @ tab or CR gets a leading apostrophe, so that no spreadsheet takes it for a formula.
    """
    columns = [_cells(frame.iloc[:, position]) for position in range(frame.shape[1])]
    parts: list[bytes | memoryview] = [",".join(_quoted(_escaped(str(name))) for name in frame.columns).encode(), b"\n"]
    with ThreadPoolExecutor(os.cpu_count() if len(frame) > ROWS else 1) as pool:
        parts += pool.map(_lines, ([column[i : i + ROWS] for column in columns] for i in range(0, len(frame), ROWS)))
    return b"".join(parts)


def _cells(column: pd.Series) -> np.ndarray | pa.Array:
    """Floats as they are; whole numbers, and text ready to be written, as a pyarrow array with null where missing."""
    if column.dtype == float:
        values = column.to_numpy()
        missing = np.isnan(values)
        known = values[~missing]
        if ((known == np.trunc(known)) & (np.abs(known) < EXACT_INTEGERS)).all():
            return pa.array(np.where(missing, 0, values).astype(np.int64), mask=missing)
        return values
    if isinstance(column.dtype, np.dtype) and column.dtype.kind in "iu":
        return pa.array(column.to_numpy())
    return _text(column)


def _text(column: pd.Series) -> pa.DictionaryArray:
    """Text escaped; numbers standing among text as they are."""
    codes, unique = pd.factorize(column.to_numpy(dtype=object))
    cells = [_quoted(_escaped(value) if isinstance(value, str) else str(value)) for value in unique]
    return pa.DictionaryArray.from_arrays(pa.array(codes, mask=codes < 0), pa.array(cells, pa.string()))


def _escaped(text: str) -> str:
    """The text as a cell. A CR inside becomes LF: writers leave it unquoted, and readers break the line there."""
    cell = "'" + text if text.startswith(FORMULA_STARTS) else text
    return cell.replace("\r\n", "\n").replace("\r", "\n")


def _quoted(cell: str) -> str:
    """In double quotes where CSV needs them."""
    return '"' + cell.replace('"', '""') + '"' if any(mark in cell for mark in QUOTED) else cell


def _lines(columns: list[np.ndarray | pa.Array]) -> memoryview:
    """Some rows of the file, from what _cells made."""
    *first, last = (_float_text(part) if isinstance(part, np.ndarray) else part.cast(pa.string()) for part in columns)
    if not first:  # a reader skips a line without anything
        last = pc.if_else(pc.equal(pc.fill_null(last, ""), ""), '""', last)
    ended = pc.binary_join_element_wise(last, "\n", "", null_handling="replace")
    lines = pc.binary_join_element_wise(*first, ended, ",", null_handling="replace")
    _, ends, text = lines.buffers()
    return memoryview(text)[: np.frombuffer(ends, np.int32)[len(lines)]]


def _float_text(values: np.ndarray) -> pa.Array:
    """Every number as repr writes it, NaN as null. values: float (n,)."""
    size = np.abs(values)
    own = ((size < SAME_TEXT[0]) | (size >= SAME_TEXT[1]) | (values == np.trunc(values))) & ~np.isnan(values)
    text = pa.array(values, from_pandas=True).cast(pa.string())
    return pc.replace_with_mask(text, own, pa.array(map(repr, values[own].tolist()), pa.string()))
