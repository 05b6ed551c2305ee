"""A TextTable with one number in each cell: a column for every part that some cell of a head has."""

from dataclasses import dataclass

from ..words.tables import TextTable
from .cells import PARTS, Piece, cleaned, pieces

MAIN = ("events", "n", "note")  # the parts that are not of a cell's first line


@dataclass(frozen=True)
class Spread:
    """heads: text.  rows: a number, a text or "" for each head."""

    heads: tuple[str, ...]
    rows: tuple[tuple[Piece, ...], ...]


def spread(table: TextTable) -> Spread:
    """Every part of every cell in a column of its own: "Treated (8)", "Treated (8): %", "Treated (8): n"."""
    columns = [[pieces(row[at], name=not at) for row in table.rows] for at in range(len(table.heads))]
    used = [[part for part in PARTS if any(part in cell for cell in column)] or ["value"] for column in columns]
    heads = [part_head(head, part) for head, parts in zip(table.heads, used, strict=True) for part in parts]
    rows = [
        tuple(column[number].get(part, "") for column, parts in zip(columns, used, strict=True) for part in parts)
        for number in range(len(table.rows))
    ]
    return Spread(tuple(heads), tuple(rows))


def part_head(head: str, part: str) -> str:
    """The head of a part: "Treated (8): %"."""
    told = cleaned(head).replace("\n", " ")
    return f"{told}: {PARTS[part]}" if PARTS[part] else told
