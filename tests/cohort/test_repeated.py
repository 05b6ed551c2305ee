"""Ids that repeat: said with counts and never with an id, and three ways out."""

import pytest

from lib.cohort import AttritionStep, build_cohort
from lib.cohort.repeated import repeated_ids
from lib.errors import DataError
from lib.spec.parts import CohortPart
from lib.steps import Steps
from tests.tables import spec, table

IDS = ["P1", "P2", "P1", "P3", "P3", "P6"]  # P1 in both arms, P3 twice among the controls


def test_they_are_said_with_persons_rows_and_arms() -> None:
    found = repeated_ids(table(id=IDS), spec().columns)
    assert (found.persons, found.rows, found.both_arms) == (2, 4, 1)
    assert found.sentence == 'The id column "id" has duplicate ids: 2 persons stand in 4 rows, 1 person in both arms.'
    assert repeated_ids(table(), spec().columns) is None
    assert repeated_ids(table(id=IDS), spec(columns={"id": None}).columns) is None
    assert Steps(table(id=IDS), spec()).repeated == found
    alone = repeated_ids(table(id=["P1", "P2", "P3", "P3", None, None]), spec().columns)
    assert (alone.persons, alone.rows, alone.both_arms) == (1, 2, 0)
    assert alone.sentence.endswith("nobody in both arms.")


def test_stop_refuses_with_every_way_out_and_no_id() -> None:
    with pytest.raises(DataError, match="2 persons stand in 4 rows, 1 person in both arms") as caught:
        build_cohort(table(id=IDS), spec())
    said = str(caught.value) + caught.value.hint
    assert "P1" not in said
    assert '"first"' in said
    assert '"rows"' in said


def test_first_takes_the_first_row_in_the_file_and_counts_a_step() -> None:
    asked = spec(columns={"repeated_ids": "first"}, eligibility=[{"column": "age", "op": ">=", "value": 60}])
    cohort = build_cohort(table(id=IDS), asked)
    assert cohort.attrition[:3] == (
        AttritionStep("In the file", 2, 4),
        AttritionStep("First row of each patient", 2, 2),
        AttritionStep("age >= 60", 1, 2),
    )
    assert cohort.person_id.tolist() == ["P2", "P3", "P6"]
    assert 'Of every id in column "id" the first row of the file counts; 2 rows left out.' in cohort.notes


def test_rows_keeps_them_all_with_ids_of_their_own_and_says_they_are_not_independent() -> None:
    cohort = build_cohort(table(id=IDS), spec(columns={"repeated_ids": "rows"}))
    assert cohort.n == 6
    assert cohort.person_id.tolist() == ["P1 (row 1)", "P2", "P1 (row 3)", "P3 (row 4)", "P3 (row 5)", "P6"]
    (note,) = [note for note in cohort.notes if "independent" in note]
    assert "2 persons stand in 4 rows" in note


@pytest.mark.parametrize("way", ["stop", "first", "rows"])
def test_without_repeats_the_three_ways_are_one(way) -> None:
    plain, asked = build_cohort(table(), spec()), build_cohort(table(), spec(columns={"repeated_ids": way}))
    assert asked.person_id.tolist() == plain.person_id.tolist()
    assert asked.notes == plain.notes
    assert asked.attrition[-1] == plain.attrition[-1]


@pytest.mark.parametrize("way", ["stop", "first", "rows"])
def test_a_missing_id_is_no_repeat_and_is_refused(way) -> None:
    with pytest.raises(DataError, match="empty in 2 rows"):
        build_cohort(table(id=["P1", None, None, "P4", "P5", "P6"]), spec(columns={"repeated_ids": way}))


def test_numbers_repeat_as_texts_do() -> None:
    cohort = build_cohort(table(id=[1, 2, 3, 3, 5, 6]), spec(columns={"repeated_ids": "rows"}))
    assert cohort.person_id.tolist() == ["1", "2", "3 (row 3)", "3 (row 4)", "5", "6"]
    assert "repeated_ids" in CohortPart.of(spec()).model_dump_json(), "the cohort's key knows the choice"
