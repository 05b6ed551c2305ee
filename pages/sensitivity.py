"""Sensitivity: does the answer survive other choices, other patients, hidden factors and other outcomes?"""

import streamlit as st

from lib.errors import AnalysisError
from lib.words import sensitivity as words
from pages.ui import guide, session
from pages.ui.sensitivity import blocks as sensitivity_blocks
from pages.ui.sensitivity.bias import show_bias
from pages.ui.sensitivity.designs import show_design
from pages.ui.sensitivity.fragile import show_fragility
from pages.ui.sensitivity.grid_blocks import show_grid
from pages.ui.sensitivity.live import show_live
from pages.ui.sensitivity.tipping_blocks import show_tipping
from pages.ui.view import View

SHOW = {
    "live": show_live,
    "curve": show_grid,
    "fragility": show_fragility,
    "bias": show_bias,
    "tipping": show_tipping,
    "design": show_design,
}

session.open_page(__file__)
st.title("Robust?")
guide.show(__file__)
table, spec = session.require_cohort()
if not session.presentation():
    st.markdown(words.LEAD)
section = sensitivity_blocks.chosen_section(spec)
if not session.presentation():
    st.markdown(words.LEADS[section])
view = View.of(table, spec)
asked = section not in sensitivity_blocks.WITHOUT_OUTCOME or not spec.outcomes
try:
    outcome = sensitivity_blocks.chosen_outcome(spec, view.labels) if asked else None
    view.require("comparison")
    SHOW[section](view.about(outcome))
except AnalysisError as error:
    session.show_error(error)
