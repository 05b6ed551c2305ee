"""The forest plot: one measure of effect for several outcomes."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from ..errors import EstimationError
from ..inference.results import OutcomeResult
from ..measures import MEASURES, RATIOS, SHARES
from ..words import counted, half_up
from .style import INK, Drawn, blank, draw_rule, nice_range
from .words import number, text_px, wrapped

AXES = {name: measure.axis for name, measure in MEASURES.items() if measure.axis}
MAX_RATIO = 100.0  # a ratio axis reaches from 1/100 to 100 at most
TICKS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100)
LETTERS = 36  # of a line of words on the right
LIMITS = ["estimate", "ci_low", "ci_high"]
COUNTS = ["events_treated", "n_treated", "events_control", "n_control"]


def forest(
    outcomes: Sequence[OutcomeResult],
    measure: str = "risk_difference_by_set",
    labels: dict[str, str] | None = None,
    better: dict[str, str] | None = None,
) -> Drawn:
    """Estimate and 95% interval of `measure` for every outcome that has it; what does not exist is said in words.

    An interval that leaves the axis, or has no limit on one side, ends in an arrow. Of several methods the first is
    drawn. One axis serves all, so differences in means belong here only when they share a unit.
    labels: outcome name -> words, else the name; below it the events of n in both arms.  better: outcome name ->
    "lower" or "higher"; where all agree, the axis says which side favours whom.

    Raises EstimationError when no outcome has the measure.
    """
    numbers = forest_numbers(outcomes, measure)
    if not len(numbers):
        raise EstimationError(f"No outcome has the measure `{measure}`.", "Choose another effect to draw.")
    ratio = measure in RATIOS
    low, high = axis_range(numbers, ratio)
    rows = numbers.assign(y=np.arange(len(numbers)), words=[in_words(r, measure) for r in numbers.itertuples()])
    pitch = 64 if rows["words"].str.len().max() > 2 * (LETTERS - 4) else 56
    figure = blank(132 + pitch * len(rows), showlegend=False, margin={"t": 8, "b": 80})
    draw_rule(figure, 1 if ratio else 0, (-0.6, len(rows)))
    for row in rows.itertuples():
        draw_interval(figure, row, low, high, ratio)
    write_words(figure, rows)
    figure.update_yaxes(
        range=[len(rows) - 0.4, -1], tickvals=rows["y"], ticktext=names_of(rows, labels or {}), ticks=""
    )
    title = axis_title(AXES.get(measure, measure), {(better or {}).get(name, "") for name in rows["outcome"]})
    figure.update_xaxes(effect_axis(low, high, ratio), title_text=title, showgrid=True)
    return Drawn(figure, numbers, alt_text(rows, measure))


def names_of(rows: pd.DataFrame, labels: dict[str, str]) -> list[str]:
    """Row labels, the primary outcome marked."""
    names = [wrapped(labels.get(name, name), 28, 2) for name in rows["outcome"]]
    named = [f"{n} <b>(primary)</b>" if p else n for n, p in zip(names, rows["primary"], strict=True)]
    return [f"{n}<br>{arms_of(row)}" if row.n_treated else n for n, row in zip(named, rows.itertuples(), strict=True)]


def arms_of(row) -> str:
    """ "0/8 v 5/24", treated first."""
    return f"{row.events_treated:,}/{row.n_treated:,} v {row.events_control:,}/{row.n_control:,}"


def axis_title(axis: str, good: set[str]) -> str:
    """The measure, below it which side favours whom where every outcome has the same good side."""
    sides = {"lower": ("treated", "controls"), "higher": ("controls", "treated")}
    if len(good) != 1 or not good <= set(sides):
        return axis
    left, right = sides[next(iter(good))]
    return f"{axis}<br><b>← favours {left}    |    favours {right} →</b>"


def forest_numbers(outcomes: Sequence[OutcomeResult], measure: str) -> pd.DataFrame:
    """One row per outcome with this measure: outcome, primary, estimate, ci_low, ci_high, method, note, and the events
    and n of both arms (0 of 0 for a number).

    A risk difference is in percentage points."""
    found = ((o, next((e for e in o.estimates if e.measure == measure), None)) for o in outcomes)
    rows = [
        (o.name, o.primary, e.estimate, e.ci_low, e.ci_high, e.method, e.said, *arm_counts(o))
        for o, e in found
        if e is not None
    ]
    table = pd.DataFrame(rows, columns=["outcome", "primary", *LIMITS, "method", "note", *COUNTS])
    if measure in SHARES:
        table[LIMITS] = 100 * table[LIMITS].astype(float)
    return table


def arm_counts(outcome: OutcomeResult) -> tuple[int, int, int, int]:
    """Events and patients of the treated, then of those compared with them; zeros for a number."""
    if outcome.kind == "continuous":
        return 0, 0, 0, 0
    treated, control = outcome.treated, outcome.matched_control
    return treated.events, treated.n, control.events, control.n


def axis_range(numbers: pd.DataFrame, ratio: bool) -> tuple[float, float]:
    """Room for every finite estimate and limit and for no effect; the ends of a ratio are x and 1/x."""
    v = numbers[LIMITS].to_numpy(float).ravel()
    v = v[np.isfinite(v)]
    if not ratio:
        return nice_range(np.append(v, 0.0), pad=0.04, steps=8)
    reach = np.exp(np.abs(np.log(v[v > 0]))).max(initial=2.0) * 1.2
    return 1 / min(MAX_RATIO, reach), min(MAX_RATIO, reach)


def draw_interval(figure: go.Figure, row, low: float, high: float, ratio: bool) -> None:
    """The interval as a line, with an arrow where it leaves the axis or has no limit; the estimate as a square."""
    limits = np.array([row.ci_low, row.ci_high], dtype=float)
    if np.isfinite(limits).any():
        shown = np.isfinite(limits) & (limits >= low) & (limits <= high)
        step = 1.03 if ratio else 0.01 * (high - low)
        edges = np.array([low * step, high / step] if ratio else [low + step, high - step])
        symbols = np.where(shown, "line-ns-open", ["triangle-left", "triangle-right"])
        marker = {"symbol": symbols, "size": 11, "color": INK, "line": {"width": np.where(shown, 2, 0), "color": INK}}
        line = {"color": INK, "width": 2}
        ends = np.where(shown, limits, edges)
        trace = go.Scatter(x=ends, y=[row.y, row.y], mode="lines+markers", line=line, marker=marker, hoverinfo="skip")
        figure.add_trace(trace)
    if low <= row.estimate <= high:
        square = {"symbol": "square", "size": 12 if row.primary else 10, "color": INK}
        figure.add_trace(go.Scatter(x=[row.estimate], y=[row.y], mode="markers", marker=square, hoverinfo="skip"))


def write_words(figure: go.Figure, rows: pd.DataFrame) -> None:
    """The numbers on the right of each row, under their heading; the margin is as wide as they need."""
    texts = [wrapped(text, LETTERS, 3) for text in rows["words"]]
    heading = "<b>Estimate (95% interval)</b>"
    place = {"x": 1, "xref": "paper", "xanchor": "left", "xshift": 12, "showarrow": False, "align": "left"}
    for y, text in zip([-0.7, *rows["y"]], [heading, *texts], strict=True):
        figure.add_annotation(y=y, text=text, **place)
    figure.update_layout(margin_r=24 + text_px([heading, *texts]))


def in_words(row, measure: str) -> str:
    """Estimate and interval; without an interval the note that says why."""
    low, high = effect(row.ci_low, measure), effect(row.ci_high, measure)
    interval = f"{low} to {high}"
    if not np.isfinite(row.ci_high):
        interval = f"{low} or more" if np.isfinite(row.ci_low) else "no interval"
    elif not np.isfinite(row.ci_low):
        interval = f"up to {high}"
    estimate = effect(row.estimate, measure) if np.isfinite(row.estimate) else "no estimate"
    if interval == "no interval" and row.note:
        return f"{estimate}: {row.note[0].lower()}{row.note[1:].rstrip('.')}"
    return f"{estimate} ({interval})"


def effect(value: float, measure: str) -> str:
    """A number of this measure: one decimal of a percentage point, else three figures (a ratio below 1 two)."""
    if measure in SHARES and np.isfinite(value):
        return half_up(value, 1)
    return number(value, 2 if measure in RATIOS and value < 1 else 3)


def effect_axis(low: float, high: float, ratio: bool) -> dict:
    """A linear axis, or a logarithmic one for a ratio."""
    if not ratio:
        return {"range": [low, high]}
    ticks = [t for t in TICKS if low <= t <= high and (high < 12 or t in (0.01, 0.1, 1, 10, 100))]
    return {
        "type": "log",
        "range": [np.log10(low), np.log10(high)],
        "tickvals": ticks,
        "ticktext": [f"{t:g}" for t in ticks],
    }


def alt_text(rows: pd.DataFrame, measure: str) -> str:
    """Every row in words."""
    said = "; ".join(f"{r.outcome} {r.words}" for r in rows.itertuples())
    return f"{AXES.get(measure, measure)} with 95% intervals for {counted(len(rows), 'outcome')}: {said}."
