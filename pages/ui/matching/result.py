"""The result of a match on top of its page: one sentence, what brings lost patients back, and the main figure."""

import numpy as np
import streamlit as st

from lib import figures
from lib.design import Comparison
from lib.errors import AnalysisError, EstimationError
from lib.sensitivity.ways_back import WayBack
from lib.spec import AnalysisSpec
from lib.table import Table
from lib.words import glossary
from lib.words import match_result as words
from lib.words.labels import Labels
from pages.ui import session, stages, widgets
from pages.ui.odds import show_odds
from pages.ui.plain import plain
from pages.ui.view import View

TRIED_ROWS, TRIED_ON_SCORE = 5_000, 60_000  # up to here every way back is tried before it is offered


def show_sentence(view: View) -> None:
    """How many are matched with whom; red as soon as a treated patient is lost, with what brings it back."""
    said = words.match_sentence(view.cohort, view.comparison, view.spec.matching, view.steps.losses, view.labels)
    if lost(view):
        st.error(plain(said), icon=":material/group_remove:")
        show_ways_back(view.table, view.spec, view.labels)
    else:
        st.success(plain(said), icon=":material/group:")
    show_odds(view, quiet=False)


def lost(view: View) -> bool:
    """Whether an eligible treated patient is not compared with anybody."""
    return view.comparison.n_matched(True) < int(view.cohort.eligible_treated.sum())


def show_ways_back(table: Table, spec: AnalysisSpec, labels: Labels) -> None:
    """A button for each change that brings lost treated patients back, with what it gives where that is quickly
    known; nothing while even the eligible patients cannot be told."""
    trying = len(table.frame) <= (TRIED_ON_SCORE if spec.matching.on_score else TRIED_ROWS)
    try:
        eligible = stages.steps(table, spec).losses.eligible[0]
        with st.spinner("Trying what would bring them back", show_time=True):
            ways = stages.ways_to_bring_back(table, spec, trying)
    except AnalysisError:
        return
    if not ways:
        st.caption(words.NOTHING)
        return
    st.caption(words.TRIED if trying else words.LIKELY)
    with st.container(horizontal=True):
        for way in ways:
            way_button(way, words.way_label(way, labels, spec.matching, eligible))


def way_button(way: WayBack, label: str) -> None:
    """One change, made by a click."""
    name = session.key(f"way-{way.kind}-{'-'.join(way.names)}")
    st.button(plain(label), key=name, icon=":material/person_add:", on_click=session.set_spec, args=(way.spec,))


def show_figure(view: View) -> None:
    """All sets on the axis they were matched on; where there are none to draw, the scores of both groups."""
    if not draws_sets(view):
        draw_overlap(view, view.comparison)
        return
    drawn = figures.matched_sets(view.comparison, view.score.scale)
    line = words.sets_takeaway(view.comparison)
    view.card(drawn, "The matched sets", "matched_sets", glossary.SETS_ON_AXIS, takeaway=line)


def draws_sets(view: View) -> bool:
    """Whether the main figure is the one of the sets."""
    comparison = view.comparison
    return bool(comparison.n_sets and comparison.units.stars and np.isfinite(comparison.distance).all())


def draw_overlap(view: View, comparison: Comparison) -> None:
    """The scores of both arms; who is compared is filled."""
    try:
        drawn = figures.overlap(view.score, comparison)
    except EstimationError as error:
        st.info(plain(f"{error} {error.hint}"), icon=":material/info:")
        return
    widgets.show(
        figures.with_takeaway(drawn, words.overlap_takeaway(comparison, view.score.score)),
        title="Overlap of the scores",
        name="overlap",
        text=view.caption_of(comparison),
        spec=view.spec,
        what=glossary.OVERLAP,
    )
