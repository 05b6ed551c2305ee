"""A block of text with a table, as a terminal and a notebook show it. Nothing here knows what it says."""

import html
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

WIDTH = 100  # letters of a line of prose in a terminal
GAP = "  "
CELL = 'style="text-align: left; vertical-align: top"'


@dataclass(frozen=True)
class Block:
    """A title, sentences, and a table: heads, and rows of as many cells. Any of them may be empty.  folded: a notebook
    shows the title, and the rest on a click."""

    title: str = ""
    lines: tuple[str, ...] = ()
    heads: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    folded: bool = False


def as_text(blocks: Sequence[Block]) -> str:
    """The blocks for a terminal, an empty line between them; those that hold nothing are left out."""
    return "\n\n".join(text for text in map(_text, blocks) if text)


def as_html(blocks: Sequence[Block]) -> str:
    """The blocks for a notebook. Names from the file are escaped."""
    return f"<div>{''.join(map(_html, blocks))}</div>"


def _text(block: Block) -> str:
    prose = [part for line in block.lines for part in textwrap.wrap(line, WIDTH, subsequent_indent=GAP)]
    table = _aligned([block.heads, *block.rows]) if block.rows else []
    return "\n".join([*([block.title] if block.title else []), *prose, *table])


def _aligned(rows: Sequence[tuple[str, ...]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    padded = [[cell.ljust(width) for cell, width in zip(row, widths, strict=True)] for row in rows]
    return [(GAP + GAP.join(cells)).rstrip() for cells in padded]


def _html(block: Block) -> str:
    prose = "".join(f"<p>{html.escape(line)}</p>" for line in block.lines)
    body = prose + (_html_table(block) if block.rows else "")
    if block.folded:
        return f"<details><summary>{html.escape(block.title)}</summary>{body}</details>"
    return f"<h4>{html.escape(block.title)}</h4>{body}" if block.title else body


def _html_table(block: Block) -> str:
    heads = "".join(f'<th scope="col" {CELL}>{html.escape(head)}</th>' for head in block.heads)
    body = "".join(f"<tr>{''.join(_html_cell(cell) for cell in row)}</tr>" for row in block.rows)
    return f"<table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>"


def _html_cell(text: str) -> str:
    return f"<td {CELL}>{html.escape(text)}</td>"
