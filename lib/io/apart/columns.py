"""Typed columns as bytes for whoever asked: numbers as they are in memory, text as lines divided by tabs."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

MARK = "row"  # a column beside the texts, so that no line is empty; given another name where the file has it
BREAKS = str.maketrans({"\t": " ", "\n": " ", "\r": " ", "\0": None})
EXACT_INTEGERS = 2.0**53
CODES = (99.0, 999.0, 9999.0, 99999.0)  # numbers that may stand for missing: the reader of text decides


def packed(columns: Mapping[str, np.ndarray | Sequence[Any]], rows: int) -> tuple[dict[str, Any], bytes]:
    """columns: by name, (rows,) each, float64 (NaN where missing) or text (None or NaN where missing).

    Returns {"rows", "order", "numbers", "texts", "mark"} (names, the mark's one among them) and the numbers, one column
    after the other as little-endian float64, with the text after them: a line of names, then one line a row."""
    numbers = {name: column for name, column in columns.items() if _is_number(column)}
    texts = [_lines(name, column) for name, column in columns.items() if name not in numbers]
    mark = MARK
    while mark in columns:
        mark += "_"
    told = {"rows": rows, "order": list(columns), "numbers": list(numbers), "mark": mark}
    told["texts"] = [name for name in columns if name not in numbers]
    block = b"".join(np.ascontiguousarray(column, dtype="<f8").tobytes() for column in numbers.values())
    if not texts:
        return told, block
    lines = "\n".join(map("\t".join, zip([mark] + ["x"] * rows, *texts, strict=True)))
    return told, block + lines.encode(errors="replace") + b"\n"


def _is_number(column: np.ndarray | Sequence[Any]) -> bool:
    """Whether the column can go as floats: none is a code, and no whole number too long to be exact."""
    if not isinstance(column, np.ndarray) or column.dtype.kind not in "fiu":
        return False
    size = np.abs(column.astype(float))
    return not np.isin(size, CODES).any() and (column.dtype.kind == "f" or not (size > EXACT_INTEGERS).any())


def _lines(name: str, column: np.ndarray | Sequence[Any]) -> list[str]:
    known: dict[Any, str] = {}
    lines = [_text(name)]
    for cell in column.tolist() if isinstance(column, np.ndarray) else column:
        if cell != cell:
            cell = None
        if cell not in known:
            known[cell] = _text(cell)
        lines.append(known[cell])
    return lines


def _text(cell: Any) -> str:
    """One cell as text; "" where missing."""
    if cell is None:
        return ""
    if isinstance(cell, float):
        return number_text(cell)
    if isinstance(cell, str):
        text = cell.translate(BREAKS)
        return '"' + text.replace('"', '""') + '"' if '"' in text else text
    return str(cell)


def number_text(number: float) -> str:
    """A number in full, a whole one without a point."""
    return str(int(number)) if math.isfinite(number) and number.is_integer() else repr(number)
