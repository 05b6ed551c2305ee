"""Cell by cell: what stands in a file of a report, and what the same analysis gives now."""

import csv
import io
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any, Literal

from ..errors import DataError
from .files import MATCH_COLUMNS
from .verify_bundle import AGAIN

RELATIVE = 1e-8  # another version of numpy or scipy, or another processor, adds in another order
ABSOLUTE = 1e-10  # the same near 0, where a relative difference means nothing
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
HIDDEN = "(not shown)"  # a patient's value
ABSENT = "(nothing)"
State = Literal["same", "differs", "unchecked"]
Pair = tuple[str, Any, Any, bool]  # place, in the report, now, whether the two may be shown


@dataclass(frozen=True)
class Cell:
    """A cell that is not the same.  place: "row 3, weights" or "matching.pairs".  there: in the report; here: now; a
    patient's own values are not shown."""

    place: str
    there: str
    here: str


@dataclass(frozen=True)
class Compared:
    """same: how many cells agree.  differs, unchecked: the others; unchecked are words that another version may have
    written otherwise, and what only one of the two versions writes."""

    same: int
    differs: tuple[Cell, ...]
    unchecked: tuple[Cell, ...] = ()


def same_cell(there: Any, here: Any) -> bool:
    """Whether two cells say the same: numbers within RELATIVE or ABSOLUTE, all else exactly."""
    if there == here and type(there) is type(here):
        return True
    left, right = number_of(there), number_of(here)
    if left is None or right is None:
        return False
    return math.isclose(left, right, rel_tol=RELATIVE, abs_tol=ABSOLUTE)


def number_of(value: Any) -> float | None:
    """The number that a cell is; None for anything else, also for yes and no."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, (int, float)):
        return _finite(value)
    return _finite(value) if isinstance(value, str) and NUMBER.fullmatch(value) else None


def _finite(value: str | float) -> float | None:
    try:
        found = float(value)
    except OverflowError:
        return None
    return found if math.isfinite(found) else None


def compare_json(there: Any, here: Any, same_version: bool) -> Compared:
    """Two JSON values, leaf by leaf."""
    return _sorted(_leaves(there, here, ""), same_version)


def _leaves(there: Any, here: Any, place: str) -> Iterator[Pair]:
    if isinstance(there, dict) and isinstance(here, dict) and (there or here):
        for key in dict.fromkeys([*there, *here]):
            yield from _leaves(there.get(key, ABSENT), here.get(key, ABSENT), f"{place}.{key}" if place else str(key))
    elif isinstance(there, list) and isinstance(here, list) and (there or here):
        for number, (left, right) in enumerate(zip_longest(there, here, fillvalue=ABSENT), 1):
            yield from _leaves(left, right, f"{place}[{number}]")
    else:
        yield place, there, here, True


def compare_csv(there: bytes, here: bytes, same_version: bool, private: bool = False) -> Compared:
    """Two CSV files, cell by cell.  private: whether only MATCH_COLUMNS may be shown. Raises DataError for no CSV."""
    return _sorted(_cells(_lines(there), _lines(here), private), same_version)


def _lines(data: bytes) -> list[list[str]]:
    try:
        return list(csv.reader(io.StringIO(data.decode(), newline="")))
    except (UnicodeDecodeError, csv.Error):
        raise DataError("A CSV file of the bundle cannot be read.", AGAIN) from None


def _cells(there: list[list[str]], here: list[list[str]], private: bool) -> Iterator[Pair]:
    heads = here[0] if here else []
    empty: list[str] = []
    for number, (left, right) in enumerate(zip_longest(there, here, fillvalue=empty)):
        for place, (one, other) in enumerate(zip_longest(left, right, fillvalue=ABSENT)):
            head = heads[place] if place < len(heads) else f"column {place + 1}"
            where = f"row {number}, {head}" if number else f"head, column {place + 1}"
            yield where, one, other, not private or number == 0 or head in MATCH_COLUMNS


def _sorted(cells: Iterator[Pair], same_version: bool) -> Compared:
    same = 0
    differs: list[Cell] = []
    unchecked: list[Cell] = []
    for place, there, here, shown in cells:
        if same_cell(there, here):
            same += 1
            continue
        cell = Cell(place, str(there), str(here)) if shown else Cell(place, HIDDEN, HIDDEN)
        (differs if same_version or not _may_change(there, here) else unchecked).append(cell)
    return Compared(same, tuple(differs), tuple(unchecked))


def _may_change(there: Any, here: Any) -> bool:
    """Whether another version may say it otherwise: words do, and what only one of them writes; numbers do not."""
    return ABSENT in (there, here) or (number_of(there) is None and number_of(here) is None)
