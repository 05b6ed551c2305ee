"""Alike? Are the treated and their controls alike in what was known before treatment?"""

import streamlit as st

from lib.errors import AnalysisError
from pages.ui import guide, session, widgets
from pages.ui.balance import blocks
from pages.ui.view import View

session.open_page(__file__)
st.title("Alike?")
guide.show(__file__)
view = View.of(*session.require_cohort())
try:
    with st.spinner("Comparing the groups before and after matching", show_time=True):
        view.require("table_one", "balance_test")
except AnalysisError as error:
    session.show_error(error)
blocks.show_verdict(view)
blocks.show_love(view)
blocks.show_table_one(view)
blocks.show_folds(view)
widgets.next_page("pages/outcomes.py", "Next: the answer")
