"""The quality of the data on the Data page: gaps, impossible and outlying values, columns known only afterwards."""

import streamlit as st

from lib.cohort.quality import quality
from lib.errors import AnalysisError
from lib.spec import AnalysisSpec
from lib.spec.parts import CohortPart
from lib.table import Table
from lib.words import quality as words
from lib.words.labels import Labels
from pages.ui import session
from pages.ui.plain import plain
from pages.ui.tables import show_table


def show(table: Table, spec: AnalysisSpec) -> None:
    """Counts and ranges, no rows."""
    try:
        found = quality(table, CohortPart.of(spec))
    except AnalysisError as error:
        session.error_box(error)
        return
    labels = Labels.of(spec)
    st.markdown(plain(words.quality_line(found)))
    for made in (
        words.quality_table(found, labels),
        words.missing_table(found, labels),
        words.patterns_table(found, labels),
    ):
        if made.rows:
            st.markdown(f"**{made.title}**")
            show_table(made)
