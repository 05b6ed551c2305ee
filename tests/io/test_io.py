"""Reading and writing CSV: what is decided, what is noted, what is refused."""

import csv
import io
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.errors import DataError
from lib.io import read_csv, write_csv
from lib.table import Table

DATA = Path(__file__).parents[1] / "data"


def read(text: str | bytes, **options) -> Table:
    return read_csv(text.encode() if isinstance(text, str) else text, **options)


def refused(text: str | bytes, **options) -> DataError:
    with pytest.raises(DataError) as caught:
        read(text, **options)
    assert caught.value.hint
    return caught.value


def column(text: str, name: str, **options) -> list:
    return read(text, **options).frame[name].tolist()


# ---- encoding


PENA = "name,age\nPeña,50\nMüller,60\n"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (PENA.encode(), "UTF-8"),
        (b"\xef\xbb\xbf" + PENA.encode(), "UTF-8"),
        (PENA.encode("cp1252"), "Windows-1252"),
        (PENA.encode("utf-16"), "UTF-16"),
    ],
)
def test_encodings(data, said):
    table = read(data)
    assert table.frame["name"].tolist() == ["Peña", "Müller"]
    assert table.frame.columns.tolist() == ["name", "age"]
    assert f"Read as {said} text" in table.notes[0]


def test_the_encoding_can_be_named():
    assert read(PENA.encode("mac-roman"), encoding="mac-roman").frame["name"].tolist() == ["Peña", "Müller"]
    assert read(PENA.encode("cp1252"), encoding="latin-1").frame["name"].tolist() == ["Peña", "Müller"]
    assert "cannot be read as utf-8" in str(refused(PENA.encode("cp1252"), encoding="utf-8"))
    assert '"klingon" is not a text encoding' in str(refused(PENA, encoding="klingon"))
    assert "neither UTF-8 nor Windows-1252" in str(refused(b"a,b\n\x81,\xff\n"))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"\n \n", "empty"),
        (b"PK\x03\x04....", "Excel workbook (.xlsx)"),
        (b"\xd0\xcf\x11\xe0....", "old Excel"),
        (b"%PDF-1.7", "PDF"),
        (b"a,b\n1,\0\n", "binary"),
        (b"\x1f\x8b..", "gzip"),
    ],
)
def test_files_that_are_no_csv(data, words):
    assert words in str(refused(data))


# ---- layout


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_delimiters_and_line_endings(mark, ending):
    rows = [("id", "age", "sex"), ("P1", "50", "f"), ("P2", "61", "m")]
    frame = read(ending.join(map(mark.join, rows)) + ending).frame
    assert frame.to_dict("list") == {"id": ["P1", "P2"], "age": [50, 61], "sex": ["f", "m"]}
    assert frame["age"].dtype == np.int64


def test_a_delimiter_inside_the_header_or_text_does_not_mislead():
    assert read("id;age, years;note\n1;50;a, b\n2;61;c, d\n").frame.columns.tolist() == ["id", "age, years", "note"]
    assert read('id,note\n1,"a;b;c"\n2,"d;e;f"\n').frame["note"].tolist() == ["a;b;c", "d;e;f"]


def test_excels_first_line_names_the_delimiter():
    assert read("sep=;\nid;a\n1;3,5\n").frame.to_dict("list") == {"id": [1], "a": [3.5]}
    assert read("sep=;\nid|a;b\n1|3,5\n", delimiter="|").frame.to_dict("list") == {"id": [1], "a;b": [3.5]}


def test_quotes_newlines_and_blank_lines():
    frame = read('\n\nid,"two\nlines"\n1,"x\ny"\n\n2,"he said ""no"""\n\n\n').frame
    assert frame.to_dict("list") == {"id": [1, 2], "two\nlines": ["x\ny", 'he said "no"']}


def test_rows_without_any_value_are_left_out_and_counted():
    table = read("id;a;b\n1;2;x\n;;\n2;3;y\n;;\n; ;\n")
    assert len(table.frame) == 2
    assert "Empty rows left out: 3." in table.notes


def test_a_trailing_delimiter_makes_no_column():
    table = read("id;a;\n1;2;\n2;3;\n")
    assert table.frame.columns.tolist() == ["id", "a"]
    assert any("Column 3 has neither a name nor values" in note for note in table.notes)


def test_row_numbers_of_r_and_pandas_are_left_out():
    for first in (0, 1):
        table = read(f'"","a","b"\n"{first}",5,6\n"{first + 1}",7,8\n')
        assert table.frame.columns.tolist() == ["a", "b"]
        assert any("numbers the rows" in note for note in table.notes)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("id,age,age\n1,2,3\n", 'more than once: "age"'),
        ("id, age ,age\n1,2,3\n", 'more than once: "age"'),
        ("id,,age\n1,2,3\n", "no name for column 2"),
        (",a\n9,2\n5,3\n", "no name for column 1"),
        (",,\n1,2,3\n", "no column names"),
        ("1,2,3\n4,5,6\n", "numbers, not column names"),
        ("id,age\n", "no rows"),
        ("id,age\n\n \n", "no rows"),
        ("id,age\n,\n ,\n", "no rows"),
        ("id age\n1 2\n", "a single column"),
        ("id,age\n1,2\n3\n4,5\n", "Line 3 has 1 value, but the header names 2 columns."),
        (
            "id,age\n1,2\n\n3,4,5\n6,7,8\n",
            "Line 4 has 3 values, but the header names 2 columns; 2 lines in all differ.",
        ),
        ('id,age\n1,"2"\n"x\ny",3,4\n', "Line 3 has 3 values"),
        ('id,age\n1,2\n2,"3,\n3,4\n', "Line 3 has a double quote that nothing closes"),
    ],
)
def test_tables_that_are_no_table(text, words):
    error = refused(text)
    assert words in f"{error} {error.hint}"


def test_a_decimal_comma_in_a_comma_file_is_a_ragged_row():
    error = refused("id,age\n1,50\n2,51,5\n")
    assert "Line 3 has 3 values" in str(error)
    assert "decimal comma" in error.hint


# ---- numbers


def test_whole_numbers_with_gaps_and_exact_decimals():
    frame = read("a,b\n1,0.1\n,0.30000000000000004\n3,1e-300\n").frame
    assert frame["a"].tolist()[::2] == [1, 3]
    assert np.isnan(frame["a"][1])
    assert frame["b"].tolist() == [0.1, 0.30000000000000004, 1e-300]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("id;a\n1;3,5\n2;4\n", [3.5, 4.0]),
        ("id;a\n1;,5\n2;-0,25\n", [0.5, -0.25]),
        ("id;a\n1;1.234,5\n2;2.000\n", [1234.5, 2000]),
        ("id;a\n1;1 234,5\n2;3\n", [1234.5, 3.0]),
        ('id,a\n1,"3,5"\n2,"4,25"\n', [3.5, 4.25]),
        ("id;a\n1;1,5e3\n2;2\n", [1500, 2]),
    ],
)
def test_decimal_comma(text, values):
    table = read(text)
    assert table.frame["a"].tolist() == values
    assert "decimal comma" in table.notes[0]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ('id,a\n1,"1,234,567"\n2,"2,345"\n', [1234567, 2345]),
        ('id,a\n1,"1,234.5"\n2,7\n', [1234.5, 7]),
        ("id;a\n1;1'234\n2;12'345'678\n", [1234, 12345678]),
        ("id;a\n1;1\u00a0234\n2;2\u202f345\n", [1234, 2345]),
        ('id,a,b\n1,"1,234",0.5\n2,"2,345",1.5\n', [1234, 2345]),
    ],
)
def test_thousands_marks(text, values):
    table = read(text)
    assert table.frame["a"].tolist() == values
    assert 'Column "a": thousands marks removed.' in table.notes


def test_a_comma_in_doubt_is_asked_about():
    text = "id;a\n1;1,234\n2;2,345\n"
    table = read(text)
    assert table.frame["a"].tolist() == ["1,234", "2,345"]
    assert any('Column "a"' in note and "Say which decimal sign" in note for note in table.notes)
    assert column(text, "a", decimal=",") == [1.234, 2.345]
    assert column(text, "a", decimal=".") == [1234, 2345]


def test_points_in_a_file_with_decimal_commas():
    table = read("id;a;b;c\n1;3,5;0.5;1.234\n2;4,5;12.75;2.000\n")
    assert table.frame["b"].tolist() == [0.5, 12.75]
    assert table.frame["c"].tolist() == ["1.234", "2.000"]
    assert [question.column for question in table.questions] == ["c"]


def test_points_are_thousands_marks_where_commas_are_decimal():
    table = read("id;a;b;c\n1;3,5;0,5;1.234\n2;4,5;12,75;2.000\n")
    assert table.frame["c"].tolist() == [1234, 2000]
    assert 'Column "c": thousands marks removed.' in table.notes


def test_one_column_with_points_in_a_file_of_decimal_commas():
    rows = "".join(f"{i};{i},5;{i},25;0.5\n" for i in range(1, 30))
    table = read(f"id;a;b;c\n{rows}")
    assert table.frame["c"].tolist() == [0.5] * 29
    table = read("id;a;b\n" + "".join(f"{i};{i},5;{i}\n" for i in range(1, 30)) + "30;1,5;0.5\n")
    assert table.frame["b"].tolist()[-1] == 0.5
    assert any('Column "b" is read with a decimal point, unlike the rest of the file' in note for note in table.notes)


def test_dates_stay_text():
    dates = ["01.02.2020", "13.12.2021"]
    assert column(f"id;d;a\n1;{dates[0]};3,5\n2;{dates[1]};4,5\n", "d") == dates
    assert column("id,d\n1,2020-02-01\n2,2021-12-13\n", "d") == ["2020-02-01", "2021-12-13"]


def test_words_and_codes_stay_as_written():
    frame = read("id,flag,big,zip\n001,TRUE,12345678901234567890,0\n002,FALSE,12345678901234567891,1\n010,,,\n").frame
    assert frame["id"].tolist() == ["001", "002", "010"]
    assert frame["flag"].tolist() == ["TRUE", "FALSE", None]
    assert frame["big"].tolist() == ["12345678901234567890", "12345678901234567891", None]
    assert frame["zip"].tolist()[:2] == [0, 1]


def test_padded_numbers_that_repeat_are_numbers():
    assert column("id,day\n1,01\n2,02\n3,02\n", "day") == [1, 2, 2]


def test_spaces_are_removed_and_counted():
    table = read("id,arm,a\n1, MSC ,5 \n2,MSC,6\n3,control , 7\n")
    assert table.frame["arm"].tolist() == ["MSC", "MSC", "control"]
    assert table.frame["a"].tolist() == [5, 6, 7]
    assert 'Column "arm": spaces around the text of 2 cells removed.' in table.notes


# ---- missing values


def test_markers_of_missing_values_are_noted():
    table = read('id,a,b\n1,NA,x\n2,.,"NA"\n3,5,\n4,N/A,y\n')
    assert table.frame["a"].isna().tolist() == [True, True, False, True]
    assert table.frame["b"].tolist() == ["x", None, None, "y"]
    assert 'Read as missing beside empty cells, with the number of cells: "." (1), "N/A" (1), "NA" (2).' in table.notes


def test_dashes_and_question_marks_are_missing_only_among_numbers():
    table = read("id,a,pcr\n1,-,+\n2,5,-\n3,?,+\n4,7,-\n")
    assert table.frame["a"].isna().tolist() == [True, False, True, False]
    assert table.frame["pcr"].tolist() == ["+", "-", "+", "-"]
    assert 'Column "a": "-" in 1 cell is read as missing.' in table.notes


def test_minus_999_is_missing_where_nothing_else_is_negative():
    table = read("id,a,excess\n1,-999,-999\n2,5,-4\n3,6,3\n4,-999,2\n")
    assert table.frame["a"].isna().tolist() == [True, False, False, True]
    assert table.frame["excess"].tolist() == [-999, -4, 3, 2]
    assert 'Column "a": -999 in 2 cells is read as missing.' in table.notes
    assert any('Column "excess" holds -999, kept as a number' in note for note in table.notes)


def test_999_is_asked_about_from_three_times_the_next_largest_on():
    """999 is more than 3 x 332 and not more than 3 x 333."""
    notes = read("id,a,b\n1,999,999\n2,332,333\n3,6,6\n4,999,999\n").notes
    assert [name for name in ("a", "b") if any(f'Column "{name}" holds 999' in note for note in notes)] == ["a"]


def test_999_is_asked_about_not_dropped():
    table = read("id,a\n1,999\n2,5\n3,6\n4,999\n")
    assert table.frame["a"].tolist() == [999, 5, 6, 999]
    assert any('Column "a" holds 999' in note for note in table.notes)


@pytest.mark.parametrize("values", ["999,5,6,7", "999,800,6,999", "998,5,6,998", "999,333,6,999"])
def test_a_999_that_is_plausible_raises_no_question(values):
    rows = "".join(f"{i},{value}\n" for i, value in enumerate(values.split(",")))
    assert len(read(f"id,a\n{rows}").notes) == 1


def test_an_empty_marker_changes_nothing():
    text = "id,a,b\n1,2,x\n2,,y\n3,4,\n"
    plain, marked = read(text).frame, read(text, missing=("",)).frame
    assert plain.equals(marked) and int(marked.isna().sum().sum()) == 2


def test_missing_values_can_be_named():
    table = read("id,a,b,c\n1,-999,unknown,-\n2,5,NA,1\n3,88,x,2\n", missing=("88", "unknown"))
    np.testing.assert_array_equal(table.frame["a"], [-999, 5, np.nan])
    assert table.frame["b"].tolist() == [None, "NA", "x"]
    assert table.frame["c"].tolist() == ["-", "1", "2"]


def test_values_below_detection_are_asked_about():
    table = read("id,ferritin\n1,<0.3\n2,5.5\n3,7\n4,<0.3\n5,8\n6,9\n")
    assert table.frame["ferritin"].tolist() == ["<0.3", "5.5", "7", "<0.3", "8", "9"]
    assert table.limited["ferritin"].values.tolist() == [0.3, 5.5, 7, 0.3, 8, 9]
    assert table.limited["ferritin"].beyond.tolist() == [-1, 0, 0, -1, 0, 0]
    note = next(note for note in table.notes if "ferritin" in note)
    assert note.startswith('Column "ferritin" has 2 values beyond a detection limit')
    assert "0.3" not in note


def test_stray_text_among_numbers_is_counted():
    table = read("id,crp\n1,5\n2,6\n3,high\n4,7\n")
    assert table.frame["crp"].tolist() == ["5", "6", "high", "7"]
    assert any('Column "crp" has numbers in 3 cells, text in 1' in note for note in table.notes)


def test_numbers_that_all_have_one_unit_are_numbers():
    table = read("id,spo2,crp\n1,95%,5 mg/L\n2,97%,6.5 mg/L\n3,88%,\n")
    assert table.frame["spo2"].tolist() == [95, 97, 88]
    assert table.frame["crp"].tolist()[:2] == [5, 6.5]
    assert table.units == {"spo2": "%", "crp": "mg/L"}
    assert [(f.column, f.cells, f.level) for f in table.findings if f.code == "units"] == [
        ("spo2", 3, "note"),
        ("crp", 2, "note"),
    ]


@pytest.mark.parametrize("cells", [("5 mg/L", "6 g/L", "7 mg/L"), ("5 mg/L", "6", "7 mg/L")])
def test_numbers_in_several_units_stay_text(cells):
    table = read("id,crp\n" + "".join(f"{i},{cell}\n" for i, cell in enumerate(cells)))
    assert table.frame["crp"].tolist() == list(cells)
    assert [f.level for f in table.findings if f.column == "crp"] == ["look"]
    assert not table.units


def test_words_that_begin_with_digits_are_no_numbers_with_units():
    assert read("id,grade\n1,I\n2,II\n3,IIIb\n").notes == read("id,day\n1,2020-01-02\n2,2020-01-03\n").notes


def test_an_empty_column():
    assert read("id,a,b\n1,,\u00a0\n2,NA,\u00a0\n").frame[["a", "b"]].isna().all(axis=None)


def test_unknown_options():
    assert "point or a comma" in str(refused("a,b\n1,2\n", decimal=":"))
    assert "one character" in str(refused("a,b\n1,2\n", delimiter="::"))


# ---- the files of tests/data


@pytest.mark.parametrize("path", sorted(DATA.glob("clinic_*.csv")), ids=lambda path: path.stem)
def test_one_clinic_in_many_dialects(path):
    """Every clinic_*.csv holds the same patients, written by another program or country."""
    expected = read((DATA / "clinic_plain.csv").read_bytes()).frame
    table = read(path.read_bytes())
    pd.testing.assert_frame_equal(table.frame, expected, check_dtype=False)


# ---- writing


def test_written_cells():
    frame = pd.DataFrame(
        {
            "id": [1, 2, 3],
            "gap": [1.0, np.nan, 3.0],
            "x": [0.1, 1e-7, 2.0],
            "text": ["=1+1", "-5", "a,b"],
            "note": ["+x", "@y", 'say "hi"'],
            "more": ["\tz", None, "\rq"],
            "minus": [-1, -2, -3],
        }
    )
    assert write_csv(frame) == (
        b"id,gap,x,text,note,more,minus\n"
        b"1,1,0.1,'=1+1,'+x,'\tz,-1\n"
        b"2,,1e-07,'-5,'@y,,-2\n"
        b'3,3,2.0,"a,b","say ""hi""","\'\nq",-3\n'
    )


def test_names_are_escaped_and_levels_written():
    frame = pd.DataFrame({"=cmd": pd.Categorical(["-b", "a"]), "n": [1.0, 2.0]})
    assert write_csv(frame) == b"'=cmd,n\n'-b,1\na,2\n"


def test_numbers_above_exact_whole_numbers_stay_floats():
    assert write_csv(pd.DataFrame({"a": [1e300, 2.0]})) == b"a\n1e+300\n2.0\n"


NUMBERS = st.floats(allow_nan=False, allow_infinity=False, min_value=-1e15, max_value=1e15)
TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=8)


@settings(deadline=None)
@given(st.lists(st.tuples(NUMBERS, st.integers(-9, 10**9), TEXTS), min_size=1, max_size=20))
def test_numbers_come_back_exactly(rows):
    frame = pd.DataFrame([(i, *row) for i, row in enumerate(rows)], columns=["id", "x", "n", "text"])
    data = write_csv(frame)
    assert data == write_csv(frame.copy())
    back = read_csv(data, delimiter=",", decimal=".", missing=("NA",)).frame
    np.testing.assert_array_equal(back["x"].to_numpy(dtype=float), frame["x"])
    np.testing.assert_array_equal(back["n"], frame["n"])


@settings(deadline=None)
@given(st.lists(st.lists(TEXTS, min_size=2, max_size=2), min_size=1, max_size=20))
def test_no_written_cell_starts_like_a_formula(rows):
    written = csv.reader(io.StringIO(write_csv(pd.DataFrame(rows, columns=["a", "b"])).decode(), newline=""))
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for row in written for cell in row)


def table_or_sentence(data: bytes) -> None:
    try:
        table = read_csv(data)
    except DataError as error:
        assert str(error)
        assert error.hint
    else:
        assert len(table.frame) > 0


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_a_table_or_a_sentence(data):
    table_or_sentence(data)


@settings(deadline=None)
@given(st.text(st.sampled_from('ab1,;\t|"\n .-<NA0'), max_size=60))
def test_any_scribble_is_a_table_or_a_sentence(text):
    table_or_sentence(text.encode())
