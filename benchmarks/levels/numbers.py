"""Every number of one outcome that the page displays, of one study, under names that do not depend on the study.

`displayed` asks the library for everything, as the page does. `quick` makes the same numbers one by one and leaves out
those that take long: the intervals that invert the quoted p are then judged by that p, and tests that draw thousands of
label moves are left to the studies that `displayed` sees.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks.bare_cohort import bare_cohort
from lib.freedays.levels import Level
from lib.freedays.win_ratio import win_ratio
from lib.inference import compare_outcomes
from lib.inference.binary_effects import marginal_estimates, risk_difference
from lib.inference.competing import incidence_area
from lib.inference.continuous_effects import mean_difference
from lib.inference.data import TimeData, ValueData
from lib.inference.followed import Course, Followed
from lib.inference.inversion import ALPHA
from lib.inference.registry import ROLES, TESTS
from lib.inference.results import Estimate, Test
from lib.inference.survival import ratio_estimates
from lib.inference.survival_effects import hazard_ratios, rmst_difference, rmtl_difference
from lib.measures import MEASURES
from lib.spec import Outcome

from .draws import HORIZON
from .samples import Sample

MATCHED = ROLES - {"whole"}
SLOW = ("signed_rank_set_means", "logrank_by_set_permuted", "rmst_by_set_permuted")
FEW_WAYS = 70_000  # of moving the labels, up to which these are quick too
EXACT, TAILS = "limits of the exact p", "2.5% in each tail"
RANKS, LOGRANK = "limits of the aligned ranks", "limits of the log-rank by set"
HOW = (  # the first word found in an estimate's method -> what it is called here
    ("adjusted", "adjusted"),
    ("Newcombe", "Newcombe"),
    ("MOVER", "MOVER"),
    (TAILS, TAILS),
    ("minlike", EXACT),
    ("imputation", EXACT),
    ("label moves", LOGRANK),
    ("inversion", RANKS),
    ("normal limits", "clustered by set, normal"),
    ("Greenland", "Mantel-Haenszel"),
    ("Breslow", "Mantel-Haenszel"),
    ("logistic", "conditional logistic"),
    ("clustered", "clustered by set, t"),
    ("robust by set", "clustered by set, t"),
    ("clusters", "clustered by set, t"),
)


@dataclass(frozen=True)
class Key:
    """A number.  part: "p" or "interval".  name: of the test or measure.  how: of HOW, "" of a test."""

    part: str
    name: str
    how: str
    role: str


@dataclass(frozen=True)
class Shown:
    """One number of one study.  low, high: the limits; of a p the p itself, twice.  NaN: it does not exist."""

    key: Key
    low: float
    high: float

    @property
    def exists(self) -> bool:
        """Whether there is a p, or a limit on at least one side."""
        return not np.isnan([self.low, self.high]).all()

    def wrong(self, truth: float) -> bool:
        """Whether p refuses no effect, or the interval misses the truth; a missing limit misses nothing."""
        if self.key.part == "p":
            return bool(self.low <= ALPHA)
        return bool(self.low > truth or self.high < truth)


def of_test(test: Test) -> Shown:
    """Its p."""
    return Shown(Key("p", test.name, "", test.role), test.p_value, test.p_value)


def of_estimate(estimate: Estimate) -> Shown:
    """Its limits."""
    key = Key("interval", estimate.measure, method_word(estimate.method), estimate.role)
    return Shown(key, estimate.ci_low, estimate.ci_high)


def method_word(method: str) -> str:
    """A method in the words of HOW."""
    return next((word for found, word in HOW if found in method), method)


def no_effect(measure: str) -> float:
    """0, or 1 of a ratio."""
    return float(MEASURES[measure].null)


def displayed(sample: Sample, outcome: Outcome, columns: dict[str, np.ndarray]) -> list[Shown]:
    """Everything that the page shows of the matched patients; estimates of one arm have no "no effect"."""
    cohort = bare_cohort(sample.treated, outcome, columns)
    (result,) = compare_outcomes(cohort, sample.comparison, 1, MATCHED)
    shown = [of_test(test) for test in result.tests]
    return [*shown, *(of_estimate(one) for one in result.estimates if not one.arm), *wins(sample, outcome, columns)]


INVERTED = {  # the intervals that hold no effect exactly where a p is above 5%, and whose p that is
    Key("interval", "attributable_events", EXACT, "quoted"): "exact_by_set",
    Key("interval", "risk_difference_by_set", EXACT, ""): "exact_by_set",
    Key("interval", "odds_ratio_by_set", EXACT, ""): "exact_by_set",
    Key("interval", "odds_ratio_by_set", TAILS, ""): "exact_by_set_central",
    Key("interval", "hodges_lehmann_shift", RANKS, "quoted"): "aligned_rank_by_set",
    Key("interval", "hazard_ratio_by_set", LOGRANK, "quoted"): "logrank_by_set_exact",
}

EXISTS_WITH = {"odds_ratio_by_set": "cmh_by_set", "hazard_ratio_by_set": "logrank_by_set"}  # where some set speaks


def quick(sample: Sample, outcome: Outcome, columns: dict[str, np.ndarray]) -> list[Shown]:
    """What does not take long."""
    data = data_of(sample, outcome, columns)
    tests = _tests(outcome.kind, data, sample.ways)
    if outcome.competing_values:
        return [*tests, of_estimate(incidence_area(cut(data), outcome, HORIZON, by_set=True))]
    effects = [of_estimate(one) for one in EFFECTS[outcome.kind](data)]
    return [*tests, *_by_p(tests), *effects, *wins(sample, outcome, columns)]


def intervals(sample: Sample, outcome: Outcome, columns: dict[str, np.ndarray]) -> list[Shown]:
    """The intervals alone, each with its own limits; for studies with an effect."""
    if outcome.kind != "survival":
        return [one for one in displayed(sample, outcome, columns) if one.key.part == "interval"]
    data = data_of(sample, outcome, columns)
    return [of_estimate(one) for one in (*ratio_estimates(data), *_lost(data))]


def data_of(sample: Sample, outcome: Outcome, columns: dict[str, np.ndarray]) -> Any:
    """ValueData or TimeData."""
    if outcome.kind != "survival":
        return ValueData(columns["y"], sample.treated, sample.frame)
    course, causes = Course.of(columns["y.time"], columns["y.event"]), 1 + len(outcome.competing_values)
    return TimeData(course, HORIZON, sample.treated, sample.frame, causes)


def cut(data: TimeData) -> Followed:
    """The matched patients to the horizon."""
    return Followed.of(data.course.cut(HORIZON), data.frame)


def _tests(kind: str, data: Any, ways: int) -> list[Shown]:
    out = SLOW if ways > FEW_WAYS else ()
    asked = [t for t in TESTS if t.kind == kind and t.role != "whole" and t.name not in out and t.fits(data)]
    made = [t.make(data) for t in asked if t.exists(data.frame)]
    return [Shown(Key("p", t.name, "", t.role), t.p_value, t.p_value) for t in made]


def _by_p(tests: list[Shown]) -> Iterable[Shown]:
    """Limits that stand for an interval inverting p: on one side of no effect where p refuses it."""
    p = {shown.key.name: shown.low for shown in tests}
    for key, test in INVERTED.items():
        if test in p:
            null = no_effect(key.name)
            low, high = (null + 1, null + 2) if p[test] <= ALPHA else (null - 0.5, null + 0.5)
            there = not np.isnan(p[EXISTS_WITH.get(key.name, test)])
            yield Shown(key, low, high) if there else Shown(key, np.nan, np.nan)


def _binary(data: ValueData) -> list[Estimate]:
    return [risk_difference(data.arms), *marginal_estimates(data.arms)]


def _continuous(data: ValueData) -> list[Estimate]:
    return [mean_difference(data.arms)]


def _survival(data: TimeData) -> list[Estimate]:
    return [*hazard_ratios(data.fit, data.followed, by_set=True), *_lost(data)]


def _lost(data: TimeData) -> list[Estimate]:
    followed = cut(data)
    return [rmtl_difference(followed, HORIZON), rmst_difference(followed, HORIZON, by_set=True)]


EFFECTS: dict[str, Callable[[Any], list[Estimate]]] = {
    "binary": _binary,
    "continuous": _continuous,
    "survival": _survival,
}


def wins(sample: Sample, outcome: Outcome, columns: dict[str, np.ndarray]) -> list[Shown]:
    """The win ratio of a survival outcome and then a number; empty where there is no such number."""
    if "z" not in columns:
        return []
    nothing = np.zeros(0)
    levels = (
        Level(outcome.name, "survival", "lower", columns["y.time"], columns["y.event"], horizon=HORIZON),
        Level("z", "continuous", "higher", columns["z"], nothing),
    )
    blocks = sample.frame.blocks(np.ones(len(sample.treated), dtype=bool))
    found = win_ratio(levels, blocks, 1)
    return [of_test(found.test), *(of_estimate(one) for one in found.estimates)]
