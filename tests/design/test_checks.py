"""The last check before a match is shown: each broken rule is caught by name."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from lib.design import Comparison, Sets, match
from lib.design.checks import SetRules, recheck
from lib.design.comparison import set_weights
from lib.design.nearest import Nearest
from lib.design.rules import Rules, make_rules
from tests.builders import cohort_on_a_line, make_score

TREATED = np.array([True, True, False, False, False, False])
DISTANCE = np.array([1.0, 2.0, 0.9, 1.8, 2.6, 5.0])
EXTRA = pd.DataFrame({"site": ["A", "B", "A", "B", "A", "B"], "age": [50.0, 60.0, 51.0, 62.0, 50.0, 60.0]})
ASKED = Nearest(
    ratio=1, caliper=1.0, caliper_unit="raw", exact=("site",), covariate_calipers={"age": {"width": 5, "unit": "raw"}}
)


@pytest.fixture
def good() -> tuple[Comparison, Rules]:
    cohort, score = cohort_on_a_line(TREATED, EXTRA), make_score(DISTANCE)
    return match(cohort, score, ASKED, seed=1), make_rules(cohort, score, ASKED)


def rewritten(sample: Comparison, membership: list[list[int]]) -> Comparison:
    units = Sets(np.array(membership), TREATED)
    return replace(sample, units=units, weights=set_weights(units))


def test_a_good_match_passes(good: tuple[Comparison, Rules]) -> None:
    recheck(*good, SetRules(1))


@pytest.mark.parametrize(
    ("membership", "rule"),
    [
        ([[0, 0], [2, 0], [1, 1], [2, 1]], "nobody is used twice"),
        ([[0, 0], [1, 0], [2, 0], [3, 0]], "every set has exactly one treated patient"),
        ([[1, 0], [3, 0], [0, 1], [2, 1]], "sets follow the file order"),
        ([[0, 0], [2, 0], [4, 0], [1, 1], [3, 1]], "every set has 1 to `ratio` controls"),
        ([[0, 0], [4, 0], [1, 1], [3, 1]], "every pair is inside the caliper"),
        ([[0, 0], [3, 0], [1, 1], [5, 1]], "every pair is inside the caliper"),
    ],
)
def test_a_bad_membership_is_named(good: tuple[Comparison, Rules], membership: list[list[int]], rule: str) -> None:
    sample, rules = good
    with pytest.raises(RuntimeError, match=rule):
        recheck(rewritten(sample, membership), rules, SetRules(1))


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (lambda rules: replace(rules, stratum=np.arange(6)), "agrees on the exact columns"),
        (lambda rules: replace(rules, limits=np.array([0.5])), "inside the covariate calipers"),
        (lambda rules: replace(rules, discarded=~TREATED), "outside common support"),
    ],
)
def test_a_broken_rule_is_named(good: tuple[Comparison, Rules], change: Callable[[Rules], Rules], rule: str) -> None:
    sample, rules = good
    with pytest.raises(RuntimeError, match=rule):
        recheck(sample, change(rules), SetRules(1))


def test_a_weight_without_a_set_is_caught(good: tuple[Comparison, Rules]) -> None:
    sample, rules = good
    with pytest.raises(RuntimeError, match="exactly the matched have a weight"):
        recheck(replace(sample, weights=np.ones(6)), rules, SetRules(1))
