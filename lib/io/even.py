"""Rows that are longer or shorter than the header for want, or too many, of delimiters behind their last value."""

import numpy as np

from ..errors import DataError
from ..table import Finding
from ..words import counted
from .furniture import Apart, lines_of
from .head import MISSING, Below, looks_number
from .lines import Records

SAMPLE = 200
SEVERAL = 2  # rows cut short: one alone may be a line that was broken


def even_out(records: Records, kept: np.ndarray, width: int) -> list[Finding]:
    """Give every row as many cells as the header where only empty ones are at stake; changes `records`."""
    made = []
    if longer := _trim(records, kept[records.widths[kept] > width], width):
        text = f"Empty cells behind the last column left out in {counted(longer, 'row')}."
        made.append(Finding("trailing", text))
    shorter = kept[(records.widths[kept] < width) & ~np.isin(records.numbers[kept], records.unclosed)]
    shorter = _fitting(records, kept, shorter, width) if len(shorter) >= SEVERAL else shorter[:0]
    if len(shorter):
        mark = records.delimiter.encode()
        for record in shorter.tolist():
            records.rewritten[record] = records.text(record) + mark * int(width - records.widths[record])
            records.widths[record] = width
        lines = tuple(records.numbers[shorter].tolist())
        text = f"{lines_of(lines)} shorter than the header; the last columns are read as empty there."
        made.append(Finding("short", text, "look", lines=lines))
    return made


def _trim(records: Records, longer: np.ndarray, width: int) -> int:
    """Take the delimiters off the ends of rows; how many rows that was."""
    characters, mark, trimmed = np.frombuffer(records.raw, np.uint8), ord(records.delimiter), 0
    extra = records.widths[longer] - width
    ends = records.ends[longer]
    bare = np.ones(len(longer), dtype=bool)
    for k in range(int(extra.max(initial=0))):
        bare &= (k >= extra) | (characters[ends - 1 - k] == mark)
    bare &= ~np.isin(longer, list(records.rewritten)) & ~np.isin(records.numbers[longer], records.unclosed)
    records.ends[longer[bare]] -= extra[bare]
    records.widths[longer[bare]] = width
    trimmed = int(bare.sum())
    records.trimmed = records.trimmed or trimmed > 0
    return trimmed


def _fitting(records: Records, kept: np.ndarray, shorter: np.ndarray, width: int) -> np.ndarray:
    """Those of the short rows whose cells are of the kinds of their columns."""
    below = _sample(records, kept, width)
    typed = [j for j in range(width) if below.typed(j)] if below.columns[0] else []
    levels = {j: below.levels(j) | MISSING for j in range(width) if typed and j not in typed and below.levels(j)}

    def fits(cells: list[str]) -> bool:
        numbers = all(cells[j] in MISSING or looks_number(cells[j]) for j in typed if j < len(cells))
        return numbers and all(cells[j] in known for j, known in levels.items() if j < len(cells))

    return np.array([i for i in shorter.tolist() if typed and fits(records.cells(i))], dtype=np.int64)


def _sample(records: Records, kept: np.ndarray, width: int) -> Below:
    rows = [records.cells(i) for i in kept[:SAMPLE] if records.widths[i] == width]
    return Below([[row[j] for row in rows] for j in range(width)])


def require_header(records: Records, apart: Apart, names: tuple[str, ...]) -> None:
    """Raise DataError when the line of names looks like the row of a patient, naming nothing that it holds."""
    below = _sample(records, apart.kept, len(names))
    if below.alike(0, names[0]) and any(looks_number(name) and below.typed(j) for j, name in enumerate(names)):
        raise DataError(
            f"Line {records.numbers[apart.head.record]} should name the columns, but looks like a patient's row.",
            "Add a first line that names the columns.",
        )
