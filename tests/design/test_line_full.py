"""Optimal full matching on one score: against integer programming; restrictions; what holds whatever the rows."""

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.design.line import full_pairs
from lib.errors import EstimationError

from .brute import best_full, with_partner

CLOSE = 1e-7  # totals of at most 30 distances of size 1, summed in another order


def small_case(seed):
    """(x, treated, rng): a few patients, every third time tied, some with few controls or one treated."""
    rng = np.random.default_rng(seed)
    n1, n0 = int(rng.integers(1, 7)), int(rng.integers(1, 12))
    x = np.append(rng.normal(0.6, 1, n1), rng.normal(0, 1, n0))
    if seed % 3 == 0:
        x = np.round(x, 1)
    if seed % 25 == 0:
        x = np.zeros(len(x))
    return x, rng.permutation(np.arange(n1 + n0) < n1), rng


def limits(rng, *, caliper):
    """Some restrictions, as best_full names them."""
    some = {"omit": int(rng.integers(0, 4)), "width": float(rng.uniform(0.05, 1.2)) if caliper else np.inf}
    if rng.random() < 0.3:
        least = int(rng.integers(2, 4))
        return {"least": least, "most": None if rng.random() < 0.5 else least + int(rng.integers(0, 4)), **some}
    most = None if rng.random() < 0.4 else int(rng.integers(1, 8))
    return {"least": 1, "most": most, "shared": None if rng.random() < 0.4 else int(rng.integers(1, 4)), **some}


def solve(x, treated, least=1, most=None, shared=None, omit=0, width=np.inf):
    return full_pairs(
        x,
        treated,
        min_controls=least,
        max_controls=most,
        max_treated=shared,
        omit=omit,
        width=None if width == np.inf else width,
    )


def assert_full(x, treated, pairs, least=1, most=None, shared=None, omit=0, width=np.inf):
    """Everybody who has a partner is used, `omit` controls apart; sets are stars; nothing is too wide. The total."""
    t, c = pairs
    distance = np.abs(x[t] - x[c])
    kept = with_partner(x, treated, width)
    of_treated, of_control = np.bincount(t, minlength=len(x)), np.bincount(c, minlength=len(x))
    assert (distance <= width).all()
    assert (of_treated[treated & kept] >= least).all() and (of_treated[~treated | ~kept] == 0).all()
    assert (of_control[treated | ~kept] == 0).all()
    assert (of_control[~treated & kept] == 0).sum() == omit
    assert most is None or of_treated.max() <= most
    assert shared is None or of_control.max() <= shared
    assert not ((of_treated[t] > 1) & (of_control[c] > 1)).any()
    return distance.sum()


def assert_agrees(x, treated, **case):
    """The total of the integer programme, or an error whose nearest value works while the next does not."""
    best = best_full(x, treated, **case)
    try:
        pairs = solve(x, treated, **case)
    except EstimationError as error:
        assert_nearest(x, treated, best, error, case)
        return False
    if not len(pairs[0]):
        assert not with_partner(x, treated, case.get("width", np.inf)).any()
        return False
    assert best is not None
    assert assert_full(x, treated, pairs, **case) == pytest.approx(best, abs=CLOSE)
    return True


NAMES = {"max_controls": "most", "min_controls": "least", "max_treated": "shared", "omit_fraction": "omit"}
SET = re.compile(r"`(\w+)` to (no limit|[\d.]*\d)(?: \((\d+) controls?\))?")


def assert_nearest(x, treated, best, error, case):
    if error.args[0].startswith("Leaving out"):  # possible, but farther: not below the least total
        value = int(re.search(r"at most ([\d,]+)", error.hint)[1].replace(",", ""))
        nearest = best_full(x, treated, **{**case, "omit": value})
        assert nearest is not None and (best is None or best >= nearest - CLOSE)
        assert value < case["omit"]
        return
    assert best is None
    said = SET.findall(error.hint.split(", or ")[0])
    changes = {NAMES[name]: None if value == "no limit" else int(omitted or value) for name, value, omitted in said}
    assert best_full(x, treated, **{**case, **changes}) is not None
    if len(changes) == 1:
        [(name, value)] = changes.items()
        towards = -1 if name in ("most", "shared") or value > case.get(name, 0) else 1
        assert best_full(x, treated, **{**case, name: value + towards}) is None
    also = re.search(r"leave out ([\d,]+) control", error.hint)
    if also:
        assert best_full(x, treated, **{**case, "omit": int(also[1])}) is not None
        assert best_full(x, treated, **{**case, "omit": int(also[1]) - 1}) is None


@pytest.mark.parametrize("block", range(10))
@pytest.mark.parametrize("caliper", [False, True])
def test_the_least_total_as_by_integer_programming(block, caliper):
    for seed in range(52 * block, 52 * block + 52):
        x, treated, rng = small_case(seed)
        assert_agrees(x, treated, width=float(rng.uniform(0.05, 1.2)) if caliper else np.inf)


@pytest.mark.parametrize("block", range(10))
@pytest.mark.parametrize("caliper", [False, True])
def test_limits_and_controls_left_out_as_by_integer_programming(block, caliper):
    for seed in range(52 * block, 52 * block + 52):
        x, treated, rng = small_case(1000 + seed)
        assert_agrees(x, treated, **limits(rng, caliper=caliper))


def test_the_flow_alone_would_exceed_this_caliper():
    """Treated 0, 0.05, 0.9, controls 1, 1.8, 1.85, caliper 1: the flow costs 3.7, a pair 1.75 wide; the answer 3.8."""
    x, treated = np.array([0, 0.05, 0.9, 1.0, 1.8, 1.85]), np.array([1, 1, 1, 0, 0, 0], bool)
    assert assert_full(x, treated, solve(x, treated, width=1.0), width=1.0) == pytest.approx(3.8)
    assert best_full(x, treated, width=1.0) == pytest.approx(3.8)


def test_by_hand():
    """Treated 0 and 10, controls 1, 2, 9: sets {0; 1, 2} and {10; 9}; treated 0, 1 with one control 0.4: one set."""
    pairs = full_pairs(np.array([0.0, 10, 1, 2, 9]), np.array([1, 1, 0, 0, 0], bool))
    assert [a.tolist() for a in pairs] == [[0, 0, 1], [2, 3, 4]]
    pairs = full_pairs(np.array([0.0, 1, 0.4]), np.array([1, 1, 0], bool))
    assert [a.tolist() for a in pairs] == [[0, 1], [2, 2]]
    pairs = full_pairs(np.array([0.0, 10, 1, 2, 9]), np.array([1, 1, 0, 0, 0], bool), omit=1)
    assert [a.tolist() for a in pairs] == [[0, 1], [2, 4]]


@pytest.mark.parametrize(
    ("restriction", "message", "hint"),
    [
        (
            {"max_controls": 2},
            "`max_controls` must be at least 3, not 2",
            "Set `max_controls` to 3, or leave out 2 controls (`omit_fraction` 0.4)",
        ),
        (
            {"max_controls": 1, "omit": 3},
            "`omit_fraction` must be at least 0.8 (4 controls), not 0.6 (3 controls)",
            "Set `omit_fraction` to 0.8 (4 controls)",
        ),
        ({"min_controls": 4}, "`min_controls` must be at most 3, not 4", "Set `min_controls` to 3"),
        (
            {"min_controls": 2, "max_treated": 1, "omit": 3},
            "must be at most 0.4 (2 controls), not 0.6 (3 controls)",
            "Set `omit_fraction` to 0.4 (2 controls).",
        ),
        ({"min_controls": 3, "omit": 1}, "`omit_fraction` must be at most 0, not 0.2 (1 control)", "fraction` to 0."),
        ({"omit": 6, "max_treated": 1}, "must be at most 0.8 (4 controls)", "Set `omit_fraction` to 0.8 (4 controls)"),
    ],
)
def test_a_restriction_that_cannot_be_met_is_named_with_the_nearest_value(restriction, message, hint):
    x, treated = np.array([0.0, 1, 0.1, 0.2, 0.3, 0.7, 0.8, 0.9]), np.array([1, 1, 0, 0, 0, 0, 0, 0], bool)
    with pytest.raises(EstimationError, match=re.escape(message)) as caught:
        full_pairs(x, treated, **restriction)
    assert hint in caught.value.hint


def test_too_few_controls_for_the_treated():
    x, treated = np.arange(5.0), np.array([1, 1, 1, 1, 0], bool)
    with pytest.raises(EstimationError, match="`max_treated` must be at least 4, not 3") as caught:
        full_pairs(x, treated, max_treated=3)
    assert "Set `max_treated` to 4" in caught.value.hint
    assert [len(rows) for rows in full_pairs(x, np.ones(5, bool))] == [0, 0], "without an arm nobody is paired"


scores = st.lists(st.tuples(st.integers(-30, 30), st.booleans()), min_size=2, max_size=60)


@given(scores, st.integers(0, 12) | st.none(), st.randoms(use_true_random=False))
@settings(max_examples=150)
def test_the_order_of_rows_does_not_change_the_total(patients, width, random):
    x, treated = np.array([p[0] for p in patients], float), np.array([p[1] for p in patients])
    limit = np.inf if width is None else width
    if not with_partner(x, treated, limit).any():
        return
    order = np.array(random.sample(range(len(x)), len(x)))
    first = assert_full(x, treated, full_pairs(x, treated, width=width), width=limit)
    again = assert_full(x[order], treated[order], full_pairs(x[order], treated[order], width=width), width=limit)
    assert first == again
