"""The deck as an e-poster: one portrait page of 1080 x 1920, as congress screens show it, of the same native parts as
the slides."""

import io

from pptx import Presentation
from pptx.util import Emu

from ..deck import Slide
from ..deck.fit import HEIGHT, INNER, LEFT, TAKEAWAY, TINY, TITLE, WIDTH, fitted
from ..deck.html import TAKEAWAY_SIZES, TITLE_SIZES
from ..deck.letters import one_line
from ..figures.style import BLUE, QUIET
from .slide_package import normal
from .slide_parts import PX, Page, clean
from .slides import MakePicture, add_content, describe

TALL = round(WIDTH * 1920 / 1080)  # px of a page as wide as a slide
BLOCKS = 3  # of a slide's height each
HEAD = TALL - BLOCKS * HEIGHT  # px for the title
WANTED = (("answer",), ("curves", "figure"), ("love",), ("flow",), ("limits",))  # keys, the first that there are


def poster_bytes(deck: tuple[Slide, ...], picture: MakePicture) -> bytes:
    """A .pptx file of one page: the question, then the answer, its figure and the balance, or what there is of them.

    picture: as slides_bytes.  The same deck gives the same bytes."""
    file = Presentation()
    file.slide_width, file.slide_height = Emu(WIDTH * PX), Emu(TALL * PX)
    made = file.slides.add_slide(file.slide_layouts[5])
    page, blocks = Page(made), chosen(deck)
    lines, size = fitted(deck[0].title, INNER, HEAD - 2 * TITLE[0], TITLE_SIZES)
    page.title(" ".join(lines), (LEFT, TITLE[0], INNER, HEAD - 2 * TITLE[0]), size)
    for number, slide in enumerate(blocks):
        add_block(page, slide, HEAD + number * HEIGHT - TITLE[0], picture)
    source = one_line(deck[0].footer, TINY, INNER)
    page.text((source,), (LEFT, TALL - 2.2 * TINY, INNER, 2 * TINY), TINY, color=QUIET, name="Source")
    notes = dict.fromkeys(note for slide in blocks for note in (slide.alt, *slide.notes))
    made.notes_slide.notes_text_frame.text = "\n".join(map(clean, notes))
    describe(file, deck)
    content = io.BytesIO()
    file.save(content)
    return normal(content.getvalue())


def chosen(deck: tuple[Slide, ...]) -> tuple[Slide, ...]:
    """The slides that stand on the poster, at most BLOCKS."""
    found = [next((slide for key in keys for slide in deck if slide.key == key), None) for keys in WANTED]
    return tuple(slide for slide in found if slide is not None)[:BLOCKS]


def add_block(page: Page, slide: Slide, down: float, picture: MakePicture) -> None:
    """A slide's title, takeaway and body, moved down by so many px."""
    before = len(page.shapes)
    lines, size = fitted(slide.title, INNER, TITLE[1], TITLE_SIZES)
    page.text((" ".join(lines),), (LEFT, TITLE[0], INNER, TITLE[1]), size, bold=True, name="Title of a part")
    lines, size = fitted(slide.takeaway, INNER, TAKEAWAY[1], TAKEAWAY_SIZES)
    page.text((" ".join(lines),), (LEFT, TAKEAWAY[0], INNER, TAKEAWAY[1]), size, color=BLUE, bold=True, name="Takeaway")
    add_content(page, slide, picture)
    for shape in list(page.shapes)[before:]:
        shape.top = Emu(int(shape.top + down * PX))
