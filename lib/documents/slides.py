"""The deck as a PowerPoint file: text, tables, shapes and charts that an author can edit, 16:9, Arial.

A chart carries its numbers as a workbook; so figures with patients' values are pictures. The same deck gives the same
bytes.
"""

import io
from collections.abc import Callable
from datetime import datetime

import plotly.graph_objects as go
from pptx import Presentation
from pptx.util import Emu

from ..deck import Slide
from ..deck.fit import BIG, BODY, FOOT, HEIGHT, INNER, LEFT, LINE, TAKEAWAY, TEXT, TINY, TITLE, WIDTH, Table, fitted
from ..deck.html import TAKEAWAY_SIZES, TITLE_SIZES
from ..deck.letters import one_line
from ..deck.slide import Bars, Curves, Flow, Forest, Love, Picture, Sentences
from ..figures.enlarged import on_slide
from ..figures.style import BLUE, INK, QUIET
from ..words.deck import NOT_FIGURE
from .slide_charts import add_bars, add_curves, add_forest, add_love
from .slide_package import EPOCH, normal
from .slide_parts import Page, add_flow, add_table, clean

MOST_LETTERS = 255  # of a property of a document
MakePicture = Callable[[go.Figure], bytes | None]


def slides_bytes(deck: tuple[Slide, ...], picture: MakePicture) -> bytes:
    """A .pptx file of the slides.

    picture: makes a PNG of a figure, or None where this machine cannot; then the slide says so and gives its numbers.
    """
    file = Presentation()
    widen(file)
    for number, slide in enumerate(deck):
        add_slide(file, slide, number + 1, picture)
    describe(file, deck)
    made = io.BytesIO()
    file.save(made)
    return normal(made.getvalue())


def widen(file) -> None:
    """The template's 4:3 master and layouts as 16:9, so that a slide that an author adds looks right."""
    factor = WIDTH * 9525 / file.slide_width
    file.slide_width, file.slide_height = Emu(WIDTH * 9525), Emu(HEIGHT * 9525)
    for shapes in (file.slide_master.shapes, *(layout.shapes for layout in file.slide_layouts)):
        for shape in shapes:
            left, width = shape.left, shape.width
            if left is not None and width is not None:
                shape.left, shape.width = Emu(int(left * factor)), Emu(int(width * factor))


def describe(file, deck: tuple[Slide, ...]) -> None:
    """The properties of the document: what it is and where it comes from, without a time of day."""
    properties, first = file.core_properties, deck[0]
    properties.title, properties.subject = held(first.title), held(first.takeaway)
    properties.author = properties.last_modified_by = "MatchLens"
    properties.keywords, properties.comments = held(first.footer), held("; ".join(first.notes))
    properties.created = properties.modified = properties.last_printed = datetime.fromisoformat(EPOCH)
    properties.revision = 1


def held(text: str) -> str:
    """What a property of a document can hold of a text."""
    return clean(text)[:MOST_LETTERS]


def add_slide(file, slide: Slide, number: int, picture: MakePicture) -> None:
    """One slide with its notes."""
    made = file.slides.add_slide(file.slide_layouts[5])
    page = Page(made)
    lines, size = fitted(slide.title, INNER, TITLE[1], TITLE_SIZES)
    page.title(" ".join(lines), (LEFT, TITLE[0], INNER, TITLE[1]), size)
    lines, size = fitted(slide.takeaway, INNER, TAKEAWAY[1], TAKEAWAY_SIZES)
    page.text((" ".join(lines),), (LEFT, TAKEAWAY[0], INNER, TAKEAWAY[1]), size, color=BLUE, bold=True, name="Takeaway")
    add_content(page, slide, picture)
    page.text(
        (one_line(slide.footer, TINY, INNER - 130),),
        (LEFT, FOOT[0], INNER - 120, FOOT[1]),
        TINY,
        color=QUIET,
        name="Source",
    )
    page.number(number, (WIDTH - LEFT - 100, FOOT[0], 100, FOOT[1]), TINY, QUIET)
    made.notes_slide.notes_text_frame.text = "\n".join(map(clean, [slide.alt, *slide.notes]))


def add_content(page: Page, slide: Slide, picture: MakePicture) -> None:
    """The body of a slide."""
    content, top = slide.content, BODY[0]
    if isinstance(content, Sentences):
        add_sentences(page, content)
    elif isinstance(content, Table):
        add_table(page, content, (LEFT, top), slide.alt)
    elif isinstance(content, Flow):
        add_flow(page, content)
    elif isinstance(content, Curves):
        add_curves(page, content, slide.alt)
    elif isinstance(content, Love):
        add_love(page, content, slide.alt)
    elif isinstance(content, Bars):
        add_bars(page, content, slide.alt)
    elif isinstance(content, Forest):
        add_forest(page, content, slide.alt)
    else:
        add_picture(page, content, slide.alt, picture)


def add_sentences(page: Page, content: Sentences) -> None:
    """Counts large, then the sentences."""
    top = float(BODY[0])
    if content.counts:
        height = len(content.counts) * BIG * (LINE + 0.5)
        page.text(content.counts, (LEFT, top, INNER, height), BIG, bold=True, name="Counts", after=0.5)
        top += height
    page.text(content.lines, (LEFT, top, INNER, BODY[0] + BODY[1] - top), TEXT, name="Text", color=INK, after=0.5)


def add_picture(page: Page, content: Picture, alt: str, picture: MakePicture) -> None:
    """The figure as a PNG; without one its numbers and why there is no figure."""
    image = picture(on_slide(content.drawn))
    if image is None:
        add_sentences(page, Sentences((NOT_FIGURE, *content.numbers)))
        return
    page.picture(image, (LEFT, BODY[0], INNER, BODY[1]), alt)
