"""The flow as boxes: who is left at every step, beside the arrows who was lost, down to the matched sets."""

from dataclasses import dataclass

from ..cohort import AttritionStep
from ..design import Comparison
from ..words import deck_flow as words
from .fit import BODY, INNER, LEFT, LINE
from .letters import lines_of
from .slide import Flow, Step

MOST_STEPS = 6
MAIN, GAP_BETWEEN = 560.0, 56.0  # px: width of a box on the left, room to the boxes on the right
SIZES = (28, 26, 24, 22, 20, 18, 16)
PAD = 14.0


@dataclass(frozen=True)
class Box:
    """A rectangle in px of the slide with its lines of text; the first one is bold."""

    left: float
    top: float
    width: float
    height: float
    lines: tuple[str, ...]
    lost: bool


@dataclass(frozen=True)
class Line:
    """An arrow from box to box, in px; `start` and `end` are places in Layout.boxes."""

    start: int
    end: int
    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(frozen=True)
class Layout:
    """boxes, arrows between them, and the size of type."""

    boxes: tuple[Box, ...]
    arrows: tuple[Line, ...]
    size: int


def flow_of(attrition: tuple[AttritionStep, ...], comparison: Comparison) -> Flow:
    """The steps that lost somebody, at most MOST_STEPS: what is between the first and the last two is told together."""
    first, *rest = attrition
    kept = [first]
    for step in rest:
        if (step.treated, step.control, step.unknown) != (kept[-1].treated, kept[-1].control, kept[-1].unknown):
            kept.append(step)
    middle = kept[1:-1]
    if len(kept) + 1 > MOST_STEPS:
        free = MOST_STEPS - 4
        kept = [first, *middle[:free], words.further(middle[free:]), kept[-1]]
    steps = [Step(words.step_name(one.step), one.treated, one.control) for one in kept]
    lost = [(), *(words.removed(before, after) for before, after in zip(kept, kept[1:], strict=False))]
    made = [Step(step.name, step.treated, step.control, why) for step, why in zip(steps, lost, strict=True)]
    treated, control = comparison.n_matched(True), comparison.n_matched(False)
    last = Step(words.matched_name(comparison), treated, control, words.matched_lost(comparison))
    return Flow((*made, last))


def layout(flow: Flow, top: float = BODY[0], room: float = BODY[1], inner: float = INNER) -> Layout:
    """The boxes inside `room` px below `top`, type as large as fits."""
    for size in SIZES:
        made = _at(flow, size, top, room, inner)
        if max(box.top + box.height for box in made.boxes) <= top + room + 1 and not _collide(made):
            return made
    return made


def _at(flow: Flow, size: int, top: float, room: float, inner: float) -> Layout:
    scale = inner / INNER
    wide, side_left = MAIN * scale, LEFT + (MAIN + GAP_BETWEEN) * scale
    side_wide = inner - (MAIN + GAP_BETWEEN) * scale
    mains = [_lines((step.name, words.left_over(step)), size, wide) for step in flow.steps]
    sides = [_lines(step.lost, size, side_wide) for step in flow.steps]
    heights = [_height(lines, size) for lines in mains]
    gaps = [max(0.0, _height(side, size) + 10 - (above + below) / 2) for side, above, below in _around(sides, heights)]
    gaps = [max(gap, size) for gap in gaps]
    spare = max(0.0, min(room - sum(heights) - sum(gaps), 60.0 * len(gaps))) / max(len(gaps), 1)
    boxes: list[Box] = []
    arrows: list[Line] = []
    y, before, centre = top, 0, LEFT + wide / 2
    for place, (lines, height, side) in enumerate(zip(mains, heights, sides, strict=True)):
        if place:
            start = y
            y += gaps[place - 1] + spare
            boxes.append(Box(LEFT, y, wide, height, lines, False))
            main = len(boxes) - 1
            arrows.append(Line(before, main, centre, start, centre, y))
            if side:
                tall, middle = _height(side, size), (start + y) / 2
                boxes.append(Box(side_left, middle - tall / 2, side_wide, tall, side, True))
                arrows.append(Line(before, main + 1, centre, middle, side_left, middle))
        else:
            boxes.append(Box(LEFT, y, wide, height, lines, False))
            main = 0
        before = main
        y += height
    return Layout(tuple(boxes), tuple(arrows), size)


def _around(sides: list[tuple[str, ...]], heights: list[float]) -> list[tuple[tuple[str, ...], float, float]]:
    """Each side box with the height of the boxes above and below its arrow."""
    return list(zip(sides[1:], heights, heights[1:], strict=False))


def _lines(texts: tuple[str, ...], size: int, width: float) -> tuple[str, ...]:
    return tuple(line for text in texts for line in lines_of(text, size, width - 2 * PAD, 2, bold=True))


def _height(lines: tuple[str, ...], size: int) -> float:
    return size * LINE * len(lines) + PAD if lines else 0.0


def _collide(made: Layout) -> bool:
    sides = [box for box in made.boxes if box.lost]
    return any(above.top + above.height + 4 > below.top for above, below in zip(sides, sides[1:], strict=False))
