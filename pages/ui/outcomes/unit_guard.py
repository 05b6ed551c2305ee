"""The unit guard: where a test counts patients more than once, both numbers side by side, and why in plain words."""

import streamlit as st

from lib.inference.results import OutcomeResult, Test
from lib.words import outcomes as words
from lib.words import p_equals
from lib.words.effects import cites
from lib.words.names import BY_SET, PUBLISHED, SHORT
from lib.words.unit_guard import TOO_UNLIKE, reason, warning
from pages.ui.plain import plain

WIDTH = 330


def show_unit_guard(outcome: OutcomeResult) -> None:
    """The two p-values with what they count; nothing where both count the same."""
    pairs, by_set = (words.find(outcome, "matched", names) for names in (PUBLISHED, BY_SET))
    if pairs is None or not warning(pairs):
        return
    evidence = cites(outcome)
    with st.container(border=True, key=f"unit-guard-{outcome.name}"):
        st.markdown(f"**{warning(pairs)}**")
        with st.container(horizontal=True):
            show_p("Sets ignored", pairs)
            if by_set is not None and evidence:
                show_p("By matched set", by_set)
        st.markdown(plain(reason(pairs, by_set) if evidence else TOO_UNLIKE))


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
