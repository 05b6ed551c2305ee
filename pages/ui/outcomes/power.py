"""What a matched design can show: the sets that count, and the p-values that they can reach however the events fall."""

import streamlit as st

from lib.design import MatchedSample
from lib.inference import Detectable
from lib.words import counted, glossary
from lib.words.design import detectable_table, reach_sentence, set_sizes
from pages.ui.figure_card import plain
from pages.ui.headings import heading
from pages.ui.tables import show_table

METRIC_WIDTH = 260


def show_design(sample: MatchedSample, found: Detectable | None) -> None:
    """Before any outcome: the number of independent units, and what they need to reach p = 0.05."""
    heading("What these sets can show", glossary.DESIGN)
    if not sample.n_sets:
        st.markdown("No treated patient has a control, so there is nothing to compare.")
        return
    sizes = sample.pairs.groupby("set").size()
    with st.container(horizontal=True):
        st.metric(
            "Independent matched sets",
            f"{sample.n_sets:,}",
            set_sizes(sizes),
            delta_color="off",
            delta_arrow="off",
            border=True,
            width=METRIC_WIDTH,
        )
        st.metric(
            "Pairs, as the published tests count",
            f"{len(sample.pairs):,}",
            f"from {counted(sample.n_sets, 'treated patient')}",
            delta_color="off",
            delta_arrow="off",
            border=True,
            width=METRIC_WIDTH,
        )
    st.markdown(reach_sentence(sample, found))
    if found is not None:
        show_detectable(found)


def show_detectable(found: Detectable) -> None:
    """The smallest attainable p, and the differences that these sets would find with 80% power."""
    smallest, *_, shift = found.sentences
    table = detectable_table(found)
    heading(table.title, glossary.DETECTABLE)
    st.markdown(plain(f"{smallest} {shift}"))
    show_table(table)
