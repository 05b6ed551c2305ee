"""One scenario: its studies are drawn, compared by the library, and counted number by number."""

from collections.abc import Callable
from dataclasses import astuple, dataclass, field

import numpy as np

from lib.spec import Outcome

from .draws import Studies
from .numbers import INVERTED, Key, Shown, displayed, intervals, no_effect, quick
from .samples import Sample
from .scenarios import Scenario

LEVEL = 0.055
SURE = 1.96  # Monte Carlo errors by which a share has to be above the level before it is called so
CHUNK = 500  # studies drawn at once

Make = Callable[[Sample, Outcome, dict[str, np.ndarray]], list[Shown]]
Kept = dict[tuple[str, bytes], list[Shown]]


@dataclass(frozen=True)
class Row:
    """How often one number of one scenario is wrong: p at most 0.05 without an effect, an interval that misses the
    truth.

    studies: those in which it was looked for.  exists: the share in which it exists.  wrong: studies.  share: of those
    where it exists; standard_error: of the Monte Carlo.  apart: studies in which the interval and the p that stands for
    it in the quick studies fell on different sides, of `checked`.
    """

    kind: str
    detail: str
    effect: str
    icc: float
    sets: int
    shape: str
    part: str
    name: str
    how: str
    role: str
    studies: int
    exists: float
    wrong: int
    share: float
    standard_error: float
    verdict: str
    checked: int
    apart: int


COLUMNS = tuple(Row.__dataclass_fields__)
TITLE = COLUMNS[:6]


@dataclass
class Count:
    """Of one number.  studies: in which it was looked for; a number that the page leaves out of a study where it cannot
    be made (normal limits of a hazard ratio of 0) was looked for all the same."""

    studies: int = 0
    exists: int = 0
    wrong: int = 0
    checked: int = 0
    there: int = 0
    apart: int = 0


@dataclass
class Tally:
    """Of one scenario.  all, through_page: studies counted, and those of them whose other numbers were counted too."""

    counts: dict[Key, Count] = field(default_factory=dict)
    all: int = 0
    through_page: int = 0
    slow: set[Key] = field(default_factory=set)

    def add(self, shown: list[Shown], truth: dict[str, float] | None, only: set[Key] | None = None) -> None:
        """One more study.  only: the numbers to be counted, in a study that has been added without them."""
        if only is None:
            self.all += 1
        else:
            self.through_page += 1
            self.slow |= only
        for one in shown:
            target = _truth(one, truth)
            if target is None or (only is not None and one.key not in only):
                continue
            count = self.counts.setdefault(one.key, Count())
            count.exists += one.exists
            count.wrong += one.exists and one.wrong(target)

    def check(self, quick_ones: list[Shown], shown: list[Shown]) -> None:
        """Whether the limits on the page lie on the side that their p says."""
        stand_in = {one.key: one for one in quick_ones if one.key in INVERTED}
        for one in shown:
            if one.key in stand_in:
                count, null = self.counts.setdefault(one.key, Count()), no_effect(one.key.name)
                count.checked += 1
                count.there += one.exists
                count.apart += one.exists and one.wrong(null) != stand_in[one.key].wrong(null)

    def rows(self, title: tuple) -> list[Row]:
        """In the order in which the page shows them."""
        for key, count in self.counts.items():
            count.studies = self.through_page if key in self.slow else self.all
        return [_row(title, key, count) for key, count in self.counts.items()]


def _truth(one: Shown, truth: dict[str, float] | None) -> float | None:
    """What an interval should hold; None where that is not known, and of a p where there is an effect."""
    if one.key.part == "p":
        return 0.0 if truth is None else None
    return no_effect(one.key.name) if truth is None else truth.get(one.key.name)


def _row(title: tuple, key: Key, count: Count) -> Row:
    limits_may_lie_at_infinity = key.name == "hodges_lehmann_shift" and count.checked
    there = count.there / count.checked if limits_may_lie_at_infinity else count.exists / count.studies
    among = there * count.studies
    share = count.wrong / among if among else float("nan")
    error = float(np.sqrt(share * (1 - share) / among)) if 0 <= share <= 1 and among else float("nan")
    found = (count.studies, there, count.wrong, share, error, verdict(share, error), count.checked, count.apart)
    return Row(*title, key.part, key.name, key.how, key.role, *found)


def verdict(share: float, error: float) -> str:
    """In words: a share above the level by more than the Monte Carlo error is above it."""
    if np.isnan(share):
        return "does not exist"
    if share <= LEVEL:
        return "holds"
    return "above" if share - SURE * error > LEVEL else "not told apart from 5.5%"


def simulate(scenario: Scenario) -> list[Row]:
    """Its rows."""
    rng, tally, done = np.random.default_rng(scenario.seed), Tally(), 0
    kept: Kept = {}
    while done < scenario.studies:
        some = min(CHUNK, scenario.studies - done)
        drawn = scenario.draw(rng, scenario.sample, some)
        for i in range(some):
            _study(scenario, drawn, i, done + i < scenario.checked, tally, kept)
        done += some
    sample = scenario.sample
    title = (scenario.kind, scenario.detail, scenario.effect, scenario.icc, sample.sets, sample.shape)
    return tally.rows(title)


def _study(scenario: Scenario, drawn: Studies, i: int, checked: bool, tally: Tally, kept: Kept) -> None:
    columns = {name: values[i] for name, values in drawn.columns.items()}
    truth = None if drawn.truth is None else {m: float(np.resize(v, i + 1)[i]) for m, v in drawn.truth.items()}
    arguments = (scenario.sample, scenario.outcome, columns)
    if truth is not None:
        tally.add(intervals(*arguments), truth)
        return
    fast = _once(kept, quick, scenario, columns)
    tally.add(fast, truth)
    if checked:
        shown = _once(kept, displayed, scenario, columns)
        tally.check(fast, shown)
        tally.add(shown, truth, {one.key for one in shown} - {one.key for one in fast})


def _once(kept: Kept, make: Make, scenario: Scenario, columns: dict[str, np.ndarray]) -> list[Shown]:
    """The same events in the same kinds of sets give the same numbers, whichever sets they are."""
    if scenario.kind != "event":
        return make(scenario.sample, scenario.outcome, columns)
    sample, y = scenario.sample, columns["y"]
    control = np.bincount(sample.set_of[sample.sets :], weights=y[sample.sets :], minlength=sample.sets)
    pattern = make.__name__, np.sort(100 * sample.controls + 10 * control + y[: sample.sets]).tobytes()
    if pattern not in kept:
        kept[pattern] = make(sample, scenario.outcome, columns)
    return kept[pattern]


def as_tuples(rows: list[Row]) -> list[tuple]:
    """For a table with COLUMNS."""
    return [astuple(row) for row in rows]
