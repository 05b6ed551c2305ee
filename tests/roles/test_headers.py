"""Headers of public data sets and hospitals: no outcome is a covariate, and what the names leave open is a question."""

from dataclasses import replace

import pytest

from lib.roles.columns import find_roles
from lib.roles.guess import guess_spec
from lib.spec import AnalysisSpec
from lib.table import Table
from tests.roles.headers import HOSPITAL, PUBLIC, frame

WANTED = {"+": "covariate", "T": "outcome_time", "E": "outcome_event", "I": "id"}


def asked(spec: AnalysisSpec) -> set[str]:
    """The columns that a question is about."""
    among = {name for one in spec.questions if one.about == "treatment" and not one.column for name in one.candidates}
    return among | {one.column for one in spec.questions if one.column}


@pytest.mark.parametrize("header", [*PUBLIC.values(), *HOSPITAL.values()], ids=[*PUBLIC, *HOSPITAL])
def test_the_truth_or_a_question_and_never_an_outcome_among_the_covariates(header):
    made, marks = frame(header)
    table = Table.from_frame(made)
    given, spec = find_roles(table).given, guess_spec(table)
    for name, mark in marks.items():
        role = given[name].role
        if mark == "-":
            assert role != "covariate", name
        elif mark[0] in WANTED:
            assert role == WANTED[mark[0]], name
        else:
            assert role in ("treatment", "ignore") and (role == "treatment" or "?" in mark), name
        assert ("?" in mark) <= (name in asked(spec)), name
        assert not (mark == "R" and name in asked(spec)), name
        assert given[name].why


@pytest.mark.parametrize("header", [*PUBLIC.values(), *HOSPITAL.values()], ids=[*PUBLIC, *HOSPITAL])
def test_the_order_of_the_columns_decides_nothing(header):
    """Backwards, every column has the role it had, but for an id among two that would do."""
    made, _ = frame(header)
    forward = guess_spec(Table.from_frame(made))
    backward = guess_spec(Table.from_frame(made[made.columns[::-1]]))
    assert set(forward.columns.covariates) == set(backward.columns.covariates)
    assert (forward.columns.treatment, forward.columns.treated_value) == (
        backward.columns.treatment,
        backward.columns.treated_value,
    )
    told = [{(o.kind, *o.columns(), o.event_value) for o in spec.outcomes} for spec in (forward, backward)]
    assert told[0] == told[1]
    open_questions = [{(q.about, q.column, frozenset(q.candidates)) for q in s.questions} for s in (forward, backward)]
    assert open_questions[0] == open_questions[1]


def test_codes_of_a_questionnaire_are_what_their_labels_say():
    """Names that differ only in a number are no family of one measurement."""
    made, _ = frame("q11:i q12:p q13:b q14:n q15:y grp:b")
    labels = {"q12": "Age at admission", "q13": "Alive at day 28", "q14": "CRP (mg/L)", "q15": "Died in hospital"}
    table = replace(Table.from_frame(made), labels=labels)
    spec = guess_spec(table)
    assert spec.columns.covariates == ("q12", "q14")
    assert {(o.column, o.event_value) for o in spec.outcomes} == {("q13", "0"), ("q15", "Yes")}
    assert spec.columns.labels == labels


def test_a_label_adds_to_what_name_and_values_say():
    made, _ = frame("pid:i age:p crp:n days:p dead:b")
    made["grp"] = ["MSC", "control", "control"] * 20
    labels = {"grp": "Arm of study", "age": "Age at admission (years)", "crp": "CRP (mg/L)", "dead": "Death"}
    spec = guess_spec(replace(Table.from_frame(made), labels=labels))
    assert (spec.columns.treatment, spec.columns.treated_value, spec.questions) == ("grp", "MSC", ())
    assert spec.columns.covariates == ("age", "crp")
