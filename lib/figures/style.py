"""The house style of every figure: colours with a second cue, the template, and axes on round numbers."""

import math
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from ..words.names import ARMS, WEIGHTED_CONTROLS

BLUE, VERMILLION, GREY = "#0072B2", "#D55E00", "#6B6B6B"
INK, QUIET, LINE, GRID, BAND, WHITE = "#1A1A1A", "#595959", "#8C8C8C", "#E8E8E8", "#EFEFEF", "#FFFFFF"
FONT = "Arial, Helvetica, 'Liberation Sans', 'DejaVu Sans', sans-serif"
FONT_SIZE = 14
SMALL = 12
BAND_OPACITY = 0.12  # of the area between 95% limits
MAX_MARKS = 5_000  # SVG stays quick below this many marks; above, figures draw distributions


@dataclass(frozen=True)
class Drawn:
    """One figure, the numbers in it (for the CSV), and a sentence for those who do not see it."""

    figure: go.Figure
    numbers: pd.DataFrame
    alt: str


@dataclass(frozen=True)
class ArmStyle:
    """How one arm looks everywhere: a colour, and a symbol, dash and hatching that say the same without colour."""

    label: str
    color: str
    symbol: str
    dash: str
    pattern: str


DASHED, DOTTED = "7px,3px", "2px,3px"
TREATED = ArmStyle(ARMS["treated"], BLUE, "circle", "solid", "")
CONTROL = ArmStyle("Controls", VERMILLION, "square", DASHED, "/")
ARM_STYLES = {
    "treated": TREATED,
    "matched_control": ArmStyle(ARMS["matched_control"], VERMILLION, "square", DASHED, "/"),
    "whole_treated": ArmStyle(ARMS["whole_treated"], BLUE, "circle", "solid", ""),
    "whole_control": ArmStyle(ARMS["whole_control"], GREY, "diamond", DOTTED, "."),
}
WEIGHTED = replace(ARM_STYLES["matched_control"], label=WEIGHTED_CONTROLS)


def style_of(arm: str, weighted: bool = False) -> ArmStyle:
    """The style of an arm of ARM_STYLES.  weighted: whether the controls are weighted without being in sets."""
    return WEIGHTED if weighted and arm == "matched_control" else ARM_STYLES[arm]


AXIS = {
    "showgrid": False,
    "zeroline": False,
    "showline": True,
    "linecolor": LINE,
    "linewidth": 1,
    "ticks": "outside",
    "ticklen": 5,
    "tickcolor": LINE,
    "automargin": True,
    "fixedrange": True,
    "separatethousands": True,
    "exponentformat": "none",
    "title": {"standoff": 10},
}
TEMPLATE = go.layout.Template(
    layout={
        "font": {"family": FONT, "size": FONT_SIZE, "color": INK},
        "paper_bgcolor": WHITE,
        "plot_bgcolor": WHITE,
        "margin": {"l": 64, "r": 24, "t": 16, "b": 52},
        "xaxis": AXIS,
        "yaxis": AXIS | {"gridcolor": GRID},
        "legend": {
            "orientation": "h",
            "x": 0,
            "xanchor": "left",
            "y": 1.02,
            "yanchor": "bottom",
            "itemclick": False,
            "itemdoubleclick": False,
            "itemwidth": 36,
            "traceorder": "normal",
        },
        "hoverlabel": {"bgcolor": WHITE, "bordercolor": LINE, "font": {"family": FONT, "color": INK}},
        "dragmode": False,
        "colorway": [BLUE, VERMILLION, GREY],
    }
)


def blank(height: int, **layout) -> go.Figure:
    """An empty figure of the house.  height: px, fixed; layout: keywords of `update_layout`."""
    return go.Figure(layout={"template": TEMPLATE}).update_layout(height=height, **layout)


def draw_rule(
    figure: go.Figure,
    x: float | tuple[float, float],
    y: float | tuple[float, float],
    *,
    color: str = QUIET,
    width: float = 1.4,
    dash: str = "dash",
    **place: str,
) -> None:
    """A straight line at one value, behind the marks.

    x, y: in units of the axes, one of them the value, the other where the line starts and ends.  place: of the shape,
    as plotly names it (xref, layer)."""
    (x0, x1), (y0, y1) = (at if isinstance(at, tuple) else (at, at) for at in (x, y))
    line = {"color": color, "width": width, "dash": dash}
    figure.add_shape(type="line", x0=x0, x1=x1, y0=y0, y1=y1, line=line, **{"layer": "between", **place})


def nice_step(span: float, steps: int = 5) -> float:
    """The 1, 2 or 5 times a power of ten that cuts `span` into at most about `steps` steps; 1 for a span of 0."""
    if not span > 0:
        return 1.0
    rough = span / steps
    power = 10.0 ** math.floor(math.log10(rough))
    return power * next(m for m in (1, 2, 5, 10) if m * power >= rough * (1 - 1e-9))


def nice_range(values: np.ndarray, pad: float = 0.02, steps: int = 5) -> tuple[float, float]:
    """Finite values' range, a little wider and rounded outwards, so that an axis does not jump with one value.

    values: float (n,), NaN and infinity ignored.  Returns (0, 1) without any finite value.
    """
    finite = np.asarray(values, dtype=float)
    finite = finite[np.isfinite(finite)]
    if not len(finite):
        return 0.0, 1.0
    low, high = finite.min(), finite.max()
    step = nice_step((high - low) or abs(high) or 1.0, steps) / 2
    margin = pad * (high - low) or step
    return math.floor((low - margin) / step) * step, math.ceil((high + margin) / step) * step


def bin_edges(values: np.ndarray, bins: int) -> np.ndarray:
    """Edges of at most about `bins` equal bins on round numbers over the finite values; never below 0 for values >= 0.

    values: float (n,).  Returns float (k + 1,), k >= 1.
    """
    finite = np.asarray(values, dtype=float)
    finite = finite[np.isfinite(finite)]
    low, high = (finite.min(), finite.max()) if len(finite) else (0.0, 1.0)
    step = nice_step(high - low, bins)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return step * np.arange(first, max(last, first + 1) + 1)


def mirrored_axis(largest: float) -> dict:
    """A y axis of shares with the same scale upwards and downwards.  largest: in percent."""
    top = nice_range(np.array([0.0, largest]), steps=4)[1]
    ticks = np.arange(0, top + 1e-9, nice_step(top, 4))
    ticks = np.concatenate([-ticks[:0:-1], ticks])
    return {
        "range": [-top, top],
        "tickvals": ticks,
        "ticktext": [f"{abs(t):g}%" for t in ticks],
        "showgrid": True,
        "zeroline": True,
        "zerolinecolor": QUIET,
        "title": {"text": "Share of the arm"},
    }


def rgba(color: str, opacity: float) -> str:
    """A "#RRGGBB" colour, see-through."""
    return f"rgba({int(color[1:3], 16)},{int(color[3:5], 16)},{int(color[5:7], 16)},{opacity})"
