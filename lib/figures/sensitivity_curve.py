"""The specification curve: estimates on top, the settings as a dot matrix below, balance underneath."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from ..measures import RATIOS, SHARES
from ..sensitivity.curve import ALPHA, SpecificationCurve
from ..sensitivity.null_curve import NullCurve
from ..words import counted
from ..words.settings import axis_name, value_words
from ..words.tables import records
from .forest_plot import AXES
from .style import BLUE, GREY, INK, QUIET, SMALL, VERMILLION, Drawn, blank, draw_rule, nice_range, nice_step, rgba
from .words import number, text_px, wrapped

MOST_POINTS = 240  # specifications drawn one by one; above, ranks are drawn together
COLUMNS = 120  # of the matrix then
CURVE_PX, ROW_PX, HEADER_PX, BALANCE_PX, GAP_PX, LEGEND_PX, FOOT_PX = 300, 20, 22, 110, 26, 56, 56
LOW_SMD = 0.1
RATIO_TICKS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100)
WIDEST_RATIO = 100.0
LETTERS = 26


@dataclass(frozen=True)
class Panel:
    """A share of the height, from 0 (bottom) to 1."""

    low: float
    high: float


def specification_curve(
    curve: SpecificationCurve,
    null: NullCurve | None = None,
    label: str | None = None,
    names: Mapping[str, str] | None = None,
) -> Drawn:
    """The curve of one outcome.  null: the band of permuted treatment labels.  label: the outcome in words.  names:
    column -> words.

    Filled blue: p by set below 0.05; open grey: not. The main analysis is a diamond with a line through all panels."""
    shown = curve.rows.assign(x=np.arange(1, len(curve.rows) + 1))
    matrix = matrix_rows(curve, names)
    figure, panels = canvas(len(matrix), matrix["axis"].nunique())
    scale = 100.0 if curve.measure in SHARES else 1.0
    numbers = scaled(shown, scale)
    if null is not None:
        draw_null(figure, null, len(shown), scale)
    if len(shown) <= MOST_POINTS:
        draw_points(figure, numbers)
    else:
        draw_ranks(figure, numbers)
    draw_matrix(figure, curve, matrix)
    draw_balance(figure, numbers)
    draw_main(figure, numbers)
    band = np.empty(0) if null is None else (null.band[["low", "high"]].to_numpy(float) * scale).ravel()
    style_axes(figure, curve, estimate_axis(np.append(drawn_values(numbers), band), curve.measure in RATIOS), panels)
    lowest = matrix["y"].max() + 1 if len(matrix) else 1
    figure.update_layout(yaxis2_range=[lowest, 0], yaxis3_range=[0, balance_top(numbers)])
    write_labels(figure, matrix)
    return Drawn(figure, curve_numbers(curve), alt_text(curve, label or curve.outcome))


def scaled(rows: pd.DataFrame, scale: float) -> pd.DataFrame:
    """Estimates and limits in the units drawn."""
    return rows.assign(**{name: rows[name] * scale for name in ("estimate", "ci_low", "ci_high")})


def curve_numbers(curve: SpecificationCurve) -> pd.DataFrame:
    """What is drawn, and the settings as text."""
    rows = curve.rows.copy()
    for path in curve.plan.paths:
        rows[path] = rows[path].map(lambda value: str(value) if isinstance(value, (list, dict)) else value)
    return rows.drop(columns="position")


def matrix_rows(curve: SpecificationCurve, names: Mapping[str, str] | None) -> pd.DataFrame:
    """A row for each value of each axis that varies: axis, value (position on the axis), label, y from the top."""
    rows, y = [], 0.0
    for path, values in zip(curve.plan.paths, curve.plan.values, strict=True):
        if len(values) > 1:
            y += HEADER_PX / ROW_PX
            for place, label in enumerate(value_words(path, values, names)):
                rows.append((path, place, label, y))
                y += 1
    return pd.DataFrame(rows, columns=["axis", "value", "label", "y"])


def canvas(rows: int, axes: int) -> tuple[go.Figure, dict[str, Panel]]:
    """An empty figure with three panels over one x axis."""
    matrix_px = rows * ROW_PX + axes * HEADER_PX + 8
    inside = CURVE_PX + matrix_px + BALANCE_PX + 2 * GAP_PX
    figure = blank(inside + LEGEND_PX + FOOT_PX, margin={"t": LEGEND_PX, "b": FOOT_PX, "r": 24})
    balance = Panel(0.0, BALANCE_PX / inside)
    matrix = Panel(balance.high + GAP_PX / inside, balance.high + (GAP_PX + matrix_px) / inside)
    return figure, {"balance": balance, "matrix": matrix, "curve": Panel(matrix.high + GAP_PX / inside, 1.0)}


def draw_null(figure: go.Figure, null: NullCurve, n: int, scale: float) -> None:
    """Where 95 of 100 curves lie when treatment does nothing."""
    x = 1 + null.band["rank"] * (n - 1)
    ends = {"low": null.band["low"] * scale, "high": null.band["high"] * scale}
    for name, values in ends.items():
        figure.add_trace(
            go.Scatter(
                x=thinned(x),
                y=thinned(values),
                mode="lines",
                line={"width": 0},
                hoverinfo="skip",
                fill="tonexty" if name == "high" else None,
                fillcolor=rgba(GREY, 0.18),
                showlegend=name == "high",
                name=f"95% of {null.permutations:,} curves under permuted labels",
            )
        )


def thinned(values: pd.Series) -> np.ndarray:
    """At most MOST_POINTS of them, evenly."""
    at = np.unique(np.linspace(0, len(values) - 1, min(len(values), MOST_POINTS)).astype(int))
    return values.to_numpy()[at]


def draw_points(figure: go.Figure, rows: pd.DataFrame) -> None:
    """Every specification with its quoted interval where it has one, significant by set or not."""
    low = rows["p_by_set"] < ALPHA
    for part, name, symbol, color in (
        (rows[low], "p by set below 0.05", "circle", BLUE),
        (rows[~low], "p by set 0.05 or above, or none", "circle-open", GREY),
    ):
        error = {
            "type": "data",
            "symmetric": False,
            "array": part["ci_high"] - part["estimate"],
            "width": 0,
            "arrayminus": part["estimate"] - part["ci_low"],
            "color": rgba(color, 0.45),
            "thickness": 1.2,
        }
        figure.add_trace(
            go.Scatter(
                x=part["x"],
                y=part["estimate"],
                mode="markers",
                name=f"{name} (n = {len(part):,})",
                error_y=error,
                marker={"symbol": symbol, "color": color, "size": 6, "line": {"color": color, "width": 1.5}},
                customdata=part[["p_by_set", "p_published"]],
                hovertemplate="%{y:.3g}, p by set %{customdata[0]:.3f}, published %{customdata[1]:.3f}<extra></extra>",
            )
        )


def draw_ranks(figure: go.Figure, rows: pd.DataFrame) -> None:
    """Many specifications: the sorted estimates as a line, quoted intervals as a band, blue where p is low."""
    at = np.unique(np.linspace(0, len(rows) - 1, MOST_POINTS).astype(int))
    part = rows.iloc[at]
    inside = part[part["ci_low"].notna() & part["ci_high"].notna()]
    for name in ("ci_low", "ci_high") if len(inside) else ():
        figure.add_trace(
            go.Scatter(
                x=inside["x"],
                y=inside[name],
                mode="lines",
                line={"width": 0},
                hoverinfo="skip",
                fill="tonexty" if name == "ci_high" else None,
                fillcolor=rgba(BLUE, 0.14),
                showlegend=name == "ci_high",
                name="quoted 95% intervals",
            )
        )
    figure.add_trace(
        go.Scatter(
            x=part["x"],
            y=part["estimate"],
            mode="lines",
            line={"color": QUIET, "width": 2},
            name=f"Estimates (n = {len(rows):,})",
            hovertemplate="%{y:.3g}<extra></extra>",
        )
    )
    low = rows["p_by_set"] < ALPHA
    marked = part[low.to_numpy()[at]]
    figure.add_trace(
        go.Scatter(
            x=marked["x"],
            y=marked["estimate"],
            mode="markers",
            hoverinfo="skip",
            marker={"symbol": "circle", "color": BLUE, "size": 6},
            name=f"p by set below 0.05 (n = {int(low.sum()):,})",
        )
    )


def draw_matrix(figure: go.Figure, curve: SpecificationCurve, matrix: pd.DataFrame) -> None:
    """Which settings each specification has; of many, the share of each range of ranks that has them."""
    places = dict(zip(curve.plan.paths, curve.places, strict=True))
    has = np.array([places[line.axis] == line.value for line in records(matrix)]).reshape(len(matrix), -1)
    if len(curve.rows) <= MOST_POINTS:
        line, at = np.nonzero(has)
        figure.add_trace(
            go.Scatter(
                x=at + 1,
                y=matrix["y"].to_numpy()[line],
                yaxis="y2",
                mode="markers",
                hoverinfo="skip",
                showlegend=False,
                marker={"symbol": "square", "size": 5, "color": INK},
            )
        )
        return
    edges = np.linspace(0, has.shape[1], COLUMNS + 1).astype(int)
    share = np.add.reduceat(has, edges[:-1], axis=1) / np.diff(edges)
    for y, values in zip(matrix["y"], share, strict=True):
        figure.add_trace(
            go.Heatmap(
                z=[values],
                x=(edges[:-1] + edges[1:]) / 2 + 0.5,
                y=[y],
                yaxis="y2",
                zmin=0,
                zmax=1,
                showscale=False,
                colorscale=[[0, "#FFFFFF"], [1, INK]],
                hoverinfo="skip",
                dy=0.8,
                y0=y,
            )
        )


def draw_balance(figure: go.Figure, rows: pd.DataFrame) -> None:
    """The worst |SMD| of each specification; infinite ones at the top."""
    if len(rows) <= MOST_POINTS:
        x, worst = rows["x"], rows["max_abs_smd"]
    else:
        at = np.unique(np.linspace(0, len(rows) - 1, MOST_POINTS).astype(int))
        x, worst = rows["x"].iloc[at], rows["max_abs_smd"].iloc[at]
    figure.add_trace(
        go.Scatter(
            x=x,
            y=worst.clip(upper=balance_top(rows)),
            yaxis="y3",
            mode="markers",
            showlegend=False,
            marker={"symbol": "diamond-open", "size": 5, "color": QUIET},
            hovertemplate="%{y:.2f}<extra></extra>",
        )
    )
    figure.add_shape(
        type="line",
        xref="x domain",
        x0=0,
        x1=1,
        yref="y3",
        y0=LOW_SMD,
        y1=LOW_SMD,
        line={"color": QUIET, "dash": "dash", "width": 1},
    )


def balance_top(rows: pd.DataFrame) -> float:
    """The upper end of the balance axis."""
    return nice_range(np.append(rows["max_abs_smd"], [0.0, 2 * LOW_SMD]))[1]


def draw_main(figure: go.Figure, rows: pd.DataFrame) -> None:
    """The main analysis, if it is one of the specifications."""
    main = rows[rows["main"]].head(1)
    if not len(main):
        return
    x = float(main["x"].iloc[0])
    figure.add_shape(
        type="line",
        x0=x,
        x1=x,
        yref="paper",
        y0=0,
        y1=1,
        layer="above",
        line={"color": rgba(VERMILLION, 0.6), "width": 1.5},
    )
    marker = {"symbol": "diamond", "color": VERMILLION, "size": 12, "line": {"color": "#FFFFFF", "width": 1}}
    figure.add_trace(
        go.Scatter(
            x=[x],
            y=main["estimate"],
            mode="markers",
            marker=marker,
            name="Main analysis",
            hovertemplate="%{y:.3g}<extra>Main analysis</extra>",
        )
    )


def style_axes(figure: go.Figure, curve: SpecificationCurve, estimates: dict, panels: dict[str, Panel]) -> None:
    """One x axis under three y axes.  estimates: the axis of the upper one."""
    n = len(curve.rows)
    step = max(1, int(nice_step(n, 8)))
    figure.update_xaxes(
        range=[0.4, n + 0.6],
        title_text="Specifications, sorted by their estimate",
        anchor="y3",
        tickvals=sorted({1, *range(step, n + 1, step)}),
    )
    domain = {name: {"domain": [panel.low, panel.high], "anchor": "x"} for name, panel in panels.items()}
    title = {"text": wrapped(AXES[curve.measure], 34, 2)}
    figure.update_layout(
        yaxis={**domain["curve"], "showgrid": True, "title": title, **estimates},
        yaxis2={**domain["matrix"], "ticks": "", "showline": False, "showticklabels": False},
        yaxis3={**domain["balance"], "showgrid": True, "title": {"text": "Worst |SMD|"}, "nticks": 4},
    )
    draw_rule(figure, (0, 1), curve.null, xref="x domain")


def drawn_values(rows: pd.DataFrame) -> np.ndarray:
    """Every estimate and limit, float (k,), NaN where missing."""
    return rows[["estimate", "ci_low", "ci_high"]].to_numpy(float).ravel()


def estimate_axis(values: np.ndarray, ratio: bool) -> dict:
    """Room for every value, and for no effect."""
    values = values[np.isfinite(values)]
    if not ratio:
        return {"range": list(nice_range(np.append(values, 0.0)))}
    reach = min(WIDEST_RATIO, float(np.exp(np.abs(np.log(values[values > 0]))).max(initial=2.0)) * 1.1)
    ticks = [t for t in RATIO_TICKS if 1 / reach <= t <= reach]
    return {
        "type": "log",
        "range": [-np.log10(reach), np.log10(reach)],
        "tickvals": ticks,
        "ticktext": [f"{t:g}" for t in ticks],
    }


def write_labels(figure: go.Figure, matrix: pd.DataFrame) -> None:
    """Axis names and their values left of the matrix; the margin is as wide as they need."""
    labels = [(line.y, wrapped(line.label, LETTERS, 1), QUIET) for line in records(matrix)]
    heads = matrix.drop_duplicates("axis")
    labels += [(line.y - 1, f"<b>{wrapped(axis_name(line.axis), LETTERS, 1)}</b>", INK) for line in records(heads)]
    figure.update_layout(margin_l=max(86, 20 + text_px([text for _, text, _ in labels], SMALL)))
    for y, text, color in labels:
        figure.add_annotation(
            x=0,
            xref="x domain",
            xanchor="right",
            xshift=-8,
            y=y,
            yref="y2",
            text=text,
            showarrow=False,
            font={"size": SMALL, "color": color},
        )


def alt_text(curve: SpecificationCurve, label: str) -> str:
    """The curve in words."""
    low, high = curve.rows["estimate"].min(), curve.rows["estimate"].max()
    scale = 100.0 if curve.measure in SHARES else 1.0
    rank = f"The main analysis stands at place {curve.main_rank:,}. " if curve.main_rank else ""
    return (
        f"{AXES[curve.measure]} of {label} in {counted(len(curve.rows), 'specification')}, sorted: from "
        f"{number(low * scale)} to {number(high * scale)}. {rank}{curve.sentence}"
    )
