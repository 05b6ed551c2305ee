"""Lines of a file that hold no patient: comments, titles, a second header, labels, units, totals, footers."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from ..errors import DataError
from ..table import Finding
from .head import Head, find_head
from .lines import Records, shape
from .missing import MARKERS, NUMBER_MARKERS

SAMPLE = 200  # rows looked at to tell a patient from a line of another kind
TAIL = 30  # lines at the end that may be notes
FEW_LEVELS = 12
MISSING = frozenset({"", *MARKERS, *NUMBER_MARKERS})
_LONG = (
    r"(grand |sub)?(totals?|totale|totaux|gesamt|gesamtsumme|insgesamt|summe|sum|somme|suma|soma|somma|totaal|means?"
    r"|average|avg|mittelwert|mittel|durchschnitt|moyenne|m[ée]dia|promedio|gemiddelde|median|mediane?|médiane|mediana"
    r"|mediaan|standard deviation|standardabweichung|[ée]cart[- ]type|minimum|maximum|count|anzahl)"
)
TOTAL = re.compile(
    rf"({_LONG}|mw|moy|Σ|∑|sd|std|stdev|s\.d\.|min|max|n)(\s*[:=(±].*)?",
    re.IGNORECASE | re.DOTALL,
)
PERHAPS = re.compile(rf"{_LONG}\W[^\d]*", re.IGNORECASE)


@dataclass(frozen=True)
class Apart:
    """The records of patients and what was made of the others.  kept: int64, records of patients. head: names, labels
    and units. findings: one for each kind of line that was left out or doubted. left_out: lines that
    hold something and are no patient's."""

    kept: np.ndarray
    head: Head
    findings: tuple[Finding, ...]
    left_out: tuple[int, ...]


@dataclass
class Sorted:
    """Lines by what was found: `out` are left out, `doubt` stay. Keys are codes of findings."""

    out: dict[str, list[int]] = field(default_factory=dict)
    doubt: dict[str, list[int]] = field(default_factory=dict)


OUT: Mapping[str, str] = {
    "comment": "{lines} a comment and left out.",
    "title": "{lines} a title above the table and left out.",
    "groups": "{lines} a first line of two in the header (groups of columns) and not used as names.",
    "labels": "{lines} no patient but the labels of the columns, and used as such.",
    "units": "{lines} no patient but the units of the columns, and used as such.",
    "below": "{lines} no patient: it stands below the header and fits none of the columns. Left out.",
    "header": "{lines} the header again and left out.",
    "total": "{lines} a total or mean of the rows, not a patient, and left out.",
    "footer": "{lines} a note below the table and left out.",
}
DOUBT: Mapping[str, str] = {
    "total": "{lines} called a total or mean by the first word, but filled in as a patient's row and read as one.",
    "comment": '{lines} begun with "#" as a comment is, but filled in as the rows of patients are and read as one.',
    "below": "{lines} perhaps labels or units, with words where other rows have numbers, but read as a patient.",
}
BYTES = np.array([1 << 16, 1 << 8, 1])
BEGINNINGS = (  # of words for a total, in lower case
    b"tot sub gra ges ins sum som mea ave avg mit dur moy med pro gem sd; sd, std sta eca mw; mw, min max cou anz"
).split()
MOST_HEADERS = 50
MOST_TOTALS = 1000  # rows that begin so; where there are more, they are ids
LOOK = ("total", "below")
Level = Literal["note", "look"]


def set_apart(records: Records, skip: Iterable[int] | None, begun: int) -> Apart:
    """Tell patients from other lines.

    skip: line numbers that hold no patient; then nothing else is guessed. None: as found. begun: records before this
    one (a line that names the delimiter) belong to no table.
    """
    filled = np.flatnonzero(records.widths > 0)
    filled = filled[filled >= begun]
    if skip is not None:
        kept = filled[~np.isin(records.numbers[filled], list(skip))]
        head = _chosen_head(records, filled, kept)
        gone = tuple(records.numbers[np.setdiff1d(filled, kept)].tolist())
        return Apart(kept[1:], head, _chosen(gone), gone)
    found = Sorted()
    comments = _comments(records, filled)
    found.out["comment"] = comments.tolist()
    filled = filled[~np.isin(filled, comments)]
    head, used = find_head(records, filled, guess=True)
    for code, line in used:
        if code == "doubt":
            found.doubt.setdefault("below", []).append(line)
        else:
            found.out.setdefault(code, []).append(line)
    rows = filled[filled > head.record]
    rows = rows[~np.isin(rows, [line for code, line in used if code != "doubt"])]
    columns = _columns(records, rows)
    _tail(records, rows, columns, found)
    _among(records, rows, columns, found)
    _again(records, rows, head, found)
    _marked(records, rows, found)
    out = [line for lines in found.out.values() for line in lines]
    gone = tuple(sorted(records.numbers[np.array(out, dtype=np.int64)].tolist()))
    return Apart(rows[~np.isin(rows, out)], head, _said(records, found), gone)


def _chosen_head(records: Records, filled: np.ndarray, kept: np.ndarray) -> Head:
    """The first kept record, and what lines left out around it say of the columns, where all such are left out."""
    found, used = find_head(records, filled, guess=True)
    left_out = all(code == "doubt" or record not in kept for code, record in used)
    return found if left_out and len(kept) and found.record == kept[0] else find_head(records, kept, guess=False)[0]


def _comments(records: Records, filled: np.ndarray) -> np.ndarray:
    """Records that begin with "#" and have other than the usual number of cells, where few do."""
    first = np.frombuffer(records.raw, np.uint8)[records.starts[filled]]
    marked = filled[first == ord("#")]
    return marked[records.widths[marked] != records.width] if 2 * len(marked) < len(filled) else marked[:0]


def _tail(records: Records, rows: np.ndarray, columns: list["Column"], found: Sorted) -> None:
    """Notes, totals and means at the end of the file."""
    for record in rows[1:][::-1][:TAIL].tolist():
        cells = records.cells(record)
        kind = _kind(cells, records, record, columns)
        if kind is None and any(cells):
            break
        _put(found, kind, record)


def _put(found: Sorted, kind: str | None, record: int) -> None:
    if kind == "doubt":
        found.doubt.setdefault("total", []).append(record)
    elif kind is not None:
        found.out.setdefault(kind, []).append(record)


def _among(records: Records, rows: np.ndarray, columns: list["Column"], found: Sorted) -> None:
    """Totals and means among the rows, as below each part of a table."""
    characters = np.frombuffer(records.raw, np.uint8)
    starts = records.starts[rows]
    starts = starts + (characters[starts] == ord('"'))
    begin = np.minimum(starts[:, None] + np.arange(3), len(characters) - 1)
    letters = (characters[begin] | 32).astype(np.int64)
    codes = letters @ BYTES
    known = {*found.doubt.get("total", ()), *(line for lines in found.out.values() for line in lines)}
    likely = rows[np.isin(codes, [int(np.frombuffer(word, np.uint8).astype(np.int64) @ BYTES) for word in BEGINNINGS])]
    if len(likely) > MOST_TOTALS:
        return
    for record in likely.tolist():
        cells = records.cells(record)
        first = next(filter(None, cells), "")
        if record not in known and (TOTAL.fullmatch(first) or PERHAPS.fullmatch(first)):
            _put(found, _kind(cells, records, record, columns), record)


def _columns(records: Records, rows: np.ndarray) -> list["Column"]:
    """The first rows that surely are patients, by column."""
    sample = []
    for record in rows[:SAMPLE].tolist():
        cells = records.cells(record)
        known = [cell for cell in cells if cell]
        if len(cells) == records.width and 2 * len(known) > len(cells) and not TOTAL.fullmatch(known[0]):
            sample.append(cells)
    return [Column([row[j] for row in sample]) for j in range(records.width)] if sample else []


@dataclass(frozen=True)
class Column:
    """The cells of one column in the first rows."""

    cells: list[str]

    @property
    def known(self) -> list[str]:
        """Those that are not empty."""
        return [cell for cell in self.cells if cell not in MISSING]

    def complete(self) -> bool:
        """Whether every row has a value."""
        return len(self.known) == len(self.cells)

    def strange(self, cell: str) -> bool:
        """Whether a cell is empty in a complete column, or no value of a column with few."""
        levels = set(self.known)
        few = len(levels) <= FEW_LEVELS and 2 * len(levels) <= len(self.known)
        if cell in MISSING:
            return self.complete() and len(self.cells) > 2
        return few and cell not in levels and not any(map(str.isdigit, "".join(levels)))


def _kind(cells: list[str], records: Records, record: int, columns: list[Column]) -> str | None:
    """What a record at the end is: "footer", "total", "doubt" (a total that could be a patient); None: a patient."""
    filled = [cell for cell in cells if cell]
    if not filled or not columns:
        return None
    alike = shape(filled[0]) in {shape(cell) for cell in columns[0].known}
    sure, perhaps = TOTAL.fullmatch(filled[0]), PERHAPS.fullmatch(filled[0])
    if sure or (perhaps and not alike):
        odd = any(column.strange(cell) for column, cell in zip(columns[1:], cells[1:], strict=False))
        return "total" if odd or len(cells) != records.width else "doubt" if sure else None
    if alike or not re.search(r"[^\W\d_]{2}|\*", filled[0]):
        return None
    words = len(filled[0].split()) > 1
    if len(cells) != records.width:
        after_gap = record > 0 and records.widths[record - 1] == 0
        return "footer" if len(filled) == 1 or words or after_gap else None
    return "footer" if len(filled) == 1 and records.width > 2 and (words or filled[0][-1] in ":.*") else None


def _again(records: Records, rows: np.ndarray, head: Head, found: Sorted) -> None:
    """The header once more among the rows, as in files put one below the other.

    Raises DataError where it names other columns, or the same in another order."""
    cells, names = records.cells(head.record), set(filter(None, head.names))
    wanted = max(cells, key=len).encode()
    at = records.raw.find(wanted, int(records.ends[head.record])) if len(wanted) > 2 else -1
    for _ in range(MOST_HEADERS):
        if at < 0:
            return
        record = int(np.searchsorted(records.starts, at, side="right")) - 1
        other = records.cells(record)
        if any(record in lines for lines in found.out.values()):
            pass
        elif other == cells:
            found.out.setdefault("header", []).append(record)
        elif len(names) > 2 and 2 * len(names.intersection(other)) > len(names):
            raise DataError(
                f"Line {records.numbers[record]:,} names the columns again, but not as the header does.",
                "Two tables seem to stand in one file: save each as a file of its own, or give both the same columns.",
            )
        at = records.raw.find(wanted, int(records.ends[record]))


def _marked(records: Records, rows: np.ndarray, found: Sorted) -> None:
    """Full rows that begin with "#" where other rows do not."""
    first = np.frombuffer(records.raw, np.uint8)[records.starts[rows]]
    marked = rows[first == ord("#")]
    if len(marked) and 2 * len(marked) < len(rows):
        found.doubt["comment"] = marked.tolist()


def _chosen(lines: tuple[int, ...]) -> tuple[Finding, ...]:
    return (Finding("skipped", f"{lines_of(lines)} left out as asked.", "plain", lines=lines),) if lines else ()


def _said(records: Records, found: Sorted) -> tuple[Finding, ...]:
    """A finding for each kind. Its undo leaves out all the others, or all and its own where it was kept."""
    every = {int(records.numbers[i]) for lines in found.out.values() for i in lines}
    made = []
    for kinds, texts, kept in ((found.out, OUT, False), (found.doubt, DOUBT, True)):
        for code, members in kinds.items():
            lines = tuple(sorted(int(records.numbers[i]) for i in members))
            undo = {"skip_lines": tuple(sorted(every | set(lines) if kept else every - set(lines)))}
            if lines:
                level: Level = "look" if kept or code in LOOK else "note"
                made.append(Finding(code, texts[code].format(lines=lines_of(lines)), level, lines=lines, undo=undo))
    return tuple(made)


def lines_of(lines: Iterable[int]) -> str:
    """ "Line 3 is" or "Lines 3, 7 and 9 are", or "40 lines (3, 7, 9 ...) are"."""
    listed = [f"{line:,}" for line in lines]
    if len(listed) == 1:
        return f"Line {listed[0]} is"
    if len(listed) > 5:
        return f"{len(listed):,} lines ({', '.join(listed[:3])} ...) are"
    return f"Lines {', '.join(listed[:-1])} and {listed[-1]} are"
