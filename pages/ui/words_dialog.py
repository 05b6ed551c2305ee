"""The glossary in a dialog of the sidebar: a word to look for, and the terms it stands in."""

import streamlit as st

from lib.words import terms
from pages.ui import session
from pages.ui.tables import show_table

NONE = "No term here speaks of that. Every figure and table has its own explanation behind “What is this?”."


def button() -> None:
    """The way to it."""
    if st.button(terms.TITLE, icon=":material/dictionary:", key="words-explained"):
        explained()


@st.dialog(terms.TITLE, width="large")
def explained() -> None:
    """All terms, or those that were looked for."""
    wanted = st.text_input("Look for", placeholder="caliper, odds, chance …", key=session.key("term"))
    table = terms.terms_table(wanted)
    if table.rows:
        show_table(table)
    else:
        st.info(NONE)
