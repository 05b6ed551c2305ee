"""Treated and controls in a file each: one table, nothing merged in silence."""

import numpy as np
import pytest

from lib.errors import DataError
from lib.io import read_tables
from lib.spec import Reading
from lib.table import Finding, Table
from tests.io.test_formats import BODY, HEADER
from tests.io.workbooks import of_rows

TREATED = b"id,age,sex,crp\nT1,60,Male,1.5\nT2,71,Female,2\nT3,64,Male,3\n"
CONTROL = b"id;age;sex;crp\nC1;55;male;4\nC2;47;female;5,5\nC3;80;male;6\nC4;81;female;7\n"


def pair(first: bytes = TREATED, second: bytes = CONTROL, reading: Reading | None = None) -> Table:
    return read_tables([(first, "a.csv"), (second, "b.csv")], reading or Reading())


def finding(table: Table, code: str) -> Finding:
    return next(found for found in table.findings if found.code == code)


def test_one_file_is_read_as_ever() -> None:
    table = read_tables([(TREATED, "a.csv")])
    assert "file" not in table.frame


def test_rows_of_both_and_which_file_each_stood_in() -> None:
    table = pair()
    assert table.frame["file"].tolist() == ["treated"] * 3 + ["control"] * 4
    assert table.frame["id"].tolist() == ["T1", "T2", "T3", "C1", "C2", "C3", "C4"]
    assert table.frame["crp"].tolist() == [1.5, 2, 3, 4, 5.5, 6, 7]
    assert table.frame["age"].dtype == np.int64
    assert finding(table, "files").level == "note"
    assert any(found.text.startswith("Control file: Read as") for found in table.findings)


def test_the_order_given_is_the_order_of_arms() -> None:
    assert pair(CONTROL, TREATED).frame["file"].tolist()[0] == "treated"
    assert pair(CONTROL, TREATED).frame["id"][0] == "C1"
    assert pair().digest != pair(CONTROL, TREATED).digest


def test_names_that_differ_in_capitals_and_spaces_are_one() -> None:
    table = pair(TREATED.replace(b"age", b"Age at entry"), CONTROL.replace(b"age", b"age_at  ENTRY"))
    assert "Age at entry" in table.frame
    assert table.frame.shape == (7, 5)
    assert '"age_at  ENTRY" as "Age at entry"' in finding(table, "file_names").text


def test_names_alike_within_one_file_are_not_merged() -> None:
    table = pair(TREATED.replace(b"sex,crp", b"CRP,crp"), CONTROL.replace(b"crp", b"Crp"))
    assert {"CRP", "crp", "Crp"} <= set(table.frame)


def test_a_column_of_one_file_is_missing_in_the_other() -> None:
    table = pair(TREATED, CONTROL.replace(b"crp", b"il6"))
    assert table.frame["crp"].isna().tolist() == [False] * 3 + [True] * 4
    told = [found for found in table.findings if found.code == "one_file_only"]
    assert [found.level for found in told] == ["look", "look"]
    assert '"il6"' in told[1].text


def test_numbers_in_one_file_and_text_in_the_other_are_text_and_said() -> None:
    table = pair(TREATED, CONTROL.replace(b";4\n", b";high\n"))
    assert table.frame["crp"].tolist()[:4] == ["1.5", "2", "3", "high"]
    assert finding(table, "file_types").column == "crp"


def test_an_empty_column_takes_the_other_files_type() -> None:
    table = pair(TREATED.replace(b"Male", b"").replace(b"Female", b""))
    assert table.frame["sex"].tolist()[:3] == [None] * 3
    assert "file_types" not in [found.code for found in table.findings]


def test_spellings_of_a_category_are_one_and_can_stay_apart() -> None:
    table = pair()
    assert set(table.frame["sex"]) == {"Male", "Female"}
    assert finding(table, "merged").cells == 4
    assert finding(table, "merged").undo == {"merge_case": False}
    assert set(pair(reading=Reading(merge_case=False)).frame["sex"]) == {"Male", "Female", "male", "female"}


def test_a_file_that_has_a_column_called_file() -> None:
    table = pair(TREATED.replace(b"crp", b"file"), CONTROL.replace(b"crp", b"file"))
    assert table.frame["file_"].tolist()[0] == "treated"
    assert finding(table, "files").level == "look"


def test_a_workbook_beside_a_csv() -> None:
    control = b"id,age,arm,crp\nC1,1,none,2\nC2,2,none,3\n"
    table = read_tables([(of_rows(HEADER, *BODY), "a.xlsx"), (control, "b.csv")])
    assert len(table.frame) == len(BODY) + 2


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ([], "not 0"),
        ([TREATED] * 3, "not 3"),
        ([TREATED, TREATED], "the same rows"),
        ([TREATED, b"a,b\n1,2\n3,4\n"], "no column in common"),
    ],
)
def test_what_is_no_pair(files: list[bytes], words: str) -> None:
    with pytest.raises(DataError, match=words) as caught:
        read_tables([(data, "a.csv") for data in files])
    assert caught.value.hint
