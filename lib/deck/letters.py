"""How wide text is in Arial, so that what is laid out here fits in a browser and in PowerPoint alike.

Widths of the letters in thousandths of the type size, as in Adobe's font metrics of Helvetica, which Arial shares.
"""

import unicodedata

from ..words.deck import short

ASCII = (
    "278 278 355 556 556 889 667 191 333 333 389 584 278 333 278 278 556 556 556 556 556 556 556 556 556 556 278 278 "
    "584 584 584 556 1015 667 667 722 722 667 611 778 722 278 500 667 556 833 722 778 667 778 722 667 611 722 667 944 "
    "667 667 611 278 278 278 469 556 333 556 556 500 556 556 278 556 556 222 222 500 222 833 556 556 556 556 333 500 "
    "278 556 500 722 500 500 500 334 260 334 584"
)
WIDTHS = {chr(32 + place): int(width) for place, width in enumerate(ASCII.split())}
WIDTHS |= {"–": 556, "−": 584, "→": 1000, "…": 1000, "\u00a0": 278, "²": 333, "³": 333, "µ": 556, "≥": 584, "≤": 584}
WIDE, OTHER = 1000, 600
BOLD = 1.09  # bold letters are about so much wider


def width_of(text: str, size: float, bold: bool = False) -> float:
    """Px of a line of text at a type size in px."""
    return size * sum(map(_width, text)) * (BOLD if bold else 1.0) / 1000


def _width(letter: str) -> int:
    found = WIDTHS.get(letter)
    if found is None:
        plain = unicodedata.normalize("NFD", letter)[0]
        found = WIDTHS.get(plain, WIDE if unicodedata.east_asian_width(letter) in "WF" else OTHER)
    return found


def lines_of(text: str, size: float, width: float, most: int = 99, bold: bool = False) -> list[str]:
    """Text broken at spaces into lines no wider than `width` px, a longer word where it must; of what is beyond `most`
    lines the middle is left out. One empty line for no text."""
    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}".strip()
        if width_of(longer, size, bold) <= width:
            lines[-1] = longer
            continue
        pieces = _pieces(word, size, width, bold)
        lines = [*([] if lines == [""] else lines), *pieces]
    if len(lines) <= most:
        return lines
    fits = (cut for kept in range(len(text) - 4, 4, -4) if len(cut := lines_of(short(text, kept), size, width)) <= most)
    return next(fits, lines[:most])


def _pieces(word: str, size: float, width: float, bold: bool) -> list[str]:
    """A word in pieces that are no wider than the line; broken after _ / and - first."""
    made = [""]
    for letter in word:
        if made[-1] and width_of(made[-1] + letter, size, bold) > width:
            last = max(made[-1].rfind(sign) for sign in "_/-") + 1
            rest = made[-1][last:] if 0 < last < len(made[-1]) else ""
            made[-1] = made[-1][: len(made[-1]) - len(rest)]
            made.append(rest)
        made[-1] += letter
    return made


def one_line(text: str, size: float, width: float, bold: bool = False) -> str:
    """Text on one line; of a text that is too long the middle is left out."""
    shorter = (short(text, kept) for kept in range(len(text), 4, -1))
    return next((cut for cut in shorter if width_of(cut, size, bold) <= width), text[:4])
