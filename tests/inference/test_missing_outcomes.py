"""Patients without the outcome: by hand, and by the property that a missing outcome is as good as not being matched."""

import numpy as np
import pytest

from lib.design.comparison import Independent
from lib.inference import compare_outcomes
from lib.inference.frame import Frame
from lib.inference.results import OutcomeResult
from tests.inference.builders import (
    Sets,
    binary,
    cohort_of,
    continuous,
    given_sample,
    sample_of,
    sets_of,
    survival,
)

NAN = np.nan
WEIGHTED = ("weighted_risk", "weighted_mean", "survival")
SPECS = [continuous(), binary(), survival()]


def results(sets: Sets, columns: dict[str, np.ndarray]) -> dict[str, OutcomeResult]:
    cohort = cohort_of(sets.treated, columns, SPECS)
    return {found.name: found for found in compare_outcomes(cohort, sample_of(sets), 1)}


def one(result: OutcomeResult, measure: str):
    return next(e for e in result.estimates if e.measure == measure)


def test_three_sets_by_hand() -> None:
    """Set 0: 10 against 4, 6 and an unknown control. Set 1: the treated is unknown. Set 2: 7 against 8.
    Weights over the rest: controls 1/2, 1/2 and 1, so the difference is (10 + 7)/2 - (5 + 8)/2 = 2. As matched, the
    controls of set 0 counted 1/3 each and those of set 1 counted too."""
    sets = sets_of([0, 0, 0, 0, 1, 1, 2, 2], [1, 0, 0, 0, 1, 0, 1, 0])
    crp = np.array([10.0, 4, 6, NAN, NAN, 100, 7, 8])
    frame = Frame.of(np.arange(8), sample_of(sets)).of_known(~np.isnan(crp))
    assert frame.weights.tolist() == pytest.approx([1, 0.75, 0.75, 0, 0, 0, 1, 1.5])
    assert (frame.n_sets, frame.cluster.tolist()) == (2, [0, 0, 0, -1, -1, -1, 1, 1])
    cohort = cohort_of(sets.treated, {"crp": crp}, [continuous()])
    [found] = compare_outcomes(cohort, sample_of(sets), 1)
    assert one(found, "mean_difference").estimate == pytest.approx(2)
    assert (found.treated.n, found.matched_control.n) == (2, 4)
    assert (found.treated.weighted_mean, found.matched_control.weighted_mean) == pytest.approx((8.5, 6.5))
    [note] = [note.text for note in found.notes if note.code == "missing_outcomes"]
    assert note.startswith("Known for 2 of 3 treated and 4 of 5 matched controls. 1 of 3 sets are left out")


def test_with_replacement_a_control_counts_for_its_known_treated_only() -> None:
    """Control 3 serves all of 0, 1, 2 and control 4 only 1; patient 0 is unknown. Weights 1/2 + 1 and 1/2, scaled."""
    treated = np.array([True] * 3 + [False] * 2)
    membership = np.array([[0, 0], [3, 0], [1, 1], [3, 1], [4, 1], [2, 2], [3, 2]])
    frame = Frame.of(np.arange(5), given_sample(membership, treated, replace=True))
    known = np.array([False, True, True, True, True])
    left = frame.of_known(known)
    assert left.weights.tolist() == pytest.approx([0, 1, 1, 1.5, 0.5])
    assert left.units.membership.tolist() == [[1, 0], [3, 0], [4, 0], [2, 1], [3, 1]]
    assert left.overlapping


def test_a_sample_that_lacks_nothing_is_left_alone() -> None:
    sets = sets_of([0, 0, 1, 1], [1, 0, 1, 0])
    frame = Frame.of(np.arange(6), sample_of(sets, 1, 1))
    assert frame.of_known(np.array([True] * 4 + [False] * 2)) is frame


def test_old_treated_patients_without_the_value() -> None:
    """60 pairs, values differ by age only, the 30 oldest treated patients unknown: nothing differs. Keeping the weights
    of their controls gave a difference."""
    age = np.repeat(np.linspace(40, 90, 60), 2)
    sets = sets_of(np.repeat(np.arange(60), 2).tolist(), [1, 0] * 60)
    crp = np.where(sets.treated & (age > np.median(age)), NAN, age)
    cohort = cohort_of(sets.treated, {"crp": crp}, [continuous()])
    [found] = compare_outcomes(cohort, sample_of(sets), 1)
    assert one(found, "mean_difference").estimate == 0


@pytest.mark.parametrize("seed", range(6))
def test_leaving_out_a_set_equals_its_missing_outcome(seed: int) -> None:
    """Every test on the matched sample, every effect with its limits and the weighted part of both summaries; counts
    are of everybody matched who has the outcome."""
    rng = np.random.default_rng(seed)
    sizes = rng.integers(2, 5, 12)
    sets = sets_of(np.repeat(np.arange(12), sizes).tolist(), [int(i == 0) for n in sizes for i in range(n)])
    gone = np.isin(sets.set_id, rng.choice(12, 4, replace=False))
    lone = gone & (sets.treated | (rng.random(len(gone)) < 0.5))  # of a set, at least its treated patient
    n = len(gone)
    columns = {
        "crp": rng.normal(size=n).round(1),
        "death": (rng.random(n) < 0.4) * 1.0,
        "survival.time": rng.integers(1, 70, n) * 1.0,
        "survival.event": (rng.random(n) < 0.5) * 1.0,
    }
    lacking = {name: np.where(lone, NAN, values) for name, values in columns.items()}
    kept = Sets(sets.set_id[~gone], sets.treated[~gone])
    with_gaps, without = results(sets, lacking), results(kept, {k: v[~gone] for k, v in columns.items()})
    for name, found in with_gaps.items():
        same = without[name]
        assert numbers(found) == pytest.approx(numbers(same), nan_ok=True)
        for arm, kind in ((found.treated, same.treated), (found.matched_control, same.matched_control)):
            assert [getattr(arm, name, 0) for name in WEIGHTED] == pytest.approx(
                [getattr(kind, name, 0) for name in WEIGHTED]
            )


def numbers(result: OutcomeResult) -> list[float]:
    tests = [x for t in result.tests if t.sample == "matched" for x in (t.statistic, t.p_value, t.n_units)]
    return tests + [x for e in result.estimates for x in (e.estimate, e.ci_low, e.ci_high, e.se, e.df)]


def test_weights_without_sets_stay() -> None:
    """Only each arm's mean weight is 1 again: 0.6 and 0.9 over 0.75."""
    treated = np.array([True, True, False, False, False])
    frame = Frame(np.arange(5), treated, np.array([1, 1, 0.6, 0.9, 1.5]), Independent.of(treated), None)
    left = frame.of_known(np.array([True, True, True, True, False]))
    assert left.weights.tolist() == pytest.approx([1, 1, 0.8, 1.2, 0])
