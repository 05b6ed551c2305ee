"""The published p-values beside those that count the matched sets."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from lib.figures.style import (
    CONTROL,
    GRID,
    INK,
    QUIET,
    SMALL,
    TREATED,
    Drawn,
    blank,
    p_digits,
    p_text,
    percent,
    plural,
    wrapped,
)
from lib.outcomes.results import OutcomeResult, Test

LOWEST = 0.001  # smaller p-values stand at this edge
BY_SET = ("exact_by_set", "aligned_rank_by_set", "logrank_by_set")  # the first of each kind of outcome
PUBLISHED = ("mcnemar_pairs", "wilcoxon_signed_rank_pairs", "logrank")


def p_comparison(outcomes: Sequence[OutcomeResult], labels: dict[str, str] | None = None) -> Drawn:
    """For every outcome the p of the published convention (pairs as if independent) and that by matched set, on a log axis
    with a line at 0.05.  labels: outcome name -> words, else the name."""
    numbers = p_numbers(outcomes)
    figure = blank(118 + 46 * len(numbers), margin={"b": 60, "r": 40})
    y = np.arange(len(numbers))
    figure.add_shape(
        type="line", x0=0.05, x1=0.05, y0=0, y1=1, yref="paper", line={"color": QUIET, "width": 1.4, "dash": "dash"}
    )
    gap = np.full(len(numbers), np.nan)
    ends = numbers[["p_published", "p_by_set"]].clip(lower=LOWEST).to_numpy()
    figure.add_trace(
        go.Scatter(
            x=np.column_stack([ends, gap]).ravel(),
            y=np.repeat(y, 3),
            mode="lines",
            showlegend=False,
            line={"color": "#BDBDBD", "width": 2},
            hoverinfo="skip",
        )
    )
    draw_p(figure, numbers, "p_published", "As published, pairs counted as independent", "diamond-open", CONTROL.color)
    draw_p(figure, numbers, "p_by_set", "By matched set", "circle", TREATED.color)
    words = labels or {}
    names = [
        f"{wrapped(words.get(r.outcome, r.outcome), 30, 2)}<br><span style='font-size:0.85em'>{units(r)}</span>"
        for r in numbers.itertuples()
    ]
    figure.update_yaxes(range=[len(numbers) - 0.4, -0.7], tickvals=y, ticktext=names, ticks="")
    p_axis(figure, "p-value (two-sided, log scale)")
    return Drawn(figure, numbers, p_alt(numbers))


def p_numbers(outcomes: Sequence[OutcomeResult]) -> pd.DataFrame:
    """One row per outcome with both tests: outcome, test_published, p_published, pairs, test_by_set, p_by_set, sets."""
    rows = []
    for outcome in outcomes:
        old, new = first_test(outcome, PUBLISHED), first_test(outcome, BY_SET)
        if old and new:
            rows.append(
                (outcome.name, old.name, old.p_value, old.n_units, old.unit, new.name, new.p_value, new.n_units)
            )
    return pd.DataFrame(
        rows,
        columns=[
            "outcome",
            "test_published",
            "p_published",
            "units_published",
            "unit_published",
            "test_by_set",
            "p_by_set",
            "sets",
        ],
    )


def first_test(outcome: OutcomeResult, names: Sequence[str]) -> Test | None:
    """The first test of the matched sample with one of these names."""
    return next((t for t in outcome.tests if t.sample == "matched" and t.name in names), None)


def units(row) -> str:
    """What each test counts."""
    return f"{plural(row.units_published, row.unit_published)}, from {plural(row.sets, 'set')}"


def draw_p(figure: go.Figure, numbers: pd.DataFrame, column: str, name: str, symbol: str, color: str) -> None:
    """One convention's points with their p above."""
    p = numbers[column]
    figure.add_trace(
        go.Scatter(
            x=p.clip(lower=LOWEST),
            y=np.arange(len(p)),
            mode="markers+text",
            name=name,
            cliponaxis=False,
            hoverinfo="skip",
            text=[p_digits(v) if np.isfinite(v) else "" for v in p],
            textposition="top center",
            textfont={"size": SMALL, "color": INK},
            marker={"symbol": symbol, "size": 12, "color": color, "line": {"width": 2, "color": color}},
        )
    )


def p_axis(figure: go.Figure, title: str) -> None:
    """A log axis for p with plain numbers."""
    ticks = [0.001, 0.01, 0.05, 0.1, 0.2, 0.5, 1]
    figure.update_xaxes(
        type="log",
        range=[np.log10(LOWEST) - 0.08, 0.06],
        tickvals=ticks,
        ticktext=[f"{t:g}" for t in ticks],
        showgrid=True,
        gridcolor=GRID,
        title_text=title,
    )


def p_alt(numbers: pd.DataFrame) -> str:
    """Both p of every outcome."""
    rows = "; ".join(
        f"{r.outcome} {p_text(r.p_published)} published, {p_text(r.p_by_set)} by set" for r in numbers.itertuples()
    )
    return f"p-values as published and by matched set: {rows}."


def pattern_p(patterns: pd.DataFrame, observed: str | None = None) -> Drawn:
    """The p by set for every way in which the events could have fallen over the sets, and how many ways lead to each.

    patterns: DataFrame [pattern, p, ways]: pattern in words ("3 + 2"), p in (0, 1], ways a count of arrangements.
    observed: the pattern that was seen, drawn filled.
    """
    numbers = patterns.sort_values(["p", "pattern"], ignore_index=True)
    numbers["ways_percent"] = 100 * numbers["ways"] / numbers["ways"].sum()
    figure = blank(
        104 + 34 * len(numbers),
        showlegend=False,
        margin={"b": 60, "r": 40, "t": 40},
        xaxis2={"domain": [0.66, 1]},
        yaxis2={"anchor": "x2", "showticklabels": False, "ticks": ""},
    )
    y = np.arange(len(numbers))
    seen = (numbers["pattern"] == observed).to_numpy()
    p_axis(figure, "p by matched set (log scale)")
    figure.add_trace(
        go.Scatter(
            x=numbers["p"],
            y=y,
            mode="markers+text",
            text=[p_digits(p) for p in numbers["p"]],
            textposition="middle right",
            cliponaxis=False,
            hoverinfo="skip",
            marker={
                "symbol": ["circle" if s else "circle-open" for s in seen],
                "size": 11,
                "color": TREATED.color,
                "line": {"width": 2, "color": TREATED.color},
            },
        )
    )
    figure.add_trace(
        go.Bar(
            x=numbers["ways_percent"],
            y=y,
            orientation="h",
            width=0.6,
            xaxis="x2",
            yaxis="y2",
            marker_color="#BDBDBD",
            text=[percent(w / 100) for w in numbers["ways_percent"]],
            textposition="outside",
            cliponaxis=False,
            textfont={"color": INK},
            hoverinfo="skip",
        )
    )
    style_patterns(figure, numbers, y, seen)
    return Drawn(figure, numbers, pattern_alt(numbers, observed))


def style_patterns(figure: go.Figure, numbers: pd.DataFrame, y: np.ndarray, seen: np.ndarray) -> None:
    """Two panels: p on the left, the share of the ways on the right."""
    names = [
        wrapped(pattern, 30, 1) + (" <b>(observed)</b>" if s else "")
        for pattern, s in zip(numbers["pattern"], seen, strict=True)
    ]
    span = [len(numbers) - 0.4, -0.6]
    figure.update_layout(
        xaxis_domain=[0, 0.6],
        yaxis={"range": span, "tickvals": y, "ticktext": names, "ticks": "", "title": {"text": "Events per set"}},
        yaxis2_range=span,
    )
    figure.update_layout(
        xaxis2={
            "range": [0, 1.25 * numbers["ways_percent"].max()],
            "ticksuffix": "%",
            "nticks": 4,
            "showgrid": True,
            "gridcolor": GRID,
            "title": {"text": "Share of all ways"},
        }
    )
    figure.add_shape(
        type="line", x0=0.05, x1=0.05, y0=0, y1=1, yref="paper", line={"color": QUIET, "width": 1.4, "dash": "dash"}
    )
    figure.add_annotation(
        x=np.log10(0.05), y=1, yref="paper", yanchor="bottom", text="0.05", showarrow=False, font={"size": SMALL}
    )


def pattern_alt(numbers: pd.DataFrame, observed: str | None) -> str:
    """The smallest and the largest attainable p, and the observed one."""
    low, high = numbers.iloc[0], numbers.iloc[-1]
    below = numbers.loc[numbers["p"] < 0.05, "ways_percent"].sum() / 100
    seen = numbers.loc[numbers["pattern"] == observed, "p"]
    text = (
        f"p by matched set over {plural(len(numbers), 'pattern')} of events: from {p_text(low['p'])} ({low['pattern']}) to "
        f"{p_text(high['p'])} ({high['pattern']}); below 0.05 in {percent(below)} of all ways"
    )
    return text + (f"; observed {observed}, {p_text(seen.iloc[0])}." if len(seen) else ".")
