"""Titles with their explanation, and choices that a presentation remembers."""

from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

import streamlit as st

from pages.ui import session
from pages.ui.plain import plain

T = TypeVar("T")


class HasPrimary(Protocol):
    """An outcome, or its result."""

    @property
    def primary(self) -> bool:
        """Whether it is the primary outcome."""


Named = TypeVar("Named", bound=HasPrimary)


def heading(title: str, what: str) -> None:
    """A title with "What is this?" beside it.  what: Markdown in plain words."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader(plain(title), anchor=False)
        with st.popover("What is this?", type="tertiary", icon=":material/help:"):
            st.markdown(what)


def chosen(name: str, default: T, ask: Callable[[], T]) -> T:
    """What `ask`, a widget, answers, remembered under `name` for when it is not shown."""
    return session.keep(name, ask())


def chosen_outcome(name: str, outcomes: Sequence[Named], say: Callable[[Named], str]) -> Named:
    """The outcome to look at; the primary one first.  name: of the choice.  say: what an outcome is called."""
    first = next((i for i, outcome in enumerate(outcomes) if outcome.primary), 0)

    def ask() -> int:
        left, _ = st.columns([1, 1])
        return left.selectbox(
            "Outcome",
            range(len(outcomes)),
            index=first,
            key=session.key(name),
            format_func=lambda i: say(outcomes[i]),
            persist_state="session",
        )

    return outcomes[chosen(name, first, ask)]
