"""Lines that hold no patient are named, left out or used; a patient is never left out in silence."""

import pytest

from lib.errors import DataError
from lib.io import read_csv
from lib.reading import Reading
from tests.io.builders import HEADER, ROWS, found, lines, read, same_patients

UNITS = ",,years,points,mg/L,d,"
LABELS = "Record ID,Arm of study,Age at admission (years),SOFA day 0,CRP (mg/L),Days,Death"
GROUPS = "Patient,,Baseline,,,Outcome,"


@pytest.mark.parametrize(
    ("text", "code", "where"),
    [
        (lines("# Exported", "# units: crp in mg/L, age in years"), "comment", (1, 2)),
        (lines(at=20, line="# visit 2"), "comment", (20,)),
        (lines("Cohort COVID ICU 2021,,,,,,", ""), "title", (1,)),
        (lines("Cohort COVID ICU 2021", ",,,,,,"), "title", (1,)),
        (lines("Registry X", "Export, 2024, by me"), "title", (1, 2)),
        (lines("Study:,COVID,,,,,", "Site:,Lyon,,,,,"), "title", (1, 2)),
        (lines(at=2, line=UNITS), "units", (2,)),
        (lines(at=2, line=UNITS.rstrip(",")), "units", (2,)),
        (lines(at=2, line=LABELS), "labels", (2,)),
        (lines(GROUPS), "groups", (1,)),
        (lines("Patient,Patient,Baseline,Baseline,Baseline,Outcome,Outcome"), "groups", (1,)),
        (lines(after=("Total,40,,,,,20",)), "total", (42,)),
        (lines(after=("Mean,,61.2,5.1,95.3,22.4,0.35", "SD,,5,1,9,3,0.1")), "total", (42, 43)),
        (lines(after=("Total général,40,,,,,20",)), "total", (42,)),
        (lines(after=("N = 40,,,,,,",)), "total", (42,)),
        (lines(at=20, line="Subtotal,18,,,,,9"), "total", (20,)),
        (lines(after=("", "Source: hospital data warehouse", "Printed on 01.03.2024, by user x")), "footer", (43, 44)),
        (lines(after=("Source: hospital,,,,,,",)), "footer", (42,)),
        (lines(at=20, line=HEADER), "header", (20,)),
    ],
)
def test_a_line_that_is_no_patient_is_named_and_left_out(text, code, where):
    table = read(text)
    assert same_patients(table)
    finding = found(table, code)
    assert finding.lines == where
    assert finding.text.startswith("Line")
    assert finding.level == ("look" if code == "total" else "note")


@pytest.mark.parametrize("at", [2, 20, 42])
def test_the_undo_of_a_total_reads_the_line_as_a_row(at):
    text = lines(at=at if at < 42 else None, line="Total,40,,,,,20", after=("Total,40,,,,,20",) if at == 42 else ())
    if at == 2:
        text = lines(at=2, line=UNITS).replace(ROWS[-1], "Total,40,,,,,20")
    table = read(text)
    again = read(text, **found(table, "total").undo)
    assert len(again.frame) == len(table.frame) + 1
    assert again.units == table.units


def test_lines_that_are_named_are_left_out_and_nothing_else_is():
    text = lines(at=2, line=UNITS).replace(ROWS[3], "Total,40,,,,,20")
    table = read(text, skip_lines=(2,))
    assert len(table.frame) == 40
    assert table.units == {"age": "years", "sofa": "points", "crp": "mg/L", "days": "d"}
    assert len(read(text, skip_lines=(2, 5, 9)).frame) == 38
    assert len(read(text, skip_lines=()).frame) == 41


def test_units_and_labels_are_kept():
    assert read(lines(at=2, line=UNITS)).units == {"age": "years", "sofa": "points", "crp": "mg/L", "days": "d"}
    assert read(lines(at=2, line=LABELS)).labels["crp"] == "CRP (mg/L)"
    both = read(lines("A,,B,,,C,").replace(HEADER, f"{HEADER}\n{UNITS}"))
    assert same_patients(both)
    assert both.units["crp"] == "mg/L"


def test_units_in_brackets_are_known_and_the_name_stays():
    table = read("id,Age (years),CRP [mg/L],Sex (m),Death (28 d)\n1,50,3.5,x,0\n2,60,4.5,y,1\n")
    assert table.units == {"Age (years)": "years", "CRP [mg/L]": "mg/L"}
    assert "Age (years)" in table.frame


def test_names_below_groups():
    merged = read("pid,grp,Baseline,,\n,,age,sofa,crp\nP1,a,1,2,3\nP2,b,2,3,4\nP3,a,2,3,4\n").frame
    assert merged.columns.tolist() == ["pid", "grp", "age", "sofa", "crp"]
    repeated = read("pid,CRP,,IL6,\n,d0,d7,d0,d7\nP1,1,2,3,4\nP2,2,3,4,5\nP3,2,3,4,5\n").frame
    assert repeated.columns.tolist() == ["pid", "CRP d0", "CRP d7", "IL6 d0", "IL6 d7"]


@pytest.mark.parametrize(
    "row",
    [
        "P999,MSC,NA,NA,NA,NA,NA",
        "P999,MSC,,,,,",
        "P999,MSC,n/k,n/k,n/k,7,1",
        "P999,MSC,n/k,n/d,lost,not yet,unclear",
        "Total,MSC,50,3,10.5,7,1",
        "Min,control,50,3,10.5,7,1",
        "#P999,MSC,50,3,10.5,7,1",
        "P999,,,,,,",
        "MSC-7,MSC,50,3,10.5,7,1",
    ],
)
@pytest.mark.parametrize("at", [2, 20, 42])
def test_a_patient_stays_a_patient(row, at):
    table = read(lines(at=at, line=row))
    assert len(table.frame) == 41
    assert table.frame["pid"][at - 2] == row.split(",")[0]


@pytest.mark.parametrize(
    ("row", "code"),
    [("Total,MSC,50,3,10.5,7,1", "total"), ("#P999,MSC,50,3,10.5,7,1", "comment"), ("P999,,,,,,", "sparse")],
)
def test_a_row_in_doubt_is_pointed_at_and_can_be_left_out(row, code):
    text = lines(at=42, line=row)
    finding = found(read(text), code)
    assert (finding.level, finding.lines) == ("look", (42,))
    assert same_patients(read(text, **finding.undo))


def test_a_total_without_a_word_is_pointed_at():
    assert found(read(lines(after=(",,,,,40,20",))), "sparse").lines == (42,)


@pytest.mark.parametrize("header", ["id,age,sex", "id,age,crp"])
def test_few_rows_below_a_label_or_unit_row(header):
    second = "Nr,Alter,Geschlecht" if header.endswith("sex") else ",years,mg/L"
    last = ("m", "f") if header.endswith("sex") else ("3", "5")
    table = read(f"{header}\n{second}\n1,50,{last[0]}\n2,60,{last[1]}\n")
    assert table.frame["age"].tolist() == [50, 60]


def test_a_word_in_the_first_of_few_rows_is_a_patients():
    assert len(read("id,age,sex\nP1,n/k,m\nP2,50,f\nP3,60,m\n").frame) == 3
    assert len(read("id,age,sex\n7,lost,m\n8,50,f\n9,60,m\n").frame) == 3


def test_the_last_line_cut_short_is_no_footer():
    with pytest.raises(DataError, match="Line 42 has 3 values, .* the last line, so the file may have been cut off"):
        read(lines(after=("P044,MSC,50",)))


@pytest.mark.parametrize("other", ["grp,pid,age,sofa,crp,days,dead", "pid,grp,age,sofa,crp,days"])
def test_a_second_table_in_the_file_is_named(other):
    with pytest.raises(DataError, match="Line 20 names the columns again"):
        read(lines(at=20, line=other))


def test_a_patients_row_is_no_header_and_is_not_shown():
    with pytest.raises(DataError, match="^Line 1 should name the columns, but looks like a patient's row.$"):
        read("\n".join(ROWS))


def test_empty_cells_behind_the_last_column():
    longer = lines().replace("\n", ",,\n").replace(f"{HEADER},,", HEADER)
    assert same_patients(read(longer))
    some = lines().replace(ROWS[4], ROWS[4] + ",").replace(ROWS[7], ROWS[7] + ",,,")
    assert same_patients(read(some))
    assert found(read(some), "trailing").text == "Empty cells behind the last column left out in 2 rows."
    with pytest.raises(DataError, match="Line 6 has 8 values"):
        read(lines().replace(ROWS[4], ROWS[4] + ",x"))


def test_rows_that_end_before_their_empty_cells():
    full = [f"{row},{'ok' if i % 2 else ''}" for i, row in enumerate(ROWS)]
    text = f"{HEADER},comment\n" + "\n".join(row.rstrip(",") for row in full) + "\n"
    table = read(text)
    assert table.frame["comment"].tolist() == [None, "ok"] * 20
    assert found(table, "short").level == "look"
    shifted = [row.replace(",control,", ",", 1) if i in (3, 4) else row for i, row in enumerate(ROWS)]
    with pytest.raises(DataError, match="Line 5 has 6 values"):
        read(f"{HEADER}\n" + "\n".join(shifted))


def test_unnamed_first_columns():
    names = read('"",a,b\n"NSW1",5,6\n"NSW2",7,8\n')
    assert names.frame["id"].tolist() == ["NSW1", "NSW2"]
    assert read('"",id,b\n"NSW1",5,6\n"NSW2",7,8\n').frame.columns.tolist() == ["id_1", "id", "b"]
    assert read('"",a,b\n"3",5,6\n"7",7,8\n').frame["id"].tolist() == [3, 7]


def test_a_title_with_commas_over_semicolons():
    table = read_csv(("Cohort, 2021\nid;crp\n" + "".join(f"{i};{i},5\n" for i in range(30))).encode(), Reading())
    assert table.frame["crp"].tolist() == [i + 0.5 for i in range(30)]


def test_a_header_with_line_breaks_over_decimal_commas():
    text = 'pid;"Age\n(years)";crp\n' + "".join(f"P{i};{i};{i},5\n" for i in range(30))
    assert read(text).frame.columns.tolist() == ["pid", "Age\n(years)", "crp"]
