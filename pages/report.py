"""Report: choose what is made, make it with a line for each step, take it away as one file or one by one."""

import streamlit as st

from lib.errors import AnalysisError
from lib.words import report as words
from pages.ui import guide, lock, session
from pages.ui.outcomes import freedays as freedays_blocks
from pages.ui.report import blocks
from pages.ui.view import View

session.open_page(__file__)
st.title(words.TITLE)
guide.show(__file__)
st.markdown(words.LEAD)
table, spec = session.require_cohort()
freedays_blocks.require_episodes(table, spec)
view = View.of(table, spec)
lock.require(view)
try:
    view.require("balance", "multiplicity")
except AnalysisError as error:
    session.show_error(error)
session.saw_outcomes(spec)
chosen = blocks.choose(view)
blocks.make(view, chosen)
blocks.show_made(view, chosen)
blocks.show_passport(view)
st.page_link("pages/verify.py", label=words.VERIFY, icon=":material/verified:")
