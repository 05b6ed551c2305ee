"""Presentation: the analysis as slides, with the arrow keys from one to the next."""

import streamlit as st

from lib.errors import AnalysisError
from pages.ui import lock, session
from pages.ui.presentation import slides
from pages.ui.view import View

session.open_page(__file__)
table, spec = session.require_cohort()
view = View.of(table, spec)
lock.require(view)
try:
    with st.spinner("Making the slides …", show_time=True):
        view.require("comparison")
        session.saw_outcomes(spec)
        made = slides.made(view)
except AnalysisError as error:
    session.show_error(error)
slides.show(made)
