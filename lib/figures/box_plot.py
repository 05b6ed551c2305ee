"""Box plots with every patient a point, as Figure 3 of Gregoire 2022."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from ..errors import SpecError
from ..inference.results import ContinuousOutcome, type2_quantile
from ..words.tables import records
from .style import ARM_STYLES, MAX_MARKS, WHITE, Drawn, blank, nice_range, rgba
from .words import line_count, number, wrapped

BOX_ARMS = ("treated", "matched_control", "whole_control")
MOMENTS = ("baseline", "outcome")
BOX, SPREAD = 0.66, 0.24  # width of a box and half width of its cloud of points, in units of the step between boxes
FEW = 40  # points of full size and colour up to this many in one box
GOLDEN = 0.6180339887498949


def boxes(
    outcome: ContinuousOutcome,
    arms: Sequence[str] = BOX_ARMS,
    log: bool = False,
    label: str = "",
    moments: tuple[str, str] = ("Baseline", "Outcome"),
) -> Drawn:
    """A box per arm: P25-P75, line at the median, whiskers to minimum and maximum, every patient a point.

    Where the outcome has baseline values, their box (open) stands left of the outcome's (filled). Above MAX_MARKS
    values the points are left out.
    log: logarithmic axis; SpecError when a value is 0 or below.  label: of the axis, with the unit.
    moments: what baseline and outcome are called, such as ("Day 0", "Day 7").
    """
    points = outcome.points[outcome.points["arm"].isin(arms)]
    if log and (points["value"] <= 0).any():
        raise SpecError("A logarithmic axis needs values above 0.", "Use the linear axis for this outcome.")
    numbers = box_numbers(points, arms)
    positions = box_positions(numbers)
    figure = blank(490, showlegend=False)
    for row, x in zip(records(numbers), positions, strict=True):
        draw_box(figure, row, x)
        if len(points) <= MAX_MARKS:
            values = points.loc[(points["arm"] == row.arm) & (points["moment"] == row.moment), "value"]
            draw_points(figure, values.to_numpy(), row, x)
    name_boxes(figure, numbers, positions, moments)
    figure.update_yaxes(
        value_axis(points["value"].to_numpy(), log) | {"title": {"text": wrapped(label or outcome.name, 44, 2)}}
    )
    return Drawn(figure, numbers, alt_text(outcome, numbers, moments))


def box_numbers(points: pd.DataFrame, arms: Sequence[str]) -> pd.DataFrame:
    """One row per box that has a value: arm, moment, n, minimum, p25, median, p75, maximum (R type 2 quartiles)."""
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
    return np.arange(len(numbers)) + 0.5 * (np.cumsum(new_arm) - 1)


def draw_box(figure: go.Figure, row, x: float) -> None:
    """One box from its five numbers; open at baseline."""
    color = ARM_STYLES[row.arm].color
    quartiles = {"q1": [row.p25], "median": [row.median], "q3": [row.p75]}
    whiskers = {"lowerfence": [row.minimum], "upperfence": [row.maximum], "whiskerwidth": 0.5}
    fill = WHITE if row.moment == "baseline" else rgba(color, 0.18)
    line = {"color": color, "width": 2}
    figure.add_trace(go.Box(x=[x], **quartiles, **whiskers, width=BOX, line=line, fillcolor=fill, hoverinfo="skip"))


def draw_points(figure: go.Figure, values: np.ndarray, row, x: float) -> None:
    """Every patient, spread sideways by a fixed rule so that the same data give the same picture."""
    style = ARM_STYLES[row.arm]
    order = np.argsort(np.argsort(values, kind="stable"), kind="stable")
    shift = ((order + 1) * GOLDEN % 1 - 0.5) * 2 * SPREAD
    few = len(values) <= FEW
    opened = "-open" if row.moment == "baseline" else ""
    look = {
        "symbol": style.symbol + opened,
        "color": style.color,
        "line": {"color": style.color, "width": 1.3 if opened else 0},
    }
    size = {"size": 8, "opacity": 0.9} if few else {"size": 4, "opacity": 0.45}
    hover = "%{y:.4g}<extra>" + style.label + "</extra>"
    figure.add_trace(
        go.Scatter(x=x + shift, y=values, mode="markers", cliponaxis=False, hovertemplate=hover, marker=look | size)
    )


def name_boxes(figure: go.Figure, numbers: pd.DataFrame, positions: np.ndarray, moments: tuple[str, str]) -> None:
    """Arm, moment (where there are two) and n under each box."""
    names = dict(zip(MOMENTS, moments, strict=True)) if numbers["moment"].nunique() > 1 else {}
    letters = 10 if len(numbers) > 4 else 16
    text = []
    for row in records(numbers):
        parts = [
            wrapped(ARM_STYLES[row.arm].label, letters),
            wrapped(names.get(row.moment, ""), letters),
            f"n = {row.n:,}",
        ]
        text.append("<br>".join(part for part in parts if part))
    figure.update_layout(margin_b=16 + 19 * max(map(line_count, text), default=1))
    span = [positions[0] - 0.7, positions[-1] + 0.7] if len(positions) else [0, 1]
    figure.update_xaxes(tickvals=positions, ticktext=text, range=span, ticks="", tickangle=0)


def value_axis(values: np.ndarray, log: bool) -> dict:
    """A fixed range from the data; from 0 when no value is negative."""
    if log and len(values):
        low, high = np.log10(values.min()), np.log10(values.max())
        pad = 0.05 * max(high - low, 0.3)
        steps = "D1" if high - low < 1 else "D2" if high - low < 3 else 1
        return {
            "type": "log",
            "range": [low - pad, high + pad],
            "dtick": steps,
            "showgrid": True,
            "minor": {"ticks": ""},
        }
    low, high = nice_range(values)
    return {"range": [0 if values.min(initial=0) >= 0 else low, high], "showgrid": True}


def alt_text(outcome: ContinuousOutcome, numbers: pd.DataFrame, moments: tuple[str, str]) -> str:
    """Median and quartiles of every box."""
    names = dict(zip(MOMENTS, moments, strict=True))
    parts = []
    for row in records(numbers):
        who = f"{ARM_STYLES[row.arm].label} {names[row.moment]}"
        parts.append(f"{who} {number(row.median)} ({number(row.p25)} to {number(row.p75)}, n = {row.n:,})")
    return f"Box plots of {outcome.name}, median (P25 to P75): {'; '.join(parts)}."
