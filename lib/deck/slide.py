"""What a deck is made of: slides that a page, a PowerPoint file and a poster lay out alike."""

from dataclasses import dataclass
from typing import Literal

from ..figures.style import Drawn
from .fit import Table


@dataclass(frozen=True)
class Sentences:
    """A few sentences, each a paragraph.  counts: what stands first and large, such as "Treated: 0 of 8 (0%)"."""

    lines: tuple[str, ...]
    counts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Step:
    """One box of the flow: who is left.  lost: what left on the way to it, a line each; () for the first."""

    name: str
    treated: int
    control: int
    lost: tuple[str, ...] = ()


@dataclass(frozen=True)
class Flow:
    """From the file down to the matched sets."""

    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Curve:
    """One arm's steps from time 0: `shares` hold from their time to the next.  at_risk: at each tick of the axis."""

    label: str
    color: str
    dashed: bool
    times: tuple[float, ...]
    shares: tuple[float, ...]
    at_risk: tuple[int, ...]


@dataclass(frozen=True)
class Curves:
    """Kaplan-Meier curves or cumulative incidences with the numbers at risk under the ticks."""

    measure: str
    time: str
    horizon: float
    ticks: tuple[float, ...]
    curves: tuple[Curve, ...]


@dataclass(frozen=True)
class Pair:
    """One row of a love plot: |SMD| before and after; NaN where it does not exist."""

    label: str
    before: float
    after: float


@dataclass(frozen=True)
class Love:
    """Standardised differences before and after matching, as many rows as fit on one slide.  top: end of the axis, the
    same on every slide."""

    rows: tuple[Pair, ...]
    top: float


@dataclass(frozen=True)
class Bar:
    """One arm's share in percent, and what is said behind its bar."""

    label: str
    color: str
    percent: float
    words: str


@dataclass(frozen=True)
class Bars:
    """Shares of the arms.  axis: what is counted.  top: end of the axis in percent."""

    rows: tuple[Bar, ...]
    axis: str
    top: float


@dataclass(frozen=True)
class Effect:
    """One row of a forest; NaN where a limit does not exist.  words: the numbers as text."""

    label: str
    estimate: float
    low: float
    high: float
    words: str


@dataclass(frozen=True)
class Forest:
    """Effects with their intervals on one axis.  none: the value of no effect.  log: whether ratios are drawn."""

    rows: tuple[Effect, ...]
    axis: str
    span: tuple[float, float]
    none: float
    log: bool


Chart = Curves | Love | Bars | Forest


@dataclass(frozen=True)
class Picture:
    """A figure that would carry patients' values as numbers: in a file it is a picture only.  numbers: the same without
    any patient, where no picture can be made."""

    drawn: Drawn
    numbers: tuple[str, ...]


Content = Sentences | Table | Flow | Chart | Picture
Key = Literal[
    "question", "flow", "table_one", "love", "answer", "figure", "curves", "forest", "table_two", "robust", "limits"
]


@dataclass(frozen=True)
class Slide:
    """One slide.

    key: what it shows; several slides of a long table or plot share it.  title, takeaway: a line each.  alt: what the
    content shows, for those who do not see it.  notes: for the speaker, where the numbers come from.  footer: the same
    on every slide.
    """

    key: Key
    title: str
    takeaway: str
    content: Content
    alt: str
    notes: tuple[str, ...]
    footer: str = ""
