"""Matched sets with several treated: every test by set against plain enumeration of the label moves, and against R."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.inference import compare_outcomes
from lib.inference.arrangements import arrangements
from lib.inference.asymptotic import Z
from lib.inference.binary_tests import mcnemar_pairs
from lib.inference.conditional_logit import conditional_logit
from lib.inference.engine import events_distribution, score_distribution, score_work
from lib.inference.multiplicity import max_t, several_outcomes
from lib.inference.permutation import codes, draw_treated, permutation_p, permuted_sum
from lib.inference.ranks import align, aligned_rank, doubled_midranks, rank_sum_by_set, signed_rank, signed_rank_pairs
from lib.inference.set_means import signed_rank_set_means
from lib.inference.sets import Blocks
from lib.inference.shift import contrast, hodges_lehmann_shift
from lib.inference.stratified import (
    cmh,
    events_null,
    exact_odds_ratio,
    mantel_haenszel_odds_ratio,
    mantel_haenszel_risk_ratio,
    set_counts,
)
from lib.inference.survival_permutation import logrank_permuted, logrank_scores_by_set, rmst_permuted
from lib.sensitivity.quick_outcomes import quick_outcomes
from tests.conftest import reference
from tests.inference.builders import Sets, binary, cohort_of, continuous, sample_of, sets_of, survival
from tests.inference.several import blocks_of, every_arrangement, shapes, star_shapes

SAME = 1e-9  # two double-precision routes to one number
R_P = 1e-11  # relative; R prints 15 digits
R_ROOT = 1.3e-4  # uniroot's tolerance, 2^-13, for an odds ratio below 1 and for the inverse of one above
MONTE_CARLO = 4.5  # standard errors of a drawn p
NEAR = 1e-6  # left and right of a crossing

CASES = settings(max_examples=200)
seeds = st.integers(0, 10_000)


def events_of(blocks: Blocks, seed: int) -> np.ndarray:
    return (np.random.default_rng(seed).random(len(blocks.row)) < 0.45).astype(float)


def values_of(blocks: Blocks, seed: int, ties: bool) -> np.ndarray:
    values = np.random.default_rng(seed).normal(size=len(blocks.row)) * 3
    return np.round(values) if ties else values


def share_far(every: np.ndarray, observed: float, middle: float) -> float:
    slack = SAME * max(1.0, float(np.abs(every - middle).max()))
    return float((np.abs(every - middle) >= abs(observed - middle) - slack).mean())


def test_two_sets_by_hand() -> None:
    """Two treated of three with one event, and one of two with one: P(T = 0) = 1/3 x 1/2, P(T = 2) = 2/3 x 1/2."""
    null = events_distribution(np.array([1, 1]), np.array([3, 2]), np.array([2, 1]))
    assert null.probability == pytest.approx([1 / 6, 1 / 2, 1 / 3])
    assert null.low == 0


def test_blocks_put_the_treated_first() -> None:
    blocks = sets_of([2, 1, 1, 1, 2, 2, 3, 3, 4], [0, 0, 1, 1, 1, 0, 1, 1, 0]).blocks()
    assert blocks.labels.tolist() == [1, 2], "a set without a control, or without a treated patient, is left out"
    assert blocks.row.tolist() == [2, 3, 1, 4, 0, 5]
    assert blocks.treated.tolist() == [True, True, False, True, False, False]
    assert (blocks.n_sets, blocks.n_treated, blocks.n_controls, blocks.n_pairs) == (2, 3, 3, 4)
    assert [pairs.tolist() for pairs in blocks.pairs()] == [[2, 3, 4, 4], [1, 1, 0, 5]]
    assert (blocks.stars, blocks.one_treated) == (True, False)
    assert blocks.centre_at.tolist() == [2, 3]


@given(shapes)
def test_pairs_are_every_treated_with_every_control(some) -> None:
    blocks = blocks_of(some)
    pairs = list(zip(*blocks.pairs(), strict=True))
    expected = {
        (i, j)
        for i in blocks.treated_at
        for j in np.flatnonzero(~blocks.treated)
        if blocks.set_index[i] == blocks.set_index[j]
    }
    assert len(pairs) == len(expected) == blocks.n_pairs
    assert set(pairs) == expected


@given(shapes, seeds)
def test_mcnemar_counts_the_pairs(some, seed) -> None:
    blocks = blocks_of(some)
    event = events_of(blocks, seed)
    case, control = blocks.pairs()
    gap = event[case] - event[control]
    found = mcnemar_pairs(event, blocks)
    if np.abs(gap).sum():
        assert found.statistic == pytest.approx(gap.sum() ** 2 / np.abs(gap).sum())
    else:
        assert np.isnan(found.statistic)


@CASES
@given(shapes, seeds, st.sampled_from([1.0, 1.7, 4.0]))
def test_events_against_enumeration(some, seed, odds) -> None:
    """Odds that differ from 1 weigh an arrangement by odds ^ (its treated events)."""
    blocks = blocks_of(some)
    event = events_of(blocks, seed)
    counts = set_counts(event, blocks)
    for weights, scale in (((odds, 1.0), odds), ((1.0, odds), 1 / odds)):
        null = events_distribution(*(x.astype(int) for x in (counts.events, counts.n, counts.n1)), *weights)
        every = event[every_arrangement(blocks)].sum(axis=1)
        chance = scale**every
        expected = [chance[every == t].sum() / chance.sum() for t in null.support]
        assert null.probability == pytest.approx(expected, abs=SAME)


@CASES
@given(shapes, seeds, st.integers(1, 12))
def test_scores_against_enumeration(some, seed, top) -> None:
    blocks = blocks_of(some)
    scores = np.random.default_rng(seed).integers(-top, top + 1, len(blocks.row))
    null = score_distribution(scores, blocks.starts, blocks.sizes, blocks.n_treated_of)
    every = scores[every_arrangement(blocks)].sum(axis=1)
    assert (null.low, null.support[-1]) == (every.min(), every.max())
    assert null.probability == pytest.approx([(every == t).mean() for t in null.support], abs=SAME)
    assert score_work(scores, blocks.starts, blocks.sizes, blocks.n_treated_of) >= 0


def test_a_large_set_does_not_overflow() -> None:
    """4,000 patients, half treated: C(4000, 2000) is beyond a double, the chances are not."""
    blocks = blocks_of([(2_000, 2_000)])
    scores = (np.arange(4_000) % 3 == 0).astype(int)
    null = score_distribution(scores, blocks.starts, blocks.sizes, blocks.n_treated_of)
    same = events_distribution(np.array([scores.sum()]), np.array([4_000]), np.array([2_000]))
    assert null.probability == pytest.approx(same.probability, abs=SAME)


@CASES
@given(shapes, seeds, st.booleans())
def test_aligned_ranks_against_enumeration(some, seed, ties) -> None:
    blocks = blocks_of(some)
    values = values_of(blocks, seed, ties)
    ranks = doubled_midranks(align(values, blocks)) / 2
    every = ranks[every_arrangement(blocks)].sum(axis=1)
    found = aligned_rank(values, blocks)
    assert found.expected == pytest.approx(every.mean())
    assert found.sd == pytest.approx(every.std(), abs=SAME)
    assert found.p_value == pytest.approx(share_far(every, found.statistic, every.mean()), abs=SAME)


@CASES
@given(shapes, seeds, st.booleans())
def test_the_shift_is_what_the_rank_test_finds_nothing_left_of(some, seed, ties) -> None:
    blocks = blocks_of(some)
    values = values_of(blocks, seed, ties)

    def gap(delta: float) -> float:
        moved = values - delta * blocks.treated
        ranks = doubled_midranks(align(moved, blocks)) / 2
        result = aligned_rank(moved, blocks)
        assert float(contrast(blocks) @ ranks) == pytest.approx(result.statistic - result.expected, abs=SAME)
        return result.statistic - result.expected

    found = hodges_lehmann_shift(values, blocks)
    assert found.exact
    assert gap(found.estimate - NEAR) >= -SAME
    assert gap(found.estimate + NEAR) <= SAME
    for limit, outwards in ((found.low, -1), (found.high, 1)):
        if np.isfinite(limit):
            assert aligned_rank(values - (limit + outwards * NEAR) * blocks.treated, blocks).p_value <= 0.05


def test_many_sets_take_the_normal_limits() -> None:
    """Shift 1 in 150 sets of two treated and two controls, SD 1: found within four standard errors of 1/sqrt(150)."""
    blocks = blocks_of([(2, 2)] * 150)
    values = np.random.default_rng(3).normal(size=600) + blocks.treated
    found = hodges_lehmann_shift(values, blocks)
    assert not found.exact
    assert abs(found.estimate - 1) < 4 / np.sqrt(150)
    for limit, sign in ((found.low, 1), (found.high, -1)):
        test = rank_sum_by_set(doubled_midranks(align(values - limit * blocks.treated, blocks)), blocks, exact=False)
        assert (test.statistic - test.expected) / test.sd == pytest.approx(sign * Z, abs=0.02)  # one rank is 0.01 SD


@CASES
@given(shapes, seeds, st.booleans())
def test_any_statistic_against_enumeration(some, seed, ties) -> None:
    """The product of the treated patients' values over the largest of them: neither a sum nor symmetric."""
    blocks, rng = blocks_of(some), np.random.default_rng(seed)
    values = rng.integers(1, 4, len(blocks.row)) * 1.0 if ties else rng.uniform(1, 4, len(blocks.row))

    def statistic(at: np.ndarray) -> np.ndarray:
        return np.log(values[at]).sum(axis=1) - values[at].max(axis=1)

    every = statistic(every_arrangement(blocks))
    observed = statistic(blocks.treated_at[None, :])[0]
    for kinds in (np.arange(len(values)), codes(values[:, None])):
        found = permutation_p(statistic, blocks, kinds, 1, None)
        assert found.p_value == pytest.approx(share_far(every, observed, every.mean()), abs=SAME)
        assert found.arrangements == len(every) == arrangements(blocks)


@CASES
@given(shapes, seeds)
def test_a_sum_is_the_convolution_and_its_draws_come_near(some, seed) -> None:
    blocks = blocks_of(some)
    scores = np.random.default_rng(seed).integers(-5, 6, len(blocks.row))
    null = score_distribution(scores, blocks.starts, blocks.sizes, blocks.n_treated_of)
    exact = null.far(int(scores[blocks.treated].sum()), null.mean)
    assert permuted_sum(scores * 0.125, blocks, 1).p_value == pytest.approx(exact, abs=SAME)
    drawn = permuted_sum(scores * 0.125, blocks, 1, most=0)
    assert drawn.centre == pytest.approx(null.mean * 0.125, abs=SAME)
    assert abs(drawn.p_value - exact) <= MONTE_CARLO * drawn.standard_error + 1 / drawn.arrangements


@given(shapes)
def test_drawn_labels_are_as_many_and_reach_everyone(some) -> None:
    blocks = blocks_of(some)
    drawn = draw_treated(blocks.starts, blocks.sizes, blocks.n_treated_of, 400, np.random.default_rng(1))
    owner = blocks.set_index[drawn]
    assert (owner == np.repeat(np.arange(blocks.n_sets), blocks.n_treated_of)).all()
    assert all(len(set(row)) == len(row) for row in drawn.tolist())
    assert len(np.unique(drawn)) == len(blocks.row)


@given(shapes, seeds, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_no_drawn_p(some, seed, shuffle) -> None:
    blocks = blocks_of(some)
    scores = np.random.default_rng(seed).integers(-3, 4, len(blocks.row)) / 3
    order = list(range(blocks.n_sets))
    shuffle.shuffle(order)
    place = np.concatenate([np.arange(blocks.starts[s], blocks.starts[s] + blocks.sizes[s]) for s in order])
    moved = permuted_sum(scores[place], blocks_of([some[s] for s in order]), 1, most=0)
    assert moved.p_value == permuted_sum(scores, blocks, 1, most=0).p_value


@CASES
@given(star_shapes, seeds, st.booleans())
def test_set_means_against_enumeration(some, seed, ties) -> None:
    blocks = blocks_of(some)
    values = values_of(blocks, seed, ties)

    def statistic(treated: np.ndarray) -> float:
        label = np.zeros(len(values), dtype=bool)
        label[treated] = True
        mean1 = blocks.totals(values * label) / blocks.n_treated_of
        mean0 = blocks.totals(values * ~label) / blocks.n_controls_of
        d = np.round(mean1 - mean0, 9)
        d = d[d != 0]
        return float((np.sign(d) * doubled_midranks(np.abs(d))).sum() / 2) if len(d) else 0.0

    every = np.array([statistic(at) for at in every_arrangement(blocks)])
    found = signed_rank_set_means(values, blocks, 1)
    assert found.permuted.observed == pytest.approx(statistic(blocks.treated_at))
    expected = share_far(every, statistic(blocks.treated_at), float(every.mean()))
    assert found.permuted.p_value == pytest.approx(expected, abs=SAME)
    drawn = signed_rank_set_means(values, blocks, 1, most=0).permuted
    assert drawn.centre == pytest.approx(every.mean(), abs=SAME)
    assert abs(drawn.p_value - expected) <= MONTE_CARLO * drawn.standard_error + 1 / drawn.arrangements


def test_set_means_of_pairs_are_wilcoxon() -> None:
    blocks = blocks_of([(1, 1)] * 8)
    values = values_of(blocks, 4, False)
    case, control = blocks.pairs()
    found = signed_rank_set_means(values, blocks, 1)
    assert found.statistic == signed_rank(values[case] - values[control]).statistic


@CASES
@given(shapes, seeds)
def test_log_rank_against_enumeration(some, seed) -> None:
    blocks, rng = blocks_of(some), np.random.default_rng(seed)
    time, event = rng.integers(1, 6, len(blocks.row)) * 1.0, rng.random(len(blocks.row)) < 0.6

    def gap(treated: np.ndarray) -> float:
        """Observed minus expected events of the treated, time by time."""
        arm = np.zeros(len(time), dtype=bool)
        arm[treated] = True
        total = 0.0
        for t in np.unique(time[event]):
            at_risk, died = time >= t, event & (time == t)
            total += (died & arm).sum() - died.sum() * (at_risk & arm).sum() / at_risk.sum()
        return total

    every = np.array([gap(at) for at in every_arrangement(blocks)])
    found = logrank_permuted(time, event, blocks, 1)
    observed = gap(blocks.treated_at)
    assert found.permuted.p_value == pytest.approx(share_far(every, observed, float(every.mean())), abs=SAME)
    if every.std() > SAME:
        assert found.chi_square == pytest.approx(((observed - every.mean()) / every.std()) ** 2)


@given(shapes, seeds)
def test_restricted_means_against_enumeration(some, seed) -> None:
    """ATT weights: 1 for a treated patient, treated / controls of the set for a control, which stay with the label."""
    blocks, rng = blocks_of(some), np.random.default_rng(seed)
    time, event = rng.integers(1, 6, len(blocks.row)) * 1.0, rng.random(len(blocks.row)) < 0.6
    share = (blocks.n_treated_of / blocks.n_controls_of)[blocks.set_index]

    def area(rows: np.ndarray, weight: np.ndarray) -> float:
        total, survival, last = 0.0, 1.0, 0.0
        for t in np.unique(time[event]):
            total, last = total + survival * (t - last), t
            at_risk = weight[rows & (time >= t)].sum()
            died = weight[rows & event & (time == t)].sum()
            survival *= 1 - died / at_risk if at_risk > 0 else 1.0
        return total + survival * (6.0 - last)

    def difference(treated: np.ndarray) -> float:
        arm = np.zeros(len(time), dtype=bool)
        arm[treated] = True
        return area(arm, np.ones(len(time))) - area(~arm, share)

    every = np.array([difference(at) for at in every_arrangement(blocks)])
    weights = np.where(blocks.treated, 1.0, share)
    found = rmst_permuted(time, event, weights, 6.0, blocks, 1)
    assert found.observed == pytest.approx(difference(blocks.treated_at), abs=SAME)
    assert found.p_value == pytest.approx(share_far(every, found.observed, 0.0), abs=SAME)


def test_a_large_set_scores_as_small_ones_do(monkeypatch) -> None:
    blocks, rng = blocks_of([(2, 3), (4, 1), (3, 3)]), np.random.default_rng(2)
    time, event = rng.integers(1, 5, 16) * 1.0, rng.random(16) < 0.5
    whole = logrank_scores_by_set(time, event, blocks)
    monkeypatch.setattr("lib.inference.survival_permutation.LARGE", 4)
    assert logrank_scores_by_set(time, event, blocks) == pytest.approx(whole, abs=SAME)


@CASES
@given(shapes, seeds)
def test_largest_statistic_against_enumeration(some, seed) -> None:
    blocks = blocks_of(some)
    scores = np.random.default_rng(seed).integers(-4, 5, (len(blocks.row), 2)) * 1.0
    means = np.column_stack([blocks.totals(column) / blocks.sizes for column in scores.T])
    scores -= np.repeat(means, blocks.sizes, axis=0)
    every = np.stack([scores[at].sum(axis=0) for at in every_arrangement(blocks)])
    sd = every.std(axis=0)
    z = np.abs(every) / np.where(sd > SAME, sd, 1.0)
    observed = np.abs(scores[blocks.treated].sum(axis=0)) / np.where(sd > SAME, sd, 1.0)
    expected = [(z.max(axis=1) >= one - SAME).mean() for one in observed]
    found = max_t(scores, blocks, 1)
    assert found.exact
    assert found.p_values == pytest.approx(expected, abs=1e-8)
    drawn = max_t(scores, blocks, 1, most=0)
    error = np.sqrt(np.array(expected) * (1 - np.array(expected)) / drawn.arrangements)
    assert (np.abs(drawn.p_values - expected) <= MONTE_CARLO * error + 2 / drawn.arrangements).all()


def test_an_outcome_unknown_for_some_keeps_its_own_distribution() -> None:
    """The second outcome lacks a treated patient of one set and a control of another; alone it would draw 2 of
    3, 1 of 3 and 2 of 4: its single-statistic p is that of its own sets within Monte Carlo error."""
    blocks, rng = blocks_of([(3, 1), (1, 3), (2, 2)]), np.random.default_rng(5)
    values = rng.normal(size=12)
    known = np.ones(12, dtype=bool)
    known[[0, 7]] = False
    own = sets_of(blocks.set_index[known].tolist(), blocks.treated[known].astype(int).tolist()).blocks()
    left = values[known] - np.repeat(own.totals(values[known]) / own.sizes, own.sizes)
    exact = permuted_sum(left, own, 1).p_value
    column = np.full(12, np.nan)
    column[known] = left
    both = np.column_stack([column, np.zeros(12)])
    found = max_t(both, blocks, 1)
    assert not found.exact
    assert abs(found.p_values[0] - exact) < MONTE_CARLO * np.sqrt(exact * (1 - exact) / found.arrangements)


@CASES
@given(shapes, seeds)
def test_conditional_likelihood_against_enumeration(some, seed) -> None:
    blocks = blocks_of(some)
    event = events_of(blocks, seed)
    counts, every = set_counts(event, blocks), event[every_arrangement(blocks)].sum(axis=1)
    observed = event[blocks.treated].sum()
    if not every.min() < observed < every.max():
        return
    fit = conditional_logit(counts)
    weight = np.exp(fit.log_or * every)
    mean = (weight @ every) / weight.sum()
    assert mean == pytest.approx(observed, abs=1e-7)
    assert fit.se**-2 == pytest.approx((weight @ (every - mean) ** 2) / weight.sum(), rel=1e-6)
    assert np.exp(fit.log_or) == pytest.approx(exact_odds_ratio(events_null(counts), int(observed)).estimate, rel=1e-7)


@given(shapes, seeds, st.integers(2, 4))
def test_mantel_haenszel_is_unmoved_by_the_same_sets_again(some, seed, times) -> None:
    """Ratios stay and variances fall by the factor."""
    blocks = blocks_of(some)
    event = events_of(blocks, seed)
    one, many = set_counts(event, blocks), set_counts(np.tile(event, times), blocks_of(some * times))
    for effect in (mantel_haenszel_odds_ratio, mantel_haenszel_risk_ratio):
        a, b = effect(one), effect(many)
        assert b.ratio == pytest.approx(a.ratio, nan_ok=True)
        assert b.se == pytest.approx(a.se / np.sqrt(times), nan_ok=True)


@pytest.mark.parametrize("some", [[(1, 3), (3, 1), (2, 1), (1, 1), (4, 1)], [(3, 4), (2, 6), (5, 5)]])
def test_every_number_of_an_outcome_is_there_or_says_why(some) -> None:
    blocks, rng = blocks_of(some), np.random.default_rng(1)
    n, treated = len(blocks.row), blocks.treated
    columns = {
        "death": np.where(rng.random(n) < 0.1, np.nan, (rng.random(n) < 0.4) * 1.0),
        "crp": rng.normal(size=n),
        "survival.time": rng.integers(1, 60, n) * 1.0,
        "survival.event": (rng.random(n) < 0.5) * 1.0,
    }
    cohort = cohort_of(treated, columns, [binary(), continuous(), survival()])
    sample = sample_of(Sets(blocks.set_index, treated))
    results = compare_outcomes(cohort, sample, 1)
    for test in (test for result in results for test in result.tests):
        assert test.note or np.isfinite([test.statistic, test.p_value]).all(), test.name
        assert np.isfinite(test.p_value) or test.name == "signed_rank_set_means"
    quick = quick_outcomes(cohort, sample)
    table = several_outcomes(cohort, sample, results, 1).rows
    assert table["p_raw"].tolist() == pytest.approx([outcome.p_by_set for outcome in quick])
    assert (table["p_max_t"] >= table["p_raw"]).all()


def test_too_many_pairs_are_not_listed(monkeypatch) -> None:
    blocks = blocks_of([(3, 4), (2, 2)])
    values = values_of(blocks, 1, False)
    assert np.isfinite(signed_rank_pairs(values, blocks).p_value)
    monkeypatch.setattr("lib.inference.sets.MOST_PAIRS", 15)
    assert np.isnan(signed_rank_pairs(values, blocks).p_value)
    one = blocks_of([(1, 20)])
    assert np.isfinite(signed_rank_pairs(values_of(one, 1, False), one).p_value), "one treated: never too many"


@pytest.mark.parametrize("case", range(8))
def test_against_r(case: int) -> None:
    """mantelhaen.test: exact p (minlike), CMH with and without correction, conditional odds ratio, central limits."""
    rows = reference("several_treated.json")[case]
    sets = sets_of([int(name[1:]) for name in rows["set"]], rows["z"])
    blocks = sets.blocks()
    counts = set_counts(np.array(rows["y"], dtype=float)[blocks.row], blocks)
    null, observed = events_null(counts), int(counts.a.sum())
    assert null.minlike(observed) == pytest.approx(rows["exact"], rel=R_P)
    assert cmh(counts, correct=False).p_value == pytest.approx(rows["cmh"], rel=R_P)
    assert cmh(counts, correct=True).p_value == pytest.approx(rows["cmh_cc"], rel=R_P)
    odds = exact_odds_ratio(null, observed)
    found, expected = np.array([odds.estimate, odds.low, odds.high]), np.array([rows["or"], *rows["ci"]])
    assert ((found > 1) == (expected > 1)).all()
    assert np.minimum(found, 1 / found) == pytest.approx(np.minimum(expected, 1 / expected), abs=R_ROOT)


def test_the_oracle_is_read_whole() -> None:
    assert len(reference("several_treated.json")) == 8
