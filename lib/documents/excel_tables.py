"""TextTables as an Excel workbook, a sheet for each: numbers as numbers where a cell holds one, text otherwise.

A cell's small print stands in a column of its own beside it where the cell is a number, so that "0.34, exact, 8 sets"
can still be calculated with; "5 (20.8%)" stays a text, as people read it. No text is ever a formula.
"""

import io
import re
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from textwrap import wrap
from typing import Any

import xlsxwriter

from ..io.writer import FORMULA_STARTS
from ..words.numbers import DASH
from ..words.tables import TextTable
from .cells import Number, Piece, cleaned, piece
from .origin import PRODUCT, Origin
from .zipped import without_times

NO_DATE = datetime(2000, 1, 1)  # equal analyses give equal bytes
NAME_SIGNS = re.compile(r"[\[\]:*?/\\]")
LONGEST_NAME = 31  # letters of a sheet's name
WIDTHS = (8, 60)  # of columns, in letters
FULL = 0.9  # of a line that text fills before it goes on to the next, in any font
LINE = 14.0  # pt, the height of a line
LONGEST_TEXT = 32_767  # letters in a cell
HEAD_ROW = 2  # below the title and an empty row
OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def excel_bytes(tables: Sequence[TextTable], origin: Origin | None = None) -> bytes:
    """An .xlsx of these tables; equal tables give equal bytes.  origin: stands in the properties and below each
    table."""
    made = io.BytesIO()
    told = cleaned((origin or Origin()).line)
    with xlsxwriter.Workbook(made, OPTIONS) as book:
        title = cleaned(tables[0].title) if tables else ""
        book.set_properties({"title": title, "author": PRODUCT, "comments": told, "created": NO_DATE})
        looks = Looks(book)
        names = sheet_names([table.title for table in tables])
        for table, name in zip(tables, names, strict=True):
            fill(book.add_worksheet(name), table, looks, told)
        if not tables:
            book.add_worksheet()
    return without_times(made.getvalue())


def sheet_names(titles: Sequence[str]) -> list[str]:
    """Names that Excel takes: at most 31 letters, none of []:*?/\\, no two alike."""
    names: list[str] = []
    for number, title in enumerate(titles, 1):
        name = NAME_SIGNS.sub(" ", cleaned(title).replace("\n", " ")).strip(" '")[:LONGEST_NAME].strip(" '")
        taken = {one.lower() for one in names} | {"", "history"}
        names.append(name if name.lower() not in taken else f"{name[: LONGEST_NAME - 6]} ({number})".strip())
    return names


class Looks:
    """The formats of a workbook, each made once."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        """book: to which they belong."""
        self._made = lru_cache(None)(lambda settings: book.add_format(dict(settings)))

    def of(self, **settings: Any) -> Any:
        """A format."""
        return self._made(tuple(sorted({"font_name": "Arial", "font_size": 10, "valign": "top", **settings}.items())))


def fill(sheet: Any, table: TextTable, looks: Looks, told: str) -> None:
    """Title, heads, rows and footnotes of one table, with widths and a head that stays in view."""
    heads, rows = columns_of(table)
    sheet.write_string(0, 0, cleaned(table.title)[:LONGEST_TEXT], looks.of(bold=True, font_size=11))
    for at, head in enumerate(heads):
        sheet.write_string(HEAD_ROW, at, head, looks.of(bold=True, text_wrap=True, top=1, bottom=1))
    widths = [width_of([row[at] for row in rows], head) for at, head in enumerate(heads)]
    for number, row in enumerate(rows):
        bold = table.kind(number) != "plain"
        sheet.set_row(HEAD_ROW + 1 + number, LINE * max((1, *map(lines_of, row, widths))))
        for at, part in enumerate(row if table.kind(number) != "heading" else row[:1]):
            write(sheet, HEAD_ROW + 1 + number, at, part, looks, bold)
    for at, width in enumerate(widths):
        sheet.set_column(at, at, width)
    for at, note in enumerate((*map(cleaned, table.footnotes), told), HEAD_ROW + 2 + len(rows)):
        write_note(sheet, at, note[:LONGEST_TEXT], looks, widths)
    needed = [-(-len(head) // int(width)) + 1 for head, width in zip(heads, widths, strict=True)]
    sheet.set_row(HEAD_ROW, LINE * max([1, *needed]))
    sheet.freeze_panes(HEAD_ROW + 1, 1)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(HEAD_ROW)


def columns_of(table: TextTable) -> tuple[list[str], list[list[Piece]]]:
    """Heads and cells; beside a column in which a number has small print a column for it."""
    heads: list[str] = []
    columns: list[list[Piece]] = []
    for at, head in enumerate(table.heads):
        cells = [cleaned(row[at]) for row in table.rows]
        parted = at > 0 and any(isinstance(piece(cell.split("\n")[0]), Number) and "\n" in cell for cell in cells)
        heads += [cleaned(head), *([f"{cleaned(head)}: note"] if parted else [])]
        if parted:
            columns.append([piece(cell.split("\n")[0]) for cell in cells])
            columns.append(["; ".join(cell.split("\n")[1:]) for cell in cells])
        else:
            columns.append([piece(cell) if at else cell for cell in cells])
    return heads, [list(row) for row in zip(*columns, strict=True)]


def write(sheet: Any, row: int, column: int, part: Piece, looks: Looks, bold: bool) -> None:
    """A number as one, with the decimals shown; a text as text."""
    if isinstance(part, Number):
        sheet.write_number(row, column, part.value, looks.of(bold=bold, num_format=shown_as(part), align="right"))
    elif part:
        harmful = part.lstrip().startswith(FORMULA_STARTS)
        sheet.write_string(
            row,
            column,
            part[:LONGEST_TEXT],
            looks.of(bold=bold, text_wrap=True, indent=min(column, 1), quote_prefix=harmful),
        )
    elif column:
        sheet.write_string(row, column, DASH, looks.of(bold=bold, align="right"))


def shown_as(part: Number) -> str:
    """The number format that shows it as the table does."""
    digits = ("#,##0" if part.thousands else "0") + ("." + "0" * part.places if part.places else "")
    return f"+{digits};-{digits};{digits}" if part.signed else digits


def write_note(sheet: Any, row: int, note: str, looks: Looks, widths: Sequence[float]) -> None:
    """A footnote across all columns, on as many lines as it needs."""
    look = looks.of(font_size=9, text_wrap=True)
    sheet.set_row(row, LINE * -(-len(note) // max(1, int(sum(widths)))))
    if len(widths) > 1:
        sheet.merge_range(row, 0, row, len(widths) - 1, "", look)
    sheet.write_string(row, 0, note, look)


def lines_of(part: Piece, width: float) -> int:
    """Lines that a cell stands on in a column of this many letters; words are not broken, so a line is not full."""
    if isinstance(part, Number):
        return 1
    return sum(max(1, len(wrap(line, max(1, int(FULL * width))))) for line in part.split("\n"))


def width_of(cells: Sequence[Piece], head: str) -> float:
    """The width of a column in letters: of its longest line, within limits; a head may break between words."""
    lines = [line for part in cells for line in (part.text if isinstance(part, Number) else part).split("\n")]
    least, most = WIDTHS
    return float(min(most, max(least, 2 + max(map(len, [*lines, *head.split()]), default=0))))
