"""Numbers are decided column by column: by their own proof, then by the file's, and asked about when neither tells."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.io import read_csv
from lib.io.answers import number_answer
from lib.io.numbers import kinds
from lib.reading import Reading
from lib.table import Table


def column(cells: list[str], other: list[str] | None = None, delimiter: str = ";", **answers) -> Table:
    """A file with the cells as column x beside a column y."""

    def cell(text: str) -> str:
        return f'"{text}"' if delimiter in text else text

    other = other or ["1"]
    rows = [f"P{i}{delimiter}{cell(x)}{delimiter}{cell(other[i % len(other)])}" for i, x in enumerate(cells)]
    return read_csv("\n".join([f"id{delimiter}x{delimiter}y", *rows]).encode(), Reading(**answers))


@pytest.mark.parametrize(
    ("cells", "other", "values"),
    [
        (["0.812", "1.204", "0.930", "2.100"], None, [0.812, 1.204, 0.93, 2.1]),
        (["0,812", "1,204", "2,100"], None, [0.812, 1.204, 2.1]),
        (["2.345", "3.412", "1.999"], None, [2.345, 3.412, 1.999]),
        (["2.345", "3", "1.999", "4"], None, [2.345, 3, 1.999, 4]),
        (["1,234", "2,100", "3,500"], ["3,5"], [1.234, 2.1, 3.5]),
        (["1.234", "2.100", "12.500"], ["3,5"], [1234, 2100, 12500]),
        (["1,234", "210", "350"], ["3.5"], [1234, 210, 350]),
        (["2.810", "1.985", "1.234.567"], None, [2810, 1985, 1234567]),
        (["245.000", "98.000", "1.050.000"], None, [245000, 98000, 1050000]),
        (["2.810", "1740", "538"], None, [2.81, 1740, 538]),
        (["2.810", "174.5", "538", "2.5"], None, [2.81, 174.5, 538, 2.5]),
        (["1'234", "210", "12'345.5"], None, [1234, 210, 12345.5]),
        (["\u22122.5", "3.1"], None, [-2.5, 3.1]),
    ],
)
def test_what_a_column_or_its_file_proves(cells, other, values):
    table = column(cells, other)
    assert table.frame["x"].tolist() == values
    assert not table.questions


@pytest.mark.parametrize(
    ("cells", "other"),
    [
        (["2.810", "174", "538"], None),
        (["-2.810", "174", "538"], None),
        (["2.810", "174", "538"], ["3.5", "2.25"]),
        (["2.810", "", "538", "NA"], None),
        (["1.000", "", "850", "NA", "900"], None),
        (["1,234", "210", "350"], ["3,5"]),
        (["1,234"] * 30 + ["3,5", "614"], None),
        (["1.5", "2.5", "1,234", "3.5"], None),
        (["3,5", "4.5", "1.234"], None),
        (["<1.000", "2.500", "3.100", "174", "850"], None),
    ],
)
def test_conflicting_proof_is_asked_about(cells, other):
    table = column(cells, other)
    assert [(q.about, q.column, q.blocking) for q in table.questions] == [("number", "x", False)]
    assert table.frame["x"].dtype == object
    assert [f.level for f in table.findings if f.code == "number"] == ["look"]


def test_a_question_is_answered_by_either_candidate():
    cells = ["2.810", "174", "538"]
    (question,) = column(cells).questions
    read = [column(cells, **number_answer(question, one)) for one in question.candidates]
    assert [table.frame["x"].tolist() for table in read] == [[2810, 174, 538], [2.81, 174, 538]]
    assert not any(table.questions for table in read)
    assert column(cells, thousands={"x": ""}).frame["x"].tolist() == [2.81, 174, 538]
    assert column(cells, decimal={"y": ","}).questions


def test_a_question_shows_no_cell():
    table = column(["2.810", "174", "538"])
    said = [q.text for q in table.questions] + [c for q in table.questions for c in q.candidates] + list(table.notes)
    assert not any("2.81" in text or "174" in text for text in said)


def test_one_decimal_comma_elsewhere_is_doubted_by_itself():
    ferritin = ["1,137", "614", "2,952", "596"] * 10
    note = [*["4"] * 39, "3,5"]
    rows = [f'P{i},{36 + i / 10},"{f}","{n}"' for i, (f, n) in enumerate(zip(ferritin, note, strict=True))]
    table = read_csv("\n".join(["id,temp,ferritin,note", *rows]).encode())
    assert table.frame["ferritin"].tolist()[:2] == [1137, 614]
    assert table.frame["note"].tolist()[-1] == 3.5
    assert [(f.column, f.level, f.cells) for f in table.findings if f.code == "sign"] == [("note", "look", 1)]
    (told,) = [f for f in table.findings if f.code == "thousands"]
    again = read_csv("\n".join(["id,temp,ferritin,note", *rows]).encode(), Reading(**told.undo))
    assert again.frame["ferritin"].tolist()[:2] == [1.137, 614]


def test_each_cell_that_proves_its_own_sign_is_read_so():
    table = column(["3.5"] * 30 + ["3,25"])
    assert table.frame["x"].tolist()[-1] == 3.25
    assert [(f.level, f.cells) for f in table.findings if f.code == "each"] == [("look", 1)]


@pytest.mark.parametrize("rows", [10, 1200])
@pytest.mark.parametrize("quote", ["", '"'])
def test_a_late_group_of_thousands_is_found(rows, quote):
    cells = [*(str(100 + i % 800) for i in range(rows)), "1.250", ""]
    text = "\n".join(["id;x", *(f"{quote}P{i}{quote};{cell}" for i, cell in enumerate(cells))])
    assert [q.column for q in read_csv(text.encode()).questions] == ["x"]


def test_limits_are_numbers_beside_their_texts():
    table = column(["<0,3", "0,5", "1,25", "> 100", "n.d.", "\u22643", "7", "8,5"])
    limited = table.limited["x"]
    np.testing.assert_array_equal(limited.values, [0.3, 0.5, 1.25, 100, np.nan, 3, 7, 8.5])
    assert limited.beyond.tolist() == [-1, 0, 0, 1, 0, -1, 0, 0]
    assert table.frame["x"].tolist()[:5] == ["<0,3", "0,5", "1,25", "> 100", None]
    assert [(f.level, f.cells) for f in table.findings if f.code == "limit"] == [("look", 3)]


@pytest.mark.parametrize("cells", [["<=20", "20-50", ">50"] * 5, ["<65", ">=65"] * 5, ["<5", "5", ">5"] * 5])
def test_classes_are_no_limits(cells):
    table = column(cells)
    assert not table.limited
    assert len(table.findings) == 1


def test_limits_with_gaps_and_empty_rows_keep_their_rows():
    table = read_csv(b"id,x\n1,<0.3\n,\n2,5.5\n3,NA\n4,6.5\n")
    np.testing.assert_array_equal(table.limited["x"].values, [0.3, 5.5, np.nan, 6.5])
    assert table.frame["x"].tolist() == ["<0.3", "5.5", None, "6.5"]


@pytest.mark.parametrize("cell", ["inf", "1e400", "-Infinity", "1e308"])
def test_numbers_that_no_measurement_can_be_are_missing_and_said(cell):
    table = column(["5", cell, "7"])
    assert table.frame["x"].isna().tolist() == [False, True, False]
    assert [(f.level, f.cells) for f in table.findings if f.code == "infinite"] == [("look", 1)]


@pytest.mark.parametrize("cells", [["007", "012"], ["123456789012345678901234567890", "12345678901234567890123456789"]])
def test_codes_of_digits_stay_text_with_a_note(cells):
    table = column(cells)
    assert table.frame["x"].tolist() == cells
    assert [f.column for f in table.findings if f.code == "code"] == ["x"]


def test_long_whole_numbers_beside_gaps():
    frame = read_csv(b"id,x\n1234567890123456789012345678,1\n,2\n1234567890123456789012345679,3\n").frame
    assert frame["id"].tolist() == ["1234567890123456789012345678", None, "1234567890123456789012345679"]


@given(st.floats(0.001, 1e6).map(lambda x: f"{x:.3f}"))
def test_three_digits_after_a_mark_are_doubtful_only_where_they_could_be_a_group(text):
    doubtful = 1 <= float(text) < 1000
    assert kinds([text, text.replace(".", ",")]) == (["?.", "?,"] if doubtful else [".", ","])
