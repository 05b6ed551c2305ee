"""Dealing the labels by lot: by hand, against every deal written out, and what must hold of any limit."""

from itertools import combinations, permutations, product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.balance import balance_table, moves
from lib.balance.moves import Deals, deals_among_all, deals_in_sets, tail
from lib.inference.sets import Blocks
from lib.words import glossary
from tests.builders import comparison_of, make_cohort


def blocks_of(sizes: list[int], n_treated: list[int]) -> Blocks:
    n = sum(sizes)
    return Blocks(np.arange(n), np.array(sizes), np.array(n_treated), np.arange(len(sizes)))


def test_two_pairs_by_hand() -> None:
    """3 v 1 and 2 v 5: the differences are +-2 and +-3 over 2; the SD is sqrt(4 + 9)/2, today's difference -1/2."""
    deals = deals_in_sets(np.array([[3.0], [1.0], [2.0], [5.0]]), blocks_of([2, 2], [1, 1]))
    sd = np.sqrt(13) / 2
    assert deals.sd.tolist() == pytest.approx([sd])
    assert deals.observed.tolist() == pytest.approx([-0.5 / sd])
    reference = deals.reference(1)
    assert (reference.how, deals.rank) == ("every", 1)
    assert sorted(reference.worst) == pytest.approx([0.5 / sd, 0.5 / sd, 2.5 / sd, 2.5 / sd])
    assert tail(reference.worst, reference.chance, 0.5 / sd) == 1
    assert tail(reference.worst, reference.chance, 2.5 / sd) == pytest.approx(0.5)
    assert reference.limit(0.05) == pytest.approx(2.5 / sd)
    assert reference.limit(0.5) == pytest.approx(0.5 / sd)
    assert not reference.telling(0.05) and reference.telling(0.5)


def test_one_set_of_twenty_may_tell() -> None:
    """The farthest of 20 patients is the treated one with a chance of exactly 5%."""
    x = np.arange(20.0)[:, None] ** 2
    for treated, beyond in ((19, True), (18, False)):
        order = np.r_[treated, np.delete(np.arange(20), treated)]
        deals = deals_in_sets(x[order], blocks_of([20], [1]))
        reference, size = deals.reference(1), abs(deals.observed[0])
        assert (size > reference.limit(0.05)) == beyond
        assert tail(reference.worst, reference.chance, size) == pytest.approx(0.05 if beyond else 0.1)
    assert not deals_in_sets(x[:19], blocks_of([19], [1])).reference(1).telling(0.05)


def every_deal(x: np.ndarray, sizes: list[int], n_treated: list[int]) -> np.ndarray:
    """float (A, k): the weighted difference in means of every deal, from the balance table of that deal."""
    starts = np.cumsum(sizes) - sizes
    ways = [
        [start + np.array(c) for c in combinations(range(n), m)]
        for start, n, m in zip(starts, sizes, n_treated, strict=True)
    ]
    found = []
    for chosen in product(*ways):
        treated = np.isin(np.arange(len(x)), np.concatenate(chosen))
        cohort = make_cohort(pd.DataFrame(x, columns=[f"x{j}" for j in range(x.shape[1])]), treated)
        sets = np.repeat(np.arange(len(sizes)), sizes)
        order = np.lexsort((~treated, sets))
        rows = balance_table(cohort, comparison_of(np.column_stack([order, sets[order]]), treated)).rows
        found.append((rows["mean_treated_after"] - rows["mean_control_after"]).to_numpy())
    return np.array(found)


@pytest.mark.parametrize(
    ("sizes", "n_treated"),
    [([4, 3, 2], [1, 1, 1]), ([4, 4], [2, 1]), ([5, 3], [3, 2]), ([6], [2]), ([2, 2, 3, 2], [1, 1, 2, 1])],
)
def test_against_every_deal_written_out(sizes: list[int], n_treated: list[int]) -> None:
    """SDs, differences, the largest of them, d2 from the covariance matrix, p and limit."""
    rng = np.random.default_rng(sum(sizes))
    x = np.column_stack([rng.lognormal(size=sum(sizes)), rng.integers(0, 3, sum(sizes))])
    wanted = every_deal(x, sizes, n_treated)  # the first is that of the data: in each set the treated come first
    deals = deals_in_sets(x, blocks_of(sizes, n_treated))
    assert deals.sd == pytest.approx(wanted.std(axis=0))
    assert deals.observed == pytest.approx(wanted[0] / wanted.std(axis=0))
    largest = np.abs(wanted / wanted.std(axis=0)).max(axis=1)
    together = np.einsum("ai,ij,aj->a", wanted, np.linalg.pinv(np.cov(wanted.T, bias=True)), wanted)
    reference = deals.reference(1)
    for found, size in ((reference.worst, largest), (reference.together, together)):
        assert tail(found, reference.chance, size[0]) == pytest.approx((size >= size[0] - 1e-9).mean())
        assert found.max() == pytest.approx(size.max())
        assert (found * reference.chance).sum() == pytest.approx(size.mean())
    limit = reference.limit(0.05)
    assert (largest > limit + 1e-7).mean() <= 0.05
    assert (largest >= limit - 1e-6).mean() > 0.05


def test_dealing_among_all_against_every_deal() -> None:
    """Five patients with weights: 120 deals of label and weight."""
    x, shares = np.array([[1.0, 0], [4, 1], [2, 0], [7, 0], [3, 1]]), np.array([0.3, 0.7, -0.2, -0.5, -0.3])
    every = np.array([shares[list(order)] @ x for order in permutations(range(5))])
    deals = deals_among_all(x, shares)
    assert deals.sd == pytest.approx(every.std(axis=0))
    assert deals.observed == pytest.approx(shares @ x / every.std(axis=0))
    reference = deals.reference(3)
    assert reference.how == "drawn"
    largest = np.abs(every / every.std(axis=0)).max(axis=1)
    for size in np.quantile(largest, [0.3, 0.6, 0.9]):
        share = (largest >= size - 1e-9).mean()
        assert tail(reference.worst, reference.chance, size) == pytest.approx(share, abs=0.02)
    assert np.corrcoef(every.T)[0, 1] == pytest.approx((deals.factor.T @ deals.factor)[0, 1])


def three_ways(monkeypatch: pytest.MonkeyPatch, deals: Deals) -> dict[str, moves.Reference]:
    found = {"every": deals.reference(1)}
    monkeypatch.setattr(moves, "EVERY", 0)
    found["drawn"] = deals.reference(1)
    monkeypatch.setattr(moves, "WORK", 0)
    found["normal"] = deals.reference(1)
    assert [one.how for one in found.values()] == ["every", "drawn", "normal"]
    return found


@pytest.mark.parametrize(("sizes", "n_treated"), [([4] * 8, [1] * 8), ([6, 5, 7], [2, 3, 3])])
def test_drawn_deals_agree_with_all_of_them(
    sizes: list[int], n_treated: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    x = np.random.default_rng(5).lognormal(size=(sum(sizes), 3))
    found = three_ways(monkeypatch, deals_in_sets(x, blocks_of(sizes, n_treated)))
    for size in (1.0, 1.5, 2.0):
        exact = tail(found["every"].worst, found["every"].chance, size)
        assert tail(found["drawn"].worst, found["drawn"].chance, size) == pytest.approx(exact, abs=0.02)
    assert (found["every"].together * found["every"].chance).sum() == pytest.approx(3)
    assert found["normal"].together.mean() == pytest.approx(3, abs=0.1)
    assert found["normal"].limit(0.05) == pytest.approx(2.39, abs=0.05), "the largest of three normal numbers"


def test_many_sets_are_normal(monkeypatch: pytest.MonkeyPatch) -> None:
    x = np.random.default_rng(2).normal(size=(900, 2)) @ np.array([[1.0, 0.8], [0.0, 0.6]])
    deals = deals_in_sets(x, blocks_of([3] * 300, [1] * 300))
    limits = [deals.reference(1).limit(0.05)]
    monkeypatch.setattr(moves, "WORK", 0)
    limits.append(deals.reference(1).limit(0.05))
    assert limits[1] == pytest.approx(limits[0], abs=0.05)


small_sets = st.lists(st.tuples(st.integers(2, 4), st.integers(1, 3)), min_size=1, max_size=5)


@settings(max_examples=60, deadline=None)
@given(small_sets, st.integers(0, 2**20), st.booleans())
def test_beyond_the_limit_exactly_when_p_is_at_most_alpha(shapes: list[tuple[int, int]], seed: int, ties: bool) -> None:
    """And no more than alpha of all deals are beyond: the level, whatever the data."""
    sizes, n_treated = [n for n, _ in shapes], [min(m, n - 1) for n, m in shapes]
    rng = np.random.default_rng(seed)
    x = rng.lognormal(size=(sum(sizes), 2)) if not ties else rng.integers(0, 3, (sum(sizes), 2)) * 0.1
    deals = deals_in_sets(x, blocks_of(sizes, n_treated))
    reference, size = deals.reference(1), np.abs(deals.observed).max()
    for alpha in (0.05, 0.2, 0.5):
        limit = reference.limit(alpha)
        assert (size > limit) == (tail(reference.worst, reference.chance, size) <= alpha * (1 + 1e-9))
        assert reference.chance[reference.worst > limit].sum() <= alpha * (1 + 1e-9)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**20), st.sampled_from([10.0, 1e-6, -3.0]), st.sampled_from(["every", "drawn"]))
def test_units_and_the_order_of_patients_change_nothing(seed: int, scale: float, how: str) -> None:
    rng = np.random.default_rng(seed)
    n_sets = 4 if how == "every" else 30
    x, blocks = rng.normal(size=(4 * n_sets, 2)), blocks_of([4] * n_sets, [1] * n_sets)
    sets = rng.permutation(n_sets)
    order = np.concatenate([4 * s + np.r_[0, 1 + rng.permutation(3)] for s in sets])
    one, two = (deals_in_sets(values, blocks) for values in (x, x[order] * np.array([abs(scale), 1.0])))
    first, second = one.reference(7), two.reference(7)
    assert first.how == second.how == how
    assert first.limit(0.05) == pytest.approx(second.limit(0.05))
    size = np.abs(one.observed).max()
    assert size == pytest.approx(np.abs(two.observed).max())
    assert tail(first.worst, first.chance, size) == pytest.approx(tail(second.worst, second.chance, size))
    turned = deals_in_sets(x * np.array([scale, 1.0]), blocks)
    assert np.abs(turned.observed) == pytest.approx(np.abs(one.observed))


def test_what_never_varies_inside_a_set_has_no_difference_and_costs_nothing() -> None:
    """Float dust of a set's mean is no spread; the other row keeps its limit."""
    x = np.array([[0.1, 1.0], [0.1, 4.0], [0.1, 2.0], [0.3, 5.0], [0.3, 9.0], [0.3, 3.0]])
    deals = deals_in_sets(x, blocks_of([3, 3], [1, 1]))
    assert (deals.sd[0], deals.observed[0], deals.rank) == (0, 0, 1)
    alone = deals_in_sets(x[:, 1:], blocks_of([3, 3], [1, 1]))
    assert deals.reference(1).limit(0.05) == pytest.approx(alone.reference(1).limit(0.05))
    nothing = deals_in_sets(x[:, :1], blocks_of([3, 3], [1, 1]))
    reference = nothing.reference(1)
    assert (nothing.rank, reference.limit(0.05), reference.telling(0.05)) == (0, 0, False)


def test_sets_in_which_nobody_varies_leave_few_deals() -> None:
    """Forty pairs, two of which differ: four deals, all looked at."""
    x = np.zeros((80, 1))
    x[[0, 2]] = [[1.0], [2.0]]
    reference = deals_in_sets(x, blocks_of([2] * 40, [1] * 40)).reference(1)
    assert (reference.how, len(reference.worst)) == ("every", 4)


def test_the_words_name_the_number_of_draws() -> None:
    assert f"else {moves.DRAWS:,})" in glossary.VERDICT


def test_rows_that_others_determine_do_not_count_twice_in_d2() -> None:
    x = np.random.default_rng(1).integers(0, 3, 12)
    levels = np.column_stack([x == level for level in range(3)]).astype(float)
    blocks = blocks_of([4, 4, 4], [1, 1, 1])
    all_levels, two = deals_in_sets(levels, blocks), deals_in_sets(levels[:, :2], blocks)
    assert all_levels.rank == two.rank == 2
    assert all_levels.together(all_levels.observed) == pytest.approx(two.together(two.observed))
