"""Exact distributions by convolution, against enumeration, and their properties."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from lib.inference.engine import Distribution, events_distribution, score_distribution

FLOAT = 1e-12  # sums of a few thousand doubles

small_sets = st.lists(st.lists(st.integers(-9, 9), min_size=2, max_size=5), min_size=1, max_size=5)
event_sets = st.lists(st.tuples(st.integers(0, 4), st.integers(2, 5)), min_size=1, max_size=12).map(
    lambda sets: [(min(d, n), n) for d, n in sets]
)


def layout(sets: list[list[int]]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    sizes = np.array([len(s) for s in sets])
    return np.array([score for s in sets for score in s]), np.cumsum(sizes) - sizes, sizes


def by_events(sets: list[tuple[int, int]]) -> Distribution:
    return events_distribution(np.array([d for d, _ in sets]), np.array([n for _, n in sets]))


def test_two_sets_by_hand() -> None:
    """Events 1 of 2 and 3 of 4: P(0) = 1/2 x 1/4, P(2) = 1/2 x 3/4."""
    null = by_events([(1, 2), (3, 4)])
    assert null.low == 0
    assert null.probability == pytest.approx([1 / 8, 1 / 2, 3 / 8])
    assert null.mean == pytest.approx(1.25)
    assert null.tails(0) == pytest.approx((1 / 8, 1))
    assert null.minlike(0) == pytest.approx(1 / 8)
    assert null.minlike(2) == pytest.approx(1 / 2)
    assert null.central(2) == pytest.approx(3 / 4)
    assert null.midp(2) == pytest.approx(3 / 8)


def test_sets_without_contrast_only_shift() -> None:
    null = by_events([(0, 3), (2, 2), (4, 4)])
    assert (null.low, null.degenerate) == (2, True)
    assert null.minlike(2) == null.central(2) == null.midp(2) == 1


def test_equally_likely_outcomes_count_despite_float_error() -> None:
    """Ten 1:1 pairs: P(T = 2) = P(T = 8); R's relative 1e-7 keeps both."""
    null = by_events([(1, 2)] * 10)
    assert null.minlike(2) == pytest.approx(2 * binom.cdf(2, 10, 0.5), rel=FLOAT)


@given(small_sets)
def test_scores_agree_with_enumeration(sets: list[list[int]]) -> None:
    scores, starts, sizes = layout(sets)
    null = score_distribution(scores, starts, sizes)
    every = np.array([sum(choice) for choice in product(*sets)])
    counts = np.array([(every == value).mean() for value in null.support])
    assert null.probability == pytest.approx(counts, abs=FLOAT)
    observed = sum(s[0] for s in sets)
    expected = every.mean()
    far = (np.abs(every - expected) >= abs(observed - expected) - 1e-9).mean()
    assert null.far(observed, expected) == pytest.approx(far, abs=FLOAT)


@given(event_sets)
def test_events_are_scores_of_zero_and_one(sets: list[tuple[int, int]]) -> None:
    grouped = by_events(sets)
    plain = score_distribution(*layout([[1] * d + [0] * (n - d) for d, n in sets]))
    assert grouped.low == plain.low
    assert grouped.probability == pytest.approx(plain.probability, abs=FLOAT)


@given(event_sets)
def test_p_values_stay_in_order(sets: list[tuple[int, int]]) -> None:
    null = by_events(sets)
    assert null.probability.sum() == pytest.approx(1, abs=FLOAT)
    for observed in null.support.tolist():
        smaller = min(null.tails(observed))
        assert 0 < smaller - FLOAT <= null.minlike(observed) <= 1
        assert smaller - FLOAT <= null.central(observed) <= 1
        assert 0 <= null.midp(observed) <= null.central(observed) + FLOAT


@given(event_sets)
def test_swapping_event_and_non_event_mirrors_the_distribution(sets: list[tuple[int, int]]) -> None:
    null, mirrored = by_events(sets), by_events([(n - d, n) for d, n in sets])
    assert mirrored.low == len(sets) - null.support[-1]
    assert mirrored.probability == pytest.approx(null.probability[::-1], abs=FLOAT)


@given(event_sets, st.randoms(use_true_random=False))
def test_the_order_of_the_sets_does_not_matter(sets: list[tuple[int, int]], shuffle) -> None:
    null = by_events(sets)
    shuffle.shuffle(sets)
    assert by_events(sets).probability == pytest.approx(null.probability, abs=FLOAT)


def test_thousands_of_sets_stay_exact() -> None:
    null = by_events([(1, 4)] * 4000 + [(2, 4)] * 4000)
    assert null.mean == pytest.approx(3000, rel=1e-9)
    assert null.central(3000) == pytest.approx(1, abs=0.05)


def test_chances_that_underflow_cost_nothing_and_change_nothing() -> None:
    """Two kinds of 4,000 sets: the tails are 0 in double precision, the rest is the plain convolution."""
    events, sizes = np.repeat([1, 1], 4_000), np.repeat([4, 2], 4_000)
    found = events_distribution(events, sizes).probability
    plain = np.convolve(*(binom.pmf(np.arange(4_001), 4_000, chance) for chance in (0.25, 0.5)))
    assert len(found) == 8_001
    assert found[0] == found[-1] == 0
    assert found == pytest.approx(plain, rel=1e-8, abs=1e-300)
