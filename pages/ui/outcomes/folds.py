"""Everything below Table 2, each part behind one line that tells its answer; made when it is opened."""

from collections.abc import Callable

import streamlit as st

from lib.inference.results import OutcomeResult
from lib.words import folds as words
from lib.words.effects import cites
from pages.ui import session
from pages.ui.outcomes import blocks
from pages.ui.outcomes import freedays as freedays_blocks
from pages.ui.outcomes import power as design_blocks
from pages.ui.plain import plain
from pages.ui.view import View

QUICK_SETS = 60  # up to so many sets the numbers of the lines are made while the page opens


def show_folds(view: View, outcome: OutcomeResult) -> None:
    """The parts, the likeliest question first.  outcome: the one on the card."""
    if several_asked(view):
        fold("several", several_line(view), lambda: blocks.show_several(view))
    fold("design", design_line(view), lambda: design_blocks.show_design(view))
    if len(view.outcomes) > 1:
        fold("detail", words.DETAIL, lambda: blocks.show_detail(view, outcome))
    fold("methods", words.METHODS, lambda: blocks.show_methods(view, outcome))
    if blocks.forest_scales(view):
        fold("forest", words.FOREST, lambda: blocks.show_forest(view))
    fold("free-days", words.FREE_DAYS, lambda: freedays_blocks.show_free_days(view))
    fold("otherwise", words.OTHERWISE, lambda: blocks.show_otherwise(view, outcome))
    fold("definitions", words.DEFINITIONS, lambda: blocks.show_definitions(view))


def fold(name: str, label: str, show: Callable[[], None]) -> None:
    """One part, made only while it is open."""
    part = st.expander(plain(label), key=session.key(f"fold-{name}"), on_change="rerun")
    if part.open:
        with part:
            show()


def several_asked(view: View) -> bool:
    """Whether there are several outcomes whose p can be adjusted."""
    return len(view.outcomes) > 1 and view.comparison.by_set and all(map(cites, view.outcomes))


def several_line(view: View) -> str:
    """With the answer where it is made quickly."""
    quick = view.comparison.n_sets <= QUICK_SETS
    return words.several_line(view.steps.multiplicity if quick else None, len(view.outcomes))


def design_line(view: View) -> str:
    """With one pair of risks where the simulation takes a moment only."""
    sets = view.comparison.n_sets
    if not 0 < sets <= QUICK_SETS:
        return words.design_line(None, sets)
    with st.spinner("Simulating what these sets could find …", show_time=True):
        return words.design_line(view.steps.power, sets)
