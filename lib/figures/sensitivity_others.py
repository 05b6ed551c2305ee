"""The analyses behind a line of the Robust? page: the p by set of each, beside the main one and 0.05."""

import math

import pandas as pd
import plotly.graph_objects as go

from ..sensitivity.verdicts import ALPHA, Line, Main, Seen
from ..words import counted, p_value
from ..words.robust import listed_first
from .style import BLUE, GREY, SMALL, VERMILLION, WHITE, Drawn, blank, draw_rule
from .words import wrapped

TICKS = (0.001, 0.01, 0.05, 0.2, 1)
LOWEST = 0.001  # smaller p-values stand at this edge
ROW_PX, LETTERS = 44, 44


def other_analyses(main: Main, line: Line, label: str) -> Drawn:
    """A row for each analysis, the main one on top.  Blue and filled: p below 0.05; hollow: above.  A triangle: the
    effect has another direction than in the main analysis."""
    shown = [main.seen, *(one for one in listed_first(main, line) if not math.isnan(one.p))]
    figure = blank(86 + ROW_PX * len(shown), margin={"t": 14, "b": 56, "l": 24, "r": 24}, showlegend=False)
    last = len(shown) - 0.5
    draw_rule(figure, ALPHA, (-0.5, last))
    for y, one in enumerate(shown):
        draw_one(figure, one, main, y)
        draw_name(figure, one, y)
    least = LOWEST if min(one.p for one in shown) < 0.01 else 0.01
    figure.update_xaxes(
        type="log",
        range=[math.log10(least) - 0.05, 0.06],
        tickvals=TICKS,
        ticktext=[f"{tick:g}" for tick in TICKS],
        title_text="p by set (dashed: 0.05)",
        tickangle=0,
        showgrid=True,
    )
    figure.update_yaxes(range=[last, -0.5], showticklabels=False, ticks="", showline=False)
    numbers = pd.DataFrame(
        [(one.label, one.p, one.estimate, one.measure, one.lost) for one in shown],
        columns=["analysis", "p_by_set", "estimate", "measure", "treated_lost"],
    )
    return Drawn(figure, numbers, alt_text(main, shown, line, label))


def draw_name(figure: go.Figure, one: Seen, y: int) -> None:
    """What the analysis is called, above its mark, so that a narrow screen has room for both."""
    figure.add_annotation(
        x=0,
        xref="paper",
        xanchor="left",
        y=y,
        yshift=15,
        showarrow=False,
        text=wrapped(one.label[:1].upper() + one.label[1:], LETTERS, 1),
        font={"size": SMALL},
        bgcolor=WHITE,
        borderpad=0,
    )


def draw_one(figure: go.Figure, one: Seen, main: Main, y: int) -> None:
    """Its mark and its p beside it."""
    low, own = one.p < ALPHA, one is main.seen
    shape = "diamond" if own else "circle" if one.side in (None, main.seen.side) else "triangle-up"
    figure.add_trace(
        go.Scatter(
            x=[max(one.p, LOWEST)],
            y=[y],
            mode="markers+text",
            text=[f" {p_value(one.p)}"],
            textposition="middle right" if one.p < 0.5 else "middle left",
            cliponaxis=False,
            marker={
                "symbol": shape if low or own else f"{shape}-open",
                "size": 13 if own else 10,
                "color": VERMILLION if own else BLUE if low else GREY,
                "line": {"width": 2},
            },
            hoverinfo="skip",
        )
    )


def alt_text(main: Main, shown: list[Seen], line: Line, label: str) -> str:
    """The range in words."""
    low, high = (p_value(end([one.p for one in shown])) for end in (min, max))
    return (
        f"p by set of {label} in {counted(len(shown) - 1, 'other analysis', 'other analyses')} of "
        f"{len(line.seen):,}: {p_value(main.seen.p)} in the main analysis, from {low} to {high} in those shown."
    )
