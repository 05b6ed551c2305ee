"""Ties that file order decided, against counting them one pair at a time."""

import numpy as np
import pytest

from lib.design.rules import Rules
from lib.design.strata import indistinguishable

CASES = 40


@pytest.mark.parametrize("seed", range(CASES))
def test_a_tie_is_a_pair_whose_control_has_an_unused_double(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n, dimensions = 30, seed % 3 + 1
    position = rng.integers(0, 3, size=(n, dimensions)).astype(float)
    limited, stratum = rng.integers(0, 2, size=(n, seed % 2)).astype(float), rng.integers(0, 2, size=n)
    treated, discarded = rng.random(n) < 0.2, rng.random(n) < 0.1
    rules = Rules(treated, discarded, stratum, position[:, 0], np.nan, 1.0, limited, np.ones(seed % 2))
    pool = np.flatnonzero(~treated & ~discarded)
    used = rng.choice(pool, size=len(pool) // 2, replace=False)
    spare = np.setdiff1d(pool, used)
    expected = sum(any(_alike(rules, position, a, b) for b in spare) for a in used)
    assert indistinguishable(rules, position, used) == expected


def test_without_doubles_nothing_ties() -> None:
    position = np.arange(6.0)[:, None]
    arms = np.arange(6) < 2
    rules = Rules(arms, ~arms & False, np.zeros(6, int), position[:, 0], np.nan, 1.0, np.empty((6, 0)), np.empty(0))
    assert indistinguishable(rules, position, np.array([2, 3])) == 0


def _alike(rules: Rules, position: np.ndarray, one: int, other: int) -> bool:
    same = (position[one] == position[other]).all() and (rules.limited[one] == rules.limited[other]).all()
    return bool(same and rules.stratum[one] == rules.stratum[other])
