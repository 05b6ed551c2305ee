"""Blocks of the Published study page: how often each test cries wolf, from simulated studies without any effect."""

import pandas as pd
import streamlit as st

from lib import figures
from lib.words import DASH, percent
from pages.ui import explanations, session, stages
from pages.ui.format import MEASURES, TESTS
from pages.ui.headings import heading, show_table
from pages.ui.outcomes.words import CONVENTIONS, VARIANTS, in_words
from pages.ui.published.blocks import Study

VERDICTS = {"anticonservative": "too often", "conservative": "seldom", "holds 5%": "as promised"}
ON_SLIDE = ("Event, risk 25%", "Number, normal")
LEAD = (
    "Studies of the published size (8 sets of 1:3 beside 223 further controls, independent patients) are simulated in "
    "which the treatment does **nothing**. An honest test then falls below 0.05 in at most 5 of 100. Tests on repeated "
    "pairs do so in 15 to 17 of 100: every sixth such study reports an effect that is not there."
)


def show_type_one(study: Study) -> None:
    """The figure of all tests, then the tables."""
    rows = in_plain_words(stages.type_one_rows())
    tests = rows[rows["part"] == "test"]
    if session.presentation():  # as many rows as a slide holds
        tests = tests[tests["outcome"].isin(ON_SLIDE) & ~tests["name"].isin(VARIANTS)]
    if not session.presentation():
        heading("How often each test cries wolf", explanations.TYPE_ONE)
        st.markdown(LEAD)
    drawn = figures.type_one_error(
        tests[["outcome", "test", "counts", "convention", "share", "standard_error", "simulations"]]
    )
    study.card(drawn, "p < 0.05 although treatment does nothing", "type_one_error", explanations.TYPE_ONE)
    if session.presentation():
        return
    with st.expander("Every test in numbers"):
        show_table(cells(tests), "Share of p below 0.05 under no effect, every test")
    with st.expander("95% intervals that leave out no effect"):
        show_table(cells(rows[rows["part"] != "test"]), "Share of intervals that leave out no effect")
    st.caption("Made by `python -m benchmarks.type_one_error`; docs/type_one_error.md holds the same table.")


def in_plain_words(rows: pd.DataFrame) -> pd.DataFrame:
    """The simulation's rows with `test` in words."""
    words = [TESTS.get(r.name) or MEASURES.get(r.name) or in_words(r.name) for r in rows.itertuples(index=False)]
    return rows.assign(test=words)


def cells(rows: pd.DataFrame) -> pd.DataFrame:
    """As text: outcome, test, what it counts, share, verdict."""
    made = []
    for r in rows.itertuples():
        below = CONVENTIONS.get(r.convention, r.method if isinstance(r.method, str) else "")
        made.append(
            (
                r.outcome,
                f"{r.test}\n{below}",
                r.counts if isinstance(r.counts, str) else DASH,
                f"{percent(r.share)}\nof {r.simulations:,}",
                VERDICTS[r.verdict],
            )
        )
    return pd.DataFrame(made, columns=["Outcome", "Test or interval", "Counts", "p < 0.05", "How often"])
