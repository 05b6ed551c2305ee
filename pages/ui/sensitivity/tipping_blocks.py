"""Tipping point: how many outcomes would have to differ, and what unknown outcomes could do."""

import streamlit as st

from lib import figures
from lib.errors import AnalysisError
from lib.sensitivity.tipping import Tipping
from lib.words import glossary_sensitivity as glossary
from lib.words import sensitivity as words
from pages.ui import session, stages
from pages.ui.plain import plain
from pages.ui.tables import table_card
from pages.ui.view import View


def show_tipping(view: View) -> None:
    """Changed outcomes, then unknown ones."""
    if view.outcome.kind == "continuous":
        st.info(plain(words.of_numbers(view.label)), icon=":material/info:")
        return
    try:
        with st.spinner("Trying who could have fared differently …", show_time=True):
            by_set, _ = stages.tipping(view.table, view.spec, view.outcome.name)
        show_points(view, by_set)
    except AnalysisError as error:
        session.absence_box(error)
    show_unknown(view)


def show_points(view: View, by_set: Tipping) -> None:
    """The fewest changes, and how far p can move."""
    st.markdown(plain(by_set.sentence))
    table_card(words.tipping_table(by_set, view.label), glossary.TIPPING)
    drawn = figures.tipping_range(by_set, view.label)
    title = f"{view.label}: p when outcomes were recorded wrongly"
    view.card(drawn, title, f"{view.outcome.name}_tipping", glossary.SPREAD, takeaway=words.tipping_takeaway(by_set))


def show_unknown(view: View) -> None:
    """Missing outcomes and drop-outs, best and worst."""
    try:
        found = stages.unknown_outcomes(view.table, view.spec, view.outcome.name)
    except AnalysisError as error:
        session.error_box(error)
        return
    st.markdown(words.unknown_sentence(found))
    if found.unknown_treated + found.unknown_control:
        table_card(words.unknown_table(found, view.label), glossary.MISSING)
