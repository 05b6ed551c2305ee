"""Box plots with every patient a point, as Figure 3 of Gregoire 2022."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from lib.errors import SpecError
from lib.figures.style import ARM_STYLES, MAX_MARKS, WHITE, Drawn, blank, nice_range, number, wrapped
from lib.figures.survival import rgba
from lib.outcomes.results import ContinuousOutcome, type2_quantile

BOX_ARMS = ("treated", "matched_control", "whole_control")
MOMENTS = ("baseline", "outcome")
BOX, SPREAD = 0.62, 0.2  # width of a box and half width of its cloud of points, in units of the distance between boxes
FEW = 40  # points of full size and colour up to this many in one box
GOLDEN = 0.6180339887498949


def boxes(
    outcome: ContinuousOutcome,
    arms: Sequence[str] = BOX_ARMS,
    log: bool = False,
    label: str = "",
    moments: tuple[str, str] = ("Baseline", "Outcome"),
) -> Drawn:
    """A box per arm: P25-P75, line at the median, whiskers to minimum and maximum, every patient a point; where the outcome
    has baseline values their box (open) stands to the left of the outcome's (filled).

    log: logarithmic axis; SpecError when a value is 0 or below.  label: of the axis, with the unit.
    moments: what baseline and outcome are called, such as ("Day 0", "Day 7").
    """
    points = outcome.points[outcome.points["arm"].isin(arms)]
    if log and (points["value"] <= 0).any():
        raise SpecError("A logarithmic axis needs values above 0.", "Use the linear axis for this outcome.")
    numbers = box_numbers(points, arms)
    figure = blank(470, showlegend=False, margin={"b": 72})
    positions = box_positions(numbers)
    draw_cloud = len(points) <= MAX_MARKS
    for row, x in zip(numbers.itertuples(), positions, strict=True):
        draw_box(figure, row, x)
        if draw_cloud:
            values = points.loc[(points["arm"] == row.arm) & (points["moment"] == row.moment), "value"]
            draw_points(figure, values.to_numpy(), row, x)
    style_axes(figure, points["value"].to_numpy(), numbers, positions, log, label or outcome.name, moments)
    return Drawn(figure, numbers, alt_text(outcome, numbers, moments))


def box_numbers(points: pd.DataFrame, arms: Sequence[str]) -> pd.DataFrame:
    """One row per box: arm, moment, n, minimum, p25, median, p75, maximum (R type 2 quartiles); none for an empty one."""
    rows = []
    for arm in arms:
        for moment in MOMENTS:
            v = points.loc[(points["arm"] == arm) & (points["moment"] == moment), "value"].to_numpy(float)
            if len(v):
                p25, median, p75 = (type2_quantile(v, share) for share in (0.25, 0.5, 0.75))
                rows.append((arm, moment, len(v), v.min(), p25, median, p75, v.max()))
    return pd.DataFrame(rows, columns=["arm", "moment", "n", "minimum", "p25", "median", "p75", "maximum"])


def box_positions(numbers: pd.DataFrame) -> np.ndarray:
    """Where the boxes stand: one apart within an arm, a little more between arms."""
    new_arm = (numbers["arm"] != numbers["arm"].shift()).to_numpy()
    return np.arange(len(numbers)) + 0.6 * (np.cumsum(new_arm) - 1)


def draw_box(figure: go.Figure, row, x: float) -> None:
    """One box from its five numbers; open at baseline."""
    color = ARM_STYLES[row.arm].color
    figure.add_trace(
        go.Box(
            x=[x],
            q1=[row.p25],
            median=[row.median],
            q3=[row.p75],
            lowerfence=[row.minimum],
            upperfence=[row.maximum],
            width=BOX,
            whiskerwidth=0.5,
            line={"color": color, "width": 2},
            hoverinfo="skip",
            fillcolor=WHITE if row.moment == "baseline" else rgba(color, 0.18),
        )
    )


def draw_points(figure: go.Figure, values: np.ndarray, row, x: float) -> None:
    """Every patient, spread sideways by a fixed rule so that the same data give the same picture."""
    style = ARM_STYLES[row.arm]
    order = np.argsort(np.argsort(values, kind="stable"), kind="stable")
    shift = ((order + 1) * GOLDEN % 1 - 0.5) * 2 * SPREAD
    few = len(values) <= FEW
    opened = "-open" if row.moment == "baseline" else ""
    figure.add_trace(
        go.Scatter(
            x=x + shift,
            y=values,
            mode="markers",
            cliponaxis=False,
            hovertemplate="%{y:.4g}<extra>" + style.label + "</extra>",
            marker={
                "symbol": style.symbol + opened,
                "color": style.color,
                "size": 8 if few else 4,
                "opacity": 0.9 if few else 0.45,
                "line": {"width": 1.3 if opened else 0, "color": style.color},
            },
        )
    )


def style_axes(figure, values, numbers, positions, log, label, moments) -> None:
    """Names and n under the boxes; a fixed range from the data."""
    names = dict(zip(MOMENTS, moments, strict=True))
    both = numbers["moment"].nunique() > 1
    text = [
        f"{wrapped(ARM_STYLES[r.arm].label, 14)}<br>{wrapped(names[r.moment], 14) + '<br>' if both else ''}n = {r.n:,}"
        for r in numbers.itertuples()
    ]
    span = [positions[0] - 0.7, positions[-1] + 0.7] if len(positions) else [0, 1]
    figure.update_xaxes(tickvals=positions, ticktext=text, range=span, ticks="", tickangle=0)
    axis = {"title": {"text": wrapped(label, 44, 2)}, "showgrid": True}
    if log and len(values):
        low, high = np.log10(values.min()), np.log10(values.max())
        pad = 0.05 * max(high - low, 0.3)
        axis |= {
            "type": "log",
            "range": [low - pad, high + pad],
            "dtick": "D1" if high - low < 1.5 else "D2",
            "tickformat": "~g",
        }
    else:
        low, high = nice_range(values)
        axis |= {"range": [0 if values.min(initial=0) >= 0 and low < 0 else low, high]}
    figure.update_yaxes(axis)


def alt_text(outcome: ContinuousOutcome, numbers: pd.DataFrame, moments: tuple[str, str]) -> str:
    """Median and quartiles of every box."""
    names = dict(zip(MOMENTS, moments, strict=True))
    parts = [
        f"{ARM_STYLES[r.arm].label} {names[r.moment]} {number(r.median)} ({number(r.p25)} to {number(r.p75)}, n = {r.n:,})"
        for r in numbers.itertuples()
    ]
    return f"Box plots of {outcome.name}, median (P25 to P75): " + "; ".join(parts) + "."
