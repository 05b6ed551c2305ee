"""How each file is read: numbers, lines that are no patients, spellings, ids. Right, or a sentence, or a question."""

import pytest

from lib.errors import AnalysisError
from lib.spec.reading import Reading
from tests.cases.shelf import (
    as_in_r,
    guessed,
    ids_in,
    is_the_truth,
    is_the_whole_truth,
    opened,
    outcome_in,
    read,
    refusal,
    result,
    spec_of,
)

LINES = {  # lines of the file that hold no patient
    "11_L1_comment": (1, 2),
    "11_L2_title": (1,),
    "11_L3_unitsrow": (2,),
    "11_L4_totals": (62,),
    "11_L5_mean": (62,),
    "11_L6_twoheader": (1,),
    "11_L7_merged": (1,),
    "11_L8_footer": (63, 64),
    "11_L9_labelrow": (2,),
}


def asked_number(table, column):
    """The questions on how this column's numbers are written."""
    return [q for q in table.questions if q.about == "number" and q.column == column]


@pytest.mark.parametrize("file", LINES)
def test_a_line_that_is_no_patient_is_left_out_or_named(file):
    try:
        table = opened(file)
    except AnalysisError as error:
        text = f"{error} {error.hint}"
        assert any(f"ine {line}" in text or f"ines {line}" in text for line in LINES[file]), text
        return
    is_the_truth(result(table, spec_of("11_L0_spec")))
    assert set(LINES[file]) & {line for finding in table.findings for line in finding.lines}


@pytest.mark.parametrize("file", LINES)
def test_a_line_can_be_left_out_by_its_number(file):
    table = read(file, Reading(skip_lines=LINES[file]))
    is_the_truth(result(table, spec_of("11_L0_spec")))


@pytest.mark.parametrize("file", LINES)
def test_the_guess_on_a_file_with_such_a_line_is_the_plain_one(file):
    spec = guessed(file)
    assert set(spec.columns.covariates) == {"age", "sofa", "crp"}
    is_the_whole_truth(result(opened(file), as_in_r(spec)))


def test_units_and_labels_of_a_line_are_kept():
    assert opened("11_L3_unitsrow").units["crp"] == "mg/L"
    assert opened("11_L9_labelrow").labels["sofa"] == "SOFA day 0"


def test_three_digits_after_a_point_are_thousands_or_asked():
    """03_truth.csv: medians 2037 and 687.5, SMD 0.6947 before, 8 and 16 matched (R agrees)."""
    table = opened("03_german_thousands")
    if not asked_number(table, "ferritin"):
        assert [f for f in table.findings if f.column == "ferritin" or "ferritin" in f.text]
        is_ferritin(table)
    is_ferritin(read("03_german_thousands", Reading(thousands={"ferritin": "."})))
    assert result(opened("03_truth"), spec_of("03_truth_spec"))["matching"]["matched_control"] == 16


def is_ferritin(table):
    """What 03 gives with thousands read as such."""
    median = table.frame.groupby("grp")["ferritin"].median()
    assert median.to_dict() == {"MSC": 2037, "control": 687.5}
    found = result(table, spec_of("03_spec"))
    before = next(row["smd_before"] for row in found["balance"] if row["covariate"] == "ferritin")
    assert before == pytest.approx(0.6947, abs=5.1e-5)
    assert [found["matching"][key] for key in ("matched_treated", "matched_control")] == [8, 16]


def test_a_column_with_two_readings_is_never_analysed():
    table = opened("03_german_thousands")
    if asked_number(table, "ferritin"):
        text = refusal(table, spec_of("03_spec"))
        assert "ferritin" in text
        assert "thousands" in text
        assert "ferritin" not in guessed("03_german_thousands").columns.covariates


def test_the_other_reading_can_be_had():
    table = read("03_german_thousands", Reading(decimal={"ferritin": "."}))
    assert table.frame["ferritin"].iloc[0] == pytest.approx(2.810)


def test_two_marks_prove_thousands():
    column = opened("03b_million").frame["ferritin"]
    assert column.dtype.kind in "if"
    assert column.max() >= 1_000_000
    assert column.iloc[0] == 2810
    assert "ferritin" in guessed("03b_million").columns.covariates


def test_one_decimal_comma_elsewhere_does_not_turn_the_thousands():
    table = opened("ferritin_thousands_plus_one_typo")
    ferritin = table.frame["ferritin"]
    if ferritin.dtype.kind in "if":
        assert ferritin.iloc[0] == 1555
        assert ferritin.iloc[1] == 596
    else:
        assert asked_number(table, "ferritin")
    assert table.frame["temp"].iloc[0] == pytest.approx(36.1)
    about = [q.column for q in table.questions] + [f.column for f in table.findings if f.level != "plain"]
    assert "note" in about or any('"note"' in f.text for f in table.findings)
    answered = read("ferritin_thousands_plus_one_typo", Reading(thousands={"ferritin": ","}))
    assert answered.frame["ferritin"].iloc[0] == 1555


@pytest.mark.parametrize(("file", "column"), [("15_rotterdam_size_classes", "size"), ("15b_age_bands", "ageband")])
def test_classes_are_no_detection_limits(file, column):
    table = opened(file)
    assert column not in table.limited
    assert not [f for f in table.findings if f.column == column and "limit" in f.text]
    assert not [q for q in table.questions if q.column == column]
    assert column in guessed(file).columns.covariates


@pytest.mark.parametrize(
    ("file", "lines"), [("two_ditto_marks", (12, 52)), ("two_open_quotes_lose_10_patients", (12, 22))]
)
def test_unpaired_quotes_swallow_no_patient(file, lines):
    try:
        table = opened(file)
    except AnalysisError as error:
        assert any(f"ine {line}" in f"{error} {error.hint}" for line in lines)
        assert "idem" not in f"{error} {error.hint}"
        return
    assert len(table.frame) == 60
    assert table.frame["dead"].dtype.kind in "if"
    assert len(ids_in(table, "id")) == 60


def test_arms_that_differ_only_in_capitals_or_spaces_are_one_and_said():
    table = opened("10_spelling_of_arms")
    assert [f for f in table.findings if f.column == "grp" and f.code == "merged"]
    is_the_truth(result(table, spec_of("10_spec", matching={"ratio": 3, "caliper": 0.2})))
    apart = read("10_spelling_of_arms", Reading(merge_case=False))
    assert len(set(apart.frame["grp"].dropna())) >= 3
    refusal(apart, spec_of("10_spec"))


def test_events_that_differ_only_in_capitals_are_one():
    found = result(opened("10b_spelling_of_event"), spec_of("10b_spec"))
    assert outcome_in(found)["summary"]["whole_treated"]["events"] == 3
    assert outcome_in(found)["summary"]["whole_control"]["events"] == 21


def test_one_male_and_one_female_or_a_warning():
    table = opened("10c_spelling_of_sex")
    levels = set(table.frame["sex"].dropna())
    warned = [f for f in table.findings if f.column == "sex" and f.level == "look"]
    assert len(levels) == 2 or warned or [q for q in table.questions if q.column == "sex"]


def test_repeated_ids_are_said_before_anything_is_analysed():
    table, spec = opened("08_repeated_ids"), guessed("08_repeated_ids")
    asked = " ".join(q.text for q in spec.questions if q.about == "id")
    stopped = refusal(table, as_in_r(spec))
    for text in (asked, stopped):
        assert "3" in text
        assert "6 rows" in text
        assert not [one for one in ids_in(table, "pid") if one in text]
    assert "both" in asked + stopped


@pytest.mark.parametrize(("rule", "rows"), [("first", 60), ("rows", 63)])
def test_repeated_ids_have_ways_out(rule, rows):
    spec = guessed("08_repeated_ids")
    columns = spec.columns.model_dump(mode="json") | {"repeated_ids": rule}
    found = result(opened("08_repeated_ids"), as_in_r(spec, columns=columns))
    assert found["n"]["rows"] == rows
    if rule == "first":
        is_the_truth(found)
        assert sum(found["attrition"][0][key] for key in ("treated", "control", "unknown")) == 63
