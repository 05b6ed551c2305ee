"""The gate: what becomes of a table, and the sentence each bad one gets."""

import numpy as np
import pandas as pd
import pytest

from lib.cohort import AttritionStep, build_cohort
from lib.cohort.eligibility import rule_holds
from lib.errors import DataError
from lib.spec import EligibilityRule
from lib.table import Table
from tests.tables import SIX, spec, table


def refused(made: Table, settings) -> DataError:
    """The DataError of a cohort that cannot be built; it never names a patient and always has a hint."""
    with pytest.raises(DataError) as caught:
        build_cohort(made, settings)
    assert caught.value.hint
    assert not any(f'"{person}"' in str(caught.value) for person in SIX["id"])
    return caught.value


def test_six_patients_by_hand():
    cohort = build_cohort(table(), spec(columns={"covariates": ["age", "sex"]}))
    assert cohort.attrition == (AttritionStep("In the file", 2, 4), AttritionStep("Covariates complete", 2, 4))
    assert cohort.treated.tolist() == [True, True, False, False, False, False]
    assert cohort.covariate_matrix.columns.tolist() == ["age", "sexm"]
    assert cohort.covariate_matrix["sexm"].tolist() == [0, 1, 0, 1, 1, 0]
    assert cohort.person_id.tolist() == SIX["id"]
    assert (cohort.treated_label, cohort.control_label) == ("MSC", "control")


def test_row_numbers_stand_for_ids_when_there_are_none():
    cohort = build_cohort(table(age=[50, None, 55, 65, 45, 70]), spec(columns={"id": None}))
    assert cohort.person_id.tolist() == ["1", "3", "4", "5", "6"]


@pytest.mark.parametrize("written", ["1", 1, 1.0, "1.0", True])
def test_treated_value_is_compared_as_text_and_1_is_1(written):
    settings = spec(columns={"treated_value": int(written) if written is True else written})
    for ones in ([1, 1, 0, 0, 0, 0], [1.0, 1.0, 0.0, 0.0, 0.0, 0.0], ["1", "1", "0", "0", "0", "0"]):
        cohort = build_cohort(table(arm=ones), settings)
        assert cohort.treated.sum() == 2
        assert cohort.treated_label == "1"


@pytest.mark.parametrize(
    ("arm", "label"),
    [
        ([0, 10, 0, 9, 9, 9], None),
        ([9, 10, 9, 9, 9, 9], "10"),
        (list("baaaab"), "b"),
        ([-1, 0, 0, 0, -1, 0], "0"),
    ],
)
def test_without_a_treated_value_the_larger_of_two_is_treated(arm, label):
    settings = spec(columns={"treated_value": None})
    if label is None:
        assert "3 values" in str(refused(table(arm=arm), settings))
    else:
        assert build_cohort(table(arm=arm), settings).treated_label == label


def test_three_arms_are_named():
    error = refused(table(arm=["A", "B", "placebo", "A", "B", "A"]), spec(columns={"treated_value": "A"}))
    assert str(error) == 'Column "arm" has 3 values ("A", "B", "placebo"); a treatment needs exactly 2.'


def test_a_third_arm_can_be_left_out_by_a_rule():
    made = table(arm=["MSC", "MSC", "control", "control", "placebo", "control"])
    cohort = build_cohort(made, spec(eligibility=[{"column": "arm", "op": "!=", "value": "placebo"}]))
    assert cohort.attrition[0] == AttritionStep("In the file", 2, 3, unknown=1)
    assert cohort.attrition[1] == AttritionStep("arm != placebo", 2, 3)


def test_many_valued_treatment_does_not_show_patients_values():
    error = refused(table(), spec(columns={"treatment": "crp", "covariates": ["age"]}))
    assert str(error) == 'Column "crp" has 6 values; a treatment needs exactly 2.'
    wide = Table.from_frame(pd.DataFrame({"crp": np.arange(20) / 7, "age": np.arange(20)}))
    error = refused(wide, spec(columns={"id": None, "treatment": "crp"}))
    assert str(error) == 'Column "crp" has 20 values; a treatment needs exactly 2.'


@pytest.mark.parametrize("arm", [["control"] * 6, ["MSC"] * 6])
def test_one_arm(arm):
    assert "1 value" in str(refused(table(arm=arm), spec()))


def test_no_treated():
    error = refused(table(arm=["A", "B", "A", "B", "A", "B"]), spec())
    assert str(error) == 'No row of column "arm" holds the treated value "MSC"; it holds "A", "B".'


def test_missing_treatment_is_dropped_and_counted():
    cohort = build_cohort(table(arm=["MSC", None, "control", "control", None, "MSC"]), spec())
    assert cohort.attrition[0] == AttritionStep("In the file", 2, 2, unknown=2)
    assert cohort.attrition[1] == AttritionStep("Treatment known", 2, 2)


def test_missing_column_names_the_nearest():
    error = refused(table(), spec(columns={"covariates": ["Ages"]}))
    assert str(error) == 'The file has no column "Ages".'
    assert error.hint == 'Did you mean "age"?'


@pytest.mark.parametrize(
    "settings",
    [
        {"outcomes": [{"name": "x", "kind": "binary", "column": "nope"}]},
        {"outcomes": [{"name": "x", "kind": "continuous", "column": "crp", "baseline": "nope"}]},
        {"outcomes": [{"name": "x", "kind": "survival", "time": "nope", "event": "died"}]},
        {"eligibility": [{"column": "nope", "op": ">", "value": 1}]},
        {"matching": {"exact": ["nope"]}},
        {"matching": {"covariate_calipers": {"nope": {"width": 1}}}},
        {"columns": {"id": "nope"}},
        {"columns": {"treatment": "nope"}},
        {"columns": {"described": ["nope"]}},
    ],
)
def test_every_section_is_checked_for_missing_columns(settings):
    assert '"nope"' in str(refused(table(), spec(**settings)))


def test_duplicate_ids_are_counted_not_shown():
    error = refused(table(id=["P1", "P1", "P2", "P3", "P1", "P4"]), spec())
    said = "1 person stands in 3 rows, 1 person in both arms."
    assert str(error) == f'The id column "id" has duplicate ids: {said}'


def test_duplicate_ids_may_be_settled_by_a_rule():
    made = table(id=["P1", "P1", "P2", "P3", "P5", "P4"], visit=[1, 2, 1, 1, 1, 1])
    assert build_cohort(made, spec(eligibility=[{"column": "visit", "op": "==", "value": 1}])).n == 5


def test_empty_ids():
    assert "empty in 1 row" in str(refused(table(id=["P1", None, "P3", "P4", "P5", "P6"]), spec()))


@pytest.mark.parametrize(
    ("rule", "left"),
    [
        ({"column": "age", "op": ">=", "value": 55}, "P2 P3 P4 P6"),
        ({"column": "age", "op": "<", "value": 55}, "P1 P5"),
        ({"column": "age", "op": "<=", "value": 55}, "P1 P3 P5"),
        ({"column": "age", "op": ">", "value": 55}, "P2 P4 P6"),
        ({"column": "age", "op": "==", "value": 55}, "P3"),
        ({"column": "age", "op": "in", "value": [50, "55", 60.0]}, "P1 P2 P3"),
        ({"column": "sex", "op": "not in", "value": ["f"]}, "P2 P4 P5"),
        ({"column": "sex", "op": "!=", "value": "m"}, "P1 P3 P6"),
    ],
)
def test_eligibility_rules(rule, left):
    frame = table().frame
    kept = rule_holds(frame[rule["column"]], EligibilityRule.model_validate(rule))
    assert " ".join(frame["id"][kept]) == left


@pytest.mark.parametrize("op", [">=", "!=", "not in"])
def test_a_missing_value_never_passes_a_rule(op):
    value = [1] if op == "not in" else 1
    made = table(crp=[10, 20, None, 30, 5, 40])
    cohort = build_cohort(made, spec(eligibility=[{"column": "crp", "op": op, "value": value}]))
    assert cohort.attrition[1] == AttritionStep(f"crp {op} 1", 2, 3)


def test_rules_follow_each_other_and_the_emptying_one_is_named():
    rules = [{"column": "age", "op": ">", "value": 50}, {"column": "sex", "op": "==", "value": "x"}]
    assert str(refused(table(), spec(eligibility=rules))) == 'No patient is left after the eligibility rule "sex == x".'


def test_a_rule_that_empties_an_arm():
    error = refused(table(), spec(eligibility=[{"column": "age", "op": ">", "value": 60}]))
    assert 'Column "arm" has 1 value ("control")' in str(error)


def test_ordered_rule_on_text():
    assert "needs numbers" in str(refused(table(), spec(eligibility=[{"column": "sex", "op": ">", "value": 1}])))


def test_eligibility_by_an_outcome_is_noted():
    settings = spec(
        eligibility=[{"column": "died", "op": "in", "value": [0, 1]}],
        outcomes=[{"name": "died", "kind": "binary", "column": "died"}],
    )
    assert any("selects patients by an outcome" in note for note in build_cohort(table(), settings).notes)


def test_complete_cases_and_who_lacks_what():
    made = table(age=[50, 60, None, 65, 45, 70], crp=[None, 20.0, None, 30.0, 5.0, 40.0])
    cohort = build_cohort(made, spec(columns={"covariates": ["age", "crp"]}))
    assert cohort.attrition[-1] == AttritionStep("Covariates complete", 1, 3)
    missing = cohort.missing_by_covariate
    assert missing.to_dict("list") == {"column": ["age", "crp"], "treated": [0, 1], "control": [1, 1]}
    assert cohort.rows.tolist() == [1, 3, 4, 5]
    assert len(cohort.eligible) == 6


def test_no_complete_case_in_one_arm():
    error = refused(table(crp=[None, None, 1.0, 2.0, 3.0, 4.0]), spec(columns={"covariates": ["crp"]}))
    assert str(error) == 'No treated patient is left after the step "Covariates complete".'


def test_text_in_a_number():
    error = refused(table(age=["50", "60", "n/k", "65", "<45", "70"]), spec())
    assert str(error) == 'Column "age" holds text in 2 rows; a covariate of numbers needs numbers.'


def test_text_in_a_number_is_a_factor_when_asked():
    cohort = build_cohort(table(age=["1", "2", "3+", "1", "2", "3+"]), spec(columns={"categorical": ["age"]}))
    assert cohort.covariates["age"].cat.categories.tolist() == ["1", "2", "3+"]


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ([50] * 6, "same value for all 6 analysed patients"),
        ([None] * 6, "is empty for every eligible patient"),
        (["a"] * 6, "same value for all 6 analysed patients"),
        (list("abcdef"), "looks like an identifier"),
        (["001", "002", "003", "004", "005", "006"], "looks like an identifier"),
        ([1.0, 2.0, 3.0, np.inf, 5.0, 6.0], "infinity in 1 row"),
    ],
)
def test_useless_covariates(values, words):
    assert words in str(refused(table(age=values), spec()))


def test_constant_only_among_the_complete():
    made = table(age=[50, 50, 50, 50, 50, 70], crp=[1.0, 2.0, 3.0, 4.0, 5.0, None])
    error = refused(made, spec(columns={"covariates": ["age", "crp"]}))
    assert 'Covariate "age" has the same value for all 5' in str(error)


def test_log_leaves_balance_in_own_units_and_needs_positive_values():
    settings = spec(columns={"covariates": ["crp"], "log": ["crp"]})
    cohort = build_cohort(table(), settings)
    np.testing.assert_allclose(cohort.covariate_matrix["crp"], np.log(SIX["crp"]), rtol=0, atol=0)
    assert cohort.covariates["crp"].tolist() == SIX["crp"]
    error = refused(table(crp=[0.0, 1.0, -2.0, 3.0, 4.0, 5.0]), settings)
    assert str(error) == 'Covariate "crp" cannot be logged: it is 0 or below in 2 rows.'


def test_levels_are_text_as_in_the_file_in_code_point_order():
    made = table(age=[10, 9, 10, 9, 100, 100], sex=["é", "Z", "a", "Z", "a", "é"])
    cohort = build_cohort(made, spec(columns={"covariates": ["age", "sex"], "categorical": ["age"]}))
    assert cohort.covariates["age"].cat.categories.tolist() == ["10", "100", "9"]
    assert cohort.covariate_matrix.columns.tolist() == ["age100", "age9", "sexa", "sexé"]


def test_levels_exist_among_the_analysed_only():
    made = table(sex=["f", "m", "f", "m", "m", "x"], crp=[1.0, 2.0, 3.0, 4.0, 5.0, None])
    cohort = build_cohort(made, spec(columns={"covariates": ["sex", "crp"]}))
    assert cohort.covariates["sex"].cat.categories.tolist() == ["f", "m"]


def test_colliding_design_columns():
    made = table(sexm=[1, 2, 3, 4, 5, 7])
    assert '"sexm"' in str(refused(made, spec(columns={"covariates": ["sex", "sexm"]})))


def test_matching_columns_and_their_own_step():
    made = table(sex=["f", "m", None, "m", "m", "f"], crp=[1.0, 2.0, 3.0, 4.0, None, 6.0])
    settings = spec(matching={"exact": ["sex"], "covariate_calipers": {"crp": {"width": 1}, "age": {"width": 5}}})
    cohort = build_cohort(made, settings)
    assert [step.step for step in cohort.attrition] == ["In the file", "Matching columns known", "Covariates complete"]
    assert cohort.attrition[1] == AttritionStep("Matching columns known", 2, 2)
    assert cohort.matching_columns["sex"].tolist() == ["f", "m", "m", "f"]
    assert cohort.matching_columns["crp"].tolist() == [1, 2, 4, 6]
    assert cohort.matching_columns["age"].tolist() == [50, 60, 65, 70]


def test_exact_on_numbers_is_by_text():
    cohort = build_cohort(table(age=[1.0, 2.0, 1.0, 2.0, 1.0, 2.0]), spec(matching={"exact": ["age"]}))
    assert cohort.matching_columns["age"].tolist() == ["1", "2"] * 3


def test_caliper_on_text():
    made = table(grade=["x", "y", "x", "y", "x", "y"])
    error = refused(made, spec(matching={"covariate_calipers": {"grade": {"width": 1}}}))
    assert str(error) == 'Column "grade" holds text in 6 rows; a caliper needs numbers.'


def test_described_columns_must_not_be_free_text():
    made = table(remark=["one", "two", "three", "four", "five", "six"])
    assert "free text" in str(refused(made, spec(columns={"described": ["remark"]})))


def test_an_empty_table():
    assert "no rows" in str(refused(Table.from_frame(pd.DataFrame({"id": [], "arm": []})), spec()))
