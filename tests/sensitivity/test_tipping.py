"""Tipping points: the fewest changes against every way of changing patients, by hand, and for hundreds of sets."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.errors import EstimationError
from lib.inference.binary_tests import mcnemar_pairs
from lib.inference.sets import Blocks
from lib.inference.stratified import events_null, set_counts
from lib.sensitivity import tipping as module
from lib.sensitivity.tipping import COLUMNS, Tipping, exact_p, mcnemar_p, state_of, tipping, tipping_points
from tests.inference.builders import deaths_per_set, even_sets
from tests.inference.several import blocks_of

SMALL = Blocks(np.arange(10), np.array([3, 3, 2, 2]), np.ones(4, int), np.arange(4))
SEVERAL = Blocks(np.arange(10), np.array([4, 3, 3]), np.array([2, 2, 1]), np.arange(3))
ROUNDING = 1e-12


def p_of(event: np.ndarray, blocks: Blocks, convention: str) -> float:
    """The p of the Answer page."""
    if convention == "published":
        return mcnemar_pairs(event, blocks).p_value
    counts = set_counts(event[blocks.row], blocks)
    return events_null(counts).minlike(int(counts.a.sum()))


def fewest_by_trying_all(event: np.ndarray, blocks: Blocks, convention: str, patients: np.ndarray, limit: float):
    """The smallest number of patients whose changed outcome takes p across the limit, and the furthest p; or None."""
    before = p_of(event, blocks, convention) < limit
    for number in range(1, len(patients) + 1):
        found = []
        for chosen in combinations(patients, number):
            changed = event.copy()
            changed[list(chosen)] = 1 - changed[list(chosen)]
            p = p_of(changed, blocks, convention)
            if not np.isnan(p) and (p < limit) != before:
                found.append(p)
        if found:
            return number, (max if before else min)(found)
    return None


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.integers(0, 1), min_size=10, max_size=10),
    st.sampled_from([0.05, 0.3, 0.6]),
    st.sampled_from(["by set", "published"]),
)
def test_no_way_with_fewer_changes(events, limit, convention):
    event = np.array(events, dtype=float)
    p = p_of(event, SMALL, convention)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "ALPHA", limit)
        probability = exact_p if convention == "by set" else mcnemar_p
        found = tipping(convention, probability, state_of(set_counts(event, SMALL)))
    assert found.p == pytest.approx(p, abs=ROUNDING, nan_ok=True)
    groups = {"any": np.arange(10), "treated": SMALL.starts, "control": np.flatnonzero(~SMALL.treated)}
    for row in found.needed.itertuples():
        expected = None if np.isnan(p) else fewest_by_trying_all(event, SMALL, convention, groups[row.who], limit)
        assert row.exact
        if expected is None:
            assert np.isnan(row.changes)
        else:
            assert (row.changes, row.p) == pytest.approx(expected, abs=ROUNDING)
            changes = (row.treated_more, row.treated_fewer, row.control_more, row.control_fewer)
            assert sum(changes) == row.changes


@settings(max_examples=15, deadline=None)
@given(st.lists(st.integers(0, 1), min_size=10, max_size=10), st.sampled_from([0.05, 0.3, 0.6]))
def test_no_way_with_fewer_changes_where_sets_have_several_treated(events, limit):
    event, blocks = np.array(events, dtype=float), SEVERAL
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "ALPHA", limit)
        found = tipping("by set", exact_p, state_of(set_counts(event, blocks)))
    groups = {"any": np.arange(10), "treated": blocks.treated_at, "control": np.flatnonzero(~blocks.treated)}
    for row in found.needed.itertuples():
        expected = fewest_by_trying_all(event, blocks, "by set", groups[row.who], limit)
        assert row.exact
        assert (row.changes, row.p) == pytest.approx(expected or (np.nan, np.nan), abs=ROUNDING, nan_ok=True)


def test_one_treated_death_undoes_seven_control_deaths():
    """0/8 v 3, 3 and 1 deaths in three sets: p 0.047 (R); one death among the treated and it is gone."""
    by_set, published = tipping_points(deaths_per_set([3, 3, 1, 0, 0, 0, 0, 0]), even_sets(8, 3).blocks())
    assert by_set.p == pytest.approx(0.046875)
    needed = by_set.needed.set_index("who")
    assert needed["changes"].tolist() == [1, 1, 1]
    assert "1 treated patient with the event instead of without" in by_set.sentence
    assert "at 0.05 or above" in by_set.sentence
    assert published.needed.set_index("who").loc["control", "changes"] == 4


def test_the_study_needs_four_more_deaths():
    """0/8 v 5/24 spread over five sets: p 0.34 by set, 0.025 as published, which one treated death would undo."""
    by_set, published = tipping_points(deaths_per_set([1, 1, 1, 1, 1, 0, 0, 0]), even_sets(8, 3).blocks())
    assert by_set.needed.set_index("who").loc["control", "changes"] == 4
    assert "below 0.05" in by_set.sentence
    assert published.p == pytest.approx(0.0253473)
    assert published.needed.set_index("who").loc["treated", "changes"] == 1


def test_range_when_outcomes_were_recorded_wrongly():
    event = deaths_per_set([1, 0], 2)
    found, _ = tipping_points(event, even_sets(2, 2).blocks())
    assert found.spread["changes"].tolist() == [0, 1, 2, 3]
    assert (np.diff(found.spread["p_low"]) <= ROUNDING).all()
    assert (np.diff(found.spread["p_high"]) >= -ROUNDING).all()
    everyone = [p_of(np.abs(event - flip), even_sets(2, 2).blocks(), "by set") for flip in np.eye(6)]
    assert found.spread["p_low"][1] == pytest.approx(min([found.p, *everyone]))


def test_what_cannot_be_tipped():
    found, published = tipping_points(deaths_per_set([0, 0], 1), even_sets(2, 1).blocks())
    assert found.p == 1
    assert np.isnan(found.needed["changes"]).all()
    assert "no number of other outcomes" in found.sentence
    assert np.isnan(published.p)
    assert "no p-value" in published.sentence
    nothing = Blocks(np.zeros(0, int), np.zeros(0, int), np.zeros(0, int), np.zeros(0, int))
    with pytest.raises(EstimationError, match="No matched set"):
        tipping_points(np.zeros(0), nothing)


def test_sets_of_many_sizes_end_the_search_or_are_refused(monkeypatch):
    """Sets of 1:1 to 1:8 of whom nobody has the event: p is 1, and two changes are enough; a search that may try one
    state ends before."""
    blocks = blocks_of([(1, k) for k in range(1, 9)])
    event = np.zeros(len(blocks.row))
    assert tipping_points(event, blocks)[0].needed["changes"].notna().any()
    monkeypatch.setattr(module, "MOST_TRIED", 1)
    assert tipping_points(event, blocks)[0].needed["changes"].isna().all()
    many = blocks_of([(1, k) for k in range(1, 26)])
    with pytest.raises(EstimationError, match="25 sets are of 25 different kinds"):
        tipping_points(np.zeros(len(many.row)), many)


def test_hundreds_of_sets_follow_the_most_promising_ways():
    rng = np.random.default_rng(1)
    blocks = even_sets(300, 1).blocks()
    event = (rng.random(600) < 0.3).astype(float)
    found, _ = tipping_points(event, blocks)
    needed = found.needed.set_index("who")
    assert needed.loc["any", "changes"] <= min(needed.loc["treated", "changes"], needed.loc["control", "changes"])
    assert (needed["p"] < 0.05).all() != (found.p < 0.05)
    assert ("At most" in found.sentence) == (not needed.loc["any", "exact"])


@pytest.mark.parametrize(("p", "goal"), [(0.05, "put it below 0.05"), (0.049, "put it at 0.05 or above")])
def test_a_p_of_005_is_on_the_far_side(p, goal):
    needed = pd.DataFrame([("any", np.nan, 0, 0, 0, 0, np.nan, True)], columns=COLUMNS)
    assert goal in Tipping("by set", p, needed, pd.DataFrame()).sentence
