"""The ways in which events fall over sets: counted against partitions listed one by one."""

from itertools import combinations_with_replacement

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.inference.design_power import falls
from lib.inference.placements import (
    all_ways,
    box_counts,
    chances,
    even_placements,
    neighbours,
    placements,
    simplest_ways,
    spread,
    ways_at_most,
)

EXACT = 1e-12


@pytest.mark.parametrize(("parts", "largest"), [(1, 1), (3, 2), (2, 5), (4, 4)])
def test_numbers_in_a_box(parts, largest):
    sums = [sum(c) for c in combinations_with_replacement(range(largest + 1), parts)]
    assert box_counts(parts, largest, 30) == [sums.count(total) for total in range(31)]


def test_five_events_over_eight_sets_fall_in_five_ways():
    ways = all_ways([3] * 8, 5, 0)
    assert [ways.per_set(w)[:5] for w in range(len(ways))] == [
        (3, 2, 0, 0, 0),
        (3, 1, 1, 0, 0),
        (2, 2, 1, 0, 0),
        (2, 1, 1, 1, 0),
        (1, 1, 1, 1, 1),
    ]
    assert ways_at_most([3] * 8, 5, 0) == 5


def test_a_set_in_which_everybody_has_the_event_has_a_treated_event():
    per_set = [all_ways([1, 1], 2, 1).per_set(w) for w in range(len(all_ways([1, 1], 2, 1)))]
    assert per_set == [(2, 0), (1, 1)]
    assert [all_ways([1, 1], 2, 0).per_set(0)] == [(1, 1)]
    assert len(all_ways([1, 1], 1, 2)) == 0, "two treated events need two events"


def test_no_way_where_the_events_do_not_fit():
    assert len(all_ways([2, 1], 9, 2)) == 0


@given(st.lists(st.integers(1, 3), min_size=1, max_size=5), st.data())
def test_without_treated_events_they_are_the_falls(controls, data):
    events = data.draw(st.integers(0, sum(controls)))
    ways = all_ways(controls, events, 0)
    found = chances(ways)
    ours = {ways.per_set(w): (found.p[w], found.share[w]) for w in range(len(ways))}
    theirs = {fall.per_set: (fall.p_value, fall.share) for fall in falls(controls, events)}
    assert ours.keys() == theirs.keys()
    assert np.array([ours[k] for k in theirs]) == pytest.approx(np.array(list(theirs.values())), rel=1e-9)
    assert ways_at_most(controls, events, 0) == len(ways) == placements(ways)


@given(st.integers(1, 4), st.integers(1, 6), st.data())
def test_placements_of_equal_sets_two_ways(each, sets, data):
    a, b = data.draw(st.integers(0, sets)), data.draw(st.integers(0, each * sets))
    ways = all_ways([each] * sets, a + b, a)
    assert placements(ways) == even_placements(each, sets, b, a)
    assert len(ways) <= ways_at_most([each] * sets, a + b, a)


@given(st.integers(1, 4), st.integers(2, 7), st.data())
def test_the_simplest_ways_are_ways_and_hold_the_least_and_the_most_spread(each, sets, data):
    a, b = data.draw(st.integers(0, sets)), data.draw(st.integers(0, each * sets))
    every, some = all_ways([each] * sets, a + b, a), simplest_ways(each + 1, sets, a + b, a)
    listed = {tuple(row) for row in every.counts.tolist()}
    assert {tuple(row) for row in some.counts.tolist()} <= listed
    if not a:
        assert spread(some).min() == pytest.approx(spread(every).min(), abs=EXACT)
        assert spread(some).max() == pytest.approx(spread(every).max(), abs=EXACT)


def test_p_does_not_depend_on_how_many_ways_are_worked_out_at_once(monkeypatch):
    ways = all_ways([3] * 8, 13, 2)
    whole = chances(ways)
    monkeypatch.setattr("lib.inference.placements.AT_ONCE", 30)
    parts = chances(ways)
    assert np.array_equal(whole.p, parts.p) or whole.p == pytest.approx(parts.p, rel=EXACT)
    assert whole.share == pytest.approx(parts.share, rel=EXACT)
    assert whole.share.sum() == pytest.approx(1)


def test_a_neighbour_has_one_event_in_another_set():
    ways = all_ways([3] * 8, 5, 0)
    near = neighbours(ways, 0)
    assert ways.per_set(0)[:3] == (3, 2, 0)
    assert {near.per_set(w)[:4] for w in range(len(near))} == {(3, 1, 1, 0), (2, 2, 1, 0)}
    ways = all_ways([1, 1], 2, 1)
    assert [neighbours(ways, 0).per_set(w) for w in range(len(neighbours(ways, 0)))] == [(1, 1)]


@given(st.integers(1, 4), st.integers(2, 6), st.data())
def test_neighbours_are_ways(each, sets, data):
    a, b = data.draw(st.integers(0, sets)), data.draw(st.integers(0, each * sets))
    every = all_ways([each] * sets, a + b, a)
    listed = {tuple(row) for row in every.counts.tolist()}
    near = neighbours(every, data.draw(st.integers(0, len(every) - 1)))
    assert {tuple(row) for row in near.counts.tolist()} <= listed
