"""Pictures of the figures of a report in both dresses, each saying what it shows and where it comes from."""

from ..documents.dress import PAGE, TALK_WIDTH, for_journal, for_talk, height_of, journal_width
from ..documents.marked import Said, halved, pdf_marked, png_marked, svg_marked
from ..documents.pictures import PictureError, Pictures, Shot
from ..errors import AnalysisError
from ..words import report as words
from .drawings import Wanted
from .parts import Context, Files

TALK_SCALE, TALK_DPI = 2, 192
PRINT_DPI, SCREEN_DPI = 600, 96
FAILED = (AnalysisError, ValueError, ArithmeticError, LookupError)  # of a figure that cannot be drawn


def pictures_of(context: Context, wanted: Wanted, browser: Pictures) -> Files:
    """The files of a figure; none where it fails, which is told in `context.missing`."""
    try:
        return figure_files(context, wanted, browser)
    except PictureError as error:
        context.missing.append(str(error) if error.every else f"{wanted.title}: {error}")
    except FAILED as error:
        context.missing.append(words.undrawn(wanted.title, type(error).__name__))
    return {}


def figure_files(context: Context, wanted: Wanted, browser: Pictures) -> Files:
    """One figure: for a talk as SVG and PNG, for a journal as SVG, PDF and PNG of 300 and 600 dpi; its caption."""
    drawn = wanted.draw()
    talk = for_talk(drawn.figure, wanted.title, wanted.takeaway, context.caption)
    journal = for_journal(drawn.figure, wanted.mm)
    on_slide = (talk, TALK_WIDTH, height_of(talk))
    on_paper = (journal, journal_width(wanted.mm), height_of(journal))
    made = browser.take(
        [
            Shot(on_slide[0], "svg", *on_slide[1:]),
            Shot(on_slide[0], "png", *on_slide[1:], TALK_SCALE),
            Shot(on_paper[0], "svg", *on_paper[1:]),
            Shot(on_paper[0], "pdf", *on_paper[1:]),
            Shot(on_paper[0], "png", *on_paper[1:], PRINT_DPI / SCREEN_DPI),
        ]
    )
    said = Said(wanted.title, drawn.alt, context.origin.line)
    start = f"figures/{wanted.name}"
    return {
        f"{start}_talk.svg": svg_marked(made[0], said),
        f"{start}_talk.png": png_marked(made[1], said, TALK_DPI),
        f"{start}_journal.svg": svg_marked(made[2], said, wanted.mm),
        f"{start}_journal.pdf": pdf_marked(made[3], said),
        f"{start}_journal_300dpi.png": png_marked(halved(made[4]), said, PRINT_DPI // 2),
        f"{start}_journal_600dpi.png": png_marked(made[4], said, PRINT_DPI),
        f"{start}.txt": caption_text(context, wanted, drawn.alt).encode(),
    }


def caption_text(context: Context, wanted: Wanted, alt: str) -> str:
    """What a journal prints below a figure, and what a reader who does not see it is told."""
    width = f"{wanted.mm} mm, {'two columns' if wanted.mm == PAGE else 'one column'}"
    lines = (wanted.title, wanted.takeaway, context.caption, f"Alternative text: {alt}", width, context.origin.line)
    return "\n".join(line for line in lines if line) + "\n"
