"""How often each test says p < 0.05 when treatment does nothing: simulated shares against the promised 5%."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from ..words import percent
from ..words.tables import records
from .style import CONTROL, GREY, QUIET, TREATED, WHITE, Drawn, blank, draw_rule
from .words import wrapped

PROMISED = 5.0  # percent
MOST_ERROR = 1.96  # standard errors of the simulation drawn on both sides
STYLES = {  # convention -> name, symbol, colour
    "published": ("As published, sets ignored", "diamond-open", CONTROL.color),
    "matched_set": ("By matched set", "circle", TREATED.color),
    "whole_cohort": ("Whole cohort", "square-open", GREY),
}


def type_one_error(rows: pd.DataFrame) -> Drawn:
    """One row per test and outcome, grouped by outcome, a dot at its share of p < 0.05 under no effect.

    rows: DataFrame [outcome, test, counts, convention, share, standard_error, simulations], share from 0 to 1, in the
    order in which they are to stand.  test: in words.
    """
    rows = rows.reset_index(drop=True)
    y = places(rows["outcome"])
    figure = blank(int(130 + 50 * (y[-1] + 1)), margin={"b": 56, "r": 70, "t": 52})
    for convention, (name, symbol, color) in STYLES.items():
        mine = (rows["convention"] == convention).to_numpy()
        if not mine.any():
            continue
        share = 100 * rows.loc[mine, "share"]
        error = {"type": "data", "array": 100 * MOST_ERROR * rows.loc[mine, "standard_error"], "thickness": 1.2}
        figure.add_trace(
            go.Scatter(
                x=share,
                y=y[mine],
                error_x=error,
                mode="markers",
                name=name,
                hoverinfo="skip",
                marker={"symbol": symbol, "size": 11, "color": color, "line": {"width": 2, "color": color}},
            )
        )
    for place, share in zip(y, rows["share"], strict=True):
        figure.add_annotation(
            text=percent(share), x=1, y=place, xref="paper", showarrow=False, xanchor="left", xshift=12
        )
    for group, first in zip(*first_places(rows["outcome"], y), strict=True):
        figure.add_annotation(
            text=f"<b>{wrapped(group, 60, 1)}</b>",
            x=0,
            y=first - 0.85,
            xref="paper",
            showarrow=False,
            xanchor="left",
            yanchor="middle",
            bgcolor=WHITE,
        )
    draw_rule(figure, PROMISED, (y[0] - 0.5, y[-1] + 0.5))
    top = 5 * np.ceil((100 * rows["share"].max() + 2) / 5)
    figure.update_xaxes(range=[0, top], dtick=5, ticksuffix="%", showgrid=True, title_text="Studies with p < 0.05")
    names = [f"{wrapped(r.test, 40, 2)}<br>{small(r.counts)}" for r in records(rows)]
    figure.update_yaxes(range=[y[-1] + 0.7, -1.4], tickvals=y, ticktext=names, ticks="", showline=False)
    return Drawn(figure, rows, alt_text(rows))


def small(counts: str) -> str:
    """What a test counts, as the second line of its name."""
    return f'<span style="font-size:0.85em;color:{QUIET}">{wrapped(counts, 44, 1)}</span>'


def places(outcome: pd.Series) -> np.ndarray:
    """float (n,): a place for each row, with room for a heading before each outcome."""
    opens = (outcome != outcome.shift()).to_numpy()
    return np.arange(len(outcome)) + np.cumsum(opens) - 1.0


def first_places(outcome: pd.Series, y: np.ndarray) -> tuple[list[str], list[float]]:
    """The outcomes in order, and the place of the first row of each."""
    opens = (outcome != outcome.shift()).to_numpy()
    return outcome[opens].tolist(), y[opens].tolist()


def alt_text(rows: pd.DataFrame) -> str:
    """The range of each convention."""
    told = []
    for convention, (name, *_) in STYLES.items():
        share = rows.loc[rows["convention"] == convention, "share"]
        if len(share):
            told.append(f"{name.lower()} from {percent(share.min())} to {percent(share.max())}")
    return f"Share of simulated studies without any effect with p below 0.05 (promised: 5%): {'; '.join(told)}."
