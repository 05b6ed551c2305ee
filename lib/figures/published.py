"""The published p-values beside those that count the matched sets."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from ..errors import EstimationError
from ..inference.results import OutcomeResult, Test, quoted_of
from ..words import counted, p_equals, p_value, percent
from ..words.names import BY_SET, PUBLISHED
from ..words.tables import records
from .style import CONTROL, QUIET, TREATED, Drawn, blank, draw_rule
from .words import wrapped

MAX_PATTERNS = 24  # patterns listed one by one
LOWEST = 0.001  # smaller p-values stand at this edge
P_TICKS = (0.001, 0.01, 0.05, 0.1, 0.2, 0.5, 1)
FEW_TICKS = (0.001, 0.01, 0.05, 0.2, 1)  # of a narrow panel
P_COLUMNS = ("outcome", "test_published", "p_published", "units_published", "unit", "test_by_set", "p_by_set", "sets")


def p_comparison(outcomes: Sequence[OutcomeResult], labels: dict[str, str] | None = None) -> Drawn:
    """For every outcome the p of the published convention (which counts pairs as independent) and that by matched set,
    on a log axis with a line at 0.05.

    labels: outcome name -> words, else the name.  Outcomes without both tests are left out;
    EstimationError when that is all of them.
    """
    numbers = p_numbers(outcomes)
    if not len(numbers):
        raise EstimationError("No outcome has both p-values.", "They need matched sets without replacement.")
    y = np.arange(len(numbers))
    words = labels or {}
    names = [f"{wrapped(words.get(r.outcome, r.outcome), 34, 2)}<br>{units(r)}" for r in records(numbers)]
    figure = blank(
        124 + (64 if any(n.count("<br>") > 1 for n in names) else 50) * len(names), margin={"b": 60, "r": 40}
    )
    figure.update_xaxes(p_axis("p-value (two-sided, logarithmic axis)"))
    draw_line_at_05(figure, len(names))
    gap = np.full(len(numbers), np.nan)
    ends = numbers[["p_published", "p_by_set"]].clip(lower=LOWEST).to_numpy(float)
    line = {"color": "#BDBDBD", "width": 2}
    x = np.column_stack([ends, gap]).ravel()
    figure.add_trace(go.Scatter(x=x, y=np.repeat(y, 3), mode="lines", showlegend=False, line=line, hoverinfo="skip"))
    old_is_left = ~(numbers["p_published"] > numbers["p_by_set"])
    published = {"symbol": "diamond-open", "color": CONTROL.color}
    draw_p(figure, numbers["p_published"], "As published, sets ignored", published, old_is_left)
    draw_p(figure, numbers["p_by_set"], "By matched set", {"symbol": "circle", "color": TREATED.color}, ~old_is_left)
    figure.update_yaxes(range=[len(numbers) - 0.4, -0.6], tickvals=y, ticktext=names, ticks="")
    return Drawn(figure, numbers, p_alt(numbers))


def p_numbers(outcomes: Sequence[OutcomeResult]) -> pd.DataFrame:
    """One row per outcome with both tests: P_COLUMNS; units_published counts `unit`s, sets the independent sets."""
    rows = []
    for outcome in outcomes:
        old, new = first_test(outcome, PUBLISHED), first_test(outcome, BY_SET)
        if old and new:
            rows.append(
                (outcome.name, old.name, old.p_value, old.n_units, old.unit, new.name, new.p_value, new.n_units)
            )
    return pd.DataFrame(rows, columns=list(P_COLUMNS))


def first_test(outcome: OutcomeResult, names: Sequence[str]) -> Test | None:
    """Of the tests of the matched sample with one of these names the quoted one, else the first."""
    found = [t for t in outcome.tests if t.sample == "matched" and t.name in names]
    return quoted_of(found) or next(iter(found), None)


def units(row) -> str:
    """What each test counts, as a second line of the label."""
    text = f"{counted(row.units_published, row.unit)}, {counted(row.sets, 'set')}"
    return f'<span style="font-size:0.85em;color:{QUIET}">{text}</span>'


def draw_line_at_05(figure: go.Figure, rows: int) -> None:
    """The conventional limit."""
    draw_rule(figure, 0.05, (-0.6, rows))


def draw_p(figure: go.Figure, p: pd.Series, name: str, marker: dict, left: pd.Series | np.ndarray) -> None:
    """One convention's points, their p on the outer side, so that two labels of a row never meet."""
    figure.add_trace(
        go.Scatter(
            x=p.clip(lower=LOWEST),
            y=np.arange(len(p)),
            mode="markers+text",
            name=name,
            cliponaxis=False,
            hoverinfo="skip",
            text=[f" {p_value(v)} " for v in p],
            textposition=["middle left" if side else "middle right" for side in left],
            marker={"size": 12, "line": {"width": 2, "color": marker["color"]}, **marker},
        )
    )


def p_axis(title: str, ticks: Sequence[float] = P_TICKS) -> dict:
    """A log axis for p with plain numbers, and room for a label left of the smallest."""
    text = [f"{t:g}" for t in ticks]
    span = [np.log10(LOWEST) - 0.3, 0.06]
    return {
        "type": "log",
        "range": span,
        "tickvals": ticks,
        "tickangle": 0,
        "ticktext": text,
        "showgrid": True,
        "title": {"text": title},
    }


def p_alt(numbers: pd.DataFrame) -> str:
    """Both p of every outcome."""
    rows = (
        f"{r.outcome} {p_equals(r.p_published)} as published, {p_equals(r.p_by_set)} by set" for r in records(numbers)
    )
    return f"p-values as published and by matched set: {'; '.join(rows)}."


def pattern_p(patterns: pd.DataFrame, observed: str | None = None) -> Drawn:
    """The p by set for every way in which the events could have fallen over the sets, and how many ways lead to each.

    patterns: DataFrame [pattern, p, ways]: pattern in words ("3 + 2"), p in (0, 1], ways a count of arrangements.
    observed: the pattern that was seen, drawn filled.  Above MAX_PATTERNS patterns the share of all ways with a p at or
    below each value is drawn instead.
    """
    numbers = patterns[["pattern", "p", "ways"]].sort_values(["p", "pattern"], ignore_index=True)
    numbers["ways_percent"] = 100 * numbers["ways"] / numbers["ways"].sum()
    if len(numbers) > MAX_PATTERNS:
        return cumulative_p(numbers, observed)
    seen = (numbers["pattern"] == observed).to_numpy()
    figure = blank(112 + 34 * len(numbers), showlegend=False, margin={"b": 60, "r": 24})
    style_patterns(figure, numbers, seen)
    draw_line_at_05(figure, len(numbers))
    marker = {"symbol": np.where(seen, "circle", "circle-open"), "color": TREATED.color}
    draw_p(figure, numbers["p"], "", marker, np.zeros(len(numbers), dtype=bool))
    draw_ways(figure, numbers["ways_percent"])
    return Drawn(figure, numbers, pattern_alt(numbers, observed))


def draw_ways(figure: go.Figure, share: pd.Series) -> None:
    """How many of all ways lead to each pattern, in the panel on the right.  share: in percent."""
    bars = {"orientation": "h", "width": 0.6, "marker": {"color": "#BDBDBD"}, "xaxis": "x2", "yaxis": "y2"}
    words = {"text": [f" {percent(s / 100)}" for s in share], "textposition": "outside", "cliponaxis": False}
    figure.add_trace(go.Bar(x=share, y=np.arange(len(share)), hoverinfo="skip", **bars, **words))


def cumulative_p(numbers: pd.DataFrame, observed: str | None) -> Drawn:
    """The share of all ways whose p is at or below each value, and where the observed pattern stands."""
    figure = blank(400, showlegend=False, margin={"b": 60, "r": 40, "t": 24})
    x, y = np.append(numbers["p"], 1.0), np.append(numbers["ways_percent"].cumsum(), 100.0)
    line = {"shape": "hv", "color": TREATED.color, "width": 2.4}
    x, y = np.concatenate([[LOWEST / 2], x]), np.concatenate([[0.0], y])
    figure.add_trace(go.Scatter(x=x.clip(min=LOWEST / 2), y=y, mode="lines", line=line, hoverinfo="skip"))
    seen = numbers[numbers["pattern"] == observed]
    if len(seen):
        height = numbers.loc[numbers["p"] <= seen["p"].iloc[0], "ways_percent"].sum()
        text, marker = f"observed: {p_equals(seen['p'].iloc[0])}  ", {"size": 12, "color": TREATED.color}
        point = {"x": seen["p"].clip(lower=LOWEST), "y": [height], "text": [text], "textposition": "middle left"}
        figure.add_trace(go.Scatter(**point, mode="markers+text", marker=marker, cliponaxis=False, hoverinfo="skip"))
    draw_rule(figure, 0.05, (0, 102))
    figure.update_xaxes(p_axis("p by matched set (logarithmic axis)"))
    ticks = [0, 25, 50, 75, 100]
    figure.update_yaxes(range=[0, 102], tickvals=ticks, ticktext=[f"{t}%" for t in ticks], showgrid=True)
    figure.update_yaxes(title_text="Share of all ways with this p or less")
    return Drawn(figure, numbers, pattern_alt(numbers, observed))


def style_patterns(figure: go.Figure, numbers: pd.DataFrame, seen: np.ndarray) -> None:
    """Two panels: p on the left, the share of the ways on the right."""
    rows = zip(numbers["pattern"], seen, strict=True)
    names = [wrapped(pattern, 30, 1) + (" <b>(observed)</b>" if s else "") for pattern, s in rows]
    span = [len(numbers) - 0.4, -0.6]
    ticks = {"tickvals": np.arange(len(numbers)), "ticktext": names, "ticks": ""}
    share = {
        "range": [0, 1.6 * numbers["ways_percent"].max()],
        "domain": [0.7, 1],
        "anchor": "y2",
        "showticklabels": False,
    }
    figure.update_layout(
        xaxis=p_axis("p by matched set", FEW_TICKS) | {"domain": [0, 0.64]},
        yaxis={"range": span, "title": {"text": "Events per set"}, **ticks},
        xaxis2=share | {"ticks": "", "title": {"text": "Share of all ways", "standoff": 34}},
        yaxis2={"range": span, "anchor": "x2", "showticklabels": False, "ticks": ""},
    )


def pattern_alt(numbers: pd.DataFrame, observed: str | None) -> str:
    """The smallest and the largest p that could have been reached, and the observed one."""
    low, high = numbers.iloc[0], numbers.iloc[-1]
    below = numbers.loc[numbers["p"] < 0.05, "ways_percent"].sum() / 100
    text = (
        f"p by matched set over {counted(len(numbers), 'pattern')} of events: from {p_equals(low['p'])} "
        f"({low['pattern']}) to {p_equals(high['p'])} ({high['pattern']}); below 0.05 in {percent(below)} of all ways"
    )
    seen = numbers.loc[numbers["pattern"] == observed, "p"]
    return f"{text}; observed {observed}, {p_equals(seen.iloc[0])}." if len(seen) else f"{text}."
