"""Swimmer plot: when each patient was on what support, as in Figure 1 of the study."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from ..errors import EstimationError
from ..freedays.lines import Lines
from ..words import counted, half_up
from .style import INK, LINE, QUIET, WHITE, Drawn, blank, draw_rule, nice_step
from .words import safe

BAR, ABOVE, BELOW = 0.42, 0.33, 0.39  # of a line's height: the bar's thickness, how far the ICU line and stars are off
LINE_PX = 46
ICU, INFUSION, DEATH = "ICU stay", "Infusion", "Death"


@dataclass(frozen=True)
class SupportStyle:
    """A support's name, its Okabe-Ito colour and the hatching that says the same without colour."""

    label: str
    color: str
    pattern: str


# Drawn in this order, so that of two supports at a time the more intensive one is seen.
SUPPORT_STYLES = {
    "hospital": SupportStyle("In hospital without oxygen", "#F2F2F2", ""),
    "oxygen": SupportStyle("Oxygen", "#56B4E9", ""),
    "hfno": SupportStyle("High-flow nasal oxygen", "#009E73", "/"),
    "niv": SupportStyle("Non-invasive ventilation", "#F0E442", "."),
    "invasive_ventilation": SupportStyle("Invasive ventilation", "#E69F00", "x"),
    "ecmo": SupportStyle("ECMO", "#CC79A7", "|"),
}


def swimmer(lines: Lines, day: str = "Days", mark: float | None = 28) -> Drawn:
    """A bar per patient, coloured by support; the ICU stay as a line above it, infusions as stars below it,
    a death as a cross.

    day: the title of the axis.  mark: a day to mark with a dotted line, None for none.
    Raises EstimationError when none of the patients has an episode that can be drawn.
    """
    drawn = lines.episodes[lines.episodes["support"].isin([*SUPPORT_STYLES, "icu", "infusion"])]
    if not len(drawn):
        hint = f"These supports are drawn: {', '.join(SUPPORT_STYLES)} and icu."
        raise EstimationError("None of these patients has an episode to draw.", hint)
    figure = blank(130 + LINE_PX * len(lines.labels), margin={"b": 56}, barmode="overlay")
    for support, style in SUPPORT_STYLES.items():
        draw_bars(figure, drawn[drawn["support"] == support], style)
    draw_stays(figure, drawn[drawn["support"] == "icu"])
    stars = drawn[drawn["support"] == "infusion"]
    draw_marks(figure, stars["start"], stars["line"] + BELOW, INFUSION, "star", 12)
    dead = np.flatnonzero(~np.isnan(lines.death))
    draw_marks(figure, pd.Series(lines.death[dead]), pd.Series(dead), DEATH, "x", 11)
    days = np.append(drawn[["start", "end"]].to_numpy().ravel(), lines.death[dead])
    style_axes(figure, lines, days, day, mark)
    return Drawn(figure, swimmer_numbers(lines), swimmer_alt(lines))


def draw_bars(figure: go.Figure, rows: pd.DataFrame, style: SupportStyle) -> None:
    """The episodes of one support; nothing when there is none."""
    rows = rows[rows["end"] > rows["start"]]
    if not len(rows):
        return
    ink = {"fgcolor": INK, "fgopacity": 0.55}
    pattern = {"shape": style.pattern, "fillmode": "overlay", "size": 7, "solidity": 0.2} | ink
    figure.add_trace(
        go.Bar(
            y=rows["line"],
            x=rows["end"] - rows["start"],
            base=rows["start"],
            orientation="h",
            width=BAR,
            name=style.label,
            marker={"color": style.color, "line": {"color": QUIET, "width": 1}, "pattern": pattern},
            customdata=rows["end"],
            hovertemplate="day %{base} to %{customdata}<extra>" + style.label + "</extra>",
        )
    )


def draw_stays(figure: go.Figure, rows: pd.DataFrame) -> None:
    """The ICU stays as lines above the bars."""
    if not len(rows):
        return
    gap = np.full(len(rows), np.nan)
    height = rows["line"] - ABOVE
    figure.add_trace(
        go.Scatter(
            x=np.column_stack([rows["start"], rows["end"], gap]).ravel(),
            y=np.column_stack([height, height, gap]).ravel(),
            mode="lines",
            line={"color": INK, "width": 4},
            hoverinfo="skip",
            name=ICU,
        )
    )


def draw_marks(figure: go.Figure, days: pd.Series, lines: pd.Series, name: str, symbol: str, size: int) -> None:
    """One symbol per event; nothing when there is none."""
    if not len(days):
        return
    figure.add_trace(
        go.Scatter(
            x=days,
            y=lines,
            mode="markers",
            name=name,
            marker={"symbol": symbol, "size": size, "color": INK, "line": {"color": WHITE, "width": 1.2}},
            cliponaxis=False,
            hovertemplate=f"day %{{x}}<extra>{name}</extra>",
        )
    )


def style_axes(figure: go.Figure, lines: Lines, days: np.ndarray, day: str, mark: float | None) -> None:
    """Room for every day, day 0 on a tick, a line per patient."""
    step = nice_step(np.ptp(days) or 1.0, 10)
    low, high = min(0.0, float(days.min())), float(days.max())
    pad = 0.02 * (high - low or 1.0)
    count = len(lines.labels)
    if mark is not None and mark <= high:
        draw_rule(figure, mark, (-0.55, count - 0.3), dash="dot", layer="below")
        figure.add_annotation(
            x=mark,
            y=count - 0.3,
            text=f"day {mark:g}",
            showarrow=False,
            xanchor="left",
            xshift=4,
            yanchor="bottom",
            font={"size": 12, "color": QUIET},
        )
    figure.update_xaxes(
        range=[low - pad, high + pad],
        tick0=0,
        dtick=step,
        title_text=safe(day),
        showgrid=True,
        zeroline=True,
        zerolinecolor=LINE,
    )
    figure.update_yaxes(
        range=[count - 0.3, -0.6],
        tickvals=np.arange(count),
        ticktext=[safe(t) for t in lines.labels],
        ticks="",
        showgrid=False,
    )


def swimmer_numbers(lines: Lines) -> pd.DataFrame:
    """One row per episode and death: patient (the label), treated, what, start_day, end_day; not drawn ones too."""
    labels = np.array(lines.labels, dtype=object)
    line = lines.episodes["line"].to_numpy(dtype=int)
    rows = pd.DataFrame(
        {
            "line": line,
            "what": lines.episodes["support"],
            "start_day": lines.episodes["start"],
            "end_day": lines.episodes["end"],
        }
    )
    dead = np.flatnonzero(~np.isnan(lines.death))
    died = pd.DataFrame({"line": dead, "what": "death", "start_day": lines.death[dead], "end_day": lines.death[dead]})
    every = pd.concat([rows, died], ignore_index=True).sort_values("line", kind="stable", ignore_index=True)
    place = every.pop("line").to_numpy(dtype=int)
    every.insert(0, "patient", labels[place])
    every.insert(1, "treated", lines.treated[place].astype(int))
    return every


def swimmer_alt(lines: Lines) -> str:
    """How many patients, how long in the ICU, how many died, and what could not be drawn."""
    stays = lines.episodes[lines.episodes["support"] == "icu"]
    days = (stays["end"] - stays["start"]).groupby(stays["line"]).sum()
    text = f"{counted(len(lines.labels), 'patient')}, a bar each, coloured by support day by day"
    if len(days):
        text += f"; days in the ICU from {half_up(days.min(), 0)} to {half_up(days.max(), 0)}"
    dead = int((~np.isnan(lines.death)).sum())
    other = sorted(set(lines.episodes["support"]) - {*SUPPORT_STYLES, "icu", "infusion"})
    text += f"; {dead:,} died" if dead else "; nobody died"
    return f"{text}; not drawn: {', '.join(other)}." if other else f"{text}."
