"""What would bring a lost treated patient back: one change of the spec each, tried before it is offered."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from ..cohort.losses import Losses
from ..design import Comparison, DistanceSettings
from ..design.comparison import CONTROLS_TAKEN, NO_EXACT_PARTNER, OUTSIDE_CALIPER, OUTSIDE_SUPPORT
from ..design.methods import switched
from ..design.reach import reach
from ..errors import AnalysisError
from ..spec import AnalysisSpec
from ..words.matching import rounded_up

if TYPE_CHECKING:
    from ..steps import Steps

MOST_COLUMNS = 4  # that are offered one by one; beyond, all of them together
Kind = Literal[
    "leave_out", "wider", "no_caliper", "no_covariate_caliper", "not_exact", "support", "optimal", "reuse", "ratio"
]


@dataclass(frozen=True)
class WayBack:
    """kind: what is changed.  names: the columns that it is about.  value: the new width or ratio, NaN where there is
    none.  spec: with the change made.  treated: treated patients matched under it; None where it was not tried."""

    kind: Kind
    names: tuple[str, ...]
    value: float
    spec: AnalysisSpec
    treated: int | None = None


def ways_back(steps: "Steps", trying: bool = True) -> tuple[WayBack, ...]:
    """Every change that brings a lost treated patient back, columns with gaps first.

    trying: make each match, and keep only the changes under which more treated patients are matched than now; else
    all that could, untried. Empty where nobody is lost. Outcomes are not looked at. Raises what `losses` raises."""
    made = _made(steps)
    now = 0 if made is None else made.n_matched(True)
    found = [*_gaps(steps.spec, steps.losses), *_rules(steps, made)]
    if not trying:
        return tuple(found)
    tried = [_tried(steps, way) for way in found]
    return tuple(way for way in tried if way.treated is not None and way.treated > now)


def _made(steps: "Steps") -> Comparison | None:
    try:
        return steps.comparison
    except AnalysisError:  # nobody is matched, or no score can be fitted: every change is measured against nobody
        return None


def _tried(steps: "Steps", way: WayBack) -> WayBack:
    made = _made(steps.other(way.spec))
    treated = None if made is None else made.n_matched(True)
    return WayBack(way.kind, way.names, way.value, way.spec, treated)


def _gaps(spec: AnalysisSpec, found: Losses) -> Iterator[WayBack]:
    costly = [cost.column for cost in found.costs if cost.lacking[0]]
    for name in costly[:MOST_COLUMNS]:
        yield WayBack("leave_out", (name,), float("nan"), without(spec, (name,)))
    if len(costly) > 1:
        yield WayBack("leave_out", tuple(costly), float("nan"), without(spec, tuple(costly)))


def without(spec: AnalysisSpec, names: tuple[str, ...]) -> AnalysisSpec:
    """The spec with nothing matched on these columns; those that were covariates stay in Table 1. Raises SpecError."""
    now = spec.columns
    columns = now.model_dump(mode="json") | {
        key: [name for name in getattr(now, key) if name not in names] for key in ("covariates", "categorical", "log")
    }
    columns["described"] = [*now.described, *(name for name in now.covariates if name in names)]
    matching = spec.matching.model_dump(mode="json")
    matching["exact"] = [name for name in spec.matching.exact if name not in names]
    if spec.matching.calipers:
        kept = {name: width for name, width in matching["covariate_calipers"].items() if name not in names}
        matching["covariate_calipers"] = kept
    return spec.replace(columns=columns, matching=matching)


def _rules(steps: "Steps", made: Comparison | None) -> Iterator[WayBack]:
    """Changes of the match itself, for those whom it loses; without a match all that could be the reason."""
    spec, now = steps.spec, steps.spec.matching
    if now.set_column or (made is not None and made.losses.empty):
        return
    reasons = set() if made is None else set(made.losses["reason"])
    crowded = not reasons or CONTROLS_TAKEN in reasons
    far = crowded or OUTSIDE_CALIPER in reasons
    if isinstance(now, DistanceSettings) and now.caliper is not None and far:
        width = _wide_enough(steps, now)
        if width is not None:
            yield _changed("wider", spec, width, caliper=width)
        yield _changed("no_caliper", spec, caliper=None)
    if now.calipers and far:
        yield _changed("no_covariate_caliper", spec, names=tuple(now.calipers), covariate_calipers={})
    if now.exact and (far or NO_EXACT_PARTNER in reasons):
        for name in now.exact[:MOST_COLUMNS]:
            yield _changed("not_exact", spec, names=(name,), exact=[one for one in now.exact if one != name])
    if now.discard in ("treated", "both") and (not reasons or OUTSIDE_SUPPORT in reasons):
        yield _changed("support", spec, discard="none")
    if crowded and "ratio" in now.model_dump():
        yield from _for_the_crowded(spec)


def _for_the_crowded(spec: AnalysisSpec) -> Iterator[WayBack]:
    """Where controls were taken by other treated patients: fewer each, all chosen together, or used again."""
    own = spec.matching.model_dump(mode="json")
    for ratio in range(own["ratio"] - 1, 0, -1)[:1]:
        yield _changed("ratio", spec, ratio, ratio=ratio)
    if own["method"] == "nearest" and not own["replace"]:
        optimal = spec.replace(matching=switched("optimal", own))
        yield WayBack("optimal", (), float("nan"), optimal)
        yield _changed("reuse", spec, replace=True)


def _changed(
    kind: Kind, spec: AnalysisSpec, value: float = float("nan"), names: tuple[str, ...] = (), **matching: Any
) -> WayBack:
    return WayBack(kind, names, value, spec.replace(matching=spec.matching.model_dump(mode="json") | matching))


def _wide_enough(steps: "Steps", now: DistanceSettings) -> float | None:
    """The narrowest caliper in which every treated patient can have a control; None where that cannot be said, where
    the caliper is as wide already, or where there are too few controls."""
    try:
        found = reach(steps.cohort, steps.score, now, 1)
    except AnalysisError:  # the page says so where the match is made
        return None
    if found is None or now.caliper is None or not now.caliper < found.complete < float("inf"):
        return None
    return float(rounded_up(found.complete).replace(",", ""))
