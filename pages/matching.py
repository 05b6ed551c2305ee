"""Match: who is compared with whom; the result first, then the settings that made it."""

import streamlit as st

from lib.errors import AnalysisError
from pages.ui import guide, lock, session
from pages.ui.matching import blocks, folds, result
from pages.ui.matching.form import settings
from pages.ui.view import View

session.open_page(__file__)


@st.fragment
def match_and_show() -> None:
    """The result above, its settings below; only this part runs again when a setting changes."""
    table, spec = session.require_cohort()
    above, below = st.container(), st.container()
    try:
        with below:
            spec = settings(table, spec)
        with above:
            view = blocks.compute(table, spec)
            show_result(view)
    except AnalysisError as error:
        with above:
            session.show_error(error)
    folds.show_all(view)
    blocks.show_next()


def show_result(view: View) -> None:
    """The sentence, in red where a treated patient is lost, and the main figure."""
    result.show_sentence(view)
    lock.note(view)
    result.show_figure(view)


st.title("Match")
guide.show(__file__)
match_and_show()
