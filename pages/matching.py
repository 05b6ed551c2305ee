"""Matching: who is compared with whom."""

import streamlit as st

from lib.errors import AnalysisError
from lib.words.matching import LEAD
from pages.ui import guide, session
from pages.ui.matching import blocks as matching_blocks
from pages.ui.matching import set_browser
from pages.ui.matching.form import settings

session.open_page(__file__)


@st.fragment
def match_and_show() -> None:
    """Settings above, their result below; only this part runs again when a setting changes."""
    table, spec = session.require_cohort()
    if not session.presentation():
        st.markdown(LEAD)
    try:
        view = matching_blocks.compute(table, spec if session.presentation() else settings(table, spec))
    except AnalysisError as error:
        session.show_error(error)
    if session.presentation():
        matching_blocks.show_overlap(view)
        set_browser.show_figure(view)
    else:
        show_all(view)


def show_all(view) -> None:
    """Numbers, checks, figures and tables, from the whole match down to one set."""
    matching_blocks.show_metrics(view)
    matching_blocks.show_checks(view)
    matching_blocks.show_notes(view)
    matching_blocks.show_overlap(view)
    matching_blocks.show_lost(view)
    set_browser.show_figure(view)
    set_browser.show_sets(view)
    matching_blocks.show_model(view)
    matching_blocks.show_next()


st.title("Match")
guide.show(__file__)
match_and_show()
