"""Balance: are the treated and their controls alike in what was known before treatment?"""

import streamlit as st

from lib.errors import AnalysisError
from lib.words.balance import LEAD
from pages.ui import session, stages, widgets
from pages.ui.balance import blocks as balance_blocks
from pages.ui.cohort import codebook

session.open_page(__file__)
st.title("Balance")
st.markdown(LEAD)
table, spec = session.require_cohort()
try:
    cohort, sample = stages.cohort(table, spec), stages.matched(table, spec)
    balance, table_one = stages.balance(table, spec), stages.table_one(table, spec)
except AnalysisError as error:
    session.show_error(error)
shown = balance_blocks.Shown(cohort, sample, balance, table_one, spec, codebook.current())
if not session.presentation():
    balance_blocks.show_verdict(shown)
    balance_blocks.show_sizes(shown)
balance_blocks.show_love(shown)
if not session.presentation():
    balance_blocks.show_table_one(shown)
balance_blocks.show_distribution(shown)
if not session.presentation():
    widgets.notes(balance.notes)
    widgets.next_page("pages/outcomes.py", "Next: what happened to them")
