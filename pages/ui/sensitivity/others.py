"""What the lines of other settings, other patients and other days open: the analyses behind them, one by one."""

import streamlit as st

from lib import figures
from lib.sensitivity.lines import Line, Main
from lib.words import glossary_sensitivity as glossary
from lib.words import robust as words
from pages.ui import session
from pages.ui.sensitivity.grid_blocks import show_grid
from pages.ui.sensitivity.live import show_live
from pages.ui.tables import show_table
from pages.ui.view import View

WAYS = {"live": "Try one setting", "curve": "All combinations", "list": "Behind the line"}


def show_settings(view: View, answer: Main, found: Line | None) -> None:
    """One setting at a time, every combination with its curve, or the analyses that the line counted."""
    if view.spec.matching.method == "given":
        st.info(words.GIVEN, icon=":material/info:")
        return
    way = session.keep(
        "robust-way",
        st.segmented_control(
            "How to look at other settings",
            list(WAYS),
            default="live",
            required=True,
            format_func=WAYS.get,
            key=session.key("robust-way"),
            persist_state="session",
        ),
    )
    if way == "live":
        show_live(view)
    elif way == "curve":
        show_grid(view)
    else:
        show_seen(view, answer, found, "other_settings", glossary.OTHERS)


def show_without_each(view: View, answer: Main, found: Line | None) -> None:
    """p without each patient."""
    show_seen(view, answer, found, "one_patient_less", glossary.ONE_LESS)


def show_other_days(view: View, answer: Main, found: Line | None) -> None:
    """p at each other day."""
    show_seen(view, answer, found, "other_days", glossary.DAYS)


def show_seen(view: View, answer: Main, found: Line | None, name: str, what: str) -> None:
    """The analyses of a line: the figure where there is a p, and their table."""
    if found is None:
        st.caption(words.RUN_FIRST)
        return
    if not found.seen:
        return
    if answer.seen.p == answer.seen.p:
        drawn = figures.other_analyses(answer, found, view.label)
        title = f"{view.label}: {words.TITLES[found.name].lower()}"
        view.card(drawn, title, f"{view.outcome.name}_{name}", what, takeaway=words.takeaway(found, answer))
    show_table(words.seen_table(answer, found, view.label))
