"""Robust?: five lines first, whether the answer survives other settings, patients, hidden factors, outcomes, days."""

import streamlit as st

from lib.errors import AnalysisError
from lib.words import robust as words
from pages.ui import guide, lock, session, widgets
from pages.ui.sensitivity import blocks
from pages.ui.sensitivity.doubted import show_doubted
from pages.ui.sensitivity.five import show_lines
from pages.ui.sensitivity.wolf import show_wolf
from pages.ui.view import View

session.open_page(__file__)
st.title("Robust?")
guide.show(__file__)
table, spec = session.require_cohort()
if not spec.outcomes:
    st.info(words.NO_OUTCOMES, icon=":material/info:")
    blocks.to_match()
    st.stop()
view = View.of(table, spec)
lock.require(view)
try:
    outcome = blocks.chosen_outcome(spec, view.labels)
    view.require("comparison")
    session.saw_outcomes(spec)
    show_lines(view.about(outcome))
    show_doubted(view)
    show_wolf(view.about(outcome))
except AnalysisError as error:
    session.show_error(error)
blocks.to_match()
widgets.next_page("pages/report.py", "Next: take it away as a report")
