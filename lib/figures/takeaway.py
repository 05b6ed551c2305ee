"""The takeaway line: what a figure says, inside the figure, so that a picture that travels alone still says it."""

from dataclasses import replace

import plotly.graph_objects as go

from .style import FONT_SIZE, INK, Drawn
from .words import wrapped

LETTERS, LINES = 40, 4  # a line, as many as fit across a telephone
FIRST = 10  # px by which Plotly sets the first of several lines higher than a single one
LINE = 19  # px between two lines
ABOVE, BELOW = 8, 8  # px of white above the first line and below the last


def broken(text: str) -> list[str]:
    """Literal text as lines that end where a part ends (";"), so that "0 to 5 deaths" stays whole.  Where that would
    take more lines, they break at any word."""
    parts, lines = [f"{part};" for part in text.split("; ")], [""]
    parts[-1] = parts[-1].removesuffix(";")
    for part in parts:
        together = f"{lines[-1]} {part}".strip()
        lines = [*lines[:-1], together] if len(together) <= LETTERS else [*lines, part]
    by_part = [line for whole in lines if whole for line in wrapped(whole, LETTERS, LINES).split("<br>")]
    by_word = wrapped(text, LETTERS, LINES).split("<br>")
    return by_part if len(by_part) <= len(by_word) else by_word


def with_takeaway(drawn: Drawn, text: str) -> Drawn:
    """The same figure with `text` at its top left edge, and room for it.  text: plain; "" leaves it as it is.

    The figure grows by that room, so that nothing in it is squeezed; the alternative text begins with the line."""
    if not text:
        return drawn
    lines = broken(text)
    room = ABOVE + LINE * len(lines) + BELOW
    figure = go.Figure(drawn.figure)
    margin = figure.layout.margin.t
    top = figure.layout.template.layout.margin.t if margin is None else margin
    figure.update_layout(
        title={
            "text": "<br>".join(f"<b>{line}</b>" for line in lines),
            "font": {"size": FONT_SIZE, "color": INK},
            "x": 0,
            "xanchor": "left",
            "xref": "container",
            "y": 1,
            "yanchor": "top",
            "yref": "container",
            "pad": {"t": ABOVE + (FIRST if len(lines) > 1 else 0), "l": 0},
        },
        margin={"t": (top or 0) + room},
    )
    if figure.layout.height is not None:
        height = figure.layout.height + room
        figure.update_layout(height=height)
        if figure.layout.legend.y is None:  # of the house: between the line and the plot, however many rows it takes
            figure.update_layout(legend={"yref": "container", "yanchor": "top", "y": 1 - room / height})
    return replace(drawn, figure=figure, alt=f"{text}. {drawn.alt}")
