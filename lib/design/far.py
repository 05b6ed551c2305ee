"""Scores so far out that a caliper in their SDs is none: a few patients who stretch the SD of all."""

import numpy as np

from .comparison import Comparison
from .rules import caliper_unit
from .settings import DistanceSettings, MethodSettings

FAR = 10.0  # robust SDs from the median
STRETCHED = 3.0  # times the SD of all must exceed that of the others before anything is said
QUARTILES_TO_SD = 1.349  # distance between the quartiles of a normal sample, in SDs


def far_out(distance: np.ndarray) -> np.ndarray:
    """bool (n,): patients so far from the others that they alone stretch the SD of all by STRETCHED or more; nobody
    where the distance is unknown or half of it is one value.  distance: float (n,)."""
    nobody = np.zeros(len(distance), dtype=bool)
    if np.isnan(distance).any() or len(distance) < 3:
        return nobody
    low, middle, high = np.quantile(distance, [0.25, 0.5, 0.75])
    far = np.abs(distance - middle) > FAR * (high - low) / QUARTILES_TO_SD
    if high == low or not far.any():
        return nobody
    stretched = np.std(distance) >= STRETCHED * np.std(distance[~far])
    return far if stretched else nobody


def far_caliper_note(made: Comparison, settings: MethodSettings) -> str:
    """What the caliper of a match is worth when a few scores are far out; empty without such scores or caliper."""
    if not isinstance(settings, DistanceSettings) or settings.caliper is None or settings.caliper_unit == "raw":
        return ""
    kept = ~made.discarded
    far = far_out(made.distance[kept])
    treated = made.treated[kept][~far]
    if not far.any() or min(int(treated.sum()), int((~treated).sum())) < 2:
        return ""
    usual = settings.caliper * caliper_unit(made.distance[kept][~far], treated, settings)
    return (
        f"The caliper of {settings.caliper:g} SD is {made.caliper_width:.3g} wide on the scale of the scores and would "
        f"be {usual:.2g} without {int(far.sum()):,} of them that are far out: it keeps hardly anybody apart. Correct "
        "the values behind these scores, put the covariate on the log scale, or give the caliper in raw units."
    )
