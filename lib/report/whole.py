"""The whole report: every part that was asked for, what can be made is made, and what is missing is said."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ..documents.pictures import PictureError, Pictures
from ..documents.zipped import zip_bytes
from ..errors import AnalysisError
from ..words.report import PICTURES
from .drawings import MAIN, Wanted
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
    files = rendered(context, wanted, lambda done, title: tell(title, done, steps))
    drawn = dict(files)
    made: Files = {}
    for done, (_, part) in enumerate(chosen, len(wanted)):
        tell(part.title, done, steps)
        made |= made_part(context, part)
    made |= drawn
    missing = tuple(dict.fromkeys(context.missing))
    if missing:
        made[MISSING] = ("\n".join(missing) + "\n").encode()
    tell(BUNDLE, steps - 1, steps)
    return Report(made | {BUNDLE: zip_bytes(made)}, missing)


def main_figures(context: Context) -> list[Wanted]:
    """The figures that are made as pictures unless somebody chooses: those of the design and of the first outcomes."""
    return context.drawings[:MAIN]


def made_part(context: Context, part: Part) -> Files:
    """The files of a part; none, with a sentence, where it fails."""
    try:
        return part.make(context)
    except FAILS as error:
        context.missing.append(f"{part.title}: {error if isinstance(error, AnalysisError) else type(error).__name__}.")
        return {}


def rendered(context: Context, wanted: Sequence[Wanted], tell: Callable[[int, str], None]) -> Files:
    """The pictures, by one browser; none of them, with a sentence, where there is no browser."""
    files: Files = {}
    if not wanted:
        return files
    tell(0, PICTURES)
    try:
        with Pictures() as browser:
            for done, one in enumerate(wanted):
                tell(done, one.title)
                made = pictures_of(context, one, browser)
                files |= made
                if made:
                    context.rendered[one.name] = made[f"figures/{one.name}_talk.png"]
    except PictureError as error:
        context.missing.append(str(error))
    return files
