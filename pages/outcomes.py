"""Answer: the primary outcome's answer in one card, its figure, Table 2, and everything else folded."""

import streamlit as st

from lib.errors import AnalysisError
from pages.ui import guide, lock, session, widgets
from pages.ui.outcomes import freedays
from pages.ui.outcomes.blocks import show_table_two
from pages.ui.outcomes.card import show_card
from pages.ui.outcomes.folds import show_folds
from pages.ui.outcomes.main_figure import show_figures
from pages.ui.view import View

session.open_page(__file__)
with st.container(horizontal=True, vertical_alignment="bottom", key="answer-title"):
    st.title("Answer", width="stretch")
    if session.table() is not None:
        st.page_link("pages/presentation.py", label="Presentation", icon=":material/slideshow:", width="content")
        st.page_link("pages/report.py", label="Report", icon=":material/description:", width="content")
guide.show(__file__)
table, spec = session.require_cohort()
if not spec.outcomes:
    st.info("No column is marked as an outcome yet. Give one the role of an outcome on the Data page.")
    st.page_link("pages/cohort.py", label="Choose outcomes on the Data page", icon=":material/arrow_back:")
    st.stop()
freedays.require_episodes(table, spec)
view = View.of(table, spec)
lock.require(view)
try:
    with st.spinner("Comparing what happened …", show_time=True):
        view.require("balance", "outcomes")
except AnalysisError as error:
    session.show_error(error)
session.saw_outcomes(spec)
outcome = show_card(view)
show_figures(view, outcome)
with st.container(key="answer-table-two"):
    show_table_two(view)
with st.container(key="answer-folds"):
    show_folds(view, outcome)
widgets.next_page("pages/sensitivity.py", "Next: does the answer survive other choices?")
