"""Rank tests, by hand, against scipy, and by property."""

import numpy as np
import pytest
import scipy.stats
from hypothesis import assume, given
from hypothesis import strategies as st

from lib.inference.ranks import align, aligned_rank, doubled_midranks, kruskal_wallis, rank_sum_by_set, signed_rank
from tests.inference.builders import even_sets, sets_of, sets_of_pairs

SAME = 1e-9  # two double-precision routes to one number

grid_values = st.lists(st.integers(-20, 20).map(lambda v: v / 4), min_size=6, max_size=24)


def test_doubled_midranks_by_hand() -> None:
    assert doubled_midranks(np.array([3.0, 1, 3, 2])).tolist() == [7, 2, 7, 4]


@given(grid_values)
def test_kruskal_wallis_is_scipys(values: list[float]) -> None:
    y, treated = np.array(values), np.arange(len(values)) % 3 == 0
    assume(len(set(values)) > 1)
    theirs = scipy.stats.kruskal(y[treated], y[~treated])
    ours = kruskal_wallis(y, treated)
    assert ours.statistic == pytest.approx(theirs.statistic, abs=SAME)
    assert ours.p_value == pytest.approx(theirs.pvalue, abs=SAME)


def test_kruskal_wallis_without_an_answer() -> None:
    assert np.isnan(kruskal_wallis(np.ones(4), np.array([True, False, False, False])).p_value)
    assert np.isnan(kruskal_wallis(np.arange(3.0), np.zeros(3, dtype=bool)).p_value)


def test_signed_rank_by_hand() -> None:
    """0 dropped; |d| 1, 2, 2, 4 have ranks 1, 2.5, 2.5, 4; positive 2 and 4: V = 6.5; variance 7.5 - 6/48."""
    result = signed_rank(np.array([-1.0, 2, -2, 4, 0]))
    assert (result.statistic, result.n) == (6.5, 4)
    assert result.p_value == pytest.approx(2 * scipy.stats.norm.sf(1.5 / np.sqrt(7.5 - 6 / 48)))
    assert np.isnan(signed_rank(np.zeros(3)).p_value)


@given(grid_values)
def test_signed_rank_is_scipys(values: list[float]) -> None:
    d = np.array(values)
    assume((d != 0).any())
    theirs = scipy.stats.wilcoxon(d, zero_method="wilcox", correction=False, method="asymptotic")
    ours = signed_rank(d)
    assert ours.p_value == pytest.approx(theirs.pvalue, rel=SAME)
    assert signed_rank(-d).p_value == pytest.approx(ours.p_value, rel=SAME)


def test_aligned_ranks_of_two_sets_by_hand() -> None:
    """Sets (9 | 1, 2) and (4 | 2): aligned 5, -3, -2 and 1, -1; ranks 5, 1, 2 and 4, 3. T = 9 of E = 8/3 + 7/2.

    Of the 6 arrangements 9 is the furthest from 6.17 above; 1 + 3 = 4 is nearer (2.17): p = 1/6.
    """
    blocks = even_sets(2, 2).blocks(np.array([1, 1, 1, 1, 1, 0], dtype=bool))
    result = aligned_rank(np.array([9.0, 1, 2, 4, 2]), blocks)
    assert (result.statistic, result.exact) == (9, True)
    assert result.expected == pytest.approx(8 / 3 + 7 / 2)
    assert result.p_value == pytest.approx(1 / 6)


def test_subtracting_set_means_leaves_no_false_order() -> None:
    """0.1 + 0.2 style dust: both sets have the same differences, so aligned values tie in twos."""
    blocks = even_sets(2, 2).blocks()
    values = np.array([0.3, 0.1, 0.2, 1e4 + 0.3, 1e4 + 0.1, 1e4 + 0.2])
    assert len(np.unique(align(values, blocks))) == 3
    billions = np.array([3.0, 1, 2, 3, 1, 2]) * 1e8 / 3 + np.repeat([0, 7e9], 3)
    assert len(np.unique(align(billions, blocks))) == 3


def test_no_variation_within_sets_gives_p_one() -> None:
    result = aligned_rank(np.repeat([1.0, 5, 9], 3), even_sets(3, 2).blocks())
    assert (result.p_value, result.sd) == (1, 0)


@given(grid_values, st.floats(0.5, 40), st.integers(-1000, 1000))
def test_unit_shift_sign_and_set_constants_do_not_matter(values: list[float], scale: float, shift: int) -> None:
    blocks = even_sets(len(values) // 3, 2).blocks()
    y = np.array(values)[: 3 * (len(values) // 3)]
    p = aligned_rank(y, blocks).p_value
    constants = np.repeat(np.arange(blocks.n_sets) * shift, 3)
    assert aligned_rank(-y, blocks).p_value == pytest.approx(p, rel=SAME)
    assert aligned_rank(y + constants, blocks).p_value == pytest.approx(p, rel=SAME)
    assert aligned_rank(np.round(scale, 2) * y, blocks).p_value == pytest.approx(p, rel=SAME)
    assert 0 < p <= 1


@given(grid_values, st.randoms(use_true_random=False))
def test_rows_in_any_order_and_lists_of_pairs_give_the_same_p(values: list[float], shuffle) -> None:
    """Invariant 8."""
    n_sets = len(values) // 3
    y, sets = np.array(values)[: 3 * n_sets], even_sets(n_sets, 2)
    blocks = sets.blocks()
    p = aligned_rank(y[blocks.row], blocks).p_value
    order = list(range(3 * n_sets))
    shuffle.shuffle(order)
    mixed = sets_of(sets.set_id[order].tolist(), sets.treated[order].astype(int).tolist()).blocks()
    assert aligned_rank(y[order][mixed.row], mixed).p_value == pytest.approx(p, rel=SAME)
    pairs = sets_of_pairs(*blocks.pairs())
    assert aligned_rank(y[pairs.row], pairs).p_value == pytest.approx(p, rel=SAME)


def test_the_normal_limit_meets_the_exact_p_where_it_takes_over() -> None:
    rng = np.random.default_rng(8)
    blocks = even_sets(200, 3).blocks()
    y = rng.normal(size=800) + 0.12 * blocks.treated
    doubled = doubled_midranks(align(y, blocks))
    exact, normal = rank_sum_by_set(doubled, blocks), rank_sum_by_set(doubled, blocks, exact=False)
    assert (exact.exact, normal.exact) == (True, False)
    assert normal.p_value == pytest.approx(exact.p_value, rel=0.02)
