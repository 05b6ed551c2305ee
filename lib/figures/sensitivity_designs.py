"""The map of designs: how alike the groups are against how many patients are kept."""

import json
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from ..design import METHODS
from ..sensitivity.design_map import DesignMap
from ..words import DASH, counted
from ..words.tables import records
from .style import BLUE, GREY, SMALL, VERMILLION, Drawn, blank, draw_rule, nice_range
from .words import number

LOW_SMD = 0.1
NOT_FINITE = 1e9  # a worst |SMD| from here on stands for arms without any overlap
COUNTS = ("kept", "matched_treated", "matched_control", "ess_control", "max_abs_smd")


def design_map(found: DesignMap) -> Drawn:
    """Every combination of the method's two settings, and the other methods: patients kept against the worst |SMD|; the
    front joined by a line and numbered as in front_designs, the design in use a diamond; open where treated patients
    are lost."""
    rows = merged(found)
    figure = blank(460, margin={"b": 60, "r": 40})
    front = front_designs(found)
    figure.add_trace(
        go.Scatter(
            x=front["kept"],
            y=front["max_abs_smd"],
            mode="lines",
            hoverinfo="skip",
            line={"color": BLUE, "width": 2},
            name="Front: no other design beats these",
        )
    )
    draw_designs(figure, rows[~rows["lost"]], "All treated kept", "circle")
    draw_designs(figure, rows[rows["lost"]], "Treated patients lost", "circle-open")
    draw_methods(figure, found)
    current = rows[rows["current"]]
    figure.add_trace(
        go.Scatter(
            x=current["kept"],
            y=current["max_abs_smd"],
            mode="markers",
            hoverinfo="skip",
            name=f"In use: {in_use(found)}",
            marker={"symbol": "diamond", "size": 16, "color": VERMILLION, "line": {"color": "#FFFFFF", "width": 1}},
        )
    )
    write_numbers(figure, front)
    others = other_methods(found)
    worst = np.concatenate([rows["max_abs_smd"], others["max_abs_smd"], [0.0, 2 * LOW_SMD]])
    top = nice_range(worst)[1]
    low, high = nice_range(np.concatenate([rows["kept"], others["kept"]]), pad=0.06)
    draw_rule(figure, (low, high), LOW_SMD, width=1.2)
    figure.update_xaxes(title_text="Patients kept, both groups", range=[max(0.0, low), high], showgrid=True)
    figure.update_yaxes(
        title_text="Worst difference left<br>(|SMD|, in standard deviations)", range=[0, top], showgrid=True
    )
    return Drawn(figure, found.designs, alt_text(found))


def takeaway_of(found: DesignMap) -> tuple[int, float, tuple[str, int, float] | None, int]:
    """What lib.words.match_result.designs_takeaway says: kept and worst |SMD| of the design in use; the most alike
    design that loses no treated patient (in words, kept, worst |SMD|), None where there is none; how many were made."""
    rows = merged(found)
    now = found.designs[found.designs["current"]].iloc[0]
    whole = rows[~rows["lost"]].sort_values(["max_abs_smd", "kept"], ascending=[True, False], kind="stable")
    best = next(((row.design, int(row.kept), float(row.max_abs_smd)) for row in records(whole)), None)
    tried = int(found.designs["error"].isna().sum())
    return int(now["kept"]), float(now["max_abs_smd"]), best, tried


def merged(found: DesignMap) -> pd.DataFrame:
    """Designs that keep the same numbers with the same balance as one, named after all their calipers."""
    rows = found.designs[found.designs["error"].isna() & np.isfinite(found.designs["max_abs_smd"])]
    made = []
    leading = list(found.axes[:1])
    for _, part in rows.groupby([*leading, "kept", "max_abs_smd"], sort=False, dropna=False):
        first = part.iloc[0]
        counts = [first[name] for name in COUNTS]
        made.append(
            (
                words_of(found, part),
                {name: plain(first[name]) for name in found.axes},
                *counts,
                first["matched_treated"] < found.treated,
                part["front"].any(),
                part["current"].any(),
            )
        )
    columns = ["design", "settings", *COUNTS, "lost", "front", "current"]
    return pd.DataFrame(made, columns=columns).astype({"lost": bool, "front": bool, "current": bool})


def front_designs(found: DesignMap) -> pd.DataFrame:
    """The designs on the front, those that are the same as one, the smallest first: design (in words), settings (of the
    first of them), kept, matched_treated, matched_control, ess_control, max_abs_smd."""
    rows = merged(found)
    return rows[rows["front"]].sort_values(["kept", "max_abs_smd"], ignore_index=True)


def words_of(found: DesignMap, part: pd.DataFrame) -> str:
    """Designs that differ in the second setting only, in words: "1:3, 0.5 to 0.2"."""
    axes = METHODS[found.method].axes
    said = [axes[name].say(plain(part[name].iloc[0])) for name in found.axes[:1]]
    said += [
        calipers(part[name]) if name == "caliper" else axes[name].say(plain(part[name].iloc[0]))
        for name in found.axes[1:]
    ]
    return ", ".join(said)


def plain(value: Any) -> Any:
    """A setting as the spec holds it: None for none, whole numbers whole."""
    if value is None or (isinstance(value, float) and np.isnan(value)):
        return None
    value = value.item() if isinstance(value, np.generic) else value
    return int(value) if isinstance(value, float) and value.is_integer() and value > 1 else value


def calipers(values: pd.Series) -> str:
    """ "no caliper", "0.2", "0.5 to 0.2", or "0.2 or wider, or none"."""
    words = ["no caliper" if np.isnan(value) else f"{value:g}" for value in values]
    if len(words) == 1:
        return words[0]
    return f"{words[-1]} or wider, or none" if np.isnan(values.iloc[0]) else f"{words[0]} to {words[-1]}"


def in_use(found: DesignMap) -> str:
    """The design of the spec."""
    return words_of(found, found.designs[found.designs["current"]].iloc[:1])


def other_methods(found: DesignMap) -> pd.DataFrame:
    """The rows of DesignMap.methods that can be drawn; numbers as float."""
    rows = found.methods.astype({"kept": float, "max_abs_smd": float})
    return rows[rows["error"].isna() & np.isfinite(rows["max_abs_smd"]) & (rows["max_abs_smd"] < NOT_FINITE)]


def inwards(x: pd.Series) -> list[str]:
    """Where the name of each mark stands: on the left of the figure beside it, on the right above it, so that two never
    run towards each other."""
    return np.where(x <= x.mean(), "middle right", "top center").tolist()


def draw_methods(figure: go.Figure, found: DesignMap) -> None:
    """The other methods, each with its usual settings."""
    rows = other_methods(found)
    figure.add_trace(
        go.Scatter(
            x=rows["kept"],
            y=rows["max_abs_smd"],
            mode="markers+text",
            name="Other methods",
            text=rows["method"],
            textposition=inwards(rows["kept"]),
            textfont={"size": SMALL, "color": BLUE},
            customdata=[
                [METHODS[name].title, settings] for name, settings in zip(rows["method"], rows["settings"], strict=True)
            ],
            marker={"symbol": "square", "size": 10, "color": BLUE, "line": {"color": "#FFFFFF", "width": 1}},
            hovertemplate="%{customdata[0]}: %{x} kept, worst difference %{y:.2f}<extra></extra>",
        )
    )


def draw_designs(figure: go.Figure, rows: pd.DataFrame, name: str, symbol: str) -> None:
    """One kind of mark."""
    figure.add_trace(
        go.Scatter(
            x=rows["kept"],
            y=rows["max_abs_smd"],
            mode="markers",
            name=name,
            customdata=marks(rows),
            marker={"symbol": symbol, "size": 9, "color": GREY, "line": {"color": GREY, "width": 1.6}},
            hovertemplate="%{customdata[0]}: %{x} kept, worst difference %{y:.2f}<extra></extra>",
        )
    )


def marks(rows: pd.DataFrame) -> list[list[str]]:
    """What a mark stands for: the design in words, and the settings of the first of its designs as JSON."""
    return [[row.design, json.dumps(row.settings)] for row in records(rows)]


def write_numbers(figure: go.Figure, front: pd.DataFrame) -> None:
    """The numbers of the designs on the front, those of one place together ("8–10"), above and below in turn, so that
    neighbours do not meet."""
    numbered = front.assign(number=np.arange(1, len(front) + 1))
    places = numbered.groupby(["kept", "max_abs_smd"], sort=False)["number"].agg(["min", "max"])
    spans = zip(places.index, places["min"], places["max"], strict=True)
    for at, ((kept, worst), first, last) in enumerate(spans):
        text = f"{first}" if first == last else f"{first}{DASH}{last}"
        figure.add_annotation(
            x=kept,
            y=worst,
            text=f"<b>{text}</b>",
            showarrow=False,
            yshift=-16 if at % 2 else 16,
            bgcolor="rgba(255,255,255,0.85)",
            font={"size": SMALL, "color": BLUE},
        )


def alt_text(found: DesignMap) -> str:
    """The front in words."""
    rows = found.designs
    front = front_designs(found)
    said = "; ".join(f"{r.design} keeps {r.kept:,} at {number(r.max_abs_smd)}" for r in records(front))
    return (
        f"Patients kept against the worst |SMD| for {counted(len(rows), 'design')}. On the front: {said}."
        if said
        else f"None of {counted(len(rows), 'design')} matches anybody."
    )
