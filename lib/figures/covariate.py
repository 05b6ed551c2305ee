"""One covariate's distribution in both arms, before and after matching."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from ..cohort import Cohort
from ..design import Comparison
from ..words import counted, percent
from .style import CONTROL, TREATED, ArmStyle, Drawn, bin_edges, blank, mirrored_axis
from .words import number, wrapped

PANELS = {"before": ("x", "y", (0.0, 0.46)), "after": ("x2", "y2", (0.54, 1.0))}
PERCENT_AXIS = {"tickvals": [0, 25, 50, 75, 100], "ticktext": ["0%", "25%", "50%", "75%", "100%"], "showgrid": True}
MAX_STEPS = 400  # points of one cumulative curve
BINS = 30


@dataclass(frozen=True)
class Side:
    """One arm in one panel: the known values (codes of a factor's levels) and their weights."""

    stage: str
    arm: str
    style: ArmStyle
    values: np.ndarray
    weights: np.ndarray


def covariate_distribution(cohort: Cohort, sample: Comparison, covariate: str, kind: str = "ecdf") -> Drawn:
    """Two panels, before and after matching, treated against controls; after matching the weights count.

    kind: "ecdf" (share of patients at or below each value) or "histogram" (mirrored, treated upwards); a factor, or a
    number of at most two values, is drawn as bars either way.
    """
    column = as_levels(cohort.covariates[covariate])
    is_factor = isinstance(column.dtype, pd.CategoricalDtype)
    sides = make_sides(column.cat.codes.to_numpy() if is_factor else column.to_numpy(), sample)
    modes = {"barmode": "group", "bargap": 0.25} if is_factor else {"barmode": "overlay", "bargap": 0}
    figure = blank(430, margin={"t": 72, "b": 60}, legend={"y": 1.1}, **modes)
    make_panels(figure, sides, wrapped(covariate, 46, 2))
    if is_factor:
        numbers = draw_levels(figure, sides, list(column.cat.categories))
    else:
        edges = bin_edges(column.to_numpy(), BINS)
        figure.update_xaxes(range=[edges[0], edges[-1]])
        numbers = (draw_ecdf if kind == "ecdf" else draw_histogram)(figure, sides, edges)
    numbers.insert(0, "covariate", covariate)
    return Drawn(figure, numbers, alt_text(covariate, sides, is_factor))


def as_levels(column: pd.Series) -> pd.Series:
    """A number of at most two values (0 and 1, say) as the factor that it is; everything else unchanged."""
    if isinstance(column.dtype, pd.CategoricalDtype) or column.nunique() > 2:
        return column
    values = np.sort(column.unique())
    return pd.Series(pd.Categorical(column, values).rename_categories({v: f"{v:g}" for v in values}))


def make_sides(values: np.ndarray, sample: Comparison) -> list[Side]:
    """The four combinations of stage and arm, in drawing order."""
    sides = []
    for stage, weights in (("before", np.ones(len(values))), ("after", sample.weights)):
        for arm, style, members in (("treated", TREATED, sample.treated), ("control", CONTROL, ~sample.treated)):
            used = members & (weights > 0)
            sides.append(Side(stage, arm, style, values[used], weights[used]))
    return sides


def make_panels(figure: go.Figure, sides: list[Side], title: str) -> None:
    """Two panels side by side, each under its name and n."""
    for stage, (x, y, domain) in PANELS.items():
        key = x[1:]
        axis = {"domain": domain, "anchor": y, "title": {"text": title}}
        figure.update_layout({f"xaxis{key}": axis, f"yaxis{key}": {"anchor": x}})
        n = [len(s.values) for s in sides if s.stage == stage]
        text = f"<b>{stage.capitalize()} matching:</b> {n[0]:,} treated, {counted(n[1], 'control')}"
        place = {"x": domain[0], "y": 1, "xref": "paper", "yref": "paper", "xanchor": "left", "yanchor": "bottom"}
        figure.add_annotation(text=text, showarrow=False, yshift=6, **place)


def placed(side: Side) -> dict:
    """The axes of a side's panel, and one legend entry per arm, from the panel whose marks are filled."""
    x, y, _ = PANELS[side.stage]
    legend = {"name": side.style.label, "legendgroup": side.arm, "showlegend": side.stage == "after"}
    return {"xaxis": x, "yaxis": y, **legend}


def draw_ecdf(figure: go.Figure, sides: list[Side], edges: np.ndarray) -> pd.DataFrame:
    """Weighted cumulative shares from the left edge to the right.  Returns stage, arm, value, cumulative_percent."""
    tables = []
    for side in sides:
        x, share = cumulative(side.values, side.weights)
        tables.append(
            pd.DataFrame({"stage": side.stage, "arm": side.arm, "value": x, "cumulative_percent": 100 * share})
        )
        figure.add_trace(
            go.Scatter(
                x=np.concatenate([edges[:1], x, edges[-1:]]),
                y=100 * np.concatenate([[0], share, share[-1:]]),
                mode="lines",
                line={"shape": "hv", "color": side.style.color, "dash": side.style.dash, "width": 2.2},
                hovertemplate="%{y:.0f}% at or below %{x:.4g}<extra>" + side.style.label + "</extra>",
                **placed(side),
            )
        )
    figure.update_yaxes(range=[-1, 102], **PERCENT_AXIS)
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


def draw_histogram(figure: go.Figure, sides: list[Side], edges: np.ndarray) -> pd.DataFrame:
    """Mirrored shares per bin.  Returns stage, arm, bin_from, bin_to, patients, share_percent."""
    tables = []
    for side in sides:
        share = np.histogram(side.values, edges, weights=side.weights)[0] / max(side.weights.sum(), 1e-300)
        columns = {"stage": side.stage, "arm": side.arm, "bin_from": edges[:-1], "bin_to": edges[1:]}
        count = np.histogram(side.values, edges)[0]
        tables.append(pd.DataFrame(columns | {"patients": count, "share_percent": 100 * share}))
        drawn = np.where(count > 0, 100 * share * (1 if side.arm == "treated" else -1), np.nan)
        add_bars(figure, side, (edges[:-1] + edges[1:]) / 2, drawn, count, width=np.diff(edges))
    numbers = pd.concat(tables, ignore_index=True)
    axis = mirrored_axis(numbers["share_percent"].max())
    figure.update_layout(yaxis=axis, yaxis2=axis | {"title": {"text": ""}})
    return numbers


def draw_levels(figure: go.Figure, sides: list[Side], levels: list[str]) -> pd.DataFrame:
    """Shares of a factor's levels as bars.  Returns stage, arm, level, patients, share_percent."""
    tables = []
    for side in sides:
        codes = side.values.astype(int)
        share = np.bincount(codes, weights=side.weights, minlength=len(levels)) / max(side.weights.sum(), 1e-300)
        count = np.bincount(codes, minlength=len(levels))
        columns = {"stage": side.stage, "arm": side.arm, "level": levels, "patients": count}
        tables.append(pd.DataFrame(columns | {"share_percent": 100 * share}))
        text = [percent(s) for s in share] if len(levels) <= 3 else None
        add_bars(figure, side, np.arange(len(levels)), 100 * share, count, text=text, textposition="outside")
    letters, lines = (42 // len(levels), 3) if len(levels) <= 6 else (14, 1)
    names = [wrapped(level, letters, lines) for level in levels]
    figure.update_xaxes(tickvals=np.arange(len(levels)), ticktext=names, range=[-0.6, len(levels) - 0.4], ticks="")
    figure.update_yaxes(range=[0, 109], **PERCENT_AXIS)
    figure.update_layout(yaxis_title_text="Share of the arm")
    return pd.concat(tables, ignore_index=True)


def add_bars(figure: go.Figure, side: Side, x: np.ndarray, y: np.ndarray, count: np.ndarray, **more) -> None:
    """The bars of one arm in one panel; on hover the number of patients."""
    hover = "%{customdata} patients<extra>" + side.style.label + "</extra>"
    more |= {"customdata": count, "hovertemplate": hover, "cliponaxis": False}
    figure.add_trace(go.Bar(x=x, y=y, marker=bar_marker(side), **placed(side), **more))


def bar_marker(side: Side) -> dict:
    """Open bars before matching, filled bars after; the controls hatched."""
    color = side.style.color
    fill, ink = (color, "white") if side.stage == "after" else ("white", color)
    hatching = {"shape": side.style.pattern, "size": 7, "solidity": 0.25, "fgcolor": ink, "bgcolor": fill}
    return {"color": fill, "line": {"color": color, "width": 1.5}, "pattern": hatching if side.style.pattern else {}}


def alt_text(covariate: str, sides: list[Side], is_factor: bool) -> str:
    """What is compared, with the medians of a number."""
    if is_factor:
        return f"Shares of the levels of {covariate} among treated and controls, before and after matching."
    medians = [number(float(np.median(s.values))) if len(s.values) else "none" for s in sides]
    return (
        f"Distribution of {covariate} before and after matching; unweighted median {medians[0]} in the treated and "
        f"{medians[1]} in the controls before, {medians[2]} and {medians[3]} after."
    )
