"""How often would this cry wolf on your data? Asked for, drawn part by part with the time left, kept."""

import time

import streamlit as st

from lib import figures
from lib.errors import AnalysisError
from lib.sensitivity.cry_wolf import DRAWS, CryWolf
from lib.sensitivity.grid import Progress, duration
from lib.words import cry_wolf as words
from pages.ui import session, stages
from pages.ui.headings import heading
from pages.ui.plain import plain
from pages.ui.tables import show_table
from pages.ui.view import View

PER_PART = 10


def show_wolf(view: View) -> None:
    """The question, the button, and what came out."""
    heading(words.TITLE, words.HELP)
    st.markdown(words.LEAD)
    how = st.segmented_control(
        "How the untreated are drawn",
        list(words.HOWS),
        default="random",
        required=True,
        format_func=words.HOWS.get,
        help=words.HOW_HELP,
        key=session.key("wolf-how"),
        persist_state="session",
    )
    mark = f"wolf-{how}-{view.outcome.name}-{view.spec.digest}"
    try:
        if not session.keep(mark):
            st.button(
                f"Draw {DRAWS} studies from the untreated",
                icon=":material/casino:",
                key=session.key("wolf-run"),
                on_click=session.keep,
                args=(mark, True),
            )
            return
        show_found(view, drawn(view, how))
    except AnalysisError as error:
        session.absence_box(error)


def drawn(view: View, how: str) -> CryWolf:
    """Part after part, with progress the first time."""
    parts, started, made = DRAWS // PER_PART, time.perf_counter(), []
    place = st.empty()
    for part in range(parts):
        made += stages.wolf_part(view.table, view.spec, view.outcome.name, how, part, PER_PART)
        pace = Progress(part + 1, parts, time.perf_counter() - started)
        if pace.seconds > 1 and part + 1 < parts:
            text = f"{(part + 1) * PER_PART} of {DRAWS} studies, about {duration(pace.seconds_left)} left"
            place.progress((part + 1) / parts, text)
    place.empty()
    return stages.wolf_of(view.table, view.spec, view.outcome.name, how, made)


def show_found(view: View, found: CryWolf) -> None:
    """The sentence, the figure, the table."""
    show = st.warning if words.loud(found) else st.markdown
    show(plain(words.sentence(found)))
    if found.pairs.n or found.quoted.n:
        title, name = f"{view.label}: false alarms", f"{view.outcome.name}_cry_wolf"
        view.card(figures.cry_wolf(found), title, name, words.HELP, takeaway=words.takeaway(found))
    show_table(words.table(found))
