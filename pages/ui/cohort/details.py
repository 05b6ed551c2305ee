"""What the three boxes leave out, folded: names and units, who is eligible, data quality, settings as a file."""

from collections.abc import Callable

import streamlit as st

from lib.spec import AnalysisSpec
from lib.table import Table
from lib.words import data as words
from pages.ui import session
from pages.ui.cohort import blocks, quality
from pages.ui.cohort.eligibility import eligibility


def details(table: Table, spec: AnalysisSpec) -> None:
    """Each part behind one line; its content is made when it is opened."""
    parts: dict[str, Callable[[Table, AnalysisSpec], object]] = {
        "Who is eligible": eligibility,
        "Names, units and groups": names,
        "Quality of the data": quality.show,
        "Save or load the settings": blocks.spec_file,
    }
    for title, show in parts.items():
        folded = st.expander(title, key=session.key(f"fold-{title}"), on_change="rerun")
        if folded.open:
            with folded:
                show(table, spec)


def names(table: Table, spec: AnalysisSpec) -> None:
    """Every column in one table: its role, what readers call it, its unit."""
    st.markdown(words.SAVE_HELP)
    blocks.take_roles(blocks.column_table(table, spec), spec)
