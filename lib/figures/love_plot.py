"""The love plot: every covariate's standardised difference before and after matching."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from ..balance import BalanceTable
from ..words import counted
from ..words.tables import records
from .style import BAND, GREY, INK, QUIET, SMALL, Drawn, blank, draw_rule, nice_range
from .words import number, text_px, wrapped

THRESHOLD = 0.1
LETTERS, INDENT = 32, 18
HEADER = -2.1  # where the free rows on top begin
AXIS_TITLE = "|SMD|, in SDs of the treated before matching"
STAGES = (("before", "circle-open", GREY), ("after", "circle", INK))


def love(balance: BalanceTable) -> Drawn:
    """|SMD| of every covariate, largest before matching first; levels of a factor stand together under its name.

    Infinite values are arrows at the right edge, undefined ones words. The shaded band is where 95 of 100 randomised
    comparisons of this size lie (BalanceTable.chance_band).
    """
    numbers = love_numbers(balance)
    rows = display_rows(numbers)
    top = axis_top(numbers, balance.chance_band)
    pitch = 26 if len(rows) > 30 else 38 if rows["label"].str.contains("<br>").any() else 30
    figure = blank(148 + pitch * len(rows), margin={"b": 60})
    draw_reference(figure, balance.chance_band, top, len(rows))
    draw_moves(figure, rows)
    for stage, symbol, color in STAGES:
        name = (
            "Before matching"
            if stage == "before"
            else (f"After matching ({balance.n_treated:,} treated, {counted(balance.n_control, 'control')})")
        )
        draw_stage(figure, rows, stage, {"symbol": symbol, "color": color}, name)
        draw_infinite(figure, rows, stage, color, top)
    draw_undefined(figure, rows)
    figure.update_xaxes(title_text=AXIS_TITLE, range=[0, top], showgrid=True)
    figure.update_yaxes(
        range=[len(rows) - 0.4, HEADER], tickvals=rows["y"], showticklabels=False, ticks="", showgrid=True
    )
    write_labels(figure, rows)
    return Drawn(figure, numbers, alt_text(numbers, balance))


def love_numbers(balance: BalanceTable) -> pd.DataFrame:
    """covariate, level, smd_before, smd_after (signed), before, after (absolute), in the order drawn."""
    table = balance.rows[["covariate", "level", "smd_before", "smd_after"]].reset_index(drop=True)
    table["before"], table["after"] = table["smd_before"].abs(), table["smd_after"].abs()
    keys = pd.DataFrame(
        {
            "largest": -table.groupby("covariate", sort=False)["before"].transform("max").fillna(-1),
            "covariate": pd.factorize(table["covariate"])[0],
            "before": -table["before"].fillna(-1),
        }
    )
    return table.loc[keys.sort_values(list(keys.columns), kind="stable").index].reset_index(drop=True)


def display_rows(numbers: pd.DataFrame) -> pd.DataFrame:
    """The rows drawn: label, depth (1 for a level), before, after, y; a factor's name has a row of its own, all NaN."""
    lines = 1 if len(numbers) > 30 else 2
    rows = []
    for covariate, part in numbers.groupby("covariate", sort=False):
        depth = int(part["level"].notna().any())
        if depth:
            rows.append((f"<b>{wrapped(covariate, LETTERS, lines)}</b>", -1, np.nan, np.nan))
        for row in records(part):
            name = row.level if depth else covariate
            rows.append((wrapped(name, LETTERS - 2 * depth, lines), depth, row.before, row.after))
    table = pd.DataFrame(rows, columns=["label", "depth", "before", "after"])
    return table.assign(y=np.arange(len(table)))


def axis_top(numbers: pd.DataFrame, band: float) -> float:
    """The right end of the axis: room for every finite value and the band."""
    finite = numbers[["before", "after"]].to_numpy(float).ravel()
    finite = np.append(finite[np.isfinite(finite)], [0.0, 2.5 * THRESHOLD, 1.06 * band if np.isfinite(band) else 0])
    return nice_range(finite, pad=0.03)[1]


def draw_reference(figure: go.Figure, band: float, top: float, rows: int) -> None:
    """The chance band and the 0.1 line, each with its name in the free rows on top."""
    small = {"size": SMALL, "color": QUIET}
    ends = {"y0": HEADER, "y1": rows}
    if np.isfinite(band):
        figure.add_shape(type="rect", x0=0, x1=band, fillcolor=BAND, line_width=0, layer="below", **ends)
        words = f"shaded: below {number(band, 2)}, where chance alone leaves 95% of randomised comparisons of this size"
        outside = band < 0.6 * top
        figure.add_annotation(
            x=band,
            y=-1.45,
            text=wrapped(words, 46),
            font=small,
            showarrow=False,
            xanchor="left" if outside else "right",
            align="left" if outside else "right",
            xshift=4 if outside else -4,
        )
    draw_rule(figure, THRESHOLD, (HEADER, rows), color=INK, width=1.2)
    figure.add_annotation(x=THRESHOLD, y=-0.75, text="0.1", showarrow=False, xanchor="left", xshift=4, font=small)


def draw_moves(figure: go.Figure, rows: pd.DataFrame) -> None:
    """A thin line from before to after."""
    both = rows[np.isfinite(rows["before"]) & np.isfinite(rows["after"])]
    gap = np.full(len(both), np.nan)
    figure.add_trace(
        go.Scatter(
            x=np.column_stack([both["before"], both["after"], gap]).ravel(),
            y=np.column_stack([both["y"], both["y"], gap]).ravel(),
            mode="lines",
            line={"color": "#BDBDBD", "width": 1.5},
            hoverinfo="skip",
            showlegend=False,
        )
    )


def draw_stage(figure: go.Figure, rows: pd.DataFrame, stage: str, marker: dict, name: str) -> None:
    """One stage's finite values."""
    figure.add_trace(
        go.Scatter(
            x=rows[stage].where(np.isfinite(rows[stage])),
            y=rows["y"],
            mode="markers",
            name=name,
            cliponaxis=False,
            marker={"size": 11, "line": {"color": marker["color"], "width": 2}, **marker},
            hovertemplate="%{x:.3f}<extra>" + stage + "</extra>",
        )
    )


def draw_infinite(figure: go.Figure, rows: pd.DataFrame, stage: str, color: str, top: float) -> None:
    """Arrows at the right edge where one stage's difference is infinite (no spread, but different means)."""
    infinite = rows[np.isinf(rows[stage])]
    if len(infinite):
        symbol = "triangle-right-open" if stage == "before" else "triangle-right"
        figure.add_trace(
            go.Scatter(
                x=np.full(len(infinite), top),
                y=infinite["y"],
                mode="markers+text",
                text=f"infinite {stage}  ",
                textposition="middle left" if stage == "before" else "bottom left",
                textfont={"size": SMALL},
                showlegend=False,
                cliponaxis=False,
                hoverinfo="skip",
                marker={"symbol": symbol, "size": 12, "color": color, "line": {"color": color, "width": 2}},
            )
        )


def draw_undefined(figure: go.Figure, rows: pd.DataFrame) -> None:
    """Words where no difference is defined."""
    for row in records(rows[rows["depth"] >= 0]):
        missing = [stage for stage, _, _ in STAGES if np.isnan(getattr(row, stage))]
        if missing:
            text = f"not defined {' or '.join(missing)}"
            style = {"font": {"size": SMALL, "color": QUIET}, "showarrow": False, "xanchor": "left", "xshift": 6}
            figure.add_annotation(x=THRESHOLD, y=row.y, text=text, **style)


def write_labels(figure: go.Figure, rows: pd.DataFrame) -> None:
    """Row names, flush left so that levels can be indented under their factor; the margin is as wide as they need."""
    indents = rows["depth"].clip(lower=0) * INDENT
    margin = 24 + max(text_px([label]) + indent for label, indent in zip(rows["label"], indents, strict=True))
    figure.update_layout(margin_l=margin)
    for row, indent in zip(records(rows), indents, strict=True):
        place = {"x": 0, "xref": "paper", "xanchor": "left", "xshift": indent + 8 - margin, "y": row.y}
        figure.add_annotation(text=row.label, showarrow=False, align="left", **place)


def alt_text(numbers: pd.DataFrame, balance: BalanceTable) -> str:
    """How many rows, how far the worst, and against what."""
    worst = numbers.iloc[int(numbers["after"].fillna(-1).argmax())]
    above = int((numbers["after"] > THRESHOLD).sum())
    return (
        f"Absolute standardised mean differences before and after matching in {counted(len(numbers), 'row')}: {above} "
        f"above {THRESHOLD} after matching, the largest {number(worst['after'])} ({worst['covariate']}); with this "
        f"many patients chance alone stays below {number(balance.chance_band, 2)} in 95% of randomised comparisons."
    )
