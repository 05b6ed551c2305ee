"""Titles with their explanation, tables whose cells are literal text, and choices that a presentation remembers."""

from collections.abc import Callable
from typing import TypeVar

import pandas as pd
import streamlit as st

from lib.words import DASH
from pages.ui import session
from pages.ui.figure_card import plain

T = TypeVar("T")
JOINER = "\u2060"  # word joiner: no line break here


def heading(title: str, what: str) -> None:
    """A title with "What is this?" beside it.  what: Markdown in plain words."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader(plain(title), anchor=False)
        with st.popover("What is this?", type="tertiary", icon=":material/help:"):
            st.markdown(what)


def table_card(title: str, rows: pd.DataFrame, alt: str, what: str) -> None:
    """A titled table with its explanation."""
    heading(title, what)
    show_table(rows, alt)


def show_table(rows: pd.DataFrame, alt: str) -> None:
    """A small table on the page: every row is on the screen and no cell is clipped.

    rows: cells and column names as plain text; what follows a line break in a cell is set below it in grey.
    """
    st.table(rows.map(as_markdown).rename(columns=plain), hide_index=True, border="horizontal", alt=alt)


def as_markdown(cell: str) -> str:
    """A cell as Markdown that reads as itself."""
    first, *rest = unbroken(str(cell)).split("\n")
    return "  \n".join([plain(first), *(f":gray[{plain(line)}]" for line in rest)])


def unbroken(text: str) -> str:
    """Text whose ranges (43–58) stay on one line."""
    return text.replace(DASH, f"{JOINER}{DASH}{JOINER}")


def flat(rows: pd.DataFrame) -> pd.DataFrame:
    """The same cells for a file, each on one line."""
    return rows.map(lambda cell: str(cell).replace("\n", "; "))


def chosen(name: str, default: T, ask: Callable[[], T]) -> T:
    """What `ask`, a widget, answers; while presenting, the last answer without the widget."""
    if session.presentation():
        kept = session.keep(name)
        return default if kept is None else kept
    return session.keep(name, ask())
