"""The flow diagram: everyone who entered, and the number lost at every step."""

from collections.abc import Sequence

import pandas as pd
import plotly.graph_objects as go

from ..cohort import AttritionStep
from ..design import Comparison
from ..words import counted
from .style import BLUE, LINE, QUIET, VERMILLION, WHITE, Drawn, blank
from .words import line_count, wrapped

LINE_PX, BOX_PAD, GAP = 19, 13, 23
MAIN, SIDE = (0.005, 0.56), (0.64, 0.995)  # left and right edges, in shares of the width
MAIN_LETTERS, SIDE_LETTERS = 40, 26  # so that text stays inside its box from 640 px of figure width


def flow(attrition: Sequence[AttritionStep], sample: Comparison | None = None) -> Drawn:
    """Boxes from top to bottom: who is left after each step, and beside the arrow who was lost and why.

    attrition: at least one step, the first is where everyone starts.  sample: adds the matching as the last step.
    """
    numbers = flow_numbers(attrition, sample)
    rows = [(main_text(row), side_text(row, sample)) for row in numbers.itertuples()]
    heights = box_heights(rows)
    total = sum(heights) + GAP * (len(rows) - 1) + 12
    figure = blank(total, margin={"l": 4, "r": 4, "t": 4, "b": 4}, showlegend=False)
    figure.update_xaxes(visible=False, range=[0, 1])
    figure.update_yaxes(visible=False, range=[total - 8, 0])
    figure.add_trace(go.Scatter(x=[0.5], y=[total / 2], mode="markers", marker={"opacity": 0}, hoverinfo="skip"))
    top = 2
    for position, ((main, side), height) in enumerate(zip(rows, heights, strict=True)):
        if position:
            draw_arrow(figure, top - GAP, top, side)
        draw_box(figure, MAIN, top, top + height, main, WHITE)
        top += height + GAP
    return Drawn(figure, numbers, alt_text(numbers))


def flow_numbers(attrition: Sequence[AttritionStep], sample: Comparison | None) -> pd.DataFrame:
    """One row per step: step, treated, control, unknown (left), and `_lost` (since the row above), matching."""
    rows = [{"step": s.step, "treated": s.treated, "control": s.control, "unknown": s.unknown} for s in attrition]
    if sample is not None:
        matched = sample.matched
        rows.append(
            {
                "step": "Matched",
                "treated": int((matched & sample.treated).sum()),
                "control": int((matched & ~sample.treated).sum()),
                "unknown": 0,
            }
        )
    table = pd.DataFrame(rows)
    arms = ["treated", "control", "unknown"]
    lost = (-table[arms].diff()).fillna(0).astype(int).add_suffix("_lost")
    return pd.concat([table, lost], axis=1).assign(matching=[False] * len(attrition) + [True] * (sample is not None))


def main_text(row) -> str:
    """The label of a step and who is left after it."""
    step = row.step.replace(">=", "≥").replace("<=", "≤")
    label = f"<b>{wrapped(step, MAIN_LETTERS)}</b>"
    return f"{label}<br>{arms_text(row.treated, row.control)}{unknown_text(row.unknown)}"


def arms_text(treated: int, control: int, between: str = "   ") -> str:
    """Both arms' n, each behind its own mark.  between: a line break where the box is narrow."""
    blue, red = f'<span style="color:{BLUE}">●</span>', f'<span style="color:{VERMILLION}">■</span>'
    return f"{blue} {treated:,} treated{between}{red} {counted(control, 'control')}"


def unknown_text(n: int) -> str:
    """Rows that belong to neither arm (see AttritionStep), on a line of their own."""
    return f"<br>{n:,} in neither arm" if n else ""


def side_text(row, sample: Comparison | None) -> str:
    """Who was lost in a step; empty for the first."""
    if row.Index == 0:
        return ""
    verb = "Not matched" if row.matching else "Removed"
    if not (row.treated_lost or row.control_lost or row.unknown_lost):
        return f"<b>{verb}: nobody</b>"
    lost = arms_text(row.treated_lost, row.control_lost, "<br>")
    text = f"<b>{verb}</b><br>{lost}{unknown_text(row.unknown_lost)}"
    return text + (loss_text(sample) if row.matching and sample else "")


def loss_text(sample: Comparison) -> str:
    """Why treated patients were lost in the matching, and how many controls were set aside before it."""
    lines = [f"{n:,} treated: {why}" for why, n in sample.losses["reason"].value_counts().items()]
    aside = int((sample.discarded & ~sample.treated).sum())
    if aside:
        lines.append(f"{counted(aside, 'control')} outside common support")
    return "".join(f"<br>{wrapped(line, SIDE_LETTERS)}" for line in lines)


def box_height(text: str) -> int:
    """Height in px that a box needs for its text; 0 for none."""
    return LINE_PX * line_count(text) + BOX_PAD if text else 0


def box_heights(rows: list[tuple[str, str]]) -> list[int]:
    """Heights of the boxes on the left, so tall that the boxes of the lost on the right do not touch each other."""
    sides = [box_height(side) for _, side in rows] + [0]
    return [max(box_height(main), (sides[k] + sides[k + 1]) // 2 + 8 - GAP) for k, (main, _) in enumerate(rows)]


def draw_box(figure: go.Figure, edges: tuple[float, float], top: float, bottom: float, text: str, fill: str) -> None:
    """A rectangle with its text in the middle."""
    figure.add_shape(
        type="rect",
        x0=edges[0],
        x1=edges[1],
        y0=top,
        y1=bottom,
        fillcolor=fill,
        line={"color": LINE, "width": 1.2},
        layer="below",
    )
    figure.add_annotation(x=sum(edges) / 2, y=(top + bottom) / 2, text=text, showarrow=False, align="center")


def draw_arrow(figure: go.Figure, start: float, end: float, side: str) -> None:
    """The arrow down to the next box, and from its middle the branch to the box of those who were lost."""
    centre, middle = sum(MAIN) / 2, (start + end) / 2
    style = {
        "showarrow": True,
        "arrowhead": 2,
        "arrowsize": 1,
        "arrowwidth": 1.4,
        "arrowcolor": QUIET,
        "text": "",
        "xref": "x",
        "yref": "y",
        "axref": "x",
        "ayref": "y",
    }
    figure.add_annotation(x=centre, y=end, ax=centre, ay=start, **style)
    figure.add_annotation(x=SIDE[0], y=middle, ax=centre, ay=middle, **style)
    half = box_height(side) / 2
    draw_box(figure, SIDE, middle - half, middle + half, side, "#F7F7F7")


def alt_text(numbers: pd.DataFrame) -> str:
    """The first and the last box in one sentence."""
    first, last = numbers.iloc[0], numbers.iloc[-1]
    return (
        f"Flow diagram in {counted(len(numbers), 'step')}: from {first.treated:,} treated and {first.control:,} "
        f"control patients ({first.step}) to {last.treated:,} treated and {last.control:,} controls ({last.step})."
    )
