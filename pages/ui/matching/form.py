"""The settings of the Match page: the method, then its own form. Small cohorts answer at once."""

import streamlit as st

from lib.spec import AnalysisSpec
from lib.table import Table
from pages.ui import session
from pages.ui.matching.given import given_settings
from pages.ui.matching.method import GIVEN, chosen_method, with_method
from pages.ui.matching.settings import matching_settings

LIVE_ROWS = 5_000  # up to here a match answers while a slider moves


def settings(table: Table, spec: AnalysisSpec) -> AnalysisSpec:
    """Every setting. Returns the spec as it now stands. Raises SpecError."""
    name = chosen_method(spec)
    if name == GIVEN:
        with st.container(border=True):
            return of_given_sets(table, spec)
    spec = with_method(spec, name)
    if len(table.frame) <= LIVE_ROWS:
        with st.container(border=True):
            return session.update_spec(**matching_settings(table, spec, live=True))
    session.edit_spec(spec)
    with st.form(session.key(f"matching-{name}")):
        chosen = matching_settings(table, spec, live=False)
        if st.form_submit_button("Match", type="primary"):
            return session.update_spec(**chosen)
    return spec


def of_given_sets(table: Table, spec: AnalysisSpec) -> AnalysisSpec:
    """The column of sets made elsewhere; the page waits until it is chosen."""
    chosen = given_settings(table, spec)
    if chosen is None:
        st.info("Choose the column that names the set of every matched patient.", icon=":material/arrow_upward:")
        st.stop()
    return session.update_spec(**chosen)
