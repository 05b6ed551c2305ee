"""The header: its names, and lines around it that hold groups of columns, labels or units."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from .lines import Records, shape
from .missing import MARKERS, NUMBER_MARKERS
from .units import is_unit

MOST_LINES = 10  # above the first patient
SAMPLE = 200
TYPED = 0.8  # share of a column's cells that are numbers or dates
ENOUGH = 5
FEW = 12
MISSING = frozenset({"", *MARKERS, *NUMBER_MARKERS})
NUMBER = re.compile(
    r"[<>≤≥=~±]*\s*[+-]?(\d[\d.,'’ :/\u00a0\u202f-]*([eE][+-]?\d+)?|[.,]\d+)(T[\d:.]+Z?)?\s?(%|°C?|[ap]m)?",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Head:
    """names: one per column. record: the last record above the rows that the names were made of. labels, units: by
    name, as lines below the header give them."""

    names: tuple[str, ...]
    record: int
    labels: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Below:
    """Rows that surely hold patients, by column, to hold a line above them against."""

    columns: list[list[str]]

    def typed(self, j: int) -> bool:
        """Whether a column holds numbers or dates."""
        known = [cell for cell in self.columns[j] if cell not in MISSING]
        return len(known) > 0 and sum(map(looks_number, known)) >= TYPED * len(known)

    def levels(self, j: int) -> set[str]:
        """The values of a column of few, else nothing."""
        known = [cell for cell in self.columns[j] if cell not in MISSING]
        values = set(known)
        return values if len(values) <= FEW and 2 * len(values) <= len(known) and len(known) >= ENOUGH else set()

    def alike(self, j: int, cell: str) -> bool:
        """Whether a cell with a digit looks like most of a column: P001 beside P024."""
        wanted = shape(cell)
        return "9" in wanted and 2 * sum(shape(other) == wanted for other in self.columns[j]) > len(self.columns[j])


def looks_number(cell: str) -> bool:
    """Whether a cell could be a number, a limit, a percentage, a date or a time."""
    return bool(NUMBER.fullmatch(cell))


def find_head(records: Records, filled: np.ndarray, guess: bool) -> tuple[Head, list[tuple[str, int]]]:
    """The header among the records with values, and (code, record) of each other line above the rows.

    A record with the code "doubt" stays a row. guess False: the first record is the header.
    """
    if not len(filled):
        return Head((), 0), []
    if not guess:
        return Head(tuple(records.cells(int(filled[0]))), int(filled[0])), []
    start, used = _after_titles(records, filled)
    first = int(filled[start])
    names = records.cells(first)
    lines: list[tuple[str, int]] = []
    for at in range(start + 1, min(start + 1 + MOST_LINES, len(filled) - 1)):
        kind = _no_patient(records, filled, at, len(names))
        if kind is None:
            break
        if kind in ("doubt", "below") and not lines and _grouped(names, records.cells(int(filled[at]))):
            kind = "labels"
        if kind == "doubt":
            used.append(("doubt", int(filled[at])))
            break
        lines.append((kind, int(filled[at])))
    return _made(records, first, names, lines, used)


def _after_titles(records: Records, filled: np.ndarray) -> tuple[int, list[tuple[str, int]]]:
    """Where the header begins among the records, and the titles above it."""
    used: list[tuple[str, int]] = []
    for at in range(min(MOST_LINES, len(filled) - 1)):
        cells = records.cells(int(filled[at]))
        if not _is_title(cells, records, filled, at):
            return at, used
        used += [("title", int(filled[at]))] if any(cells) else []
    return 0, []


def _is_title(cells: list[str], records: Records, filled: np.ndarray, at: int) -> bool:
    known = [cell for cell in cells if cell]
    following = [records.cells(int(i)) for i in filled[at + 1 : at + MOST_LINES]]
    following = [row for row in following if 3 * len(row) >= 2 * records.width]
    if not following or records.width < 2:
        return False
    header = max(following, key=lambda row: sum(map(bool, row)))  # the first of the fullest
    better = sum(map(bool, header)) > len(known) and not any(map(looks_number, filter(None, header)))
    if len(cells) == records.width and len(known) > 1:
        below = next((row for row in following if all(row)), [])
        named = len(set(below)) == len(below) > 0 and not any(map(looks_number, below))
        return named and 3 * len(known) <= len(cells) and cells[: len(known)] == known
    if len(cells) == records.width:
        return better and (records.width > 2 or all(header))
    return better and (len(known) <= 1 or len(cells) < records.width)


def _no_patient(records: Records, filled: np.ndarray, at: int, width: int) -> str | None:
    """What a record below the header is: "units", "labels", "below" (neither), "doubt"; None: a patient.

    width: how many columns the header has; other lines may have a few empty cells more or less at their end."""
    cells, *later = [_evened(records.cells(int(i)), width) for i in filled[at : at + 1 + SAMPLE]]
    later = [row for row in later if row]
    if not cells or not later:
        return None
    below = Below([[row[j] for row in later] for j in range(width)])
    if any(looks_number(cell) and below.typed(j) for j, cell in enumerate(cells)):
        return None
    typed = [j for j in range(width) if below.typed(j)]
    words = [j for j in typed if cells[j] not in MISSING and not looks_number(cells[j])]
    if not words or any(cells[j] in MISSING - {""} for j in typed):
        return None
    if any(cells[j] in below.levels(j) or below.alike(j, cells[j]) for j in range(width)):
        return None
    if _are_units([cells[j] for j in words]) and not any(cells[j] for j in range(len(cells)) if j not in typed and j):
        return "units"
    strange = sum(bool(below.levels(j)) for j in range(width) if j not in typed)
    if len(words) == 1 and not strange:
        return "doubt"
    told = [cell for cell in cells if cell]
    return "labels" if len(set(told)) == len(told) and len(words) == len(typed) else "below" if strange else "doubt"


def _evened(cells: list[str], width: int) -> list[str]:
    """The cells with empty ones added or taken off at the end; nothing where too many are at stake."""
    if width > 2 * len(cells) or any(cells[width:]):
        return []
    return (cells + [""] * width)[:width]


def _are_units(cells: list[str]) -> bool:
    return 2 * sum(map(is_unit, cells)) >= len(cells) and all(len(cell) <= 20 for cell in cells)


def _made(
    records: Records, first: int, names: list[str], lines: list[tuple[str, int]], used: list[tuple[str, int]]
) -> tuple[Head, list[tuple[str, int]]]:
    """Names, labels and units from the header and the lines below it that hold no patient."""
    labels: dict[str, str] = {}
    units: dict[str, str] = {}
    last = first
    for kind, record in lines:
        cells = records.cells(record)
        if kind != "units" and _grouped(names, cells):
            used.append(("groups", last))
            names = _combined(names, cells)
            last = record
            continue
        used.append((kind, record))
        if kind in ("units", "labels"):
            (units if kind == "units" else labels).update(_by_name(names, cells))
    return Head(tuple(names), last, labels, units), used


def _by_name(names: list[str], cells: list[str]) -> dict[str, str]:
    return {name: cell for name, cell in zip(names, cells, strict=False) if name and cell and cell != name}


def _grouped(upper: list[str], lower: list[str]) -> bool:
    """Whether a line names groups of columns, and the line below it the columns: a name there stands below none here,
    or names repeat. (A column without any name is empty in both.)"""
    lower = lower + [""] * (len(upper) - len(lower))
    inner = upper[: len(upper) - next((k for k, name in enumerate(reversed(lower)) if name), 0)]
    known = [name for name in inner if name]
    below_none = any(name and not group for group, name in list(zip(inner, lower, strict=False))[1:])
    return below_none or len(set(known)) < len(known)


def _combined(upper: list[str], lower: list[str]) -> list[str]:
    """The lower names; the upper one where there is none, and before it where lower names repeat."""
    lower = lower + [""] * (len(upper) - len(lower))
    groups, group = [], ""
    for name in upper:
        group = name or group
        groups.append(group)
    names = [low or high for low, high in zip(lower, upper, strict=False)]
    if len(set(names)) == len(names):
        return names
    return [
        f"{high} {low}" if low and names.count(low) > 1 else name
        for name, low, high in zip(names, lower, groups, strict=False)
    ]
