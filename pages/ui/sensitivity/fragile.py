"""Who is matched: one thing changed at a time, and the controls and the estimate that come out."""

import streamlit as st

from lib import figures
from lib.io import write_csv
from lib.sensitivity.fragility import Fragility
from lib.words import glossary_sensitivity as glossary
from lib.words import sensitivity as words
from pages.ui import session, stages, widgets
from pages.ui.tables import table_card
from pages.ui.view import View

AT_ONCE = 2_500  # analysed patients; with more, some 200 changes take a while and are asked for
MOST_HINGES = 12


def show_fragility(view: View) -> None:
    """At once for a small cohort, when asked for a large one."""
    if view.cohort.n > AT_ONCE and not wanted(view):
        return
    with st.spinner("Changing one thing at a time …", show_time=True):
        found = stages.fragile(view.table, view.spec)
    show_range(view, found)
    show_hinges(view, found)
    if not view.weighted:
        show_core(view, found)
    widgets.notes(found.notes)


def wanted(view: View) -> bool:
    """Whether the reader has asked for it, in this session and of this analysis."""
    key = f"fragility-{view.spec.digest}"
    if not session.keep(key) and st.button("Change one thing at a time (may take a minute)", type="primary"):
        session.keep(key, True)
    return bool(session.keep(key))


def show_range(view: View, found: Fragility) -> None:
    """The core, and how far the estimate moves."""
    st.markdown(words.core_sentence(found, view.weighted))
    drawn = figures.fragility_range(found, view.outcome.name, view.label)
    name = f"{view.outcome.name}_fragility"
    title = f"{view.label}: the estimate when one thing is changed"
    view.card(drawn, title, name, glossary.RANGES, takeaway=words.range_takeaway(found, view.outcome.name))


def show_core(view: View, found: Fragility) -> None:
    """How many controls are chosen how often, and the file of each control's share."""
    table_card(words.core_table(found), glossary.FRAGILITY)
    ids = dict(zip(view.cohort.rows.tolist(), view.cohort.person_id.tolist(), strict=True))
    shares = found.shares.assign(control=found.shares["row"].map(ids)).drop(columns="row")
    widgets.download("How often each control is chosen (CSV)", "core_controls", view.spec, lambda: write_csv(shares))


def show_hinges(view: View, found: Fragility) -> None:
    """The treated patients that the answer hangs on."""
    hinges = found.hinges(view.outcome.name).head(MOST_HINGES)
    if not len(hinges):
        return
    measure = found.variants[0].outcome(view.outcome.name).measure
    ids = dict(zip(view.cohort.rows.tolist(), view.cohort.person_id.tolist(), strict=True))
    table_card(words.hinges_table(hinges, measure, ids, view.label), glossary.HINGES)
