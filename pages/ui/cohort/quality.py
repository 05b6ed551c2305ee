"""The quality of the data on the Data page: gaps, impossible and outlying values, columns known only afterwards."""

import streamlit as st

from lib.errors import AnalysisError
from lib.spec import AnalysisSpec
from lib.table import Table
from lib.words import quality as words
from lib.words.labels import Labels
from pages.ui import session, stages
from pages.ui.plain import plain
from pages.ui.tables import show_those_with_rows


def show(table: Table, spec: AnalysisSpec) -> None:
    """Counts and ranges, no rows."""
    try:
        found = stages.steps(table, spec).quality
    except AnalysisError as error:
        session.error_box(error)
        return
    labels = Labels.of(spec)
    st.markdown(plain(words.quality_line(found)))
    show_those_with_rows(
        words.quality_table(found, labels), words.missing_table(found, labels), words.patterns_table(found, labels)
    )
