"""A TextTable laid out as journals print one: n in the heads, small print that repeats as lettered footnotes."""

from collections import Counter
from dataclasses import dataclass, replace

from ..words.abbreviations import spelled_out
from ..words.numbers import capitalised
from ..words.tables import Align, Kind, TextTable, numbers_right
from .cells import cleaned
from .presets import HOUSE, Preset, marks
from .styled import SIZE, numbers_in, styled

OFTEN = 2  # in so many cells small print becomes a footnote


@dataclass(frozen=True)
class Cell:
    """text: one line.  small: lines of small print below it.  marks: of the footnotes that belong to it."""

    text: str
    small: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Laid:
    """title: with its marks.  notes: a mark and its text.  abbreviations: "" where there are none.  marked: cells to be
    set off, as TextTable.marks."""

    title: Cell
    heads: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]
    kinds: tuple[Kind, ...]
    align: tuple[Align, ...]
    notes: tuple[tuple[str, str], ...]
    abbreviations: str
    alt: str
    marked: frozenset[tuple[int, int]] = frozenset()

    @property
    def below(self) -> tuple[tuple[str, str], ...]:
        """All that stands below the table: the abbreviations without a mark, then the notes."""
        return ((("", f"Abbreviations: {self.abbreviations}."),) if self.abbreviations else ()) + self.notes


def laid(table: TextTable, preset: Preset = HOUSE) -> Laid:
    """The table as a document shows it, in the preset's writing.

    "n = 8" goes where the head says (8); small print that stands in several cells becomes a footnote, what stands once
    stays below its cell; footnotes of the whole table are marked at its title. Abbreviations are spelled out.
    """
    shown = without_known_sizes(styled(table, preset), table.heads, preset)
    often = [line for line, count in Counter(small_lines(shown)).items() if count >= OFTEN]
    general = [cleaned(note) for note in shown.footnotes]
    said = [*general, *map(as_sentence, often)]
    every = marks(preset, len(general) + len(often))
    letter = dict(zip(often, every[len(general) :], strict=True))
    rows = tuple(tuple(cell_of(text, letter if at else {}) for at, text in enumerate(row)) for row in shown.rows)
    return Laid(
        Cell(cleaned(shown.title), (), tuple(every[: len(general)])),
        tuple(cell_of(head, {}) for head in shown.heads),
        rows,
        tuple(shown.kind(row) for row in range(len(rows))),
        shown.align or numbers_right(len(shown.heads), len(shown.heads)),
        tuple(zip(every, said, strict=True)),
        spelled_out([shown.title, *shown.heads, *(cell for row in shown.rows for cell in row)]),
        cleaned(shown.described),
        shown.marks,
    )


def without_known_sizes(table: TextTable, heads: tuple[str, ...], preset: Preset) -> TextTable:
    """The table without an "n = 8" below a cell whose head says (8).  heads: as they were before they were styled."""
    known = [SIZE.search(head) for head in heads]
    lines = [f"\nn = {numbers_in(found[1], preset)}" if found else "" for found in known]
    rows = [tuple(cell.removesuffix(line) for cell, line in zip(row, lines, strict=True)) for row in table.rows]
    return replace(table, rows=tuple(rows))


def small_lines(table: TextTable) -> list[str]:
    """The small print of every cell beyond the first column, row by row; sizes are no notes."""
    cells = [cell for row in table.rows for cell in row[1:]]
    return [line for cell in cells for line in cleaned(cell).split("\n")[1:] if not line.startswith("n = ")]


def as_sentence(line: str) -> str:
    """Small print as a footnote."""
    return capitalised(line) if line.endswith(".") else f"{capitalised(line)}."


def cell_of(text: str, letter: dict[str, str]) -> Cell:
    """A cell with the marks of those of its lines that are footnotes.  letter: line -> mark."""
    first, *small = cleaned(text).split("\n")
    return Cell(
        first,
        tuple(line for line in small if line not in letter),
        tuple(letter[line] for line in small if line in letter),
    )
