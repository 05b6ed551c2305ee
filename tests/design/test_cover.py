"""Full matching against an integer programme, with and without limits, and the sentences for limits nobody can keep."""

import re
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from lib.design import limited
from lib.design.arcs import lay_out, lengths, nearest
from lib.design.cover import cover_pairs
from lib.design.refusal import Limits
from lib.design.seats import seated_cover
from lib.errors import EstimationError
from tests.design.cases import Case, random_case

ROUNDING = 1e-8  # totals of some dozens of distances of size 1; HiGHS keeps rows to 1e-9 of the longest
FREE = {"min_controls": 1, "max_controls": None, "max_treated": None, "omit": 0}


def made(case: Case, limits: dict) -> float:
    """The total of the pairs made, after a check that they are stars within the limits that use everyone."""
    treated, control = cover_pairs(case.position, case.treated, **limits, **case.call)
    limits = FREE | limits
    uses = np.bincount(treated, minlength=len(case.treated)), np.bincount(control, minlength=len(case.treated))
    assert not ((uses[0][treated] > 1) & (uses[1][control] > 1)).any()
    distance = np.isfinite(case.distance())
    assert np.count_nonzero(uses[0]) == distance.any(axis=1).sum()
    assert np.count_nonzero(uses[1]) == max(0, distance.any(axis=0).sum() - limits["omit"])
    assert uses[0][treated].min(initial=99) >= limits["min_controls"] or not len(treated)
    assert uses[0].max() <= (limits["max_controls"] or 99)
    assert uses[1].max() <= (limits["max_treated"] or 99)
    return case.total(treated, control)


def by_programme(case: Case, limits: dict) -> float | None:
    """The least total by HiGHS over every permitted arc, each control whole or omitted; None where there is none."""
    limits, distance = FREE | limits, case.distance()
    distance = distance[np.isfinite(distance).any(axis=1)][:, np.isfinite(distance).any(axis=0)]
    (n1, n0), (t, c) = distance.shape, np.nonzero(np.isfinite(distance))
    if not len(t):
        return 0.0
    of_treated, of_control = t == np.arange(n1)[:, None], c == np.arange(n0)[:, None]
    most = 1 if limits["min_controls"] > 1 else limits["max_treated"] or n1
    stays = np.eye(n0)
    rules = [
        LinearConstraint(np.c_[of_treated, np.zeros((n1, n0))], limits["min_controls"], limits["max_controls"] or n0),
        LinearConstraint(np.c_[of_control, -stays], 0, np.inf),
        LinearConstraint(np.c_[of_control, -most * stays], -np.inf, 0),
        LinearConstraint(np.r_[np.zeros(len(t)), np.ones(n0)], n0 - limits["omit"], n0 - limits["omit"]),
    ]
    found = milp(np.r_[distance[t, c], np.zeros(n0)], constraints=rules, bounds=Bounds(0, 1), integrality=1)
    return found.fun


def random_limits(seed: int) -> dict:
    """Limits for a small case, often too tight."""
    rng = np.random.default_rng(seed)
    drawn = {
        "min_controls": int(rng.integers(1, 4)),
        "max_controls": int(rng.integers(1, 6)),
        "max_treated": int(rng.integers(1, 4)),
        "omit": int(rng.integers(0, 6)),
    }
    chosen = {name: value for name, value in drawn.items() if rng.random() < 0.5}
    if "min_controls" in chosen and "max_controls" in chosen:
        chosen["max_controls"] = max(chosen["min_controls"], chosen["max_controls"])
    return chosen


@pytest.mark.parametrize("start", range(0, 500, 100))
def test_as_close_as_an_integer_programme(start: int) -> None:
    for seed in range(start, start + 100):
        case = random_case(seed, 7, 10)
        assert made(case, {}) == pytest.approx(by_programme(case, {}), abs=ROUNDING), seed


def changed(limits: dict, error: EstimationError) -> dict:
    """The limits with what the hint says."""
    said = re.findall(r"`(\w+)` to (no limit|\d+)", error.hint)
    omitted = re.search(r"`omit_fraction` to [\d.]+ \((\d+) controls?\)", error.hint)
    omit = (
        {"omit": int(omitted[1])}
        if omitted
        else {"omit": 0}
        if re.search(r"`omit_fraction` to 0(?!\.\d)", error.hint)
        else {}
    )
    return limits | {n: None if v == "no limit" else int(v) for n, v in said if n != "omit_fraction"} | omit


@pytest.mark.parametrize("start", range(0, 500, 100))
def test_limits_are_kept_at_least_cost_or_refused(start: int) -> None:
    """Where the programme finds nothing, the error names values that it finds something with, and nothing nearer."""
    for seed in range(start, start + 100):
        case, limits = random_case(seed, 5, 10), random_limits(seed)
        expected = by_programme(case, limits)
        if expected is not None:
            assert made(case, limits) == pytest.approx(expected, abs=ROUNDING), seed
            continue
        with pytest.raises(EstimationError) as caught:
            made(case, limits)
        better = changed(limits, caught.value)
        assert by_programme(case, better) is not None, (seed, limits, better)
        assert made(case, better) == pytest.approx(by_programme(case, better), abs=ROUNDING), seed
        for nearer in between(FREE | limits, FREE | better):
            assert by_programme(case, nearer) is None, (seed, limits, better, nearer)


def between(limits: dict, better: dict) -> list[dict]:
    """Where one limit changed, every value of it nearer to the one asked for."""
    names = [name for name in FREE if limits[name] != better[name]]
    if len(names) > 1:
        return []
    (name,) = names
    reach = abs(better[name] - limits[name])
    values = [limits[name] + sign * step for step in range(1, reach) for sign in (1, -1)]
    return [limits | {name: v} for v in values if v >= (name != "omit")]


def test_by_hand() -> None:
    """Treated at 0 and 10, controls at 1, 2, 9: the left treated takes two, the right one; 1 + 2 + 1."""
    position = np.array([[0.0], [10.0], [1.0], [2.0], [9.0]])
    treated = np.array([True, True, False, False, False])
    pairs = cover_pairs(position, treated)
    assert (pairs[0].tolist(), pairs[1].tolist()) == ([0, 0, 1], [2, 3, 4])


def test_one_control_is_shared_where_treated_are_many() -> None:
    position = np.array([[0.0], [1.0], [2.0], [1.5]])
    pairs = cover_pairs(position, np.array([True, True, True, False]))
    assert (pairs[0].tolist(), pairs[1].tolist()) == ([0, 1, 2], [3, 3, 3])


def test_patients_at_one_place_still_make_stars() -> None:
    case = Case(np.zeros((30, 2)), np.arange(30) < 10, np.ones((30, 30), bool), {})
    assert made(case, {}) == 0
    assert made(case, {"max_controls": 2, "omit": 3, "max_treated": 2}) == 0


def test_a_unit_without_a_permitted_arc_is_left_out() -> None:
    position, treated = np.array([[0.0], [9.0], [0.5], [4.0]]), np.array([True, True, False, False])
    pairs = cover_pairs(position, treated, fence=(position[:, 0], 1.0))
    assert (pairs[0].tolist(), pairs[1].tolist()) == ([0], [2])


@pytest.mark.parametrize("arm", [True, False])
def test_an_empty_arm_makes_no_pairs(arm: bool) -> None:
    assert len(cover_pairs(np.zeros((3, 1)), np.full(3, arm))[0]) == 0


def test_no_permitted_arc_makes_no_pairs() -> None:
    score = np.array([0.0, 5.0])
    assert len(cover_pairs(np.zeros((2, 1)), score > 1, fence=(score, 1.0))[0]) == 0


def test_the_sentence_names_the_limit() -> None:
    rng = np.random.default_rng(0)
    with pytest.raises(EstimationError) as caught:
        cover_pairs(rng.normal(size=(119, 3)), np.arange(119) < 8, max_controls=5)
    assert "`max_controls` must be at least 14, not 5" in str(caught.value)
    assert caught.value.hint.startswith("Set `max_controls` to 14")


def test_wider_limits_never_cost_more() -> None:
    rng = np.random.default_rng(4)
    case = Case(rng.normal(size=(330, 4)), np.arange(330) < 30, np.ones((330, 330), bool), {})
    totals = [made(case, {"max_controls": most, "max_treated": 3}) for most in (10, 12, 20, 60)]
    assert all(wide <= tight + ROUNDING for tight, wide in pairwise(totals))
    assert totals[-1] == pytest.approx(made(case, {}), abs=0.5)


@pytest.mark.parametrize("limits", [{"max_controls": 12}, {"min_controls": 3, "max_controls": 11}])
def test_seats_and_flow_agree_where_the_first_arcs_are_too_few(limits: dict) -> None:
    """Two ways to one optimum, neither of which begins with enough arcs: the treated crowd at one edge."""
    rng = np.random.default_rng(8)
    position = np.concatenate([rng.normal(1.2, 0.6, (40, 3)), rng.normal(size=(400, 3))])
    field = lay_out(position, np.arange(440) < 40, None, None)
    cheapest = nearest(field, 0, np.arange(40), 1)[0]
    by_seats = seated_cover(field, Limits(**limits), cheapest)
    by_flow = limited._optimum(field, Limits(**limits))
    assert by_seats.length.sum() == pytest.approx(by_flow.length.sum(), abs=1e-6)


def test_limits_that_bind_nobody_change_nothing() -> None:
    """The edge cover and the flow, which at first sees a few arcs of each."""
    rng = np.random.default_rng(9)
    field = lay_out(rng.normal(size=(660, 4)), np.arange(660) < 60, None, None)
    treated, control = cover_pairs(np.concatenate(field.points), np.arange(660) < 60)
    total = lengths(field, treated, control - 60).sum()
    assert limited._optimum(field, Limits()).length.sum() == pytest.approx(total, abs=1e-6)


def test_omitting_more_than_leaves_a_control_for_each_is_a_choice_up_to_a_size() -> None:
    rng = np.random.default_rng(1)
    case = Case(rng.normal(size=(30, 2)), np.arange(30) < 12, np.ones((30, 30), bool), {})
    assert made(case, {"omit": 14}) == pytest.approx(by_programme(case, {"omit": 14}), abs=ROUNDING)
    with pytest.raises(EstimationError, match="too many choices") as caught:
        cover_pairs(rng.normal(size=(400, 2)), np.arange(400) < 180, omit=170)
    assert caught.value.hint == "Up to 40 omitted always works."


@given(seed=st.integers(0, 10_000), order=st.integers(0, 10_000))
@settings(max_examples=40, deadline=None)
def test_the_order_of_rows_decides_nothing(seed: int, order: int) -> None:
    case = random_case(seed)
    assert made(case.shuffled(order), {}) == pytest.approx(made(case, {}), abs=ROUNDING)
