"""Balance: are the treated and their controls alike in what was known before treatment?"""

import streamlit as st

from lib.errors import AnalysisError
from lib.words.balance import LEAD
from pages.ui import guide, session, widgets
from pages.ui.balance import blocks as balance_blocks
from pages.ui.view import View

session.open_page(__file__)
st.title("Alike?")
guide.show(__file__)
st.markdown(LEAD)
view = View.of(*session.require_cohort())
try:
    view.require("table_one")
except AnalysisError as error:
    session.show_error(error)
if not session.presentation():
    balance_blocks.show_verdict(view)
    balance_blocks.show_sizes(view)
balance_blocks.show_love(view)
if not session.presentation():
    balance_blocks.show_table_one(view)
    balance_blocks.show_details(view)
balance_blocks.show_distribution(view)
if not session.presentation():
    widgets.notes(view.balance.notes)
    widgets.next_page("pages/outcomes.py", "Next: the answer")
