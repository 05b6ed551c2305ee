"""The slides of lib.deck on the whole screen: all are laid out at once and the browser shows one of them, so that a
step takes no run of the page (deck.js)."""

from pathlib import Path

import streamlit as st

from lib.deck import Origin, Slide, deck
from lib.deck.html import slide_html
from lib.deck.slide import Picture
from lib.figures.enlarged import on_slide
from lib.words.numbers import capitalised
from lib.words.openings import page_line
from pages.ui import session
from pages.ui.figure_card import CHART_CONFIG
from pages.ui.view import View

FOLDER = Path(__file__).parent
FIRST_PAGE = "pages/cohort.py"
_component = st.components.v2.component("matchlens_deck", js=(FOLDER / "deck.js").read_text("utf-8"))


def made(view: View) -> tuple[Slide, ...]:
    """The deck of the analysis on screen. Raises AnalysisError where it cannot be done."""
    view.require("comparison")
    line = page_line(session.openings(), session.practice())
    raised = tuple(filter(None, (capitalised(session.stamp()),)))
    return deck(view.steps, view.labels, Origin(session.study(), session.is_synthetic(), line, raised))


def show(slides: tuple[Slide, ...]) -> None:
    """All slides over the whole screen, one of them seen; Escape leads back to where one came from."""
    st.html(FOLDER / "deck.css")
    with st.container(key="deck"):
        with st.container(key="deck-stage"):
            for number, slide in enumerate(slides):
                with st.container(key=f"deck-slide-{number}"):
                    show_slide(slide, number, len(slides))
        found = _component(
            data={"slides": len(slides)}, key=session.key("deck-keys"), height=1, on_leave_change=_nothing
        )
    if found.leave:
        leave()


def show_slide(slide: Slide, number: int, of: int) -> None:
    """One slide."""
    st.html(slide_html(slide, number + 1, of))
    if isinstance(slide.content, Picture):
        config, figure = CHART_CONFIG | {"staticPlot": True}, on_slide(slide.content.drawn)
        st.plotly_chart(figure, theme=None, width="content", config=config, alt=slide.alt, key=f"deck-{number}")


def leave() -> None:
    """To the page before, or to the first one."""
    before = session.came_from()
    st.switch_page(f"pages/{Path(before).name}" if before else FIRST_PAGE)


def _nothing() -> None:
    """The run that a key starts is all that is wanted."""
