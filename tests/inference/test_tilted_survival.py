"""The hazard ratio by set: chances by hand, p by enumeration, and an interval that agrees with p."""

from itertools import combinations, product
from math import comb

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.inference import tilted_moves as moves_module
from lib.inference import tilted_survival
from lib.inference.inversion import ALPHA
from lib.inference.sets import Blocks
from lib.inference.survival_permutation import logrank_in_sets
from lib.inference.tilted_moves import tilted_moves
from lib.inference.tilted_survival import NO_COMMON_RISK, TOO_MANY, RatioBySet, TiltedTest, hazard_ratio_in_sets
from tests.inference.builders import even_sets
from tests.inference.several import blocks_of, shapes

SAMPLE = [[(60, 0), (26, 1), (60, 0), (60, 0)], [(60, 0), (60, 0), (13, 1), (60, 0)], [(60, 0)] * 4]
SAMPLE += [[(60, 0), (11, 1), (60, 0), (60, 0)], [(60, 0), (14, 1), (38, 1), (60, 0)]]
SAMPLE += [[(60, 0), (19, 1), (60, 0), (60, 0)], [(60, 0)] * 4, [(60, 0), (60, 0), (60, 0), (29, 1)]]


def followed(sets: list[list[tuple[int, int]]]) -> tuple[np.ndarray, np.ndarray, Blocks]:
    """Sets as lists of (time, event), the treated patient first."""
    rows = np.array([row for one in sets for row in one], dtype=float)
    return rows[:, 0], rows[:, 1] == 1, blocks_of([(1, len(one) - 1) for one in sets])


def drawn(seed: int, blocks: Blocks) -> tuple[np.ndarray, np.ndarray]:
    rng, m = np.random.default_rng(seed), len(blocks.row)
    return rng.integers(1, 8, m) * 1.0, rng.random(m) < 0.6


def ratio_by_set(time: np.ndarray, event: np.ndarray, blocks: Blocks) -> tuple[float, RatioBySet]:
    p = logrank_in_sets(time, event, blocks, 1).permuted.p_value
    return p, hazard_ratio_in_sets(time, event, blocks, p)


def chance_by_enumeration(time: np.ndarray, event: np.ndarray, chosen: tuple[int, ...], ratio: float) -> float:
    """The chance that `chosen` are the treated of one set: at each time every choice of as many of those at risk is
    looked at, weighted by ratio^(its events), then the lost are drawn with equal chances."""
    chance, left = 1.0, set(range(len(time)))
    for t in np.unique(time):
        dead = {i for i in left if time[i] == t and event[i]}
        lost = {i for i in left if time[i] == t and not event[i]}
        mine = set(chosen) & left
        weight = {one: ratio ** len(dead & set(one)) for one in combinations(sorted(left), len(mine))}
        same = sum(w for one, w in weight.items() if set(one) & dead == mine & dead)
        chance *= same / sum(weight.values())
        left -= dead
        after = left - lost
        chance *= comb(len(after), len(mine & after)) / comb(len(left), len(mine & left))
        left = after
    return chance


def test_chances_and_scores_of_four_patients_by_hand() -> None:
    """Event at 1 (A), lost at 2 (B), events at 3 (C) and later (D); A was treated, the ratio is 2.

    A: 2/(2 + 3); then 3/5 x (B: 1/3; not lost 2/3 x (C: 2/(2 + 1); D: 1/(2 + 1))), and D meets its event alone.
    """
    moves = tilted_moves(np.array([1.0, 2.0, 3.0, 4.0]), np.array([True, False, True, True]), blocks_of([(1, 3)]))
    chance, score = moves.at(np.log(2.0))
    assert chance.tolist() == pytest.approx([2 / 5, 1 / 5, 4 / 15, 2 / 15])
    assert score.tolist() == pytest.approx([3 / 5, -2 / 5, 1 - 2 / 5 - 2 / 3, 1 - 2 / 5 - 2 / 3 - 1])
    assert moves.actual.tolist() == [0]


@given(shapes, st.integers(0, 10_000), st.sampled_from([0.2, 1.0, 3.0]))
def test_p_against_enumeration(shapes: list, seed: int, ratio: float) -> None:
    """Sets of any shape: chances, p in both tails and beyond, and at a ratio of 1 the permuted log-rank by set."""
    blocks = blocks_of(shapes)
    time, event = drawn(seed, blocks)
    ways = []
    for start, size, m in zip(blocks.starts, blocks.sizes, blocks.n_treated_of, strict=True):
        run = slice(start, start + size)
        chosen = list(combinations(range(size), m))
        logs = [[_log(time[run], event[run], one, r) for one in chosen] for r in (ratio * 0.9999, ratio * 1.0001)]
        chances = [chance_by_enumeration(time[run], event[run], one, ratio) for one in chosen]
        assert sum(chances) == pytest.approx(1)
        slopes = (np.array(logs[1]) - logs[0]) / np.log(1.0001 / 0.9999)
        ways.append(list(zip(chances, slopes, strict=True)))
    totals = [(np.prod([c for c, _ in one]), sum(s for _, s in one)) for one in product(*ways)]
    chances, scores = np.array(totals).T
    found, test = scores[0], TiltedTest(tilted_moves(time, event, blocks))
    assert test.observed(np.log(ratio)) == pytest.approx(found, abs=1e-6)
    assert test.far(np.log(ratio)) == pytest.approx(chances[np.abs(scores) >= abs(found) - 1e-6].sum(), abs=1e-9)
    assert test.below(np.log(ratio)) == pytest.approx(chances[scores <= found + 1e-6].sum(), abs=1e-9)
    assert test.above(np.log(ratio)) == pytest.approx(chances[scores >= found - 1e-6].sum(), abs=1e-9)
    p = logrank_in_sets(time, event, blocks, 1).permuted
    assert p.exact and p.p_value == pytest.approx(test.far(0.0), abs=1e-9)


def _log(time: np.ndarray, event: np.ndarray, chosen: tuple[int, ...], ratio: float) -> float:
    return float(np.log(chance_by_enumeration(time, event, chosen, ratio)))


def test_the_sample_has_a_limit_of_1_95() -> None:
    """No treated death: the chance of none, a product over the deaths of the share at risk that is not treated, is 2.5%
    at the limit (statistics.md 2a)."""
    p, found = ratio_by_set(*followed(SAMPLE))
    assert p == pytest.approx(0.17822265625)
    assert (found.estimate, found.low) == (0.0, 0.0)
    assert (3 / (found.high + 3)) ** 6 * 2 / (found.high + 2) == pytest.approx(0.025)
    assert found.high == pytest.approx(1.9525, abs=1e-4)


def test_arms_turned_round_turn_the_ratio() -> None:
    """Pairs: exchanging the labels inverts estimate and limits, and no event of the controls gives a lower limit."""
    blocks = blocks_of([(1, 1)] * 8)
    time, event = drawn(4, blocks)
    turned = np.arange(16) ^ 1
    _, one = ratio_by_set(time, event, blocks)
    _, other = ratio_by_set(time[turned], event[turned], blocks)
    assert (1 / other.estimate, 1 / other.high, 1 / other.low) == pytest.approx((one.estimate, one.low, one.high))
    event[1::2] = False
    _, infinite = ratio_by_set(time, event, blocks)
    assert infinite.estimate == infinite.high == np.inf and 0 < infinite.low < np.inf


@pytest.mark.parametrize("n_sets", [2, 3, 5, 8])
def test_interval_and_p_agree(n_sets: int) -> None:
    """Random small studies: the interval holds 1 exactly when p is above 5%, and the estimate always."""
    rng = np.random.default_rng(n_sets)
    for seed in range(150):
        blocks = blocks_of([(1, int(rng.integers(1, 5))) for _ in range(n_sets)])
        time, event = drawn(seed, blocks)
        if seed % 3 == 0:
            event &= ~blocks.treated
        p, found = ratio_by_set(time, event, blocks)
        if isinstance(found, RatioBySet):
            assert (found.low <= 1 <= found.high) == (p > ALPHA), seed
            assert found.low <= found.estimate <= found.high, seed


def test_units_and_order_do_not_matter() -> None:
    time, event, blocks = followed(SAMPLE)
    event[::4] = [True, False, False, False, True, False, False, False]
    time[::4] = [20, 60, 60, 60, 15, 60, 60, 60]
    _, days = ratio_by_set(time, event, blocks)
    _, months = ratio_by_set(time / 30.4375, event, blocks)
    assert days == months
    order = np.concatenate([[s, s + 3, s + 1, s + 2] for s in blocks.starts])
    assert ratio_by_set(time[order], event[order], blocks)[1].high == pytest.approx(days.high)


def test_many_sets_on_a_grid_and_by_normal_approximation(monkeypatch) -> None:
    """The three ways of adding up the sets give nearly the same p and limits."""
    blocks = even_sets(8, 3).blocks()
    time, event = drawn(11, blocks)
    p, exact = ratio_by_set(time, event, blocks)
    assert exact.exact
    monkeypatch.setattr(tilted_survival, "MOST_TOTALS", 1)
    _, grid = ratio_by_set(time, event, blocks)
    assert "grid" in grid.how and not grid.exact
    assert np.log([grid.low, grid.high]) == pytest.approx(np.log([exact.low, exact.high]), abs=0.02)
    monkeypatch.setattr(tilted_survival, "GRID_SETS", 1)
    _, normal = ratio_by_set(time, event, blocks)
    assert "normal" in normal.how
    assert np.log([normal.low, normal.high]) == pytest.approx(np.log([exact.low, exact.high]), abs=0.3)
    test = TiltedTest(tilted_moves(time, event, blocks))
    assert test.above(0.3) + test.below(0.3) == pytest.approx(1)


def test_what_cannot_speak_has_no_ratio(monkeypatch) -> None:
    """No event; events only after one arm has gone; too many ways."""
    blocks = even_sets(3, 2).blocks()
    nobody = np.zeros(9, dtype=bool)
    assert ratio_by_set(np.arange(9.0), nobody, blocks)[1] == NO_COMMON_RISK
    late = np.tile([1.0, 2.0, 3.0], 3)
    assert ratio_by_set(late, np.tile([False, True, True], 3), blocks)[1] == NO_COMMON_RISK
    time, event = drawn(2, blocks)
    monkeypatch.setattr(moves_module, "MOST_CELLS", 1)
    assert hazard_ratio_in_sets(time, event, blocks, 1.0) == TOO_MANY
    monkeypatch.setattr(moves_module, "MOST_WAYS", 1)
    assert hazard_ratio_in_sets(time, event, blocks, 1.0) == TOO_MANY


def test_drawn_where_the_scores_are_no_small_whole_numbers(monkeypatch) -> None:
    blocks = even_sets(9, 3).blocks()
    time, event = drawn(3, blocks)
    exact = logrank_in_sets(time, event, blocks, 1)
    monkeypatch.setattr("lib.inference.survival_permutation.LARGEST_SCALE", 0)
    for most, near in ((1 << 30, 1e-9), (1, 0.02)):
        other = logrank_in_sets(time, event, blocks, 1, most)
        assert other.chi_square == pytest.approx(exact.chi_square)
        assert other.permuted.p_value == pytest.approx(exact.permuted.p_value, abs=near)
        assert other.permuted.exact == (most > 1)
