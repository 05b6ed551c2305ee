"""What any method could reach inside a caliper on the propensity score: the sentence beside the caliper's slider."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from .line import complete_width, largest_pairs
from .rules import make_rules
from .settings import DistanceSettings

if TYPE_CHECKING:
    from ..cohort import Cohort
    from ..score import PropensityModel


@dataclass(frozen=True)
class Reach:
    """ratio: controls for each treated patient.  complete: the smallest caliper (in the unit of the settings) inside
    which every treated patient can have that many of its own; infinite where there are too few controls.  pairs: the
    most that any method can make inside the caliper of the settings.  wanted: ratio x treated patients."""

    ratio: int
    complete: float
    pairs: int
    wanted: int


def reach(cohort: "Cohort", score: "PropensityModel", settings: DistanceSettings, ratio: int) -> Reach | None:
    """Of one propensity distance; None where other rules than the caliper decide too (exact columns, covariate
    calipers, another metric), or without a score. Controls serve once. Raises what make_rules raises."""
    other = settings.exact or settings.covariate_calipers or settings.metric != "propensity"
    if other or not np.isfinite(score.distance).all():
        return None
    rules = make_rules(cohort, score, settings.model_copy(update={"caliper": 1.0}))
    kept, one = ~rules.discarded, rules.caliper_width / rules.unit
    place, treated = rules.place[kept], rules.treated[kept]
    width = None if settings.caliper is None else settings.caliper * one + rules.same
    return Reach(
        ratio,
        complete_width(place, treated, ratio) / one,
        largest_pairs(place, treated, ratio, width),
        ratio * int(treated.sum()),
    )
