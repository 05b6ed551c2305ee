"""Label moves within sets, by hand, against brute force and convolution, and by property."""

from itertools import product
from math import prod

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.inference import permutation
from lib.inference.arrangements import Kinds, every_total
from lib.inference.engine import score_distribution
from lib.inference.permutation import (
    DRAWS,
    FEWEST_DRAWS,
    PermutationP,
    codes,
    draw_treated,
    drawn_totals,
    draws_for,
    permutation_p,
    permuted_sum,
)
from lib.inference.sets import Blocks
from tests.inference.builders import even_sets, sets_of

SAME = 1e-9  # two double-precision routes to one number

set_sizes = st.lists(st.integers(2, 4), min_size=1, max_size=5)


def blocks_of(sizes: list[int]) -> Blocks:
    z = [int(i == 0) for size in sizes for i in range(size)]
    return sets_of(np.repeat(np.arange(len(sizes)), sizes).tolist(), z).blocks()


def every_choice(blocks: Blocks) -> np.ndarray:
    """All positions, by itertools."""
    runs = [range(start, start + size) for start, size in zip(blocks.starts, blocks.sizes, strict=True)]
    return np.array(list(product(*runs)))


def test_two_sets_by_hand() -> None:
    """Scores 5 | 1, 2 and 4 | 2: sums 9, 7, 5, 3, 6, 4 with mean 5.67; only 9 itself lies as far away as 9."""
    result = permuted_sum(np.array([5.0, 1, 2, 4, 2]), blocks_of([3, 2]), 1)
    assert (result.observed, result.arrangements, result.exact, result.standard_error) == (9, 6, True, 0)
    assert result.centre == pytest.approx(8 / 3 + 3)
    assert result.p_value == pytest.approx(1 / 6)
    assert result.sentence == "Exact: the treated label moves within its set, 6 arrangements in all."


@given(set_sizes, st.integers(0, 1000), st.booleans())
def test_any_statistic_against_brute_force(sizes: list[int], seed: int, ties: bool) -> None:
    """The product of the treated patients' values over the largest of them: neither a sum nor symmetric."""
    blocks, rng = blocks_of(sizes), np.random.default_rng(seed)
    values = rng.integers(1, 4, sum(sizes)) * 1.0 if ties else rng.uniform(1, 4, sum(sizes))

    def statistic(at: np.ndarray) -> np.ndarray:
        return values[at].prod(axis=1) / values[at].max(axis=1)

    every = statistic(every_choice(blocks))
    observed = statistic(blocks.starts[None, :])[0]
    alike = np.unique(values, return_inverse=True)[1]
    for kinds in (np.arange(len(values)), alike):
        for centre in (None, 2.0):
            middle = every.mean() if centre is None else centre
            expected = (np.abs(every - middle) >= abs(observed - middle) - SAME).mean()
            result = permutation_p(statistic, blocks, kinds, 1, centre)
            assert result.p_value == pytest.approx(expected, abs=SAME)
            assert result.arrangements == prod(sizes)


@given(set_sizes, st.integers(0, 1000))
def test_a_sum_of_integers_is_the_convolution(sizes: list[int], seed: int) -> None:
    blocks, scores = blocks_of(sizes), np.random.default_rng(seed).integers(-5, 6, sum(sizes))
    null = score_distribution(scores, blocks.starts, blocks.sizes)
    result = permuted_sum(scores * 0.125, blocks, 1)
    assert result.p_value == pytest.approx(null.far(int(scores[blocks.starts].sum()), null.mean), abs=SAME)
    generic = permutation_p(lambda at: scores[at].sum(axis=1) * 0.125, blocks, codes(scores[:, None]), 1, None)
    assert generic.p_value == pytest.approx(result.p_value, abs=SAME)


@given(set_sizes, st.integers(0, 1000), st.floats(1e-6, 1e6))
def test_unit_and_shift_do_not_matter(sizes: list[int], seed: int, unit: float) -> None:
    blocks, scores = blocks_of(sizes), np.random.default_rng(seed).integers(-5, 6, sum(sizes)) * 1.0
    plain = permuted_sum(scores, blocks, 1)
    assert permuted_sum(scores * unit, blocks, 1).p_value == pytest.approx(plain.p_value, abs=SAME)
    assert permuted_sum(-scores + 3, blocks, 1).p_value == pytest.approx(plain.p_value, abs=SAME)


def test_all_alike_gives_one() -> None:
    blocks = even_sets(40, 3).blocks()
    result = permuted_sum(np.full(160, 0.1), blocks, 1)
    assert (result.p_value, result.exact, result.arrangements) == (1, True, 4**40)


def test_totals_of_several_scores_move_together() -> None:
    blocks = blocks_of([2, 3])
    scores = np.random.default_rng(1).normal(size=(5, 2))
    expected = scores[every_choice(blocks)].sum(axis=1)
    assert every_total(scores, blocks.starts, blocks.sizes) == pytest.approx(expected)
    drawn = drawn_totals(scores, blocks, 50, seed=3)
    assert {tuple(row) for row in drawn.round(9)} <= {tuple(row) for row in expected.round(9)}


def test_drawn_labels_stay_in_their_set_and_reach_everyone() -> None:
    sizes = np.array([2, 3, 4])
    starts = np.cumsum(sizes) - sizes
    drawn = draw_treated(starts, sizes, np.ones(3, int), 2000, np.random.default_rng(1))
    assert (drawn >= starts).all()
    assert (drawn < starts + sizes).all()
    assert sorted(np.unique(drawn)) == list(range(9))


def test_a_drawn_p_is_near_the_exact_one_and_repeats_with_its_seed() -> None:
    blocks, rng = even_sets(12, 3).blocks(), np.random.default_rng(3)
    scores = rng.integers(0, 50, 48)
    scores[blocks.starts] += 8
    null = score_distribution(scores, blocks.starts, blocks.sizes)
    exact = null.far(int(scores[blocks.starts].sum()), null.mean)
    drawn = permuted_sum(scores * 1.0, blocks, 7)
    assert (drawn.exact, drawn.arrangements) == (False, DRAWS)
    assert abs(drawn.p_value - exact) < 4 * drawn.standard_error
    assert drawn == permuted_sum(scores * 1.0, blocks, 7)
    assert drawn != permuted_sum(scores * 1.0, blocks, 8)
    assert "10,000 arrangements drawn with seed 7" in drawn.sentence


@given(set_sizes, st.integers(0, 1000), st.randoms(use_true_random=False))
def test_rows_and_sets_in_any_order_give_the_same_drawn_p(sizes: list[int], seed: int, shuffle) -> None:
    scores = np.random.default_rng(seed).integers(-3, 4, sum(sizes)) / 3
    blocks = blocks_of(sizes)
    pieces = [(scores[a : a + n], 0) for a, n in zip(blocks.starts, blocks.sizes, strict=True)]
    shuffle.shuffle(pieces)
    moved = []
    for piece, _ in pieces:
        controls = piece[1:].tolist()
        shuffle.shuffle(controls)
        moved += [piece[0], *controls]
    again = blocks_of([len(piece) for piece, _ in pieces])
    plain = permuted_sum(scores, blocks, 1, most=0)
    assert permuted_sum(np.array(moved), again, 1, most=0).p_value == plain.p_value


def test_codes_ignore_float_dust_and_keep_the_order() -> None:
    scores = np.array([[0.3, 5], [0.1 + 0.2, 5], [-0.0, 5], [0.0, 5], [0.3, 4]])
    assert codes(scores).tolist() == [2, 2, 0, 0, 1]


def test_fewer_draws_for_many_sets() -> None:
    draws = [draws_for(even_sets(n, 1).blocks()) for n in (0, 1, 200, 1024, 10**5)]
    assert draws == [DRAWS, DRAWS, DRAWS, 2048, FEWEST_DRAWS]


@settings(max_examples=10)
@given(st.integers(0, 1000))
def test_p_is_uniform_enough_under_no_effect(seed: int) -> None:
    """Over all arrangements of one data set the p-value is at most alpha with a chance of at most alpha."""
    blocks, scores = blocks_of([3, 3, 2, 4]), np.random.default_rng(seed).normal(size=12)
    every = scores[every_choice(blocks)].sum(axis=1)
    distance = np.abs(every - every.mean())
    p = (distance[None, :] >= distance[:, None] - SAME).mean(axis=1)
    assert permuted_sum(scores, blocks, 1).p_value == pytest.approx(p[0], abs=SAME)
    for alpha in (0.05, 0.2, 0.5):
        assert (p <= alpha).mean() <= alpha + SAME


def test_the_largest_enumeration() -> None:
    """10 sets of 1:3 have 2^20 arrangements; both ways through them give one p."""
    blocks, scores = even_sets(10, 3).blocks(), np.random.default_rng(1).normal(size=40)
    summed = permuted_sum(scores, blocks, 1)
    assert summed.arrangements == 1 << 20
    stepped = permutation_p(lambda at: scores.take(at).sum(axis=1), blocks, np.arange(40), 1, summed.centre)
    assert stepped.p_value == pytest.approx(summed.p_value, abs=SAME)


@pytest.mark.parametrize("chunk", [1, 40, 1 << 18])
def test_draws_shared_out_over_processors_are_those_of_one_stream(chunk: int, monkeypatch: pytest.MonkeyPatch) -> None:
    blocks, rng = blocks_of([2, 3, 4] * 5), np.random.default_rng(2)
    scores, alike = rng.normal(size=(len(blocks.row), 2)), np.arange(len(blocks.row))

    def drawn() -> tuple[np.ndarray, PermutationP]:
        generic = permutation_p(lambda at: scores[:, 0].take(at).max(axis=1), blocks, alike, 5, most=1)
        return drawn_totals(scores, blocks, 300, 5), generic

    totals, generic = drawn()
    monkeypatch.setattr(permutation, "CHUNK", chunk)
    monkeypatch.setattr(permutation, "SHARED_OUT", 1)
    shared_totals, shared_generic = drawn()
    np.testing.assert_array_equal(shared_totals, totals)
    assert shared_generic == generic


def test_kinds_beyond_counting_are_not_counted() -> None:
    assert Kinds.of(even_sets(5_000, 3).blocks(), np.arange(20_000), 1 << 20) is None
    assert Kinds.of(even_sets(5_000, 3).blocks(), np.zeros(20_000, int), 1 << 20).chances.tolist() == [1.0]


@given(st.lists(st.lists(st.sampled_from([0.0, -0.0, 1.0, 0.5, -2.0]), min_size=3, max_size=3), min_size=1, max_size=9))
def test_codes_number_the_distinct_rows_in_their_order(rows: list[list[float]]) -> None:
    distinct = sorted({tuple(value + 0.0 for value in row) for row in rows})
    assert codes(np.array(rows)).tolist() == [distinct.index(tuple(row)) for row in rows]
