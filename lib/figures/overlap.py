"""Overlap: how the propensity scores of both arms lie, before and after matching."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from lib.errors import EstimationError
from lib.figures.style import (
    CONTROL,
    GREY,
    QUIET,
    TREATED,
    ArmStyle,
    Drawn,
    blank,
    counted,
    nice_range,
    nice_step,
    number,
    plural,
)
from lib.matching.sample import MatchedSample
from lib.propensity import PropensityModel

MAX_DOTS = 60  # treated patients shown one by one
BINS = 28
AXIS_TITLES = {
    "logit": "Propensity score on the logit scale (log odds of treatment)",
    "probability": "Propensity score (probability of treatment)",
}
NO_SCORE = EstimationError(
    "There is no propensity score to draw.", "Choose a metric or a caliper that needs a score on the Matching page."
)


@dataclass(frozen=True)
class Scores:
    """What overlap draws. x: float (n,) on `scale`; support: the range that both arms cover, lowest above highest when they
    do not meet; caliper: width on this scale, NaN without one."""

    x: np.ndarray
    scale: str
    edges: np.ndarray
    support: tuple[float, float]
    caliper: float
    sample: MatchedSample


def overlap(propensity: PropensityModel, sample: MatchedSample, scale: str | None = None) -> Drawn:
    """Mirrored distributions of the score: treated upwards, controls downwards; outline before matching, filled after.

    scale: "logit" or "probability", by default the one that was matched on; the caliper is drawn only on that one.
    Raises EstimationError when no score was fitted.
    """
    scores = prepare(propensity, sample, scale or propensity.scale)
    numbers = overlap_numbers(scores)
    dots = 0 < sample.treated.sum() <= MAX_DOTS
    figure = blank(540 if dots else 460, barmode="overlay", bargap=0, margin={"b": 60})
    draw_distributions(figure, numbers, sample)
    if dots:
        draw_treated(figure, scores)
    draw_ruler(figure, scores)
    style_axes(figure, scores, numbers, dots)
    return Drawn(figure, numbers, alt_text(scores))


def prepare(propensity: PropensityModel, sample: MatchedSample, scale: str) -> Scores:
    """The scores on one scale, their bins, the common support and the caliper."""
    p = propensity.score
    if not np.isfinite(p).all():
        raise NO_SCORE
    x = p if scale == "probability" else propensity.distance if propensity.scale == "logit" else np.log(p / (1 - p))
    low, high = nice_range(x)
    step = nice_step(high - low, BINS)
    edges = low + step * np.arange(int(np.ceil((high - low) / step - 1e-9)) + 1)
    arms = x[sample.treated], x[~sample.treated]
    support = max(a.min() for a in arms), min(a.max() for a in arms)
    caliper = sample.caliper_width if scale == propensity.scale else float("nan")
    return Scores(x, scale, edges, support, caliper, sample)


def overlap_numbers(scores: Scores) -> pd.DataFrame:
    """Per arm, stage and bin: bin_from, bin_to, patients (unweighted), share_percent (of the arm, weighted after)."""
    tables = []
    for arm, members in (("treated", scores.sample.treated), ("control", ~scores.sample.treated)):
        for stage, weights in (("before", np.ones(len(scores.x))), ("after", scores.sample.weights)):
            used = members & (weights > 0)
            count = np.histogram(scores.x[used], scores.edges)[0]
            share = np.histogram(scores.x[used], scores.edges, weights=weights[used])[0] / max(
                weights[used].sum(), 1e-300
            )
            tables.append(
                pd.DataFrame(
                    {
                        "arm": arm,
                        "stage": stage,
                        "bin_from": scores.edges[:-1],
                        "bin_to": scores.edges[1:],
                        "patients": count,
                        "share_percent": 100 * share,
                    }
                )
            )
    return pd.concat(tables, ignore_index=True)


def draw_distributions(figure: go.Figure, numbers: pd.DataFrame, sample: MatchedSample) -> None:
    """Filled bars after matching, then the outline of before above them."""
    for stage in ("after", "before"):
        for arm, style, sign in (("treated", TREATED, 1), ("control", CONTROL, -1)):
            bins = numbers[(numbers["arm"] == arm) & (numbers["stage"] == stage)]
            label = counted(f"{style.label} {stage}", int(bins["patients"].sum()))
            figure.add_trace(bars(bins, style, sign, label) if stage == "after" else outline(bins, style, sign, label))


def bars(bins: pd.DataFrame, style: ArmStyle, sign: int, label: str) -> go.Bar:
    """The matched patients of one arm."""
    width = bins["bin_to"] - bins["bin_from"]
    return go.Bar(
        x=bins["bin_from"] + width / 2,
        y=sign * bins["share_percent"],
        width=width,
        name=label,
        marker={
            "color": style.color,
            "opacity": 0.55,
            "pattern": {"shape": style.pattern, "size": 6},
            "line": {"width": 0},
        },
        customdata=bins["patients"],
        hovertemplate="%{customdata} patients<extra></extra>",
    )


def outline(bins: pd.DataFrame, style: ArmStyle, sign: int, label: str) -> go.Scatter:
    """All analysed patients of one arm, as a stepped line that begins and ends at zero."""
    x = np.append(bins["bin_from"], bins["bin_to"].iloc[-1])
    share = bins["share_percent"].to_numpy()
    x, y = np.concatenate([x[:1], x, x[-1:]]), np.concatenate([[0], share, share[-1:], [0]])
    return go.Scatter(
        x=x,
        y=sign * y,
        mode="lines",
        name=label,
        hoverinfo="skip",
        line={"shape": "hv", "color": style.color, "width": 1.8, "dash": style.dash},
    )


def draw_treated(figure: go.Figure, scores: Scores) -> None:
    """Every treated patient as a dot in a strip of its own; those without a control stay open."""
    sample = scores.sample
    kinds = (
        (sample.treated & sample.matched, "circle", "Treated patient, matched"),
        (sample.treated & ~sample.matched, "circle-open-dot", "Treated patient without a control"),
    )
    level = stacked(scores.x, sample.treated, (scores.edges[-1] - scores.edges[0]) / 60)
    for members, symbol, label in kinds:
        if members.any():
            figure.add_trace(
                go.Scatter(
                    x=scores.x[members],
                    y=level[members],
                    mode="markers",
                    name=counted(label, int(members.sum())),
                    yaxis="y2",
                    marker={
                        "symbol": symbol,
                        "size": 11,
                        "color": TREATED.color,
                        "line": {"color": "white", "width": 1}
                        if symbol == "circle"
                        else {"color": TREATED.color, "width": 2},
                    },
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
    spans = [(1.0, low, high)] if low <= high else []
    if np.isfinite(scores.caliper) and scores.caliper < scores.edges[-1] - scores.edges[0]:
        middle = scores.x[scores.sample.treated].mean()
        start = np.clip(middle - scores.caliper / 2, scores.edges[0], scores.edges[-1] - scores.caliper)
        spans.append((0.0, start, start + scores.caliper))
    for y, x0, x1 in spans:
        figure.add_trace(
            go.Scatter(
                x=[x0, x1],
                y=[y, y],
                mode="lines+markers",
                yaxis="y3",
                showlegend=False,
                hoverinfo="skip",
                line={"color": QUIET, "width": 2},
                marker={"symbol": "line-ns-open", "size": 11, "color": QUIET, "line": {"width": 2}},
            )
        )


def ruler_labels(scores: Scores) -> list[str]:
    """What the two measures are called."""
    low, high = scores.support
    meet = f"Both arms: {number(low)} to {number(high)}" if low <= high else "The arms do not meet"
    width = f"Caliper: {number(scores.caliper)}" if np.isfinite(scores.caliper) else "No caliper"
    if np.isfinite(scores.sample.caliper_width) and not np.isfinite(scores.caliper):
        width = "Caliper: on the other scale"
    return [width, meet]


def style_axes(figure: go.Figure, scores: Scores, numbers: pd.DataFrame, dots: bool) -> None:
    """One x axis under three panels: the treated as dots, the distributions, the ruler."""
    top = nice_range(np.append(numbers["share_percent"], 0), steps=4)[1]
    ticks = np.arange(0, top + 1e-9, nice_step(top, 3))
    ticks = np.concatenate([-ticks[:0:-1], ticks])
    figure.update_layout(
        xaxis={
            "range": [scores.edges[0], scores.edges[-1]],
            "title": {"text": AXIS_TITLES[scores.scale]},
            "anchor": "y3",
        },
        yaxis={
            "domain": [0.2, 0.84 if dots else 1],
            "range": [-top, top],
            "tickvals": ticks,
            "showgrid": True,
            "ticktext": [f"{abs(t):g}%" for t in ticks],
            "zeroline": True,
            "zerolinecolor": QUIET,
            "title": {"text": "Share of the arm"},
        },
        yaxis3={
            "domain": [0, 0.14],
            "range": [-0.7, 1.7],
            "tickvals": [0, 1],
            "ticktext": ruler_labels(scores),
            "showline": False,
            "ticks": "",
            "tickfont": {"color": QUIET},
        },
    )
    if dots:
        figure.update_layout(
            yaxis2={
                "domain": [0.87, 1],
                "range": [-0.8, 2.8],
                "tickvals": [0.0],
                "showline": False,
                "ticktext": ["Each treated"],
                "ticks": "",
                "tickfont": {"color": GREY},
            }
        )


def alt_text(scores: Scores) -> str:
    """Who is drawn, and where both arms lie."""
    sample, low, high = scores.sample, *scores.support
    meet = f"both arms cover {number(low)} to {number(high)}" if low <= high else "the arms do not overlap"
    return (
        f"Mirrored distributions of the propensity score ({scores.scale}): {plural(int(sample.treated.sum()), 'treated', 'treated')} "
        f"above, {plural(int((~sample.treated).sum()), 'control')} below; {meet}; "
        f"{plural(int((sample.matched & ~sample.treated).sum()), 'control')} remain after matching."
    )
