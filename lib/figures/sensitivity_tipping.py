"""Tipping points: how far p can move when some outcomes were recorded wrongly."""

import numpy as np
import plotly.graph_objects as go

from ..sensitivity.tipping import ALPHA, Tipping
from ..words import p_value
from .style import BLUE, Drawn, blank, draw_rule

TICKS = (0.001, 0.01, 0.05, 0.1, 0.2, 0.5, 1)
LOWEST = 0.001


def tipping_range(by_set: Tipping, label: str) -> Drawn:
    """For 0, 1, 2, 3 outcomes recorded wrongly, from the smallest to the largest p by set they could give; the
    line is 0.05."""
    numbers = by_set.spread.assign(convention=by_set.convention)
    figure = blank(340, margin={"b": 60}, showlegend=False)
    draw_ranges(figure, by_set)
    last = int(numbers["changes"].max())
    draw_rule(figure, (-0.5, last + 0.5), ALPHA)
    figure.update_xaxes(
        title_text="Outcomes recorded wrongly, among all matched patients",
        range=[-0.5, last + 0.5],
        tickvals=list(range(last + 1)),
    )
    figure.update_yaxes(
        type="log",
        range=[np.log10(LOWEST) - 0.1, 0.1],
        tickvals=TICKS,
        showgrid=True,
        title_text="p by set",
        ticktext=[f"{t:g}" for t in TICKS],
    )
    return Drawn(figure, numbers, alt_text(by_set, label))


def draw_ranges(figure: go.Figure, one: Tipping) -> None:
    """A bar from the smallest to the largest p for each number of changes."""
    rows = one.spread.dropna()
    gap = np.full(len(rows), np.nan)
    x = rows["changes"]
    ends = rows[["p_low", "p_high"]].clip(lower=LOWEST)
    figure.add_trace(
        go.Scatter(
            x=np.column_stack([x, x, gap]).ravel(),
            y=np.column_stack([ends["p_low"], ends["p_high"], gap]).ravel(),
            mode="lines+markers",
            line={"color": BLUE, "width": 3},
            hoverinfo="skip",
            marker={"size": 9, "color": BLUE},
        )
    )


def alt_text(by_set: Tipping, label: str) -> str:
    """The range in words."""
    rows = by_set.spread.dropna()
    if not len(rows):
        return f"{label}: no p-value."
    last = rows.iloc[-1]
    return (
        f"{label}: p by set is {p_value(by_set.p)} and lies between {p_value(last['p_low'])} and "
        f"{p_value(last['p_high'])} with {int(last['changes'])} outcomes recorded wrongly."
    )
