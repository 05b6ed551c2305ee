"""Outcomes: what happened to the treated, to their matched controls and to the whole control cohort."""

import streamlit as st

from lib.errors import AnalysisError
from lib.words.outcomes import LEAD
from pages.ui import guide, session, widgets
from pages.ui.balance import blocks as balance_blocks
from pages.ui.headings import chosen_outcome
from pages.ui.outcomes import blocks as outcome_blocks
from pages.ui.outcomes import freedays as freedays_blocks
from pages.ui.outcomes import power as design_blocks
from pages.ui.view import View

session.open_page(__file__)
st.title("Answer")
guide.show(__file__)
st.markdown(LEAD)
table, spec = session.require_cohort()
if not spec.outcomes:
    st.info("No column is marked as an outcome yet. Give one the role of an outcome on the Data page.")
    st.page_link("pages/cohort.py", label="Choose outcomes on the Data page", icon=":material/arrow_back:")
    st.stop()
freedays_blocks.require_episodes(table, spec)
view = View.of(table, spec)
try:
    view.require("balance", "multiplicity")
except AnalysisError as error:
    session.show_error(error)
if not session.presentation():
    outcome_blocks.show_definitions(view)
    balance_blocks.verdict_box(view, before="Balance: ")
    design_blocks.show_design(view)
    outcome_blocks.show_table_two(view)
    outcome_blocks.show_several(view)
    st.header("One outcome at a time", anchor=False)
outcome = chosen_outcome("outcome", view.outcomes, view.name)
outcome_blocks.show_outcome(view, outcome)
outcome_blocks.show_forest(view)
freedays_blocks.show_free_days(view)
if not session.presentation():
    widgets.next_page("pages/sensitivity.py", "Next: does the answer survive other choices?")
