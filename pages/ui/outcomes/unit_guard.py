"""The unit guard: where a test counts patients more than once, one phrase, and behind it both numbers and why."""

import streamlit as st

from lib.inference.results import OutcomeResult, Test
from lib.words import outcomes as words
from lib.words import p_equals
from lib.words.answer import guard_line
from lib.words.effects import cites
from lib.words.names import BY_SET, PUBLISHED, SHORT
from lib.words.unit_guard import SHOWN_AT, TOO_UNLIKE, reason, warning
from pages.ui import session
from pages.ui.plain import plain

WIDTH = 330


def show_guard_phrase(outcome: OutcomeResult, shown: bool) -> None:
    """What counting pairs would give, with "why" beside it; nothing where it counts the same.  shown: whether a p may
    stand on the card."""
    pairs = words.find(outcome, "matched", PUBLISHED)
    if pairs is None or not warning(pairs):
        return
    st.markdown(plain(guard_line(pairs.counted_as, pairs.n_units, pairs.p_value if shown else None)), width="content")
    with st.popover("why", type="tertiary"):
        show_why(outcome, pairs, shown)


def show_why(outcome: OutcomeResult, pairs: Test, shown: bool) -> None:
    """The two p-values with what they count, and why only one is to be quoted."""
    by_set, evidence = words.find(outcome, "matched", BY_SET), cites(outcome)
    st.markdown(f"**{warning(pairs)}**")
    if shown:
        with st.container(horizontal=True):
            show_p("Sets ignored", pairs)
            if by_set is not None:
                show_p("By matched set", by_set)
    st.markdown(plain(reason(pairs, by_set) if evidence else TOO_UNLIKE))
    if evidence and by_set is not None and pairs.name != "logrank" and session.of_the_study():
        st.page_link("pages/published_study.py", label=SHOWN_AT)


def show_p(label: str, test: Test) -> None:
    """One p with the test and what it counts."""
    st.metric(
        f"{label}: {words.units(test)}",
        p_equals(test.p_value),
        SHORT[test.name],
        delta_color="off",
        delta_arrow="off",
        border=True,
        width=WIDTH,
    )
