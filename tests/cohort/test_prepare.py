"""What is made of a file before anything is read from it: limits, derived columns, identifiers left out."""

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from lib.cohort.prepare import prepared
from lib.errors import AnalysisError, DataError, SpecError
from lib.questions import Question
from lib.report.files import result_files
from lib.spec import AnalysisSpec
from lib.steps import Steps, Store, run
from lib.table import Limited, Table
from tests.tables import COHORT_SPEC, cohort_frame, spec, table

LIMITS = ["<0.3", "0.4", None, ">100", "≤2", "50"]


def limited(made: Table, name: str, values: list[float], beyond: list[int]) -> Table:
    """The table with what a reader says of a column of limits."""
    return replace(made, limited={name: Limited(np.array(values, dtype=float), np.array(beyond, dtype=np.int8))})


def refused(made: Table, asked: AnalysisSpec, kind: type[AnalysisError] = DataError) -> AnalysisError:
    with pytest.raises(kind) as caught:
        prepared(made, asked)
    assert caught.value.hint
    return caught.value


def test_where_nothing_is_asked_the_very_table_comes_back() -> None:
    made = table()
    assert prepared(made, spec(columns={"covariates": ["age", "sex", "crp"]})) is made


@pytest.mark.parametrize(
    ("rule", "values"),
    [
        ("half", [0.15, 0.4, np.nan, 100, 1, 50]),
        ("limit", [0.3, 0.4, np.nan, 100, 2, 50]),
        ("zero", [0, 0.4, np.nan, 100, 0, 50]),
        ("missing", [np.nan, 0.4, np.nan, 100, np.nan, 50]),
    ],
)
@pytest.mark.parametrize("told_by_the_reader", [True, False])
def test_each_rule_for_a_value_below_a_limit(rule, values, told_by_the_reader) -> None:
    made = table(pct=LIMITS)
    if told_by_the_reader:
        made = limited(made, "pct", [0.3, 0.4, np.nan, 100, 2, 50], [-1, 0, 0, 1, -1, 0])
    done = prepared(made, spec(columns={"covariates": ["pct"], "below_limit": {"pct": rule}}))
    assert done.frame["pct"].dtype == np.float64
    np.testing.assert_array_equal(done.frame["pct"], values)
    assert not done.limited
    assert done.digest != made.digest
    (finding,) = done.findings
    assert (finding.code, finding.column, finding.cells) == ("below_limit", "pct", 3)
    assert "2 values below a limit" in finding.text
    assert "1 value above a limit as the limit" in finding.text


def test_a_column_of_limits_without_a_rule_asks_for_one() -> None:
    made = limited(table(pct=LIMITS), "pct", [0.3, 0.4, np.nan, 100, 2, 50], [-1, 0, 0, 1, -1, 0])
    error = refused(made, spec(columns={"covariates": ["pct"]}))
    assert '"pct" holds 3 values beyond a limit' in str(error)
    assert "below_limit" in error.hint
    assert prepared(made, spec()) is made, "a column that nobody reads needs no rule"
    assert prepared(made, spec(columns={"covariates": ["pct"], "categorical": ["pct"]})) is made


def test_a_rule_for_a_column_of_numbers_does_nothing_and_one_for_none_is_refused() -> None:
    made = table()
    assert prepared(made, spec(columns={"below_limit": {"crp": "half"}})) is made
    assert '"nope"' in str(refused(made, spec(columns={"below_limit": {"nope": "half"}})))
    error = refused(table(pct=["<0.3", "secret", "1", "2", "3", "4"]), spec(columns={"below_limit": {"pct": "half"}}))
    assert "text in 1 row" in str(error)
    assert "secret" not in str(error) + error.hint


def test_a_column_that_reads_two_ways_waits_for_the_answer() -> None:
    asked = Question(about="number", column="crp", text='Column "crp" is 2.810 thousands or decimals?')
    made = replace(table(), questions=(asked,))
    assert str(refused(made, spec(columns={"covariates": ["age", "crp"]}))) == asked.text
    assert prepared(made, spec()) is made


def test_the_first_known_of_several_columns() -> None:
    made = table(to_death=[3, None, None, 9, None, None], to_contact=[3, 20, 30, 10, None, 60])
    derived = [{"name": "time", "kind": "joined", "columns": ["to_death", "to_contact"]}]
    done = prepared(made, spec(derived=derived))
    np.testing.assert_array_equal(done.frame["time"], [3, 20, 30, 9, np.nan, 60])
    (finding,) = done.findings
    assert '2 rows from "to_death" and 3 rows from "to_contact"; 1 row without any.' in finding.text
    assert "In 1 row they differ." in finding.text
    assert finding.level == "look"


def test_text_is_joined_as_text_unless_all_of_it_is_numbers() -> None:
    derived = [{"name": "y", "kind": "joined", "columns": ["a", "b"]}]
    done = prepared(table(a=["x", None, None, None, None, None], b=[1, 2, 3, 4, 5, None]), spec(derived=derived))
    assert done.frame["y"].tolist() == ["x", "2", "3", "4", "5", None]
    done = prepared(table(a=["7", None, None, None, None, None], b=[1, 2, 3, 4, 5, None]), spec(derived=derived))
    np.testing.assert_array_equal(done.frame["y"], [7, 2, 3, 4, 5, np.nan])


def test_days_between_dates_and_a_column_derived_from_a_derived_one() -> None:
    made = table(
        entry=["24.01.2021", "18.03.2021 23:59", "28.02.2020", "31.12.1999", None, "01.01.2021"],
        death=[None, "19.03.2021 00:01", None, None, None, None],
        seen=["23.02.2021", "20.03.2021", "01.03.2020", "01.01.2000", "01.01.2000", "31.12.2020"],
    )
    derived = [
        {"name": "end", "kind": "joined", "columns": ["death", "seen"]},
        {"name": "days", "kind": "days", "columns": ["entry", "end"]},
    ]
    done = prepared(made, spec(derived=derived))
    np.testing.assert_array_equal(done.frame["days"], [30, 1, 2, 1, np.nan, -1])
    said = done.findings[1]
    assert "known in 5 rows of 6, from −1 to 30." in said.text
    assert 'In 1 row "end" comes before "entry".' in said.text


def test_a_limit_inside_a_derived_column_goes_by_its_own_rule_or_by_that_of_its_source() -> None:
    derived = [{"name": "first", "kind": "joined", "columns": ["pct", "crp"]}]
    columns = {"covariates": ["first"]}
    made = table(pct=["<0.4", None, "1", "2", "3", "4"])
    for rule in ({"pct": "half"}, {"first": "half"}):
        done = prepared(made, spec(derived=derived, columns=columns | {"below_limit": rule}))
        np.testing.assert_array_equal(done.frame["first"], [0.2, 20, 1, 2, 3, 4])


def test_a_derived_column_needs_a_name_of_its_own_and_columns_that_are_there() -> None:
    joined = {"kind": "joined", "columns": ["crp", "died"]}
    assert '"age" already' in str(refused(table(), spec(derived=[{"name": "age"} | joined]), SpecError))
    twice = [{"name": "x"} | joined, {"name": "x"} | joined]
    assert '"x" already' in str(refused(table(), spec(derived=twice), SpecError))
    lacking = {"name": "x", "kind": "joined", "columns": ["crp", "nope"]}
    assert '"nope"' in str(refused(table(), spec(derived=[lacking])))


SURNAMES = ["Dupont", "Müller", "Peña", "Rossi", "Jansen", "Silva"]


def test_identifiers_are_left_out_and_the_id_and_what_the_spec_names_stay() -> None:
    made = table(nom=SURNAMES, mrn=[1, 2, 3, 4, 5, 6], phone=[f"+32 470 12 34 5{i}" for i in range(6)])
    done = prepared(made, spec())
    assert list(done.frame) == [name for name in made.frame if name not in ("nom", "mrn", "phone")]
    (finding,) = done.findings
    assert finding.level == "look"
    assert '3 columns that may identify a patient are left out: "nom" (names of persons)' in finding.text
    assert "Dupont" not in finding.text
    kept = prepared(made, spec(columns={"id": "mrn", "identifiers": ["phone"]}))
    assert {"mrn", "phone"} <= set(kept.frame)
    assert "nom" not in kept.frame
    assert done.digest != kept.digest != made.digest


def test_a_birth_date_gives_an_age_and_is_left_out_all_the_same() -> None:
    made = table(birthdate=["1950-01-24"] * 5 + ["1960-01-24"], entry=["2021-01-24"] * 6)
    derived = [{"name": "age_days", "kind": "days", "columns": ["birthdate", "entry"]}]
    done = prepared(made, spec(derived=derived, columns={"covariates": ["age_days"]}))
    assert done.frame["age_days"].tolist() == [25933.0] * 5 + [22281.0]
    assert "birthdate" not in done.frame


def test_no_file_holds_an_identifier_afterwards() -> None:
    frame = cohort_frame().assign(surname=[f"Family{i}" for i in range(120)])
    files = result_files(run(Table.from_frame(frame), AnalysisSpec.from_dict(COHORT_SPEC)))
    assert not any(b"Family1" in content for content in files.values())
    notes = json.loads(files["result.json"])["notes"]
    assert any('"surname" (names of persons)' in note for note in notes)
    columns = COHORT_SPEC["columns"] | {"identifiers": ["surname"]}
    asked = AnalysisSpec.from_dict(COHORT_SPEC | {"columns": columns})
    assert b"Family1" in result_files(run(Table.from_frame(frame), asked))["matched.csv"]


def test_it_is_done_once_for_all_who_share_a_store() -> None:
    made, store = table(pct=LIMITS), Store()
    asked = spec(columns={"covariates": ["age", "pct"], "below_limit": {"pct": "limit"}})
    one, other = Steps(made, asked, store), Steps(made, asked.replace(seed=2), store)
    assert one.prepared is other.prepared
    assert one.cohort is other.cohort
    assert one.cohort.covariates["pct"].tolist() == [0.3, 0.4, 100, 2, 50]
    assert "below a limit of detection count as the limit" in " ".join(one.cohort.notes)


def test_the_digest_tells_two_preparations_apart() -> None:
    made = table(pct=LIMITS)
    digests = {
        prepared(made, spec(columns={"covariates": ["pct"], "below_limit": {"pct": rule}})).digest
        for rule in ("half", "limit", "zero", "missing")
    }
    assert len(digests) == 4


def test_a_table_read_by_command_and_by_notebook_is_prepared_alike() -> None:
    frame = pd.DataFrame({"id": [1, 2, 3], "arm": ["MSC", "control", "control"], "pct": ["<1", "2", "3"]})
    asked = spec(columns={"covariates": ["pct"], "below_limit": {"pct": "half"}})
    assert prepared(Table.from_frame(frame), asked).frame["pct"].tolist() == [0.5, 2.0, 3.0]
