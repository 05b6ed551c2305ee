"""Cumulative incidence of competing events: one panel for each cause, both arms in each."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from ..inference.results import SurvivalOutcome
from ..words import percent
from .style import ARM_STYLES, BAND_OPACITY, Drawn, blank, rgba
from .survival import MATCHED, stepped
from .words import with_n, wrapped

HEIGHT, GAP = 430, 0.07
HEADING_PX, HEADING_LETTERS = 22, 40


def cumulative_incidence(
    outcome: SurvivalOutcome, arms: Sequence[str] = MATCHED, unit: str = "days", names: dict[str, str] | None = None
) -> Drawn:
    """The share of patients with each cause by each time (Aalen-Johansen), from 0 to the horizon, with 95% bands.

    outcome: with competing events (`incidence` is not empty).  arms: names of results.ARMS.  names: causes in words.
    """
    table = outcome.incidence[outcome.incidence["arm"].isin(arms)]
    causes, words = list(dict.fromkeys(table["cause"])), names or {}
    figure = blank(HEIGHT, margin={"t": 64, "b": 56, "r": 28})
    width = (1 - GAP * (len(causes) - 1)) / len(causes)
    for place, cause in enumerate(causes):
        x, y = axis_names(place)
        for arm in arms:
            steps = table[(table["arm"] == arm) & (table["cause"] == cause)]
            if len(steps):
                draw_band(figure, steps, arm, x, y)
                draw_steps(figure, outcome, steps, arm, x, y, place == 0)
        left = place * (width + GAP)
        style_panel(figure, x, y, left, left + width, outcome.horizon, f"Time ({unit})", place == 0)
        heading = f"<b>{wrapped(words.get(cause, cause), HEADING_LETTERS, 1)}</b>"
        figure.add_annotation(
            text=heading,
            showarrow=False,
            x=left,
            xref="paper",
            y=1,
            yref="paper",
            xanchor="left",
            yanchor="bottom",
            yshift=4,
        )
    figure.update_layout(legend={"y": 1 + HEADING_PX / (HEIGHT - 120), "yanchor": "bottom"})
    return Drawn(figure, table.reset_index(drop=True), alt_text(outcome, table, arms, unit, words))


def axis_names(place: int) -> tuple[str, str]:
    """ "x" and "y", then "x2" and "y2"."""
    suffix = str(place + 1) if place else ""
    return f"x{suffix}", f"y{suffix}"


def draw_band(figure: go.Figure, steps: pd.DataFrame, arm: str, x: str, y: str) -> None:
    """The 95% limits as a stepped area, as far as they exist."""
    known = steps.dropna(subset=["ci_low", "ci_high"])
    if not len(known):
        return
    end = float(steps["time"].iloc[-1])
    times, low = stepped(known["time"], known["ci_low"], end)
    _, high = stepped(known["time"], known["ci_high"], end)
    color = ARM_STYLES[arm].color
    figure.add_trace(
        go.Scatter(
            x=np.concatenate([times, times[::-1]]),
            y=np.concatenate([high, low[::-1]]),
            xaxis=x,
            yaxis=y,
            fill="toself",
            mode="lines",
            line={"width": 0.8, "color": rgba(color, 0.4)},
            fillcolor=rgba(color, BAND_OPACITY),
            hoverinfo="skip",
            showlegend=False,
        )
    )


def draw_steps(
    figure: go.Figure, outcome: SurvivalOutcome, steps: pd.DataFrame, arm: str, x: str, y: str, named: bool
) -> None:
    """One arm's curve of one cause; its n is in the legend of the first panel."""
    style = ARM_STYLES[arm]
    figure.add_trace(
        go.Scatter(
            x=steps["time"],
            y=steps["incidence"],
            xaxis=x,
            yaxis=y,
            mode="lines",
            showlegend=named,
            legendgroup=arm,
            name=with_n(style.label, getattr(outcome, arm).n),
            line={"shape": "hv", "color": style.color, "width": 2.6, "dash": style.dash},
            hovertemplate="%{y:.1%} at %{x}<extra>" + style.label + "</extra>",
        )
    )


def style_panel(
    figure: go.Figure, x: str, y: str, left: float, right: float, horizon: float, title: str, first: bool
) -> None:
    """One panel on its own axes; shares are written at the first only."""
    side = {"range": [-0.02 * horizon, 1.02 * horizon], "domain": [left, right], "anchor": y, "title": {"text": title}}
    up = {
        "range": [0, 1.02],
        "tickvals": [0, 0.25, 0.5, 0.75, 1],
        "tickformat": ".0%",
        "showgrid": True,
        "anchor": x,
        "showticklabels": first,
        "title": {"text": "Share of patients" if first else None},
    }
    figure.update_layout({f"xaxis{x[1:]}": side, f"yaxis{y[1:]}": up})


def alt_text(
    outcome: SurvivalOutcome, table: pd.DataFrame, arms: Sequence[str], unit: str, words: dict[str, str]
) -> str:
    """Each cause's incidence at the end in each arm."""
    parts = []
    for cause, rows in table.groupby("cause", sort=False):
        told = [
            f"{ARM_STYLES[arm].label.lower()} {percent(rows.loc[rows['arm'] == arm, 'incidence'].iloc[-1])}"
            for arm in arms
            if (rows["arm"] == arm).any()
        ]
        parts.append(f"{words.get(str(cause), cause)}: {', '.join(told)}")
    return f"Cumulative incidence of {outcome.name} up to {outcome.horizon:g} {unit}. {'; '.join(parts)}."
