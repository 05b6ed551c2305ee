"""The one number that stands for an outcome where there is room for one: the main effect, and the quoted one."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from ..spec import Outcome
from .binary_effects import attributable_of, risk_difference
from .binary_effects import set_estimates as binary_estimates
from .competing import incidence_area
from .continuous_effects import mean_difference, shift_estimate
from .data import TimeData, ValueData
from .followed import Followed
from .registry import Kind, run_tests
from .results import Estimate
from .rows import NAN
from .survival_effects import hazard_ratio, hazard_ratio_by_set

MOST_SETS = 100  # for which the limits of an effect are made wherever a number stands for an outcome

MAIN_EFFECT: dict[Kind, tuple[str, Callable[[Any], Estimate]]] = {
    "binary": ("risk_difference", lambda data: risk_difference(data.arms)),
    "continuous": ("mean_difference", lambda data: mean_difference(data.arms)),
    "survival": ("hazard_ratio", lambda data: hazard_ratio(data.fit, data.followed, data.frame.by_set)),
}


def main_measure(kind: str) -> str:
    """The effect that stands for an outcome of this kind where there is room for one."""
    return next(measure for one, (measure, _) in MAIN_EFFECT.items() if one == kind)


def main_effect(kind: Kind, data: Any) -> Estimate:
    """That effect. Where p counts sets it carries the quoted limits if they are of the same number, as those of the
    attributable events are, and else none: an interval of another making may contradict the p beside it."""
    effect = MAIN_EFFECT[kind][1](data)
    if not data.frame.by_set:
        return effect
    low, high = _share_limits(data) if kind == "binary" else (NAN, NAN)
    return replace(effect, ci_low=low, ci_high=high)


def _share_limits(data: ValueData) -> tuple[float, float]:
    """Of the difference in risk among the matched treated; NaN without a set, and for so many that it takes long."""
    if not 0 < data.blocks.n_sets <= MOST_SETS:
        return NAN, NAN
    found = attributable_of(data.quoted)
    return found.low / found.n_treated, found.high / found.n_treated


def quoted_effect(outcome: Outcome, data: ValueData | TimeData) -> Estimate:
    """The effect whose interval is quoted, on a scale that patients in any number share: of attributable events their
    share of the treated. Without sets the marginal one."""
    if isinstance(data, TimeData):
        return _quoted_of_times(outcome, data)
    if not data.frame.by_set:
        return MAIN_EFFECT[outcome.kind][1](data)
    if outcome.kind == "binary":
        return next(e for e in binary_estimates(data) if e.measure == "risk_difference_by_set")
    return shift_estimate(data.in_sets, data.quoted.blocks, _quoted_p(outcome.kind, data))


def _quoted_of_times(outcome: Outcome, data: TimeData) -> Estimate:
    by_set = data.frame.by_set
    if data.competing:
        return incidence_area(Followed.of(data.course.cut(data.end), data.frame), outcome, data.end, by_set)
    if not by_set:
        return hazard_ratio(data.fit, data.followed, by_set)
    p, data = _quoted_p("survival", data), data.quoted
    return hazard_ratio_by_set(data.course.time[data.rows], data.course.event[data.rows], data.blocks, p)


def _quoted_p(kind: Kind, data: Any) -> float:
    return run_tests(kind, data, ("quoted",))[0].p_value
