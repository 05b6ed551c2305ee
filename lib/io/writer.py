"""write_csv: a frame becomes a file that a spreadsheet opens without running anything in it."""

import numpy as np
import pandas as pd

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
EXACT_INTEGERS = 2.0**53


def write_csv(frame: pd.DataFrame) -> bytes:
    """The frame as UTF-8 CSV, lines ending in LF, byte-identical for equal frames.

    Numbers are written in full (repr), whole numbers without ".0", missing as an empty cell. A text (or column name)
    that starts with = + - @ tab or CR gets a leading apostrophe, so that no spreadsheet takes it for a formula.
    """
    made = {position: _cells(frame.iloc[:, position]) for position in range(frame.shape[1])}
    names = [_escaped(str(name)) for name in frame.columns]
    text = pd.DataFrame(made, index=frame.index).to_csv(index=False, header=names, lineterminator="\n")
    return text.encode()


def _cells(column: pd.Series) -> pd.Series | np.ndarray:
    if isinstance(column.dtype, (pd.CategoricalDtype, pd.StringDtype)) or column.dtype == object:
        return _safe_text(column)
    if column.dtype == float:
        known = column.dropna()
        if ((known == np.trunc(known)) & (known.abs() < EXACT_INTEGERS)).all():
            return column.astype("Int64")
    return column


def _safe_text(column: pd.Series) -> np.ndarray:
    """Object cells: text escaped; numbers standing among text as they are."""
    codes, unique = pd.factorize(column.to_numpy(dtype=object))
    cells = [_escaped(value) if isinstance(value, str) else value for value in unique]
    return np.array([*cells, None], dtype=object)[codes]


def _escaped(text: str) -> str:
    """The text as a cell. A CR inside becomes LF: writers leave it unquoted, and readers break the line there."""
    cell = "'" + text if text.startswith(FORMULA_STARTS) else text
    return cell.replace("\r\n", "\n").replace("\r", "\n")
