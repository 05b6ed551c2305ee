"""A paper's p beside what its counts can give: the range by set, and as pairs."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from ..words import counted, p_value
from ..words.numbers import isolated, p_to
from ..words.tables import records
from .published import FEW_TICKS, LOWEST, draw_line_at_05, p_axis
from .style import CONTROL, INK, QUIET, TREATED, WHITE, Drawn, blank
from .words import wrapped

ROWS = (-0.06, 0.15, 0.36)  # of an outcome, below its name: by set, as pairs, as printed
NAME = -0.3
HEIGHT = 112  # px of an outcome
BELOW = 0.05  # a mark alone has its number on the side away from this line
LETTERS = 34  # of an outcome's name, the rest cut


def checked_p(numbers: pd.DataFrame) -> Drawn:
    """For every outcome the range of the exact p by set, that of McNemar's p as pairs, and the printed p, on a log axis
    with a line at 0.05.

    numbers: as lib.words.check.figure_rows; NaN where a p does not exist or is not printed.
    """
    y = np.arange(len(numbers))
    figure = blank(136 + HEIGHT * len(numbers), margin={"b": 60, "l": 36, "r": 56})
    figure.update_xaxes(p_axis("p-value (logarithmic axis)", FEW_TICKS))
    draw_line_at_05(figure, len(numbers))
    row = numbers.iloc[0]
    by_set = f"By set, however the events fell ({counted(row['sets'], 'set')})"
    pairs = f"As {counted(row['pairs'], 'pair')} (McNemar)"
    blue, red = {"symbol": "circle", "color": TREATED.color}, {"symbol": "diamond-open", "color": CONTROL.color}
    draw_range(figure, by_set, numbers["set_low"], numbers["set_high"], y + ROWS[0], blue)
    draw_range(figure, pairs, numbers["pairs_low"], numbers["pairs_high"], y + ROWS[1], red)
    if numbers["printed"].notna().any():
        printed = {"symbol": "x-thin", "color": INK}
        draw_range(
            figure, "As printed", numbers["printed"], numbers["printed"], y + ROWS[2], printed, numbers["as_printed"]
        )
    for at, r in zip(y, records(numbers), strict=True):
        name = f"{small(r.counts)}  <b>{isolated(wrapped(r.outcome, LETTERS, 1))}</b>"
        left = {"xref": "paper", "x": 0, "xanchor": "left", "xshift": 6}
        figure.add_annotation(text=name, y=at + NAME, showarrow=False, bgcolor=WHITE, **left)
    figure.update_yaxes(range=[len(numbers) - 0.45, -0.5], tickvals=[], ticks="", showline=False)
    return Drawn(figure, numbers, checked_alt(numbers))


def draw_range(
    figure: go.Figure,
    name: str,
    low: pd.Series,
    high: pd.Series,
    y: np.ndarray,
    marker: dict[str, str],
    texts: pd.Series | None = None,
) -> None:
    """One kind of p: a line from the lowest to the highest, both in numbers; one mark where they read the same.

    texts: what stands at the highest instead of its number."""
    same = low.map(p_value) == high.map(p_value)
    ends = np.column_stack([low, high, np.full(len(low), np.nan)]).clip(min=LOWEST).ravel()
    line = {"color": marker["color"], "width": 4 if marker["symbol"] == "circle" else 2}
    shared = {"legendgroup": name, "hoverinfo": "skip", "cliponaxis": False}
    figure.add_trace(go.Scatter(x=ends, y=np.repeat(y, 3), mode="lines", line=line, showlegend=False, **shared))
    look = {"size": 12, "line": {"width": 2, "color": marker["color"]}, **marker}
    alone = ["middle left" if one and LOWEST < p < BELOW else "middle right" for one, p in zip(same, high, strict=True)]
    for p, side, shown in ((low, "middle left", ~same), (high, alone, low.notna())):
        figure.add_trace(
            go.Scatter(
                x=p.clip(lower=LOWEST).where(shown),
                y=y,
                mode="markers+text",
                name=name,
                showlegend=side is alone,
                text=[f" {text} " for text in (p.map(p_value) if texts is None else texts)],
                textposition=side,
                marker=look,
                **shared,
            )
        )


def small(text: str) -> str:
    """A second line of a label."""
    return f'<span style="font-size:0.85em;color:{QUIET}">{text}</span>'


def checked_alt(numbers: pd.DataFrame) -> str:
    """Every number of the figure."""
    said = "; ".join(alt_row(r) for r in records(numbers))
    return f"p-values that the printed counts can give: {said}."


def alt_row(row) -> str:
    """One outcome."""
    parts = [f"by set {p_to(row.set_low, row.set_high)}"]
    if not np.isnan(row.pairs_low):
        parts.append(f"as pairs {p_to(row.pairs_low, row.pairs_high)}")
    if row.as_printed:
        parts.append(f"printed {row.as_printed}")
    return f"{row.outcome} ({row.counts}) {', '.join(parts)}"
