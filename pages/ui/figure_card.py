"""The figure card: title, figure, caption, and the picture and its numbers to take away.

PNG and SVG are made in the reader's browser from the figure on the screen (assets/figure_card.js), with title and
caption inside, so that a picture that travels alone still says what it shows. No server-side renderer is needed and
nothing is sent anywhere.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import plotly.graph_objects as go
import streamlit as st

from pages.ui.plain import plain

WHITE = "#ffffff"
CHART_CONFIG = {"displayModeBar": False, "showSendToCloud": False, "doubleClick": False, "showAxisDragHandles": False}
ASSETS = Path(__file__).parent / "assets"


def asset(name: str) -> str:
    """Text of a file beside this module."""
    return (ASSETS / name).read_text("utf-8")


picture_buttons = st.components.v2.component(
    "matchlens_picture_buttons",
    html=asset("figure_card.html"),
    css=asset("figure_card.css"),
    js=asset("figure_card.js"),
)


def figure_card(
    figure: go.Figure,
    *,
    title: str,
    caption: str,
    name: str,
    numbers: Callable[[], bytes],
    alt: str,
    what: str | None = None,
    key: str | None = None,
    picked: bool = False,
) -> list[Any]:
    """Show one figure with its title and caption, and offer it as PNG (3x), SVG and CSV.

    figure: without a title of its own, of SVG traces (a picture of a WebGL trace is refused by the browser part).
    title, caption: plain text; both are shown and both are in the picture.
    name: file name without ending, unique on the page, the same in every rerun (no time of day).
    numbers: called only when the CSV is asked for; returns the file.
    alt: one or two sentences for those who do not see the figure.
    what: Markdown in plain words behind "What is this?".
    key: unique on the page and the same whatever is drawn, so that a figure that changes is redrawn in its place; by
        default the name.
    picked: marks can be clicked; then returns the customdata of those that are, else nothing.
    """
    key = key or name
    with st.container(border=True, key=f"figure-card-{key}"):
        show_heading(title, what)
        more = {"on_select": "rerun", "selection_mode": "points"} if picked else {}
        event = st.plotly_chart(on_white(figure), theme=None, config=CHART_CONFIG, alt=alt, key=f"figure-{key}", **more)
        st.markdown(f":small[{plain(caption)}]")
        show_downloads(title, caption, name, numbers, alt, key)
    return [point["customdata"] for point in event["selection"]["points"] if point.get("customdata")] if picked else []


def show_heading(title: str, what: str | None) -> None:
    """The card's title, and the explanation if there is one."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader(plain(title), anchor=False)
        if what:
            with st.popover("What is this?", type="tertiary", icon=":material/help:"):
                st.markdown(what)


def show_downloads(title: str, caption: str, name: str, numbers: Callable[[], bytes], alt: str, key: str) -> None:
    """The row of downloads; none of them reruns the page."""
    words = {"title": title, "caption": caption, "name": name, "alt": alt}
    with st.container(horizontal=True):
        picture_buttons(data=words, width="content", key=f"pictures-{key}")
        st.download_button(
            "Numbers (CSV)",
            data=numbers,
            file_name=f"{name}.csv",
            mime="text/csv",
            on_click="ignore",
            key=f"numbers-{key}",
        )


def on_white(figure: go.Figure) -> go.Figure:
    """A copy on white in every theme, in which dragging does not zoom: the picture shows what the caption says."""
    return go.Figure(figure).update_layout(paper_bgcolor=WHITE, plot_bgcolor=WHITE, dragmode=False)
