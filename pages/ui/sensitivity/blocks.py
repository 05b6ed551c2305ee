"""Blocks of the Robust? page: what it shows of which outcome, and the frame of its sections."""

import streamlit as st

from lib.spec import AnalysisSpec, Outcome
from lib.words import sensitivity as words
from lib.words.labels import Labels
from pages.ui import session
from pages.ui.headings import chosen
from pages.ui.headings import chosen_outcome as pick_outcome

WITHOUT_OUTCOME = ("design",)
OF_GIVEN_SETS = ("bias", "tipping")  # what needs no other match


def chosen_section(spec: AnalysisSpec) -> str:
    """Which question to look at; without an outcome only those that need none."""
    options = [name for name in words.SECTIONS if spec.outcomes or name in WITHOUT_OUTCOME]
    if spec.matching.method == "given":
        options = [name for name in options if name in OF_GIVEN_SETS]
        st.info(words.GIVEN_SETS, icon=":material/info:")
    if not options:
        st.stop()
    name = f"sensitivity-section-{spec.matching.method}"  # the two offer different questions

    def ask() -> str:
        return st.segmented_control(
            "Question",
            options,
            default=options[0],
            required=True,
            persist_state="session",
            format_func=words.SECTIONS.get,
            key=session.key(name),
        )

    return chosen(name, options[0], ask)


def chosen_outcome(spec: AnalysisSpec, labels: Labels) -> Outcome | None:
    """The outcome in question; the primary one first. None when the spec has none."""
    outcomes = spec.outcomes
    if not outcomes:
        st.info(words.NO_OUTCOMES, icon=":material/info:")
        return None
    return pick_outcome("sensitivity-outcome", outcomes, lambda one: labels.column(one.name).name)
