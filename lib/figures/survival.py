"""Kaplan-Meier curves with their numbers at risk, censored and events."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from ..inference.results import SurvivalOutcome, Test
from ..words import counted, p_equals, percent
from ..words.names import BY_SET, SHORT, WHOLE
from .style import BAND_OPACITY, QUIET, ArmStyle, Drawn, blank, rgba, style_of
from .words import with_n

PLOT_PX, ROW_PX, AXIS_PX, LEGEND_PX = 330, 21, 60, 44
COUNTS = {"at_risk": "At risk", "censored": "Censored", "events": "Events"}
MATCHED = ("treated", "matched_control")
MAX_STEPS, MAX_TICKS = 1_500, 600  # points of a curve, and censored times of an arm, that a picture can tell apart


def kaplan_meier(
    outcome: SurvivalOutcome,
    arms: Sequence[str] = MATCHED,
    unit: str = "days",
    measure: str = "Survival",
    with_p: bool = True,
    mark: float | None = None,
    height: int = PLOT_PX,
    counts: Sequence[str] = tuple(COUNTS),
) -> Drawn:
    """Survival of the arms from 1 at time 0 to their last follow-up, 95% bands, censoring ticks, counts below.

    arms: names of results.ARMS, drawn and listed in this order.  unit: of the time axis.  measure: name of the y axis
    ("Survival", or "Free of the event" where the event is not death).
    The counts are the result's: unweighted, at risk at the start of the time, the others cumulative before it. The p
    is the one by set whenever matched controls are drawn.  with_p: whether it is written; False where the takeaway line
    quotes a p, or none may be quoted.  mark: a time at which a dotted line stands, such as that of a yes/no outcome.
    height: of the curves, in px.  counts: of COUNTS, the rows below the axis.
    """
    table = outcome.at_risk[outcome.at_risk["arm"].isin(arms)]
    rows = len(counts) * (len(arms) + 1)
    figure = blank(LEGEND_PX + height + AXIS_PX + ROW_PX * rows, margin={"t": LEGEND_PX, "b": 8, "r": 40})
    for arm in arms:
        draw_band(figure, outcome, arm)
    for arm in arms:
        draw_curve(figure, outcome, arm)
        draw_censored(figure, outcome, arm)
    draw_counts(figure, table, arms, counts)
    style_time(figure, outcome.horizon, sorted(table["time"].unique()), f"Time ({unit})")
    style_panels(figure, count_labels(arms, outcome.weighted, counts), measure, height)
    if with_p:
        write_p(figure, outcome, arms)
    if mark is not None and mark < outcome.horizon:
        draw_mark(figure, mark)
    return Drawn(figure, survival_numbers(outcome, arms), alt_text(outcome, arms, unit, with_p))


def survival_numbers(outcome: SurvivalOutcome, arms: Sequence[str]) -> pd.DataFrame:
    """The curves, the ticks and the table under the axis, one under the other: kind (curve, censored, count), arm, time
    and the columns of each kind."""
    parts = (("curve", outcome.curves), ("censored", outcome.censored), ("count", outcome.at_risk))
    tables = [part[part["arm"].isin(arms)].assign(kind=kind) for kind, part in parts]
    columns = ["kind", "arm", "time", "survival", "ci_low", "ci_high", "at_risk", "censored", "events"]
    return pd.concat([t for t in tables if len(t)], ignore_index=True).reindex(columns=columns)


def draw_band(figure: go.Figure, outcome: SurvivalOutcome, arm: str) -> None:
    """The 95% limits as a stepped area (a filled area follows straight lines, so the steps are written out).

    It begins and ends where the limits exist: after the last death of everyone there are none.
    """
    curve = steps_of(outcome, arm)
    known = curve.dropna(subset=["ci_low", "ci_high"])
    if not len(known):
        return
    end = curve["time"].iloc[min(known.index[-1] + 1, len(curve) - 1)]
    x, low = stepped(known["time"], known["ci_low"], end)
    _, high = stepped(known["time"], known["ci_high"], end)
    figure.add_trace(
        go.Scatter(
            x=np.concatenate([x, x[::-1]]),
            y=np.concatenate([high, low[::-1]]),
            fill="toself",
            mode="lines",
            line={"width": 0.8, "color": rgba(style_of(arm).color, 0.4)},
            fillcolor=rgba(style_of(arm).color, BAND_OPACITY),
            hoverinfo="skip",
            showlegend=False,
        )
    )


def steps_of(outcome: SurvivalOutcome, arm: str) -> pd.DataFrame:
    """One arm's steps, thinned evenly to MAX_STEPS where there are more; the first and the last stay."""
    curve = outcome.curves[outcome.curves["arm"] == arm]
    if len(curve) > MAX_STEPS:
        curve = curve.iloc[np.linspace(0, len(curve) - 1, MAX_STEPS).round().astype(int)]
    return curve.reset_index(drop=True)


def stepped(time: pd.Series, value: pd.Series, end: float) -> tuple[np.ndarray, np.ndarray]:
    """Corners of a curve that keeps each of its k >= 1 values until the next time, the last one until `end`."""
    return np.append(np.repeat(time.to_numpy(float), 2)[1:], end), np.repeat(value.to_numpy(float), 2)


def draw_curve(figure: go.Figure, outcome: SurvivalOutcome, arm: str) -> None:
    """One arm's curve; its n is in the legend."""
    style, curve = style_of(arm, outcome.weighted), steps_of(outcome, arm)
    figure.add_trace(
        go.Scatter(
            x=curve["time"],
            y=curve["survival"],
            mode="lines",
            name=with_n(style.label, getattr(outcome, arm).n),
            line={"shape": "hv", "color": style.color, "width": 2.6, "dash": style.dash},
            hovertemplate="%{y:.1%} at %{x}<extra>" + style.label + "</extra>",
        )
    )


def draw_censored(figure: go.Figure, outcome: SurvivalOutcome, arm: str) -> None:
    """A tick on the curve for every censored time, unless there are more than MAX_TICKS of them."""
    ticks = outcome.censored[outcome.censored["arm"] == arm].drop_duplicates("time")
    if len(ticks) > MAX_TICKS:
        return
    color = style_of(arm).color
    figure.add_trace(
        go.Scatter(
            x=ticks["time"],
            y=ticks["survival"],
            mode="markers",
            showlegend=False,
            cliponaxis=False,
            hoverinfo="skip",
            marker={"symbol": "line-ns-open", "size": 9, "color": color, "line": {"width": 1.6}},
        )
    )


def draw_counts(figure: go.Figure, table: pd.DataFrame, arms: Sequence[str], counts: Sequence[str]) -> None:
    """The numbers under the axis, one row per count and arm."""
    for block, column in enumerate(counts):
        for place, arm in enumerate(arms):
            part = table[table["arm"] == arm]
            row = block * (len(arms) + 1) + place + 1
            figure.add_trace(
                go.Scatter(
                    x=part["time"],
                    y=np.full(len(part), row),
                    text=[f"{v:,.0f}" for v in part[column]],
                    mode="text",
                    yaxis="y2",
                    showlegend=False,
                    cliponaxis=False,
                    hoverinfo="skip",
                )
            )


def count_labels(arms: Sequence[str], weighted: bool, counts: Sequence[str]) -> list[str]:
    """Row names of the table: a heading for each count, the arms below it."""
    names = [arm_label(style_of(arm, weighted)) for arm in arms]
    return [label for count in counts for label in (f"<b>{COUNTS[count]}</b>", *names)]


def arm_label(style: ArmStyle) -> str:
    """An arm's name behind a dash in its colour."""
    return f'{style.label} <span style="color:{style.color}"><b>—</b></span>'


def style_time(figure: go.Figure, horizon: float, ticks: list[float], title: str) -> None:
    """The time axis, with room on both sides for the widest count of the table."""
    room = {"range": [-0.06 * horizon, 1.015 * horizon], "anchor": "y"}
    figure.update_layout(
        xaxis=room | {"tickvals": ticks, "ticktext": [f"{t:g}" for t in ticks], "title": {"text": title}}
    )


def style_panels(figure: go.Figure, names: list[str], measure: str, height: int) -> None:
    """The curves above, the table below."""
    rows = len(names)
    inner = height + AXIS_PX + ROW_PX * rows - 8
    curves = {"domain": [(ROW_PX * rows + AXIS_PX) / inner, 1], "range": [0, 1.02], "tickformat": ".0%"}
    counts = {"domain": [0, ROW_PX * rows / inner], "range": [rows - 0.5, -0.5], "showline": False, "ticks": ""}
    figure.update_layout(
        yaxis=curves | {"tickvals": [0, 0.25, 0.5, 0.75, 1], "showgrid": True, "title": {"text": measure}},
        yaxis2=counts | {"tickvals": list(range(rows)), "ticktext": names},
    )


def shown_tests(outcome: SurvivalOutcome, arms: Sequence[str]) -> list[Test]:
    """The log-rank tests that belong to these arms: by set when matched controls are drawn, else the whole cohort's."""
    if "matched_control" in arms:
        return [t for t in outcome.tests if t.name in BY_SET and t.role != "moves"]
    return [t for t in outcome.tests if t.name in WHOLE and t.sample == "whole"]


def p_line(outcome: SurvivalOutcome, arms: Sequence[str]) -> str:
    """The p that may be quoted, with the units that it counts."""
    tests = shown_tests(outcome, arms)
    return "; ".join(f"{SHORT[t.name]}, {counted(t.n_units, t.unit)}: {p_equals(t.p_value)}" for t in tests)


def write_p(figure: go.Figure, outcome: SurvivalOutcome, arms: Sequence[str]) -> None:
    """The p in the lower left corner, where a curve passes last."""
    place = {"x": 0.012, "y": 0.03, "xref": "x domain", "yref": "y domain", "xanchor": "left", "yanchor": "bottom"}
    text = p_line(outcome, arms)
    if text:
        figure.add_annotation(
            text=text[0].upper() + text[1:], showarrow=False, bgcolor="rgba(255,255,255,0.8)", **place
        )


def draw_mark(figure: go.Figure, mark: float) -> None:
    """A dotted line from the time axis up."""
    line = {"color": QUIET, "width": 1.4, "dash": "dot"}
    figure.add_shape(type="line", x0=mark, x1=mark, y0=0, y1=1, xref="x", yref="y", line=line, layer="below")


def alt_text(outcome: SurvivalOutcome, arms: Sequence[str], unit: str, with_p: bool = True) -> str:
    """Survival at the horizon in each arm, and the p."""
    parts = []
    for arm in arms:
        s = getattr(outcome, arm)
        name = style_of(arm, outcome.weighted).label.lower()
        parts.append(f"{name} {percent(s.survival)} ({counted(s.events, 'event')} of {s.n:,})")
    text = f"Kaplan-Meier curves of {outcome.name}; at {outcome.horizon:g} {unit}: {', '.join(parts)}"
    p = p_line(outcome, arms) if with_p else ""
    return f"{text}. {p[0].upper()}{p[1:]}." if p else f"{text}."
