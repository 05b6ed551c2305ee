"""Blocks of the About this example page: how often each displayed number is wrong, by simulation."""

import streamlit as st

from lib.words import levels as words
from pages.ui import stages
from pages.ui.headings import heading
from pages.ui.tables import show_table


def show_levels() -> None:
    """Quoted numbers in the open, the others behind expanders."""
    rows, confounded = stages.level_rows()
    heading("How far each number can be trusted", words.HELP)
    st.markdown(words.LEAD)
    first, *others = words.levels_tables(rows)
    show_table(first)
    for table in others:
        with st.expander(table.title):
            show_table(table)
    st.markdown(words.CONFOUNDING_LEAD)
    with st.expander(words.CONFOUNDING_TITLE):
        show_table(words.confounding_table(confounded))
    with st.expander("Numbers that do not reach their level"):
        st.markdown("\n".join(f"- {line}" for line in words.missing_levels(rows, confounded)))
    st.caption("Made by `python -m benchmarks.levels`; docs/levels.md holds the same tables.")
