"""Who is matched: one thing changed at a time, and the controls and the estimate that come out."""

import pandas as pd
import streamlit as st

from lib import figures
from lib.sensitivity.fragility import CORE, Fragility
from lib.words import DASH, counted, p_value
from pages.ui import session, stages, widgets
from pages.ui.figure_card import plain
from pages.ui.format import effect
from pages.ui.headings import table_card
from pages.ui.sensitivity import words as words
from pages.ui.sensitivity.blocks import Shown

AT_ONCE = 2_500  # analysed patients; with more, some 200 changes take a while and are asked for
MOST_HINGES = 12


def show_fragility(shown: Shown) -> None:
    """At once for a small cohort, when asked for a large one."""
    if shown.cohort.n > AT_ONCE and not wanted(shown):
        return
    with st.spinner("Changing one thing at a time …", show_time=True):
        found = stages.fragile(shown.table, shown.spec)
    show_range(shown, found)
    shown.card(figures.selection_map(found), "How often each control is chosen", "core_controls", words.FRAGILITY)
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
        st.markdown(core_sentence(found))
    drawn = figures.fragility_range(found, shown.outcome.name, shown.label)
    name = f"{shown.outcome.name}_fragility"
    shown.card(drawn, f"{shown.label}: the estimate when one thing is changed", name, words.RANGES)


def core_sentence(found: Fragility) -> str:
    """How much of the comparison group does not depend on choices."""
    main = set(found.variants[0].controls.tolist())
    core = len(main & set(found.core.tolist()))
    return (
        f"**{core:,} of the {counted(len(main), 'matched control')}** of the main analysis are core: chosen in "
        f"more than {CORE:.0%} of {len(found.variants) - 1:,} changed analyses. "
        f"{counted(len(found.shares), 'different control')} were chosen at least once."
    )


def show_hinges(shown: Shown, found: Fragility) -> None:
    """The treated patients that the answer hangs on."""
    hinges = found.hinges(shown.outcome.name).head(MOST_HINGES)
    if not len(hinges):
        return
    measure = found.variants[0].outcome(shown.outcome.name).measure
    ids = dict(zip(shown.cohort.rows.tolist(), shown.cohort.person_id.tolist(), strict=True))
    rows = [
        (ids[row.row], effect(measure, row.estimate), effect(measure, row.change), p_value(row.p_by_set))
        for row in hinges.itertuples()
    ]
    names = ["Treated patient left out", "Estimate", "Change", "p, by set"]
    table = pd.DataFrame(rows, columns=names).replace("", DASH)
    alt = f"{plain(shown.label)}: the estimate without each treated patient"
    table_card("Treated patients that the answer hangs on", table, alt, words.HINGES)
