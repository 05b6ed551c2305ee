"""Balance: are the treated and their controls alike in what was known before treatment?"""

import streamlit as st

from lib import figures
from lib.errors import AnalysisError
from pages.ui import session, stages, widgets

session.open_page(__file__)
st.title("Balance")
table, spec = session.require_cohort()
try:
    cohort, sample = stages.cohort(table, spec), stages.matched(table, spec)
    balance = stages.balance(table, spec)
except AnalysisError as error:
    session.show_error(error)
widgets.show(figures.love(balance), title="Love plot", name="love", text=widgets.caption(cohort, sample, spec), spec=spec)
