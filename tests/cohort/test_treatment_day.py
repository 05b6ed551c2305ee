"""Immortal time and the landmark: by hand on six patients, and what must change nothing."""

import numpy as np
import pandas as pd
import pytest

from lib.cohort import AttritionStep, Cohort, build_cohort
from lib.cohort.treatment_day import treatment_time
from lib.design import Independent
from lib.errors import DataError, SpecError
from lib.inference.treatment_time import matched_treatment_time
from lib.spec import AnalysisSpec
from lib.steps import Steps, run
from lib.table import Table
from tests.builders import comparison_of
from tests.tables import COHORT_SPEC, cohort_frame, spec, table

SURVIVAL = {"name": "os", "kind": "survival", "time": "days", "event": "died", "primary": True}
SIX_DAYS = {"day": [3, 7, None, None, None, None], "days": [20, 30, 2, 2.5, 10, 40], "died": [0, 1, 1, 0, 1, 0]}


def timed(landmark: float | None = None, outcomes: tuple = (SURVIVAL,), **columns: list) -> AnalysisSpec:
    return spec(columns={"treatment_day": "day"}, outcomes=list(outcomes), landmark=landmark)


def cohort(landmark: float | None = None, **columns: list) -> Cohort:
    return build_cohort(table(**(SIX_DAYS | columns)), timed(landmark))


def test_before_matching_controls_are_held_against_the_median_day() -> None:
    """Treated on day 3 and 7, median 5: the controls of day 2 (died) and 2.5 (left) were gone, the others not."""
    found = treatment_time(cohort())
    assert (found.median, found.unknown, found.controls, found.gone, found.dead) == (5, 0, 4, 2, 1)
    assert found.sentence.startswith(
        "Treated on day 5 (median); 2 of 4 controls were already dead or gone on that day and could not have been "
    )


def test_in_sets_each_control_is_held_against_its_own_treated() -> None:
    """Set 0: treated on day 3, controls of days 2 and 2.5, both gone. Set 1: day 7 with 10 and 40, both there."""
    made = cohort()
    sets = np.array([[0, 0], [2, 0], [3, 0], [1, 1], [4, 1], [5, 1]])
    found = matched_treatment_time(made, comparison_of(sets, made.treated))
    assert (found.controls, found.gone, found.dead, found.by_set) == (4, 2, 1, True)
    other = np.array([[0, 0], [4, 0], [5, 0], [1, 1], [2, 1], [3, 1]])
    assert matched_treatment_time(made, comparison_of(other, made.treated)).gone == 2
    only = np.array([[0, 0], [4, 0]])
    found = matched_treatment_time(made, comparison_of(only, made.treated))
    assert (found.days.tolist(), found.controls, found.gone) == ([3], 1, 0)
    assert (
        found.sentence
        == "Treated on day 3 (median); none of 1 matched control was dead or gone on their treated's day."
    )


def test_a_control_of_several_sets_is_gone_when_it_is_in_one_and_an_unknown_day_counts_nobody() -> None:
    made = cohort(day=[3, None, None, None, None, None], days=[20, 30, 2, 2.5, 10, 40])
    sets = np.array([[0, 0], [2, 0], [1, 1], [2, 1], [4, 1]])
    found = matched_treatment_time(made, comparison_of(sets, made.treated, overlapping=True))
    assert (found.unknown, found.controls, found.gone) == (1, 1, 1)
    assert "unknown in 1 treated patient" in found.sentence


def test_a_set_with_several_treated_goes_by_the_first_of_them() -> None:
    made = cohort()
    sets = np.array([[0, 0], [1, 0], [3, 0], [4, 0]])
    assert matched_treatment_time(made, comparison_of(sets, made.treated)).gone == 1
    later = cohort(day=[8, 12, None, None, None, None], days=[20, 30, 2, 2.5, 10, 40])
    assert matched_treatment_time(later, comparison_of(sets, made.treated)).gone == 1, "day 8, not 12, against 10"


def test_with_weights_alone_the_median_day_tells() -> None:
    made = cohort()
    weighted = comparison_of(np.array([[0, 0], [2, 0]]), made.treated)
    weighted = type(weighted)(
        Independent.of(made.treated), np.ones(6), weighted.distance, weighted.discarded, weighted.losses
    )
    found = matched_treatment_time(made, weighted)
    assert (found.controls, found.gone, found.by_set) == (4, 2, False)


def test_without_a_survival_outcome_it_says_what_is_lacking() -> None:
    asked = timed(outcomes=[{"name": "died", "kind": "binary", "column": "died"}])
    found = treatment_time(build_cohort(table(**SIX_DAYS), asked))
    assert found.sentence == (
        "Treated on day 5 (median); no survival outcome tells which controls were still there on that day."
    )


def test_a_column_without_any_day_or_with_words_is_refused_and_days_of_controls_are_said() -> None:
    with pytest.raises(DataError, match="gives no treated patient a day"):
        cohort(day=[None, None, 1, 1, 1, 1])
    with pytest.raises(DataError, match="a treatment day needs numbers"):
        cohort(day=["three", "7", None, None, None, None])
    with pytest.raises(DataError, match='no column "day"'):
        build_cohort(table(days=SIX_DAYS["days"]), timed())
    assert (
        'Column "day" gives 1 control a day of treatment; it is not used.'
        in cohort(day=[3, 7, 1, None, None, None]).notes
    )


def test_the_landmark_by_hand() -> None:
    """Day 3: the controls of days 2 and 2.5 leave, and the treated of day 7; the others' times count from day 3."""
    made = cohort(3)
    assert made.attrition[1:3] == (
        AttritionStep("Followed to day 3", 2, 2),
        AttritionStep("Treated by day 3", 1, 2),
    )
    assert made.person_id.tolist() == ["P1", "P5", "P6"]
    assert made.outcomes["os.time"].tolist() == [17, 7, 37]
    assert made.outcomes["os.event"].tolist() == [0, 1, 0]
    said = " ".join(made.notes)
    assert 'survival times, horizons and moments of "os" count from day 3' in said
    assert "1 treated patient treated after day 3, or on an unknown day, left for the landmark" in said
    found = treatment_time(made)
    assert (found.median, found.gone) == (0, 0), "nobody is gone any more"


def test_an_unknown_follow_up_or_day_leaves_at_a_landmark() -> None:
    made = cohort(1, days=[20, 30, None, 3, 10, 40], day=[None, 1, None, None, None, None])
    assert made.person_id.tolist() == ["P2", "P4", "P5", "P6"]


def test_other_outcomes_at_a_landmark() -> None:
    """A relapse on day 2 is before it: missing, one on day 3 is not; what has no date is as in the file."""
    relapse = {"name": "relapse", "kind": "survival", "time": "rdays", "event": "relapsed"}
    binary = {"name": "icu", "kind": "binary", "column": "icu"}
    made = table(**SIX_DAYS, rdays=[2, 30, 2, 3, 3, 40], relapsed=[1, 0, 1, 0, 1, 0], icu=[1, 0, 1, 0, 1, 0])
    found = build_cohort(made, timed(3, (relapse, SURVIVAL, binary)))
    assert found.outcomes["os.time"].tolist() == [17, 7, 37], "the primary one tells who is there"
    np.testing.assert_array_equal(found.outcomes["relapse.time"], [np.nan, 0, 37])
    np.testing.assert_array_equal(found.outcomes["relapse.event"], [np.nan, 1, 0])
    said = " ".join(found.notes)
    assert 'Outcome "relapse" ended before day 3 in 1 patient, who are missing in it.' in said
    assert '"icu": as in the file' in said


def test_a_landmark_needs_a_survival_outcome_and_leaves_no_arm_empty() -> None:
    with pytest.raises(SpecError, match="needs a survival outcome"):
        build_cohort(table(**SIX_DAYS), timed(3, [{"name": "died", "kind": "binary", "column": "died"}]))
    with pytest.raises(DataError, match='No treated patient is left after the step "Treated by day 2"'):
        cohort(2)
    with pytest.raises(DataError, match='left after the step "Followed to day 50"'):
        cohort(50)


@pytest.mark.parametrize("seed", range(3))
def test_a_landmark_at_zero_with_everybody_treated_by_then_changes_nothing(seed) -> None:
    frame = cohort_frame(seed=seed)
    days = np.where(
        frame["arm"] == "new", np.random.default_rng(seed).integers(-3, 1, len(frame)).astype(float), np.nan
    )
    made = Table.from_frame(frame.assign(given=days))
    columns = COHORT_SPEC["columns"] | {"treatment_day": "given"}
    plain = AnalysisSpec.from_dict(COHORT_SPEC | {"columns": columns})
    one, other = run(made, plain), run(made, plain.replace(landmark=0.0))
    pd.testing.assert_frame_equal(one.cohort.outcomes, other.cohort.outcomes)
    assert (one.comparison.membership == other.comparison.membership).all()
    values = [[t.p_value for o in steps.outcomes for t in o.tests] for steps in (one, other)]
    np.testing.assert_array_equal(*values)
    assert one.treatment_time.sentence == other.treatment_time.sentence


def test_the_sentence_stands_in_the_notes_of_a_run_and_only_with_a_column() -> None:
    frame = cohort_frame()
    made = Table.from_frame(frame.assign(given=np.where(frame["arm"] == "new", 3.0, np.nan)))
    columns = COHORT_SPEC["columns"] | {"treatment_day": "given"}
    steps = run(made, AnalysisSpec.from_dict(COHORT_SPEC | {"columns": columns}))
    assert steps.treatment_time.sentence in steps.notes
    assert steps.treatment_time_before.sentence.startswith("Treated on day 3 (median); ")
    without = Steps(made, AnalysisSpec.from_dict(COHORT_SPEC))
    assert without.treatment_time is None
    assert without.treatment_time_before is None
    assert not any("Treated on day" in note for note in without.notes)
