"""Who is matched: one thing changed at a time, and the controls and the estimate that come out."""

import streamlit as st

from lib import figures
from lib.sensitivity.fragility import Fragility
from lib.words import glossary_sensitivity as glossary
from lib.words import sensitivity as words
from pages.ui import session, stages, widgets
from pages.ui.sensitivity.blocks import Shown
from pages.ui.tables import table_card

AT_ONCE = 2_500  # analysed patients; with more, some 200 changes take a while and are asked for
MOST_HINGES = 12


def show_fragility(shown: Shown) -> None:
    """At once for a small cohort, when asked for a large one."""
    if shown.cohort.n > AT_ONCE and not wanted(shown):
        return
    with st.spinner("Changing one thing at a time …", show_time=True):
        found = stages.fragile(shown.table, shown.spec)
    show_range(shown, found)
    shown.card(figures.selection_map(found), "How often each control is chosen", "core_controls", glossary.FRAGILITY)
    if not session.presentation():
        show_hinges(shown, found)
        widgets.notes(found.notes)


def wanted(shown: Shown) -> bool:
    """Whether the reader has asked for it, in this session and of this analysis."""
    key = f"fragility-{shown.spec.digest}"
    if not session.keep(key) and st.button("Change one thing at a time (may take a minute)", type="primary"):
        session.keep(key, True)
    return bool(session.keep(key))


def show_range(shown: Shown, found: Fragility) -> None:
    """The core, and how far the estimate moves."""
    if not session.presentation():
        st.markdown(words.core_sentence(found))
    drawn = figures.fragility_range(found, shown.outcome.name, shown.label)
    name = f"{shown.outcome.name}_fragility"
    shown.card(drawn, f"{shown.label}: the estimate when one thing is changed", name, glossary.RANGES)


def show_hinges(shown: Shown, found: Fragility) -> None:
    """The treated patients that the answer hangs on."""
    hinges = found.hinges(shown.outcome.name).head(MOST_HINGES)
    if not len(hinges):
        return
    measure = found.variants[0].outcome(shown.outcome.name).measure
    ids = dict(zip(shown.cohort.rows.tolist(), shown.cohort.person_id.tolist(), strict=True))
    table_card(words.hinges_table(hinges, measure, ids, shown.label), glossary.HINGES)
