"""The win ratio by hand, against an obvious program, and by property."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import t

from lib.errors import EstimationError
from lib.freedays.levels import Level
from lib.freedays.win_ratio import win_ratio
from tests.freedays.builders import binary, blocks, numbers

TOL = 1e-12  # sums of a few shares in another order
LOOSE = 1e-9  # the same after a logarithm and a square root


def estimate(result, measure):
    """One row of the estimates."""
    return next(e for e in result.estimates if e.measure == measure)


def test_two_sets_by_hand():
    # Set 1: the treated (free 10, alive) beats the dead, loses to 12, ties with 10. Set 2: it beats 3 and 4.
    sets = blocks([1, 1, 1, 1, 2, 2, 2], [1, 0, 0, 0, 1, 0, 0])
    levels = (binary([0, 1, 0, 0, 0, 0, 0]), numbers([10, 0, 12, 10, 5, 3, 4]))
    found = win_ratio(levels, sets, seed=1)
    assert (found.wins, found.losses, found.ties) == (3, 1, 1)
    assert found.levels[["compared", "wins", "losses", "ties"]].to_numpy().tolist() == [[5, 1, 0, 4], [4, 2, 1, 1]]
    assert found.sets[["controls", "wins", "losses", "ties"]].to_numpy().tolist() == [[3, 1, 1, 1], [2, 2, 0, 0]]
    assert found.win_share == pytest.approx((1 / 3 + 1) / 2) and found.loss_share == pytest.approx(1 / 6)
    assert estimate(found, "win_ratio").estimate == pytest.approx(4)
    assert estimate(found, "win_odds").estimate == pytest.approx(3)
    difference = estimate(found, "win_difference")
    assert difference.estimate == pytest.approx(0.5)
    # Set shares 0 and 1: SD sqrt(0.5), SE 0.5, t with 1 degree of freedom; on the log win odds 2 x 0.5/(1 - 0.25).
    assert difference.se == pytest.approx(0.5)
    odds = estimate(found, "win_odds")
    assert (odds.ci_high, odds.role) == (pytest.approx(3 * math.exp(t.ppf(0.975, 1) * 1 / 0.75)), "quoted")
    assert difference.ci_high == pytest.approx((odds.ci_high - 1) / (odds.ci_high + 1)) and difference.ci_high < 1
    # Scores by label: set 1 0, -1 (the dead), 1, 0; set 2 1, -1, 0. Observed 0 + 1; of 12 sums 8 are as far from 0.
    assert found.test.p_value == pytest.approx(8 / 12)
    assert (found.test.n_units, found.test.unit) == (2, "set")


def test_mantel_haenszel_weights_by_the_sets_size():
    sets = blocks([1, 1, 1, 1, 2, 2], [1, 0, 0, 0, 1, 0])
    levels = (numbers([5, 1, 2, 3, 1, 2]),)
    assert win_ratio(levels, sets, 1).win_share == pytest.approx(1 / 2)
    other = win_ratio(levels, sets, 1, weighting="mantel_haenszel")
    assert other.win_share == pytest.approx((3 / 4) / (3 / 4 + 1 / 2))


def test_equal_wins_and_losses_give_exactly_one():
    sets = blocks(np.repeat(range(8), 4).tolist(), [1, 0, 0, 0] * 8)
    levels = (numbers([2, 1, 1, 3, 2, 3, 3, 1] * 4),)
    found = win_ratio(levels, sets, 1)
    assert found.wins == found.losses == 12
    assert [e.estimate for e in found.estimates] == [1.0, 0.0, 1.0]
    assert found.test.p_value == 1


def brute(levels, sets, weighting):
    """(shares, p) by looking at every pair and every arrangement of the labels, with plain loops."""
    groups = [range(s, s + k) for s, k in zip(sets.starts, sets.sizes, strict=True)]

    def beats(i, j):
        for level in levels:
            a, b = level.values[i], level.values[j]
            if level.kind == "survival":
                for one, two, sign in ((i, j, 1), (j, i, -1)):
                    dead = level.event[two] == 1 and level.values[two] <= level.horizon
                    lived = level.values[one] > level.values[two]
                    lived = lived or (level.values[one] == level.values[two] and level.event[one] == 0)
                    if dead and lived:
                        return sign if level.better == "lower" else -sign
            elif not (math.isnan(a) or math.isnan(b) or abs(a - b) <= level.margin):
                return 1 if (a > b) == (level.better == "higher") else -1
        return 0

    def shares(chosen):
        win = loss = total = 0.0
        for group, ones in zip(groups, chosen, strict=True):
            weight = 1 / (len(group) - (len(ones) if weighting == "treated" else 0))
            for one, other in itertools.product(ones, group):
                if other not in ones:
                    sign = beats(sets.row[one], sets.row[other])
                    win, loss, total = win + weight * (sign > 0), loss + weight * (sign < 0), total + weight
        return win / total, loss / total

    ways = [list(itertools.combinations(group, m)) for group, m in zip(groups, sets.n_treated_of, strict=True)]
    observed = shares([way[0] for way in ways])
    gaps = [np.subtract(*shares(chosen)) for chosen in itertools.product(*ways)]
    bar = abs(np.subtract(*observed)) - LOOSE
    return observed, float(np.mean(np.abs(gaps) >= bar))


@st.composite
def studies(draw, most_treated=1):
    """Up to four sets of up to four patients, and a hierarchy of a survival time, an event and a number."""
    sizes = draw(st.lists(st.integers(2, 4), min_size=1, max_size=4))
    set_id = np.repeat(range(len(sizes)), sizes).tolist()
    ones = [draw(st.integers(1, min(most_treated, size - 1))) for size in sizes]
    treated = [int(k < m) for size, m in zip(sizes, ones, strict=True) for k in range(size)]
    n = len(set_id)

    def column(values):
        return np.array(draw(st.lists(values, min_size=n, max_size=n)), dtype=float)

    gap = st.just(float("nan"))
    levels = [
        Level(
            "time",
            "survival",
            draw(st.sampled_from(["lower", "higher"])),
            column(st.integers(1, 6)),
            column(st.integers(0, 1)),
            0.0,
            draw(st.sampled_from([4.0, np.inf])),
        ),
        Level(
            "days",
            "continuous",
            draw(st.sampled_from(["lower", "higher"])),
            column(st.integers(0, 5) | gap),
            np.zeros(n),
            float(draw(st.integers(0, 2))),
        ),
        Level("event", "binary", "lower", column(st.integers(0, 1) | gap), np.zeros(n)),
    ]
    return tuple(draw(st.permutations(levels)))[: draw(st.integers(1, 3))], blocks(set_id, treated)


@given(studies() | studies(3), st.sampled_from(["treated", "mantel_haenszel"]))
def test_against_every_pair_and_every_arrangement(study, weighting):
    levels, sets = study
    found = win_ratio(levels, sets, 1, weighting)
    shares, p = brute(levels, sets, weighting)
    assert (found.win_share, found.loss_share) == pytest.approx(shares, abs=TOL)
    assert found.test.p_value == pytest.approx(p, abs=LOOSE)
    for row in found.estimates:
        assert not np.isinf([row.estimate, row.ci_low, row.ci_high, row.se]).any()
        assert row.note or not np.isnan([row.estimate, row.ci_low, row.ci_high]).any()


def turned(level):
    """The level with the other direction."""
    better = "lower" if level.better == "higher" else "higher"
    return Level(level.name, level.kind, better, level.values, level.event, level.margin, level.horizon)


@given(studies())
def test_turning_every_level_round_inverts_all(study):
    levels, sets = study
    one, two = win_ratio(levels, sets, 1), win_ratio(tuple(map(turned, levels)), sets, 1)
    assert (one.wins, one.losses, one.ties) == (two.losses, two.wins, two.ties)
    assert one.test.p_value == pytest.approx(two.test.p_value, abs=LOOSE)
    for measure, invert in (
        ("win_difference", lambda x: -x),
        ("win_ratio", lambda x: 1 / x if x else math.nan),
        ("win_odds", lambda x: 1 / x),
    ):
        a, b = estimate(one, measure), estimate(two, measure)
        if a.estimate != 0 or measure == "win_difference":
            assert not b.estimate or a.estimate == pytest.approx(invert(b.estimate), nan_ok=True, abs=LOOSE)
            assert (
                np.isnan(b.estimate)
                or not b.estimate
                or a.ci_low == pytest.approx(invert(b.ci_high), nan_ok=True, rel=1e-6, abs=LOOSE)
            )


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=2, max_size=8))
def test_swapping_the_labels_of_pairs_inverts_the_win_ratio(values):
    set_id = np.repeat(range(len(values)), 2).tolist()
    levels = (numbers(np.array(values).ravel().tolist()),)
    one = win_ratio(levels, blocks(set_id, [1, 0] * len(values)), 1)
    two = win_ratio(levels, blocks(set_id, [0, 1] * len(values)), 1)
    assert (one.wins, one.losses) == (two.losses, two.wins)
    assert one.test.p_value == pytest.approx(two.test.p_value, abs=LOOSE)


@given(studies(), st.randoms(use_true_random=False))
def test_the_order_of_the_sets_changes_nothing(study, random):
    levels, sets = study
    order = list(range(sets.n_sets))
    random.shuffle(order)
    set_id = [order[k] for k in sets.set_index]
    again = win_ratio(levels, blocks(set_id, sets.treated.astype(int).tolist()), 1)
    found = win_ratio(levels, sets, 1)
    assert again.test.p_value == pytest.approx(found.test.p_value, abs=LOOSE)
    assert [e.estimate for e in again.estimates] == pytest.approx([e.estimate for e in found.estimates], nan_ok=True)


def test_intervals_are_those_of_the_sets_means():
    rng = np.random.default_rng(2)
    sets = blocks(np.repeat(range(12), 3).tolist(), [1, 0, 0] * 12)
    found = win_ratio((numbers(rng.integers(0, 9, 36).tolist()),), sets, 1)
    share = ((found.sets["wins"] - found.sets["losses"]) / 2).to_numpy()
    se = share.std(ddof=1) / math.sqrt(12)
    row = estimate(found, "win_difference")
    assert (row.estimate, row.se) == pytest.approx((share.mean(), se))
    reach = t.ppf(0.975, 11) * 2 * se / (1 - share.mean() ** 2)
    assert row.ci_high == pytest.approx(math.tanh(math.atanh(share.mean()) + reach / 2))
    odds = estimate(found, "win_odds")
    assert odds.estimate == pytest.approx((1 + share.mean()) / (1 - share.mean()))
    assert odds.se == pytest.approx(2 * se / (1 - share.mean() ** 2))
    ratio, w, loss = estimate(found, "win_ratio"), found.sets["wins"].to_numpy(), found.sets["losses"].to_numpy()
    residual = w / w.mean() - loss / loss.mean()
    assert ratio.se == pytest.approx(residual.std(ddof=1) / math.sqrt(12))


def test_no_loss_is_a_sentence_and_never_infinite():
    sets = blocks(np.repeat(range(4), 3).tolist(), [1, 0, 0] * 4)
    found = win_ratio((numbers([9, 1, 2, 9, 1, 9, 9, 2, 3, 9, 1, 1]),), sets, 1)
    assert np.isnan(estimate(found, "win_ratio").estimate)
    assert "No comparison was lost" in estimate(found, "win_ratio").note
    assert np.isfinite(estimate(found, "win_odds").ci_high)
    every = win_ratio((numbers([9, 1, 2] * 4),), sets, 1)
    assert np.isnan(estimate(every, "win_odds").estimate)
    assert estimate(every, "win_difference").estimate == 1
    assert np.isnan(estimate(every, "win_difference").ci_low)
    assert every.test.p_value == pytest.approx(2 / 3**4)


def test_no_win_one_set_and_only_ties():
    sets = blocks([1, 1, 1], [1, 0, 0])
    lost = win_ratio((numbers([1, 2, 3]),), sets, 1)
    assert estimate(lost, "win_ratio").estimate == 0 and "won" in estimate(lost, "win_ratio").note
    assert lost.test.p_value == pytest.approx(2 / 3)
    tied = win_ratio((numbers([1, 1, 1]),), sets, 1)
    assert tied.test.p_value == 1
    assert "tie" in estimate(tied, "win_ratio").note
    assert estimate(tied, "win_odds").estimate == 1 and np.isnan(estimate(tied, "win_odds").se)


def test_overlapping_sets_have_counts_but_no_p_and_no_interval():
    sets = blocks([1, 1, 2, 2], [1, 0, 1, 0])
    found = win_ratio((numbers([3, 1, 1, 2]),), sets, 1, overlap=True)
    assert (found.wins, found.losses) == (1, 1)
    assert np.isnan(found.test.p_value) and "share controls" in found.test.note
    assert all(np.isnan(e.ci_low) and e.note for e in found.estimates)


def test_nothing_to_compare_is_a_sentence():
    with pytest.raises(EstimationError, match="no outcome"):
        win_ratio((), blocks([1, 1], [1, 0]), 1)
    with pytest.raises(EstimationError, match="No matched set"):
        win_ratio((numbers([1, 2]),), blocks([1, 2], [1, 0]), 1)


def test_thousands_of_sets_of_many_sizes_are_simulated_and_agree_with_the_normal_limit():
    rng = np.random.default_rng(5)
    sizes = rng.integers(2, 40, 300)
    set_id = np.repeat(range(300), sizes).tolist()
    treated = [int(k == 0) for size in sizes for k in range(size)]
    values = rng.normal(size=len(set_id)) + 0.15 * np.array(treated)
    found = win_ratio((numbers(values.tolist()),), blocks(set_id, treated), 1)
    assert "drawn with seed 1" in found.test.note
    z = abs(estimate(found, "win_difference").estimate / estimate(found, "win_difference").se)
    assert found.test.p_value == pytest.approx(2 * t.sf(z, 1e9), abs=0.03)


@pytest.mark.parametrize(("n_sets", "few"), [(1, False), (2, True), (29, True), (30, False)])
def test_below_thirty_sets_the_interval_is_doubted(n_sets, few):
    sets = blocks(np.repeat(range(n_sets), 2).tolist(), [1, 0] * n_sets)
    notes = win_ratio((numbers(np.random.default_rng(1).normal(size=2 * n_sets).tolist()),), sets, 1).notes
    assert any(f"{n_sets} sets are few for its interval" in note.text for note in notes) == few
