"""A TextTable for the clipboard: HTML that Word and PowerPoint paste as a table, and text with tabs for the rest."""

import html

from ..words.tables import TextTable
from .cells import cleaned
from .csv_tables import harmless
from .laid import Cell, Laid, laid
from .presets import HOUSE, Preset

RULE = "1pt solid #000000"
CELL = "padding:2pt 6pt;vertical-align:top;mso-number-format:'\\@'"  # Excel takes it for text, never for a formula
FONT = "font-family:Arial,sans-serif;font-size:9pt"


def clipboard_html(table: TextTable, preset: Preset = HOUSE) -> str:
    """The table with its title and footnotes, everything escaped; styles stand in each cell, as Office wants them."""
    made = laid(table, preset)
    head = "".join(cell("th", one, made.align[at], rules="top bottom") for at, one in enumerate(made.heads))
    body = "".join(row(made, number) for number in range(len(made.rows)))
    foot = "".join(note(mark, text) for mark, text in made.below)
    title = f'<p style="margin:4pt 0;{FONT}"><b>{html.escape(made.title.text)}{marks_of(made.title)}</b></p>'
    return (
        f'<meta charset="utf-8">{title}<table style="border-collapse:collapse;{FONT}">'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{foot}"
    )


def note(mark: str, text: str) -> str:
    """A footnote with its mark."""
    return f'<p style="margin:2pt 0;{FONT};font-size:8pt">{raised(mark)}{html.escape(text)}</p>'


def row(made: Laid, number: int) -> str:
    """A row; one that opens a group is a single cell across."""
    kind, last = made.kinds[number], number == len(made.rows) - 1
    rules = "bottom" if last else ""
    cells = made.rows[number]
    if kind == "heading":
        return f"<tr>{cell('td', cells[0], 'left', True, rules, len(cells))}</tr>"
    told = (cell("td", one, made.align[at], kind == "primary", rules) for at, one in enumerate(cells))
    return f"<tr>{''.join(told)}</tr>"


def cell(tag: str, one: Cell, align: str, bold: bool = False, rules: str = "", across: int = 1) -> str:
    """One cell."""
    borders = "".join(f"border-{side}:{RULE};" for side in rules.split())
    first = html.escape(one.text) + marks_of(one)
    lines = [f"<b>{first}</b>" if bold else first, *(f"<small>{html.escape(line)}</small>" for line in one.small)]
    span = f' colspan="{across}"' if across > 1 else ""
    return f'<{tag}{span} style="{borders}{CELL};text-align:{align}">{"<br>".join(lines)}</{tag}>'


def marks_of(one: Cell) -> str:
    """The marks of a cell's footnotes, raised."""
    return raised(",".join(one.marks))


def raised(mark: str) -> str:
    """A mark above the line."""
    return f"<sup>{html.escape(mark)}</sup>" if mark else ""


def clipboard_text(table: TextTable) -> str:
    """A line for each row, cells parted by tabs, small print behind a semicolon; nothing that a spreadsheet would
    run."""
    return "\n".join("\t".join(line_of(text) for text in row) for row in (table.heads, *table.rows))


def line_of(text: str) -> str:
    """A cell on one line."""
    return harmless("; ".join(cleaned(text).split("\n")))
