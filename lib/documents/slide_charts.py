"""Charts that PowerPoint draws from their numbers: curves with the numbers at risk, love plot, bars, forest.

Only what stands in the figure is in a chart's workbook: shares at event times, differences, effects. Names that a file
brings stand in tables beside the chart, never in the workbook.
"""

import math
from collections.abc import Mapping, Sequence

from pptx.chart.data import CategoryChartData, XyChartData
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_LEGEND_POSITION, XL_MARKER_STYLE, XL_TICK_MARK
from pptx.enum.chart import XL_TICK_LABEL_POSITION as TICKS
from pptx.enum.dml import MSO_LINE
from pptx.oxml.ns import qn
from pptx.oxml.xmlchemy import OxmlElement
from pptx.util import Pt

from ..deck.charts import axis_ticks
from ..deck.fit import BODY, INNER, LEFT, SMALL, Table
from ..deck.letters import one_line
from ..deck.places import AXIS, RISK_HEAD, RISK_ROW, TYPE, Area, curves_area, rows_area, short_arm
from ..deck.slide import Bars, Curve, Curves, Forest, Love
from ..deck.svg import clipped
from ..figures.style import GREY, INK, LINE, QUIET
from ..words.deck import LESS, MORE
from ..words.tables import TextTable
from .slide_parts import PT, Page, add_table, at_body, child, clean, colour, described, emu

Points = list[tuple[float, float]]
MARKS = {
    "Before matching": (XL_MARKER_STYLE.DIAMOND, GREY, 12),
    "After": (XL_MARKER_STYLE.CIRCLE, INK, 11),
}
TOP_OF_SHARES = 1.02  # so that a curve at 100% is not cut by the edge


def add_curves(page: Page, chart: Curves, alt: str) -> None:
    """Curves as steps, the numbers at risk below their ticks."""
    area = curves_area(chart)
    data = points_of({curve.label: corners(curve) for curve in chart.curves})
    made = scatter(page, data, area, area.top + area.height + AXIS, alt)
    step = chart.ticks[1] - chart.ticks[0] if len(chart.ticks) > 1 else chart.horizon
    style_axis(made.category_axis, 0, chart.horizon, step, chart.time, "General")
    style_axis(made.value_axis, 0, TOP_OF_SHARES, 0.25, chart.measure, "0%")
    legend(made)
    for series, curve in zip(made.plots[0].series, chart.curves, strict=True):
        draw_line(series, curve.color, 3, MSO_LINE.DASH if curve.dashed else None)
    add_at_risk(page, chart, area)


def corners(curve: Curve) -> Points:
    """A curve as points with straight lines between them."""
    made = [(curve.times[0], curve.shares[0])]
    for time, share in zip(curve.times[1:], curve.shares[1:], strict=True):
        level = made[-1][1]
        made += [(time, level)] if share == level else [(time, level), (time, share)]
    return made


def points_of(series: Mapping[str, Points]) -> XyChartData:
    """Chart data of series that are all equally long, the shorter ones with their last point again: LibreOffice draws
    no line of a series with fewer points than another."""
    data, longest = XyChartData(), max(map(len, series.values()))
    for name, points in series.items():
        made = data.add_series(name)
        for x, y in [*points, *[points[-1]] * (longest - len(points))]:
            made.add_data_point(x, y)
    return data


def add_at_risk(page: Page, chart: Curves, area: Area) -> None:
    """The numbers at risk, each centred under its tick."""
    top, wide = area.top + area.height + AXIS, 90.0
    page.text(("At risk",), at_body((0, top, 200, RISK_HEAD), BODY[0]), SMALL, bold=True, name="At risk")
    for row, curve in enumerate(chart.curves):
        y, name = top + RISK_HEAD + RISK_ROW * row, short_arm(curve.label)
        page.text((name,), at_body((0, y, area.left - 30, RISK_ROW), BODY[0]), SMALL, color=curve.color, name="At risk")
        for tick, count in zip(chart.ticks, curve.at_risk, strict=True):
            place = (area.x(tick, 0, chart.horizon) - wide / 2, y, wide, RISK_ROW)
            page.text((f"{count:,}",), at_body(place, BODY[0]), SMALL, align="center", name=f"At risk at {tick:g}")


def add_love(page: Page, chart: Love, alt: str) -> None:
    """Differences before (grey diamonds) and after (discs), names in a table beside them."""
    area, rows = rows_area(chart), len(chart.rows)
    sides = {"Before matching": [row.before for row in chart.rows], "After": [row.after for row in chart.rows]}
    points = {
        name: [(value, float(rows - place)) for place, value in enumerate(values) if math.isfinite(value)]
        for name, values in sides.items()
    }
    told = {name: found for name, found in points.items() if found}
    data = points_of(told | {"0.1 SD": vertical(0.1, rows)})
    made = scatter(page, data, area, area.top + area.height + 76, alt)
    ticks = axis_ticks(0, chart.top)
    style_axis(
        made.category_axis, 0, chart.top, ticks[1] - ticks[0], "|SMD|, in SD of the treated before matching", "General"
    )
    style_rows(made.value_axis, rows)
    legend(made)
    *drawn, limit = made.plots[0].series
    for series in drawn:
        draw_marks(series, *MARKS[series.name])
    draw_line(limit, QUIET, 1.5, MSO_LINE.DASH)
    add_names(page, [row.label for row in chart.rows], (0, area.top, area.left - 8, area.height), "right")


def add_forest(page: Page, chart: Forest, alt: str) -> None:
    """Effects as squares, each interval a line of its own; names left, numbers right."""
    area, rows = rows_area(chart), len(chart.rows)
    low, high = chart.span
    inside = [(row.estimate, float(rows - k)) for k, row in enumerate(chart.rows) if low <= row.estimate <= high]
    lines = {
        f"Interval {place + 1}": [(limit, float(rows - place)) for limit in clipped(row.low, row.high, chart.span)]
        for place, row in enumerate(chart.rows)
    }
    effects = {"Effect": inside} if inside else {}
    data = points_of(effects | lines | {"No effect": vertical(chart.none, rows)})
    made = scatter(page, data, area, area.top + area.height + 76, alt)
    ticks = axis_ticks(low, high)
    style_axis(made.category_axis, low, high, None if chart.log else ticks[1] - ticks[0], chart.axis, "General")
    if chart.log:
        logarithmic(made.category_axis)
    style_rows(made.value_axis, rows)
    made.has_legend = False
    *drawn, none = made.plots[0].series
    for series in drawn:
        if series.name == "Effect":
            draw_marks(series, XL_MARKER_STYLE.SQUARE, INK, 11)
        else:
            draw_line(series, INK, 3, None)
    draw_line(none, QUIET, 1.5, MSO_LINE.DASH)
    right = area.left + area.width + 8
    add_names(page, [row.label for row in chart.rows], (0, area.top, area.left - 8, area.height), "right")
    add_names(page, [row.words for row in chart.rows], (right, area.top, INNER - right, area.height), "right")
    scale = math.log if chart.log else float
    middle, below = area.x(scale(chart.none), scale(low), scale(high)), area.top + area.height + 80
    for text, left, align in ((LESS, middle - 410, "right"), (MORE, middle + 10, "left")):
        page.text((text,), at_body((left, below, 400, 30), BODY[0]), SMALL, color=QUIET, align=align, name="Direction")


def add_bars(page: Page, chart: Bars, alt: str) -> None:
    """Shares as bars with their counts."""
    data = CategoryChartData()
    rows = [row for row in reversed(chart.rows) if math.isfinite(row.percent)]
    data.categories = [row.label for row in rows]
    data.add_series("Share of patients (%)", [round(row.percent, 6) for row in rows])
    place = emu((LEFT, BODY[0], INNER, BODY[1]))
    frame = page.shapes.add_chart(XL_CHART_TYPE.BAR_CLUSTERED, *place, data)
    described(frame, alt, "Chart")
    made = frame.chart
    made.has_legend = False
    made.has_title = False
    made.font.size = Pt(TYPE * PT)
    made.value_axis.minimum_scale, made.value_axis.maximum_scale = 0, min(chart.top * 1.4, 140)
    made.value_axis.visible = False
    made.value_axis.has_major_gridlines = False
    made.category_axis.format.line.color.rgb = colour(LINE)
    made.category_axis.major_tick_mark = XL_TICK_MARK.NONE
    plot = made.plots[0]
    plot.gap_width = 60
    for point_at, row in enumerate(rows):
        point = plot.series[0].points[point_at]
        point.format.fill.solid()
        point.format.fill.fore_color.rgb = colour(row.color)
        label = point.data_label
        label.text_frame.text = row.words
        label.text_frame.word_wrap = False
        label.text_frame.paragraphs[0].runs[0].font.size = Pt(TYPE * PT)
        label.text_frame.paragraphs[0].runs[0].font.bold = True
        label.position = XL_LABEL_POSITION.OUTSIDE_END


def scatter(page: Page, data: XyChartData, area: Area, height: float, alt: str):
    """A chart of points and lines whose plot is pinned to its area.  height: px of the whole chart."""
    place = emu((LEFT, BODY[0], INNER, height))
    frame = page.shapes.add_chart(XL_CHART_TYPE.XY_SCATTER_LINES_NO_MARKERS, *place, data)
    described(frame, alt, "Chart")
    made = frame.chart
    made.has_title = False
    made.font.size = Pt(SMALL * PT)
    pin(made, area, height)
    return made


def pin(chart, area: Area, height: float) -> None:
    """Where the inner plot stands, as shares of the chart, so that what stands beside it lines up with the ticks."""
    plot = chart._chartSpace.find(f".//{qn('c:plotArea')}")
    found = plot.find(qn("c:layout"))
    if found is None:
        found = OxmlElement("c:layout")
        plot.insert(0, found)
    for old in list(found):
        found.remove(old)
    manual = child(found, "c:manualLayout")
    shares = (area.left / INNER, area.top / height, area.width / INNER, area.height / height)
    for tag, value in (("layoutTarget", "inner"), ("xMode", "edge"), ("yMode", "edge")):
        child(manual, f"c:{tag}", val=value)
    for tag, share in zip("xywh", shares, strict=True):
        child(manual, f"c:{tag}", val=f"{share:.6f}")


def style_axis(axis, low: float, high: float, step: float | None, title: str, numbers: str) -> None:
    """An axis from `low` to `high` with its title and ticks outside."""
    axis.minimum_scale, axis.maximum_scale = low, high
    if step is not None:
        axis.major_unit = step
    axis.has_major_gridlines = False
    axis.major_tick_mark = XL_TICK_MARK.OUTSIDE
    axis.tick_label_position = TICKS.LOW
    labels = axis.tick_labels
    labels.font.size, labels.number_format, labels.number_format_is_linked = Pt(SMALL * PT), numbers, False
    axis.format.line.color.rgb = colour(LINE)
    axis.has_title = True
    frame = axis.axis_title.text_frame
    frame.text = clean(one_line(title, SMALL, 620))
    frame.paragraphs[0].font.size, frame.paragraphs[0].font.bold = Pt(SMALL * PT), False


def style_rows(axis, rows: int) -> None:
    """The axis of rows: no words, no line."""
    axis.minimum_scale, axis.maximum_scale, axis.major_unit = 0.5, rows + 0.5, 1
    axis.has_major_gridlines = False
    axis.major_tick_mark = XL_TICK_MARK.NONE
    axis.tick_label_position = TICKS.NONE
    axis.format.line.fill.background()


def logarithmic(axis) -> None:
    """Ratios: as far to a half as to twice."""
    scaling = axis._element.find(qn("c:scaling"))
    base = OxmlElement("c:logBase")
    base.set("val", "10")
    scaling.insert(0, base)


def legend(chart) -> None:
    """The legend above the plot."""
    chart.has_legend = True
    chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.TOP, False
    chart.legend.font.size = Pt(SMALL * PT)


def vertical(at: float, rows: int) -> Points:
    """A line through all rows."""
    return [(at, 0.5), (at, rows + 0.5)]


def draw_line(series, color: str, width: float, dash) -> None:
    """A series as a line."""
    series.smooth = False
    series.format.line.width, series.format.line.color.rgb = Pt(width), colour(color)
    series.marker.style = XL_MARKER_STYLE.NONE
    if dash is not None:
        series.format.line.dash_style = dash


def draw_marks(series, style, color: str, size: int) -> None:
    """A series as filled marks."""
    series.format.line.fill.background()
    series.marker.style, series.marker.size = style, size
    series.marker.format.fill.solid()
    series.marker.format.fill.fore_color.rgb = colour(color)
    series.marker.format.line.color.rgb = colour(color)


def add_names(page: Page, names: Sequence[str], place: tuple[float, float, float, float], align) -> None:
    """The names of rows as a table of one column whose rows are as high as the plot's."""
    left, top, width, height = place
    pitch = height / len(names)
    size = min(TYPE, int(pitch / 1.25))
    texts = tuple((one_line(name, size, width - 20),) for name in names)
    table = TextTable("Names", ("",), texts, align=(align,))
    made = Table(table, size, (width,), (0.0, *(pitch for _ in names)), ((("",),), *((text,) for text in texts)))
    add_table(page, made, (left + LEFT, top + BODY[0]), "Names of the rows of the chart", head=False, bare=True)
