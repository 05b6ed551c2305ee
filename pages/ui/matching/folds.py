"""What stands folded under the match, each behind a line that says what it would tell."""

from collections.abc import Callable

import numpy as np
import streamlit as st

from lib.words import counted
from lib.words import match_result as words
from lib.words.methods import LINE as METHODS_LINE
from pages.ui import session, widgets
from pages.ui.matching import blocks, set_browser
from pages.ui.matching.designs import LINE as DESIGNS_LINE
from pages.ui.matching.designs import show_design
from pages.ui.matching.methods import show_methods
from pages.ui.matching.result import draw_overlap, draws_sets
from pages.ui.plain import plain
from pages.ui.view import View


def fold(name: str, line: str, icon: str, show: Callable[[View], None], view: View) -> None:
    """One folded part; made when it is opened.  line: plain text."""
    box = st.expander(plain(line), key=session.key(f"fold-{name}"), on_change="rerun", icon=f":material/{icon}:")
    if box.open:
        with box:
            show(view)


def show_all(view: View) -> None:
    """Choices first, then what was made and of whom."""
    if view.spec.matching.set_column is None:
        fold("designs", DESIGNS_LINE, "scatter_plot", show_design, view)
    fold("methods", METHODS_LINE, "table_rows", show_methods, view)
    if draws_sets(view):
        line = words.overlap_line(view.comparison, view.score.score)
        fold("overlap", line, "stacked_bar_chart", lambda v: draw_overlap(v, v.comparison), view)
    fold("lost", lost_line(view), "group_remove", blocks.show_lost, view)
    fold("sets", sets_line(view), "groups", set_browser.show_sets, view)
    fold("numbers", numbers_line(view), "verified", show_numbers, view)
    if np.isfinite(view.score.coefficients).all() and len(view.score.names):
        line = f"What made treatment likely? The model of the score ({counted(len(view.score.names), 'term')})"
        fold("model", line, "function", blocks.show_model, view)


def lost_line(view: View) -> str:
    """Who is not used, counted."""
    comparison = view.comparison
    gaps = blocks.gaps_of(view)
    unused = [
        gap + int((~comparison.matched & (comparison.treated == arm)).sum())
        for gap, arm in zip(gaps, (True, False), strict=True)
    ]
    return f"Who is not used, and why? {unused[0]:,} treated and {counted(unused[1], 'control')}"


def sets_line(view: View) -> str:
    """The sets one by one; without sets the patients as a file."""
    sets = view.comparison.n_sets
    return f"Who is compared with whom? {counted(sets, 'set')}, one by one" if sets else "Every patient with its weight"


def numbers_line(view: View) -> str:
    """What was checked, with the number of notes."""
    notes = blocks.notes_of(view)
    return f"The match in numbers, what was checked, {counted(len(notes), 'note')}"


def show_numbers(view: View) -> None:
    """Metrics, checks and notes."""
    blocks.show_metrics(view)
    blocks.show_checks(view)
    widgets.notes(blocks.notes_of(view))
