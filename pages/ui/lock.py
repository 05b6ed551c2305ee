"""The lock: outcomes stay closed until the design is called final; on samples everything is open, for practice."""

import streamlit as st

from lib.design.stories import sets_digest
from lib.errors import AnalysisError
from lib.words import match_result, verdict
from lib.words import openings as words
from lib.words.balance import named
from pages.ui import session
from pages.ui.plain import plain
from pages.ui.view import View


def opens(view: View) -> bool:
    """Whether outcomes may be shown: on samples, and under the design that was locked."""
    return session.practice() or session.locked(view.spec)


def require(view: View) -> None:
    """Stop the page here while the design on screen is not locked."""
    if opens(view):
        return
    try:
        view.require("comparison", "balance_test")
    except AnalysisError as error:
        session.show_error(error)
    gate(view)
    st.stop()


def gate(view: View) -> None:
    """What would be locked, and the two ways on."""
    before = session.openings()
    with st.container(border=True, key="lock-gate"):
        st.subheader(words.CLOSED, anchor=False)
        if before.locks:
            st.warning(plain(words.changed_sentence(before)), icon=":material/lock_open:")
        st.markdown(words.WHY_CLOSED)
        st.markdown(f"- {plain(match_sentence(view))}\n- {plain(balance_sentence(view))}")
        with st.container(horizontal=True, vertical_alignment="center"):
            st.button(
                words.LOCK_AGAIN if before.locks else words.LOCK,
                type="primary",
                icon=":material/lock:",
                on_click=session.lock,
                args=(view.spec, sets_digest(view.comparison)),
                key=session.key("lock"),
            )
            st.page_link("pages/matching.py", label="Look at the match", icon=":material/join_inner:")
            st.page_link("pages/balance.py", label="Look at who is alike", icon=":material/balance:")


def match_sentence(view: View) -> str:
    """Who is matched with whom, in a sentence."""
    return match_result.match_sentence(view.cohort, view.comparison, view.spec.matching, view.steps.losses, view.labels)


def balance_sentence(view: View) -> str:
    """How alike they are, in a sentence."""
    return verdict.verdict_sentence(named(view.balance, view.labels), view.steps.balance_test)


def note(view: View) -> None:
    """On pages where the design can be changed: whether it is locked."""
    if session.locked(view.spec):
        st.caption(f":material/lock: {words.LOCKED}")
    elif session.sample() is not None:
        st.caption(f":material/lock_open: {words.PRACTICE}")
