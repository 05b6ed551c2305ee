"""A column moved from one box of the Data page to another, and what can be done with an outcome."""

import pytest

from lib.errors import SpecError
from lib.io import read_csv
from lib.spec import AnalysisSpec
from pages.ui.cohort import moves

ROWS = "id,arm,other,age,crp,dead,days,ward\n" + "".join(
    f"P{i},{i % 2},{i % 3 // 2},{40 + i},{i}.5,{i % 4 // 3},{5 + i},{'abc'[i % 3]}\n" for i in range(24)
)
SPEC = AnalysisSpec.from_dict(
    {
        "columns": {"id": "id", "treatment": "arm", "treated_value": "1", "covariates": ["age", "crp"]},
        "outcomes": [
            {"name": "dead", "kind": "binary", "column": "dead", "event_value": "1", "primary": True},
            {"name": "survival", "kind": "survival", "time": "days", "event": "dead", "event_value": "1"},
        ],
        "questions": [
            {"about": "event", "column": "dead", "candidates": ["0", "1"], "text": "Which?"},
            {"about": "number", "column": "crp", "candidates": ["half"], "text": "How?"},
        ],
    }
)


@pytest.fixture(scope="module")
def table():
    return read_csv(ROWS.encode())


def test_every_column_stands_in_one_box(table):
    places = {name: moves.place_of(name, SPEC) for name in table.frame}
    assert places == {
        "id": moves.ID,
        "arm": moves.TREATMENT,
        "other": moves.UNUSED,
        "age": moves.COVARIATE,
        "crp": moves.COVARIATE,
        "dead": moves.AFTER,
        "days": moves.AFTER,
        "ward": moves.UNUSED,
    }
    assert moves.unused(list(table.frame), SPEC) == ["other", "ward"]


@pytest.mark.parametrize("place", [moves.COVARIATE, moves.DESCRIBED, moves.AFTER, moves.ID, moves.TREATMENT])
def test_a_column_moves_into_every_box(table, place):
    new = moves.moved(table, SPEC, "other", place)
    assert moves.place_of("other", new) == place
    assert [moves.place_of(name, new) for name in ("age", "dead")] == [moves.COVARIATE, moves.AFTER]


def test_the_treatment_before_leaves_its_box(table):
    new = moves.moved(table, SPEC, "other", moves.TREATMENT)
    assert new.columns.treatment == "other" and new.columns.treated_value is None
    assert moves.place_of("arm", new) == moves.UNUSED


def test_an_outcome_moved_out_takes_its_questions_along(table):
    new = moves.moved(table, SPEC, "crp", moves.UNUSED)
    assert "crp" not in new.columns.covariates
    assert [q.column for q in new.questions] == ["dead"]


def test_a_number_becomes_a_number_and_two_values_a_yes_or_no(table):
    number = moves.moved(table, SPEC, "age", moves.AFTER)
    assert next(o for o in number.outcomes if o.column == "age").kind == "continuous"
    assert "age" not in number.columns.covariates
    both = moves.moved(table, SPEC, "other", moves.AFTER)
    assert next(o for o in both.outcomes if o.column == "other").kind == "binary"


def test_a_text_of_three_values_is_no_outcome_by_itself(table):
    with pytest.raises(SpecError, match="more than two values"):
        moves.moved(table, SPEC, "ward", moves.AFTER)


def test_the_primary_outcome_is_one(table):
    new = moves.with_action(SPEC, "survival", moves.PRIMARY)
    assert [o.primary for o in new.outcomes] == [False, True]


def test_a_removed_outcome_leaves_what_another_still_reads(table):
    first = moves.with_action(SPEC, "dead", moves.REMOVE)
    assert [o.name for o in first.outcomes] == ["survival"]
    assert [q.column for q in first.questions] == ["dead", "crp"], "the other outcome still reads the column"
    second = moves.with_action(first, "survival", moves.REMOVE)
    assert second.outcomes == () and [q.column for q in second.questions] == ["crp"]


def test_questions_stay_with_columns_that_stay():
    assert moves.without_answered(SPEC, SPEC) == SPEC
    gone = SPEC.replace(columns=SPEC.columns.model_copy(update={"covariates": ("age",)}))
    assert [q.column for q in moves.without_answered(SPEC, gone).questions] == ["dead"]


def test_what_was_said_of_other_columns_stays(table):
    said = {
        "below_limit": {"crp": "half"},
        "repeated_ids": "first",
        "identifiers": ("ward",),
        "normal": {"crp": "0-5"},
        "treatment_day": "other",
    }
    before = SPEC.replace(columns=SPEC.columns.model_copy(update=said))
    after = moves.moved(table, before, "age", moves.DESCRIBED)
    assert {key: getattr(after.columns, key) for key in said} == said
