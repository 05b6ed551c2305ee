"""The parts of a PowerPoint slide, placed in px of a slide of 1280 x 720: text, tables, boxes with connectors."""

import io
import re
from collections.abc import Sequence

from pptx.dml.color import RGBColor
from pptx.enum.shapes import MSO_CONNECTOR, MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.oxml.xmlchemy import OxmlElement
from pptx.util import Emu, Pt

from ..deck.fit import GUTTER, LEFT, Table
from ..deck.flow import Box, layout
from ..deck.html import SIDE
from ..deck.slide import Flow
from ..figures.style import INK, LINE, QUIET, WHITE

PX, PT = 9525, 0.75  # EMU and points of one px
NO_STYLE = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"  # PowerPoint's table without style and grid
SLIDE_NUMBER = "{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}"
BELOW_ROW, BELOW_HEAD = ("C8C8C8", 9525), ("1A1A1A", 25400)  # colour and EMU of the lines of a table
TOP, LEFT_SIDE, BOTTOM = 0, 1, 2  # where connectors meet a rectangle
UNREADABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
ALIGN = {"left": PP_ALIGN.LEFT, "center": PP_ALIGN.CENTER, "right": PP_ALIGN.RIGHT}

Place = tuple[float, float, float, float]


def emu(place: Sequence[float]) -> tuple[Emu, ...]:
    """Px as PowerPoint counts."""
    return tuple(Emu(round(px * PX)) for px in place)


def colour(name: str) -> RGBColor:
    """A "#RRGGBB" colour."""
    return RGBColor.from_string(name.lstrip("#"))


def clean(text: str) -> str:
    """Text without signs that a PowerPoint file cannot hold."""
    return UNREADABLE.sub("", text)


def described(shape, alt: str, name: str) -> None:
    """Gives a shape its name and its alternative text."""
    properties = shape._element.find(f".//{qn('p:cNvPr')}")
    properties.set("descr", clean(alt))
    properties.set("name", name)


def child(parent, tag: str, **attributes: str):
    """A new last element of `parent`, with a prefix such as "a:ln"."""
    made = OxmlElement(tag)
    for name, value in attributes.items():
        made.set(name, value)
    parent.append(made)
    return made


def without_style(shape) -> None:
    """Takes the theme's shadow and colours from a shape."""
    style = shape._element.find(qn("p:style"))
    shape._element.remove(style)


def styled(paragraph, size: float, color: str, bold: bool) -> None:
    """The type of a paragraph.  size: px."""
    font = paragraph.font
    font.size, font.bold = Pt(size * PT), bold
    font.color.rgb = colour(color)


class Page:
    """One slide of the file."""

    def __init__(self, slide) -> None:
        """slide: of python-pptx, with a title."""
        self.shapes = slide.shapes

    def title(self, text: str, place: Place, size: float) -> None:
        """The title, in its own placeholder, so that it stands in the outline."""
        shape = self.shapes.title
        shape.left, shape.top, shape.width, shape.height = emu(place)
        self._fill(shape.text_frame, (text,), size, INK, True, "left", 0.0)
        shape.text_frame.vertical_anchor = MSO_ANCHOR.MIDDLE

    def text(
        self,
        lines: Sequence[str],
        place: Place,
        size: float,
        *,
        color: str = INK,
        bold: bool = False,
        align: str = "left",
        after: float = 0.0,
        name: str = "Text",
    ) -> None:
        """Paragraphs.  after: space below each in sizes of type."""
        shape = self.shapes.add_textbox(*emu(place))
        shape.name = name
        self._fill(shape.text_frame, lines, size, color, bold, align, after)

    def _fill(self, frame, lines: Sequence[str], size: float, color: str, bold: bool, align: str, after: float) -> None:
        frame.word_wrap, frame.auto_size = True, MSO_AUTO_SIZE.NONE
        frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
        for place, line in enumerate(lines):
            paragraph = frame.paragraphs[0] if place == 0 else frame.add_paragraph()
            paragraph.text, paragraph.alignment = clean(line), ALIGN[align]
            paragraph.space_after = Pt(after * size * PT)
            styled(paragraph, size, color, bold)

    def number(self, number: int, place: Place, size: float, color: str) -> None:
        """The number of the slide, which PowerPoint keeps right."""
        shape = self.shapes.add_textbox(*emu(place))
        shape.name = "Slide number"
        paragraph = shape.text_frame.paragraphs[0]
        paragraph.alignment = PP_ALIGN.RIGHT
        styled(paragraph, size, color, False)
        field = child(paragraph._p, "a:fld", id=SLIDE_NUMBER, type="slidenum")
        run = child(field, "a:rPr", lang="en-GB", sz=str(round(size * PT * 100)))
        child(child(run, "a:solidFill"), "a:srgbClr", val=color.lstrip("#"))
        child(field, "a:t").text = str(number)

    def picture(self, image: bytes, place: Place, alt: str) -> None:
        """A PNG."""
        described(self.shapes.add_picture(io.BytesIO(image), *emu(place)), alt, "Figure")


def add_table(
    page: Page, table: Table, corner: tuple[float, float], alt: str, head: bool = True, bare: bool = False
) -> None:
    """A native table.  head: whether its first row names the columns.  bare: without lines."""
    rows = [table.text.heads, *table.text.rows] if head else list(table.text.rows)
    heights = table.heights if head else table.heights[1:]
    cells = table.cells if head else table.cells[1:]
    place = emu((*corner, sum(table.widths), sum(heights)))
    shape = page.shapes.add_table(len(rows), len(table.widths), *place)
    described(shape, alt, "Table")
    shape._element.find(f".//{qn('a:tableStyleId')}").text = NO_STYLE
    made = shape.table
    made.first_row, made.horz_banding = head, False
    for column, width in enumerate(table.widths):
        made.columns[column].width = emu((width,))[0]
    for number, (row, height) in enumerate(zip(rows, heights, strict=True)):
        made.rows[number].height = emu((height,))[0]
        kind = "bare" if bare else "head" if head and number == 0 else table.text.kind(number - head)
        for column, text in enumerate(row):
            align = table.text.align[column] if table.text.align else "left"
            fill_cell(made.cell(number, column), whole(text, cells[number][column]), table.size, kind, align)


def whole(text: str, lines: tuple[str, ...]) -> str:
    """A cell's text, as it was cut where it did not fit."""
    return " ".join(lines) if "…" in " ".join(lines) else text


def fill_cell(cell, text: str, size: float, kind: str, align: str) -> None:
    """One cell.  kind: "head", "primary" or "plain"; "bare" has no line below."""
    cell.margin_left = cell.margin_right = emu((GUTTER / 2,))[0]
    cell.margin_top = cell.margin_bottom = emu((0 if kind == "bare" else 4,))[0]
    cell.vertical_anchor = MSO_ANCHOR.MIDDLE if kind == "bare" else MSO_ANCHOR.TOP
    paragraph = cell.text_frame.paragraphs[0]
    paragraph.text, paragraph.alignment = clean(text), ALIGN[align]
    styled(paragraph, size, INK, kind in ("head", "primary"))
    if kind != "bare":
        line_below(cell, *(BELOW_HEAD if kind == "head" else BELOW_ROW))


def line_below(cell, color: str, width: int) -> None:
    """The line under a cell."""
    properties = cell._tc.get_or_add_tcPr()
    border = child(properties, "a:lnB", w=str(width), cap="flat")
    child(child(border, "a:solidFill"), "a:srgbClr", val=color)


def add_flow(page: Page, flow: Flow) -> None:
    """Boxes and connectors that hold on to them."""
    made = layout(flow)
    shapes = [add_box(page, box, made.size) for box in made.boxes]
    for arrow in made.arrows:
        ends = emu((arrow.x0, arrow.y0, arrow.x1, arrow.y1))
        line = page.shapes.add_connector(MSO_CONNECTOR.STRAIGHT, *ends)
        lost = made.boxes[arrow.end].lost
        if not lost:
            line.begin_connect(shapes[arrow.start], BOTTOM)
        line.end_connect(shapes[arrow.end], LEFT_SIDE if lost else TOP)
        line.line.color.rgb, line.line.width = colour(QUIET), Pt(2)
        child(line.line._get_or_add_ln(), "a:tailEnd", type="triangle", w="med", len="med")
        without_style(line)
        described(line, "", "Arrow")


def add_box(page: Page, box: Box, size: float):
    """One box of the flow."""
    shape = page.shapes.add_shape(MSO_SHAPE.RECTANGLE, *emu((box.left, box.top, box.width, box.height)))
    shape.name = "Left out" if box.lost else "Step"
    without_style(shape)
    shape.fill.solid()
    shape.fill.fore_color.rgb = colour(SIDE if box.lost else WHITE)
    shape.line.color.rgb, shape.line.width = colour(LINE), Pt(1.5)
    frame = shape.text_frame
    frame.word_wrap, frame.vertical_anchor = True, MSO_ANCHOR.MIDDLE
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    for place, line in enumerate(box.lines):
        paragraph = frame.paragraphs[0] if place == 0 else frame.add_paragraph()
        paragraph.text, paragraph.alignment = clean(line), PP_ALIGN.CENTER
        styled(paragraph, size, INK, place == 0 and not box.lost)
    return shape


def at_body(place: Place, top: float) -> Place:
    """A place inside the body of a slide as one on the slide."""
    return place[0] + LEFT, place[1] + top, place[2], place[3]
