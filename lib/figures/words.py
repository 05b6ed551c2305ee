"""The words inside figures: literal, broken into lines, measured. Numbers are rounded by lib.words."""

import html
import math
import re
import textwrap
from collections.abc import Iterable

from ..words import half_up
from .style import FONT_SIZE

WIDE, NARROW = set("MWmw@%—…"), set("iljtfrI.,:;|!'()[] -")  # letters of about 0.85 and 0.33 em
PIECE = re.compile(r" ?[^ _/-]*[_/-]*")  # where a label may be broken: before a space, after _ - and /


def safe(text: object) -> str:
    """A name from the user's file as literal text: Plotly reads tags and entities in every label."""
    return html.escape(str(text), quote=False)


def wrapped(text: object, letters: int, lines: int = 3) -> str:
    """Literal text broken into at most `lines` lines of up to `letters` letters; a cut ends in an ellipsis.

    Lines break at spaces and after the underscores, hyphens and slashes of column names; a longer piece is split.
    """
    broken = broken_lines(" ".join(str(text).split()), letters)
    if len(broken) > lines:
        broken = [*broken[: lines - 1], broken[lines - 1][: letters - 2].rstrip() + " …"]
    return "<br>".join(map(safe, broken))


def broken_lines(text: str, letters: int) -> list[str]:
    """Text with single spaces as lines of up to `letters` letters; one empty line for no text."""
    pieces = [part for piece in PIECE.findall(text) for part in textwrap.wrap(piece, letters, drop_whitespace=False)]
    made = [""]
    for piece in pieces:
        if len((made[-1] + piece).strip()) <= letters:
            made[-1] += piece
        else:
            made.append(piece)
    return [line.strip() for line in made if line.strip()] or [""]


def line_count(label: str) -> int:
    """Lines of a label made by `wrapped`."""
    return label.count("<br>") + 1


def text_px(labels: Iterable[str], size: int = FONT_SIZE) -> int:
    """Width in px of the widest line among labels (tags of Plotly do not count), measured for Arial and rounded up."""
    lines = (html.unescape(re.sub("<[^>]*>", "", line)) for label in labels for line in label.split("<br>"))
    return math.ceil(1.04 * size * max((sum(map(em, line)) for line in lines), default=0))


def em(letter: str) -> float:
    """About how wide a letter is, in units of the type size."""
    if letter in WIDE:
        return 0.85
    if letter in NARROW:
        return 0.33
    return 0.69 if letter.isupper() else 0.56


def with_n(label: str, n: int) -> str:
    """A legend label with its n."""
    return f"{label} (n = {n:,})"


def number(value: float, figures: int = 3) -> str:
    """A number to so many significant figures, without powers of ten; integers of more digits stay whole."""
    if math.isnan(value):
        return "not defined"
    if math.isinf(value):
        return "infinite"
    if value == 0:
        return "0"
    return half_up(value, min(max(figures - 1 - math.floor(math.log10(abs(value))), 0), 12))
