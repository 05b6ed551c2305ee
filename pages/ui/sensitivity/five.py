"""The five lines: each with its state, its number in a sentence, and what it opens."""

import streamlit as st

from lib.sensitivity.lines import Line, Main
from lib.sensitivity.verdicts import NAMES, Name
from lib.words import robust as words
from pages.ui import session, stages
from pages.ui.plain import plain
from pages.ui.sensitivity.bias import show_bias, show_negative_controls
from pages.ui.sensitivity.fragile import show_fragility
from pages.ui.sensitivity.others import show_other_days, show_settings, show_without_each
from pages.ui.sensitivity.tipping_blocks import show_tipping
from pages.ui.view import View

ICONS = {"green": "check_circle", "amber": "error", "red": "cancel", "none": "do_not_disturb_on", "open": "schedule"}
COLOURS = {"green": "green", "amber": "orange", "red": "red", "none": "gray", "open": "gray"}
AT_ONCE = 1.0  # seconds: a line that takes longer is asked for
LARGE = 2_500  # analysed patients: with more, one analysis alone is not even timed
SLOW = ("settings", "patients", "days")  # many analyses each


def show_lines(view: View) -> None:
    """What robust means of this answer, and the five."""
    with st.spinner("Reading the main answer …", show_time=True):
        answer = stages.main_answer(view.table, view.spec, view.outcome.name)
    st.markdown(plain(words.lead(answer, view.label)))
    warning = words.unquoted(answer)
    if warning:
        st.warning(plain(warning), icon=":material/warning:")
    for name in NAMES:
        show_line(view, answer, name)


def show_line(view: View, answer: Main, name: Name) -> None:
    """One line, worked out at once where that is quick, and what it opens."""
    found = None
    if not slow(view, name) or wanted(view, name):
        with st.spinner(f"{words.TITLES[name]}: {words.DOES[name]} …", show_time=True):
            found = stages.robust_line(view.table, view.spec, view.outcome.name, name)
    if found is None:
        head("open", words.TITLES[name], words.NOT_RUN, words.SLOW)
        st.button(
            f"Run: {words.TITLES[name].lower()}",
            icon=":material/play_arrow:",
            key=session.key(f"run-{name}"),
            on_click=session.keep,
            args=(mark(view, name), True),
        )
    else:
        head(found.state, words.TITLES[name], words.state_word(found, answer), found.sentence)
    opened = line_open(name)
    if opened.open:
        with opened:
            st.caption(words.ASKS[name])
            show_opened(view, answer, name, found)


def line_open(name: Name):
    """What a line opens; it stands as it stood when the page was left."""
    kept = f"line-open-{name}"
    start = session.seed(kept, lambda: bool(session.keep(kept)))
    made = st.expander(words.OPENS[name], expanded=start, key=session.seed_key(f"open-{name}"), on_change="rerun")
    session.keep(kept, bool(made.open))
    return made


def head(state: str, title: str, word: str, sentence: str) -> None:
    """The state as a colour, a sign and a word, then the sentence."""
    badge = f":{COLOURS[state]}-badge[:material/{ICONS[state]}: {word}]"
    st.markdown(f"**{title}** {badge}  \n{plain(sentence)}")


def slow(view: View, name: Name) -> bool:
    """Whether this line takes longer than AT_ONCE."""
    if name not in SLOW:
        return False
    return view.cohort.n > LARGE or stages.line_seconds(view.table, view.spec, view.outcome.name, name) > AT_ONCE


def mark(view: View, name: Name) -> str:
    """The name under which the session remembers that this very line was asked for."""
    return f"line-{name}-{view.spec.digest}-{view.outcome.name}"


def wanted(view: View, name: Name) -> bool:
    """Whether somebody has asked for it."""
    return bool(session.keep(mark(view, name)))


def show_opened(view: View, answer: Main, name: Name, found: Line | None) -> None:
    """What a line opens."""
    if name == "settings":
        show_settings(view, answer, found)
    elif name == "patients":
        show_without_each(view, answer, found)
        if view.spec.matching.method != "given":
            show_fragility(view)
    elif name == "hidden":
        show_bias(view)
    elif name == "outcomes":
        show_negative_controls(view)
        show_tipping(view)
    else:
        show_other_days(view, answer, found)
