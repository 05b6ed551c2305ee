"""A binary outcome: the risk in each arm, and the matched sets at a glance."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from lib.figures.style import ARM_STYLES, CONTROL, INK, QUIET, SMALL, TREATED, Drawn, blank, percent, plural, wrapped
from lib.outcomes.results import BinaryOutcome

RISK_ARMS = ("treated", "matched_control", "whole_control")
MAX_SETS = 40  # sets drawn one by one
MAX_CONTROLS = 20


def events(outcome: BinaryOutcome, arms: Sequence[str] = RISK_ARMS, label: str = "") -> Drawn:
    """The share of patients with the event in each arm, as bars with events / n; an arm without events keeps its row."""
    numbers = event_numbers(outcome, arms)
    figure = blank(72 + 52 * len(numbers), showlegend=False, margin={"b": 56})
    styles = [ARM_STYLES[arm] for arm in numbers["arm"]]
    y = np.arange(len(numbers))
    text = [
        f"{percent(r.risk_percent / 100)}  ({r.events:,} of {r.n:,})" if r.n else "nobody with this outcome known"
        for r in numbers.itertuples()
    ]
    figure.add_trace(
        go.Bar(
            x=numbers["risk_percent"].fillna(0),
            y=y,
            orientation="h",
            width=0.62,
            text=text,
            textposition="outside",
            textfont={"color": INK},
            cliponaxis=False,
            hoverinfo="skip",
            marker={
                "color": [s.color for s in styles],
                "line": {"width": 0},
                "pattern": {"shape": [s.pattern for s in styles], "fgcolor": "white", "size": 7, "solidity": 0.25},
            },
        )
    )
    figure.update_xaxes(
        range=[0, 118],
        tickvals=[0, 25, 50, 75, 100],
        ticksuffix="%",
        showgrid=True,
        gridcolor="#E8E8E8",
        title_text=wrapped(label or outcome.name, 60, 2),
    )
    figure.update_yaxes(range=[len(numbers) - 0.45, -0.55], tickvals=y, ticktext=[s.label for s in styles], ticks="")
    return Drawn(
        figure,
        numbers,
        f"Share with {label or outcome.name}: "
        + ", ".join(f"{s.label.lower()} {t}" for s, t in zip(styles, text, strict=True))
        + ".",
    )


def event_numbers(outcome: BinaryOutcome, arms: Sequence[str]) -> pd.DataFrame:
    """One row per arm: arm, events, n, risk_percent."""
    rows = [(arm, getattr(outcome, arm)) for arm in arms]
    return pd.DataFrame(
        {
            "arm": [arm for arm, _ in rows],
            "events": [s.events for _, s in rows],
            "n": [s.n for _, s in rows],
            "risk_percent": [100 * s.risk for _, s in rows],
        }
    )


def event_sets(outcome: BinaryOutcome, label: str = "") -> Drawn:
    """The sets as they are compared: a column per set with the treated on top and its controls below, filled with the event.

    Above MAX_SETS sets (or MAX_CONTROLS controls in one) the sets of the same make-up are counted instead.
    """
    sets = outcome.sets.reset_index(drop=True)
    if len(sets) > MAX_SETS or sets["controls"].max() > MAX_CONTROLS:
        return set_counts(outcome, label)
    depth = int(sets["controls"].max()) if len(sets) else 1
    figure = blank(112 + 26 * (depth + 2), margin={"b": 40, "t": 8})
    columns = np.arange(len(sets)) + 1
    treated = pd.DataFrame({"x": columns, "y": 0.0, "event": sets["treated_events"] > 0})[
        sets["treated"].to_numpy() > 0
    ]
    draw_marks(figure, treated, TREATED)
    draw_marks(figure, control_marks(sets, columns), CONTROL)
    figure.update_xaxes(
        range=[0.4, max(len(sets), 8) + 0.6],
        tickvals=columns,
        ticktext=[str(int(s) + 1) for s in sets["set"]],
        title_text="Matched set",
        ticks="",
        showline=False,
    )
    figure.update_yaxes(
        range=[depth + 1.0, -0.7],
        tickvals=[0, (depth + 2.4) / 2],
        ticktext=["Treated", "Controls"],
        ticks="",
        showline=False,
        tickfont={"color": INK},
    )
    return Drawn(figure, sets.assign(set=sets["set"] + 1), sets_alt(outcome, label))


def control_marks(sets: pd.DataFrame, columns: np.ndarray) -> pd.DataFrame:
    """x, y and event of every control, those with the event first."""
    return pd.DataFrame(
        [
            (x, 1.2 + k, k < row.control_events)
            for x, row in zip(columns, sets.itertuples(), strict=True)
            for k in range(int(row.controls))
        ],
        columns=["x", "y", "event"],
    )


def draw_marks(figure: go.Figure, marks: pd.DataFrame, style) -> None:
    """Filled marks with the event, open ones without; the legend counts both, also when there is none."""
    for event, words in ((True, "with the event"), (False, "without")):
        part = marks[marks["event"] == event]
        shown = {"x": part["x"], "y": part["y"]} if len(part) else {"x": [None], "y": [None]}
        figure.add_trace(
            go.Scatter(
                **shown,
                mode="markers",
                hoverinfo="skip",
                name=f"{style.label} {words}: {len(part):,}",
                marker={
                    "symbol": style.symbol + ("" if event else "-open"),
                    "size": 15,
                    "color": style.color,
                    "line": {"width": 2, "color": style.color},
                },
            )
        )


def sets_alt(outcome: BinaryOutcome, label: str) -> str:
    """How many sets inform, that is, hold both a patient with and one without the event."""
    s = outcome.sets
    total, size = s["treated_events"] + s["control_events"], s["treated"] + s["controls"]
    informative = int(((total > 0) & (total < size)).sum())
    return (
        f"{plural(len(s), 'matched set')} for {label or outcome.name}: events in {int(s['treated_events'].sum())} treated and "
        f"{int(s['control_events'].sum())} controls; {plural(informative, 'set')} with both outcomes can inform a test."
    )


def set_counts(outcome: BinaryOutcome, label: str) -> Drawn:
    """How many sets there are of each make-up, the most frequent first."""
    keys = ["treated_events", "control_events", "controls"]
    numbers = (
        outcome.sets.groupby(keys)
        .size()
        .rename("sets")
        .reset_index()
        .sort_values(["sets", *keys], ascending=[False] + [True] * 3)
    )
    shown = numbers.head(12)
    figure = blank(90 + 40 * len(shown), showlegend=False)
    y = np.arange(len(shown))
    text = [
        f"{'Treated with' if r.treated_events else 'Treated without'}, {r.control_events} of {plural(r.controls, 'control')} with"
        for r in shown.itertuples()
    ]
    figure.add_trace(
        go.Bar(
            x=shown["sets"],
            y=y,
            orientation="h",
            width=0.6,
            marker={"color": QUIET},
            hoverinfo="skip",
            text=[f"{n:,}" for n in shown["sets"]],
            textposition="outside",
            cliponaxis=False,
        )
    )
    figure.update_xaxes(
        range=[0, 1.12 * shown["sets"].max()], title_text="Matched sets", showgrid=True, gridcolor="#E8E8E8"
    )
    figure.update_yaxes(range=[len(shown) - 0.4, -0.6], tickvals=y, ticktext=text, ticks="", tickfont={"size": SMALL})
    return Drawn(figure, numbers.reset_index(drop=True), sets_alt(outcome, label))
