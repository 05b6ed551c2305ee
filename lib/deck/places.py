"""Where the parts of a chart stand inside the body of a slide, in px from its top left corner: the page draws there,
and PowerPoint's charts are pinned there."""

from dataclasses import dataclass

from .fit import BODY, INNER, SMALL
from .letters import width_of
from .slide import Bars, Curves, Forest, Love

TYPE = 24  # px of the words in a chart
RISK_ROW, RISK_HEAD = 32.0, 30.0
LEGEND, AXIS = 56.0, 70.0  # above and below a plot


@dataclass(frozen=True)
class Area:
    """A plot: its left, top, width and height."""

    left: float
    top: float
    width: float
    height: float

    def x(self, value: float, low: float, high: float) -> float:
        """Px of a value of the horizontal axis."""
        return self.left + self.width * (value - low) / (high - low)

    def y(self, value: float, low: float, high: float) -> float:
        """Px of a value of the vertical axis, which grows upwards."""
        return self.top + self.height * (1 - (value - low) / (high - low))


def curves_area(chart: Curves, room: float = BODY[1], inner: float = INNER) -> Area:
    """Room for the names of the arms on the left and for the numbers at risk below."""
    names = max(width_of(short_arm(curve.label), SMALL) for curve in chart.curves)
    left = max(names + 34, 110.0)
    below = AXIS + RISK_HEAD + RISK_ROW * len(chart.curves)
    return Area(left, LEGEND, inner - left - 44, room - LEGEND - below)


def short_arm(label: str) -> str:
    """An arm without its n, which stands in the legend."""
    return label.partition(" (n")[0]


def rows_area(chart: Love | Forest | Bars, room: float = BODY[1], inner: float = INNER) -> Area:
    """Names on the left; of a forest the numbers on the right."""
    names = max(width_of(row.label, TYPE) for row in chart.rows)
    left = min(names + 44, 0.4 * inner)
    right = 24.0
    if isinstance(chart, Forest):
        right = max(width_of(row.words, TYPE) for row in chart.rows) + 44
    top, below = (8.0 if isinstance(chart, Forest) else LEGEND), (112.0 if isinstance(chart, Forest) else 76.0)
    pitch = 96.0 if isinstance(chart, Bars) else 58.0
    return Area(left, top, inner - left - right, min(room - top - below, pitch * len(chart.rows)))
