"""Binary outcomes by set, by hand, against statsmodels, and by property."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom
from scipy.stats.contingency import odds_ratio
from statsmodels.stats.contingency_tables import StratifiedTable

from lib.inference.engine import events_distribution
from lib.inference.stratified import (
    SetCounts,
    cmh,
    exact_odds_ratio,
    mantel_haenszel_odds_ratio,
    mantel_haenszel_risk_ratio,
    set_counts,
    tilted,
)
from tests.inference.builders import deaths_per_set, even_sets, sets_of, sets_of_pairs

SAME = 1e-9  # two double-precision routes to one number

any_counts = st.lists(
    st.tuples(st.integers(0, 1), st.integers(1, 4), st.integers(0, 4)).map(lambda s: (s[0], min(s[2], s[1]), s[1])),
    min_size=2,
    max_size=12,
)


def counts_of(sets: list[tuple[int, int, int]]) -> SetCounts:
    """From (treated event, control events, controls) per set."""
    a, b, n0 = (np.array(column, dtype=float) for column in zip(*sets, strict=True))
    return SetCounts(a, np.ones(len(a)), b, n0)


def tables(counts: SetCounts) -> list[np.ndarray]:
    rows = zip(counts.a, counts.n1, counts.b, counts.n0, strict=True)
    return [np.array([[a, n1 - a], [b, n0 - b]]) for a, n1, b, n0 in rows]


def test_counts_per_set() -> None:
    blocks = even_sets(2, 3).blocks()
    counts = set_counts(deaths_per_set([3, 1])[blocks.row], blocks)
    assert (counts.a.tolist(), counts.b.tolist(), counts.n0.tolist()) == ([0, 0], [3, 1], [3, 3])
    assert counts.informative == 2


def test_cmh_of_two_sets_by_hand() -> None:
    """Sets 1:1 with the treated event, and 1:3 with one control event: O - E = 1 - 1/2 - 1/4, V = 1/4 + 3/16."""
    counts = counts_of([(1, 0, 1), (0, 1, 3)])
    assert cmh(counts, correct=False).statistic == pytest.approx(0.25**2 / (7 / 16))
    assert cmh(counts, correct=True).statistic == pytest.approx(0.25**2 / (7 / 16))  # below 0.5 nothing is taken off


def test_pairs_reduce_cmh_to_mcnemar() -> None:
    counts = counts_of([(1, 0, 1)] * 6 + [(0, 1, 1)] * 2 + [(1, 1, 1)] * 3)
    assert cmh(counts, correct=False).statistic == pytest.approx((6 - 2) ** 2 / 8)
    assert cmh(counts, correct=True).statistic == pytest.approx((4 / 2 - 0.5) ** 2 / (8 / 4))
    assert mantel_haenszel_odds_ratio(counts).ratio == pytest.approx(3)


def test_no_informative_set_has_no_cmh() -> None:
    assert np.isnan(cmh(counts_of([(0, 0, 3), (1, 2, 2)]), correct=False).p_value)


@given(any_counts)
def test_against_statsmodels(sets: list[tuple[int, int, int]]) -> None:
    counts = counts_of(sets)
    ours = mantel_haenszel_odds_ratio(counts)
    if not (ours.ratio > 0 and ours.se > 0):
        return
    theirs = StratifiedTable(tables(counts))
    assert ours.ratio == pytest.approx(theirs.oddsratio_pooled, rel=SAME)
    assert ours.se == pytest.approx(theirs.logodds_pooled_se, rel=SAME)
    assert cmh(counts, correct=False).statistic == pytest.approx(theirs.test_null_odds(correction=False).statistic)
    assert mantel_haenszel_risk_ratio(counts).ratio == pytest.approx(theirs.riskratio_pooled, rel=SAME)


def test_one_large_set_gives_the_plain_two_by_two_variances() -> None:
    """With one stratum Greenland-Robins and RBG are the variances of a single table (large-sample)."""
    counts = SetCounts(np.array([12.0]), np.array([40.0]), np.array([20.0]), np.array([50.0]))
    ratio = mantel_haenszel_risk_ratio(counts)
    assert ratio.ratio == pytest.approx(0.3 / 0.4)
    assert ratio.se == pytest.approx(np.sqrt(1 / 12 - 1 / 40 + 1 / 20 - 1 / 50))
    odds = mantel_haenszel_odds_ratio(counts)
    assert odds.se == pytest.approx(np.sqrt(1 / 12 + 1 / 28 + 1 / 20 + 1 / 30))


def test_exact_odds_ratio_of_pairs_is_the_binomial_one() -> None:
    """b = 7, c = 2 discordant pairs: OR = 7/2, limits from Clopper-Pearson's of 7/9."""
    null = events_distribution(np.full(9, 1), np.full(9, 2))
    exact = exact_odds_ratio(null, 7)
    assert exact.estimate == pytest.approx(3.5)
    low, high = exact.low / (1 + exact.low), exact.high / (1 + exact.high)
    assert binom.sf(6, 9, low) == pytest.approx(0.025, abs=SAME)
    assert binom.cdf(7, 9, high) == pytest.approx(0.025, abs=SAME)


def test_zero_and_all_treated_events() -> None:
    null = events_distribution(np.array([1, 1, 2]), np.array([4, 4, 4]))
    none, every = exact_odds_ratio(null, 0), exact_odds_ratio(null, 3)
    assert (none.estimate, none.low) == (0, 0)
    assert tilted(null, np.log(none.high))[0] == pytest.approx(0.025, abs=SAME)
    assert (every.estimate, every.high) == (np.inf, np.inf)
    assert tilted(null, np.log(every.low))[-1] == pytest.approx(0.025, abs=SAME)


def test_one_table_agrees_with_the_conditional_odds_ratio_of_scipy() -> None:
    """A single set of one treated and k controls is a 2x2 table; eight of them are checked against R elsewhere."""
    null = events_distribution(np.array([2]), np.array([6]))
    exact, theirs = exact_odds_ratio(null, 1), odds_ratio(np.array([[1, 0], [1, 4]]))
    assert theirs.statistic == exact.estimate == np.inf
    assert exact.low == pytest.approx(theirs.confidence_interval(0.95).low, rel=1e-6)


@given(any_counts)
def test_swapping_event_and_non_event_inverts_the_odds_ratio(sets: list[tuple[int, int, int]]) -> None:
    counts = counts_of(sets)
    mirrored = counts_of([(1 - a, n0 - b, n0) for a, b, n0 in sets])
    assert cmh(mirrored, correct=False).statistic == pytest.approx(cmh(counts, correct=False).statistic, nan_ok=True)
    nulls = [events_distribution(c.events.astype(int), c.n.astype(int)) for c in (counts, mirrored)]
    if nulls[0].degenerate:
        return
    exact, inverse = (exact_odds_ratio(n, int(c.a.sum())) for n, c in zip(nulls, (counts, mirrored), strict=True))
    if 0 < exact.estimate < np.inf:
        assert exact.estimate * inverse.estimate == pytest.approx(1, rel=1e-6)
    if exact.low > 0:
        assert exact.low * inverse.high == pytest.approx(1, rel=1e-6)
    assert exact.low <= exact.estimate <= exact.high


@given(any_counts)
def test_a_list_of_pairs_with_the_treated_repeated_gives_the_p_of_the_sets(sets: list[tuple[int, int, int]]) -> None:
    """Invariant 8: a person counts once per set, however often the list of pairs names it."""
    event = np.concatenate([[a] + [1] * b + [0] * (n0 - b) for a, b, n0 in sets]).astype(float)
    set_id = [s for s, (_, _, n0) in enumerate(sets) for _ in range(n0 + 1)]
    blocks = sets_of(set_id, [int(i == 0) for _, _, n0 in sets for i in range(n0 + 1)]).blocks()
    pairs = sets_of_pairs(*blocks.pairs())
    found = []
    for layout in (blocks, pairs):
        counts = set_counts(event[layout.row], layout)
        null = events_distribution(counts.events.astype(int), layout.sizes)
        found.append((null.minlike(int(counts.a.sum())), cmh(counts, correct=False).statistic))
    assert found[0] == pytest.approx(found[1], rel=SAME, nan_ok=True)
