"""The matched sets: each treated patient and its controls on the distance axis."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from ..design import Comparison
from ..errors import EstimationError
from ..words import counted
from ..words.numbers import capitalised
from .style import CONTROL, QUIET, TREATED, Drawn, blank, nice_range, rgba
from .words import number, with_n

MAX_ROWS = 40  # sets drawn one by one; above, the distances by pick
ROOMY = 16  # up to so many sets every row has room for the numbers of its controls
MAX_LANES = 6  # heights within a row over which the controls are spread
ROOMY_LANES = 12  # the same where every row has room
CROWDED = 12  # controls of one set above which marks are small
MAX_PICKS = 10
SCALES = {"logit": "score: log odds of treatment (logit)", "probability": "score: probability of treatment"}


@dataclass(frozen=True)
class Rows:
    """A row for each set, downwards from 0.5.  lanes: int (S,), heights over which a row spreads its controls.
    px: of the highest row.  share: float (S,), each row's height, 1 for the highest."""

    lanes: np.ndarray
    px: int
    share: np.ndarray

    @classmethod
    def of(cls, controls: pd.DataFrame, lane_px: int, most: int) -> "Rows":
        """controls: as set_members; every set has one.  most: lanes of a row."""
        lanes = controls.groupby("set")["pick"].max().clip(upper=most).to_numpy()
        heights = 20 + lane_px * lanes
        return cls(lanes, int(heights.max()), heights / heights.max())

    @property
    def middle(self) -> np.ndarray:
        """float (S,): where each row's middle lies; 1, 2, 3 where all are as high."""
        return 0.5 + np.cumsum(self.share) - self.share / 2

    def lanes_of(self, sets: pd.Series) -> np.ndarray:
        """int (k,): the lanes of the rows of some sets, numbered from 1."""
        return self.lanes[sets - 1]

    def y(self, sets: pd.Series, lane: pd.Series | int) -> pd.Series:
        """Where a lane of each set lies, by the index of `sets`; lane 0 is the treated's."""
        at = sets - 1
        offset = (-0.36 + 0.72 * lane / self.lanes[at]) * self.share[at]
        return pd.Series(self.middle[at] + offset, index=sets.index)


def matched_sets(sample: Comparison, scale: str = "logit") -> Drawn:
    """A row for every set up to MAX_ROWS of them: the treated, its controls numbered in the order of their choice, the
    caliper shaded. Above that the distances of the first, second ... controls.

    scale: "logit" or "probability", as PropensityModel.scale.  Raises EstimationError without a propensity distance.
    """
    if not np.isfinite(sample.distance).all():
        raise EstimationError(
            "The sets were made without a propensity distance, so there is none to draw.",
            "Read the table of the sets, or add a propensity caliper.",
        )
    return set_rows(sample, scale) if sample.n_sets <= MAX_ROWS else pick_distances(sample, scale)


def set_numbers(sample: Comparison) -> pd.DataFrame:
    """One row per pair: set (from 1), pick, distance_treated, distance_control, difference (absolute)."""
    pairs = sample.pairs
    table = {
        "set": pairs["set"] + 1,
        "pick": pairs["pick"],
        "distance_treated": sample.distance[pairs["treated_row"]],
        "distance_control": sample.distance[pairs["control_row"]],
        "difference": pairs["distance"],
    }
    return pd.DataFrame(table).sort_values(["set", "pick"], ignore_index=True)


def set_rows(sample: Comparison, scale: str) -> Drawn:
    """The sets one under the other, in file order; in each row the treated above the controls. A row is as high as its
    set needs."""
    numbers = set_numbers(sample)
    treated, controls = set_members(numbers, sample)
    roomy = sample.n_sets <= ROOMY
    rows = Rows.of(controls, *((13, ROOMY_LANES) if roomy else (7, MAX_LANES)))
    figure = blank(112 + round(rows.px * rows.share.sum()))
    draw_calipers(figure, treated, rows, sample.caliper_width)
    lane_y = rows.y(controls["set"], (controls["pick"] - 1) % rows.lanes_of(controls["set"]) + 1)
    draw_links(figure, numbers, lane_y.reindex(numbers.index, method="ffill"), rows.y(numbers["set"], 0))
    draw_treated(figure, treated, rows.y(treated["set"], 0), roomy)
    draw_controls(figure, controls, lane_y, sample.n_matched(False), roomy)
    figure.update_xaxes(
        title_text=capitalised(SCALES[scale]), range=set_range(numbers, sample.caliper_width), showgrid=True
    )
    names = [f"Set {s + 1}" for s in range(sample.n_sets)]
    figure.update_yaxes(range=[rows.share.sum() + 0.6, 0.4], tickvals=rows.middle, ticks="", ticktext=names)
    alt = f"{counted(sample.n_sets, 'matched set')}, one per row: the treated and their controls on the distance axis; "
    return Drawn(figure, numbers, f"{alt}the farthest control is {number(numbers['difference'].max())} away.")


def set_members(numbers: pd.DataFrame, sample: Comparison) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Of the rows of set_numbers one for each treated patient, and one for each control: where several treated share a
    control, it stands in the first of theirs."""
    shared = (sample.units.n_treated > 1)[numbers["set"] - 1]
    first = (numbers["pick"] == 1).to_numpy()
    return numbers[first | shared], numbers[first | ~shared]


def set_range(numbers: pd.DataFrame, width: float) -> tuple[float, float]:
    """Room for every patient, and for the calipers unless they are so wide that the patients would crowd together."""
    x = numbers[["distance_treated", "distance_control"]].to_numpy().ravel()
    if width <= np.ptp(x):
        x = np.concatenate([x, numbers["distance_treated"] - width, numbers["distance_treated"] + width])
    return nice_range(x, pad=0.03, steps=10)


def draw_calipers(figure: go.Figure, treated: pd.DataFrame, rows: Rows, width: float) -> None:
    """Where a control may lie: treated +- caliper, a bar behind each row. Nothing without a caliper."""
    if not np.isfinite(width):
        return
    figure.add_trace(
        go.Bar(
            y=rows.middle[treated["set"] - 1],
            x=np.full(len(treated), 2 * width),
            base=treated["distance_treated"] - width,
            orientation="h",
            width=0.9 * rows.share[treated["set"] - 1],
            marker={"color": rgba(TREATED.color, 0.14), "line": {"width": 0}},
            hoverinfo="skip",
            name=f"Within the caliper (± {number(width)})",
        )
    )


def draw_links(figure: go.Figure, numbers: pd.DataFrame, lane_y: pd.Series, top: pd.Series) -> None:
    """A thin line from each treated to each of its controls."""
    gap = np.full(len(numbers), np.nan)
    figure.add_trace(
        go.Scatter(
            x=np.column_stack([numbers["distance_treated"], numbers["distance_control"], gap]).ravel(),
            y=np.column_stack([top, lane_y, gap]).ravel(),
            mode="lines",
            line={"color": QUIET, "width": 1},
            hoverinfo="skip",
            showlegend=False,
        )
    )


def draw_treated(figure: go.Figure, treated: pd.DataFrame, top: pd.Series, roomy: bool) -> None:
    """The treated patient on top of each row."""
    figure.add_trace(
        go.Scatter(
            x=treated["distance_treated"],
            y=top,
            mode="markers",
            name=with_n("Treated", len(treated)),
            marker={"symbol": TREATED.symbol, "size": 13 if roomy else 9, "color": TREATED.color},
            customdata=treated["set"],
            hovertemplate="%{x:.3f}<extra>Treated, set %{customdata}</extra>",
        )
    )


def draw_controls(figure: go.Figure, numbers: pd.DataFrame, lane_y: pd.Series, used: int, roomy: bool) -> None:
    """The controls, each with the number of its pick where there is room, more than one, and picks go by nearness."""
    by_nearness = all(part.is_monotonic_increasing for _, part in numbers.groupby("set")["difference"])
    numbered = roomy and by_nearness and 1 < numbers["pick"].max() < 10
    size = 13 if roomy and numbers["pick"].max() <= CROWDED else 7
    figure.add_trace(
        go.Scatter(
            x=numbers["distance_control"],
            y=lane_y,
            name=with_n("Matched controls", used) + (", 1 first" if numbered else ""),
            mode="markers+text" if numbered else "markers",
            text=numbers["pick"],
            textfont={"size": 10, "color": "white"},
            marker={"symbol": CONTROL.symbol, "size": size, "color": CONTROL.color},
            customdata=numbers["difference"],
            hovertemplate="%{x:.3f}, %{customdata:.3f} away<extra>Control %{text}</extra>",
        )
    )


def pick_distances(sample: Comparison, scale: str) -> Drawn:
    """How far the first, second ... controls are from their treated."""
    numbers = pick_numbers(sample)
    width = sample.caliper_width
    figure = blank(154 + 44 * len(numbers), showlegend=False, margin={"b": 80})
    draw_pick_boxes(figure, numbers)
    top = nice_range(np.append(numbers["maximum"], [0.0, width if np.isfinite(width) else 0.0]))[1]
    title = f"Difference within a pair<br>({SCALES[scale]})<br>box P25–P75, whiskers P5–P95, diamond: farthest"
    figure.update_xaxes(title_text=title, range=[0, top], showgrid=True)
    labels = [f"{label} control (n = {n:,})" for label, n in zip(numbers["pick"], numbers["pairs"], strict=True)]
    figure.update_yaxes(range=[len(numbers) - 0.4, -1], tickvals=np.arange(len(numbers)), ticktext=labels, ticks="")
    if np.isfinite(width):
        figure.add_shape(type="line", x0=width, x1=width, y0=-1, y1=len(numbers), line={"color": QUIET, "dash": "dash"})
        side = "right" if width > top / 2 else "left"
        shift = -6 if side == "right" else 6
        figure.add_annotation(
            x=width, y=-0.75, text=f"caliper {number(width)}", showarrow=False, xanchor=side, xshift=shift
        )
    alt = f"Distances of {len(sample.pairs):,} pairs in {sample.n_sets:,} sets by order of choice; median of the first "
    return Drawn(figure, numbers, f"{alt}{number(numbers['median'].iloc[0])} away.")


def pick_numbers(sample: Comparison) -> pd.DataFrame:
    """One row per pick (those above MAX_PICKS together): pick, pairs, p5, p25, median, p75, p95, maximum."""
    pairs = sample.pairs
    groups = pairs["distance"].groupby(pairs["pick"].clip(upper=MAX_PICKS + 1))
    table = groups.quantile(np.array([0.05, 0.25, 0.5, 0.75, 0.95])).unstack()
    table.columns = ["p5", "p25", "median", "p75", "p95"]
    table.insert(0, "pairs", groups.size())
    table.insert(0, "pick", [ordinal(k) if k <= MAX_PICKS else "Later" for k in table.index])
    return table.assign(maximum=groups.max()).reset_index(drop=True)


def draw_pick_boxes(figure: go.Figure, numbers: pd.DataFrame) -> None:
    """A box per pick from its numbers, and the farthest pair."""
    y, line = np.arange(len(numbers)), {"color": CONTROL.color, "width": 1.6}
    quartiles = {"q1": numbers["p25"], "median": numbers["median"], "q3": numbers["p75"]}
    whiskers = {"lowerfence": numbers["p5"], "upperfence": numbers["p95"]}
    fill = rgba(CONTROL.color, 0.25)
    figure.add_trace(
        go.Box(y=y, **quartiles, **whiskers, orientation="h", width=0.5, fillcolor=fill, line=line, hoverinfo="skip")
    )
    diamond = {"symbol": "diamond-open", "size": 9, "color": CONTROL.color}
    figure.add_trace(go.Scatter(x=numbers["maximum"], y=y, mode="markers", marker=diamond, hoverinfo="skip"))


def ordinal(k: int) -> str:
    """1st, 2nd, 3rd, 4th ..."""
    return f"{k}{({1: 'st', 2: 'nd', 3: 'rd'}).get(k, 'th')}"
