"""Moves in proportion to the fitted odds, held against every arrangement of small sets."""

from itertools import combinations

import numpy as np
import pytest

from lib.inference.arrangements import Kinds
from lib.inference.attributable import attributable_events, attributable_uneven
from lib.inference.incidence import aalen_johansen
from lib.inference.laws import events_law, score_law
from lib.inference.multiplicity import max_t
from lib.inference.permutation import codes, draw_moves, permuted_sum
from lib.inference.ranks import align, aligned_rank, doubled_midranks, rank_sum_by_set
from lib.inference.sets import Blocks
from lib.inference.shift import hodges_lehmann_shift
from lib.inference.stratified import events_null, set_counts
from lib.inference.survival_permutation import logrank_in_sets, logrank_scores_by_set, lost_permuted
from lib.inference.tilted_moves import tilted_moves
from lib.inference.tilted_survival import TiltedTest, hazard_ratio_in_sets
from lib.inference.uneven import SetDraw, independent_sum
from lib.inference.uneven_imputations import UnevenImputations
from tests.inference.uneven import SHAPES, blocks_of, every_move, far_p, law_of, minlike_p, random_blocks, sums

SAME = 1e-9
cases = pytest.mark.parametrize("shape", SHAPES.values(), ids=list(SHAPES))
seeds = pytest.mark.parametrize("seed", range(6))


def test_two_of_three_by_hand() -> None:
    draw = SetDraw(np.log([1.0, 2.0, 3.0]), 2)  # pairs 2, 3, 6 of 11
    assert draw.inclusion == pytest.approx([5 / 11, 8 / 11, 9 / 11])
    assert draw.events(np.array([True, False, True])) == pytest.approx([0, 8 / 11, 3 / 11])
    assert draw.sums(np.array([0, 1, 5]))[0] == 1
    assert draw.sums(np.array([0, 1, 5]))[1] == pytest.approx([2 / 11, 0, 0, 0, 3 / 11, 6 / 11])
    assert draw.moments(np.array([0.0, 1, 5])) == pytest.approx((53 / 11, (2 + 75 + 216) / 11 - (53 / 11) ** 2))


def test_one_of_four_by_hand() -> None:
    blocks = blocks_of([(4, 1)], np.log([1.0, 2.0, 3.0, 4.0]))
    assert blocks.chance == pytest.approx([0.1, 0.2, 0.3, 0.4])
    hit = np.array([True, False, False, True])
    assert events_law(hit, blocks, set_counts(hit, blocks)).probability == pytest.approx([0.5, 0.5])


@cases
@seeds
def test_sums_and_events_are_those_of_every_arrangement(shape: list[tuple[int, int]], seed: int) -> None:
    rng = np.random.default_rng(seed)
    blocks = random_blocks(shape, rng)
    scores = rng.integers(0, 9, len(blocks.row))
    values, chance = sums(blocks, scores)
    law = score_law(scores, blocks)
    assert law.probability == pytest.approx([chance[values == v].sum() for v in law.support], abs=SAME)
    assert law.probability.sum() == pytest.approx(1)
    assert blocks.expected(scores).sum() == pytest.approx(values @ chance)
    assert blocks.variance(scores).sum() == pytest.approx(values**2 @ chance - (values @ chance) ** 2)
    hit = rng.random(len(scores)) < 0.4
    values, chance = sums(blocks, hit * 1.0)
    null = events_law(hit, blocks, set_counts(hit, blocks))
    assert null.probability == pytest.approx([chance[values == v].sum() for v in null.support], abs=SAME)
    observed = int(hit[blocks.treated].sum())
    assert null.minlike(observed) == pytest.approx(minlike_p(values, chance, observed))
    inclusion = np.zeros(len(scores))
    for treated, p in every_move(blocks):
        inclusion[list(treated)] += p
    assert blocks.chance == pytest.approx(inclusion, abs=SAME)


@cases
@seeds
def test_rank_and_log_rank_p_are_those_of_every_arrangement(shape: list[tuple[int, int]], seed: int) -> None:
    rng = np.random.default_rng(50 + seed)
    blocks = random_blocks(shape, rng)
    y = rng.integers(0, 6, len(blocks.row)).astype(float)
    ranks = doubled_midranks(align(y, blocks)) / 2
    p = far_p(*sums(blocks, ranks), ranks[blocks.treated].sum())
    assert aligned_rank(y, blocks).p_value == pytest.approx(p)
    assert permuted_sum(ranks, blocks, 1).p_value == pytest.approx(p)
    time, event = rng.integers(1, 7, len(y)).astype(float), rng.random(len(y)) < 0.7
    scores = logrank_scores_by_set(time, event, blocks)
    p = far_p(*sums(blocks, scores), scores[blocks.treated].sum())
    assert logrank_in_sets(time, event, blocks, 1).permuted.p_value == pytest.approx(p)


@cases
@seeds
def test_incidence_is_that_of_every_arrangement(shape: list[tuple[int, int]], seed: int) -> None:
    rng = np.random.default_rng(90 + seed)
    blocks = random_blocks(shape, rng)
    n = len(blocks.row)
    time, cause, weights = rng.integers(1, 9, n).astype(float), rng.integers(0, 3, n), np.ones(n)
    found = lost_permuted(time, cause, weights, 9.0, blocks, 1)

    def area(treated: tuple[int, ...]) -> float:
        return lost(list(treated)) - lost([i for i in range(n) if i not in treated])

    def lost(rows: list[int]) -> float:
        curves = aalen_johansen(time[rows], cause[rows], weights[rows], 2)
        return float(curves.incidence[:, 0] @ np.diff(curves.times, append=9.0))

    values, chance = law_of(blocks, area)
    assert found.centre == pytest.approx(values @ chance)
    assert found.p_value == pytest.approx(far_p(values, chance, found.observed))


def worst_by_brute_force(hit: np.ndarray, blocks: Blocks, step: int) -> list[float]:
    places = np.flatnonzero(blocks.treated & (hit == (step < 0)))
    worst = []
    for x in range(len(places) + 1):
        p = []
        for way in combinations(places.tolist(), x):
            made = hit.copy()
            made[list(way)] = step > 0
            p.append(minlike_p(*sums(blocks, made * 1.0), made[blocks.treated].sum()))
        worst.append(max(p))
    return worst


@cases
@seeds
def test_attributable_events_are_those_of_every_imputation(shape: list[tuple[int, int]], seed: int) -> None:
    rng = np.random.default_rng(10 + seed)
    blocks = random_blocks(shape, rng)
    hit = rng.random(len(blocks.row)) < rng.choice([0.2, 0.5, 0.8])
    below, above = worst_by_brute_force(hit, blocks, 1), worst_by_brute_force(hit, blocks, -1)
    for step, wanted in ((1, below), (-1, above)):
        made = UnevenImputations(hit, blocks, step)
        assert made.of_all() == pytest.approx(np.array(wanted))
        for changes, p in enumerate(wanted):
            assert made.worst(changes) <= p + SAME
    counts = set_counts(hit, blocks)
    found = attributable_uneven(hit, blocks, counts, events_law(hit, blocks, counts))
    kept = [-x for x, p in enumerate(below) if p > 0.05] + [x for x, p in enumerate(above) if p > 0.05]
    assert (found.low, found.high, found.exact) == (min(kept), max(kept), True)


def test_candidates_are_nearly_always_the_worst() -> None:
    rng, missed, looked = np.random.default_rng(4), 0, 0
    for _ in range(12):
        blocks = random_blocks([(4, 1)] * 9, rng)
        hit = rng.random(36) < 0.3
        made = UnevenImputations(hit, blocks, 1)
        every = made.of_all()
        found = np.array([made.worst(x) for x in range(made.changes + 1)])
        assert (found <= every + SAME).all()
        missed, looked = missed + int(((found <= 0.05) != (every <= 0.05)).sum()), looked + len(every)
    assert missed <= looked / 50


@pytest.mark.parametrize("controls", [1, 3])
def test_the_interval_of_events_holds_none_if_and_only_if_p_is_above_5_percent(controls: int) -> None:
    rng, sides = np.random.default_rng(controls), set()
    for _ in range(60):
        blocks = random_blocks([(controls + 1, 1)] * 9, rng)
        hit = rng.random(len(blocks.row)) < np.where(blocks.treated, rng.choice([0.1, 0.9]), 0.4)
        counts = set_counts(hit, blocks)
        null = events_law(hit, blocks, counts)
        p = null.minlike(int(counts.a.sum()))
        found = attributable_uneven(hit, blocks, counts, null)
        assert (found.low <= 0 <= found.high) == (p > 0.05)
        sides.add(p > 0.05)
    assert sides == {True, False}


@cases
@seeds
def test_the_shift_interval_is_made_of_the_same_p(shape: list[tuple[int, int]], seed: int) -> None:
    rng = np.random.default_rng(30 + seed)
    blocks = random_blocks(shape * 2, rng)
    y = np.round(rng.normal(size=len(blocks.row)) + rng.choice([0, 2.5]) * blocks.treated, 2)
    found = hodges_lehmann_shift(y, blocks)
    for limit, outwards in ((found.low, -1), (found.high, 1)):
        if np.isfinite(limit):
            inside, outside = (y - (limit + side * 1e-6) * blocks.treated for side in (-outwards, outwards))
            assert aligned_rank(outside, blocks).p_value <= 0.05
            assert max(aligned_rank(one, blocks).p_value for one in (inside, y - limit * blocks.treated)) > 0.05
    gaps = []
    for side in (-1, 1):
        ranks = doubled_midranks(align(y - (found.estimate + side * 1e-6) * blocks.treated, blocks))
        gaps.append(ranks[blocks.treated].sum() - blocks.expected(ranks).sum())
    assert gaps[0] >= -1e-6 >= gaps[1] - 2e-6 or len({n for n, _ in shape}) > 1  # sets of unequal size: may wobble


def tilted_by_brute_force(
    time: np.ndarray, event: np.ndarray, blocks: Blocks, log_ratio: float
) -> tuple[np.ndarray, np.ndarray, float]:
    """Chance and centred score of every arrangement: at each event time the treated among the events are a draw by the
    odds of those at risk, tilted by the ratio."""
    odds = np.exp(blocks.log_odds)

    def met(treated: tuple[int, ...]) -> tuple[float, float]:
        weight, score = 1.0, 0.0
        for start, size in zip(blocks.starts.tolist(), blocks.sizes.tolist(), strict=True):
            own = range(start, start + size)
            for t in sorted({time[i] for i in own if event[i]}):
                risk = [i for i in own if time[i] >= t]
                m = sum(i in treated for i in risk)
                hits = {i for i in risk if event[i] and time[i] == t}
                k = len(hits & set(treated))
                ways = [(len(hits & set(way)), np.prod(odds[list(way)])) for way in combinations(risk, m)]
                mean = sum(w * np.exp(log_ratio * d) for d, w in ways) / sum(w for _, w in ways)
                plain = sum(d * np.exp(log_ratio * d) for d, _ in ways) / sum(np.exp(log_ratio * d) for d, _ in ways)
                weight, score = weight * np.exp(log_ratio * k) / mean, score + k - plain
        return weight, score

    found = [(chance, *met(treated)) for treated, chance in every_move(blocks)]
    chance = np.array([p * weight for p, weight, _ in found])
    score = np.array([score for *_, score in found])
    return chance, score - chance @ score, score[0] - chance @ score


@pytest.mark.parametrize("shape", [[(4, 1), (3, 1)], [(3, 2), (2, 1)], [(4, 2), (3, 1)]])
@pytest.mark.parametrize("log_ratio", [-1.0, 0.0, 0.7])
def test_tilted_moves_are_those_of_every_arrangement(shape: list[tuple[int, int]], log_ratio: float) -> None:
    rng = np.random.default_rng(3)
    for _ in range(4):
        blocks = random_blocks(shape, rng)
        time, event = rng.integers(1, 5, len(blocks.row)).astype(float), rng.random(len(blocks.row)) < 0.7
        chance, score, observed = tilted_by_brute_force(time, event, blocks, log_ratio)
        assert chance.sum() == pytest.approx(1)
        moves = tilted_moves(time, event, blocks)
        assert moves is not None
        test = TiltedTest(moves)
        assert test.observed(log_ratio) == pytest.approx(observed, abs=SAME)
        wanted = float(chance[np.abs(score) >= abs(observed) - SAME].sum())
        assert test.far(log_ratio) == pytest.approx(wanted)


@cases
def test_the_tilted_p_at_1_is_that_of_the_log_rank_test_and_the_interval_agrees(shape: list[tuple[int, int]]) -> None:
    rng, looked = np.random.default_rng(8), 0
    for _ in range(25):
        blocks = random_blocks(shape * 2, rng)
        time = rng.exponential(np.where(blocks.treated, rng.choice([0.1, 1, 8]), 1.0)).round(2) + 0.01
        event = rng.random(len(time)) < 0.9
        p = logrank_in_sets(time, event, blocks, 1).permuted.p_value
        moves = tilted_moves(time, event, blocks)
        assert moves is not None
        if TiltedTest(moves).summed:
            assert TiltedTest(moves).far(0.0) == pytest.approx(p)
        found = hazard_ratio_in_sets(time, event, blocks, p)
        assert (found.low <= 1 <= found.high) == (p > 0.05)
        looked += p <= 0.05
    assert looked


@cases
def test_equal_odds_are_equal_chances_to_the_last_digit(shape: list[tuple[int, int]]) -> None:
    plain = blocks_of(shape)
    made = plain.with_odds(np.repeat([0.3, -2.0, 5.0], [n for n, _ in shape]))
    assert made.log_odds is None
    assert plain.with_odds(None).log_odds is None


@cases
@seeds
def test_nearly_equal_odds_go_the_uneven_way_to_the_same_numbers(shape: list[tuple[int, int]], seed: int) -> None:
    """The general code, not the short cut."""
    rng, plain = np.random.default_rng(70 + seed), blocks_of(shape * 2)
    n = len(plain.row)
    made = blocks_of(shape * 2, np.repeat(rng.normal(size=6), plain.sizes) + 1e-13 * np.arange(n))
    y, hit = rng.normal(size=n).round(1), rng.random(n) < 0.4
    time, event = rng.integers(1, 6, n).astype(float), rng.random(n) < 0.7
    counts = set_counts(hit, plain)
    for found in ("p_value", "expected", "sd"):
        assert getattr(aligned_rank(y, made), found) == pytest.approx(getattr(aligned_rank(y, plain), found), abs=1e-8)
    ranks = doubled_midranks(align(y, plain))
    assert rank_sum_by_set(ranks, made, False).p_value == pytest.approx(rank_sum_by_set(ranks, plain, False).p_value)
    null = events_law(hit, made, counts)
    assert null.probability == pytest.approx(events_null(counts).probability, abs=SAME)
    old, new = attributable_events(counts, events_null(counts)), attributable_uneven(hit, made, counts, null)
    assert (new.low, new.high, new.estimate) == (old.low, old.high, pytest.approx(old.estimate))
    old, new = hodges_lehmann_shift(y, plain), hodges_lehmann_shift(y, made)
    assert (new.estimate, new.low, new.high) == pytest.approx((old.estimate, old.low, old.high))
    old, new = (logrank_in_sets(time, event, b, 1) for b in (plain, made))
    assert (new.chi_square, new.permuted.p_value) == pytest.approx((old.chi_square, old.permuted.p_value), nan_ok=True)
    old, new = (hazard_ratio_in_sets(time, event, b, 1.0) for b in (plain, made))
    if hasattr(old, "low"):
        assert (new.estimate, new.low, new.high) == pytest.approx((old.estimate, old.low, old.high), rel=1e-5)
    else:
        assert new == old


@pytest.mark.parametrize("shape", SHAPES.values(), ids=list(SHAPES))
def test_drawn_moves_have_these_chances(shape: list[tuple[int, int]]) -> None:
    blocks, draws = random_blocks(shape, np.random.default_rng(2)), 20_000
    drawn = draw_moves(blocks, draws, np.random.default_rng(1))
    counted = {}
    for row in np.sort(drawn, axis=1).tolist():
        counted[tuple(row)] = counted.get(tuple(row), 0) + 1
    for treated, chance in every_move(blocks):
        share = counted.get(tuple(sorted(treated)), 0) / draws
        assert share == pytest.approx(chance, abs=5 * np.sqrt(chance / draws) + 1e-4)


@cases
def test_drawn_and_enumerated_p_agree(shape: list[tuple[int, int]]) -> None:
    rng = np.random.default_rng(12)
    blocks, y = random_blocks(shape, rng), rng.normal(size=sum(n for n, _ in shape))
    exact, drawn = permuted_sum(y, blocks, 1), permuted_sum(y, blocks, 1, most=0)
    assert not drawn.exact
    assert drawn.p_value == pytest.approx(exact.p_value, abs=5 * drawn.standard_error + 1e-3)


@cases
def test_alike_patients_share_their_chances(shape: list[tuple[int, int]]) -> None:
    rng = np.random.default_rng(6)
    blocks, scores = random_blocks(shape, rng), rng.integers(0, 2, sum(n for n, _ in shape)).astype(float)
    kinds = Kinds.of(blocks, codes(scores[:, None]), 1 << 20)
    assert kinds is not None
    assert [kinds.chance[s : s + n].sum() for s, n in zip(kinds.starts, kinds.sizes, strict=True)] == pytest.approx(
        [1.0] * blocks.n_sets
    )


@cases
def test_max_t_of_one_outcome_is_its_own_p(shape: list[tuple[int, int]]) -> None:
    rng = np.random.default_rng(21)
    blocks = random_blocks(shape * 2, rng)
    ranks = doubled_midranks(align(rng.normal(size=len(blocks.row)).round(1), blocks)).astype(float)
    found = max_t((ranks - ranks.mean())[:, None], blocks, 1)
    assert found.p_values[0] == pytest.approx(rank_sum_by_set(ranks.astype(int), blocks).p_value)


def test_many_independent_draws_are_summed_as_a_few_are() -> None:
    p = np.random.default_rng(1).random(101)
    one_by_one = np.ones(1)
    for chance in p:
        one_by_one = np.convolve(one_by_one, [1 - chance, chance])
    assert independent_sum(p) == pytest.approx(one_by_one, abs=1e-14)


def test_a_set_of_hundreds_far_apart_stays_a_law() -> None:
    log_odds = np.random.default_rng(5).normal(0, 6, 400)
    draw, other = SetDraw(log_odds, 150), SetDraw(log_odds + 300, 150)
    assert draw.inclusion.sum() == pytest.approx(150)
    assert draw.events(log_odds > 0) == pytest.approx(other.events(log_odds > 0))
    assert draw.events(log_odds > 0) @ np.arange(151) == pytest.approx(draw.inclusion[log_odds > 0].sum(), rel=1e-6)


@cases
@seeds
def test_max_t_is_that_of_every_arrangement(shape: list[tuple[int, int]], seed: int) -> None:
    rng = np.random.default_rng(100 + seed)
    blocks = random_blocks(shape, rng)
    scores = np.column_stack([rng.random(len(blocks.row)) < 0.4, rng.integers(0, 5, len(blocks.row))]).astype(float)
    laws = [sums(blocks, column) for column in scores.T]
    chance = laws[0][1]
    away = np.array([np.abs(values - values @ chance) for values, _ in laws])
    sd = np.sqrt((away**2 @ chance)[:, None])
    away = away / np.where(sd > 0, sd, 1)
    observed = away[:, 0]  # the first arrangement is that which happened
    wanted = [float(chance[away.max(axis=0) >= z - SAME].sum()) for z in observed]
    assert max_t(scores, blocks, 1).p_values == pytest.approx(np.array(wanted))


@cases
def test_a_statistic_that_lacks_patients_keeps_the_law_of_those_it_knows(shape: list[tuple[int, int]]) -> None:
    rng = np.random.default_rng(41)
    blocks = random_blocks(shape, rng)
    scores = rng.integers(0, 4, (len(blocks.row), 2)).astype(float)
    scores[blocks.starts[0] + blocks.sizes[0] - 1, 0] = np.nan  # a control
    known = ~np.isnan(scores[:, 0])
    own = blocks.of_known(known) if blocks.n_controls_of[0] > 1 else None
    if own is None:
        scores[blocks.starts[0] : blocks.starts[0] + blocks.sizes[0], 0] = np.nan
        known = ~np.isnan(scores[:, 0])
        own = blocks.of_known(known)
    values, chance = sums(own, scores[known, 0])
    away = np.abs(values - values @ chance) / np.sqrt(values**2 @ chance - (values @ chance) ** 2)
    found = max_t(np.column_stack([scores[:, 0], np.where(known, scores[:, 0], 0.0) * 0]), blocks, 1)
    assert found.p_values[0] == pytest.approx(float(chance[away >= away[0] - SAME].sum()), abs=0.03)
