"""A binary outcome: the risk in each arm, and the matched sets at a glance."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from ..inference.results import BinaryOutcome, BinarySummary
from ..words import counted, percent
from ..words.outcomes import reweighted
from ..words.tables import records
from .style import BAND, CONTROL, INK, QUIET, TREATED, ArmStyle, Drawn, blank, nice_step, style_of
from .words import safe, wrapped

RISK_ARMS = ("treated", "matched_control", "whole_control")
MAX_SETS = 40  # sets drawn one by one
MAX_CONTROLS = 12  # controls drawn one by one below a treated
MAX_KINDS = 12  # kinds of set in the counted form


def events(outcome: BinaryOutcome, arms: Sequence[str] = RISK_ARMS, label: str = "") -> Drawn:
    """The share of patients with the event in each arm as bars, with events and n; an arm without events keeps its row.
    Where weights change a share, the bar is the weighted one, which the effects speak of.

    arms: names of results.ARMS, from top to bottom.  label: the outcome in words, else its name.
    """
    numbers = event_numbers(outcome, arms)
    styles = [style_of(arm, outcome.weighted) for arm in numbers["arm"]]
    text = [bar_words(getattr(outcome, arm)) for arm in numbers["arm"]]
    lengths = [100 * drawn_risk(getattr(outcome, arm)) for arm in numbers["arm"]]
    figure = blank(76 + 54 * len(numbers), showlegend=False, margin={"b": 60})
    figure.add_trace(
        go.Bar(
            x=np.nan_to_num(lengths),
            y=np.arange(len(numbers)),
            orientation="h",
            width=0.64,
            text=[f" {t}" for t in text],
            textposition="outside",
            cliponaxis=False,
            hoverinfo="skip",
            marker={"color": [s.color for s in styles], "line": {"width": 0}},
        )
    )
    figure.update_xaxes(risk_axis(np.nanmax(lengths, initial=0.0)), title_text=wrapped(label or outcome.name, 60, 2))
    names = [s.label for s in styles]
    figure.update_yaxes(range=[len(names) - 0.45, -0.55], tickvals=np.arange(len(names)), ticktext=names, ticks="")
    said = ", ".join(f"{name.lower()} {t}" for name, t in zip(names, text, strict=True))
    return Drawn(figure, numbers, f"Share with {label or outcome.name}: {said}.")


def drawn_risk(summary: BinarySummary) -> float:
    """The share that a bar shows: the weighted one where it reads differently."""
    return summary.weighted_risk if reweighted(summary) else summary.risk


def bar_words(summary: BinarySummary) -> str:
    """ "20.8% (5 of 24)"; "16.3% weighted; 41 of 111" where the weights change the share."""
    if not summary.n:
        return "nobody known"
    count = f"{summary.events:,} of {summary.n:,}"
    weighted = f"{percent(summary.weighted_risk)} weighted; {count}"
    return weighted if reweighted(summary) else f"{percent(summary.risk)} ({count})"


def event_numbers(outcome: BinaryOutcome, arms: Sequence[str]) -> pd.DataFrame:
    """One row per arm: arm, events, n, risk_percent, weighted_risk_percent."""
    summaries = [getattr(outcome, arm) for arm in arms]
    rows = [(a, s.events, s.n, 100 * s.risk, 100 * s.weighted_risk) for a, s in zip(arms, summaries, strict=True)]
    return pd.DataFrame(rows, columns=["arm", "events", "n", "risk_percent", "weighted_risk_percent"])


def risk_axis(largest: float) -> dict:
    """From 0 to 100%, or less where every risk is small, with room for the words behind the longest bar."""
    top = 100 if not largest < 40 else 50 if largest >= 20 else 25 if largest >= 8 else 10
    ticks = np.arange(0, top + 1e-9, nice_step(top, 5))
    return {"range": [0, 1.2 * top], "tickvals": ticks, "ticktext": [f"{t:g}%" for t in ticks], "showgrid": True}


def event_sets(outcome: BinaryOutcome, label: str = "", said: tuple[str, str] = ("with the event", "without")) -> Drawn:
    """The sets as they are compared: a column per set, the treated above its controls, filled with the event.  said:
    what those with and without the event are called, such as ("who died", "who lived").

    Above MAX_SETS sets (or MAX_CONTROLS controls in one), or where a set has several treated patients, the sets of the
    same make-up are counted instead.
    """
    sets = outcome.sets.reset_index(drop=True)
    if len(sets) > MAX_SETS or sets["controls"].max() > MAX_CONTROLS or sets["treated"].max() > 1:
        return set_counts(outcome, label)
    depth = int(sets["controls"].max()) if len(sets) else 1
    figure = blank(124 + 27 * (depth + 1), margin={"b": 48, "t": 8})
    columns = np.arange(len(sets)) + 1
    for column in columns:
        edges = {"x0": column - 0.36, "x1": column + 0.36, "y0": -0.6, "y1": depth + 0.9}
        figure.add_shape(type="rect", fillcolor=BAND, line_width=0, layer="below", **edges)
    draw_marks(figure, treated_marks(sets, columns), TREATED, said)
    draw_marks(figure, control_marks(sets, columns), CONTROL, said)
    names = [f"{s + 1:.0f}" for s in sets["set"]]
    span = [0.4, max(len(sets), 8) + 0.6]
    bare = {"showline": False, "ticks": ""}
    figure.update_xaxes(range=span, tickvals=columns, ticktext=names, title_text="Matched set", **bare)
    rows = {"tickvals": [0, (depth + 1.4) / 2], "ticktext": ["Treated", "Controls"]}
    figure.update_yaxes(range=[depth + 0.9, -0.6], **rows, **bare)
    return Drawn(figure, sets.assign(set=sets["set"] + 1), sets_alt(outcome, label))


def treated_marks(sets: pd.DataFrame, columns: np.ndarray) -> pd.DataFrame:
    """x, y and event of the treated of every set in which its outcome is known."""
    marks = pd.DataFrame({"x": columns, "y": 0.0, "event": sets["treated_events"] > 0})
    return marks[sets["treated"].to_numpy() > 0]


def control_marks(sets: pd.DataFrame, columns: np.ndarray) -> pd.DataFrame:
    """x, y and event of every control, those with the event first."""
    rows = zip(columns, records(sets), strict=True)
    marks = [(x, 1.2 + k, k < row.control_events) for x, row in rows for k in range(int(row.controls))]
    return pd.DataFrame(marks, columns=["x", "y", "event"])


def draw_marks(figure: go.Figure, marks: pd.DataFrame, style: ArmStyle, said: tuple[str, str]) -> None:
    """Filled marks with the event, open ones without; the legend counts both, also when there is none."""
    for event, words in zip((True, False), said, strict=True):
        part = marks[marks["event"] == event]
        symbol = style.symbol if event else f"{style.symbol}-open"
        figure.add_trace(
            go.Scatter(
                x=part["x"] if len(part) else [None],
                y=part["y"] if len(part) else [None],
                mode="markers",
                hoverinfo="skip",
                name=f"{style.label} {safe(words)}: {len(part):,}",
                marker={"symbol": symbol, "size": 14, "color": style.color, "line": {"width": 2, "color": style.color}},
            )
        )


def sets_alt(outcome: BinaryOutcome, label: str) -> str:
    """How many sets there are, and how many inform: those with both a patient with and one without the event."""
    s = outcome.sets
    total, size = s["treated_events"] + s["control_events"], s["treated"] + s["controls"]
    mixed = int(((total > 0) & (total < size)).sum())
    treated, controls = int(s["treated_events"].sum()), counted(int(s["control_events"].sum()), "control")
    return (
        f"{counted(len(s), 'matched set')} for {label or outcome.name}: {treated:,} treated and {controls} with the "
        f"event; {mixed:,} of {counted(len(s), 'set')} hold both outcomes and can tell the arms apart."
    )


def set_counts(outcome: BinaryOutcome, label: str) -> Drawn:
    """How many sets there are of each make-up, the most frequent first; at most MAX_KINDS are drawn."""
    keys = ["treated_events", "treated", "control_events", "controls"]
    numbers = outcome.sets.groupby(keys).size().rename("sets").reset_index()
    numbers = numbers.sort_values(["sets", *keys], ascending=[False, *[True] * len(keys)], ignore_index=True)
    shown = numbers.head(MAX_KINDS)
    figure = blank(96 + 40 * len(shown), showlegend=False, margin={"b": 60})
    text = [make_up(row) for row in records(shown)]
    y, count = np.arange(len(shown)), [f" {n:,}" for n in shown["sets"]]
    style = {"orientation": "h", "width": 0.6, "marker": {"color": QUIET}, "textfont": {"color": INK}}
    figure.add_trace(go.Bar(x=shown["sets"], y=y, text=count, textposition="outside", hoverinfo="skip", **style))
    figure.update_xaxes(range=[0, 1.15 * shown["sets"].max()], title_text="Matched sets", showgrid=True)
    figure.update_yaxes(range=[len(shown) - 0.4, -0.6], tickvals=y, ticktext=text, ticks="")
    return Drawn(figure, numbers, sets_alt(outcome, label))


def make_up(row) -> str:
    """Who of one kind of set had the event."""
    treated = "yes" if row.treated_events else "no"
    if row.treated != 1:
        treated = f"{row.treated_events} of {row.treated}"
    return f"Event: treated {treated}, controls {row.control_events} of {row.controls}"
