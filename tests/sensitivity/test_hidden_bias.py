"""Rosenbaum bounds: worked by hand, against brute force over every hidden factor, and monotone in Gamma."""

from itertools import combinations, product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.errors import EstimationError, SpecError
from lib.inference.engine import events_distribution, score_distribution
from lib.inference.ranks import align, doubled_midranks
from lib.inference.sets import Blocks
from lib.inference.stratified import SetCounts, set_counts
from lib.sensitivity import rank_bounds
from lib.sensitivity.hidden_bias import HiddenBias, binary_bounds, binary_tail, crossing, hidden_bias
from lib.sensitivity.hidden_bias import rank_bounds as bounds_of_ranks
from lib.sensitivity.rank_bounds import EXACT, NORMAL, SEPARABLE, rank_sets, rank_tail, tail_method
from tests.conftest import reference
from tests.inference.builders import (
    binary,
    cohort_of,
    continuous,
    deaths_per_set,
    even_sets,
    given_sample,
    sample_of,
    sets_of,
    survival,
)

ROUNDING = 1e-12  # sums of a few hundred products of doubles
R_DIGITS = 1e-11  # the reference has 13 digits
PRINTED = 5e-4  # the three numbers of statistics.md have three decimals


def pairs(treated_only: int, control_only: int, neither: int = 0) -> SetCounts:
    """Pairs in which only the treated, only the control, or nobody had the event."""
    a = np.array([1.0] * treated_only + [0.0] * (control_only + neither))
    b = np.array([0.0] * treated_only + [1.0] * control_only + [0.0] * neither)
    return SetCounts(a, np.ones(len(a)), b, np.ones(len(a)))


@st.composite
def counts(draw) -> SetCounts:
    """Up to 8 sets of 1:1 to 1:4 in which at least one set can speak."""
    controls = draw(st.lists(st.integers(1, 4), min_size=1, max_size=8))
    b = [draw(st.integers(0, k)) for k in controls]
    a = [draw(st.integers(0, 1)) for _ in controls]
    made = SetCounts(*(np.array(x, dtype=float) for x in (a, [1] * len(controls), b, controls)))
    if not made.informative:
        a[0], b[0] = 1, 0
    return SetCounts(*(np.array(x, dtype=float) for x in (a, [1] * len(controls), b, controls)))


def test_five_against_no_pairs_by_hand():
    """0.5^5, (2/3)^5 and (3/4)^5 (statistics.md section 4; R rbounds prints 0)."""
    tails = [binary_tail(pairs(5, 0), gamma, upper=True) for gamma in (1, 2, 3)]
    assert tails == pytest.approx([0.5**5, (2 / 3) ** 5, 0.75**5], abs=ROUNDING)
    assert tails == pytest.approx([0.031, 0.132, 0.237], abs=PRINTED)


def test_the_other_direction_is_its_mirror():
    assert binary_tail(pairs(0, 5), 2, upper=False) == pytest.approx((2 / 3) ** 5, abs=ROUNDING)


def test_concordant_pairs_say_nothing():
    assert binary_tail(pairs(5, 0, neither=4), 2, upper=True) == pytest.approx((2 / 3) ** 5, abs=ROUNDING)


def test_two_sets_of_three_controls_by_hand():
    """One treated death; a set with 2 deaths in 4, one with 1 in 4. At Gamma 2: 4/6 and 2/5; P(T >= 2) = 4/15."""
    sets = SetCounts(np.array([1.0, 1.0]), np.ones(2), np.array([1.0, 0.0]), np.full(2, 3.0))
    assert binary_tail(sets, 2, upper=True) == pytest.approx(4 / 15, abs=ROUNDING)
    none = SetCounts(np.array([0.0, 0.0]), np.ones(2), np.array([2.0, 1.0]), np.full(2, 3.0))
    assert binary_tail(none, 2, upper=False) == pytest.approx((1 - 2 / 6) * (1 - 1 / 7), abs=ROUNDING)


def test_gamma_where_five_pairs_lose_their_significance():
    found = binary_bounds("death", pairs(5, 0))
    share = 0.05 ** (1 / 5)
    assert found.crossing_one_sided == pytest.approx(share / (1 - share), rel=1e-9)
    assert np.isnan(found.crossing), "two-sided p is 0.0625 without any hidden factor"
    assert "already 0.062" in found.sentence
    strong = binary_bounds("death", pairs(9, 0))
    share = 0.025 ** (1 / 9)
    assert strong.crossing == pytest.approx(share / (1 - share), rel=1e-9)
    assert "multiplies the odds of treatment by 2 within" in strong.sentence


@given(counts())
def test_gamma_1_is_the_exact_test_of_the_outcomes_page(sets):
    null = events_distribution(sets.events.astype(int), sets.n.astype(int))
    observed = int(sets.a.sum())
    found = binary_bounds("x", sets, (1.0,))
    assert found.curve["p_one_sided"][0] == pytest.approx(min(null.tails(observed)), abs=ROUNDING)
    assert found.curve["p_two_sided"][0] == pytest.approx(null.central(observed), abs=ROUNDING)


@given(counts(), st.lists(st.floats(1, 50), min_size=2, max_size=6))
def test_bounds_of_events_rise_with_gamma(sets, gammas):
    tails = [binary_tail(sets, gamma, upper) for upper in (True, False) for gamma in sorted(gammas)]
    half = len(gammas)
    assert (np.diff(tails[:half]) >= -ROUNDING).all()
    assert (np.diff(tails[half:]) >= -ROUNDING).all()


@given(counts())
def test_crossing_is_where_p_is_five_percent(sets):
    found = binary_bounds("x", sets)
    if np.isfinite(found.crossing):
        at = binary_bounds("x", sets, (found.crossing,)).curve["p_two_sided"].iloc[-1]
        assert at == pytest.approx(0.05, abs=1e-8)


def brute_force(doubled: np.ndarray, blocks: Blocks, gamma: float) -> float:
    """The largest P(sum >= observed) over every 0/1 hidden factor in every patient, by enumeration."""
    runs = [doubled[s : s + n] for s, n in zip(blocks.starts, blocks.sizes, strict=True)]
    observed = doubled[blocks.starts].sum()
    best = 0.0
    for factors in product(*[list(product((0, 1), repeat=len(run))) for run in runs]):
        chances = [gamma ** np.array(u) / (gamma ** np.array(u)).sum() for u in factors]
        tail = sum(
            np.prod([chance[i] for chance, i in zip(chances, at, strict=True)])
            for at in product(*[range(len(run)) for run in runs])
            if sum(run[i] for run, i in zip(runs, at, strict=True)) >= observed
        )
        best = max(best, tail)
    return best


@settings(max_examples=15, deadline=None)
@given(st.lists(st.integers(0, 5), min_size=8, max_size=8), st.floats(1, 5), st.booleans())
def test_few_sets_reach_the_worst_of_every_hidden_factor(values, gamma, upper):
    blocks = Blocks(np.arange(8), np.array([3, 2, 3]), np.ones(3, int), np.arange(3))
    doubled = doubled_midranks(align(np.array(values, dtype=float), blocks))
    scores = doubled if upper else -doubled
    sets = rank_sets(scores, blocks)
    assert tail_method(sets) == EXACT
    assert rank_tail(sets, gamma) == pytest.approx(brute_force(scores, blocks, gamma), abs=ROUNDING)


def worst_of_every_factor(scores: np.ndarray, blocks: Blocks, gamma: float) -> float:
    """As brute_force, with several treated: an arrangement weighs gamma ^ (its treated patients with the factor)."""
    runs = [range(s, s + n) for s, n in zip(blocks.starts, blocks.sizes, strict=True)]
    ways = [list(combinations(run, m)) for run, m in zip(runs, blocks.n_treated_of, strict=True)]
    every = np.array([[at for way in chosen for at in way] for chosen in product(*ways)])
    reached = scores[every].sum(axis=1) >= scores[blocks.treated].sum()
    weight = gamma ** np.array(list(product((0.0, 1.0), repeat=len(scores))))[:, every].sum(axis=2)
    return float((weight[:, reached].sum(axis=1) / weight.sum(axis=1)).max())


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 5), min_size=8, max_size=8), st.floats(1, 5), st.booleans())
def test_stars_reach_the_worst_of_every_hidden_factor(values, gamma, upper):
    """A control shared by three treated patients, and two pairs."""
    blocks = Blocks(np.arange(8), np.array([4, 2, 2]), np.array([3, 1, 1]), np.arange(3))
    doubled = doubled_midranks(align(np.array(values, dtype=float), blocks))
    scores = doubled if upper else -doubled
    sets = rank_sets(scores, blocks)
    assert tail_method(sets) == EXACT
    expected = worst_of_every_factor(scores, blocks, gamma) if sets.runs else 1.0
    assert rank_tail(sets, gamma) == pytest.approx(expected, abs=ROUNDING)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 1), min_size=9, max_size=9), st.floats(1, 5), st.booleans())
def test_events_reach_the_worst_of_every_hidden_factor(events, gamma, upper):
    """A star, a pair and a set with several of both: the extended hypergeometric bound is attained."""
    blocks = Blocks(np.arange(9), np.array([3, 2, 4]), np.array([2, 1, 2]), np.arange(3))
    event = np.array(events, dtype=float)
    expected = worst_of_every_factor(event if upper else -event, blocks, gamma)
    assert binary_tail(set_counts(event, blocks), gamma, upper) == pytest.approx(expected, abs=ROUNDING)


def test_ranks_of_sets_with_several_of_both_have_no_bounds():
    blocks = Blocks(np.arange(4), np.array([4]), np.array([2]), np.arange(1))
    with pytest.raises(EstimationError, match="several treated patients and several controls"):
        bounds_of_ranks("crp", np.arange(4.0), blocks)


def random_sets(n_sets: int, controls: int, shift: float, seed: int) -> tuple[np.ndarray, Blocks]:
    values = np.random.default_rng(seed).normal(size=n_sets * (controls + 1))
    blocks = even_sets(n_sets, controls).blocks()
    values[blocks.starts] += shift
    return values, blocks


def test_separable_choice_comes_close_to_the_worst(monkeypatch):
    """With 8 sets of 1:3 the separable choice misses the exact bound by little, never from above."""
    values, blocks = random_sets(8, 3, 1.0, 1)
    sets = rank_sets(doubled_midranks(align(values, blocks)), blocks)
    for gamma in (1.0, 1.5, 3.0):
        monkeypatch.undo()
        exact = rank_tail(sets, gamma)
        monkeypatch.setattr(rank_bounds, "MOST_CELLS", 0)
        assert tail_method(sets) == SEPARABLE
        assert exact - 0.01 <= rank_tail(sets, gamma) <= exact + ROUNDING
        monkeypatch.setattr(rank_bounds, "CONVOLVED_SETS", 0)
        assert tail_method(sets) == NORMAL
        assert rank_tail(sets, gamma) == pytest.approx(exact, abs=0.03)


def test_many_sets_normal_agrees_with_convolution(monkeypatch):
    values, blocks = random_sets(60, 2, 0.3, 2)
    sets = rank_sets(doubled_midranks(align(values, blocks)), blocks)
    convolved = [rank_tail(sets, gamma) for gamma in (1.0, 1.3, 2.0)]
    monkeypatch.setattr(rank_bounds, "CONVOLVED_SETS", 0)
    assert [rank_tail(sets, gamma) for gamma in (1.0, 1.3, 2.0)] == pytest.approx(convolved, abs=0.005)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 7), st.integers(1, 3), st.floats(-2, 2))
def test_bounds_of_ranks_rise_with_gamma(seed, n_sets, controls, shift):
    values, blocks = random_sets(n_sets, controls, shift, seed)
    found = bounds_of_ranks("x", np.round(values, 1), blocks, (1, 1.1, 1.5, 2, 4, 20))
    assert (np.diff(found.curve["p_one_sided"]) >= -ROUNDING).all()
    assert found.method == EXACT


def test_gamma_1_against_the_one_sided_exact_p_of_r():
    for expected in reference("matched_sets.json")["binary_random_sets"]:
        rows = expected["rows"]
        blocks = sets_of(rows["set"], rows["z"]).blocks()
        sets = set_counts(np.array(rows["y"], dtype=float)[blocks.row], blocks)
        assert binary_tail(sets, 1.0, upper=True) == pytest.approx(expected["p_exact_greater"], abs=R_DIGITS)
        assert binary_tail(sets, 1.0, upper=False) == pytest.approx(expected["p_exact_less"], abs=R_DIGITS)


def test_ranks_at_gamma_1_against_the_enumeration_of_r():
    """R's two-sided p holds both tails, so the tail of the effect is at most that, and the two tails exceed it."""
    for expected in reference("matched_sets.json")["continuous_random_sets"]:
        rows = expected["rows"]
        blocks = sets_of(rows["set"], rows["z"]).blocks()
        doubled = doubled_midranks(align(np.array(rows["y"], dtype=float)[blocks.row], blocks))
        one = min(rank_tail(rank_sets(scores, blocks), 1.0) for scores in (doubled, -doubled))
        both = score_distribution(doubled, blocks.starts, blocks.sizes).tails(int(doubled[blocks.starts].sum()))
        assert one == pytest.approx(min(both), abs=ROUNDING)
        assert one <= expected["aligned_rank_p_exact_two_sided"] + R_DIGITS


def test_pairs_of_ranks_are_the_signed_rank_sum_by_hand():
    """Three pairs, the treated higher by 1, 2 and 3: at Gamma 2 all three favour it with (2/3)^3."""
    blocks = even_sets(3, 1).blocks()
    found = bounds_of_ranks("x", np.array([1.0, 0, 2, 0, 3, 0]), blocks, (2.0,))
    assert found.higher
    assert found.curve["p_one_sided"].tolist() == pytest.approx([1 / 8, 8 / 27], abs=ROUNDING)


def test_from_a_cohort_with_missing_outcomes():
    sets = even_sets(9, 3)
    died = deaths_per_set([3] * 9)
    died[1] = np.nan
    cohort = cohort_of(sets.treated, {"death": died, "crp": died}, [binary(), continuous()])
    found = hidden_bias(cohort, sample_of(sets), binary())
    assert (found.higher, found.n_sets) == (False, 9)
    expected = binary_tail(set_counts_without(died, sets), 2.0, upper=False)
    assert found.curve.set_index("gamma")["p_one_sided"][2.0] == pytest.approx(expected, abs=ROUNDING)
    assert hidden_bias(cohort, sample_of(sets), continuous()).kind == "continuous"


def set_counts_without(died, sets) -> SetCounts:
    blocks = sets.blocks(~np.isnan(died))
    return set_counts(died[blocks.row], blocks)


def test_what_has_no_bounds_is_said():
    sets = even_sets(3, 2)
    n = len(sets.treated)
    columns = {"death": np.zeros(n), "crp": np.ones(n), "survival.time": np.ones(n), "survival.event": np.ones(n)}
    cohort = cohort_of(sets.treated, columns, [binary(), continuous(), survival()])
    for outcome, text in (
        (binary(), "some patients and not in others"),
        (continuous(), "the same"),
        (survival(), "survival outcome"),
    ):
        with pytest.raises(EstimationError, match=text):
            hidden_bias(cohort, sample_of(sets), outcome)
    replaced = given_sample(np.array([[0, 0], [1, 0]]), sets.treated, replace=True)
    with pytest.raises(EstimationError, match="overlap"):
        hidden_bias(cohort, replaced, binary())
    with pytest.raises(SpecError, match="1 or more"):
        binary_bounds("x", pairs(5, 0), (0.5,))


def test_where_a_tail_crosses_its_limit():
    """0.025 at Gamma 1 is at the limit, not above it; a crossing at 25,000 is told, one at 25 million is not."""
    assert crossing(lambda gamma: 0.025 * gamma, 0.025) == 1
    assert np.isnan(crossing(lambda gamma: 0.026 * gamma, 0.025))
    assert crossing(lambda gamma: 1e-6 * gamma, 0.025) == pytest.approx(25_000)
    assert np.isnan(crossing(lambda gamma: 1e-9 * gamma, 0.025))


@pytest.mark.parametrize(("p", "said"), [(0.05, "A hidden factor that multiplies"), (0.051, "already 0.051")])
def test_a_p_of_005_is_what_a_hidden_factor_has_to_exceed(p, said):
    curve = pd.DataFrame({"gamma": [1.0], "p_one_sided": [p / 2], "p_two_sided": [p]})
    assert said in HiddenBias("death", "binary", True, 8, curve, 1.0, 1.2, "exact").sentence
