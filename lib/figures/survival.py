"""Kaplan-Meier curves with their numbers at risk, censored and events."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from lib.figures.style import (
    ARM_STYLES,
    GRID,
    INK,
    ArmStyle,
    Drawn,
    blank,
    counted,
    p_text,
    percent,
    plural,
    safe,
)
from lib.outcomes.results import SurvivalOutcome, Test

PLOT_PX, ROW_PX, FOOT_PX, HEAD_PX, LEGEND_PX = 330, 21, 58, 24, 44
COUNTS = (("at_risk", "At risk"), ("censored", "Censored"), ("events", "Events"))
MATCHED = ("treated", "matched_control")
TEST_WORDS = {
    "logrank_by_set": "log-rank by matched set",
    "logrank": "log-rank",
    "permutation_logrank_by_set": "permutation log-rank",
}


def kaplan_meier(
    outcome: SurvivalOutcome, arms: Sequence[str] = MATCHED, unit: str = "days", time_label: str = "Time"
) -> Drawn:
    """Survival of the arms from 1 at time 0 to the horizon, 95% bands, a tick at each censored time, counts below.

    arms: names of results.ARMS, drawn and listed in this order.  unit: of the time axis, in words.
    The counts are those of the result: unweighted, at risk at the start of the time, the others cumulative before it.
    """
    numbers = survival_numbers(outcome, arms)
    table = outcome.at_risk[outcome.at_risk["arm"].isin(arms)]
    rows = len(COUNTS) * (len(arms) + 1)
    figure = blank(LEGEND_PX + PLOT_PX + FOOT_PX + ROW_PX * rows, margin={"t": LEGEND_PX, "b": 8, "r": 36})
    for arm in arms:
        draw_band(figure, outcome, arm)
    for arm in arms:
        draw_curve(figure, outcome, arm)
    draw_counts(figure, table, arms)
    style_axes(figure, outcome, table, rows, f"{time_label} ({unit})")
    figure.add_annotation(
        x=0.99,
        y=0.03,
        xref="x domain",
        yref="y domain",
        xanchor="right",
        yanchor="bottom",
        align="right",
        showarrow=False,
        text=p_line(outcome, arms),
        bgcolor="rgba(255,255,255,0.8)",
    )
    return Drawn(figure, numbers, alt_text(outcome, arms))


def survival_numbers(outcome: SurvivalOutcome, arms: Sequence[str]) -> pd.DataFrame:
    """The curves and, at its tick times, the table: kind (curve, censored, count), arm, time and the columns of each."""
    parts = (("curve", outcome.curves), ("censored", outcome.censored), ("count", outcome.at_risk))
    tables = [part[part["arm"].isin(arms)].assign(kind=kind) for kind, part in parts]
    columns = ["kind", "arm", "time", "survival", "ci_low", "ci_high", "at_risk", "censored", "events"]
    return pd.concat([t for t in tables if len(t)], ignore_index=True).reindex(columns=columns)


def draw_band(figure: go.Figure, outcome: SurvivalOutcome, arm: str) -> None:
    """The 95% limits as a stepped area; steps are written out because a filled area follows straight lines."""
    curve = outcome.curves[outcome.curves["arm"] == arm].dropna()
    x, low = stepped(curve["time"], curve["ci_low"], outcome.horizon)
    _, high = stepped(curve["time"], curve["ci_high"], outcome.horizon)
    figure.add_trace(
        go.Scatter(
            x=np.concatenate([x, x[::-1]]),
            y=np.concatenate([high, low[::-1]]),
            fill="toself",
            mode="lines",
            line={"width": 0},
            fillcolor=rgba(ARM_STYLES[arm].color, 0.13),
            hoverinfo="skip",
            showlegend=False,
        )
    )


def stepped(time: pd.Series, value: pd.Series, horizon: float) -> tuple[np.ndarray, np.ndarray]:
    """Corners of a curve that keeps each value until the next time, up to the last time or the horizon."""
    end = min(horizon, time.max()) if len(time) else 0.0
    x = np.append(np.repeat(time.to_numpy(float), 2)[1:], end)
    return x, np.repeat(value.to_numpy(float), 2)


def rgba(color: str, opacity: float) -> str:
    """A "#RRGGBB" colour, see-through."""
    return f"rgba({int(color[1:3], 16)},{int(color[3:5], 16)},{int(color[5:7], 16)},{opacity})"


def draw_curve(figure: go.Figure, outcome: SurvivalOutcome, arm: str) -> None:
    """The curve and its censoring ticks."""
    style, summary = ARM_STYLES[arm], getattr(outcome, arm)
    curve = outcome.curves[outcome.curves["arm"] == arm]
    ticks = outcome.censored[outcome.censored["arm"] == arm]
    figure.add_trace(
        go.Scatter(
            x=curve["time"],
            y=curve["survival"],
            mode="lines",
            name=counted(style.label, summary.n),
            legendgroup=arm,
            line={"shape": "hv", "color": style.color, "width": 2.6, "dash": style.dash},
            hovertemplate="%{y:.1%} at %{x}<extra>" + style.label + "</extra>",
        )
    )
    figure.add_trace(
        go.Scatter(
            x=ticks["time"],
            y=ticks["survival"],
            mode="markers",
            showlegend=False,
            legendgroup=arm,
            cliponaxis=False,
            hoverinfo="skip",
            marker={"symbol": "line-ns-open", "size": 9, "color": style.color, "line": {"width": 1.6}},
        )
    )


def draw_counts(figure: go.Figure, table: pd.DataFrame, arms: Sequence[str]) -> None:
    """The table under the axis, one row per count and arm."""
    for block, (column, _) in enumerate(COUNTS):
        for place, arm in enumerate(arms):
            part = table[table["arm"] == arm]
            figure.add_trace(
                go.Scatter(
                    x=part["time"],
                    y=np.full(len(part), block * (len(arms) + 1) + place + 1),
                    text=[f"{v:,}" for v in part[column]],
                    mode="text",
                    yaxis="y2",
                    textfont={"color": INK},
                    showlegend=False,
                    cliponaxis=False,
                    hoverinfo="skip",
                )
            )


def count_labels(arms: Sequence[str]) -> list[str]:
    """Row names of the table: a heading for each count, the arms below it."""
    labels = []
    for _, words in COUNTS:
        labels.append(f"<b>{words}</b>")
        labels += [arm_label(ARM_STYLES[arm]) for arm in arms]
    return labels


def arm_label(style: ArmStyle) -> str:
    """An arm's name behind a dash in its colour."""
    return f'{style.label} <span style="color:{style.color}"><b>—</b></span>'


def style_axes(figure: go.Figure, outcome: SurvivalOutcome, table: pd.DataFrame, rows: int, title: str) -> None:
    """The curves above, the table below, one time axis between them."""
    inner = PLOT_PX + FOOT_PX + ROW_PX * rows - 8
    split = (ROW_PX * rows) / inner, (ROW_PX * rows + FOOT_PX) / inner
    ticks = sorted(table["time"].unique())
    edge = 0.015 * outcome.horizon
    figure.update_layout(
        xaxis={"range": [-edge, outcome.horizon + edge], "tickvals": ticks, "anchor": "y", "title": {"text": title}},
        yaxis={
            "domain": [split[1], 1],
            "range": [0, 1.02],
            "tickvals": [0, 0.25, 0.5, 0.75, 1],
            "tickformat": ".0%",
            "showgrid": True,
            "gridcolor": GRID,
            "title": {"text": "Survival"},
        },
        yaxis2={
            "domain": [0, split[0]],
            "range": [rows - 0.5, -0.5],
            "tickvals": list(range(rows)),
            "ticktext": count_labels(arms_in(table)),
            "showline": False,
            "ticks": "",
            "tickfont": {"color": INK},
        },
    )


def arms_in(table: pd.DataFrame) -> list[str]:
    """Arms in the order of the table."""
    return list(dict.fromkeys(table["arm"]))


def shown_tests(outcome: SurvivalOutcome, arms: Sequence[str]) -> list[Test]:
    """The log-rank tests that belong to these arms: by set when matched controls are drawn, else of the whole cohort."""
    if "matched_control" in arms:
        return [t for t in outcome.tests if t.name == "logrank_by_set"]
    return [t for t in outcome.tests if t.name == "logrank" and t.sample == "whole"]


def p_line(outcome: SurvivalOutcome, arms: Sequence[str]) -> str:
    """The p that may be quoted, with the units that it counts."""
    lines = [
        f"{TEST_WORDS[t.name]}: {p_text(t.p_value)} ({plural(t.n_units, t.unit)})" for t in shown_tests(outcome, arms)
    ]
    return "<br>".join(safe(line) for line in lines)


def alt_text(outcome: SurvivalOutcome, arms: Sequence[str]) -> str:
    """Survival at the horizon in each arm, and the p."""
    parts = []
    for arm in arms:
        s = getattr(outcome, arm)
        parts.append(f"{percent(s.survival)} of {s.n:,} {ARM_STYLES[arm].label.lower()} ({plural(s.events, 'event')})")
    tests = "; ".join(f"{TEST_WORDS[t.name]} {p_text(t.p_value)}" for t in shown_tests(outcome, arms))
    return (
        f"Kaplan-Meier survival of {outcome.name} to {outcome.horizon:g}: "
        + ", ".join(parts)
        + (f"; {tests}." if tests else ".")
    )
