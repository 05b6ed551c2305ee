"""The analysis without the sets called not comparable, beside the main one."""

import streamlit as st

from lib.errors import AnalysisError
from lib.sensitivity.doubted import doubted
from lib.words import stories as words
from pages.ui import session
from pages.ui.plain import plain
from pages.ui.tables import table_card
from pages.ui.view import View


def show_doubted(view: View) -> None:
    """Nothing where no set was called so."""
    if not view.spec.sensitivity.not_comparable:
        return
    try:
        found = view.steps.kept("doubted", lambda: doubted(view.steps), view.spec.sensitivity.model_dump_json())
    except AnalysisError as error:
        session.error_box(error)
        return
    said = plain(words.doubted_sentence(found, view.comparison.n_sets))
    if not found.outcomes:
        st.info(said, icon=":material/person_off:")
        return
    table_card(words.doubted_table(found, view.outcomes, view.labels), f"{said}\n\n{words.BESIDE}")
    st.caption(said)
