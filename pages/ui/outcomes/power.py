"""What a matched design can show: the sets that count, and the p-values that they can reach however the events fall."""

import streamlit as st

from lib.design import Independent
from lib.inference import Detectable
from lib.words import counted, glossary, percent
from lib.words.balance import effective
from lib.words.power import detectable_table, reach_sentence, set_sizes
from pages.ui.headings import heading
from pages.ui.odds import show_odds
from pages.ui.plain import plain
from pages.ui.tables import show_table
from pages.ui.view import View

METRIC_WIDTH = 260


def show_design(view: View) -> None:
    """Before any outcome: the number of independent units, and what they need to reach p = 0.05."""
    comparison = view.comparison
    weighted = isinstance(comparison.units, Independent)
    heading(f"What these {'weights' if weighted else 'sets'} can show", glossary.DESIGN)
    if comparison.n_sets:
        with st.spinner("Simulating what these sets could find …", show_time=True):
            found = view.steps.power
        with st.container(horizontal=True):
            count("Independent matched sets", comparison.n_sets, set_sizes(comparison))
            treated = counted(comparison.n_matched(True), "treated patient")
            if len(comparison.pairs):
                count("Pairs, as the published tests count", len(comparison.pairs), f"from {treated}")
        st.markdown(reach_sentence(comparison, found))
        show_odds(view, moves=True)
        if found is not None:
            show_detectable(found)
    elif weighted:
        show_weights(view)
    else:
        st.markdown("No treated patient has a control, so there is nothing to compare.")


def show_weights(view: View) -> None:
    """Without sets: how many equally weighted patients the weighted ones are worth."""
    comparison = view.comparison
    with st.container(horizontal=True):
        for arm, name in ((True, "Treated count as"), (False, "Controls count as")):
            share = percent(comparison.largest_share(arm))
            metric(name, effective(comparison.effective_sample_size(arm)), f"largest weight {share} of all")
    st.markdown(reach_sentence(comparison, None))


def count(label: str, number: int, under: str) -> None:
    """A number of units in a box."""
    metric(label, f"{number:,}", under)


def metric(label: str, value: str, under: str) -> None:
    """A value in a box, what it is made of below it."""
    st.metric(label, value, under, delta_color="off", delta_arrow="off", border=True, width=METRIC_WIDTH)


def show_detectable(found: Detectable) -> None:
    """The smallest attainable p, and the differences that these sets would find with 80% power."""
    smallest, *_, shift = found.sentences
    table = detectable_table(found)
    heading(table.title, glossary.DETECTABLE)
    st.markdown(plain(f"{smallest} {shift}"))
    show_table(table)
