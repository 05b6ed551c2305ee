"""Where the columns are: the delimiter, the header, and whether every line has as many values as the header."""

import collections
import csv
import io
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..errors import DataError
from ..words import counted
from .scan import places

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar"}
SAMPLE_LINES = 200
SAMPLE_BYTES = 200_000


@dataclass(frozen=True)
class Layout:
    """names: one per column, as in the header. body: the bytes after the header, ending in LF. first_line: its line
    number."""

    names: tuple[str, ...]
    delimiter: str
    body: bytes
    first_line: int

    @cached_property
    def edges(self) -> np.ndarray:
        """int64, ascending: where a delimiter or LF stands in `body`, in quotes too."""
        return places(self.body, self.delimiter.encode() + b"\n")


@dataclass(frozen=True)
class _Header:
    """The names, and how many lines and bytes of the file they take."""

    names: tuple[str, ...]
    lines: int
    size: int


def find_layout(raw: bytes, delimiter: str | None = None) -> Layout:
    """Split header from body.

    raw: UTF-8, LF. delimiter None: the one of DELIMITERS that divides the first lines most evenly. Raises DataError
    when there is no delimiter, a name used twice, no row, or a line of another length than the header.
    """
    start, line = _skip_blank_lines(raw)
    if raw[start : start + 4].lower() == b"sep=":
        end = raw.find(b"\n", start)
        delimiter = delimiter or raw[start + 4 : end].decode().strip("\r\n") or None
        start, line = end + 1, line + 1
    if delimiter is not None and (len(delimiter) != 1 or not delimiter.isascii()):
        raise DataError("The delimiter must be one character.", "Use a comma, semicolon, tab or vertical bar.")
    delimiter = delimiter or sniff_delimiter(raw[start : start + SAMPLE_BYTES])
    header = _header(raw[start : start + SAMPLE_BYTES], delimiter)
    body = raw[start + header.size :]
    layout = Layout(header.names, delimiter, body if body.endswith(b"\n") else body + b"\n", line + header.lines)
    if layout.body.isspace():
        raise no_rows()
    _require_names(header.names)
    _require_even_rows(layout)
    return layout


def no_rows() -> DataError:
    """The error for a file without any patient."""
    return DataError("The file has a header but no rows.", "Choose the file that holds the patients.")


def _skip_blank_lines(raw: bytes) -> tuple[int, int]:
    """Offset and line number (from 1) of the first line that is not blank."""
    start, line = 0, 1
    while True:
        end = raw.find(b"\n", start)
        if end < 0 or raw[start:end].strip():
            return start, line
        start, line = end + 1, line + 1


def sniff_delimiter(sample: bytes) -> str:
    """The delimiter that makes most of the first lines as long as the header; of two that agree, the longer header."""
    lines = sample.decode(errors="ignore").split("\n")[:SAMPLE_LINES]
    scores = {}
    for delimiter in DELIMITERS:
        lengths = [len(row) for row in _rows(lines, delimiter) if row]
        if lengths[0] > 1:
            even = sum(length == lengths[0] for length in lengths) / len(lengths)
            scores[delimiter] = (even, lengths[0])
    if not scores:
        raise DataError(
            "The file seems to have a single column: no comma, semicolon, tab or vertical bar divides its first line.",
            "Choose the delimiter by hand, or save the file again as CSV.",
        )
    return max(scores, key=scores.__getitem__)


def _rows(lines: list[str], delimiter: str) -> list[list[str]]:
    try:
        return list(csv.reader(lines, delimiter=delimiter, skipinitialspace=True))
    except csv.Error:
        return [[""]]


def _header(raw: bytes, delimiter: str) -> _Header:
    head = raw.decode(errors="ignore")
    reader = csv.reader(io.StringIO(head, newline=""), delimiter=delimiter, skipinitialspace=True)
    try:
        names = tuple(name.strip() for name in next(reader))
    except csv.Error:
        raise DataError("The header line cannot be read.", "Check that its quotes are paired.") from None
    lines = head.split("\n")[: reader.line_num]
    return _Header(names, reader.line_num, len("\n".join(lines).encode()) + 1)


def _require_names(names: tuple[str, ...]) -> None:
    """Raise DataError for a name used twice, or numbers in place of names. Unnamed columns are the reader's matter."""
    counts = collections.Counter(names)
    twice = [name for name, count in counts.items() if count > 1 and name]
    if twice:
        listed = ", ".join(f'"{name}"' for name in twice)
        raise DataError(f"The header uses a name more than once: {listed}.", "Give every column a name of its own.")
    if not any(names):
        raise DataError("The header line has no column names.", "Make the first line name every column.")
    if all(_is_number(name) for name in names):
        raise DataError("The first line holds numbers, not column names.", "Add a first line that names the columns.")


def _is_number(text: str) -> bool:
    try:
        float(text.replace(",", "."))
    except ValueError:
        return False
    return True


def _require_even_rows(layout: Layout) -> None:
    """Raise DataError when a line has more or fewer values than the header; lines without any value do not count."""
    width = len(layout.names)
    lengths, lines = _quoted_lengths(layout) if b'"' in layout.body else _plain_lengths(layout)
    odd = np.flatnonzero((lengths != width) & (lengths > 0))
    if not len(odd):
        return
    others = f"; {counted(len(odd), 'line')} in all differ" if len(odd) > 1 else ""
    raise DataError(
        f"Line {lines[odd[0]]} has {counted(lengths[odd[0]], 'value')}, but the header names {width} columns{others}.",
        "Correct it: a value that holds the delimiter itself, such as a decimal comma, must stand in double quotes.",
    )


def _plain_lengths(layout: Layout) -> tuple[np.ndarray, np.ndarray]:
    """Values per line and its line number, without quotes: count delimiters. 0 for a short line without any value."""
    last = np.flatnonzero(np.frombuffer(layout.body, dtype=np.uint8)[layout.edges] == ord("\n"))
    lengths, ends = np.diff(last, prepend=-1), layout.edges[last]
    starts = np.concatenate([[0], ends[:-1] + 1])
    empty = f"{layout.delimiter} \t".encode()
    for i in np.flatnonzero(lengths < len(layout.names)):
        if not layout.body[starts[i] : ends[i]].strip(empty):
            lengths[i] = 0
    return lengths, layout.first_line + np.arange(len(ends))


def _quoted_lengths(layout: Layout) -> tuple[np.ndarray, np.ndarray]:
    """The same by csv.reader, which knows quotes."""
    text = io.StringIO(layout.body.decode(), newline="")
    reader = csv.reader(text, delimiter=layout.delimiter, skipinitialspace=True)
    lengths, lines = [], []
    try:
        for row in reader:
            blank = len(row) < len(layout.names) and not "".join(row).strip()
            lengths.append(0 if blank else len(row))
            lines.append(reader.line_num)
    except csv.Error:
        raise DataError(
            f"A quoted text that ends nowhere makes line {layout.first_line + reader.line_num} unreadable.",
            "Check that double quotes are paired.",
        ) from None
    return np.array(lengths), layout.first_line - 1 + np.array(lines)
