"""Files of other formats become the table that a CSV file of the same cells becomes, or one sentence."""

import gzip
import io
import time
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyreadstat
import pytest

from lib.errors import DataError
from lib.io import child, read_csv, read_table, write_csv
from lib.io.apart.__main__ import answer
from lib.spec import Reading
from lib.table import Finding, Table
from tests.io.workbooks import of_rows, sheet_xml, workbook

FILES = Path(__file__).parents[1] / "data" / "formats"
HEADER = ("id", "age", "arm", "crp")
BODY = [(f"P{i:02d}", 40.5 + i, "MSC" if i < 3 else "Control", i) for i in range(8)]
AS_CSV = "\n".join(",".join(map(str, row)) for row in (HEADER, *BODY)).encode()
SOON = 10.0  # seconds, whatever the file


def codes(table: Table) -> list[str]:
    return [finding.code for finding in table.findings if finding.level != "plain"]


def finding(table: Table, code: str) -> Finding:
    return next(found for found in table.findings if found.code == code)


def refusal(data: bytes, name: str = "cohort.xlsx", **settings: object) -> DataError:
    """The one sentence; it comes soon."""
    started = time.perf_counter()
    with pytest.raises(DataError) as caught:
        read_table(data, name, **settings)
    assert time.perf_counter() - started < 2 * SOON
    assert str(caught.value).endswith(".")
    assert str(caught.value).count(". ") == 0
    assert caught.value.hint
    return caught.value


# ---- workbooks


def test_a_sheet_is_what_its_csv_would_be() -> None:
    table = read_table(of_rows(HEADER, *BODY), "cohort.xlsx")
    expected = read_csv(AS_CSV)
    pd.testing.assert_frame_equal(table.frame, expected.frame)
    assert table.digest == expected.digest
    assert table.read_as[0] == 'Read as an Excel workbook (.xlsx), sheet "Data".'
    assert codes(table) == []


def test_numbers_are_exact_and_whole_ones_whole() -> None:
    values = [0.1 + 0.2, 1 / 3, 1e-12, 7.1, 2.125, 1234567.875]
    table = read_table(of_rows(("x", "y"), *[(value, float(i)) for i, value in enumerate(values)]), "a.xlsx")
    assert table.frame["x"].tolist() == values
    assert table.frame["y"].dtype == np.int64


def test_cells_of_other_kinds_are_text() -> None:
    table = read_table(of_rows(("id", "ok", "note"), ("a", True, 'one\n"two"'), ("b", False, "x\ty")), "a.xlsx")
    assert table.frame["ok"].tolist() == ["TRUE", "FALSE"]
    assert table.frame["note"].tolist() == ['one "two"', "x y"]


def test_dates_are_iso_text() -> None:
    table = read_table((FILES / "cohort.xls").read_bytes(), "cohort.xls")
    assert table.frame["visit"].tolist()[:2] == ["2020-01-01", "2020-01-02"]
    assert table.frame["age"].tolist() == [40.5 + i for i in range(8)]
    assert 'sheet "Patients"' in table.read_as[0]


def test_an_open_document_sheet() -> None:
    table = read_table((FILES / "cohort.ods").read_bytes(), "cohort.ods")
    assert table.frame.iloc[0].tolist() == ["P00", 40.5, "MSC", 0]


def test_errors_are_missing_and_counted() -> None:
    table = read_table(of_rows(HEADER, ("P0", "#N/A", "MSC", "#DIV/0!"), *BODY), "a.xlsx")
    assert np.isnan(table.frame["age"][0])
    assert np.isnan(table.frame["crp"][0])
    assert finding(table, "errors").cells == 2
    assert finding(table, "errors").level == "look"


def test_formulas_without_a_result_are_said() -> None:
    unsolved = '<c r="B2"><f>1+1</f></c>'
    solved = '<c r="B3"><f>1+1</f><v>2</v></c>'
    empty_text = '<c r="B4" t="str"><f>""</f><v></v></c>'
    table = read_table(of_rows(("id", "x"), ("a", unsolved), ("b", solved), ("c", empty_text), ("d", 5)), "a.xlsx")
    assert table.frame["x"].tolist()[1] == 2
    assert finding(table, "formulas").cells == 1


def test_cells_without_a_place_stand_one_after_the_other() -> None:
    """The place of a cell is optional, and some exports leave it out."""
    table = read_table(of_rows(HEADER, *BODY, numbered=False), "a.xlsx")
    pd.testing.assert_frame_equal(table.frame, read_csv(AS_CSV).frame)


def test_a_merged_group_reaches_all_its_rows() -> None:
    rows = [(pid, age, arm if i in (0, 3) else None, crp) for i, (pid, age, arm, crp) in enumerate(BODY)]
    table = read_table(of_rows(HEADER, *rows, merged=["C2:C4", "C5:C9"]), "a.xlsx")
    assert table.frame["arm"].tolist() == [row[2] for row in BODY]
    assert finding(table, "merged_cells").cells == 6


def test_a_merged_header_is_not_filled_into_the_rows() -> None:
    table = read_table(of_rows(HEADER, *BODY, merged=["A1:A2"]), "a.xlsx")
    assert table.frame["id"].tolist()[0] == "P00"
    assert codes(table) == []


def test_a_table_further_in() -> None:
    rows = [[], [], *([None, None, *row] for row in (HEADER, *BODY))]
    table = read_table(of_rows(*rows), "a.xlsx")
    assert list(table.frame.columns) == list(HEADER)
    assert codes(table) == []


def test_the_first_sheet_with_a_table_and_the_others_named() -> None:
    book = workbook(
        {
            "About": sheet_xml([["A made-up cohort"]]),
            "Patients": sheet_xml([HEADER, *BODY]),
            "Old": sheet_xml([HEADER, *BODY[:4]]),
        }
    )
    table = read_table(book, "a.xlsx")
    assert len(table.frame) == len(BODY)
    assert finding(table, "sheets").undo == {"sheet": "Old"}
    assert "About" not in finding(table, "sheets").text
    other = read_table(book, "a.xlsx", Reading(sheet="Old"))
    assert len(other.frame) == 4
    assert codes(other) == []
    error = refusal(book, reading=Reading(sheet="Pateints"))
    assert "Pateints" in str(error)
    assert '"Patients"' in error.hint


def test_a_sheet_is_asked_of_a_file_without_sheets() -> None:
    assert "no sheets" in str(refusal(AS_CSV, "a.csv", reading=Reading(sheet="Data")))


def test_a_workbook_without_a_table() -> None:
    assert "No sheet" in str(refusal(of_rows(("only a title",))))


def test_formatted_cells_far_away_do_not_count() -> None:
    far = '<c r="XFD1048576" s="1"/>'
    table = read_table(of_rows(HEADER, *BODY, (far,)), "a.xlsx")
    assert len(table.frame) == len(BODY)


def test_a_cell_far_away_is_named_and_eats_no_memory() -> None:
    xml = sheet_xml([HEADER, *BODY]).replace(
        "</sheetData>", '<row r="1048576"><c r="XFD1048576"><v>2</v></c></row></sheetData>'
    )
    assert "XFD1048576" in str(refusal(workbook({"Data": xml})))


def test_a_far_cell_without_a_place_of_its_own() -> None:
    """What the look ahead cannot see ends in the other process, not in this one."""
    xml = sheet_xml([HEADER, *BODY]).replace(
        "</sheetData>", "<row r='1048576'><c r='&#88;FD1048576'><v>2</v></c></row></sheetData>"
    )
    data = workbook({"Data": xml})
    try:
        assert len(read_table(data, "a.xlsx").frame) >= len(BODY)
    except DataError as error:
        assert "damaged" in str(error) or "reaches" in str(error)


def test_too_many_cells() -> None:
    row = '<row r="2">' + '<c r="A2"><v>1</v></c>' * 1000 + "</row>"
    xml = sheet_xml([HEADER]).replace("</sheetData>", row * 2001 + "</sheetData>")
    assert "2,000,000 cells" in str(refusal(workbook({"Data": xml})))


def test_a_part_that_unpacks_to_gigabytes() -> None:
    held = io.BytesIO(workbook({"Data": sheet_xml([HEADER, *BODY])}))
    with zipfile.ZipFile(held, "a", zipfile.ZIP_DEFLATED) as package:
        info = zipfile.ZipInfo("xl/worksheets/sheet1.xml", (1980, 1, 1, 0, 0, 0))
        info.compress_type = zipfile.ZIP_DEFLATED
        with pytest.warns(UserWarning, match="Duplicate"), package.open(info, "w", force_zip64=True) as part:
            for _ in range(600):
                part.write(b" " * (1 << 20))
    assert "damaged or takes too much" in str(refusal(held.getvalue()))


# ---- SPSS, Stata, SAS, Parquet


@pytest.fixture
def frame() -> pd.DataFrame:
    rows = 40
    return pd.DataFrame(
        {
            "pid": [f"{i:03d}" for i in range(rows)],
            "age": np.arange(rows) + 40.5,
            "arm": np.r_[np.ones(10), np.zeros(30)],
            "crp": [-9.0 if i % 10 == 3 else i * 1.25 for i in range(rows)],
            "pain": [float(i % 3) for i in range(rows)],
            "il6": ["<0.3" if i % 5 == 0 else f"{i}.5" for i in range(rows)],
        }
    )


LABELS = {"age": "Age (years)", "crp": "C-reactive protein, mg/l"}
VALUES = {"arm": {1: "MSC", 0: "Control"}, "pain": {0: "none"}}


def written(write: object, frame: pd.DataFrame, path: Path, **told: object) -> bytes:
    write(frame, str(path), **told)
    return path.read_bytes()


def test_spss_with_labels_and_declared_missing_values(frame: pd.DataFrame, tmp_path: Path) -> None:
    told = {"column_labels": LABELS, "variable_value_labels": VALUES, "missing_ranges": {"crp": [-9]}}
    table = read_table(written(pyreadstat.write_sav, frame, tmp_path / "a.sav", **told), "a.sav")
    assert list(table.frame.columns) == list(frame.columns)
    assert table.frame["arm"].tolist() == ["MSC"] * 10 + ["Control"] * 30
    assert table.frame["age"].tolist() == frame["age"].tolist()
    assert np.isnan(table.frame["crp"]).sum() == 4
    assert finding(table, "declared_missing").cells == 4
    assert table.frame["pain"].tolist() == [i % 3 for i in range(40)]
    assert finding(table, "value_labels").text.endswith('"arm".')
    assert '"none"' in next(found.text for found in table.findings if found.column == "pain")
    assert {name: table.labels[name] for name in LABELS} == LABELS
    assert table.frame["pid"].tolist()[:2] == ["000", "001"]
    assert table.frame["il6"].tolist()[0] == "<0.3"


def test_stata(frame: pd.DataFrame, tmp_path: Path) -> None:
    for version in (8, 15):
        told = {"column_labels": LABELS, "variable_value_labels": VALUES, "version": version}
        table = read_table(written(pyreadstat.write_dta, frame, tmp_path / "a.dta", **told), "a.dta")
        assert table.frame["arm"].tolist() == ["MSC"] * 10 + ["Control"] * 30
        assert table.frame["crp"].min() == -9
        assert table.labels["age"] == "Age (years)"


def test_two_values_of_one_label_stay_two(tmp_path: Path) -> None:
    frame = pd.DataFrame({"id": ["a", "b", "c"], "x": [1.0, 2.0, 3.0]})
    told = {"variable_value_labels": {"x": {1: "yes", 2: "yes", 3: "no"}}}
    table = read_table(written(pyreadstat.write_sav, frame, tmp_path / "a.sav", **told), "a.sav")
    assert table.frame["x"].tolist() == ["yes (1)", "yes (2)", "no (3)"]


def test_sas_and_transport_files(frame: pd.DataFrame, tmp_path: Path) -> None:
    table = read_table(gzip.decompress((FILES / "sample.sas7bdat.gz").read_bytes()), "a.sas7bdat")
    assert table.frame["mynum"].tolist() == [1.1, 1.2, -1000.3, -1.4, 1000.3]
    assert table.frame["mydate"].tolist()[:2] == ["2018-05-06", "1880-05-06"]
    assert table.frame["dtime"].tolist()[0] == "2018-05-06 10:10:10"
    table = read_table(written(pyreadstat.write_xport, frame, tmp_path / "a.xpt", column_labels=LABELS), "a.xpt")
    assert table.frame["age"].tolist() == frame["age"].tolist()


def parquet(**columns: object) -> bytes:
    held = io.BytesIO()
    pq.write_table(pa.table(columns), held)
    return held.getvalue()


def test_parquet() -> None:
    moments = pa.array([0, 86_400_000_000, None], pa.timestamp("us"))
    table = read_table(
        parquet(
            id=["a", "b", "c"],
            whole=[1, 2, 3],
            gaps=[1, None, 3],
            ok=[True, None, False],
            big=[2**60, 2**60 + 1, 2**60 + 2],
            day=moments,
            hour=pa.array([0, 3_600_000_000, None], pa.timestamp("us")),
            kind=pa.array(["x", "y", "x"]).dictionary_encode(),
            listed=[[1], [2], []],
            code=["-999", "5", "6"],
            sentinel=[-999.0, 5.0, 6.0],
        ),
        "a.parquet",
    )
    assert table.frame["whole"].dtype == np.int64
    assert table.frame["gaps"].isna().tolist() == [False, True, False]
    assert table.frame["ok"].tolist() == ["TRUE", None, "FALSE"]
    assert table.frame["big"].tolist() == [2**60, 2**60 + 1, 2**60 + 2]
    assert table.frame["day"].tolist() == ["1970-01-01", "1970-01-02", None]
    assert table.frame["hour"].tolist() == ["1970-01-01 00:00:00", "1970-01-01 01:00:00", None]
    assert table.frame["kind"].tolist() == ["x", "y", "x"]
    assert np.isnan(table.frame["sentinel"][0])
    assert finding(table, "left_out").text.endswith('"listed".')
    assert "listed" not in table.frame


def test_a_typed_file_and_its_csv_give_one_table(frame: pd.DataFrame, tmp_path: Path) -> None:
    csv = read_csv(write_csv(frame))
    sav = read_table(written(pyreadstat.write_sav, frame, tmp_path / "a.sav"), "a.sav")
    table = read_table(parquet(**{name: frame[name].tolist() for name in frame}), "a.parquet")
    assert csv.digest == sav.digest == table.digest


def test_a_column_called_like_the_mark() -> None:
    table = read_table(parquet(row=["a", None], row_=["b", None], x=[1.5, None]), "a.parquet")
    assert list(table.frame.columns) == ["row", "row_", "x"]
    assert table.frame["row"].tolist() == ["a", None]


def test_empty_and_nameless_tables() -> None:
    assert "holds" in str(refusal(parquet(x=pa.array([], pa.float64())), "a.parquet"))
    assert "no name" in str(refusal(parquet(**{" ": [1.0], "x": [2.0]}), "a.parquet"))


# ---- what is called otherwise than it is


def test_a_workbook_called_csv() -> None:
    table = read_table(of_rows(HEADER, *BODY), "cohort.csv")
    assert finding(table, "format").text == (
        "The file is called .csv but is an Excel workbook (.xlsx), and is read as one."
    )


def test_tabs_called_xls() -> None:
    table = read_table(AS_CSV.replace(b",", b"\t"), "export.xls")
    assert len(table.frame) == len(BODY)
    assert finding(table, "format")


def test_a_web_page_called_xls() -> None:
    rows = "".join(f"<tr>{''.join(f'<td> {cell}</td>' for cell in row)}</tr>" for row in BODY)
    page = (
        "<html><head><meta charset='windows-1252'><style>td {color: red}</style></head><body>"
        "<table><tr><td>menu</td></tr></table>"
        f"<table border=1><tr><th>id<th>age<th>arm<th>crp&nbsp;(mg/l) &eacute;</tr>{rows}</table></body></html>"
    )
    table = read_table(page.encode("cp1252"), "export.xls")
    assert list(table.frame.columns) == ["id", "age", "arm", "crp (mg/l) é"]
    assert table.frame["age"].tolist() == [40.5 + i for i in range(8)]


def test_a_web_page_without_a_table() -> None:
    assert "without a table" in str(refusal(b"<!DOCTYPE html><html><body><p>Log in</p></body></html>", "export.xls"))


def test_a_span_of_a_million_cells() -> None:
    page = b"<html><table><tr><td colspan=99999999>x</td><td>y</td></tr></table></html>"
    with pytest.raises(DataError):
        read_table(page, "a.html")
    row = b"<tr>" + b"<td colspan=19999>x</td>" * 300 + b"</tr>"
    assert "too many cells" in str(refusal(b"<html><table>" + row + b"</table></html>", "a.html"))


def test_names_without_an_ending_say_nothing() -> None:
    assert codes(read_table(AS_CSV, "cohort")) == []
    assert codes(read_table(AS_CSV, "cohort.CSV")) == []


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


def packed(*names: str) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as package:
        for name in names:
            package.writestr(name, "x")
    return held.getvalue()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"%PDF-1.7\n", "a PDF document"),
        (b"{\\rtf1 }", "rich-text"),
        (packed("[Content_Types].xml", "word/document.xml"), "Word document"),
        (packed("ppt/presentation.xml"), "PowerPoint"),
        (packed("Index/Document.iwa"), "Numbers"),
        (packed("cohort.csv"), "a zip archive"),
        (packed("[Content_Types].xml"), "damaged"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "password"),
        (OLE + "WordDocument".encode("utf-16-le"), "old Word"),
        (OLE, "old Office"),
        (gzip.compress(AS_CSV, mtime=0), "gzip"),
        (gzip.compress(b"X\n\x00\x00\x00\x03", mtime=0), "an R file"),
        (gzip.compress(b"RDX3\nX\n", mtime=0), "an R file"),
        (b"\x1f\x8b", "gzip"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "a picture"),
        (b"\x00\x01\x00\x00Standard Jet DB\x00", "Access"),
        (b"SQLite format 3\x00", "SQLite"),
        (b'{"patients": []}', "JSON"),
        (b'[{"id": 1}]', "JSON"),
        (b"<?xml version='1.0'?><a/>", "XML"),
        (b"<?xml version='1.0'?><Workbook xmlns='urn:schemas-microsoft-com:office:spreadsheet'/>", "Excel 2003"),
        (b"MIME-Version: 1.0\n", "web archive"),
        (b"PARE\x00\x00", "encrypted Parquet"),
        (b"", "empty"),
        (bytes(range(8)) * 20, "binary"),
    ],
)
def test_other_formats_are_named(data: bytes, words: str) -> None:
    assert words in str(refusal(data))


@pytest.mark.parametrize("header", ["[id],[arm]", "JMP,BZh", "RDX,GIF8", "<LOD,crp", "II,MM", "hq,x"])
def test_headers_that_begin_like_other_formats(header: str) -> None:
    table = read_table(f"{header}\na,1\nb,2\n".encode(), "a.csv")
    assert list(table.frame.columns) == header.split(",")


# ---- damaged files


def damaged_kinds(tmp_path: Path, frame: pd.DataFrame) -> dict[str, bytes]:
    return {
        "xlsx": of_rows(HEADER, *BODY),
        "xls": (FILES / "cohort.xls").read_bytes(),
        "ods": (FILES / "cohort.ods").read_bytes(),
        "sav": written(pyreadstat.write_sav, frame, tmp_path / "a.sav"),
        "dta": written(pyreadstat.write_dta, frame, tmp_path / "a.dta"),
        "parquet": parquet(x=[1.0, 2.0], y=["a", "b"]),
    }


@pytest.mark.parametrize("kind", ["xlsx", "xls", "ods", "sav", "dta", "parquet"])
def test_half_a_file(kind: str, frame: pd.DataFrame, tmp_path: Path) -> None:
    whole = damaged_kinds(tmp_path, frame)[kind]
    error = refusal(whole[: len(whole) // 2], f"a.{kind}")
    assert "damaged" in str(error)


@pytest.mark.parametrize("kind", ["xlsx", "xls", "ods", "sav", "dta", "parquet"])
def test_changed_bytes_give_a_table_or_a_sentence(kind: str, frame: pd.DataFrame, tmp_path: Path) -> None:
    whole, rng = damaged_kinds(tmp_path, frame)[kind], np.random.default_rng(5)
    for _ in range(6):
        changed = bytearray(whole)
        for place in rng.integers(0, len(changed), 12):
            changed[place] = rng.integers(256)
        try:
            assert len(read_table(bytes(changed), f"a.{kind}").frame)
        except DataError as error:
            assert error.hint


def test_nothing_of_a_file_is_written(frame: pd.DataFrame, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = damaged_kinds(tmp_path, frame)
    empty = tmp_path / "empty"
    empty.mkdir()
    monkeypatch.setenv("TMPDIR", str(empty))
    monkeypatch.chdir(empty)
    for kind, whole in data.items():
        read_table(whole, f"a.{kind}")
    assert list(empty.iterdir()) == []


def test_a_parquet_file_that_names_a_column_twice() -> None:
    held = io.BytesIO()
    pq.write_table(pa.table([[1.0], [2.0]], names=["x", "x"]), held)
    assert str(refusal(held.getvalue(), "a.parquet")) == "Two columns of the file have one name."


def test_more_values_than_can_be_read() -> None:
    held = io.BytesIO()
    pq.write_table(pa.table({"x": np.zeros(30_000_001, dtype=np.int8)}), held)
    assert "holds more than 30,000,000 values" in str(refusal(held.getvalue(), "a.parquet"))


def test_a_reader_that_hangs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "SECONDS", 0.01)
    assert "takes too much time" in str(refusal(of_rows(HEADER, *BODY)))


def test_a_fault_of_our_own_is_not_called_a_damaged_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "START", "raise TypeError('ours')")
    with pytest.raises(RuntimeError, match="ours"):
        read_table(of_rows(HEADER, *BODY), "a.xlsx")


@pytest.mark.parametrize("kind", ["xlsx", "sav", "parquet"])
def test_the_other_process_says_what_this_one_would(kind: str, frame: pd.DataFrame, tmp_path: Path) -> None:
    """The reader itself, without a process around it."""
    data = damaged_kinds(tmp_path, frame)[kind]
    told, cells = answer(data, {"kind": kind})
    apart = child.ask(data, {"kind": kind}, "a file")
    assert (apart.told, apart.cells) == (told, cells)
    assert answer(data[: len(data) // 2], {"kind": kind})[0]["refused"] == "damaged"
