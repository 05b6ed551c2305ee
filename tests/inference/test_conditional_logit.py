"""Conditional logistic regression: by hand for pairs, against statsmodels and the exact estimate, and by property."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.discrete.conditional_models import ConditionalLogit

from lib.errors import EstimationError
from lib.inference.conditional_logit import conditional_logit
from lib.inference.engine import events_distribution
from lib.inference.stratified import SetCounts, exact_odds_ratio

SAME = 1e-9  # two double-precision routes to one number
THEIRS = 1e-6  # statsmodels takes its Hessian numerically

any_counts = st.lists(st.tuples(st.integers(0, 1), st.integers(0, 3), st.just(3)), min_size=2, max_size=12)


def counts_of(sets: list[tuple[int, int, int]]) -> SetCounts:
    a, b, n0 = (np.array(column, dtype=float) for column in zip(*sets, strict=True))
    return SetCounts(a, np.ones(len(a)), b, n0)


def speaks(counts: SetCounts) -> bool:
    told = (counts.events > 0) & (counts.events < counts.n)
    return 0 < counts.a[told].sum() < told.sum()


def test_pairs_by_hand() -> None:
    """6 pairs with the treated event only, 2 with the control event only: OR 6/2, variance of its log 1/6 + 1/2."""
    fit = conditional_logit(counts_of([(1, 0, 1)] * 6 + [(0, 1, 1)] * 2 + [(1, 1, 1)] * 3))
    assert np.exp(fit.log_or) == pytest.approx(3)
    assert fit.se == pytest.approx(np.sqrt(1 / 6 + 1 / 2))


@given(any_counts)
def test_the_estimate_is_the_exact_one_and_the_event_can_be_turned(sets: list[tuple[int, int, int]]) -> None:
    counts = counts_of(sets)
    if not speaks(counts):
        with pytest.raises(EstimationError, match="no maximum"):
            conditional_logit(counts)
        return
    fit = conditional_logit(counts)
    null = events_distribution(counts.events.astype(int), counts.n.astype(int))
    assert np.exp(fit.log_or) == pytest.approx(exact_odds_ratio(null, int(counts.a.sum())).estimate, rel=1e-7)
    turned = conditional_logit(counts_of([(1 - a, n0 - b, n0) for a, b, n0 in sets]))
    assert (turned.log_or, turned.se) == pytest.approx((-fit.log_or, fit.se), abs=1e-8)


def test_against_statsmodels() -> None:
    rng = np.random.default_rng(2)
    drawn = [(int(rng.random() < 0.5), int(rng.binomial(3, 0.3)), 3) for _ in range(50)]
    sets = [(a, b, n0) for a, b, n0 in drawn if 0 < a + b < 1 + n0]  # statsmodels warns of sets that say nothing
    event = np.concatenate([[a] + [1] * b + [0] * (n0 - b) for a, b, n0 in sets])
    treated, groups = np.tile([1.0, 0, 0, 0], len(sets))[:, None], np.repeat(np.arange(len(sets)), 4)
    theirs = ConditionalLogit(event, treated, groups=groups).fit(disp=False, method="newton")
    fit = conditional_logit(counts_of(sets))
    assert fit.log_or == pytest.approx(theirs.params[0], abs=THEIRS)
    assert fit.se == pytest.approx(theirs.bse[0], rel=THEIRS)
