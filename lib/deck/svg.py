"""Charts as SVG for the page: the places of lib.deck.places, text literal and never below 22 px on a slide of 720."""

import html
import math

import numpy as np

from ..figures.style import FONT, GREY, GRID, INK, LINE, QUIET
from ..words import deck as words_of
from .charts import axis_ticks
from .fit import BODY, INNER, SMALL
from .letters import one_line, width_of
from .places import AXIS, RISK_HEAD, RISK_ROW, TYPE, Area, curves_area, rows_area, short_arm
from .slide import Bars, Chart, Curve, Curves, Forest, Love

DASH = 'stroke-dasharray="14 8"'
SHARES = (0.0, 0.25, 0.5, 0.75, 1.0)


def svg_of(chart: Chart) -> str:
    """One chart as an SVG file of the body of a slide."""
    return picture("".join(_drawn(chart)))


def picture(inside: str) -> str:
    """An SVG file of the body of a slide."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{INNER}" height="{BODY[1]}" viewBox="0 0 {INNER} {BODY[1]}" '
        f'font-family="{html.escape(FONT)}">{inside}</svg>'
    )


def _drawn(chart: Chart) -> list[str]:
    if isinstance(chart, Curves):
        return _curves(chart)
    if isinstance(chart, Love):
        return _love(chart)
    return _bars(chart) if isinstance(chart, Bars) else _forest(chart)


def text(
    x: float, y: float, words: str, *, anchor: str = "start", size: int = TYPE, color: str = INK, weight: int = 400
) -> str:
    """One line of text; y is its middle."""
    place = f'x="{x:.1f}" y="{y + 0.35 * size:.1f}" text-anchor="{anchor}"'
    return f'<text {place} font-size="{size}" font-weight="{weight}" fill="{color}">{html.escape(words)}</text>'


def line(x0: float, y0: float, x1: float, y1: float, color: str, width: float = 1.5, more: str = "") -> str:
    """A straight line."""
    places = f'x1="{x0:.1f}" y1="{y0:.1f}" x2="{x1:.1f}" y2="{y1:.1f}"'
    return f'<line {places} stroke="{color}" stroke-width="{width}" {more}/>'


def dot(x: float, y: float, color: str, filled: bool, radius: float = 9) -> str:
    """A disc, or a ring."""
    fill = color if filled else "#FFFFFF"
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius}" fill="{fill}" stroke="{color}" stroke-width="3"/>'


def _curves(chart: Curves) -> list[str]:
    area = curves_area(chart)
    made, x = [], 0.0
    for share in SHARES:
        y = area.y(share, 0, 1)
        made.append(line(area.left, y, area.left + area.width, y, GRID))
        made.append(text(area.left - 12, y, f"{100 * share:.0f}%", anchor="end", size=SMALL))
    bottom = area.top + area.height
    made.append(line(area.left, bottom, area.left + area.width, bottom, LINE))
    for tick in chart.ticks:
        at = area.x(tick, 0, chart.horizon)
        made.append(line(at, bottom, at, bottom + 7, LINE))
        made.append(text(at, bottom + 22, f"{tick:g}", anchor="middle", size=SMALL))
    made.append(text(area.left + area.width / 2, bottom + 52, chart.time, anchor="middle", size=SMALL))
    for curve in chart.curves:
        made.append(_steps(curve, area, chart.horizon))
        made.append(line(x, 20, x + 44, 20, curve.color, 5, DASH if curve.dashed else ""))
        made.append(text(x + 56, 20, curve.label))
        x += 56 + width_of(curve.label, TYPE) + 40
    made.append(text(INNER, 20, chart.measure, anchor="end", color=QUIET))
    return [*made, *_at_risk(chart, area, bottom + AXIS)]


def _steps(curve: Curve, area: Area, horizon: float) -> str:
    points, before = [], None
    for time, share in zip(curve.times, curve.shares, strict=True):
        x = area.x(time, 0, horizon)
        if before is not None:
            points.append(f"{x:.1f},{area.y(before, 0, 1):.1f}")
        points.append(f"{x:.1f},{area.y(share, 0, 1):.1f}")
        before = share
    dashes = DASH if curve.dashed else ""
    return f'<polyline points="{" ".join(points)}" fill="none" stroke="{curve.color}" stroke-width="4" {dashes}/>'


def _at_risk(chart: Curves, area: Area, top: float) -> list[str]:
    made = [text(0, top + RISK_HEAD / 2, "At risk", size=SMALL, weight=700)]
    for row, curve in enumerate(chart.curves):
        y = top + RISK_HEAD + RISK_ROW * (row + 0.5)
        made.append(text(0, y, short_arm(curve.label), size=SMALL, color=curve.color))
        made += [
            text(area.x(tick, 0, chart.horizon), y, f"{count:,}", anchor="middle", size=SMALL)
            for tick, count in zip(chart.ticks, curve.at_risk, strict=True)
        ]
    return made


def _axis(area: Area, low: float, high: float, ticks: list[float], words: list[str], title: str) -> list[str]:
    bottom = area.top + area.height
    made = [line(area.left, bottom, area.left + area.width, bottom, LINE)]
    for tick, word in zip(ticks, words, strict=True):
        x = area.x(tick, low, high)
        made.append(line(x, area.top, x, bottom + 7, GRID))
        made.append(text(x, bottom + 24, word, anchor="middle", size=SMALL))
    made.append(text(area.left + area.width / 2, bottom + 56, title, anchor="middle", size=SMALL))
    return made


def _love(chart: Love) -> list[str]:
    area, ticks = rows_area(chart), axis_ticks(0, chart.top)
    made = _axis(area, 0, chart.top, ticks, [f"{t:g}" for t in ticks], "|SMD|, in SD of the treated before matching")
    limit = area.x(0.1, 0, chart.top)
    made.append(line(limit, area.top, limit, area.top + area.height, QUIET, 2, DASH))
    pitch = area.height / len(chart.rows)
    for place, row in enumerate(chart.rows):
        y = area.top + pitch * (place + 0.5)
        made.append(text(area.left - 16, y, one_line(row.label, TYPE, area.left - 16), anchor="end"))
        places = [area.x(value, 0, chart.top) for value in (row.before, row.after) if math.isfinite(value)]
        if len(places) == 2:
            made.append(line(places[0], y, places[1], y, LINE, 2))
        if math.isfinite(row.before):
            made.append(dot(area.x(row.before, 0, chart.top), y, GREY, False))
        if math.isfinite(row.after):
            made.append(dot(area.x(row.after, 0, chart.top), y, INK, True))
    legend = area.left + 12
    made += [dot(legend, 18, GREY, False), text(legend + 20, 18, "before matching")]
    made += [dot(legend + 230, 18, INK, True), text(legend + 250, 18, "after")]
    return [*made, text(legend + 350, 18, "dashed: 0.1", color=QUIET)]


def _bars(chart: Bars) -> list[str]:
    area = rows_area(chart)
    longest = max(width_of(row.words, TYPE, True) for row in chart.rows)
    area = Area(area.left, area.top, area.width - longest, area.height)
    ticks = axis_ticks(0, chart.top, 5)
    made = _axis(area, 0, chart.top, ticks, [f"{t:g}%" for t in ticks], one_line(chart.axis, SMALL, 900))
    pitch = area.height / len(chart.rows)
    for place, row in enumerate(chart.rows):
        y, wide = area.top + pitch * (place + 0.5), 0.0
        if math.isfinite(row.percent):
            wide = max(area.width * row.percent / chart.top, 3)
            shape = f'x="{area.left:.1f}" y="{y - 0.31 * pitch:.1f}" width="{wide:.1f}" height="{0.62 * pitch:.1f}"'
            made.append(f'<rect {shape} fill="{row.color}"/>')
        made.append(text(area.left - 16, y, row.label, anchor="end"))
        made.append(text(area.left + wide + 14, y, row.words, weight=700))
    return made


def _forest(chart: Forest) -> list[str]:
    area, (low, high) = rows_area(chart), chart.span
    scale = math.log if chart.log else float
    ends = (scale(low), scale(high))
    ticks = log_ticks(low, high) if chart.log else axis_ticks(low, high)
    words = [f"{t:g}".replace("-", "−") for t in ticks]
    made = _axis(area, *ends, [scale(t) for t in ticks], words, chart.axis)
    none = area.x(scale(chart.none), *ends)
    made.append(line(none, area.top, none, area.top + area.height, QUIET, 2, DASH))
    pitch = area.height / len(chart.rows)
    for place, row in enumerate(chart.rows):
        y = area.top + pitch * (place + 0.5)
        made.append(text(area.left - 16, y, one_line(row.label, TYPE, area.left - 16), anchor="end"))
        limits = clipped(row.low, row.high, chart.span)
        made.append(line(area.x(scale(limits[0]), *ends), y, area.x(scale(limits[1]), *ends), y, INK, 4))
        if low <= row.estimate <= high and (not chart.log or row.estimate > 0):
            x = area.x(scale(row.estimate), *ends)
            made.append(f'<rect x="{x - 9:.1f}" y="{y - 9:.1f}" width="18" height="18" fill="{INK}"/>')
        made.append(text(INNER, y, row.words, anchor="end"))
    side = area.top + area.height + 92
    made.append(text(none - 14, side, words_of.LESS, anchor="end", size=SMALL, color=QUIET))
    return [*made, text(none + 14, side, words_of.MORE, size=SMALL, color=QUIET)]


def clipped(low: float, high: float, span: tuple[float, float]) -> tuple[float, float]:
    """An interval inside the axis; a limit that does not exist is the end of the axis."""
    first = low if math.isfinite(low) else span[0]
    last = high if math.isfinite(high) else span[1]
    return float(np.clip(first, *span)), float(np.clip(last, *span))


def log_ticks(low: float, high: float) -> list[float]:
    """Round ratios inside an axis."""
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    fine = [float(half_up_ratio(m * 10.0**k)) for k in powers for m in (1, 2, 5)]
    coarse = [10.0**k for k in powers]
    inside = [value for value in fine if low <= value <= high]
    return inside if len(inside) <= 8 else [value for value in coarse if low <= value <= high]


def half_up_ratio(value: float) -> float:
    """A power of ten times 1, 2 or 5 without float dust."""
    return float(f"{value:.3g}")
