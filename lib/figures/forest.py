"""The forest plot: one measure of effect for several outcomes."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from lib.figures.style import GRID, INK, QUIET, SMALL, Drawn, blank, nice_range, number, plural, wrapped
from lib.outcomes.results import OutcomeResult

MEASURES = {
    "risk_difference": "Risk difference (treated minus controls)",
    "mean_difference": "Mean difference (treated minus controls)",
    "risk_ratio": "Risk ratio (treated / controls)",
    "odds_ratio": "Odds ratio (treated / controls)",
    "odds_ratio_by_set": "Odds ratio within matched sets (treated / controls)",
    "hazard_ratio": "Hazard ratio (treated / controls)",
    "rmst_difference": "Difference in mean survival time to the horizon (treated minus controls)",
    "hodges_lehmann_shift": "Shift within matched sets (treated minus controls)",
}
RATIOS = ("risk_ratio", "odds_ratio", "odds_ratio_by_set", "hazard_ratio")
RATIO_SPAN = 1_000.0  # a ratio axis reaches from 1/1000 to 1000 at most


def forest(
    outcomes: Sequence[OutcomeResult], measure: str = "risk_difference", labels: dict[str, str] | None = None
) -> Drawn:
    """Estimate and 95% interval of `measure` for every outcome that has it; what does not exist is said in words.

    A limit beyond the axis, or that does not exist, ends in an arrow.  labels: outcome name -> words, else the name.
    """
    numbers = forest_numbers(outcomes, measure)
    ratio = measure in RATIOS
    low, high = axis_range(numbers, ratio)
    figure = blank(92 + 44 * max(len(numbers), 1), showlegend=False, margin={"t": 12, "b": 60})
    rows = numbers.assign(y=np.arange(len(numbers)))
    figure.add_shape(
        type="line",
        x0=1 if ratio else 0,
        x1=1 if ratio else 0,
        y0=0,
        y1=1,
        yref="paper",
        line={"color": QUIET, "width": 1.4, "dash": "dash"},
    )
    for row in rows[rows["estimate"].notna() | rows["ci_high"].notna() | rows["ci_low"].notna()].itertuples():
        draw_interval(figure, row, low, high, ratio)
    draw_words(figure, rows)
    words = labels or {}
    names = [
        wrapped(words.get(r.outcome, r.outcome), 30, 2) + (" <b>(primary)</b>" if r.primary else "")
        for r in rows.itertuples()
    ]
    figure.update_yaxes(range=[len(rows) - 0.4, -0.6], tickvals=rows["y"], ticktext=names, ticks="")
    style_x(figure, measure, low, high, ratio)
    return Drawn(figure, numbers, alt_text(numbers, measure))


def forest_numbers(outcomes: Sequence[OutcomeResult], measure: str) -> pd.DataFrame:
    """One row per outcome with this measure (its first, default method): outcome, primary, estimate, ci_low, ci_high, method,
    note."""
    rows = []
    for outcome in outcomes:
        found = [e for e in outcome.estimates if e.measure == measure]
        if found:
            e = found[0]
            rows.append((outcome.name, outcome.primary, e.estimate, e.ci_low, e.ci_high, e.method, e.note))
    return pd.DataFrame(rows, columns=["outcome", "primary", "estimate", "ci_low", "ci_high", "method", "note"])


def axis_range(numbers: pd.DataFrame, ratio: bool) -> tuple[float, float]:
    """Room for every finite estimate and limit and for no effect; a ratio's ends are equally far from 1 on the log scale."""
    v = numbers[["estimate", "ci_low", "ci_high"]].to_numpy(float).ravel()
    v = v[np.isfinite(v)]
    if not ratio:
        return nice_range(np.append(v, [0.0, 0.1]), pad=0.04)
    v = v[v > 0]
    reach = min(RATIO_SPAN, max(np.exp(np.abs(np.log(v))).max(initial=2.0) * 1.15, 2.0))
    return 1 / reach, reach


def draw_interval(figure: go.Figure, row, low: float, high: float, ratio: bool) -> None:
    """The interval as a line with an arrow where it leaves the axis, the estimate as a square if it exists."""
    floor = 0.0 if ratio else -np.inf
    left = row.ci_low if np.isfinite(row.ci_low) and row.ci_low > floor and row.ci_low >= low else None
    right = row.ci_high if np.isfinite(row.ci_high) and row.ci_high <= high else None
    symbols = [
        "line-ns-open" if left is not None else "triangle-left",
        "line-ns-open" if right is not None else "triangle-right",
    ]
    figure.add_trace(
        go.Scatter(
            x=[low if left is None else left, high if right is None else right],
            y=[row.y, row.y],
            mode="lines+markers",
            line={"color": INK, "width": 2},
            cliponaxis=False,
            hoverinfo="skip",
            marker={"symbol": symbols, "size": 10, "color": INK, "line": {"width": 2}},
        )
    )
    if low <= row.estimate <= high:
        figure.add_trace(
            go.Scatter(
                x=[row.estimate],
                y=[row.y],
                mode="markers",
                hoverinfo="skip",
                marker={"symbol": "square", "size": 12 if row.primary else 10, "color": INK},
            )
        )


def draw_words(figure: go.Figure, rows: pd.DataFrame) -> None:
    """The numbers on the right of each row."""
    for row in rows.itertuples():
        figure.add_annotation(
            x=1.01,
            xref="paper",
            y=row.y,
            xanchor="left",
            showarrow=False,
            align="left",
            text=wrapped(in_words(row), 30, 3),
            font={"size": SMALL if np.isnan(row.estimate) else None},
        )
    figure.update_layout(margin_r=230)


def in_words(row) -> str:
    """Estimate and interval, or what can be said without them."""
    low, high = row.ci_low, row.ci_high
    if not (np.isfinite(low) or np.isfinite(high)):
        interval = "no interval"
    elif not np.isfinite(high):
        interval = f"above {number(low, 2)}"
    elif not np.isfinite(low):
        interval = f"below {number(high, 2)}"
    else:
        interval = f"{number(low, 2)} to {number(high, 2)}"
    if np.isfinite(row.estimate):
        return f"{number(row.estimate, 2)} ({interval})"
    return f"no estimate ({interval})" if interval != "no interval" else row.note or "no estimate"


def style_x(figure: go.Figure, measure: str, low: float, high: float, ratio: bool) -> None:
    """The x axis: linear, or logarithmic for a ratio."""
    axis = {"title": {"text": MEASURES.get(measure, measure)}, "showgrid": True, "gridcolor": GRID}
    if ratio:
        ticks = [
            t for t in (0.001, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 1000) if low <= t <= high
        ]
        ticks = ticks if high < 30 else [t for t in ticks if np.log10(t).is_integer()]
        axis |= {
            "type": "log",
            "range": [np.log10(low), np.log10(high)],
            "tickvals": ticks,
            "ticktext": [f"{t:g}" for t in ticks],
        }
    else:
        axis |= {"range": [low, high]}
    figure.update_xaxes(axis)


def alt_text(numbers: pd.DataFrame, measure: str) -> str:
    """Every row in words."""
    rows = "; ".join(f"{r.outcome} {in_words(r)}" for r in numbers.itertuples())
    return f"{MEASURES.get(measure, measure)} with 95% intervals for {plural(len(numbers), 'outcome')}: {rows}."
