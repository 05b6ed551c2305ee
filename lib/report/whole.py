"""The whole report: every part that was asked for, what can be made is made, and what is missing is said."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ..documents.pictures import Pictures
from ..documents.zipped import zip_bytes
from ..errors import AnalysisError
from ..words import report as words
from .drawings import Wanted
from .parts import Context, Files, Part, chosen_parts
from .pictures import FAILED, pictures_of

BUNDLE = "bundle.zip"
MISSING = "missing.txt"
FAILS = (AnalysisError, *FAILED)
Tell = Callable[[str, int, int], None]  # what is made now, how many steps are done, how many there are


@dataclass(frozen=True)
class Report:
    """files: by name, the archive of all of them last.  missing: sentences on what could not be made."""

    files: Files
    missing: tuple[str, ...]


def quiet(step: str, done: int, of: int) -> None:
    """Tell nobody."""


def make_report(
    context: Context, parts: Sequence[str] | None = None, figures: Sequence[str] | None = None, tell: Tell = quiet
) -> Report:
    """The files of a report.

    parts: of PARTS; None for all.  figures: names of the figures that are made as pictures; None for the main ones, ()
    for none.  tell: is told each step.  Raises AnalysisError where the analysis itself cannot be done."""
    wanted = main_figures(context) if figures is None else [one for one in context.drawings if one.name in figures]
    chosen = chosen_parts(parts)
    steps = len(wanted) + len(chosen) + 1
    drawn: Files = {}
    made: Files = {}
    with Pictures() as browser:
        context.browser = browser
        for done, one in enumerate(wanted):
            tell(one.title, done, steps)
            drawn |= pictured(context, one, browser)
        for done, part in enumerate(chosen, len(wanted)):
            tell(part.title, done, steps)
            made |= made_part(context, part)
        context.browser = None
    made |= drawn
    missing = tuple(dict.fromkeys([*context.missing, *without(context, wanted)]))
    if missing:
        made[MISSING] = ("\n".join(missing) + "\n").encode()
    tell(BUNDLE, steps - 1, steps)
    return Report(made | {BUNDLE: zip_bytes(made)}, missing)


def main_figures(context: Context) -> list[Wanted]:
    """The figures that are made as pictures unless somebody chooses: those of the design and of the first outcomes."""
    return [one for one in context.drawings if one.main]


def made_part(context: Context, part: Part) -> Files:
    """The files of a part; none, with a sentence, where it fails."""
    try:
        return part.make(context)
    except FAILS as error:
        context.missing.append(f"{part.title}: {error if isinstance(error, AnalysisError) else type(error).__name__}.")
        return {}


def pictured(context: Context, wanted: Wanted, browser: Pictures) -> Files:
    """The pictures of a figure, of which `context` keeps the one for report.html."""
    made = pictures_of(context, wanted, browser)
    if made:
        context.rendered[wanted.name] = made[f"figures/{wanted.name}_journal_300dpi.png"]
    return made


def without(context: Context, wanted: Sequence[Wanted]) -> list[str]:
    """Which figures have no picture though one was asked for."""
    titles = [one.title for one in wanted if one.name not in context.rendered]
    return [words.not_pictured(titles)] if titles else []
