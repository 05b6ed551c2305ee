"""The matched sets: each treated patient and its controls on the distance axis."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from lib.errors import EstimationError
from lib.figures.style import CONTROL, GRID, QUIET, TREATED, Drawn, blank, counted, nice_range, number, plural
from lib.matching.sample import MatchedSample

MAX_ROWS = 40  # sets drawn one by one; above, the distances by pick
MAX_PICKS = 10
ROW_PX, OFFSET = 34, 0.32
AXIS_TITLES = {"logit": "Distance: propensity score on the logit scale", "probability": "Distance: propensity score"}


def matched_sets(sample: MatchedSample, scale: str = "logit") -> Drawn:
    """A row for every set up to MAX_ROWS of them: the treated, its controls numbered in the order of their choice, the
    caliper shaded. Above that the distances of the first, second ... controls.

    scale: "logit" or "probability", as PropensityModel.scale.  Raises EstimationError without a propensity distance.
    """
    if not np.isfinite(sample.distance).all():
        raise EstimationError(
            "The sets were made without a propensity distance, so there is none to draw.",
            "Read the set table, or add a propensity caliper.",
        )
    return set_rows(sample, scale) if sample.n_sets <= MAX_ROWS else pick_distances(sample, scale)


def set_numbers(sample: MatchedSample) -> pd.DataFrame:
    """One row per pair: set (from 1), pick, distance_treated, distance_control, difference (absolute)."""
    pairs = sample.pairs
    return pd.DataFrame(
        {
            "set": pairs["set"] + 1,
            "pick": pairs["pick"],
            "distance_treated": sample.distance[pairs["treated_row"]],
            "distance_control": sample.distance[pairs["control_row"]],
            "difference": pairs["distance"],
        }
    ).sort_values(["set", "pick"], ignore_index=True)


def set_rows(sample: MatchedSample, scale: str) -> Drawn:
    """The sets one under the other, in file order."""
    numbers = set_numbers(sample)
    width = sample.caliper_width
    figure = blank(110 + ROW_PX * sample.n_sets)
    treated = numbers.drop_duplicates("set")
    if np.isfinite(width):
        draw_calipers(figure, treated, width)
    draw_links(figure, numbers)
    figure.add_trace(
        go.Scatter(
            x=treated["distance_treated"],
            y=treated["set"],
            mode="markers",
            name=counted("Treated", len(treated)),
            marker={
                "symbol": TREATED.symbol,
                "size": 13,
                "color": TREATED.color,
                "line": {"color": "white", "width": 1},
            },
            hovertemplate="Set %{y}: %{x:.3f}<extra>Treated</extra>",
        )
    )
    draw_controls(figure, numbers, sample)
    low, high = nice_range(np.concatenate([numbers["distance_control"], treated["distance_treated"]]), pad=0.04)
    figure.update_xaxes(title_text=AXIS_TITLES[scale], range=[low, high], showgrid=True, gridcolor=GRID)
    figure.update_yaxes(
        range=[sample.n_sets + 0.6, 0.4],
        tickvals=treated["set"],
        ticks="",
        ticktext=[f"Set {s}" for s in treated["set"]],
    )
    return Drawn(figure, numbers, rows_alt(sample, numbers))


def pick_offset(pick: pd.Series, picks: int) -> pd.Series:
    """How far below the row's middle a control stands, so that near ones do not hide each other."""
    return -OFFSET + 2 * OFFSET * (pick - 0.5) / picks if picks > 1 else pick * 0.0


def draw_calipers(figure: go.Figure, treated: pd.DataFrame, width: float) -> None:
    """Where a control may lie: treated +- caliper, a bar behind each row."""
    figure.add_trace(
        go.Bar(
            y=treated["set"],
            x=np.full(len(treated), 2 * width),
            base=treated["distance_treated"] - width,
            orientation="h",
            width=0.86,
            marker={"color": TREATED.color, "opacity": 0.13, "line": {"width": 0}},
            hoverinfo="skip",
            name=f"Within the caliper (± {number(width)})",
        )
    )


def draw_links(figure: go.Figure, numbers: pd.DataFrame) -> None:
    """A thin line from each treated to each of its controls."""
    gap = np.full(len(numbers), np.nan)
    y = numbers["set"] + pick_offset(numbers["pick"], numbers["pick"].max())
    figure.add_trace(
        go.Scatter(
            x=np.column_stack([numbers["distance_treated"], numbers["distance_control"], gap]).ravel(),
            y=np.column_stack([numbers["set"], y, gap]).ravel(),
            mode="lines",
            line={"color": QUIET, "width": 1},
            hoverinfo="skip",
            showlegend=False,
        )
    )


def draw_controls(figure: go.Figure, numbers: pd.DataFrame, sample: MatchedSample) -> None:
    """The controls, each with the number of its pick when there are several and few."""
    picks = int(numbers["pick"].max())
    used = int((sample.matched & ~sample.treated).sum())
    label = counted("Matched controls", used) + (", numbered as chosen" if 1 < picks <= 9 else "")
    figure.add_trace(
        go.Scatter(
            x=numbers["distance_control"],
            y=numbers["set"] + pick_offset(numbers["pick"], picks),
            name=label,
            mode="markers+text" if 1 < picks <= 9 else "markers",
            text=numbers["pick"],
            textfont={"size": 9, "color": "white"},
            marker={
                "symbol": CONTROL.symbol,
                "size": 12,
                "color": CONTROL.color,
                "line": {"color": "white", "width": 0.5},
            },
            customdata=numbers["difference"],
            hovertemplate="%{x:.3f}, %{customdata:.3f} away<extra>Control %{text}</extra>",
        )
    )


def rows_alt(sample: MatchedSample, numbers: pd.DataFrame) -> str:
    """How many sets, and how far the farthest control is."""
    return (
        f"{plural(sample.n_sets, 'matched set')}, one per row: a treated patient and its controls on the distance axis; "
        f"the farthest control is {number(numbers['difference'].max())} away."
    )


def pick_distances(sample: MatchedSample, scale: str) -> Drawn:
    """How far the first, second ... controls are from their treated: box P25-P75, line at the median, whiskers P5-P95, a
    diamond at the farthest."""
    numbers = pick_numbers(sample)
    figure = blank(130 + 44 * len(numbers), showlegend=False)
    y = np.arange(len(numbers))
    figure.add_trace(
        go.Box(
            y=y,
            q1=numbers["p25"],
            median=numbers["median"],
            q3=numbers["p75"],
            lowerfence=numbers["p5"],
            upperfence=numbers["p95"],
            orientation="h",
            width=0.5,
            fillcolor="rgba(213,94,0,0.25)",
            line={"color": CONTROL.color, "width": 1.6},
            hoverinfo="skip",
        )
    )
    figure.add_trace(
        go.Scatter(
            x=numbers["maximum"],
            y=y,
            mode="markers",
            hovertemplate="farthest: %{x:.3g}<extra></extra>",
            marker={"symbol": "diamond-open", "size": 9, "color": CONTROL.color},
        )
    )
    width = sample.caliper_width
    top = nice_range(np.append(numbers["maximum"], [0, width if np.isfinite(width) else 0]))[1]
    figure.update_xaxes(
        title_text=f"Difference within a pair ({scale} scale)", range=[0, top], showgrid=True, gridcolor=GRID
    )
    labels = [f"{label} control, n = {n:,}" for label, n in zip(numbers["pick"], numbers["pairs"], strict=True)]
    figure.update_yaxes(range=[len(numbers) - 0.4, -0.9], tickvals=y, ticktext=labels, ticks="")
    if np.isfinite(width):
        figure.add_shape(
            type="line", x0=width, x1=width, y0=0, y1=1, yref="paper", line={"color": QUIET, "dash": "dash"}
        )
        figure.add_annotation(
            x=width,
            y=-0.7,
            text=f"caliper {number(width)}",
            showarrow=False,
            xanchor="right",
            xshift=-6,
            font={"color": QUIET},
        )
    return Drawn(
        figure,
        numbers,
        f"Distances of {len(sample.pairs):,} pairs in {sample.n_sets:,} sets by order of choice; "
        f"the median first control is {number(numbers['median'].iloc[0])} away.",
    )


def pick_numbers(sample: MatchedSample) -> pd.DataFrame:
    """One row per pick (those above MAX_PICKS together): pick, pairs, p5, p25, median, p75, p95, maximum."""
    pairs = sample.pairs
    groups = pairs["distance"].groupby(pairs["pick"].clip(upper=MAX_PICKS + 1))
    table = groups.quantile([0.05, 0.25, 0.5, 0.75, 0.95]).unstack()
    table.columns = ["p5", "p25", "median", "p75", "p95"]
    table.insert(0, "pairs", groups.size())
    table["maximum"] = groups.max()
    table.insert(0, "pick", [ordinal(k) if k <= MAX_PICKS else "Later" for k in table.index])
    return table.reset_index(drop=True)


def ordinal(k: int) -> str:
    """1st, 2nd, 3rd, 4th ..."""
    return f"{k}{({1: 'st', 2: 'nd', 3: 'rd'}).get(k, 'th')}"
