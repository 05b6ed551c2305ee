"""Choosing a design before outcomes are seen: caliper by ratio, how alike the groups get and whom that costs."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..errors import AnalysisError
from ..spec import AnalysisSpec
from ..table import Table, text_as_objects
from .quick import Stages

RATIOS = (1, 2, 3, 4, 5)
CALIPERS = (None, 1.0, 0.5, 0.3, 0.2, 0.1, 0.05)
COLUMNS = [
    "ratio",
    "caliper",
    "matched_treated",
    "matched_control",
    "kept",
    "ess_control",
    "max_abs_smd",
    "front",
    "current",
    "error",
]


@dataclass(frozen=True)
class DesignMap:
    """designs: DataFrame [ratio, caliper (NaN: none), matched_treated, matched_control, kept (both together),
    ess_control, max_abs_smd, front, current, error], ratios in order, calipers as given.  front: no other design keeps
    as many patients with a smaller worst |SMD|, or more with one as small.  current: the spec's own.
    treated: analysed treated patients."""

    designs: pd.DataFrame
    treated: int


def design_map(
    table: Table, spec: AnalysisSpec, ratios: tuple[int, ...] = RATIOS, calipers: tuple[float | None, ...] = CALIPERS
) -> DesignMap:
    """Every ratio with every caliper (in the spec's own unit), the spec's own added; outcomes are not looked at.

    Raises what the cohort or the propensity model raises; a design that matches nobody keeps its row with the sentence.
    """
    stages, own = Stages(table), spec.matching
    treated = int(stages.cohort(spec).treated.sum())
    ratios = tuple(sorted({*ratios, own.ratio}))
    calipers = calipers if own.caliper in calipers else (*calipers, own.caliper)
    rows = [_design(stages, spec, ratio, caliper) for ratio in ratios for caliper in calipers]
    made = text_as_objects(pd.DataFrame(rows, columns=[c for c in COLUMNS if c not in ("front", "current")]))
    made["caliper"] = made["caliper"].astype(float)
    made["front"] = pareto(made["kept"].to_numpy(float), made["max_abs_smd"].to_numpy(float))
    same = made["caliper"].isna() if own.caliper is None else made["caliper"] == own.caliper
    made["current"] = (made["ratio"] == own.ratio) & same
    return DesignMap(made[COLUMNS], treated)


def _design(stages: Stages, spec: AnalysisSpec, ratio: int, caliper: float | None) -> tuple:
    matching = spec.matching.model_copy(update={"ratio": ratio, "caliper": caliper})
    try:
        found = stages.design(spec.model_copy(update={"matching": matching}))
    except AnalysisError as error:
        return ratio, caliper, 0, 0, 0, np.nan, np.nan, str(error)
    both = found.matched_treated, found.matched_control
    return ratio, caliper, *both, sum(both), found.sample.effective_sample_size(False), found.max_abs_smd, None


def pareto(kept: np.ndarray, worst: np.ndarray) -> np.ndarray:
    """bool (n,): designs that no other one beats: more kept with a worst |SMD| no larger, or as many with a smaller.

    kept: float (n,), more is better.  worst: float (n,), less is better; NaN never is on the front."""
    better = (kept[:, None] >= kept) & (worst[:, None] <= worst)
    strictly = better & ((kept[:, None] > kept) | (worst[:, None] < worst))
    return ~np.isnan(worst) & ~strictly.any(axis=0)
