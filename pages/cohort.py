"""Cohort: which patients, which column is what, and who is lost on the way."""

import streamlit as st

from pages.ui import session
from pages.ui.cohort import blocks as cohort_blocks
from pages.ui.cohort import source as cohort_source
from pages.ui.cohort.eligibility import eligibility
from pages.ui.cohort.outcome_form import outcomes

session.open_page(__file__)


def settings(table, spec):
    """Roles, eligibility, outcomes and the settings file, each in its tab. Returns the spec, None without one."""
    columns_tab, eligibility_tab, outcomes_tab, file_tab = st.tabs(
        ["What each column is", "Who is eligible", "Outcomes", "Save or load settings"]
    )
    with columns_tab:
        above = st.container()
        edited = cohort_blocks.column_table(table, spec)
        spec = cohort_blocks.take_roles(edited, spec)
    if spec is None:
        return None
    with above:
        spec = cohort_blocks.treated_choice(table, spec)
    with eligibility_tab:
        spec = eligibility(table, spec)
    with outcomes_tab:
        outcomes(table, spec, lambda new: cohort_blocks.take_outcomes(edited, spec, new))
    with file_tab:
        cohort_blocks.spec_file(table, spec)
    return spec


st.title("Cohort")
table = session.table()
if table is None:
    cohort_source.first_screen()
    st.stop()
if session.presentation():
    spec = session.spec()
else:
    cohort_source.about(table)
    spec = settings(table, session.spec())
if spec is not None:
    cohort_blocks.show_cohort(table, spec)
