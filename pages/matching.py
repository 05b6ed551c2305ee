"""Matching: who is compared with whom."""

import streamlit as st

from lib.errors import AnalysisError
from lib.words.matching import LEAD
from pages.ui import session, widgets
from pages.ui.matching import blocks as matching_blocks
from pages.ui.matching import set_browser
from pages.ui.matching.given import chosen_source, given_settings, own_sets
from pages.ui.matching.settings import matching_settings

LIVE_ROWS = 5_000  # up to here a match answers while a slider moves

session.open_page(__file__)


def settings(table, spec):
    """Every setting; small cohorts answer at once, large ones when asked. Returns the spec as it now stands."""
    if session.presentation():
        return spec
    if chosen_source(spec) == "given":
        with st.container(border=True):
            return of_given_sets(table, spec)
    spec = own_sets(spec)
    if len(table.frame) <= LIVE_ROWS:
        with st.container(border=True):
            return session.update_spec(**matching_settings(table, spec, live=True))
    with st.form(session.key("matching")):
        chosen = matching_settings(table, spec, live=False)
        if st.form_submit_button("Match", type="primary"):
            return session.update_spec(**chosen)
    return spec


def of_given_sets(table, spec):
    """The column of sets made elsewhere; the page waits until it is chosen."""
    chosen = given_settings(table, spec)
    if chosen is None:
        st.info("Choose the column that names the set of every matched patient.", icon=":material/arrow_upward:")
        st.stop()
    return session.update_spec(**chosen)


@st.fragment
def match_and_show() -> None:
    """Settings above, their result below; only this part runs again when a setting changes."""
    table, spec = session.require_cohort()
    if not session.presentation():
        st.markdown(LEAD)
    try:
        found = matching_blocks.compute(table, settings(table, spec))
    except AnalysisError as error:
        session.show_error(error)
    if session.presentation():
        matching_blocks.show_overlap(found)
        set_browser.show_figure(found)
    else:
        show_all(found)


def show_all(found) -> None:
    """Numbers, checks, figures and tables, from the whole match down to one set."""
    matching_blocks.show_metrics(found)
    matching_blocks.show_checks(found)
    widgets.notes(found.propensity.notes + found.comparison.notes)
    matching_blocks.show_overlap(found)
    matching_blocks.show_lost(found)
    set_browser.show_figure(found)
    set_browser.show_sets(found)
    matching_blocks.show_model(found)
    widgets.next_page("pages/balance.py", "Next: how alike the matched patients are")


st.title("Matching")
match_and_show()
