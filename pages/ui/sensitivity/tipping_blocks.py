"""Tipping point: how many outcomes would have to differ, and what unknown outcomes could do."""

import streamlit as st

from lib import figures
from lib.errors import AnalysisError
from lib.sensitivity.tipping import Tipping
from lib.words import glossary_sensitivity as glossary
from lib.words import sensitivity as words
from pages.ui import session, stages
from pages.ui.figure_card import plain
from pages.ui.sensitivity.blocks import Shown
from pages.ui.tables import table_card


def show_tipping(shown: Shown) -> None:
    """Changed outcomes, then unknown ones."""
    if shown.outcome.kind == "continuous":
        st.info(plain(words.of_numbers(shown.label)), icon=":material/info:")
        return
    try:
        with st.spinner("Trying who could have fared differently …", show_time=True):
            both = stages.tipping(shown.table, shown.spec, shown.outcome.name)
        show_points(shown, *both)
    except AnalysisError as error:
        session.error_box(error)
    if not session.presentation():
        show_unknown(shown)


def show_points(shown: Shown, by_set: Tipping, published: Tipping) -> None:
    """The fewest changes under both conventions, and how far p can move."""
    if not session.presentation():
        st.markdown(f"**By matched set:** {plain(by_set.sentence)}")
        st.markdown(f"**As published:** {plain(published.sentence)}")
        table_card(words.tipping_table(by_set, published, shown.label), glossary.TIPPING)
    drawn = figures.tipping_range(by_set, published, shown.label)
    title = f"{shown.label}: p when outcomes were recorded wrongly"
    shown.card(drawn, title, f"{shown.outcome.name}_tipping", glossary.SPREAD)


def show_unknown(shown: Shown) -> None:
    """Missing outcomes and drop-outs, best and worst."""
    try:
        found = stages.unknown_outcomes(shown.table, shown.spec, shown.outcome.name)
    except AnalysisError as error:
        session.error_box(error)
        return
    st.markdown(words.unknown_sentence(found))
    if found.unknown_treated + found.unknown_control:
        table_card(words.unknown_table(found, shown.label), glossary.MISSING)
