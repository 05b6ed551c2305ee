"""Optimal pairs through `match`, with every rule that it takes, against assignment and against the greedy method."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.design import match
from lib.design.nearest import Nearest
from lib.design.optimal import Optimal
from lib.errors import EstimationError
from tests.builders import cohort_on_a_line, make_cohort, make_score
from tests.design.studies import DISTANCE, Small, best_pairs, settings_of, small_studies
from tests.invariants import allowed_pairs, assert_good_match

SAME = 1e-8  # of a total of few distances near 1: eigenvectors and a pseudo-inverse round differently
CHOSEN = st.fixed_dictionaries(DISTANCE | {"ratio": st.integers(1, 3)})


@settings(max_examples=120)
@given(small_studies(), CHOSEN)
def test_the_most_pairs_and_the_least_total_as_by_assignment(study: Small, chosen: dict) -> None:
    chosen = chosen | {"ratio": min(chosen["ratio"], int((~study.treated).sum()))}
    asked = settings_of(Optimal, chosen)
    allowed = allowed_pairs(study.cohort, study.score, asked)
    try:
        made = match(study.cohort, study.score, asked, 1)
    except EstimationError as error:
        assert error.hint and (not allowed.any() or "Mahalanobis" in str(error))
        return
    assert_good_match(study.cohort, study.score, asked, made)
    pairs, total = best_pairs(study.gaps(asked), allowed, asked.ratio)
    assert len(made.pairs) == pairs
    assert study.total(asked, made.pairs) == pytest.approx(total, abs=SAME)


@settings(max_examples=80)
@given(small_studies(most=20), CHOSEN, st.sampled_from(["largest", "smallest", "closest", "data", "random"]))
def test_never_fewer_pairs_than_greedy_nor_a_larger_total_for_as_many(study: Small, chosen: dict, order: str) -> None:
    """Invariant 6."""
    chosen = chosen | {"ratio": min(chosen["ratio"], int((~study.treated).sum()))}
    greedy, optimal = Nearest(order=order, **chosen), Optimal(**chosen)
    try:
        ours = match(study.cohort, study.score, optimal, 1)
    except EstimationError:
        with pytest.raises(EstimationError):
            match(study.cohort, study.score, greedy, 1)
        return
    theirs = match(study.cohort, study.score, greedy, 1)
    assert len(ours.pairs) >= len(theirs.pairs)
    if len(ours.pairs) == len(theirs.pairs):
        assert study.total(optimal, ours.pairs) <= study.total(greedy, theirs.pairs) + SAME


def test_by_hand() -> None:
    """Treated at 0 and 1, controls at 0.9 and 3: greedy lets 1 take 0.9 (0.1 + 3), the optimum crosses (0.9 + 2)."""
    treated, distance = np.array([True, True, False, False]), [0, 1, 0.9, 3]
    cohort, score = cohort_on_a_line(treated), make_score(distance)
    made = match(cohort, score, Optimal(ratio=1), 1)
    assert made.pairs[["treated_row", "control_row"]].to_numpy().tolist() == [[0, 2], [1, 3]]
    assert made.pairs["distance"].tolist() == pytest.approx([0.9, 2])
    greedy = match(cohort, score, Nearest(ratio=1, caliper=None), 1)
    assert greedy.pairs["distance"].sum() == pytest.approx(3.1)


def test_a_caliper_keeps_whom_greedy_loses() -> None:
    """Treated at 1 and 0, controls at 0.5 and 1.5, caliper 0.5: greedy may give 0.5 to 1; only one way keeps both."""
    treated, distance = np.array([True, True, False, False]), [1, 0, 0.5, 1.5]
    cohort, score = cohort_on_a_line(treated), make_score(distance)
    rules = {"ratio": 1, "caliper": 0.5, "caliper_unit": "raw"}
    assert len(match(cohort, score, Nearest(**rules), 1).losses) == 1
    made = match(cohort, score, Optimal(**rules), 1)
    assert made.losses.empty
    assert made.pairs["control_row"].tolist() == [3, 2]


def test_picks_follow_the_distance() -> None:
    treated = np.array([True, False, False, False])
    made = match(cohort_on_a_line(treated), make_score([0, 3, 1, 2]), Optimal(ratio=3), 1)
    assert made.pairs.sort_values("pick")["control_row"].tolist() == [2, 3, 1]


def test_controls_that_cannot_be_told_apart_are_counted() -> None:
    treated = np.array([True, False, False, False])
    made = match(cohort_on_a_line(treated), make_score([0, 1, 1, 5]), Optimal(ratio=1), 1)
    assert made.ties == 1 and any("equally near" in note for note in made.notes)
    assert match(cohort_on_a_line(treated), make_score([0, 1, 2, 5]), Optimal(ratio=1), 1).ties == 0


@settings(max_examples=40)
@given(small_studies(), CHOSEN, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_changes_neither_pairs_nor_total(study: Small, chosen: dict, random) -> None:
    """Invariant 3, ties too: which of two equally good matches is made may change, its worth may not."""
    chosen = chosen | {"ratio": min(chosen["ratio"], int((~study.treated).sum()))}
    asked, order = Optimal(**chosen), list(range(study.cohort.n))
    random.shuffle(order)
    other = shuffled(study, order)
    try:
        one = match(study.cohort, study.score, asked, 1)
    except EstimationError:
        with pytest.raises(EstimationError):
            match(other.cohort, other.score, asked, 1)
        return
    two = match(other.cohort, other.score, asked, 1)
    assert len(one.pairs) == len(two.pairs)
    assert study.total(asked, one.pairs) == pytest.approx(other.total(asked, two.pairs), abs=SAME)
    assert len(one.losses) == len(two.losses)


def shuffled(study: Small, order: list[int]) -> Small:
    """The same patients in another order."""
    frame = study.cohort.eligible.iloc[order].reset_index(drop=True)
    cohort = make_cohort(frame[["x", "y"]], study.treated[order], ("site", "age"), frame[["site", "age"]])
    return Small(cohort, make_score(study.score.distance[order]))
