"""The love plot: every covariate's standardised difference before and after matching."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from ..balance import BalanceTable, BalanceTest
from ..balance.table import mirrored
from ..words import counted
from ..words.tables import records
from .style import GREY, INK, QUIET, SMALL, Drawn, blank, draw_rule, nice_range
from .words import number, text_px, wrapped

THRESHOLD = 0.1
LETTERS, INDENT = 32, 18
HEADER = -1.2  # where the free row on top begins
AXIS_TITLE = "Difference in standard deviations<br>of the treated (|SMD|)"
SIGNED_TITLE = "← controls more · treated more →<br>standard deviations of the treated (SMD)"
SIZES = {"before": 15, "after": 9}  # px of the marks, so that one on the other is seen
SHADE = "#E3E3E3"  # a touch darker than BAND, so that bars of unequal length are seen
DESCRIBED = "Only described"
LOTTERY = "A lottery stays within this (95% of draws)"
STAGES = (("before", "circle-open", GREY), ("after", "circle", INK))


def love(balance: BalanceTable, test: BalanceTest, signed: bool = False) -> Drawn:
    """|SMD| of every covariate, largest before matching first, then of the described columns; levels of a factor stand
    together under its name.  signed: with its sign, treated minus controls.

    Infinite values are arrows at the edge, undefined ones words. The shaded bar of a row is what a lottery stays
    within (BalanceTest): in 95 of 100 deals all covariates do.
    """
    numbers = love_numbers(balance, test)
    rows = display_rows(numbers, signed)
    top = axis_top(numbers)
    low = -top if signed else 0.0
    pitch = 26 if len(rows) > 30 else 38 if rows["label"].str.contains("<br>").any() else 30
    figure = blank(146 + pitch * len(rows), margin={"b": 76})
    draw_lottery(figure, rows, low, top)
    draw_limit(figure, len(rows), signed)
    draw_moves(figure, rows)
    after = f"After matching ({balance.n_treated:,} treated, {counted(balance.n_control, 'control')})"
    for (stage, symbol, color), name in zip(STAGES, ("Before matching", after), strict=True):
        draw_stage(figure, rows, stage, {"symbol": symbol, "color": color}, name)
        draw_infinite(figure, rows, stage, color, top)
    draw_undefined(figure, rows)
    title = SIGNED_TITLE if signed else AXIS_TITLE
    figure.update_xaxes(title={"text": title, "font": {"size": SMALL}}, range=[low, top], showgrid=True)
    figure.update_yaxes(
        range=[len(rows) - 0.4, HEADER], tickvals=rows["y"], showticklabels=False, ticks="", showgrid=True
    )
    write_labels(figure, rows)
    return Drawn(figure, numbers, alt_text(numbers))


def love_numbers(balance: BalanceTable, test: BalanceTest) -> pd.DataFrame:
    """covariate, level, role (covariate | described), smd_before, smd_after (signed), limit (of a lottery), before,
    after (absolute), in the order drawn. Of two levels the last stands for both."""
    parts = ((balance.rows, "covariate", test.covariates), (balance.described, "described", test.described))
    made = [_sorted(table, role, limits.smd) for table, role, limits in parts if len(table)]
    return pd.concat(made, ignore_index=True)


def _sorted(table: pd.DataFrame, role: str, limit: np.ndarray) -> pd.DataFrame:
    table = table[["covariate", "level", "smd_before", "smd_after"]].assign(limit=limit)[~mirrored(table)]
    table = table.reset_index(drop=True)
    table.insert(2, "role", role)
    table["before"], table["after"] = table["smd_before"].abs(), table["smd_after"].abs()
    keys = pd.DataFrame(
        {
            "largest": -table.groupby("covariate", sort=False)["before"].transform("max").fillna(-1),
            "covariate": pd.factorize(table["covariate"])[0],
            "before": -table["before"].fillna(-1),
        }
    )
    return table.loc[keys.sort_values(list(keys.columns), kind="stable").index]


def display_rows(numbers: pd.DataFrame, signed: bool = False) -> pd.DataFrame:
    """The rows drawn: label, depth (1 for a level), before, after, limit, y; a factor's name and the head of the
    described columns have rows of their own, all NaN.  signed: before and after with their sign."""
    lines = 1 if len(numbers) > 30 else 2
    rows = []
    for role, group in numbers.groupby("role", sort=False):
        if role == "described":
            rows.append(_head(wrapped(DESCRIBED, LETTERS, lines)))
        for covariate, part in group.groupby("covariate", sort=False):
            depth = int(len(part) > 1)
            if depth:
                rows.append(_head(wrapped(covariate, LETTERS, lines)))
            for row in records(part):
                name = row.level if depth else covariate if pd.isna(row.level) else f"{covariate} = {row.level}"
                sizes = (row.smd_before, row.smd_after) if signed else (row.before, row.after)
                rows.append((wrapped(name, LETTERS - 2 * depth, lines), depth, *sizes, row.limit))
    table = pd.DataFrame(rows, columns=["label", "depth", "before", "after", "limit"])
    return table.assign(y=np.arange(len(table)))


def _head(name: str) -> tuple[str, int, float, float, float]:
    return f"<b>{name}</b>", -1, np.nan, np.nan, np.nan


def axis_top(numbers: pd.DataFrame) -> float:
    """The right end of the axis: room for every finite value and limit."""
    finite = numbers[["before", "after", "limit"]].to_numpy(float).ravel()
    return nice_range(np.append(finite[np.isfinite(finite)], [0.0, 2.5 * THRESHOLD]), pad=0.03)[1]


def draw_lottery(figure: go.Figure, rows: pd.DataFrame, low: float, top: float) -> None:
    """A shaded bar behind each row as far as its limit, on both sides where there are two; to the edge where it is
    infinite, none where there is none."""
    limited = rows[rows["limit"].notna()]
    if len(limited):
        right = limited["limit"].clip(upper=top)
        left = np.maximum(-right, low)
        figure.add_trace(
            go.Bar(
                x=right - left,
                base=left,
                y=limited["y"],
                orientation="h",
                width=1,
                marker={"color": SHADE, "line": {"width": 0}},
                name=LOTTERY,
                customdata=limited["limit"],
                hovertemplate="%{customdata:.3f}<extra>a lottery stays within</extra>",
            )
        )


def draw_limit(figure: go.Figure, rows: int, signed: bool) -> None:
    """The 0.1 line, with its name in the free row on top; signed, on both sides of a line at 0."""
    small = {"size": SMALL, "color": QUIET}
    for at in (-THRESHOLD, THRESHOLD) if signed else (THRESHOLD,):
        draw_rule(figure, at, (HEADER, rows), color=INK, width=1.2, layer="above")
        side, shift = ("left", 4) if at > 0 else ("right", -4)
        place = {"x": at, "y": -0.85, "xanchor": side, "xshift": shift}
        figure.add_annotation(text="0.1" if at > 0 else "−0.1", showarrow=False, font=small, **place)
    if signed:
        draw_rule(figure, 0.0, (HEADER, rows), color=GREY, width=1, dash="solid", layer="above")


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
            marker={"size": SIZES[stage], "line": {"color": marker["color"], "width": 2}, **marker},
            hovertemplate="%{x:.3f}<extra>" + stage + "</extra>",
        )
    )


def draw_infinite(figure: go.Figure, rows: pd.DataFrame, stage: str, color: str, top: float) -> None:
    """Arrows at the edge where one stage's difference is infinite (no spread, but different means)."""
    for edge, name, inwards in ((top, "right", "left"), (-top, "left", "right")):
        infinite = rows[np.isinf(rows[stage]) & (np.sign(rows[stage]) == np.sign(edge))]
        if infinite.empty:
            continue
        symbol = f"triangle-{name}-open" if stage == "before" else f"triangle-{name}"
        figure.add_trace(
            go.Scatter(
                x=np.full(len(infinite), edge),
                y=infinite["y"],
                mode="markers+text",
                text=f"infinite {stage}  " if name == "right" else f"  infinite {stage}",
                textposition=f"middle {inwards}" if stage == "before" else f"bottom {inwards}",
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


def alt_text(numbers: pd.DataFrame) -> str:
    """How many rows, how far the worst, and how many are beyond a lottery."""
    worst = numbers.iloc[int(numbers["after"].fillna(-1).argmax())]
    above = int((numbers["after"] > THRESHOLD).sum())
    text = (
        f"Absolute standardised mean differences before and after matching in {counted(len(numbers), 'row')}: {above} "
        f"above {THRESHOLD} after matching, the largest {number(worst['after'])} ({worst['covariate']})"
    )
    if numbers["limit"].isna().all():
        return f"{text}."
    beyond = int((numbers["after"] > numbers["limit"]).sum())
    return f"{text}; {counted(beyond, 'row')} beyond what a lottery stays within in 95% of draws."
