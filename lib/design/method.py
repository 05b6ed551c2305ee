"""What a method is: its settings, how it makes a comparison, and its words. Each stands in a file of its own."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from .comparison import Comparison
from .settings import DistanceSettings, MethodSettings

if TYPE_CHECKING:
    from ..cohort import Cohort
    from ..score import PropensityModel


class Make(Protocol):
    """Makes the comparison that the settings ask for."""

    def __call__(self, cohort: "Cohort", score: "PropensityModel", settings: Any, seed: int) -> Comparison:
        """seed: of whatever is random.  Raises SpecError for settings that this cohort cannot meet, EstimationError
        when nobody can be compared."""


@dataclass(frozen=True)
class Axis:
    """A setting worth varying.  values: usual ones, None for none.  say: a value in words, "1:3" or "caliper 0.2"."""

    title: str
    values: tuple[Any, ...]
    say: Callable[[Any], str]


def _caliper_words(value: float | None) -> str:
    return "no caliper" if value is None else f"caliper {value:g}"


def caliper_line(settings: DistanceSettings) -> str:
    """ "no caliper", "caliper 0.2 SD"."""
    unit = " SD" if settings.caliper is not None and settings.caliper_unit == "sd" else ""
    return _caliper_words(settings.caliper) + unit


RATIO = Axis("Ratio", (1, 2, 3, 4, 5), lambda value: f"1:{value}")
CALIPER = Axis("Caliper", (None, 1.0, 0.5, 0.3, 0.2, 0.1, 0.05), _caliper_words)


@dataclass(frozen=True)
class Method:
    """name: in the spec.  settings: its section of the spec.  make: see Make.

    title: in a list of methods.  help: one sentence for a clinician.  axes: settings worth varying, those of the
    specification grid and of the map of designs (the first two), by name.  line: the settings in a caption,
    "1:3 nearest, caliper 0.2 SD".
    """

    name: str
    settings: type[MethodSettings]
    make: Make
    title: str
    help: str
    line: Callable[[Any], str]
    axes: Mapping[str, Axis] = field(default_factory=dict)
