"""What fits on a slide of 1280 x 720: places, sizes of type, and text measured as Arial. One px is 0.75 pt on a slide
of 13.333 x 7.5 inches, so that page and file are laid out alike."""

import math
from dataclasses import dataclass

from ..words.tables import TextTable
from .letters import lines_of, width_of

WIDTH, HEIGHT = 1280, 720
LEFT, INNER = 56, 1168
TITLE, TAKEAWAY, BODY, FOOT = (18, 72), (92, 84), (184, 484), (676, 28)  # top and height of each band
BIG, TEXT, SMALL, TINY = 40, 32, 22, 16  # px of type: 30, 24, 16.5 and 12 pt
TABLE_SIZES = (32, 28, 24)  # 24, 21 and 18 pt: a long table in smaller type before it takes more slides
LINE = 1.22  # height of a line in sizes of type
CELL = 10  # px above and below the text of a cell together
GUTTER = 20  # px left and right of the text of a cell together
SPARE = 0.98  # of the room that text may fill, for fonts a little wider than Arial
LONGEST = 3  # lines of a cell


@dataclass(frozen=True)
class Table:
    """A table as it is laid out on one slide.

    size: px of its type, widths: px of each column, both the same on every slide of a long table.  heights: px of the
    head and of each row.  cells: the lines of every cell, the head first."""

    text: TextTable
    size: int
    widths: tuple[float, ...]
    heights: tuple[float, ...]
    cells: tuple[tuple[tuple[str, ...], ...], ...]

    def part(self, start: int, stop: int) -> "Table":
        """Some of its rows under the same head."""
        return Table(
            _rows(self.text, start, stop),
            self.size,
            self.widths,
            (self.heights[0], *self.heights[start + 1 : stop + 1]),
            (self.cells[0], *self.cells[start + 1 : stop + 1]),
        )


def fitted(text: str, width: float, height: float, sizes: tuple[int, ...]) -> tuple[list[str], int]:
    """The lines of bold text and the largest of `sizes` at which they fit; at the last one what does not fit is cut."""
    for size in sizes:
        lines = lines_of(text, size, SPARE * width, bold=True)
        if len(lines) * size * LINE <= height:
            return lines, size
    return lines_of(text, sizes[-1], SPARE * width, int(height / (sizes[-1] * LINE)), bold=True), sizes[-1]


def laid_out(table: TextTable, size: int, inner: float = INNER) -> Table:
    """Columns as wide as their text asks, narrower where all together are too wide; what is left goes to the first."""
    widths = widths_of(table, size, inner)
    rows = [table.heads, *table.rows]
    cells = tuple(
        tuple(
            tuple(lines_of(cell, size, width - GUTTER, LONGEST, bold=_bold(table, place)))
            for cell, width in zip(row, widths, strict=True)
        )
        for place, row in enumerate(rows)
    )
    heights = tuple(CELL + size * LINE * max(map(len, row)) for row in cells)
    return Table(table, size, tuple(widths), heights, cells)


def _bold(table: TextTable, place: int) -> bool:
    return place == 0 or table.kind(place - 1) == "primary"


def widths_of(table: TextTable, size: int, inner: float) -> list[float]:
    """Px of each column: no column is cut while another is wider than its share."""
    wanted = [GUTTER + 4 + _column_px(table, column, size) for column in range(len(table.heads))]
    left, waiting, widths = inner, sorted(range(len(wanted)), key=lambda place: wanted[place]), [0.0] * len(wanted)
    for done, place in enumerate(waiting):
        widths[place] = min(wanted[place], left / (len(waiting) - done))
        left -= widths[place]
    widths[0] += left
    return widths


def _column_px(table: TextTable, column: int, size: int) -> float:
    """Px of the widest cell; a head may take two lines."""
    head = lines_of(table.heads[column], size, 0.6 * width_of(table.heads[column], size, True) + 2 * size, bold=True)
    cells = [width_of(row[column], size, _bold(table, place + 1)) for place, row in enumerate(table.rows)]
    return max([*cells, *(width_of(line, size, True) for line in head)]) / SPARE


def split_table(table: TextTable, room: float = BODY[1]) -> list[Table]:
    """The table as parts that each fit into `room` px with their head, rows spread evenly: in the largest type at which
    all of it fits on one slide, else in the smallest of TABLE_SIZES."""
    made = [laid_out(table, size) for size in TABLE_SIZES]
    whole = next((one for one in made if sum(one.heights) <= room), made[-1])
    return [whole.part(*part) for part in even_parts(whole.heights[1:], room - whole.heights[0])]


def even_parts(heights: tuple[float, ...], room: float) -> list[tuple[int, int]]:
    """Consecutive runs of items, none higher than `room` unless it is a single item, about equally high: (start, stop)
    of each. One empty run without items."""
    fewest = _runs(heights, room)
    if len(fewest) < 2:
        return fewest
    low, high = sum(heights) / len(fewest), room
    for _ in range(24):  # the smallest room that still needs no more runs
        middle = (low + high) / 2
        low, high = (low, middle) if len(_runs(heights, middle)) <= len(fewest) else (middle, high)
    return _runs(heights, high)


def _runs(heights: tuple[float, ...], room: float) -> list[tuple[int, int]]:
    runs, start, filled = [], 0, 0.0
    for place, height in enumerate(heights):
        if place > start and filled + height > room:
            runs.append((start, place))
            start, filled = place, 0.0
        filled += height
    return [*runs, (start, len(heights))]


def _rows(table: TextTable, start: int, stop: int) -> TextTable:
    marks = frozenset((row - start, column) for row, column in table.marks if start <= row < stop)
    kinds = table.kinds[start:stop]
    return TextTable(
        table.title, table.heads, table.rows[start:stop], table.footnotes, table.alt, table.align, kinds, marks
    )


def paragraph_px(text: str, size: int = TEXT) -> float:
    """Height of a paragraph across the slide, with the space below it."""
    return size * LINE * len(lines_of(text, size, SPARE * INNER, bold=size > TEXT)) + size * 0.5


def ticks_of(low: float, high: float, step: float) -> list[float]:
    """Round values from `low` to `high`."""
    first = math.ceil(low / step - 1e-9)
    return [round(step * k, 10) for k in range(first, math.floor(high / step + 1e-9) + 1)]
