"""The odds ratio's interval that inverts the quoted p: by hand, against a grid of ratios, by property, coverage."""

import numpy as np
import pytest
from hypothesis import assume, given

from lib.inference.engine import Distribution
from lib.inference.odds_limits import minlike_limits
from lib.inference.stratified import SetCounts, events_null, exact_odds_ratio, tilted
from tests.inference.test_attributable import counts_of, random_table, tables

JUST = 1e-9  # a p no further from 0.05 is 0.05
STUDIES = 400
LEAST_COVERED = 0.94


def p_at(null: Distribution, log_or: float, observed: int) -> float:
    """The p of an odds ratio, from the tilted distribution as a whole."""
    return Distribution(null.low, tilted(null, log_or)).minlike(observed)


def test_one_pair_of_sets_by_hand() -> None:
    """Two pairs with one event each, T = 0: weights 1, 2, 1. p of psi is 1/(1 + psi)^2 as soon as 1 and 2 are likelier
    than 0, beyond psi = 1; 0.05 at psi = sqrt(20) - 1. Up to psi = 1 the count 2 is in the sum, so p is larger."""
    null = events_null(counts_of([0, 0], [1, 1], [1, 1], [1, 1]))
    assert minlike_limits(null, 0) == (0.0, pytest.approx(np.sqrt(20) - 1))
    low, high = minlike_limits(null, 2)
    assert (low, high) == (pytest.approx(1 / (np.sqrt(20) - 1)), np.inf)


def test_the_study_s_five_and_seven_deaths() -> None:
    """p 0.34 holds 1; p 0.047 (R: 0.046875) does not, where R's interval with 2.5% in each tail holds it."""
    for deaths, inside in (([1] * 5 + [0] * 3, True), ([3, 3, 1] + [0] * 5, False)):
        null = events_null(counts_of([0] * 8, [1] * 8, deaths, [3] * 8))
        low, high = minlike_limits(null, 0)
        assert (low, high >= 1) == (0, inside)
        assert exact_odds_ratio(null, 0).high > 1


@given(tables())
def test_against_a_fine_grid_of_ratios(counts: SetCounts) -> None:
    """No ratio beyond a limit is accepted, and one just inside is."""
    null, observed = events_null(counts), int(counts.a.sum())
    assume(not null.degenerate)
    low, high = minlike_limits(null, observed)
    for log_or in np.linspace(-8, 8, 641).tolist():
        if not np.log(max(low, 1e-9)) - 1e-6 <= log_or <= np.log(min(high, 1e9)) + 1e-6:
            assert p_at(null, log_or, observed) <= 0.05
    for limit, inwards in ((low, 1e-6), (high, -1e-6)):
        if 0 < limit < np.inf:
            assert p_at(null, np.log(limit) + inwards, observed) > 0.05 - 1e-5


def test_the_interval_holds_1_exactly_when_p_is_above_005() -> None:
    """3,000 random tables, sets with several treated among them. (A p of just 0.05 has its limit at 1.)"""
    rng, apart = np.random.default_rng(4), 0
    for i in range(3000):
        counts = random_table(rng, i % 3 == 0, 20)
        null, observed = events_null(counts), int(counts.a.sum())
        if not null.degenerate:
            low, high = minlike_limits(null, observed)
            p = null.minlike(observed)
            apart += (low <= 1 <= high) != (p > 0.05) and abs(p - 0.05) > JUST
            exact = exact_odds_ratio(null, observed)
            assert low <= exact.estimate <= high
    print(f"{apart} of 3,000 disagree")
    assert apart <= 1


def test_five_thousand_sets() -> None:
    rng = np.random.default_rng(4)
    n0 = rng.integers(1, 4, 5000)
    counts = counts_of(rng.binomial(1, 0.3, 5000), np.ones(5000), rng.binomial(n0, 0.25), n0)
    null, observed = events_null(counts), int(counts.a.sum())
    central = exact_odds_ratio(null, observed)
    assert minlike_limits(null, observed) == pytest.approx((central.low, central.high), rel=0.01)


@pytest.mark.parametrize("sets", [4, 8, 30])
@pytest.mark.parametrize("odds_ratio", [0.3, 1.0, 3.0])
def test_the_interval_holds_the_true_ratio(sets: int, odds_ratio: float) -> None:
    """Given the events of a set, the treated patient has one with odds in proportion to d psi against n - d."""
    rng, covered, made = np.random.default_rng(sets), 0, 0
    for _ in range(STUDIES):
        odds = np.exp(rng.normal(-1, 1, sets))
        treated = rng.random(sets) < odds * odds_ratio / (1 + odds * odds_ratio)
        control = rng.binomial(3, odds / (1 + odds))
        null = events_null(counts_of(treated, np.ones(sets), control, np.full(sets, 3)))
        if not null.degenerate:
            low, high = minlike_limits(null, int(treated.sum()))
            covered, made = covered + (low <= odds_ratio <= high), made + 1
    print(f"{sets} sets, ratio {odds_ratio}: the interval holds it in {covered / made:.1%} of {made} studies")
    assert covered >= LEAST_COVERED * made
