"""The figure card: title, figure, caption, and the picture and its numbers to take away.

PNG and SVG are made in the reader's browser from the figure on the screen (assets/figure_card.js), with title and
caption inside, so that a picture that travels alone still says what it shows. No server-side renderer is needed and
nothing is sent anywhere.
"""

import base64
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from pages.ui.plain import plain

WHITE = "#ffffff"
CHART_CONFIG = {"displayModeBar": False, "showSendToCloud": False, "doubleClick": False, "showAxisDragHandles": False}
PLOTLY_FONT_SIZE = 12  # what Plotly takes when neither figure nor template says
SLIDE_HEIGHT = 720  # px; what a figure designed for less may fill on a slide (assets/figure_slide.css)
SLIDE_STEP = 40  # px; heights of slides are rounded up to it
SLIDE_FACTORS = (1.15, 1.6)  # least and most by which type grows
PIXEL_KEYS = frozenset({"xshift", "yshift", "standoff", "ticklen", "tickwidth", "linewidth", "gridwidth"})
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
    presentation: bool = False,
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
    presentation: 16:9 with larger type and no controls.
    key: unique on the page and the same whatever is drawn, so that a figure that changes is redrawn in its place; by
        default the name.
    picked: marks can be clicked; then returns the customdata of those that are, else nothing.
    """
    key = key or name
    if presentation:
        show_slide(figure, title, caption, key, alt)
        return []
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


def show_slide(figure: go.Figure, title: str, caption: str, key: str, alt: str) -> None:
    """The figure as on a slide: 16:9 (assets/figure_slide.css); one of many rows is taller where the screen is narrow,
    so that no row lies on another."""
    factor, height = slide_factor(figure), figure.layout.height or 0
    tall = factor == SLIDE_FACTORS[0]
    needed = math.ceil(height * factor / SLIDE_STEP) * SLIDE_STEP if tall else 0
    room = f'[class*="st-key-figure-slide-{needed}-"] [data-testid="stPlotlyChart"] {{ min-height: {needed}px; }}'
    st.html(f"<style>{asset('figure_slide.css')}\n{room}</style>")
    config = CHART_CONFIG | {"staticPlot": True}
    with st.container(key=f"figure-slide-{needed}-{key}"):
        st.subheader(plain(title), anchor=False)
        slide = on_white(enlarged(figure, factor))
        st.plotly_chart(slide, theme=None, height="stretch", config=config, alt=alt, key=f"slide-{key}")
        st.markdown(f":small[{plain(caption)}]")


def on_white(figure: go.Figure) -> go.Figure:
    """A copy on white in every theme, in which dragging does not zoom: the picture shows what the caption says."""
    return go.Figure(figure).update_layout(paper_bgcolor=WHITE, plot_bgcolor=WHITE, dragmode=False)


def slide_factor(figure: go.Figure) -> float:
    """How much larger type becomes on a slide: less for a figure designed tall, which has no room to give."""
    least, most = SLIDE_FACTORS
    return min(most, max(least, SLIDE_HEIGHT / (figure.layout.height or SLIDE_HEIGHT / most)))


def enlarged(figure: go.Figure, factor: float) -> go.Figure:
    """A copy with type, markers, lines, margins and shifts `factor` times as large; width and height are left open.

    Lengths that the figure leaves to Plotly's defaults stay, except the size of type, from which others follow.
    """
    spec = figure.to_plotly_json()
    template_font = figure.layout.template.layout.font.size
    spec["layout"].setdefault("font", {}).setdefault("size", template_font or PLOTLY_FONT_SIZE)
    return go.Figure(scaled(spec, factor)).update_layout(width=None, height=None)


def scaled(value: Any, factor: float, parent: str = "") -> Any:
    """`value` of a Plotly specification with every length in pixels below it multiplied."""
    if isinstance(value, dict):
        return {key: child(item, factor, parent, key) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [scaled(item, factor, parent) for item in value]
    return value


def child(item: Any, factor: float, parent: str, key: str) -> Any:
    """One entry of a Plotly specification, multiplied if it is a length in pixels."""
    if item is not None and is_pixels(parent, key):
        return np.multiply(decoded(item), factor).tolist()
    return scaled(item, factor, key)


def decoded(item: Any) -> Any:
    """A number, a list or, out of Plotly's packed form (base64 beside its dtype), an array."""
    if isinstance(item, dict):
        return np.frombuffer(base64.b64decode(item["bdata"]), dtype=item["dtype"])
    return item


def is_pixels(parent: str, key: str) -> bool:
    """Whether `parent.key` is a length in pixels: `marker.size` is one, the `size` of a histogram's bins is not."""
    return (
        key in PIXEL_KEYS
        or (parent == "margin" and key != "autoexpand")
        or (key == "size" and (parent == "marker" or parent.endswith("font")))
        or (key == "width" and parent == "line")
    )
