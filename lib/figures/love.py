"""The love plot: every covariate's standardised difference before and after matching."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from lib.balance import BalanceTable
from lib.figures.style import (
    BAND,
    GREY,
    GRID,
    INK,
    QUIET,
    SMALL,
    Drawn,
    blank,
    nice_range,
    number,
    plural,
    wrapped,
)

THRESHOLD = 0.1
LABEL_LETTERS = 30
AXIS_TITLE = "|SMD|: difference in means, in SDs of the treated before matching"
STAGES = (("before", "circle-open", GREY), ("after", "circle", INK))


def love(balance: BalanceTable) -> Drawn:
    """|SMD| of every covariate, largest before matching first; levels of a factor stand together under its name.

    Infinite values are arrows at the right edge, undefined ones words. The shaded band is what pure chance leaves below it
    in 95 of 100 randomised comparisons of this size.
    """
    numbers = love_numbers(balance)
    rows = display_rows(numbers)
    top = axis_top(numbers, balance.chance_band)
    pitch = 30 if len(rows) <= 30 else 24
    figure = blank(128 + pitch * len(rows), margin={"b": 60})
    draw_reference(figure, balance.chance_band, top, len(rows))
    draw_moves(figure, rows)
    for stage, symbol, color in STAGES:
        draw_stage(figure, rows, stage, symbol, color, top, balance)
    draw_undefined(figure, rows)
    figure.update_xaxes(title_text=AXIS_TITLE, range=[0, top], showgrid=True, gridcolor=GRID)
    figure.update_yaxes(
        range=[len(rows) - 0.4, -1.6], tickvals=rows["y"], ticktext=rows["label"], ticks="", showgrid=True
    )
    return Drawn(figure, numbers, alt_text(numbers, balance))


def love_numbers(balance: BalanceTable) -> pd.DataFrame:
    """covariate, level, smd_before, smd_after (signed), before, after (absolute), in the order drawn."""
    table = balance.rows[["covariate", "level", "smd_before", "smd_after"]].reset_index(drop=True)
    table["before"], table["after"] = table["smd_before"].abs(), table["smd_after"].abs()
    largest = table.groupby("covariate", sort=False)["before"].transform("max").fillna(-1)
    order = pd.DataFrame(
        {"largest": -largest, "covariate": pd.factorize(table["covariate"])[0], "before": -table["before"].fillna(-1)}
    )
    return table.loc[order.sort_values(["largest", "covariate", "before"], kind="stable").index].reset_index(drop=True)


def display_rows(numbers: pd.DataFrame) -> pd.DataFrame:
    """The rows with their label and height y; a factor gets a row of its own for its name, without numbers."""
    rows = []
    for covariate, part in numbers.groupby("covariate", sort=False):
        is_factor = part["level"].notna().any()
        if is_factor:
            rows.append(
                {"label": wrapped(covariate, LABEL_LETTERS, 1), "before": np.nan, "after": np.nan, "heading": True}
            )
        for row in part.itertuples():
            label = f"{wrapped(row.level, LABEL_LETTERS - 4, 1)}" if is_factor else wrapped(covariate, LABEL_LETTERS, 1)
            rows.append(
                {"label": label, "before": row.before, "after": row.after, "heading": False, "indented": is_factor}
            )
    table = pd.DataFrame(rows)
    table["label"] = [
        f"<i>{t}</i>" if i is True else f"<b>{t}</b>" if h else t
        for t, h, i in zip(table["label"], table["heading"], table.get("indented", False), strict=True)
    ]
    return table.assign(y=np.arange(len(table)))


def axis_top(numbers: pd.DataFrame, band: float) -> float:
    """The right end of the axis: room for every finite value and the band."""
    finite = numbers[["before", "after"]].to_numpy()
    finite = np.append(finite[np.isfinite(finite)], [2.5 * THRESHOLD, 1.06 * band if np.isfinite(band) else 0])
    return nice_range(np.append(finite, 0.0), pad=0.03)[1]


def draw_reference(figure: go.Figure, band: float, top: float, rows: int) -> None:
    """The 0.1 line and the chance band, each with its name in the free row at the top."""
    if np.isfinite(band):
        figure.add_shape(
            type="rect", x0=0, x1=min(band, top), y0=-1.6, y1=rows, fillcolor=BAND, line_width=0, layer="below"
        )
        figure.add_annotation(
            x=min(band, top),
            y=-1.1,
            text=f"chance alone: below {number(band, 2)}",
            showarrow=False,
            xanchor="right",
            xshift=-4,
            font={"size": SMALL, "color": QUIET},
        )
    figure.add_shape(
        type="line", x0=THRESHOLD, x1=THRESHOLD, y0=-1.6, y1=rows, line={"color": INK, "width": 1.2, "dash": "dash"}
    )
    figure.add_annotation(
        x=THRESHOLD, y=-1.1, text="0.1", showarrow=False, xanchor="left", xshift=4, font={"size": SMALL}
    )


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


def draw_stage(figure, rows, stage, symbol, color, top, balance) -> None:
    """One stage's points, and arrows at the edge where it is infinite."""
    label = (
        "Before matching"
        if stage == "before"
        else (f"After matching ({balance.n_treated:,} treated, {plural(balance.n_control, 'control')})")
    )
    infinite = rows[np.isinf(rows[stage])]
    figure.add_trace(
        go.Scatter(
            x=rows[stage].where(np.isfinite(rows[stage])),
            y=rows["y"],
            mode="markers",
            name=label,
            marker={"symbol": symbol, "size": 11, "color": color, "line": {"color": color, "width": 2}},
            hovertemplate="%{x:.3f}<extra>" + stage + "</extra>",
        )
    )
    if len(infinite):
        shape = "triangle-right-open" if stage == "before" else "triangle-right"
        figure.add_trace(
            go.Scatter(
                x=np.full(len(infinite), top),
                y=infinite["y"],
                mode="markers+text",
                text=f"infinite {stage}",
                textposition="middle left",
                textfont={"size": SMALL},
                showlegend=False,
                cliponaxis=False,
                hoverinfo="skip",
                marker={"symbol": shape, "size": 12, "color": color, "line": {"color": color, "width": 2}},
            )
        )


def draw_undefined(figure: go.Figure, rows: pd.DataFrame) -> None:
    """Words where no difference is defined."""
    for row in rows[~rows["heading"]].itertuples():
        missing = [stage for stage, _, _ in STAGES if np.isnan(getattr(row, stage))]
        if missing:
            figure.add_annotation(
                x=0,
                y=row.y,
                xanchor="left",
                xshift=4,
                showarrow=False,
                font={"size": SMALL, "color": QUIET},
                text=f"not defined {' or '.join(missing)}",
            )


def alt_text(numbers: pd.DataFrame, balance: BalanceTable) -> str:
    """How many covariates, how far the worst, and against what."""
    worst = numbers.loc[numbers["after"].fillna(-1).idxmax()] if len(numbers) else None
    after = "" if worst is None else f"; the largest after matching is {number(worst['after'])} ({worst['covariate']})"
    above = int((numbers["after"] > THRESHOLD).sum())
    return (
        f"Absolute standardised mean differences before and after matching for {plural(len(numbers), 'row')}: "
        f"{above} after matching above {THRESHOLD}{after}; chance alone stays below {number(balance.chance_band, 2)}."
    )
