"""Tipping points: how far p can move when some outcomes were recorded wrongly."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from ..sensitivity.tipping import ALPHA, Tipping
from ..words import p_value
from .style import CONTROL, TREATED, Drawn, blank, draw_rule

TICKS = (0.001, 0.01, 0.05, 0.1, 0.2, 0.5, 1)
LOWEST = 0.001
STYLES = {
    "by set": (TREATED.color, "circle", "By matched set"),
    "published": (CONTROL.color, "diamond-open", "Sets ignored"),
}
APART = 0.12


def tipping_range(by_set: Tipping, published: Tipping, label: str) -> Drawn:
    """For 0, 1, 2, 3 outcomes recorded wrongly, from the smallest to the largest p they could give, by set and as
    published; the line is 0.05."""
    both = [one.spread.assign(convention=one.convention) for one in (by_set, published)]
    numbers = pd.concat(both, ignore_index=True)
    figure = blank(360, margin={"b": 60})
    for shift, one in ((-APART, by_set), (APART, published)):
        draw_ranges(figure, one, shift)
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
        title_text="p",
        ticktext=[f"{t:g}" for t in TICKS],
    )
    return Drawn(figure, numbers, alt_text(by_set, published, label))


def draw_ranges(figure: go.Figure, one: Tipping, shift: float) -> None:
    """A bar from the smallest to the largest p for each number of changes."""
    color, symbol, name = STYLES[one.convention]
    rows = one.spread.dropna()
    gap = np.full(len(rows), np.nan)
    x = rows["changes"] + shift
    ends = rows[["p_low", "p_high"]].clip(lower=LOWEST)
    figure.add_trace(
        go.Scatter(
            x=np.column_stack([x, x, gap]).ravel(),
            y=np.column_stack([ends["p_low"], ends["p_high"], gap]).ravel(),
            mode="lines+markers",
            name=name,
            line={"color": color, "width": 3},
            hoverinfo="skip",
            marker={"symbol": symbol, "size": 9, "color": color, "line": {"color": color, "width": 2}},
        )
    )


def alt_text(by_set: Tipping, published: Tipping, label: str) -> str:
    """Both ranges in words."""
    parts = []
    for one in (by_set, published):
        rows = one.spread.dropna()
        if len(rows):
            last = rows.iloc[-1]
            parts.append(
                f"{one.convention} p is {p_value(one.p)} and lies between {p_value(last['p_low'])} and "
                f"{p_value(last['p_high'])} with {int(last['changes'])} outcomes recorded wrongly"
            )
    return f"{label}: {'; '.join(parts) or 'no p-value'}."
