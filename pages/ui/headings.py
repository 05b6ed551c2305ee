"""Titles with their explanation, and choices that a presentation remembers."""

from collections.abc import Callable
from typing import TypeVar

import streamlit as st

from pages.ui import session
from pages.ui.figure_card import plain

T = TypeVar("T")


def heading(title: str, what: str) -> None:
    """A title with "What is this?" beside it.  what: Markdown in plain words."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader(plain(title), anchor=False)
        with st.popover("What is this?", type="tertiary", icon=":material/help:"):
            st.markdown(what)


def chosen(name: str, default: T, ask: Callable[[], T]) -> T:
    """What `ask`, a widget, answers; while presenting, the last answer without the widget."""
    if session.presentation():
        kept = session.keep(name)
        return default if kept is None else kept
    return session.keep(name, ask())
