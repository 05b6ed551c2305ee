"""TextTable: a table whose cells are text, ready for a page, a report, a notebook or a spreadsheet."""

import html
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd

from ..io import write_csv

Align = Literal["left", "center", "right"]
Kind = Literal["plain", "heading", "primary"]


@dataclass(frozen=True)
class TextTable:
    """A table as people read it. What follows a line break in a cell is its small print.

    title: stands above the table.  heads, rows: text; every row has as many cells as there are heads.
    footnotes: sentences below it.  alt: what it holds, for those who do not see it; the title where it is empty.
    align: one for each column; () means all left.  kinds: one for each row; () means all plain. A "heading" row opens a
    group, a "primary" one is what the study asked first.  marks: (row, column) of cells to be set off.
    Raises ValueError where these do not fit together.
    """

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    footnotes: tuple[str, ...] = ()
    alt: str = ""
    align: tuple[Align, ...] = ()
    kinds: tuple[Kind, ...] = ()
    marks: frozenset[tuple[int, int]] = frozenset()

    def __post_init__(self) -> None:
        if any(len(row) != len(self.heads) for row in self.rows):
            raise ValueError(f"A row of {self.title} has not {len(self.heads)} cells.")
        if self.align and len(self.align) != len(self.heads):
            raise ValueError(f"`align` of {self.title} needs {len(self.heads)} entries.")
        if self.kinds and len(self.kinds) != len(self.rows):
            raise ValueError(f"`kinds` of {self.title} needs {len(self.rows)} entries.")

    @property
    def described(self) -> str:
        """The alternative text."""
        return self.alt or self.title

    def kind(self, row: int) -> Kind:
        """What a row is."""
        return self.kinds[row] if self.kinds else "plain"

    def to_frame(self) -> pd.DataFrame:
        """The cells as they are, one object column for each head."""
        return pd.DataFrame(list(self.rows), columns=list(self.heads), dtype=object)

    def to_csv(self) -> bytes:
        """A CSV file of the heads and cells, each cell on one line."""
        return write_csv(self.to_frame().map(lambda cell: cell.replace("\n", "; ")))

    def to_html(self) -> str:
        """A <table> with caption and footnotes, everything escaped; small print in <small>."""
        head = "".join(self._cell("th", text, column) for column, text in enumerate(self.heads))
        body = "".join(self._html_row(number) for number in range(len(self.rows)))
        foot = "".join(f"<tr><td colspan={len(self.heads)}>{safe(note)}</td></tr>" for note in self.footnotes)
        return (
            f'<table aria-label="{html.escape(self.described)}"><caption>{safe(self.title)}</caption>'
            f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody>{f'<tfoot>{foot}</tfoot>' if foot else ''}</table>"
        )

    def _html_row(self, number: int) -> str:
        cells = "".join(
            self._cell("td", text, column, (number, column) in self.marks)
            for column, text in enumerate(self.rows[number])
        )
        return f'<tr class="{self.kind(number)}">{cells}</tr>'

    def _cell(self, tag: str, text: str, column: int, marked: bool = False) -> str:
        first, *rest = (safe(line) for line in text.split("\n"))
        inside = "<br>".join(
            [f"<mark>{first}</mark>" if marked else first, *(f"<small>{line}</small>" for line in rest)]
        )
        align = self.align[column] if self.align else "left"
        return f'<{tag} style="text-align:{align}">{inside}</{tag}>'


def records(frame: pd.DataFrame) -> Iterator[Any]:
    """The rows of a result as named tuples with `Index`; what a column holds its docstring says."""
    return frame.itertuples()


def safe(text: str) -> str:
    """Text that an HTML page shows as it is."""
    return html.escape(text, quote=False)


def without_empty(table: TextTable, head: str) -> TextTable:
    """The table without a column that says nothing (a column of notes where there is none).  head: its name."""
    at = table.heads.index(head)
    if any(row[at] for row in table.rows):
        return table
    return TextTable(
        table.title,
        cut(table.heads, at),
        tuple(cut(row, at) for row in table.rows),
        table.footnotes,
        table.alt,
        cut(table.align, at),
        table.kinds,
        frozenset((row, column - (column > at)) for row, column in table.marks if column != at),
    )


def cut(items: tuple, at: int) -> tuple:
    """All but one."""
    return items[:at] + items[at + 1 :]


def row_kinds(primary: Iterable[bool]) -> tuple[Kind, ...]:
    """The kind of each row of a table of outcomes.  primary: of each, whether it is the primary one."""
    return tuple("primary" if first else "plain" for first in primary)


def numbers_right(columns: int, texts: int = 1) -> tuple[Align, ...]:
    """Alignment of a table whose first columns are text and the others numbers.  texts: how many are text."""
    left: Align = "left"
    right: Align = "right"
    return (*[left] * texts, *[right] * (columns - texts))
