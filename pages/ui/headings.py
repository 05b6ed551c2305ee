"""Titles with their explanation, and tables whose cells are literal text."""

import pandas as pd
import streamlit as st

from pages.ui.figure_card import plain


def heading(title: str, what: str) -> None:
    """A title with "What is this?" beside it.  what: Markdown in plain words."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader(plain(title), anchor=False)
        with st.popover("What is this?", type="tertiary", icon=":material/help:"):
            st.markdown(what)


def literal(rows: pd.DataFrame) -> pd.DataFrame:
    """The frame with every text as Markdown that reads as itself."""
    return rows.map(lambda cell: plain(cell) if isinstance(cell, str) else cell).rename(columns=plain)


def table_card(title: str, rows: pd.DataFrame, alt: str, what: str) -> None:
    """A small table with its explanation; every row is on the screen and no cell is clipped."""
    heading(title, what)
    st.table(literal(rows), hide_index=True, border="horizontal", alt=alt)
