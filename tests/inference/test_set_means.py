"""Signed rank over set means: by hand, against scipy for pairs, brute force, and by property."""

from itertools import product

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.stats import wilcoxon

from lib.inference.ranks import signed_rank
from lib.inference.set_means import (
    _counted_signed_sum,
    _sorted_signed_sum,
    set_differences,
    signed_rank_set_means,
)
from tests.inference.builders import even_sets, sets_of, sets_of_pairs

SAME = 1e-9  # two double-precision routes to one number

rows_of_four = st.lists(st.lists(st.integers(-4, 4), min_size=3, max_size=3), min_size=2, max_size=5)


def test_three_sets_by_hand() -> None:
    """Sets (9 | 1, 3), (4 | 6, 4), (5 | 5, 5): differences 7, -1, 0; ranks 2 and 1: V = 2."""
    blocks = even_sets(3, 2).blocks()
    values = np.array([9.0, 1, 3, 4, 6, 4, 5, 5, 5])
    assert set_differences(values, blocks).tolist() == [7, -5, -2, -1, 2, -1, 0, 0, 0]
    result = signed_rank_set_means(values, blocks, 1)
    assert (result.statistic, result.n) == (2, 2)
    # positive - negative ranks of all nine pairs: with 7: 2 - 1 = 1, 2 + 1 = 3, 1; with -5: -3, -1, -3;
    # with -2 against -1, 2, -1: -3, 0 (a tie), -3. Mean -8/9; at least |1 + 8/9| away: 1, 3, 1, -3 four times
    assert result.permuted.centre == pytest.approx(-8 / 9)
    assert result.permuted.p_value == pytest.approx(7 / 9)


@given(st.lists(st.tuples(st.integers(1, 200), st.booleans()), min_size=3, max_size=12, unique_by=lambda d: d[0]))
def test_pairs_give_wilcoxons_exact_test(rows: list[tuple[int, bool]]) -> None:
    differences = np.array([d * (1 if up else -1) for d, up in rows]) / 4
    values = np.stack([differences + 10, np.full(len(rows), 10.0)], axis=1).ravel()
    theirs = wilcoxon(differences, mode="exact")
    ours = signed_rank_set_means(values, even_sets(len(rows), 1).blocks(), 1)
    assert ours.permuted.p_value == pytest.approx(theirs.pvalue, rel=SAME)
    assert ours.statistic == signed_rank(differences).statistic


@given(rows_of_four)
def test_against_brute_force(sets: list[list[int]]) -> None:
    """Each arrangement anew with the plain signed rank: V+ - V-, zeros dropped, midranks."""
    values, blocks = np.array(sets, dtype=float).ravel(), even_sets(len(sets), 2).blocks()

    def signed_sum(choice: tuple[int, ...]) -> float:
        d = [s[i] - (sum(s) - s[i]) / 2 for s, i in zip(sets, choice, strict=True)]
        plain = signed_rank(np.round(d, 9))
        return 2 * plain.statistic - plain.n * (plain.n + 1) / 2 if plain.n else 0.0

    every = np.array([signed_sum(choice) for choice in product(range(3), repeat=len(sets))])
    result = signed_rank_set_means(values, blocks, 1)
    far = np.abs(every - every.mean()) >= abs(every[0] - every.mean()) - SAME
    assert result.permuted.observed == every[0]
    assert result.permuted.p_value == pytest.approx(far.mean(), abs=SAME)


@given(st.integers(0, 1000), st.booleans())
def test_drawn_and_enumerated_agree(seed: int, tied: bool) -> None:
    rng = np.random.default_rng(seed)
    values = rng.integers(0, 5, 24) * 1.0 if tied else rng.normal(size=24)
    blocks = even_sets(6, 3).blocks()
    exact = signed_rank_set_means(values, blocks, seed).permuted
    drawn = signed_rank_set_means(values, blocks, seed, most=0).permuted
    assume(exact.p_value < 1)
    assert drawn.observed == exact.observed
    assert drawn.centre == pytest.approx(exact.centre, abs=SAME)
    assert abs(drawn.p_value - exact.p_value) < 5 * drawn.standard_error + 1e-3


@given(rows_of_four, st.integers(-50, 50))
def test_sign_set_constants_order_and_repeated_pairs(sets: list[list[int]], shift: int) -> None:
    values, blocks = np.array(sets, dtype=float).ravel(), even_sets(len(sets), 2).blocks()
    p = signed_rank_set_means(values, blocks, 1).permuted.p_value
    constants = np.repeat(np.arange(len(sets)) * shift, 3)
    assert signed_rank_set_means(constants - values, blocks, 1).permuted.p_value == pytest.approx(p, abs=SAME)
    again = sets_of_pairs(*blocks.pairs())
    assert signed_rank_set_means(values[again.row], again, 1).permuted.p_value == pytest.approx(p, abs=SAME)


def test_sets_of_different_sizes_and_no_variation() -> None:
    blocks = sets_of([0, 0, 1, 1, 1], [1, 0, 1, 0, 0]).blocks()
    assert signed_rank_set_means(np.array([3.0, 1, 2, 2, 2]), blocks, 1).permuted.arrangements == 6
    flat = signed_rank_set_means(np.full(5, 2.0), blocks, 1)
    assert (flat.permuted.p_value, flat.n, flat.statistic) == (1, 0, 0)


@given(st.lists(st.lists(st.sampled_from([0, 2, 3, 4, 5, 8, 9]), min_size=6, max_size=6), min_size=1, max_size=4))
def test_counting_and_sorting_give_one_signed_sum(rows: list[list[int]]) -> None:
    """Keys: twice the size's code, one more where positive; 0 where there is no difference."""
    keys = np.array(rows)
    signed = np.where(keys % 2, 1, -1) * (keys // 2)
    naive = [
        2 * (plain := signed_rank(row * 1.0)).statistic - plain.n * (plain.n + 1) / 2 if row.any() else 0.0
        for row in signed
    ]
    assert _counted_signed_sum(keys, 10).tolist() == naive
    assert _sorted_signed_sum(keys.astype(np.int32)).tolist() == naive
