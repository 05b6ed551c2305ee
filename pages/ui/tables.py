"""TextTables on the page: every row is on the screen, no cell is clipped, and every cell reads as its text."""

import pandas as pd
import streamlit as st

from lib.words import DASH
from lib.words.tables import TextTable
from pages.ui.headings import heading
from pages.ui.plain import JOINER, plain
from pages.ui.take_away import show_take_away


def table_card(table: TextTable, what: str, name: str = "") -> None:
    """A table under its title with "What is this?", and the buttons that take it away.

    what: Markdown in plain words.  name: of its files; by default its title."""
    heading(table.title, what)
    show_table(table)
    show_take_away(table, name)


def show_table(table: TextTable) -> None:
    """A table without its title, its footnotes below it; small print stands below its cell in grey."""
    cells = [
        [as_markdown(text, table, number, column) for column, text in enumerate(row)]
        for number, row in enumerate(table.rows)
    ]
    frame = pd.DataFrame(cells, columns=[plain(head) for head in table.heads], dtype=object)
    st.table(frame, hide_index=True, border="horizontal", alt=table.described)
    for note in table.footnotes:
        st.caption(plain(note))


def show_those_with_rows(*tables: TextTable) -> None:
    """Tables under their titles; one without rows is left out."""
    for table in tables:
        if table.rows:
            st.markdown(f"**{plain(table.title)}**")
            show_table(table)


def as_markdown(text: str, table: TextTable, number: int, column: int) -> str:
    """A cell as Markdown that reads as itself; what opens a group is bold, what is marked has a colour."""
    first, *rest = unbroken(text).split("\n")
    first = plain(first)
    if (number, column) in table.marks:
        first = f":orange-background[{first}]"
    if table.kind(number) == "heading" and not column:
        first = f"**{first}**"
    return "  \n".join([first, *(f":gray[{plain(line)}]" for line in rest)])


def unbroken(text: str) -> str:
    """Text whose ranges (43–58) stay on one line."""
    return text.replace(DASH, f"{JOINER}{DASH}{JOINER}")
