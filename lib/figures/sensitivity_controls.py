"""Fragility of the match: how far the estimate moves."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from ..measures import RATIOS, SHARES
from ..sensitivity.fragility import KINDS, MAIN, Fragility
from ..words import counted
from .forest_plot import AXES
from .sensitivity_curve import estimate_axis
from .style import BLUE, GREY, QUIET, VERMILLION, Drawn, blank, draw_rule
from .words import number, wrapped


def fragility_range(found: Fragility, outcome: str, label: str | None = None) -> Drawn:
    """The estimate under every change, a row for each kind; the main analysis is the dashed line with its
    quoted interval, where the estimate is the one that it belongs to."""
    table = found.estimates(outcome)
    measure = found.variants[0].outcome(outcome).measure
    scale = 100.0 if measure in SHARES else 1.0
    table[["estimate", "ci_low", "ci_high"]] *= scale
    kinds = [kind for kind in KINDS if (table["kind"] == kind).any()]
    figure = blank(120 + 46 * len(kinds), margin={"b": 60}, showlegend=False)
    main = table.iloc[0]
    ends = (-0.6, len(kinds) - 0.4)
    if np.isfinite([main["ci_low"], main["ci_high"]]).all():
        figure.add_shape(
            type="rect",
            x0=main["ci_low"],
            x1=main["ci_high"],
            y0=ends[0],
            y1=ends[1],
            layer="below",
            fillcolor="#EFEFEF",
            line_width=0,
        )
    draw_rule(figure, main["estimate"], ends, color=VERMILLION, width=2)
    draw_rule(figure, found.variants[0].outcome(outcome).null, ends, width=1.2, dash="dot")
    for y, kind in enumerate(kinds):
        draw_kind(figure, table[table["kind"] == kind], y)
    figure.update_yaxes(
        range=[len(kinds) - 0.4, -0.6],
        tickvals=np.arange(len(kinds)),
        ticks="",
        ticktext=[kind_words(table, kind) for kind in kinds],
    )
    values = np.append(table["estimate"].to_numpy(float), [main["ci_low"], main["ci_high"]])
    figure.update_xaxes(title_text=AXES[measure], showgrid=True, **estimate_axis(values, measure in RATIOS))
    return Drawn(figure, table.drop(columns="left_out"), range_alt(table, label or outcome, measure))


def kind_words(table: pd.DataFrame, kind: str) -> str:
    """The kind of change and how many there are."""
    part = table[table["kind"] == kind]
    failed = int(part["error"].notna().sum())
    small = f"{counted(len(part), 'change')}{f', {failed:,} failed' if failed else ''}"
    return f'{wrapped(KINDS[kind], 30)}<br><span style="font-size:0.85em;color:{QUIET}">{small}</span>'


def draw_kind(figure: go.Figure, part: pd.DataFrame, y: int) -> None:
    """One mark per distinct estimate, larger where many changes give it; blue where p by set is below 0.05."""
    part = part[part["estimate"].notna()]
    groups = part.assign(low=part["p_by_set"] < 0.05).groupby([part["estimate"].round(9), "low"])
    for (estimate, low), group in groups:
        size = 8 + 14 * np.sqrt(len(group) / len(part)) if len(part) > 30 else 10
        color = BLUE if low else GREY
        labels = ", ".join(group["label"].head(4)) + (" …" if len(group) > 4 else "")
        figure.add_trace(
            go.Scatter(
                x=[estimate],
                y=[y],
                mode="markers",
                customdata=[[labels, len(group)]],
                marker={
                    "size": size,
                    "symbol": "circle" if low else "circle-open",
                    "color": color,
                    "line": {"width": 2},
                },
                hovertemplate="%{x:.3g} in %{customdata[1]}: %{customdata[0]}<extra></extra>",
            )
        )


def range_alt(table: pd.DataFrame, label: str, measure: str) -> str:
    """The range in words."""
    others = table[table["kind"] != MAIN]["estimate"].dropna()
    if not len(others):
        return f"{AXES[measure]} of {label}: no change of the analysis gives an estimate."
    at = table["estimate"].iloc[0]
    main = f"{number(at)} in the main analysis" if np.isfinite(at) else "no estimate in the main analysis"
    low, high = number(others.min()), number(others.max())
    return f"{AXES[measure]} of {label}: {main}, from {low} to {high} when changed."
