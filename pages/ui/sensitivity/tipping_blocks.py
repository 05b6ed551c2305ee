"""Tipping point: how many outcomes would have to differ, and what unknown outcomes could do."""

import numpy as np
import pandas as pd
import streamlit as st

from lib import figures
from lib.errors import AnalysisError
from lib.sensitivity.missing_outcomes import CASES, MissingOutcomes
from lib.sensitivity.tipping import WHO, Tipping, described
from lib.words import DASH, counted, p_value
from pages.ui import session, stages
from pages.ui.figure_card import plain
from pages.ui.format import MEASURES, effect, interval
from pages.ui.headings import table_card
from pages.ui.sensitivity import words as words
from pages.ui.sensitivity.blocks import Shown

CONVENTIONS = {"by set": "By matched set", "published": "As published, sets ignored"}


def show_tipping(shown: Shown) -> None:
    """Changed outcomes, then unknown ones."""
    if shown.outcome.kind == "continuous":
        st.info(
            f"{plain(shown.label)} is a number, so no count of changed patients tips it, and what is unknown has "
            "no best and worst value. Choose a yes/no or survival outcome above.",
            icon=":material/info:",
        )
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
        rows = pd.concat([tipping_rows(by_set), tipping_rows(published)], ignore_index=True)
        alt = f"{plain(shown.label)}: the fewest outcomes that would have to differ for p to cross 0.05"
        table_card("How many outcomes would have to differ", rows, alt, words.TIPPING)
    drawn = figures.tipping_range(by_set, published, shown.label)
    title = f"{shown.label}: p when outcomes were recorded wrongly"
    shown.card(drawn, title, f"{shown.outcome.name}_tipping", words.SPREAD)


def tipping_rows(found: Tipping) -> pd.DataFrame:
    """One row for each of WHO, as text."""
    rows = []
    for row in found.needed.itertuples():
        if np.isnan(row.changes):
            cells = ("none would do", DASH, DASH)
        else:
            cells = (
                f"{'' if row.exact else 'at most '}{int(row.changes):,}",
                described(found.needed.loc[row.Index]),
                p_value(row.p),
            )
        rows.append((CONVENTIONS[found.convention], p_value(found.p), WHO[row.who], *cells))
    names = ["Convention", "p now", "Outcomes that would have to differ", "How many", "For example", "p then"]
    return pd.DataFrame(rows, columns=names)


def show_unknown(shown: Shown) -> None:
    """Missing outcomes and drop-outs, best and worst."""
    try:
        found = stages.unknown_outcomes(shown.table, shown.spec, shown.outcome.name)
    except AnalysisError as error:
        session.error_box(error)
        return
    unknown = found.unknown_treated + found.unknown_control
    if not unknown:
        st.markdown("Every matched patient's outcome is known, so nothing needs to be filled in.")
        return
    st.markdown(
        f"Unknown in {counted(found.unknown_treated, 'treated patient')} and "
        f"{counted(found.unknown_control, 'matched control')}."
    )
    table_card(
        "Missing outcomes and drop-outs",
        unknown_rows(found),
        f"{plain(shown.label)}: best and worst case of unknown outcomes",
        words.MISSING,
    )


def unknown_rows(found: MissingOutcomes) -> pd.DataFrame:
    """The cases as text."""
    rows = [
        (
            CASES[row.case],
            effect(found.measure, row.estimate),
            interval(found.measure, row.ci_low, row.ci_high),
            p_value(row.p_published),
            p_value(row.p_by_set),
        )
        for row in found.cases.itertuples()
    ]
    return pd.DataFrame(
        rows, columns=["Unknown outcomes", MEASURES[found.measure], "95% interval", "p, as published", "p, by set"]
    )
