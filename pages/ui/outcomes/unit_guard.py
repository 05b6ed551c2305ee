"""The unit guard: where a test counts patients more than once, both numbers side by side, and why in plain words."""

import streamlit as st

from lib.inference.results import OutcomeResult, Test
from lib.words import counted, p_equals
from pages.ui.figure_card import plain
from pages.ui.outcomes import words as words

WIDTH = 300
SLOGAN = "Several looks at the same patient are not several patients."
HOW_OFTEN = (
    "In simulated studies of 8 sets of 1:3 without any effect, tests on repeated pairs fell below 0.05 about 16 times "
    "in 100, the tests by set at most 5 (Published study page)."
)


def show_unit_guard(outcome: OutcomeResult) -> None:
    """The two p-values with what they count; nothing where both count the same."""
    pairs, by_set = (words.find(outcome, "matched", names) for names in (words.PUBLISHED, words.BY_SET))
    if pairs is None or not warning(pairs):
        return
    with st.container(border=True, key=f"unit-guard-{outcome.name}"):
        st.markdown(f"**{warning(pairs)}**")
        with st.container(horizontal=True):
            show_p("As published", pairs)
            if by_set is not None:
                show_p("By matched set", by_set)
        st.markdown(plain(reason(pairs, by_set)))


def warning(test: Test) -> str:
    """ "8 patients counted as 24"; of the plain log-rank test that it takes the matched for strangers; else empty."""
    if test.name == "logrank":
        return f"{counted(test.n_units, 'patient')} taken for independent, although they were chosen for each other"
    return test.counted_as


def show_p(label: str, test: Test) -> None:
    """One p with the test and what it counts."""
    st.metric(
        f"{label}: {words.units(test)}",
        p_equals(test.p_value),
        words.SHORT[test.name],
        delta_color="off",
        delta_arrow="off",
        border=True,
        width=WIDTH,
    )


def reason(test: Test, by_set: Test | None) -> str:
    """Why the left number is not to be quoted, as a clinician can repeat it."""
    if test.name == "logrank":
        return (
            "The plain log-rank test compares two groups of strangers. Here each control was picked because it "
            "resembles one treated patient; the test by set compares every treated patient with its own controls only."
        )
    if by_set is None:
        return (
            "Controls were used more than once, so pairs share patients and the sets overlap: there is no test by set. "
            f"{SLOGAN} Read the effects and their intervals instead."
        )
    who = counted(test.n_treated, "treated patient")
    return (
        f"The published test makes {counted(test.n_units, 'pair')} of {who} and takes each pair for a patient of its "
        f"own. {SLOGAN} More controls tell more about the controls, and nothing more about the treated. The p to "
        f"quote counts {counted(by_set.n_units, 'set')}. {HOW_OFTEN}"
    )
