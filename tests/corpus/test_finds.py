"""What the corpus found, each as small as it could be made."""

import numpy as np
import pandas as pd
import pytest

from lib.errors import AnalysisError
from lib.io import read_table
from lib.roles.guess import guess_spec
from tests.corpus.draft import workbook


def read(text: str, name: str = "file.csv"):
    return read_table(text.encode(), name)


def test_ids_beyond_every_integer_with_a_gap():
    """pandas gives Python's own integers there; taking them for texts ended in a traceback."""
    table = read("id,x\n1234567890123456789012345678,1\n,2\n1234567890123456789012345679,3\n")
    assert table.frame["id"].tolist() == ["1234567890123456789012345678", None, "1234567890123456789012345679"]


@pytest.mark.parametrize("placed", [True, False])
def test_a_workbook_may_leave_out_where_its_cells_stand(placed):
    """`r` is optional in a workbook's rows and cells."""
    rows = [["id", "x"], ["a", "1"], ["b", "2"], *([["c", "3"]] if placed else [])]
    table = read_table(workbook(rows), "file.xlsx")
    assert table.frame["x"].tolist() == [1, 2, 3][: len(rows) - 1]


def test_a_label_takes_nothing_away_from_a_name():
    """A second line "Arm of study" above MSC and control hid the treatment."""
    rng = np.random.default_rng(1)
    lines = [f"P{k:02d},{'MSC' if k % 6 == 0 else 'control'},{rng.integers(30, 80)},{k % 3 % 2}" for k in range(60)]
    table = read("\n".join(["pid,grp,age,dead", "Record ID,Arm of study,Age at admission (years),Death", *lines]))
    spec = guess_spec(table)
    assert spec.columns.treatment == "grp"
    assert not [question for question in spec.questions if question.about == "treatment"]


def read_or_refused(text: str) -> pd.DataFrame | None:
    try:
        return read(text).frame
    except AnalysisError:
        return None


def patients(delimiter: str, decimal: str, rows: int = 40) -> list[str]:
    """Lines of patients: id, arm, age, crp, dead."""
    rng = np.random.default_rng(2)
    return [
        delimiter.join(
            [f"Q{k:03d}K", "MSC" if k % 5 == 0 else "control", str(rng.integers(30, 80))]
            + [f"{rng.uniform(5, 300):.1f}".replace(".", decimal), str(k % 3 % 2)]
        )
        for k in range(rows)
    ]


def test_a_header_of_two_lines_beside_decimal_commas():
    """The comma was taken for the delimiter, the header for a title and the first patient for the header."""
    table = read("\n".join(['pid;group;"Age\n(years)";CRP (mg/L);dead', *patients(";", ",")]))
    assert len(table.frame) == 40
    assert list(table.frame) == ["pid", "group", "Age\n(years)", "CRP (mg/L)", "dead"]
    assert table.frame["CRP (mg/L)"].dtype == float


@pytest.mark.parametrize("header", ["pid;group;age;crp;dead;;", "pid;group;age;crp;dead"])
@pytest.mark.parametrize("below", ["", ";;years;mg/L\n", ";;years;mg/L;;;\n"])
def test_lines_of_several_lengths_beside_decimal_commas(header, below):
    """Where header, units and lines had not the same number of semicolons, the commas divided the file instead."""
    frame = read_or_refused(header + "\n" + below + "\n".join(patients(";", ",")))
    if frame is not None:
        assert list(frame)[:5] == ["pid", "group", "age", "crp", "dead"]
        assert len(frame) == 40


def test_remarks_left_out_at_the_end_of_lines_beside_decimal_commas():
    """Most lines had a cell less than the header, and the commas of the numbers were more even."""
    lines = [line + (";late" if k % 3 == 0 else "") for k, line in enumerate(patients(";", ","))]
    frame = read_or_refused("\n".join(["pid;group;age;crp;dead;remarks", *lines]))
    if frame is not None:
        assert list(frame) == ["pid", "group", "age", "crp", "dead", "remarks"]
        assert len(frame) == 40


def test_a_column_without_a_name_makes_no_groups_of_a_header():
    """Short names with labels below were taken for groups of columns, and the labels for the names."""
    lines = [line.replace(",", ",,", 1) for line in patients(",", ".")]
    labels = "Patient,,Treatment group,Age at admission,CRP (mg/L),Death"
    assert list(read("\n".join(["pid,,group,age,crp,dead", labels, *lines])).frame)[:2] == ["pid", "group"]


def test_lines_with_a_cell_more_than_their_header_and_a_stray_quote():
    """A quote in a remark, a semicolon behind each line: the commas of the numbers were more even."""
    lines = [line + (';5" tube;' if k == 7 else ";;") for k, line in enumerate(patients(";", ","))]
    frame = read_or_refused("\n".join(["pid;group;age;crp;dead;remarks", *lines]))
    if frame is not None:
        assert list(frame) == ["pid", "group", "age", "crp", "dead", "remarks"]


def test_a_name_of_two_lines_breaks_no_sentence():
    """A refusal stood on two lines: its name did."""
    with pytest.raises(AnalysisError) as caught:
        read("\n".join(['pid,"Age\n(years)","Age\n(years)",crp,dead', *patients(",", ".")]))
    assert '"Age (years)"' in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("unit", ["a", "y", " J", " ans", "yrs"])
def test_years_typed_into_cells_are_taken_off_or_said(unit):
    """ "51a" stayed text without a word."""
    lines = [line.split(",") for line in patients(",", ".")]
    rows = [",".join([*line[:2], line[2] + unit, *line[3:]]) for line in lines]
    table = read("\n".join(["pid,group,age,crp,dead", *rows]))
    numbers = table.frame["age"].dtype.kind in "if"
    said = [f for f in table.findings if f.column == "age" or '"age"' in f.text]
    assert said or [q for q in table.questions if q.column == "age"]
    assert not numbers or table.frame["age"].tolist() == [int(line[2]) for line in lines]


def test_a_last_line_that_was_cut_shifts_no_cell():
    """Its quotes were paired, but too few values made the reader take them for text: crp was "279, sofa 1468."""
    lines = [line[:-2] + ",900,4,0" for line in patients(",", ".")]
    cut = 'Q099K,control,67,"279,6",1468,4'
    frame = read_or_refused("\n".join(["pid,group,age,crp,ferritin,sofa,dead", *lines, cut]))
    if frame is not None:
        assert set(frame["sofa"].dropna().astype(str)) <= {"4", "4.0"}


@pytest.mark.parametrize("word", ["Mean", "MW", "Moyenne", "Mittelwert", "Median", "SD", "Total", "Gesamt", "Summe"])
def test_a_last_line_of_sums_or_means_is_no_patient(word):
    """ "MW" was a patient, dead 0.31, and the outcome was lost without a word."""
    table = read("\n".join(["pid,group,age,crp,dead", *patients(",", "."), f"{word},,61.92,90.74,0.31"]))
    assert len(table.frame) == 40
    assert [f for f in table.findings if f.lines == (42,)]


def test_units_below_a_header_whose_lines_are_longer():
    """One empty cell more in every line hid the units, and every column of numbers became text."""
    lines = [line + "," for line in patients(",", ".")]
    frame = read_or_refused("\n".join(["pid,group,age,crp,dead", ",,years,mg/L,", *lines]))
    if frame is not None:
        assert [frame[name].dtype.kind for name in ("age", "crp", "dead")] == ["i", "f", "i"]


def test_named_ids_that_repeat_are_said_beside_unnamed_row_names():
    """R's row names are all distinct and became the id; the patients who came twice were never said."""
    lines = patients(",", ".")
    again = [*lines, *(line[:-3] + "9," + line[-1] for line in lines[:4])]
    spec = guess_spec(read("\n".join([",pid,group,age,crp,dead", *(f"row{k},{line}" for k, line in enumerate(again))])))
    asked = [question for question in spec.questions if question.about == "id"]
    assert spec.columns.id == "pid" or asked
    assert asked
