"""Blocks of the About this example page: how often each test cries wolf, from simulated studies without any effect."""

import streamlit as st

from lib import figures
from lib.words import glossary
from lib.words.published import TYPE_ONE_LEAD, type_one_named, type_one_table
from pages.ui import stages
from pages.ui.headings import heading
from pages.ui.tables import show_table
from pages.ui.view import View


def show_type_one(view: View) -> None:
    """The figure of all tests, then the tables."""
    rows = type_one_named(stages.type_one_rows())
    tests = rows[rows["part"] == "test"]
    heading("How often each test cries wolf", glossary.TYPE_ONE)
    st.markdown(TYPE_ONE_LEAD)
    drawn = figures.type_one_error(
        tests[["outcome", "test", "counts", "convention", "share", "standard_error", "simulations"]]
    )
    view.card(drawn, "p < 0.05 although treatment does nothing", "type_one_error", glossary.TYPE_ONE)
    with st.expander("Every test in numbers"):
        show_table(type_one_table(tests, "Share of p below 0.05 under no effect, every test"))
    with st.expander("95% intervals that leave out no effect"):
        intervals = rows[rows["part"] != "test"]
        show_table(type_one_table(intervals, "Share of intervals that leave out no effect"))
    st.caption("Made by `python -m benchmarks.type_one_error`; docs/type_one_error.md holds the same table.")
