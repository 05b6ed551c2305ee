"""The two dresses of a figure: for a talk with title and caption inside, for a journal bare and in millimetres."""

from typing import Any

import plotly.graph_objects as go

from ..figures.style import FONT, INK, QUIET, WHITE
from ..figures.words import wrapped

COLUMN, PAGE = 89, 174  # mm, one column and two, as most journals ask
PX_IN_MM = 96 / 25.4
MOST_TICKS = 4  # on the horizontal axis of one column
LEAST_PX = 11  # 8.25 pt; journals want at least 8
TALK_WIDTH = 960  # px
HEIGHT = 420  # px, of a figure that has none
LETTERS, LINES = 130, 4  # of a caption, across a talk's figure
TITLE_SIZE, TAKEAWAY_SIZE, CAPTION_SIZE = 20, 16, 12
PITCH = 26  # px between lines of a title, which are as high as its largest type
ABOVE = 24  # px


def journal_width(mm: int) -> int:
    """Pixels of a width in mm, at 96 to the inch, so that sizes of type are true."""
    return round(mm * PX_IN_MM)


def height_of(figure: go.Figure) -> int:
    """The height of a figure in px."""
    return int(figure.layout.height or HEIGHT)


def for_journal(figure: go.Figure, mm: int) -> go.Figure:
    """The figure bare, on white, `mm` wide, no type below 8 pt."""
    copy = go.Figure(figure)
    if mm == COLUMN:
        copy.for_each_xaxis(sparse)
    bare = go.Figure(readable(copy.to_plotly_json()))
    bare.update_layout(width=journal_width(mm), height=height_of(figure), title_text=None)
    return bare.update_layout(paper_bgcolor=WHITE, plot_bgcolor=WHITE, dragmode=False)


def sparse(axis: go.layout.XAxis) -> None:
    """Every second number of an axis, upright: one column has no room for more."""
    axis.tickangle = 0
    if axis.tickvals is not None and axis.ticktext is not None and len(axis.tickvals) > MOST_TICKS:
        axis.tickvals, axis.ticktext = list(axis.tickvals)[::2], list(axis.ticktext)[::2]


def for_talk(figure: go.Figure, title: str, takeaway: str, caption: str) -> go.Figure:
    """The figure with its title, what it shows and its caption above it.  All three: plain text, "" for none."""
    lines, room = [], ABOVE
    for text, size, color in ((title, TITLE_SIZE, INK), (takeaway, TAKEAWAY_SIZE, INK), (caption, CAPTION_SIZE, QUIET)):
        for line in wrapped(text, LETTERS * CAPTION_SIZE // size, LINES).split("<br>") if text else ():
            lines.append(
                f'<span style="font-size:{size}px;color:{color}">{f"<b>{line}</b>" if text is title else line}</span>'
            )
            room += PITCH
    made = go.Figure(figure)
    top = made.layout.margin.t
    above = (made.layout.template.layout.margin.t if top is None else top) or 0
    place = {"x": 0, "xref": "container", "xanchor": "left", "y": 1, "yref": "container", "yanchor": "top"}
    shown = {"text": "<br>".join(lines), "pad": {"t": ABOVE, "l": 16}, "font": {"family": FONT, "size": TITLE_SIZE}}
    made.update_layout(title=place | shown, margin={"t": above + room}, width=TALK_WIDTH)
    made.update_layout(height=height_of(figure) + room)
    return made.update_layout(paper_bgcolor=WHITE, plot_bgcolor=WHITE, dragmode=False)


def readable(value: Any, parent: str = "") -> Any:
    """A Plotly specification in which no size of type is below the least."""
    if isinstance(value, dict):
        return {key: grown(item, parent, key) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [readable(item, parent) for item in value]
    return value


def grown(item: Any, parent: str, key: str) -> Any:
    """One entry of a specification, raised to the least where it is a size of type."""
    if key == "size" and parent.endswith("font") and isinstance(item, int | float):
        return max(item, LEAST_PX)
    return readable(item, key)
