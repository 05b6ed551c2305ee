"""The house style of every figure: colours and second cues, the template, and the words in which numbers are drawn."""

import html
import math
import textwrap
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd
import plotly.graph_objects as go

BLUE, VERMILLION, GREY = "#0072B2", "#D55E00", "#6B6B6B"
INK, QUIET, LINE, GRID, BAND, WHITE = "#1A1A1A", "#595959", "#8C8C8C", "#E8E8E8", "#EFEFEF", "#FFFFFF"
FONT = "Arial, Helvetica, 'Liberation Sans', 'DejaVu Sans', sans-serif"
FONT_SIZE = 14
SMALL = 12
EM = 0.55  # mean advance of a letter in this font stack, in units of the type size
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


TREATED = ArmStyle("Treated", BLUE, "circle", "solid", "")
CONTROL = ArmStyle("Controls", VERMILLION, "square", "dash", "/")
ARM_STYLES = {
    "treated": TREATED,
    "matched_control": ArmStyle("Matched controls", VERMILLION, "square", "dash", "/"),
    "whole_treated": ArmStyle("All treated", BLUE, "circle", "solid", ""),
    "whole_control": ArmStyle("Whole control cohort", GREY, "diamond", "dot", "."),
}

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
            "itemsizing": "constant",
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


def safe(text: object) -> str:
    """A name from the user's file as literal text: Plotly reads tags and entities in every label."""
    return html.escape(str(text), quote=False)


def wrapped(text: object, letters: int, lines: int = 3) -> str:
    """Literal text broken into at most `lines` lines of about `letters` letters; what is cut off ends in an ellipsis."""
    parts = textwrap.wrap(" ".join(str(text).split()), letters, max_lines=lines, placeholder=" …") or [""]
    return "<br>".join(safe(part) for part in parts)


def line_count(label: str) -> int:
    """Lines of a label made by `wrapped`."""
    return label.count("<br>") + 1


def text_px(labels: Iterable[str], size: int = FONT_SIZE) -> int:
    """Width in px of the widest line among labels, a little more than measured."""
    lines = (line for label in labels for line in html.unescape(label).split("<br>"))
    return math.ceil(EM * size * max((len(line) for line in lines), default=0))


def counted(label: str, n: int) -> str:
    """A legend label with its n."""
    return f"{label} (n = {n:,})"


def plural(n: int, word: str, many: str = "") -> str:
    """1 set, 2 sets."""
    return f"{n:,} {word if n == 1 else many or word + 's'}"


def number(value: float, digits: int = 3) -> str:
    """A number to `digits` significant figures, no exponent, a true minus sign; integers above that stay whole."""
    if math.isnan(value):
        return "not defined"
    if math.isinf(value):
        return "infinite" if value > 0 else "−infinite"
    decimals = digits - 1 - (math.floor(math.log10(abs(value))) if value else 0)
    text = f"{value:,.{min(max(decimals, 0), 12)}f}"
    return text.replace("-", "−")


def p_text(p: float) -> str:
    """A p-value to two figures, never 0.000: "p = 0.025", "p < 0.001"; "p not defined" without one."""
    if math.isnan(p):
        return "p not defined"
    if p < 0.001:
        return "p < 0.001"
    return f"p = {p_digits(p)}"


def p_digits(p: float) -> str:
    """The digits alone: 0.56, 0.025, 0.0082, 1.00."""
    decimals = max(2, 1 - math.floor(math.log10(p)))
    return f"{p:.{decimals}f}" if p >= 0.001 else "<0.001"


def percent(share: float) -> str:
    """A share as a whole percentage, with one decimal below 10 unless it is whole."""
    if math.isnan(share):
        return "–"
    value = 100 * share
    return f"{value:.0f}%" if value >= 10 or abs(value - round(value)) < 0.05 else f"{value:.1f}%"


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
