"""Answers: each question of a guess, answered by one of its candidates, leads to a spec that runs as meant."""

import numpy as np
import pandas as pd
import pytest

from lib.cohort import build_cohort
from lib.errors import SpecError
from lib.questions import Question
from lib.roles.answers import answered, dismissed
from lib.roles.guess import guess_spec
from lib.spec import AnalysisSpec
from lib.table import Limited, Table
from lib.words.questions import said

N = 24
BASE = {"pid": [f"P{i}" for i in range(N)], "grp": ["MSC", "control", "control"] * 8, "age": list(range(40, 40 + N))}


def table(**columns: list) -> Table:
    return Table.from_frame(pd.DataFrame({name: values for name, values in (BASE | columns).items() if values}))


def question(spec: AnalysisSpec, about: str) -> Question:
    (found,) = [one for one in spec.questions if one.about == about]
    return found


def answer(made: Table, *answers: tuple[str, str]) -> AnalysisSpec:
    spec = guess_spec(made)
    for about, candidate in answers:
        spec = answered(spec, made, question(spec, about), candidate)
    return spec


def test_a_treatment_chosen_among_two_is_plain_from_then_on():
    made = table(grp=[], hormon=[0, 0, 1] * 8, chemo=[1, 0] * 12, dead=[0, 1] * 12)
    spec = answer(made, ("treatment", "hormon"))
    assert (spec.columns.treatment, spec.columns.treated_value) == ("hormon", "1")
    assert spec.matching.ratio == 2
    assert spec.questions == ()
    assert build_cohort(made, spec).treated.sum() == 8


def test_a_treatment_whose_value_is_not_plain_asks_again():
    made = table(grp=[], sex=["f", "m", "m"] * 8, dead=[0, 1] * 12)
    spec = answer(made, ("treatment", "sex"))
    assert spec.columns.covariates == ("age",)
    assert question(spec, "treatment").candidates == ("f", "m")
    spec = answered(spec, made, question(spec, "treatment"), "f")
    assert (spec.columns.treated_value, spec.matching.ratio, spec.questions) == ("f", 2, ())


def test_an_outcome_that_becomes_the_treatment_is_no_outcome():
    made = table(grp=[], dead=[0, 1] * 12, relapse=[1, 0, 0] * 8)
    spec = answer(made, ("treatment", "dead"))
    assert [(o.column, o.primary) for o in spec.outcomes] == [("relapse", True)]


def test_an_event_value():
    made = table(days=list(range(1, N + 1)), status=[1, 2] * 12)
    spec = answer(made, ("event", "2"))
    (outcome,) = spec.outcomes
    assert (outcome.time, outcome.event, outcome.event_value) == ("days", "status", "2")
    assert build_cohort(made, spec).outcomes["survival.event"].sum() == 12


@pytest.mark.parametrize(("choice", "events", "known"), [("no_event", 8, 24), ("missing", 8, 8)])
def test_what_empty_means(choice, events, known):
    made = table(died=["x", None, None] * 8)
    spec = answer(made, ("event", choice))
    assert spec.outcomes[0].empty == choice
    outcome = build_cohort(made, spec).outcomes["died"]
    assert (outcome.sum(), outcome.notna().sum()) == (events, known)


def test_the_event_of_a_time_is_chosen():
    made = table(followup_days=list(range(1, N + 1)), dead=[0, 1] * 12, deceased=[0, 0, 1] * 8)
    asked = question(guess_spec(made), "event")
    assert (asked.column, asked.candidates) == ("followup_days", ("dead", "deceased"))
    spec = answer(made, ("event", "deceased"))
    assert [(o.kind, *o.columns()) for o in spec.outcomes] == [
        ("binary", "dead"),
        ("survival", "followup_days", "deceased"),
    ]
    assert spec.outcomes[1].event_value == "1"


TIMES = {
    "vital_status": ["Dead", "Alive", "Alive"] * 8,
    "days_to_death": [10.0, np.nan, np.nan] * 8,
    "days_to_last_followup": [np.nan, 560.0, 560.0] * 8,
}


def test_a_time_to_death_and_one_to_the_last_contact_are_joined():
    made = table(**TIMES)
    guessed = guess_spec(made)
    asked = question(guessed, "time")
    joined = "days_to_death or days_to_last_followup"
    assert asked.candidates == ("days_to_death", "days_to_last_followup", joined)
    spec = answered(guessed, made, asked, joined)
    assert [(one.name, one.kind, one.columns) for one in spec.derived] == [(joined, "joined", asked.candidates[:2])]
    assert [(o.time, o.event, o.event_value, o.primary) for o in spec.outcomes] == [
        (joined, "vital_status", "Dead", True)
    ]
    assert spec.questions == ()


def test_one_of_the_times_needs_no_derived_column():
    spec = answer(table(**TIMES), ("time", "days_to_last_followup"))
    assert spec.derived == ()
    assert spec.outcomes[0].time == "days_to_last_followup"


def test_no_time_leaves_the_event_as_yes_or_no():
    made = table(**TIMES)
    spec = guess_spec(made)
    left = dismissed(spec, question(spec, "time"))
    assert (left.derived, left.questions) == ((), ())
    assert [(o.kind, o.column, o.event_value) for o in left.outcomes] == [("binary", "vital_status", "Dead")]


def test_an_event_that_is_left_is_no_outcome():
    made = table(status=[1, 2] * 12, relapse=[0, 1, 1] * 8)
    spec = guess_spec(made)
    left = dismissed(spec, question(spec, "event"))
    assert [(o.column, o.primary) for o in left.outcomes] == [("relapse", True)]


@pytest.mark.parametrize("way", ["stop", "first", "rows"])
def test_repeated_ids(way):
    made = table(pid=[f"P{i // 2}" for i in range(N)])
    assert "24 rows, 12 patients: 12 ids stand in 24 rows" in question(guess_spec(made), "id").text
    spec = answer(made, ("id", way))
    assert (spec.columns.repeated_ids, spec.questions) == (way, ())


@pytest.mark.parametrize(("name", "covariates"), [("pct", ("age", "pct")), ("pct_day7", ("age",))])
def test_a_rule_for_limits_makes_the_column_what_its_name_says(name, covariates):
    made = table(**{name: ["<0.3", *map(str, range(1, N))]})
    beyond = np.array([-1] + [0] * (N - 1), dtype=np.int8)
    limited = Limited(np.array([0.3, *range(1, N)], dtype=float), beyond)
    made = Table(made.frame, made.digest, limited={name: limited})
    guessed = guess_spec(made)
    assert guessed.columns.covariates == ("age",)
    assert not question(guessed, "number").blocking
    spec = answered(guessed, made, question(guessed, "number"), "half")
    assert (spec.columns.below_limit, spec.columns.covariates) == ({name: "half"}, covariates)
    assert [o.column for o in spec.outcomes] == ([] if covariates[1:] else [name])


def test_thousands_or_decimals():
    asked = Question(
        about="number",
        column="ferritin",
        candidates=("thousands (1,234 means 1234)", "decimals (1,234 is between 1 and 2)"),
    )
    made = table(ferritin=["1,234", "2,345"] * 12)
    made = Table(made.frame, made.digest, questions=(asked,))
    spec = guess_spec(made)
    assert asked in spec.questions
    assert answered(spec, made, asked, asked.candidates[0]).reading.thousands == {"ferritin": ","}
    assert answered(spec, made, asked, asked.candidates[1]).reading.decimal == {"ferritin": ","}


def test_a_column_of_unknown_name_is_put_before():
    made = table(qq=list(range(N)), zz=list(range(N)))
    spec = answer(made, ("role", "zz"))
    assert spec.columns.covariates == ("age", "zz")
    assert question(spec, "role").candidates == ("qq",)


def test_an_answer_that_is_no_candidate_is_refused():
    made = table(status=[1, 2] * 12)
    spec = guess_spec(made)
    with pytest.raises(SpecError, match='"9" is not an answer'):
        answered(spec, made, question(spec, "event"), "9")


def test_candidates_read_as_sentences():
    asked = Question(about="event", column="died", candidates=("no_event", "missing"))
    assert said(asked, "no_event") == "Empty means that it did not happen"
    assert said(asked, "Décédé") == '"Décédé"'
    assert said(Question(about="id"), "first") == "Keep the first row of each patient"
    assert said(Question(about="number"), "half") == "Half of the limit"
    assert said(Question(about="number"), "thousands (1.234 means 1234)") == "Thousands (1.234 means 1234)"
    assert said(Question(about="role"), "age") == '"age" was known before'


DATES = {
    "admission_date": ["2020-01-01", "2020-01-05"] * 12,
    "date_of_death": ["2020-01-11", None, None] * 8,
    "date_last_contact": [None, "2020-03-01", "2020-03-02"] * 8,
    "dead": [1, 0, 0] * 8,
}


def test_days_from_two_dates_are_offered_and_joined():
    made = table(**DATES)
    asked = question(guess_spec(made), "time")
    joined = "days from admission_date to death or last contact"
    parts = tuple(f"days from admission_date to {end}" for end in ("date_of_death", "date_last_contact"))
    assert (asked.column, asked.candidates) == ("dead", (*parts, joined))
    spec = answer(made, ("time", joined))
    kinds = [(one.name, one.kind) for one in spec.derived]
    assert kinds == [(parts[0], "days"), (parts[1], "days"), (joined, "joined")]
    assert [(o.kind, o.time, o.event) for o in spec.outcomes] == [("survival", joined, "dead")]
    plain = dismissed(guess_spec(made), asked)
    assert [(o.kind, o.column) for o in plain.outcomes] == [("binary", "dead")]
    assert (plain.derived, plain.questions) == ((), ())


def test_dates_are_not_offered_beside_a_time():
    assert guess_spec(table(**DATES, followup_days=list(range(N)))).questions == ()


def test_a_day_of_discharge_is_no_last_contact():
    made = table(**{name: values for name, values in DATES.items() if "death" not in name and "last" not in name})
    assert guess_spec(made).questions == ()
    made = table(admission_date=DATES["admission_date"], discharge_date=DATES["admission_date"], dead=[0, 1] * 12)
    assert guess_spec(made).questions == ()
