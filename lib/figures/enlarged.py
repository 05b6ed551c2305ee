"""A figure with larger type for a slide: every length in pixels is multiplied."""

import base64
from typing import Any

import numpy as np
import plotly.graph_objects as go

from .style import WHITE, Drawn

PLOTLY_FONT_SIZE = 12  # what Plotly takes when neither figure nor template says
PIXEL_KEYS = frozenset({"xshift", "yshift", "standoff", "ticklen", "tickwidth", "linewidth", "gridwidth"})
SLIDE, FACTOR = (1168, 484), 1.45  # px of the body of a slide (lib.deck.fit), and how much larger type is there


def on_slide(drawn: Drawn) -> go.Figure:
    """The figure of a `Drawn` at the size of the body of a slide, on white."""
    white = go.Figure(drawn.figure).update_layout(paper_bgcolor=WHITE, plot_bgcolor=WHITE, dragmode=False)
    return enlarged(white, FACTOR).update_layout(width=SLIDE[0], height=SLIDE[1])


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
