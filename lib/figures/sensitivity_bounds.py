"""Hidden bias: the largest p-value that a hidden factor of growing strength could give."""

import numpy as np
import plotly.graph_objects as go

from ..sensitivity.hidden_bias import ALPHA, HiddenBias
from ..words import counted, p_equals, p_value
from .style import BLUE, GREY, VERMILLION, Drawn, blank, draw_rule
from .words import number, wrapped

TICKS = (0.001, 0.01, 0.05, 0.1, 0.2, 0.5, 1)
LOWEST = 0.001  # smaller p-values stand at this edge


def gamma_curve(found: HiddenBias, gamma: float | None = None, label: str | None = None) -> Drawn:
    """Bounds of the one- and two-sided p against Gamma, the line at 0.05 and where it is crossed.

    gamma: the strength that the reader asks about, marked with its p (the nearest one of the curve).  label: the
    outcome in words."""
    curve = found.curve
    figure = blank(380, margin={"b": 84, "r": 40})
    for column, name, color, dash in (
        ("p_two_sided", "Two-sided", BLUE, "solid"),
        ("p_one_sided", "One-sided, in the direction of the effect", GREY, "7px,3px"),
    ):
        figure.add_trace(
            go.Scatter(
                x=curve["gamma"],
                y=curve[column].clip(lower=LOWEST),
                mode="lines",
                name=name,
                line={"color": color, "width": 2.4, "dash": dash},
                hovertemplate="Gamma %{x:g}: p up to %{y:.3f}<extra></extra>",
            )
        )
    last = float(curve["gamma"].iloc[-1])
    draw_rule(figure, (1, last), ALPHA)
    if 1 <= found.crossing <= last:
        draw_crossing(figure, found.crossing)
    if gamma is not None:
        draw_asked(figure, found, gamma)
    title = "How many times likelier a hidden factor makes treatment (odds ratio Gamma;<br>1 means no hidden factor)"
    figure.update_xaxes(title_text=title, range=[1, last], showgrid=True)
    figure.update_yaxes(
        type="log",
        range=[np.log10(LOWEST) if curve["p_one_sided"].min() < 0.01 else -2, 0.06],
        tickvals=TICKS,
        ticktext=[f"{t:g}" for t in TICKS],
        showgrid=True,
        title_text=wrapped("Largest possible p by set", 40),
    )
    return Drawn(figure, curve, alt_text(found, label or found.outcome))


def draw_crossing(figure: go.Figure, crossing: float) -> None:
    """Where the two-sided p reaches 0.05."""
    figure.add_trace(
        go.Scatter(
            x=[crossing],
            y=[ALPHA],
            mode="markers",
            name=f"Two-sided p reaches 0.05 at {number(crossing)}",
            marker={"symbol": "x", "size": 11, "color": BLUE},
            hoverinfo="skip",
        )
    )


def draw_asked(figure: go.Figure, found: HiddenBias, gamma: float) -> None:
    """The strength that the reader asks about."""
    row = found.curve.iloc[(found.curve["gamma"] - gamma).abs().argmin()]
    p = float(row["p_two_sided"])
    figure.add_trace(
        go.Scatter(
            x=[row["gamma"]],
            y=[max(p, LOWEST)],
            mode="markers",
            hoverinfo="skip",
            cliponaxis=False,
            marker={"symbol": "diamond", "size": 13, "color": VERMILLION},
            name=f"At {row['gamma']:g}: p up to {p_value(p)}",
        )
    )


def alt_text(found: HiddenBias, label: str) -> str:
    """The bounds in words."""
    start = found.curve["p_two_sided"].iloc[0]
    return (
        f"Rosenbaum bounds of {label} over {counted(found.n_sets, 'matched set')}: {p_equals(start)} without a "
        f"hidden factor. {found.sentence}"
    )
