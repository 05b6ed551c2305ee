"""Where the columns are: the delimiter, the header, the rows of patients, and whether each is as long as the header."""

import collections
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np

from ..errors import DataError
from ..table import Finding
from ..words import counted
from .even import even_out, require_header
from .furniture import lines_of, set_apart
from .lines import Records, find_records
from .sniff import sniff_delimiter

SAMPLE_BYTES = 200_000


@dataclass(frozen=True)
class Layout:
    """names: one per column, as in the header. body: the rows, each ending in LF. numbers: int64 (n,), the line of the
    file on which each row begins. edges: int64, ascending, where a delimiter or LF stands in `body`, in quotes too.
    findings: what was decided about lines. labels, units: by name, where lines of the
    file give them. left_out: lines that hold something and are no patient's."""

    names: tuple[str, ...]
    delimiter: str
    body: bytes
    numbers: np.ndarray
    edges: np.ndarray
    findings: tuple[Finding, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    left_out: tuple[int, ...] = ()


def find_layout(raw: bytes, delimiter: str | None = None, skip: Iterable[int] | None = None) -> Layout:
    """Split header from rows.

    raw: UTF-8, LF. delimiter None: the one that divides the lines most evenly. skip: line numbers that hold no
    patient; None: as found. Raises DataError when there is no delimiter, a name used twice, no row, or a row of
    another length than the header.
    """
    begun, named = _named_delimiter(raw)
    delimiter = delimiter or named
    if delimiter is not None and (len(delimiter) != 1 or not delimiter.isascii() or delimiter in '"\n'):
        raise DataError("The delimiter must be one character.", "Use a comma, semicolon, tab or vertical bar.")
    rest = raw[_offset(raw, begun) :]
    if rest.isspace() or not rest:
        raise DataError("The file holds nothing but its first line.", "Choose the file that holds the patients.")
    records = find_records(raw, delimiter or sniff_delimiter(rest[:SAMPLE_BYTES]))
    apart = set_apart(records, skip, begun)
    names = _without_trailing(apart.head.names, records, apart.kept)
    if not len(apart.kept):
        raise no_rows()
    _require_names(names)
    evened = even_out(records, apart.kept, len(names))
    _require_even_rows(records, apart.kept, len(names))
    require_header(records, apart, names)
    body = records.body(apart.kept)
    return Layout(
        names,
        records.delimiter,
        body,
        records.numbers[apart.kept],
        records.edges(apart.kept, body),
        (*_about_quotes(records), *apart.findings, *evened),
        apart.head.labels,
        apart.head.units,
        apart.left_out,
    )


def _without_trailing(names: tuple[str, ...], records: Records, kept: np.ndarray) -> tuple[str, ...]:
    """The names without empty ones at their end that no row reaches."""
    longest = int(records.widths[kept].max(initial=0))
    while len(names) > max(1, longest) and not names[-1]:
        names = names[:-1]
    return names


def no_rows() -> DataError:
    """The error for a file without any patient."""
    return DataError("The file has a header but no rows.", "Choose the file that holds the patients.")


def _named_delimiter(raw: bytes) -> tuple[int, str | None]:
    """How many lines a first line such as Excel's "sep=;" takes, blank lines above it too, and the delimiter."""
    start, line = 0, 0
    while start < len(raw):
        end = raw.find(b"\n", start)
        end = len(raw) if end < 0 else end
        if raw[start:end].strip():
            if raw[start : start + 4].lower() != b"sep=":
                return 0, None
            return line + 1, raw[start + 4 : end].decode().strip(" \r\n") or None
        start, line = end + 1, line + 1
    return 0, None


def _offset(raw: bytes, lines: int) -> int:
    start = 0
    for _ in range(lines):
        end = raw.find(b"\n", start)
        start = len(raw) if end < 0 else end + 1
    return start


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


def _require_even_rows(records: Records, kept: np.ndarray, width: int) -> None:
    """Raise DataError when a row has more or fewer values than the header."""
    odd = kept[records.widths[kept] != width]
    if not len(odd):
        return
    line = int(records.numbers[odd[0]])
    if line in records.unclosed:
        raise DataError(
            f"Line {line} has a double quote that nothing closes, so its values cannot be told apart.",
            "Correct it: double quotes come in pairs around a value.",
        )
    others = f"; {counted(len(odd), 'line')} in all differ" if len(odd) > 1 else ""
    if odd[0] == kept[-1] and records.widths[odd[0]] < width:
        others = "; it is the last line, so the file may have been cut off"
    raise DataError(
        f"Line {line} has {counted(records.widths[odd[0]], 'value')}, but the header names {width} columns{others}.",
        "Correct it: a value that holds the delimiter itself, such as a decimal comma, must stand in double quotes.",
    )


def _about_quotes(records: Records) -> list[Finding]:
    made = []
    if records.unclosed:
        text = f"{lines_of(records.unclosed)} read alone: a double quote there has no partner and counts as text."
        made.append(Finding("quote", text, "look", cells=len(records.unclosed), lines=records.unclosed))
    if records.joined:
        text = f"{lines_of(records.joined)} the first of several that make one row: a quoted value has line breaks."
        made.append(Finding("breaks", text, "note", cells=len(records.joined), lines=records.joined))
    return made
