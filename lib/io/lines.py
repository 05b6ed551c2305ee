"""Lines of a file as records: one line each, or several where a quoted cell holds line breaks. A double quote that
nothing closes never joins the rows of two patients."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from .scan import places

QUOTE, LF, SPACE = ord('"'), ord("\n"), ord(" ")
LONGEST = 200  # lines that one quoted cell may run over
TRIES = 50  # lines with quotes looked at for the end of one cell
SURE_WIDTH = 4  # from so many columns on, two lines that both fill them are two rows


@dataclass
class Records:
    """starts, ends: int64 (m,), where each record stands in `raw`, its last LF left out. numbers: int64 (m,), the line
    (from 1) on which it begins. widths: int64 (m,), how many cells it has; 0 for one without any value that is also
    shorter than most. rewritten: what to parse instead, by record. unclosed: lines with a double quote that nothing
    closes, read by themselves. joined: lines on which a cell with line breaks begins. width: cells of most records.
    marks: int64, where a delimiter or LF stands in `raw`; None where it has quotes. trimmed: some records end before
    their line does."""

    raw: bytes
    delimiter: str
    starts: np.ndarray
    ends: np.ndarray
    numbers: np.ndarray
    widths: np.ndarray
    width: int
    marks: np.ndarray | None = None
    rewritten: dict[int, bytes] = field(default_factory=dict)
    unclosed: tuple[int, ...] = ()
    joined: tuple[int, ...] = ()
    trimmed: bool = False

    def __len__(self) -> int:
        return len(self.starts)

    def text(self, record: int) -> bytes:
        """A record as it is parsed."""
        return self.rewritten.get(record, self.raw[self.starts[record] : self.ends[record]])

    def cells(self, record: int) -> list[str]:
        """The cells of a record, stripped."""
        return [cell.strip() for cell in split(self.text(record).decode(), self.delimiter).cells]

    def body(self, kept: np.ndarray) -> bytes:
        """The kept records in order, each ending in LF. kept: int64, ascending."""
        if not len(kept):
            return b""
        if self._whole(kept):
            return self.raw[self.starts[kept[0]] :]
        breaks = np.flatnonzero((np.diff(kept) > 1) | (self.starts[kept[1:]] != self.ends[kept[:-1]] + 1)) + 1
        changed = np.flatnonzero(np.isin(kept, list(self.rewritten)))
        cuts = np.unique(np.concatenate([[0], breaks, changed, changed + 1, [len(kept)]]))
        parts = []
        for first, end in zip(cuts[:-1].tolist(), cuts[1:].tolist(), strict=True):
            record = int(kept[first])
            whole = self.raw[self.starts[record] : self.ends[kept[end - 1]]]
            parts.append(self.rewritten.get(record, whole) if end == first + 1 else whole)
        return b"\n".join(parts) + b"\n"

    def _whole(self, kept: np.ndarray) -> bool:
        """Whether the kept records are all of the file from the first of them on, as it is."""
        last = int(kept[-1])
        together = last - int(kept[0]) + 1 == len(kept) and last == len(self) - 1
        return together and not self.rewritten and not self.joined and not self.trimmed

    def edges(self, kept: np.ndarray, body: bytes) -> np.ndarray:
        """int64, ascending: where a delimiter or LF stands in `body`, which self.body(kept) made."""
        if self.marks is None or not len(kept) or not self._whole(kept):
            return places(body, self.delimiter.encode() + b"\n")
        start = self.starts[kept[0]]
        marks, self.marks = self.marks[np.searchsorted(self.marks, start) :], None
        marks -= start  # in place: a large file's marks are as large as its text
        return marks


@dataclass(frozen=True)
class Split:
    """Cells of one record. is_open: the last one's quote is not closed. clean: text follows no closing quote."""

    cells: list[str]
    is_open: bool = False
    clean: bool = True


def split(text: str, delimiter: str) -> Split:
    """Cells of a record as pandas' reader has them: a quote counts where a cell begins, after any spaces."""
    if '"' not in text:
        return Split([cell.lstrip(" ") for cell in text.split(delimiter)])
    quoted, at, clean = re.compile(r' *"((?:[^"]|"")*+)("?)'), 0, True
    cells: list[str] = []
    while True:
        match = quoted.match(text, at)
        inside, after = "", at
        if match:
            if not match.group(2):
                return Split([*cells, match.group(1)], is_open=True)
            inside, after = match.group(1).replace('""', '"'), match.end()
        end = text.find(delimiter, after)
        rest = text[after : end if end >= 0 else len(text)]
        clean = clean and not (match and rest.strip())
        cells.append(inside + rest if match else rest.lstrip(" "))
        if end < 0:
            return Split(cells, clean=clean)
        at = end + 1


def alone(text: str, delimiter: str, width: int) -> list[str] | None:
    """The cells of a line whose quotes do not close, read as plain text where that makes `width` cells of it."""
    whole = re.compile(rf' *"((?:[^"]|"")*+)" *(?={re.escape(delimiter)}|$)')
    cells: list[str] = []
    at = 0
    while at <= len(text):
        match = whole.match(text, at)
        end = match.end() if match else text.find(delimiter, at)
        end = len(text) if end < 0 else end
        cells.append(match.group(1).replace('""', '"') if match else _unquoted(text[at:end]))
        at = end + 1
    if len(cells) == width:
        return cells
    plain = [_unquoted(cell) for cell in text.split(delimiter)]
    return plain if len(plain) == width and _only_dittos(text, delimiter) else None


def _only_dittos(text: str, delimiter: str) -> bool:
    """Whether no pair of quotes encloses a delimiter, but for two ditto marks with whole cells between them."""
    mark = re.escape(delimiter)
    pairs = re.findall(rf'(?:^|(?<={mark})) *"((?:[^"]|"")*)" *(?={mark}|$)', text)
    around = [inside for inside in pairs if delimiter in inside]
    return all(inside.startswith(delimiter) and inside.endswith(delimiter) for inside in around)


def _unquoted(cell: str) -> str:
    """Without the quote that nothing closes, unless the cell is nothing else (a ditto mark)."""
    bare = cell.strip()
    return bare[1:] if bare.startswith('"') and bare.count('"') == 1 and len(bare) > 1 else bare


def joined_cells(cells: Iterable[str], delimiter: str) -> bytes:
    """Cells as one record, quoted where they need it."""
    marks = (delimiter, '"', "\n")
    return delimiter.join(
        '"' + cell.replace('"', '""') + '"' if any(mark in cell for mark in marks) else cell for cell in cells
    ).encode()


def shape(text: str) -> str:
    """What a text looks like: "P012" and "Q7" are both "a9"."""
    return re.sub(r"[^\W\d_]+", "a", re.sub(r"\d+", "9", text.strip()))


def find_records(raw: bytes, delimiter: str) -> Records:
    """Divide a file into records. raw: UTF-8, LF."""
    raw = raw if raw.endswith(b"\n") else raw + b"\n"
    if b'"' not in raw:
        marks = places(raw, delimiter.encode() + b"\n")
        last = np.flatnonzero(np.frombuffer(raw, np.uint8)[marks] == LF)
        records = _of_lines(raw, delimiter, marks[last], np.diff(last, prepend=-1))
        records.marks = marks
    else:
        records = _Quoted(raw, delimiter).records()
    _blank(records)
    return records


def _of_lines(raw: bytes, delimiter: str, ends: np.ndarray, widths: np.ndarray) -> Records:
    starts = np.concatenate([[0], ends[:-1] + 1])
    return Records(raw, delimiter, starts, ends, 1 + np.arange(len(ends)), widths, _usual(widths, ends > starts))


def _usual(widths: np.ndarray, filled: np.ndarray) -> int:
    """The number of cells that most lines have; of two as frequent, the one that comes first."""
    found = widths[filled & (widths > 1)] if (widths[filled] > 1).any() else widths[filled]
    if not len(found):
        return 1
    counts = np.bincount(found)
    return int(found[np.argmax(counts[found] == counts.max())])


def _blank(records: Records) -> None:
    """Give 0 cells to short records without any value."""
    empty = f"{records.delimiter} \t\u00a0".encode()
    for i in np.flatnonzero(records.widths < max(records.width, 2)):
        if not records.raw[records.starts[i] : records.ends[i]].strip(empty):
            records.widths[i] = 0


class _Quoted:
    """A file with double quotes. Most lines are counted together; those with an odd quote are looked at one by one."""

    def __init__(self, raw: bytes, delimiter: str) -> None:
        self.raw, self.delimiter = raw, delimiter
        characters = np.frombuffer(raw, np.uint8)
        marks = places(raw, delimiter.encode() + b'\n"')
        kind = characters[marks]
        quote, self._last = kind == QUOTE, np.flatnonzero(kind == LF)
        before = np.cumsum(quote, dtype=np.int32) - quote
        line = np.repeat(np.arange(len(self._last), dtype=np.int32), np.diff(self._last, prepend=-1))
        first = np.concatenate([[0], before[self._last[:-1]]])
        inside = ((before - first[line]) & 1).astype(bool)
        self.ends = marks[self._last]
        self.starts = np.concatenate([[0], self.ends[:-1] + 1])
        count = np.diff(before[self._last], prepend=0)
        cells = np.bincount(line[(kind == ord(delimiter)) & ~inside], minlength=len(self.ends)) + 1
        self.lines = _of_lines(raw, delimiter, self.ends, cells)
        whole = (count % 2 == 0) & (self.ends > self.starts)
        self.lines.width = _usual(cells, whole) if whole.any() else self.lines.width
        self.quoted = np.flatnonzero(count)
        odd = line[quote & _misplaced(characters, marks, inside, ord(delimiter))]
        doubtful = (count > 0) & ((count % 2 == 1) | (cells != self.lines.width))
        doubtful[odd] = True
        self.doubtful = np.flatnonzero(doubtful)

    def records(self) -> Records:
        """All records, after every doubtful line was looked at."""
        lines, end = self.lines, -1
        unclosed, joined, swallowed = [], [], np.zeros(len(lines), dtype=bool)
        for line in self.doubtful.tolist():
            if line <= end:
                continue
            found = split(lines.text(line).decode(), self.delimiter)
            lines.widths[line] = len(found.cells)
            last = self._end(line) if found.is_open else line
            if last > line:
                joined.append(line + 1)
                lines.ends[line], end = lines.ends[last], last
                lines.widths[line] = len(split(lines.text(line).decode(), self.delimiter).cells)
                swallowed[line + 1 : last + 1] = True
            elif found.is_open or (lines.widths[line] != lines.width and found.clean):
                unclosed += self._by_itself(line, found.is_open)
        return self._without(swallowed, unclosed, joined)

    def _by_itself(self, line: int, is_open: bool) -> list[int]:
        """Read a line as one row whose quotes are text, where it then has all its cells."""
        lines = self.lines
        cells = alone(lines.text(line).decode(), self.delimiter, lines.width)
        if cells is not None:
            lines.rewritten[line] = joined_cells(cells, self.delimiter)
            lines.widths[line] = lines.width
        elif is_open:
            lines.widths[line] += lines.width  # no row, however many delimiters it has
        return [line + 1] if cells is not None or is_open else []

    def _end(self, line: int) -> int:
        """The line on which the cell left open on this one ends; the line itself where it is no cell of several."""
        following = self.quoted[np.searchsorted(self.quoted, line, side="right") :][:TRIES]
        for last in following[following <= line + LONGEST].tolist():
            found = split(self.raw[self.starts[line] : self.ends[last]].decode(), self.delimiter)
            if not found.is_open:
                return last if found.clean and not self._rows(line, last) else line
        return line

    def _rows(self, line: int, last: int) -> bool:
        """Whether the lines of what could be one cell look like rows of their own."""
        begun = shape(self._line(line).split(self.delimiter)[0])
        if "9" in begun and shape(self._line(last).split(self.delimiter)[0]) == begun:  # P012 and P013
            return True
        inner = [split(self._line(i), self.delimiter) for i in range(line + 1, last)]
        if inner:
            return 2 * sum(not one.is_open and len(one.cells) == self.lines.width for one in inner) >= len(inner)
        whole = all(alone(self._line(i), self.delimiter, self.lines.width) is not None for i in (line, last))
        ditto = any(cell.strip() == '"' for cell in self._line(line).split(self.delimiter))
        return whole and (self.lines.width >= SURE_WIDTH or ditto)

    def _line(self, line: int) -> str:
        return self.raw[self.starts[line] : self.ends[line]].decode()

    def _without(self, swallowed: np.ndarray, unclosed: list[int], joined: list[int]) -> Records:
        lines, kept = self.lines, np.flatnonzero(~swallowed)
        place = np.cumsum(~swallowed) - 1
        return Records(
            self.raw,
            self.delimiter,
            lines.starts[kept],
            lines.ends[kept],
            lines.numbers[kept],
            lines.widths[kept],
            lines.width,
            None,
            {int(place[line]): text for line, text in lines.rewritten.items()},
            tuple(unclosed),
            tuple(joined),
        )


def _misplaced(characters: np.ndarray, marks: np.ndarray, inside: np.ndarray, delimiter: int) -> np.ndarray:
    """bool: at which marks a quote would stand where no quoted cell begins or ends."""
    edges = np.zeros(256, dtype=bool)
    edges[[delimiter, LF, QUOTE]] = True
    opens = edges[characters[np.maximum(marks - 1, 0)]] | (marks == 0)
    closes = edges[characters[np.minimum(marks + 1, len(characters) - 1)]]
    return np.where(inside, ~closes, ~opens)
