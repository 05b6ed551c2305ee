"""Which delimiter divides a file."""

from collections import Counter
from dataclasses import dataclass

from ..errors import DataError
from .lines import split

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar"}
SAMPLE_LINES = 200
CLEAR = 0.5
LONGEST = 10  # lines of one cell, where only the delimiter is looked for


@dataclass(frozen=True)
class _Divided:
    """What one delimiter makes of the first lines.  widths: cells of each line. width: of most. first: the first line
    that has so many, or more: the lines below a header may leave out what is empty at their end. share: of the lines
    from there on that do."""

    widths: list[int]
    width: int
    first: int
    share: float

    @property
    def solid(self) -> bool:
        return min(self.widths[self.first : self.first + 2]) >= self.width


def sniff_delimiter(sample: bytes) -> str:
    """The delimiter that makes most of the first lines equally long; of two that agree, the one with more columns.

    Raises DataError where none divides the lines.
    """
    lines = [line for line in sample.decode(errors="ignore").split("\n") if line.strip()][:SAMPLE_LINES]
    lines = [line for line in lines if not line.startswith("#")] or lines
    found = {mark: made for mark in DELIMITERS if (made := _divided(lines, mark)) is not None}
    if not found:
        raise DataError(
            "The file seems to have a single column: no comma, semicolon, tab or vertical bar divides its lines.",
            "Choose the delimiter by hand, or save the file again as CSV.",
        )
    scores = {
        mark: (not _hides_a_header(mark, found), made.solid, made.share, made.width) for mark, made in found.items()
    }
    return max(scores, key=scores.__getitem__)


def _divided(lines: list[str], mark: str) -> _Divided | None:
    widths = _widths(lines, mark)
    counts = Counter(width for width in widths if width > 1)
    if not counts:
        return None
    width = max(counts, key=lambda w: (counts[w], -widths.index(w)))
    wide = [at for at, found in enumerate(widths) if found >= width]
    return _Divided(widths, width, wide[0], len(wide) / (len(widths) - wide[0]))


def _widths(lines: list[str], mark: str) -> list[int]:
    """Cells of each line; a line whose last quote a later one closes counts with it."""
    widths, at = [], 0
    while at < len(lines):
        found, end = split(lines[at], mark), at + 1
        if found.is_open:
            for last in range(at + 2, min(at + 2 + LONGEST, len(lines) + 1)):
                whole = split("\n".join(lines[at:last]), mark)
                if not whole.is_open:
                    found, end = (whole, last) if whole.clean else (found, end)
                    break
        widths.append(len(found.cells))
        at = end
    return widths


def _hides_a_header(mark: str, found: dict[str, _Divided]) -> bool:
    """Whether a line above the first that this delimiter divides looks like the header of a table by another one: with
    more than half as many cells as its lines (some have an empty cell more than their header)."""
    above = found[mark].first
    return any(
        made.share >= CLEAR
        and (made.solid or made.width > found[mark].width)
        and any(2 * width > made.width for width in made.widths[:above])
        for other, made in found.items()
        if other != mark
    )
