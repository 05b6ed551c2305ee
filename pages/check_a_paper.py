"""Check a paper: type printed counts of matched patients, see what their p counts and what it could have been."""

import streamlit as st

from lib.words.check import LEAD
from pages.ui import session
from pages.ui.check import form, result

session.open_page(__file__)
st.title("Check a paper")
st.markdown(LEAD)
place = st.container()  # the result stands above what was typed
typed = form.show()
with place:
    result.show(typed)
