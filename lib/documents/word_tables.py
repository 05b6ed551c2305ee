"""TextTables as a Word document: real tables in one paragraph style, the header row repeated, footnotes below.

The parts of a table are written as WordprocessingML by hand: python-docx looks for every cell anew, which takes
minutes for a long table.
"""

import io
import unicodedata
from collections.abc import Sequence
from datetime import datetime
from xml.sax.saxutils import escape

import docx
from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt

from ..words.numbers import RIGHT_TO_LEFT
from ..words.tables import TextTable
from .cells import cleaned
from .laid import Cell, Laid, laid
from .origin import PRODUCT, Origin
from .presets import HOUSE, Preset
from .zipped import without_times

FONT = "Arial"
TITLE, CELL, NOTE = "Table title", "Table text", "Table note"
SIZES = {TITLE: 10, CELL: 9, NOTE: 8}  # pt
SMALL = 16  # half points
NO_DATE = datetime(2000, 1, 1)  # equal analyses give equal bytes
LANDSCAPE = 6  # columns from which a page lies on its side
PAGE, MARGIN = (210, 297), 18  # mm
RULE = 'w:val="single" w:sz="8" w:space="0" w:color="000000"'
TWIPS = 56.7  # in a mm
LETTER, PADDING = 96, 170  # twips: of a letter of 9 pt, of what stands beside it


def word_bytes(tables: Sequence[TextTable], preset: Preset = HOUSE, origin: Origin | None = None) -> bytes:
    """A .docx of these tables, one after the other, each on a page of its own; equal tables give equal bytes.

    preset: how numbers are written.  origin: stands in the document's properties and at the foot of every page."""
    document = docx.Document()
    add_styles(document)
    shown = [laid(table, preset) for table in tables]
    set_page(document, max((len(one.heads) for one in shown), default=0) >= LANDSCAPE)
    for number, one in enumerate(shown):
        add_table(document, one, new_page=number > 0)
    describe(document, shown, origin or Origin())
    made = io.BytesIO()
    document.save(made)
    return without_times(made.getvalue())


def add_styles(document: Document) -> None:
    """The paragraph styles: of a title, of every cell, of a note."""
    for name, size in SIZES.items():
        style = document.styles.add_style(name, 1)
        style.base_style = document.styles["Normal"]
        style.font.name, style.font.size = FONT, Pt(size)
        properties = style.element.get_or_add_rPr()
        properties.rFonts.set(qn("w:cs"), FONT)
        properties.append(parse_xml(f'<w:szCs {nsdecls("w")} w:val="{2 * size}"/>'))
        style.paragraph_format.space_before = style.paragraph_format.space_after = Pt(1 if name == CELL else 3)
        style.paragraph_format.keep_with_next = name == TITLE


def set_page(document: Document, wide: bool) -> None:
    """A4, on its side for a wide table."""
    section = document.sections[0]
    width, height = reversed(PAGE) if wide else PAGE
    section.orientation = WD_ORIENT.LANDSCAPE if wide else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(width), Mm(height)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Mm(MARGIN)


def add_table(document: Document, one: Laid, new_page: bool) -> None:
    """Title, table, notes."""
    title = document.add_paragraph(style=TITLE)
    title.paragraph_format.page_break_before = new_page
    title.add_run(one.title.text).bold = True
    if one.title.marks:
        title.add_run(",".join(one.title.marks)).font.superscript = True
    body = document.element.body
    if one.heads:
        body.insert(len(body) - 1, parse_xml(table_xml(one, page_width(document), cell_style(document))))
    for mark, text in one.below:
        note = document.add_paragraph(style=NOTE)
        if mark:
            note.add_run(mark).font.superscript = True
        note.add_run(text)


def page_width(document: Document) -> int:
    """The width between the margins in twips."""
    wide = document.sections[0].orientation == WD_ORIENT.LANDSCAPE
    return int((PAGE[wide] - 2 * MARGIN) * TWIPS)


def cell_style(document: Document) -> str:
    """The id of the style of cells."""
    return document.styles[CELL].style_id


def table_xml(one: Laid, width: int, style: str) -> str:
    """The table.  width: of all columns, in twips."""
    widths = column_widths(one, width)
    grid = "".join(f'<w:gridCol w:w="{size}"/>' for size in widths)
    head = row_xml(one.heads, one, widths, style, "head")
    body = "".join(row_xml(cells, one, widths, style, kind) for cells, kind in zip(one.rows, one.kinds, strict=True))
    return (
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
        f'<w:tblBorders><w:top {RULE}/><w:bottom {RULE}/></w:tblBorders><w:tblLayout w:type="fixed"/>'
        f'<w:tblCellMar><w:left w:w="70" w:type="dxa"/><w:right w:w="70" w:type="dxa"/></w:tblCellMar>'
        f'<w:tblLook w:firstRow="1" w:noHBand="1" w:noVBand="1"/><w:tblCaption w:val="{attribute(one.title.text)}"/>'
        f'<w:tblDescription w:val="{attribute(one.alt)}"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{head}{body}</w:tbl>'
    )


def column_widths(one: Laid, width: int) -> list[int]:
    """What each column's longest line needs, in twips; where the page is too narrow, the widest columns give."""
    needed = [PADDING + LETTER * longest_line(one, at) for at in range(len(one.heads))]
    most = width
    for left, size in zip(range(len(needed), 0, -1), sorted(needed), strict=True):  # the narrow ones are served first
        most = width // left
        if size > most:
            break
        width -= size
    return [min(size, most) for size in needed] if width >= 0 else needed


def longest_line(one: Laid, at: int) -> int:
    """Letters of a column's longest line; a head may break between words."""
    lines = [line for row in one.rows for line in (row[at].text + "".join(row[at].marks), *row[at].small)]
    words = [f"{word} " for word in one.heads[at].text.split(" ")]  # bold letters are wider
    return max(map(len, [*lines, *words]))


def row_xml(cells: Sequence[Cell], one: Laid, widths: list[int], style: str, kind: str) -> str:
    """A row, on one page; kind "head" is repeated on every page, "heading" is one cell across."""
    repeated = "<w:tblHeader/>" if kind == "head" else ""
    if kind == "heading":
        told = cell_xml(cells[0], sum(widths), "left", style, True, False, len(cells))
    else:
        bold, ruled = kind != "plain", kind == "head"
        told = "".join(
            cell_xml(cell, size, align, style, bold, ruled)
            for cell, size, align in zip(cells, widths, one.align, strict=True)
        )
    return f"<w:tr><w:trPr><w:cantSplit/>{repeated}</w:trPr>{told}</w:tr>"


def cell_xml(cell: Cell, width: int, align: str, style: str, bold: bool, ruled: bool, across: int = 1) -> str:
    """A cell of one paragraph; its small print stands on lines of their own."""
    rule = f"<w:tcBorders><w:bottom {RULE}/></w:tcBorders>" if ruled else ""
    span = f'<w:gridSpan w:val="{across}"/>' if across > 1 else ""
    runs = run_xml(cell.text, "<w:b/>" if bold else "")
    runs += run_xml(",".join(cell.marks), '<w:vertAlign w:val="superscript"/>') if cell.marks else ""
    runs += "".join(f"<w:r><w:br/></w:r>{run_xml(line, size=SMALL)}" for line in cell.small)
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{span}{rule}</w:tcPr>'
        f'<w:p><w:pPr><w:pStyle w:val="{style}"/><w:jc w:val="{align}"/></w:pPr>{runs}</w:p></w:tc>'
    )


def run_xml(text: str, properties: str = "", size: int = 0) -> str:
    """A run of text; one that begins from right to left says so."""
    sized = f'<w:sz w:val="{size}"/><w:szCs w:val="{size}"/>' if size else ""
    rtl = "<w:rtl/>" if from_right(text) else ""
    inside = properties + sized + rtl if "vertAlign" not in properties else sized + properties + rtl
    return f'<w:r><w:rPr>{inside}</w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def from_right(text: str) -> bool:
    """Whether the first letter with a direction is one from right to left."""
    strong = (unicodedata.bidirectional(letter) for letter in text)
    return next((way for way in strong if way in ("L", *RIGHT_TO_LEFT)), "L") in RIGHT_TO_LEFT


def attribute(text: str) -> str:
    """Text inside double quotes."""
    return escape(text, {'"': "&quot;", "\n": " "})


def describe(document: Document, shown: Sequence[Laid], origin: Origin) -> None:
    """The document's properties, and the origin at the foot of every page."""
    known = document.core_properties
    known.title = "; ".join(one.title.text for one in shown)[:255]
    known.author = known.last_modified_by = PRODUCT
    known.comments, known.keywords, known.subject = cleaned(origin.line)[:255], "", ""
    known.created = known.modified = NO_DATE
    known.revision, known.language = 1, "en-GB"
    foot = document.sections[0].footer.paragraphs[0]
    foot.style = document.styles[NOTE]
    foot.add_run(cleaned(origin.line))
