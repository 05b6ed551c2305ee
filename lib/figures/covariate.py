"""One covariate's distribution in both arms, before and after matching."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from lib.cohort import Cohort
from lib.figures.style import (
    CONTROL,
    INK,
    TREATED,
    ArmStyle,
    Drawn,
    blank,
    nice_range,
    nice_step,
    number,
    percent,
    plural,
    wrapped,
)
from lib.matching.sample import MatchedSample

PANELS = (("before", "x", "y", (0.0, 0.47)), ("after", "x2", "y2", (0.53, 1.0)))
MAX_STEPS = 400  # points of one cumulative curve
BINS = 20


@dataclass(frozen=True)
class Side:
    """One arm in one panel: the known values and their weights."""

    stage: str
    arm: str
    style: ArmStyle
    values: np.ndarray
    weights: np.ndarray


def covariate_distribution(cohort: Cohort, sample: MatchedSample, covariate: str, kind: str = "ecdf") -> Drawn:
    """Two panels, before and after matching, treated against controls; after matching the weights count.

    kind: "ecdf" (share of patients at or below each value) or "histogram" (mirrored, treated upwards); a factor is drawn
    as bars either way.
    """
    column = cohort.covariates[covariate]
    is_factor = isinstance(column.dtype, pd.CategoricalDtype)
    values = column.cat.codes.to_numpy() if is_factor else column.to_numpy()
    sides = make_sides(values, sample)
    figure = blank(
        430,
        margin={"t": 72, "b": 60},
        barmode="group" if is_factor else "overlay",
        legend={"y": 1.1},
        bargap=0.25 if is_factor else 0,
    )
    style_panels(figure, sides)
    if is_factor:
        numbers = draw_levels(figure, sides, list(column.cat.categories))
    else:
        numbers = (draw_ecdf if kind == "ecdf" else draw_histogram)(figure, sides)
        low, high = nice_range(values)
        figure.update_xaxes(range=[low, high], title_text=wrapped(covariate, 46, 2))
    return Drawn(figure, numbers.assign(covariate=covariate), alt_text(covariate, sides, is_factor))


def make_sides(values: np.ndarray, sample: MatchedSample) -> list[Side]:
    """The four combinations of stage and arm, in drawing order."""
    sides = []
    for stage, weights in (("before", np.ones(len(values))), ("after", sample.weights)):
        for arm, style, members in (("treated", TREATED, sample.treated), ("control", CONTROL, ~sample.treated)):
            used = members & (weights > 0)
            sides.append(Side(stage, arm, style, values[used], weights[used]))
    return sides


def axes_of(side: Side) -> dict[str, str]:
    """The axes of a side's panel."""
    return {"xaxis": "x", "yaxis": "y"} if side.stage == "before" else {"xaxis": "x2", "yaxis": "y2"}


def legend_of(side: Side) -> dict:
    """One legend entry per arm, from the first panel."""
    return {"name": side.style.label, "legendgroup": side.arm, "showlegend": side.stage == "before"}


def draw_ecdf(figure: go.Figure, sides: list[Side]) -> pd.DataFrame:
    """Weighted cumulative shares.  Returns stage, arm, value, cumulative_percent."""
    tables = []
    for side in sides:
        x, share = cumulative(side.values, side.weights)
        tables.append(
            pd.DataFrame({"stage": side.stage, "arm": side.arm, "value": x, "cumulative_percent": 100 * share})
        )
        figure.add_trace(
            go.Scatter(
                x=x,
                y=100 * share,
                mode="lines",
                **axes_of(side),
                **legend_of(side),
                line={"shape": "hv", "color": side.style.color, "dash": side.style.dash, "width": 2.2},
                hovertemplate="%{y:.0f}% at or below %{x:.4g}<extra>" + side.style.label + "</extra>",
            )
        )
    figure.update_yaxes(range=[0, 102], tickvals=[0, 25, 50, 75, 100], ticksuffix="%", showgrid=True)
    figure.update_layout(yaxis_title_text="Patients at or below the value")
    return pd.concat(tables, ignore_index=True)


def cumulative(values: np.ndarray, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Sorted distinct values and the weighted share at or below each, thinned to MAX_STEPS quantiles where longer."""
    x, position = np.unique(values, return_inverse=True)
    share = np.cumsum(np.bincount(position, weights=weights, minlength=len(x)))
    share = share / share[-1] if len(share) else share
    if len(x) > MAX_STEPS:
        keep = np.unique(np.searchsorted(share, np.linspace(0, 1, MAX_STEPS)).clip(max=len(x) - 1))
        x, share = x[keep], share[keep]
    return x, share


def draw_histogram(figure: go.Figure, sides: list[Side]) -> pd.DataFrame:
    """Mirrored shares per bin.  Returns stage, arm, bin_from, bin_to, patients, share_percent."""
    low, high = nice_range(np.concatenate([s.values for s in sides]))
    step = nice_step(high - low, BINS)
    edges = low + step * np.arange(int(np.ceil((high - low) / step - 1e-9)) + 1)
    tables = []
    for side in sides:
        share = np.histogram(side.values, edges, weights=side.weights)[0] / max(side.weights.sum(), 1e-300)
        tables.append(
            pd.DataFrame(
                {
                    "stage": side.stage,
                    "arm": side.arm,
                    "bin_from": edges[:-1],
                    "bin_to": edges[1:],
                    "patients": np.histogram(side.values, edges)[0],
                    "share_percent": 100 * share,
                }
            )
        )
        figure.add_trace(
            go.Bar(
                x=edges[:-1] + step / 2,
                y=100 * share * (1 if side.arm == "treated" else -1),
                width=step,
                **axes_of(side),
                **legend_of(side),
                marker=bar_marker(side),
                customdata=tables[-1]["patients"],
                hovertemplate="%{customdata} patients<extra>" + side.style.label + "</extra>",
            )
        )
    numbers = pd.concat(tables, ignore_index=True)
    mirror_axis(figure, numbers["share_percent"].max())
    return numbers


def mirror_axis(figure: go.Figure, largest: float) -> None:
    """A y axis with the same scale up and down."""
    top = nice_range(np.array([0.0, largest]), steps=4)[1]
    ticks = np.arange(0, top + 1e-9, nice_step(top, 3))
    ticks = np.concatenate([-ticks[:0:-1], ticks])
    figure.update_yaxes(
        range=[-top, top],
        tickvals=ticks,
        ticktext=[f"{abs(t):g}%" for t in ticks],
        showgrid=True,
        zeroline=True,
        zerolinecolor=INK,
    )
    figure.update_layout(yaxis_title_text="Share of the arm")


def bar_marker(side: Side) -> dict:
    """Open bars before matching, filled bars after; the controls hatched."""
    filled = side.stage == "after"
    pattern = {"shape": side.style.pattern, "size": 7, "solidity": 0.25}
    colors = {"color": side.style.color} if filled else {"color": "white"}
    pattern |= (
        {"fgcolor": "white" if filled else side.style.color, "bgcolor": colors["color"]} if side.style.pattern else {}
    )
    return colors | {"line": {"color": side.style.color, "width": 1.5}, "pattern": pattern}


def draw_levels(figure: go.Figure, sides: list[Side], levels: list[str]) -> pd.DataFrame:
    """Shares of a factor's levels as bars.  Returns stage, arm, level, patients, share_percent."""
    labels = [wrapped(level, max(8, 60 // len(levels))) for level in levels]
    tables = []
    for side in sides:
        codes = side.values.astype(int)
        share = np.bincount(codes, weights=side.weights, minlength=len(levels)) / max(side.weights.sum(), 1e-300)
        tables.append(
            pd.DataFrame(
                {
                    "stage": side.stage,
                    "arm": side.arm,
                    "level": levels,
                    "patients": np.bincount(codes, minlength=len(levels)),
                    "share_percent": 100 * share,
                }
            )
        )
        figure.add_trace(
            go.Bar(
                x=np.arange(len(levels)),
                y=100 * share,
                marker=bar_marker(side),
                **axes_of(side),
                **legend_of(side),
                text=[percent(s) for s in share],
                textposition="outside",
                cliponaxis=False,
                customdata=tables[-1]["patients"],
                hovertemplate="%{customdata} patients<extra>" + side.style.label + "</extra>",
            )
        )
    figure.update_xaxes(tickvals=np.arange(len(levels)), ticktext=labels, range=[-0.6, len(levels) - 0.4], ticks="")
    figure.update_yaxes(range=[0, 108], tickvals=[0, 25, 50, 75, 100], ticksuffix="%", showgrid=True)
    figure.update_layout(yaxis_title_text="Share of the arm")
    return pd.concat(tables, ignore_index=True)


def style_panels(figure: go.Figure, sides: list[Side]) -> None:
    """Two panels side by side with equal axes, each under its name and n."""
    for (stage, x, y, domain), key in zip(PANELS, ("", "2"), strict=True):
        figure.update_layout({f"xaxis{key}": {"domain": domain, "anchor": y}, f"yaxis{key}": {"anchor": x}})
        n = [len(s.values) for s in sides if s.stage == stage]
        figure.add_annotation(
            x=domain[0],
            y=1.0,
            xref="paper",
            yref="paper",
            xanchor="left",
            yanchor="bottom",
            yshift=6,
            text=f"<b>{stage.capitalize()} matching:</b> {n[0]:,} treated, {plural(n[1], 'control')}",
            showarrow=False,
        )


def alt_text(covariate: str, sides: list[Side], is_factor: bool) -> str:
    """What is compared, with the medians of a number."""
    if is_factor:
        return f"Shares of the levels of {covariate} among treated and controls, before and after matching."
    medians = [number(float(np.median(s.values))) if len(s.values) else "none" for s in sides]
    return (
        f"Distribution of {covariate} before and after matching; unweighted median {medians[0]} in the treated and "
        f"{medians[1]} in the controls before, {medians[2]} and {medians[3]} after."
    )
