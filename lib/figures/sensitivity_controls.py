"""Fragility of the match: how often each control is chosen, and how far the estimate moves."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from ..measures import RATIOS, SHARES
from ..sensitivity.fragility import CORE, KINDS, MAIN, Fragility
from ..words import counted
from .forest_plot import AXES
from .sensitivity_curve import estimate_axis
from .style import BLUE, GREY, INK, QUIET, SMALL, VERMILLION, Drawn, blank, draw_rule
from .words import number, text_px, wrapped

MOST_CONTROLS = 400  # columns drawn; the rest are chosen more rarely than these
ROW_PX = 34
SHADES = [[0, "#FFFFFF"], [0.02, "#E3EEF6"], [0.5, "#6BAED6"], [1, "#08306B"]]


def selection_map(found: Fragility) -> Drawn:
    """A column for every control ever chosen, the most often chosen first; a row for each kind of change; darker is
    more often. The core is left of the line."""
    shares = found.shares.head(MOST_CONTROLS)
    kinds = [kind for kind in KINDS if kind in shares]
    rows = {"In the main analysis": shares["main"].astype(float)} | {KINDS[kind]: shares[kind] for kind in kinds}
    rows["All changes together"] = shares["share"]
    figure = blank(150 + ROW_PX * len(rows), margin={"b": 66, "t": 34, "l": 24 + text_px(rows), "r": 90})
    figure.add_trace(
        go.Heatmap(
            z=np.array(list(rows.values()), dtype=float),
            x=np.arange(1, len(shares) + 1),
            y=np.arange(len(rows)),
            zmin=0,
            zmax=1,
            ygap=3,
            colorscale=SHADES,
            hovertemplate="control %{x}: %{z:.0%}<extra></extra>",
            colorbar={"tickformat": ".0%", "thickness": 12, "len": 0.9, "outlinewidth": 0},
        )
    )
    core = int((found.shares["share"] > CORE).sum())
    draw_core(figure, core, len(shares), len(rows))
    title = f"Controls ever chosen ({len(found.shares):,}), the most often chosen first"
    figure.update_xaxes(title_text=title, range=[0.5, len(shares) + 0.5])
    figure.update_yaxes(
        range=[len(rows) - 0.5, -0.5], tickvals=np.arange(len(rows)), ticktext=list(rows), ticks="", showline=False
    )
    changed = len(found.variants) - 1
    alt = (
        f"How often each of {counted(len(found.shares), 'control')} is chosen over {counted(changed, 'change')} of "
        f"the analysis; {core:,} of them, the core, in more than {CORE:.0%}, against "
        f"{int(found.shares['main'].sum()):,} in the main analysis."
    )
    return Drawn(figure, found.shares.drop(columns="row").assign(rank=np.arange(1, len(found.shares) + 1)), alt)


def draw_core(figure: go.Figure, core: int, shown: int, rows: int) -> None:
    """The line right of the controls chosen in more than CORE of the changes."""
    x = min(core, shown) + 0.5
    figure.add_shape(type="line", x0=x, x1=x, y0=-0.5, y1=rows - 0.5, line={"color": VERMILLION, "width": 2})
    right = x > shown / 2
    figure.add_annotation(
        x=x,
        y=-0.5,
        yanchor="bottom",
        xanchor="right" if right else "left",
        showarrow=False,
        text=f"core: {counted(core, 'control')} chosen in more than {CORE:.0%}",
        font={"size": SMALL, "color": INK},
    )


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
