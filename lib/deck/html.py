"""A slide as HTML for the page: everything at its place on 1280 x 720 px, text literal, white in every theme."""

import base64
from html import escape

from ..figures.style import BLUE, INK, LINE, QUIET, WHITE
from ..words.tables import TextTable
from .fit import BIG, BODY, FOOT, INNER, LEFT, TAKEAWAY, TEXT, TINY, TITLE, WIDTH, Table, fitted
from .fit import LINE as HEIGHT_OF_LINE
from .flow import Box, layout
from .letters import one_line
from .slide import Content, Flow, Picture, Sentences, Slide
from .svg import picture, svg_of

SIDE = "#F4F4F4"
TAKEAWAY_SIZES, TITLE_SIZES = (32, 28, 24), (40, 32, 28)


def slide_html(slide: Slide, number: int, of: int) -> str:
    """One slide. A picture's place stays empty: the page puts the figure there."""
    title, title_size = fitted(slide.title, INNER, TITLE[1], TITLE_SIZES)
    line, line_size = fitted(slide.takeaway, INNER, TAKEAWAY[1], TAKEAWAY_SIZES)
    parts = [
        _box("h1", LEFT, TITLE, title, title_size, f"font-weight:700;color:{INK}"),
        _box("p", LEFT, TAKEAWAY, line, line_size, f"color:{BLUE};font-weight:700"),
        _whole(slide),
        _box("p", LEFT, FOOT, [one_line(slide.footer, TINY, INNER - 120)], TINY, f"color:{QUIET}"),
        _number(number, of),
    ]
    return f'<section class="deck-slide">{"".join(parts)}</section>'


def _whole(slide: Slide) -> str:
    return f'<div class="deck-body">{_body(slide.content, slide.alt)}</div>'


def _box(tag: str, left: float, band: tuple[int, int], lines: list[str], size: int, style: str) -> str:
    place = f"left:{left}px;top:{band[0]}px;width:{INNER}px;height:{band[1]}px"
    said = "<br>".join(map(escape, lines))
    return f'<{tag} style="{place};font-size:{size}px;line-height:{HEIGHT_OF_LINE};{style}">{said}</{tag}>'


def _number(number: int, of: int) -> str:
    place = f"left:{WIDTH - LEFT - 100}px;top:{FOOT[0]}px;width:100px;height:{FOOT[1]}px"
    style = f"font-size:{TINY}px;line-height:{HEIGHT_OF_LINE};color:{QUIET};text-align:right"
    return f'<p class="deck-number" style="{place};{style}">{number} / {of}</p>'


def _body(content: Content, alt: str) -> str:
    if isinstance(content, Sentences):
        return _sentences(content)
    if isinstance(content, Table):
        return _table(content)
    if isinstance(content, Flow):
        return _flow(content)
    return "" if isinstance(content, Picture) else _image(svg_of(content), alt)


def _image(svg: str, alt: str) -> str:
    data = base64.b64encode(svg.encode()).decode()
    place = f'width="{INNER}" height="{BODY[1]}"'
    return f'<img {place} alt="{escape(alt)}" src="data:image/svg+xml;base64,{data}">'


def _sentences(content: Sentences) -> str:
    counts = "".join(f'<p style="font-size:{BIG}px;font-weight:700">{escape(line)}</p>' for line in content.counts)
    return counts + "".join(f'<p style="font-size:{TEXT}px">{escape(line)}</p>' for line in content.lines)


def _table(table: Table) -> str:
    columns = "".join(f'<col style="width:{width:.0f}px">' for width in table.widths)
    rows = [_row(table.text, "td" if place else "th", lines, place - 1) for place, lines in enumerate(table.cells)]
    return (
        f'<table style="font-size:{table.size}px" aria-label="{escape(table.text.described)}">'
        f"<colgroup>{columns}</colgroup><thead>{rows[0]}</thead><tbody>{''.join(rows[1:])}</tbody></table>"
    )


def _row(table: TextTable, tag: str, cells: tuple[tuple[str, ...], ...], number: int) -> str:
    align = table.align or ("left",) * len(cells)
    kind = table.kind(number) if number >= 0 else "head"
    made = (
        f'<{tag} style="text-align:{side}">{"<br>".join(map(escape, lines))}</{tag}>'
        for side, lines in zip(align, cells, strict=True)
    )
    return f'<tr class="{kind}">{"".join(made)}</tr>'


def _flow(content: Flow) -> str:
    made = layout(content, top=0)
    lines = "".join(
        f'<line x1="{a.x0 - LEFT:.1f}" y1="{a.y0:.1f}" x2="{a.x1 - LEFT:.1f}" y2="{a.y1:.1f}" stroke="{QUIET}" '
        'stroke-width="2.5" marker-end="url(#arrow)"/>'
        for a in made.arrows
    )
    head = (
        '<defs><marker id="arrow" markerWidth="8" markerHeight="8" refX="7" refY="3" orient="auto">'
        f'<path d="M0,0 L7,3 L0,6 z" fill="{QUIET}"/></marker></defs>'
    )
    return _image(picture(head + lines), "") + "".join(_flow_box(box, made.size) for box in made.boxes)


def _flow_box(box: Box, size: int) -> str:
    place = f"left:{box.left - LEFT:.1f}px;top:{box.top:.1f}px;width:{box.width:.1f}px;height:{box.height:.1f}px"
    style = f"font-size:{size}px;border:2px solid {LINE};background:{SIDE if box.lost else WHITE}"
    first, *rest = map(escape, box.lines)
    said = "<br>".join([first if box.lost else f"<b>{first}</b>", *rest])
    return f'<div class="deck-box" style="{place};{style}"><div>{said}</div></div>'
