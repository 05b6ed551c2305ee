"""read_csv: a clinic's CSV file becomes a Table. What can be known is decided and noted; what cannot is asked."""

import numpy as np
import pandas as pd

from ..errors import DataError
from ..reading import Reading
from ..table import Finding, Limited, Table, frame_digest, object_frame
from ..words import counted
from .body import Body
from .columns import Columns
from .decode import decode
from .furniture import lines_of
from .layout import find_layout, no_rows
from .missing import MARKERS, count_markers
from .sniff import DELIMITERS
from .units import unit_of_header

AS_FOUND = Reading()  # nothing answered
ENOUGH_COLUMNS, RARE = 4, 0.05
ENCODING_NAMES = {
    "utf-8": "UTF-8",
    "cp1252": "Windows-1252",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
}


def read_csv(
    data: bytes,
    reading: Reading = AS_FOUND,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    decimal: str | None = None,
    missing: tuple[str, ...] | None = None,
) -> Table:
    """Read a CSV file.

    data: the file. reading: answers about single columns and lines. encoding, delimiter, decimal ("." or ","): None
    means found from the file; what was found is a finding. missing: the texts that stand for a missing value, beside an
    empty cell; None means MARKERS, and among numbers a dash or the like, and -999 and its like where no other value is
    negative. Dates stay text. A column that mixes numbers and text stays text, with a finding that says what to do; one
    whose marks could be read two ways stays text with a question. Raises DataError, one sentence and a next step, for a
    file that is not a table.
    """
    if decimal not in (None, ".", ","):
        raise DataError("The decimal sign must be a point or a comma.", 'Use "." or ",".')
    decoded = decode(data, encoding)
    layout = find_layout(decoded.raw, delimiter, reading.skip_lines)
    body = Body(layout, MARKERS if missing is None else missing)
    parsed = body.parse()
    columns = Columns(body, reading, guess=missing is None, stated=decimal)
    made = columns.read(parsed)
    how = [_how(decoded.encoding, layout.delimiter, columns.file)]
    if decoded.padding:
        how.append(Finding("padding", f"{counted(decoded.padding, 'zero byte')} at the end of the file left out."))
    if parsed.isna().any(axis=None):
        how += _markers(body)
    frame, kept = _without_empty_rows(object_frame(made, copy=False), columns)
    frame = _named(frame, columns)
    findings = (*how, *layout.findings, *columns.remarks.findings)
    limited = {name: Limited(one.values[kept], one.beyond[kept]) for name, one in columns.limited.items()}
    return Table(
        frame,
        frame_digest(frame),
        findings,
        tuple(columns.remarks.questions),
        limited,
        layout.labels,
        _units(frame, columns),
    )


def _how(encoding: str, delimiter: str, decimal: str | None) -> Finding:
    name = ENCODING_NAMES.get(encoding, encoding)
    comma = ", decimal comma" if decimal == "," else ""
    check = "; check that accented letters look right" if encoding == "cp1252" else ""
    text = f"Read as {name} text, columns divided by {DELIMITERS.get(delimiter, delimiter)}{comma}{check}."
    return Finding("read", text, "plain")


def _markers(body: Body) -> list[Finding]:
    counts = count_markers(body.layout.body, body.layout.edges, body.markers)
    listed = ", ".join(f'"{marker}" ({count:,})' for marker, count in sorted(counts.items()))
    text = f"Read as missing beside empty cells, with the number of cells: {listed}."
    return [Finding("missing", text, "plain", cells=sum(counts.values()))] if counts else []


def _units(frame: pd.DataFrame, columns: Columns) -> dict[str, str]:
    """Units by column: from its cells, else from a line of units, else from brackets in its name."""
    numbers = [name for name in frame.columns if frame[name].dtype != object or name in columns.limited]
    named = {name: unit for name in numbers if (unit := unit_of_header(name))}
    return named | dict(columns.body.layout.units) | columns.units


def _without_empty_rows(frame: pd.DataFrame, columns: Columns) -> tuple[pd.DataFrame, np.ndarray]:
    """The rows that hold a value, and bool (n,): which they are."""
    numbers, filled = columns.body.layout.numbers, np.zeros(len(frame), dtype=np.int32)
    for position in frame.columns:
        filled += frame[position].notna().to_numpy()
    empty = filled == 0
    _about_gaps(frame, filled, columns)
    if not empty.any():
        return frame, ~empty
    if empty.all():
        raise no_rows()
    text = f"Empty rows left out: {empty.sum():,}."
    columns.remarks.findings.append(Finding("empty", text, lines=tuple(numbers[empty].tolist())))
    return frame[~empty].reset_index(drop=True), ~empty


def _about_gaps(frame: pd.DataFrame, filled: np.ndarray, columns: Columns) -> None:
    """Point at rows that may be no patient: with a single value, or the last one without what all others begin with."""
    if frame.shape[1] < ENOUGH_COLUMNS:
        return
    doubtful = filled == 1
    begun = frame[0].notna().to_numpy()
    if len(begun) > 1 and begun[:-1].all() and not begun[-1]:
        doubtful[-1] |= 0 < 2 * filled[-1] <= frame.shape[1]
    if 0 < doubtful.sum() <= max(1, RARE * len(frame)):
        lines = tuple(columns.body.layout.numbers[doubtful].tolist())
        text = f"{lines_of(lines)} almost empty, but read as a patient's. Leave out what is no patient."
        undo = {"skip_lines": tuple(sorted({*columns.body.layout.left_out, *lines}))}
        columns.remarks.findings.append(Finding("sparse", text, "look", lines=lines, undo=undo))


def _named(frame: pd.DataFrame, columns: Columns) -> pd.DataFrame:
    """Give the columns their names; drop unnamed ones that are empty, and a first one that only numbers the rows."""
    names = columns.body.layout.names
    keep: dict[int, str] = {}
    for position, name in enumerate(names):
        if name:
            keep[position] = name
        elif frame[position].isna().all():
            _say(columns, f"Column {position + 1} has neither a name nor values and is left out.")
        elif position == 0 and _numbers_rows(frame[0]):
            _say(columns, "The first column has no name and only numbers the rows; it is left out.")
        elif position == 0 and _tells_rows_apart(frame[0]):
            keep[0] = next(free for free in ("id", *(f"id_{k}" for k in range(1, len(names) + 2))) if free not in names)
            called = f'it is called "{keep[0]}"'
            _say(columns, f"The first column has no name and another value in every row; {called}.", keep[0])
        else:
            raise DataError(f"The header has no name for column {position + 1}.", "Give every column a name.")
    return frame[list(keep)].set_axis(list(keep.values()), axis=1)


def _say(columns: Columns, text: str, name: str | None = None) -> None:
    columns.remarks.findings.append(Finding("unnamed", text, column=name))


def _numbers_rows(column: pd.Series) -> bool:
    return column.dtype == np.int64 and any((column.to_numpy() == np.arange(len(column)) + k).all() for k in (0, 1))


def _tells_rows_apart(column: pd.Series) -> bool:
    """Whether every row has its own text, or its own whole number in ascending order (rows of a larger table)."""
    if column.isna().any() or not column.is_unique:
        return False
    return column.dtype == object or (column.dtype == np.int64 and column.is_monotonic_increasing)
