"""Choosing a design before outcomes are seen: the method's two settings varied together, and the other methods, how
alike the groups get and whom that costs."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ..design import METHODS, MethodSettings
from ..design.methods import name_of, switched
from ..errors import AnalysisError
from ..spec import AnalysisSpec
from ..steps import Steps
from ..table import text_as_objects

RESULTS = ["matched_treated", "matched_control", "kept", "ess_control", "max_abs_smd"]
MOST_AXES = 2
ELSEWHERE = "given"  # sets made elsewhere are no choice to be made here


@dataclass(frozen=True)
class DesignMap:
    """method: the spec's own.  axes: its settings that are varied, at most two.

    designs: DataFrame [*axes (NaN or None: none), matched_treated, matched_control, kept (both together), ess_control,
    max_abs_smd, front, current, error], the first axis in order, the second as the method gives it.  front: no other
    design keeps as many patients with a smaller worst |SMD|, or more with one as small.  current: the spec's own.
    methods: DataFrame [method, settings (JSON of its section), RESULTS, error], a row for each other method with what
    it takes of the spec's settings.
    treated: analysed treated patients."""

    method: str
    axes: tuple[str, ...]
    designs: pd.DataFrame
    methods: pd.DataFrame
    treated: int


def design_map(steps: Steps, chosen: Mapping[str, tuple[Any, ...]] | None = None) -> DesignMap:
    """Every combination of the method's axes (METHOD.axes; `chosen`: other values by axis), the spec's own values
    added; outcomes are not looked at.

    Raises what the cohort or the propensity model raises; a design that matches nobody keeps its row with the sentence.
    """
    own = steps.spec.matching
    treated, _ = int(steps.cohort.treated.sum()), steps.score
    axes = _axes(own)
    values = [
        _with_own((chosen or {}).get(name, METHODS[name_of(own)].axes[name].values), getattr(own, name))
        for name in axes
    ]
    combinations = [tuple(c) for c in _product(values)]
    rows = [(*c, *_result(steps, own.model_copy(update=dict(zip(axes, c, strict=True))))) for c in combinations]
    made = text_as_objects(pd.DataFrame(rows, columns=[*axes, *RESULTS, "error"]))
    if "caliper" in axes:
        made["caliper"] = made["caliper"].astype(float)
    made["front"] = pareto(made["kept"].to_numpy(float), made["max_abs_smd"].to_numpy(float))
    made["current"] = [c == tuple(getattr(own, name) for name in axes) for c in combinations]
    columns = [*axes, *RESULTS, "front", "current", "error"]
    return DesignMap(name_of(own), axes, made[columns], _others(steps), treated)


def _axes(own: MethodSettings) -> tuple[str, ...]:
    return tuple(METHODS[name_of(own)].axes)[:MOST_AXES]


def _with_own(values: tuple[Any, ...], own: Any) -> tuple[Any, ...]:
    """The usual values and the spec's own; numbers that every design has in order, others with the own one last."""
    if own in values:
        return values
    numbers = all(isinstance(value, int) for value in (*values, own))
    return tuple(sorted({*values, own})) if numbers else (*values, own)


def _product(values: list[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    if not values:
        yield ()
        return
    for first in values[0]:
        for rest in _product(values[1:]):
            yield (first, *rest)


def _result(steps: Steps, matching: MethodSettings) -> tuple[Any, ...]:
    """RESULTS and the sentence of a design that cannot be."""
    try:
        other = steps.other(steps.spec.model_copy(update={"matching": matching}))
        made, worst = other.comparison, other.max_abs_smd
    except AnalysisError as error:
        return 0, 0, 0, np.nan, np.nan, str(error)
    both = made.n_matched(True), made.n_matched(False)
    return *both, sum(both), made.effective_sample_size(False), worst, None


def _others(steps: Steps) -> pd.DataFrame:
    """As DesignMap.methods."""
    rows = []
    own = steps.spec.matching.model_dump(mode="json")
    for name in METHODS:
        if name not in (name_of(steps.spec.matching), ELSEWHERE):
            matching = steps.spec.replace(matching=switched(name, own)).matching
            rows.append((name, matching.model_dump_json(), *_result(steps, matching)))
    return text_as_objects(pd.DataFrame(rows, columns=["method", "settings", *RESULTS, "error"]))


def taken_over(spec: AnalysisSpec, **settings: Any) -> AnalysisSpec:
    """The spec with these settings of its method changed. Raises SpecError."""
    return spec.replace(matching=spec.matching.model_dump(mode="json") | settings)


def pareto(kept: np.ndarray, worst: np.ndarray) -> np.ndarray:
    """bool (n,): designs that no other one beats: more kept with a worst |SMD| no larger, or as many with a smaller.

    kept: float (n,), more is better.  worst: float (n,), less is better; NaN never is on the front."""
    better = (kept[:, None] >= kept) & (worst[:, None] <= worst)
    strictly = better & ((kept[:, None] > kept) | (worst[:, None] < worst))
    return ~np.isnan(worst) & ~strictly.any(axis=0)
