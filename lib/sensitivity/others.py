"""The other analyses behind the lines of the Robust? page: other settings, one patient less, other days."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from ..cohort import Cohort
from ..cohort.landmark import treatment_days
from ..design import METHODS
from ..errors import AnalysisError
from ..spec import AnalysisSpec, Outcome
from ..steps import Steps
from ..words.labels import Labels
from .axes import Plan, plan_grid
from .fragility import without_covariate, without_patient
from .quick_outcomes import quick_outcomes
from .verdicts import Seen

USUAL = {"ratio": (1, 2, 3), "caliper": (None, 0.2)}  # of the settings that a method has
MOST_VALUES = 3  # of any other setting of a method
MOST_COMBINATIONS = 500  # of a grid that the spec brings; more are run on the page, with progress
MOST_PATIENTS = 200  # left out in turn
DAYS_BETWEEN = (0.25, 0.5, 0.75, 1.0)  # of the longest follow-up and of the days of treatment


def seen(label: str, steps: Steps, outcome: str) -> Seen:
    """What one specification says of an outcome; where it cannot be done, why."""
    try:
        cohort, sample = steps.cohort, steps.comparison
        found = quick_outcomes(cohort, sample, (outcome,))[0]
    except AnalysisError as error:
        return Seen(label, error=str(error))
    return Seen.of(label, found, int(cohort.treated.sum()) - sample.n_matched(True))


def usual_grid(spec: AnalysisSpec) -> Plan:
    """The spec's own grid where it has one of up to MOST_COMBINATIONS; else the settings of the method at their usual
    values, under both models of the score, the main analysis's own among them."""
    if spec.sensitivity.grid:
        own = plan_grid(spec, prune=True)
        if own.size <= MOST_COMBINATIONS:
            return own
    plain = spec.matching.model_dump(mode="json")
    axes: dict[str, list[Any]] = {}
    for name, axis in METHODS[spec.matching.method].axes.items():
        axes[f"matching.{name}"] = _with(plain.get(name), USUAL.get(name, axis.values[:MOST_VALUES]))
    if spec.matching.needs_score:
        axes["propensity.model"] = _with(spec.propensity.model, ("logit", "firth"))
    axes = axes or {"matching.method": [spec.matching.method]}
    return plan_grid(spec.replace(sensitivity={"grid": axes}), prune=True)


def _with(own: Any, values: tuple[Any, ...]) -> list[Any]:
    return [*values] if own in values else [own, *values]


def other_settings(spec: AnalysisSpec) -> list[tuple[str, Callable[[], AnalysisSpec]]]:
    """Every combination of `usual_grid` but the main analysis, and the main analysis without each covariate in turn.
    Each as what it is called and what makes its spec (which may raise SpecError)."""
    plan = usual_grid(spec)
    own = spec.replace(sensitivity={"grid": {}}).canonical()
    made = []
    for position in range(plan.size):
        values = plan.combination(position)
        label = ", ".join(f"{path.split('.')[-1]} {value}" for path, value in zip(plan.paths, values, strict=True))
        made.append((label, lambda values=values: plan.specification(values)))
    columns = spec.columns
    if len(columns.covariates) > 1:
        for name in columns.covariates:
            made.append((f"without {name}", lambda name=name: spec.replace(columns=without_covariate(columns, name))))
    return [(label, make) for label, make in made if not _is(make, own)]


def _is(make: Callable[[], AnalysisSpec], own: str) -> bool:
    try:
        return make().canonical() == own
    except AnalysisError:
        return False


def under_other_settings(main: Steps, outcome: str) -> Iterator[Seen]:
    """The outcome under each of `other_settings`."""
    for label, make in other_settings(main.spec):
        try:
            yield seen(label, main.other(make()), outcome)
        except AnalysisError as error:
            yield Seen(label, error=str(error))


def left_out_in_turn(main: Steps) -> np.ndarray:
    """int: positions among the analysed patients of those left out in turn: the matched treated, then, where there are
    sets, their controls; () where they are more than MOST_PATIENTS."""
    sample = main.comparison
    treated, control = (np.flatnonzero(sample.matched & (sample.treated == arm)) for arm in (True, False))
    rows = np.concatenate([treated, control]) if len(treated) + len(control) <= MOST_PATIENTS else treated
    return rows if len(rows) <= MOST_PATIENTS else rows[:0]


def without_each_patient(main: Steps, outcome: str) -> Iterator[Seen]:
    """The whole analysis, score and match made anew, without each matched patient in turn."""
    cohort = main.cohort
    for row in left_out_in_turn(main).tolist():
        arm = "treated" if cohort.treated[row] else "control"
        label = f"without {arm} {cohort.person_id[row]}"
        try:
            made = without_patient(cohort, row, main.spec)
            found = quick_outcomes(made.cohort, made.comparison, (outcome,))[0]
        except AnalysisError as error:
            yield Seen(label, error=str(error))
            continue
        yield Seen.of(label, found, int(made.cohort.treated.sum()) - made.comparison.n_matched(True))


def at_other_days(main: Steps, outcome: str) -> Iterator[Seen]:
    """The outcome at other days: of a survival outcome other horizons, of any outcome those of the spec that are called
    the same but for a number (death by day 28, by day 60) or, of a yes/no outcome, survival outcomes that begin with
    the same word; and other landmarks where the day of treatment is known."""
    spec = main.spec
    asked = next(one for one in spec.outcomes if one.name == outcome)
    yield from _horizons(main, asked)
    yield from _same_but_for_the_day(main, asked)
    yield from _landmarks(main, asked)


def _horizons(main: Steps, asked: Outcome) -> Iterator[Seen]:
    """A survival outcome with everybody followed to an earlier day only."""
    if asked.kind != "survival":
        return
    times = main.cohort.outcomes[f"{asked.name}.time"].to_numpy(float)
    longest = float(np.nanmax(times[main.cohort.rows], initial=0.0))
    days = {float(np.ceil(share * longest)) for share in DAYS_BETWEEN} | set(asked.times)
    for day in sorted(day for day in days if 0 < day < longest):
        cohort = followed_to(main.cohort, asked.name, day)
        try:
            found = quick_outcomes(cohort, main.comparison, (asked.name,))[0]
        except AnalysisError as error:
            yield Seen(f"followed to day {day:g}", error=str(error))
            continue
        yield Seen.of(f"followed to day {day:g}", found)


def followed_to(cohort: Cohort, outcome: str, day: float) -> Cohort:
    """The cohort with a survival outcome censored at that day; its horizon not beyond it."""
    time, event = cohort.outcomes[f"{outcome}.time"], cohort.outcomes[f"{outcome}.event"]
    later = time > day
    columns = {f"{outcome}.time": time.where(~later, day), f"{outcome}.event": event.where(~later, 0)}
    specs = tuple(
        one.model_copy(update={"horizon": min(one.horizon or day, day)}) if one.name == outcome else one
        for one in cohort.outcome_specs
    )
    return replace(cohort, outcomes=cohort.outcomes.assign(**columns), outcome_specs=specs)


def _same_but_for_the_day(main: Steps, asked: Outcome) -> Iterator[Seen]:
    labels = Labels.of(main.spec)
    name = labels.column(asked.event or asked.name).name
    for other in main.spec.outcomes:
        label = labels.column(other.event if other.event else other.name).name
        if other.name != asked.name and (_alike(asked, other) or _akin(asked, other, name, label)):
            yield seen(label if other.event is None else f"{label} (time to event)", main, other.name)


def _alike(asked: Outcome, other: Outcome) -> bool:
    """Whether two outcomes of a kind have the same name but for its numbers."""
    one, two = (re.sub(r"\d+", "#", outcome.name.casefold()) for outcome in (asked, other))
    return asked.kind == other.kind and "#" in one and one == two


def _akin(asked: Outcome, other: Outcome, name: str, label: str) -> bool:
    """Whether a yes/no and a survival outcome begin with the same word."""
    one, two = (re.match(r"[^\W\d_]{4,}", text.casefold()) for text in (name, label))
    kinds = {asked.kind, other.kind} == {"binary", "survival"}
    return bool(kinds and one and two and one.group() == two.group())


def _landmarks(main: Steps, asked: Outcome) -> Iterator[Seen]:
    column = main.spec.columns.treatment_day
    if column is None or not any(one.kind == "survival" for one in main.spec.outcomes):
        return
    days = treatment_days(main.cohort.eligible, column)[main.cohort.eligible_treated]
    known = days[~np.isnan(days)]
    wanted = {float(np.ceil(np.quantile(known, share))) for share in DAYS_BETWEEN} if len(known) else set()
    for day in [None, *sorted(wanted)]:
        if day == main.spec.landmark:
            continue
        label = "counted from time zero" if day is None else f"of those still there on day {day:g}"
        yield seen(label, main.other(main.spec.replace(landmark=day)), asked.name)
