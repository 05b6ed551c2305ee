"""Outcomes: what happened to the treated, to their matched controls and to the whole control cohort."""

import streamlit as st

from lib.errors import AnalysisError
from lib.words.outcomes import LEAD
from pages.ui import session, stages, widgets
from pages.ui.balance import blocks as balance_blocks
from pages.ui.cohort import codebook
from pages.ui.outcomes import blocks as outcome_blocks
from pages.ui.outcomes import freedays as freedays_blocks
from pages.ui.outcomes import power as design_blocks
from pages.ui.outcomes.shown import Shown

session.open_page(__file__)
st.title("Outcomes")
st.markdown(LEAD)
table, spec = session.require_cohort()
if not spec.outcomes:
    st.info("No column is marked as an outcome yet. Give one the role of an outcome on the Cohort page.")
    st.page_link("pages/cohort.py", label="Choose outcomes on the Cohort page", icon=":material/arrow_back:")
    st.stop()
freedays_blocks.require_episodes(table, spec)
try:
    analysis = stages.analysis(table, spec)
except AnalysisError as error:
    session.show_error(error)
shown = Shown(analysis, widgets.caption(analysis.cohort, analysis.sample, spec), codebook.current())
if not session.presentation():
    balance_blocks.verdict_box(analysis.balance, shown.labels, before="Balance: ")
    with st.spinner("Simulating what these sets could find …", show_time=True):
        found = stages.design(table, spec)
    design_blocks.show_design(analysis.sample, found)
    outcome_blocks.show_table_two(shown)
    outcome_blocks.show_several(shown)
    st.header("One outcome at a time", anchor=False)
outcome = outcome_blocks.chosen_outcome(shown)
outcome_blocks.show_outcome(shown, outcome)
outcome_blocks.show_forest(shown)
freedays_blocks.show_free_days(shown)
if not session.presentation():
    widgets.next_page("pages/published_study.py", "Next: the published study beside these numbers")
