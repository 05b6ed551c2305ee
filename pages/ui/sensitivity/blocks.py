"""Blocks of the Robust? page: which outcome, and the way to the designs."""

import streamlit as st

from lib.spec import AnalysisSpec, Outcome
from lib.words import sensitivity as words
from lib.words.labels import Labels
from pages.ui.headings import chosen_outcome as pick_outcome


def chosen_outcome(spec: AnalysisSpec, labels: Labels) -> Outcome:
    """The outcome in question; the primary one first."""
    if len(spec.outcomes) == 1:
        return spec.outcomes[0]
    return pick_outcome("sensitivity-outcome", spec.outcomes, lambda one: labels.outcome(one).name)


def to_match() -> None:
    """Designs are compared where they are chosen, with outcomes closed."""
    st.page_link("pages/matching.py", label=words.DESIGNS_ON_MATCH, icon=":material/scatter_plot:")
