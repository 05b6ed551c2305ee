"""Optimal pairs on one score: against assignment, and what holds whatever the rows."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.design.line import complete_width, largest_pairs, optimal_pairs

from .brute import best_pairs

CLOSE = 1e-7  # totals of at most 30 distances of size 1, summed in another order


def small_case(seed):
    """(x, treated, ratio, width): a few patients, every third time tied, some with few controls or one treated."""
    rng = np.random.default_rng(seed)
    n1, n0 = int(rng.integers(1, 7)), int(rng.integers(1, 16))
    x = np.append(rng.normal(0.6, 1, n1), rng.normal(0, 1, n0))
    if seed % 3 == 0:
        x = np.round(x, 1)
    if seed % 25 == 0:
        x = np.zeros(len(x))
    treated = rng.permutation(np.arange(n1 + n0) < n1)
    width = round(float(rng.uniform(0.0, 1.2)), 1) if seed % 3 == 0 else float(rng.uniform(0.02, 1.2))
    return x, treated, int(rng.integers(1, 5)), width


def assert_pairs(x, treated, ratio, width, pairs):
    """Rules that every matching without replacement keeps. Returns (pairs, total)."""
    t, c = pairs
    assert treated[t].all() and not treated[c].any()
    assert len(np.unique(c)) == len(c)
    assert np.bincount(t, minlength=1).max() <= ratio
    distance = np.abs(x[t] - x[c])
    assert (distance <= width).all()
    return len(t), distance.sum()


@pytest.mark.parametrize("block", range(8))
@pytest.mark.parametrize("caliper", [False, True])
def test_the_most_pairs_and_the_least_total_as_by_assignment(block, caliper):
    for seed in range(100 * block, 100 * block + 100):
        x, treated, ratio, width = small_case(seed)
        width = width if caliper else np.inf
        made, total = assert_pairs(
            x, treated, ratio, width, optimal_pairs(x, treated, ratio, width if caliper else None)
        )
        best = best_pairs(x, treated, ratio, width)
        assert made == best[0], seed
        assert total == pytest.approx(best[1], abs=CLOSE), seed


def test_the_most_pairs_alone_agree():
    for seed in range(400):
        x, treated, ratio, width = small_case(seed)
        assert largest_pairs(x, treated, ratio, width) == best_pairs(x, treated, ratio, width)[0], seed
        assert largest_pairs(x, treated, ratio, None) == min(ratio * treated.sum(), (~treated).sum())


def test_the_smallest_width_that_keeps_everybody_is_a_distance_and_no_smaller_one_does():
    for seed in range(400):
        x, treated, ratio, _ = small_case(seed)
        width = complete_width(x, treated, ratio)
        wanted = ratio * treated.sum()
        if wanted > (~treated).sum():
            assert width == np.inf
            continue
        assert (np.abs(x[treated][:, None] - x[~treated]) == width).any()
        assert largest_pairs(x, treated, ratio, width) == wanted
        assert len(optimal_pairs(x, treated, ratio, width)[0]) == wanted
        assert width == 0 or largest_pairs(x, treated, ratio, np.nextafter(width, 0)) < wanted


def test_by_hand():
    """Treated 0 and 1, controls 0.4, 1.1, 1.2, 5: 1:1 is 0-0.4, 1-1.1; 2:1 must take the 5 unless a caliper forbids."""
    x, treated = np.array([0.0, 1.0, 0.4, 1.1, 1.2, 5.0]), np.array([1, 1, 0, 0, 0, 0], bool)
    assert [a.tolist() for a in optimal_pairs(x, treated, 1)] == [[0, 1], [2, 3]]
    assert [a.tolist() for a in optimal_pairs(x, treated, 2)] == [[0, 0, 1, 1], [2, 3, 4, 5]]
    assert [a.tolist() for a in optimal_pairs(x, treated, 2, 1.0)] == [[0, 1, 1], [2, 3, 4]]
    assert complete_width(x, treated, 1) == 0.4
    assert complete_width(x, treated, 2) == 4.0


def test_a_pair_exactly_as_far_apart_as_the_caliper_is_allowed():
    x, treated = np.array([0.3, 0.1]), np.array([True, False])
    assert len(optimal_pairs(x, treated, 1, 0.3 - 0.1)[0]) == 1
    assert len(optimal_pairs(x, treated, 1, np.nextafter(0.3 - 0.1, 0))[0]) == 0


def test_tied_patients_share_evenly_and_earlier_rows_come_first():
    x, treated = np.zeros(7), np.array([0, 1, 0, 1, 0, 0, 0], bool)
    assert [a.tolist() for a in optimal_pairs(x, treated, 3)] == [[1, 1, 1, 3, 3], [0, 2, 4, 5, 6]]
    assert [a.tolist() for a in optimal_pairs(x, treated, 1)] == [[1, 3], [0, 2]]


def test_nobody_to_match():
    for treated in (np.zeros(3, bool), np.ones(3, bool), np.zeros(0, bool)):
        x = np.arange(float(len(treated)))
        assert [len(a) for a in optimal_pairs(x, treated, 2, 1.0)] == [0, 0]
    assert complete_width(np.ones(2), np.zeros(2, bool), 1) == 0.0
    assert len(optimal_pairs(np.array([0.0, 9.0]), np.array([True, False]), 1, 1.0)[0]) == 0


scores = st.lists(st.tuples(st.integers(-30, 30), st.booleans()), min_size=1, max_size=60)


@given(scores, st.integers(1, 4), st.integers(0, 20) | st.none(), st.randoms(use_true_random=False))
@settings(max_examples=150)
def test_the_order_of_rows_changes_neither_the_number_of_pairs_nor_the_total(patients, ratio, width, random):
    x, treated = np.array([p[0] for p in patients], float), np.array([p[1] for p in patients])
    order = np.array(random.sample(range(len(x)), len(x)))
    limit = np.inf if width is None else width
    first = assert_pairs(x, treated, ratio, limit, optimal_pairs(x, treated, ratio, width))
    again = assert_pairs(x[order], treated[order], ratio, limit, optimal_pairs(x[order], treated[order], ratio, width))
    assert first == again
    assert first[0] == largest_pairs(x, treated, ratio, width)
