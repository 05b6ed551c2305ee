"""Overlap: how the propensity scores of both arms lie, before and after matching."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from ..design import Comparison
from ..errors import EstimationError
from ..score.propensity import PropensityModel
from ..words import counted
from .style import CONTROL, QUIET, TREATED, ArmStyle, Drawn, bin_edges, blank, mirrored_axis, rgba
from .words import number, with_n

MAX_DOTS = 60  # treated patients shown one by one
BINS = 44
TINY = 1e-12  # a probability of 0 or 1 has no logit; it is drawn at this one
ARMS = (("treated", TREATED, 1), ("control", CONTROL, -1))
AXIS_TITLES = {
    "logit": "Score: log odds of treatment<br>(logit of the propensity score)",
    "probability": "Score: probability of treatment<br>(propensity score)",
}


@dataclass(frozen=True)
class Scores:
    """What overlap draws.

    x: float (n,) on `scale`.  edges: of the bins.  support: the range that both arms cover, its first end above its
    second when they do not meet.  caliper: width on this scale, NaN without one.
    """

    x: np.ndarray
    scale: str
    edges: np.ndarray
    support: tuple[float, float]
    caliper: float
    sample: Comparison


def overlap(propensity: PropensityModel, sample: Comparison, scale: str | None = None) -> Drawn:
    """Mirrored distributions of the score: treated upwards, controls downwards; outline before matching, filled after.

    Up to MAX_DOTS treated patients stand above it one by one; below it, the common support and the caliper to scale.
    scale: "logit" or "probability", by default the one that was matched on; the caliper is drawn only on that one.
    Raises EstimationError when no score was fitted.
    """
    scores = prepare(propensity, sample, scale or propensity.scale)
    numbers = overlap_numbers(scores)
    dots = 0 < sample.treated.sum() <= MAX_DOTS
    figure = blank(540 if dots else 460, barmode="overlay", bargap=0, margin={"b": 60})
    draw_distributions(figure, numbers)
    if dots:
        draw_treated(figure, scores)
    draw_ruler(figure, scores)
    style_axes(figure, scores, numbers, dots)
    return Drawn(figure, numbers, alt_text(scores))


def prepare(propensity: PropensityModel, sample: Comparison, scale: str) -> Scores:
    """The scores on one scale, their bins, the common support and the caliper."""
    p = propensity.score
    if not np.isfinite(p).all():
        raise EstimationError(
            "There is no propensity score to draw.", "Choose a distance that needs a score to see it."
        )
    x = p
    if scale == "logit":
        x = (
            propensity.distance
            if propensity.scale == "logit"
            else np.log(np.clip(p, TINY, 1 - TINY) / np.clip(1 - p, TINY, 1))
        )
    arms = x[sample.treated], x[~sample.treated]
    support = max(a.min() for a in arms), min(a.max() for a in arms)
    caliper = sample.caliper_width if scale == propensity.scale else float("nan")
    return Scores(x, scale, bin_edges(x, BINS), support, caliper, sample)


def overlap_numbers(scores: Scores) -> pd.DataFrame:
    """Per arm, stage and bin: bin_from, bin_to, patients (unweighted), share_percent (of the arm, weighted after)."""
    tables = []
    for arm, members in (("treated", scores.sample.treated), ("control", ~scores.sample.treated)):
        for stage, weights in (("before", np.ones(len(scores.x))), ("after", scores.sample.weights)):
            used = members & (weights > 0)
            share = np.histogram(scores.x[used], scores.edges, weights=weights[used])[0]
            columns = {
                "arm": arm,
                "stage": stage,
                "bin_from": scores.edges[:-1],
                "bin_to": scores.edges[1:],
                "patients": np.histogram(scores.x[used], scores.edges)[0],
                "share_percent": 100 * share / max(weights[used].sum(), 1e-300),
            }
            tables.append(pd.DataFrame(columns))
    return pd.concat(tables, ignore_index=True)


def draw_distributions(figure: go.Figure, numbers: pd.DataFrame) -> None:
    """Filled bars after matching, and over them the outline of before."""
    for stage, draw in (("after", bars), ("before", outline)):
        for arm, style, sign in ARMS:
            bins = numbers[(numbers["arm"] == arm) & (numbers["stage"] == stage)]
            trace = draw(bins, style, sign)
            name = with_n(f"{style.label} {stage}", int(bins["patients"].sum()))
            figure.add_trace(trace.update(name=name, legendrank=1 if stage == "before" else 2))


def bars(bins: pd.DataFrame, style: ArmStyle, sign: int) -> go.Bar:
    """The matched patients of one arm; controls hatched."""
    width = bins["bin_to"] - bins["bin_from"]
    fill = rgba(style.color, 0.5)
    hatching = {
        "shape": style.pattern,
        "size": 6,
        "solidity": 0.3,
        "fgcolor": style.color,
        "bgcolor": rgba(style.color, 0.3),
    }
    return go.Bar(
        x=bins["bin_from"] + width / 2,
        y=sign * bins["share_percent"],
        width=width,
        marker={"color": fill, "pattern": hatching if style.pattern else {}, "line": {"width": 0}},
        customdata=bins["patients"],
        hovertemplate="%{customdata} patients<extra></extra>",
    )


def outline(bins: pd.DataFrame, style: ArmStyle, sign: int) -> go.Scatter:
    """All analysed patients of one arm, as a stepped line that stays away from the axis where nobody is."""
    share, x = bins["share_percent"].to_numpy(), np.append(bins["bin_from"], bins["bin_to"].iloc[-1])
    left, right = np.append(0, share), np.append(share, 0)
    empty = np.full(len(x), np.nan)
    corners = np.column_stack([left, right, np.where(right > 0, empty, -1)])
    xs, ys = np.repeat(x, 3), corners.ravel()
    keep = np.repeat((left > 0) | (right > 0), 3) & ~np.isnan(ys)
    return go.Scatter(
        x=xs[keep],
        y=sign * np.where(ys[keep] < 0, np.nan, ys[keep]),
        mode="lines",
        hoverinfo="skip",
        line={"color": style.color, "width": 1.8, "dash": style.dash},
    )


def draw_treated(figure: go.Figure, scores: Scores) -> None:
    """Every treated patient as a dot in a strip of its own; those without a control stay open."""
    sample = scores.sample
    level = stacked(scores.x, sample.treated, (scores.edges[-1] - scores.edges[0]) / 60)
    ring = {"color": TREATED.color, "width": 2}
    marks = (
        (True, {"symbol": "circle", "line": {"color": "white", "width": 1}}),
        (False, {"symbol": "circle-open-dot", "line": ring}),
    )
    for matched, marker in marks:
        members = sample.treated & (sample.matched == matched)
        if members.any():
            figure.add_trace(
                go.Scatter(
                    x=scores.x[members],
                    y=level[members],
                    mode="markers",
                    name=with_n("Treated without a control", int(members.sum())),
                    legendrank=3,
                    showlegend=not matched,
                    yaxis="y2",
                    marker={"size": 11, "color": TREATED.color, **marker},
                    hovertemplate="%{x:.3g}<extra></extra>",
                )
            )


def stacked(x: np.ndarray, members: np.ndarray, room: float) -> np.ndarray:
    """Heights 0, 1, 2 for dots, so that neighbours nearer than `room` do not hide each other. float (n,)."""
    level = np.zeros(len(x))
    last = np.full(3, -np.inf)
    for row in np.flatnonzero(members)[np.argsort(x[members], kind="stable")]:
        free = np.flatnonzero(x[row] - last >= room)
        level[row] = free[0] if len(free) else np.argmin(last)
        last[int(level[row])] = x[row]
    return level


def draw_ruler(figure: go.Figure, scores: Scores) -> None:
    """Two measures under the distributions: the range that both arms cover, and how wide the caliper is."""
    low, high = scores.support
    first, last = scores.edges[0], scores.edges[-1]
    if low <= high:
        draw_span(figure, 1, low, high, f"{number(low)} to {number(high)}", (first, last))
    if scores.caliper < last - first:
        middle = scores.x[scores.sample.treated].mean()
        start = float(np.clip(middle - scores.caliper / 2, first, last - scores.caliper))
        draw_span(figure, 0, start, start + scores.caliper, number(scores.caliper), (first, last))


def draw_span(figure: go.Figure, y: int, low: float, high: float, text: str, ends: tuple[float, float]) -> None:
    """A measured length with its number beside it, or on it where it leaves no room on either side."""
    span = {"x": [low, high], "y": [y, y], "mode": "lines+markers", "yaxis": "y3", "line": {"color": QUIET, "width": 2}}
    tick = {"symbol": "line-ns-open", "size": 11, "color": QUIET, "line": {"width": 2}}
    figure.add_trace(go.Scatter(**span, marker=tick, showlegend=False, hoverinfo="skip"))
    room = 0.3 * (ends[1] - ends[0])
    place = {"x": (low + high) / 2, "xanchor": "center"}
    if ends[1] - high > room:
        place = {"x": high, "xanchor": "left", "xshift": 10}
    elif low - ends[0] > room:
        place = {"x": low, "xanchor": "right", "xshift": -10}
    figure.add_annotation(text=text, y=y, yref="y3", showarrow=False, bgcolor="white", **place)


def ruler_labels(scores: Scores) -> list[str]:
    """What the two measures are called, with the number where no length can be drawn."""
    low, high = scores.support
    caliper = "Caliper width"
    if not np.isfinite(scores.sample.caliper_width):
        caliper = "No caliper"
    elif not np.isfinite(scores.caliper):
        caliper = "Caliper: other scale"
    elif scores.caliper >= scores.edges[-1] - scores.edges[0]:
        caliper = f"Caliper {number(scores.caliper)}"
    return [caliper, "Both groups" if low <= high else "No shared range"]


def style_axes(figure: go.Figure, scores: Scores, numbers: pd.DataFrame, dots: bool) -> None:
    """One x axis under three panels: the treated as dots, the distributions, the ruler."""
    bare = {"showline": False, "ticks": ""}
    figure.update_layout(
        xaxis={
            "range": [scores.edges[0], scores.edges[-1]],
            "title": {"text": AXIS_TITLES[scores.scale]},
            "anchor": "y3",
        },
        yaxis=mirrored_axis(numbers["share_percent"].max()) | {"domain": [0.2, 0.84 if dots else 1]},
        yaxis3={
            "domain": [0, 0.14],
            "range": [-0.7, 1.7],
            "tickvals": [0, 1],
            "ticktext": ruler_labels(scores),
            **bare,
        },
    )
    if dots:
        one_by_one = {"domain": [0.87, 1], "range": [-0.8, 2.8], "tickvals": [0], "ticktext": ["Each treated"]}
        figure.update_layout(yaxis2=one_by_one | bare)


def alt_text(scores: Scores) -> str:
    """Who is drawn, and where both arms lie."""
    sample, (low, high) = scores.sample, scores.support
    meet = f"both arms cover {number(low)} to {number(high)}" if low <= high else "the arms do not overlap"
    left = int((sample.matched & ~sample.treated).sum())
    return (
        f"Mirrored distributions of the propensity score ({scores.scale}): {sample.treated.sum():,} treated above, "
        f"{counted(int((~sample.treated).sum()), 'control')} below; {meet}; {left:,} of them stay after matching."
    )
