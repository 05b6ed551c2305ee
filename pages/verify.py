"""Verify a report: drop its zip and the cohort's file, and see cell by cell what is the same."""

import streamlit as st

from lib.errors import AnalysisError
from lib.words import verification as words
from pages.ui import session
from pages.ui.verify import blocks

session.open_page(__file__)
st.title(words.TITLE)
st.markdown(words.LEAD)
given = blocks.ask()
if given is not None:
    try:
        blocks.show(blocks.verified(given))
    except AnalysisError as error:
        session.show_error(error)
