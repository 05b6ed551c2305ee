"""The figures of a report: what each is called, what it shows, how wide it is, whether it shows single patients."""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from .. import figures
from ..figures import Drawn
from ..inference.results import BinaryOutcome, OutcomeResult, SurvivalOutcome
from ..steps import Steps
from ..words import outcomes as words
from ..words import report as told
from ..words.balance import named
from ..words.effects import cites
from ..words.labels import Labels
from ..words.names import SET_SCALES, SHARED_SCALES

BOX_ARMS = ("treated", "matched_control", "whole_control")
CURVE_ARMS = ("treated", "matched_control")
COLUMN, PAGE = 89, 174  # mm
LONGEST = 40  # letters of a name in a file's name


@dataclass(frozen=True)
class Wanted:
    """A figure that a report may hold.  name: of its files.  draw: makes it.  mm: its width in a journal.  patients:
    whether it shows single patients; then only a picture of it leaves the house.  curves: of an outcome over time.
    main: whether it is made as a picture unless somebody chooses."""

    name: str
    title: str
    takeaway: str
    draw: Callable[[], Drawn]
    mm: int = PAGE
    patients: bool = False
    curves: bool = False
    main: bool = False


def drawings(steps: Steps, labels: Labels) -> list[Wanted]:
    """Every figure of an analysis: flow, balance, the primary outcome, the first curves, all on one
    scale, the other outcomes."""
    outcomes = sorted(steps.outcomes, key=lambda one: not one.primary)
    each = [list(_outcome(steps, outcome, labels, number)) for number, outcome in enumerate(outcomes, 1)]
    first, rest = [one for part in each[:1] for one in part], [one for part in each[1:] for one in part]
    curves = [one for one in rest if one.curves][:1]
    rest = [one for one in rest if one not in curves]
    main = [*_design(steps, labels), *first, *curves, *_forest(steps, labels)]
    return [*(replace(one, main=True) for one in main), *rest]


def _design(steps: Steps, labels: Labels) -> Iterator[Wanted]:
    comparison, cohort, balance = steps.comparison, steps.cohort, steps.balance
    flow = partial(figures.flow, cohort.attrition, comparison)
    yield Wanted("flow", "Who was compared", told.flow_line(comparison, cohort), flow)
    if not balance.every.empty:
        love = partial(figures.love, named(balance, labels), steps.balance_test)
        yield Wanted("love_plot", "How alike the arms are, before and after matching", told.balance_line(balance), love)
    if np.isfinite(steps.score.score).all():
        overlap = partial(figures.overlap, steps.score, comparison)
        yield Wanted(
            "overlap", "Propensity scores of the two arms", told.flow_line(comparison, cohort), overlap, patients=True
        )


def _outcome(steps: Steps, outcome: OutcomeResult, labels: Labels, number: int) -> Iterator[Wanted]:
    """The figures of one outcome.  number: from 1, the primary first; it stands in the files' names."""
    name, says = words.name_of(outcome, labels, unit=False), told.outcome_line(outcome)
    file = f"outcome_{number}_{slug(name)}".rstrip("_")
    if isinstance(outcome, BinaryOutcome):
        drawn = partial(figures.events, outcome, label=name)
        yield Wanted(file, f"{name}: share of patients", says, drawn, COLUMN)
        if steps.comparison.n_sets:
            sets = partial(figures.event_sets, outcome, label=name)
            yield Wanted(f"{file}_sets", f"{name} in the matched sets", says, sets, patients=True)
    elif isinstance(outcome, SurvivalOutcome):
        unit = _time_unit(steps, outcome, labels)
        if len(outcome.incidence):
            incidence = partial(figures.cumulative_incidence, outcome, unit=unit)
            yield Wanted(file, f"{name}: which event came first", says, incidence, curves=True)
        else:
            measure = words.curve_name(outcome)
            curves = partial(figures.kaplan_meier, outcome, CURVE_ARMS, unit=unit, measure=measure)
            yield Wanted(file, f"{name}, matched", says, curves, curves=True)
    elif len(outcome.points.loc[outcome.points["arm"].isin(BOX_ARMS)]):
        last = words.day(outcome.name)
        moments = ("Day 0", last) if last else ("Baseline", "Outcome")
        label = words.name_of(outcome, labels)
        boxes = partial(figures.boxes, outcome, BOX_ARMS, label=label, moments=moments)
        yield Wanted(file, f"{name}: every patient", says, boxes, patients=True)


def slug(name: str) -> str:
    """A name as part of a file's name: plain small letters, digits and underscores."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "_", plain.lower()).strip("_")[:LONGEST]


def _time_unit(steps: Steps, outcome: SurvivalOutcome, labels: Labels) -> str:
    time = next(one.time for one in steps.used[1].outcomes if one.name == outcome.name)
    return labels.column(outcome.name).unit or words.time_unit(time or "")


def _forest(steps: Steps, labels: Labels) -> Iterator[Wanted]:
    """One scale for several outcomes, with the intervals that belong to the p beside them."""
    outcomes = steps.outcomes
    scales = SET_SCALES if steps.comparison.by_set else SHARED_SCALES
    if not all(map(cites, outcomes)):
        return
    for measure, title in scales.items():
        shared = sum(any(one.measure == measure for one in outcome.estimates) for outcome in outcomes)
        if shared > 1:
            names = {outcome.name: words.name_of(outcome, labels, unit=False) for outcome in outcomes}
            drawn = partial(figures.forest, outcomes, measure, names)
            yield Wanted(f"forest_{measure}", f"{title}, several outcomes", "", drawn)
            return
