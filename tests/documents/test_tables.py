"""Tables as files: what was read on the page is read in Word, Excel, CSV and on the clipboard, whatever it holds."""

import csv
import io
import re
from dataclasses import replace

import docx
import openpyxl
import pytest

from lib.documents.clipboard import clipboard_html, clipboard_text
from lib.documents.csv_tables import csv_bytes, has_decimal_comma
from lib.documents.excel_tables import excel_bytes, sheet_names
from lib.documents.origin import Origin
from lib.documents.presets import PRESETS
from lib.documents.word_tables import word_bytes
from lib.documents.zipped import unzipped
from lib.words.tables import TextTable

ODD = "<b>=1+1</b> & \x00\x0b5 < 6 \ud800"
LONG = "A label of eighty letters that somebody typed into a register without thinking "
HEBREW = "גיל (שנים)"
TABLE = TextTable(
    "Table 2: outcomes",
    ("Outcome", "Treated (8)", "Matched controls (24)", "Difference (95% interval)", "p, by matched set", "SMD"),
    (
        ("Group", "", "", "", "", ""),
        ("Death\nprimary", "0 (0%)\nn = 8", "5 (20.8%)\nn = 24", "−20.8 (−62.5 to 0)\npoints", "0.34\nexact", "+0.30"),
        (
            "CRP (mg/L)",
            "33.2 (6.3–59.8)\nn = 7",
            "1,220.8 (10.6–1,392.1)\nn = 24",
            "12.1 (5.9 to 35.2)\npoints",
            "1.00\nexact",
            "−0.12",
        ),
        (ODD, "–", "4 of 7\n57.1% weighted", "0 (no interval)", "<0.001", "–"),
        (LONG, "-5", "@SUM(A1)", " =cmd|' /C calc'!A0", "0.043\nexact", "0012"),
        (HEBREW, "3", "12.50", "0.43\xa0→ 0.56", "p = 0.02", "20%"),
    ),
    ("A foot & a note.",),
    kinds=("heading", "primary", "plain", "plain", "plain", "plain"),
)
EMPTY = TextTable("Nothing", ("Outcome", "p"), ())


def words(made: bytes) -> docx.document.Document:
    """A document read back."""
    return docx.Document(io.BytesIO(made))


def cell_lines(made: bytes) -> list[list[str]]:
    """The text of every cell of the first table."""
    return [[cell.text for cell in row.cells] for row in words(made).tables[0].rows]


def sheet(made: bytes, number: int = 0):
    """A sheet read back."""
    return openpyxl.load_workbook(io.BytesIO(made)).worksheets[number]


def csv_rows(made: bytes, delimiter: str = ",") -> list[dict[str, str]]:
    """The lines of a CSV by head."""
    return list(csv.DictReader(io.StringIO(made.decode("utf-8-sig"), newline=""), delimiter=delimiter))


def test_word_holds_a_real_table_with_its_title_above_and_its_notes_below():
    document = words(word_bytes([TABLE]))
    assert [p.text for p in document.paragraphs if p.text] == [
        "Table 2: outcomesa",
        "Abbreviations: CRP, C-reactive protein; SMD, standardised mean difference.",
        "aA foot & a note.",
        "bPoints.",
        "cExact.",
    ]
    read = cell_lines(word_bytes([TABLE]))
    assert read[0][:3] == ["Outcome", "Treated (n\xa0=\xa08)", "Matched controls (n\xa0=\xa024)"]
    assert read[2] == ["Death\nprimary", "0 (0%)", "5 (20.8%)", "−20.8 (−62.5 to 0)b", "0.34c", "+0.30"]
    assert read[3][1] == "33.2 (6.3–59.8)\nn = 7"
    assert read[4][0] == "<b>=1+1</b> & 5 < 6 "
    assert set(read[1]) == {"Group"}, "a row that opens a group is one cell across"


def test_word_repeats_the_head_and_every_cell_has_one_style():
    table = words(word_bytes([TABLE])).tables[0]
    assert [row._tr.trPr.find(docx.oxml.ns.qn("w:tblHeader")) is not None for row in table.rows] == [True] + [False] * 6
    assert {p.style.name for row in table.rows for cell in row.cells for p in cell.paragraphs} == {"Table text"}
    bold = [any(run.bold for run in row.cells[0].paragraphs[0].runs) for row in table.rows]
    assert bold == [True, True, True, False, False, False, False]
    assert 'w:tblCaption w:val="Table 2: outcomes"' in table._tbl.xml
    assert re.search(r"<w:rtl/>\s*</w:rPr>\s*<w:t[^>]*>ג", table._tbl.xml)


@pytest.mark.parametrize(
    ("preset", "head", "row", "marks"),
    [
        ("jama", "P value, by matched set", ["0 (0%)", "5 (21%)", "−20.8 (−62.5 to 0)b", ".34c"], "abc"),
        ("lancet", "p value, by matched set", ["0 (0%)", "5 (20·8%)", "−20·8 (−62·5 to 0)†", "0·34‡"], "*†‡"),
        ("nejm", "P value, by matched set", ["0 (0%)", "5 (20.8%)", "−20.8 (−62.5 to 0)†", "0.34‡"], "*†‡"),
    ],
)
def test_journals_have_their_own_writing(preset, head, row, marks):
    made = word_bytes([TABLE], PRESETS[preset])
    read = cell_lines(made)
    assert (read[0][4], read[2][1:5]) == (head, row)
    assert "".join(p.text[0] for p in words(made).paragraphs[-3:]) == marks
    assert read[5][0] == LONG, "names stay as they are"
    largest = {"jama": ">.99", "lancet": ">0·99", "nejm": ">0.99"}[preset]
    assert read[3][4].startswith(largest)


def test_intervals_and_thousands_of_the_lancet():
    read = cell_lines(word_bytes([TABLE], PRESETS["lancet"]))
    assert read[3][2] == "1220·8 (10·6–1392·1)" and read[3][3] == "12·1 (5·9–35·2)†"
    assert read[6][4] == "p=0·02" and read[4][4] == "<0·001"


def test_excel_holds_numbers_where_a_cell_is_one():
    page = sheet(excel_bytes([TABLE]))
    rows = [[cell.value for cell in row] for row in page.iter_rows(min_row=3, max_row=9)]
    assert rows[0][:6] == [*TABLE.heads[:5], "p, by matched set: note"]
    assert rows[2] == [
        "Death\nprimary",
        "0 (0%)\nn = 8",
        "5 (20.8%)\nn = 24",
        "−20.8 (−62.5 to 0)\npoints",
        0.34,
        "exact",
        0.3,
    ]
    assert rows[3][-1] == -0.12 and page["G5"].number_format == "+0.00;-0.00;0.00"
    assert rows[5][1] == -5 and rows[5][-1] == "0012", "an id keeps its zeros"
    assert page["A1"].value == "Table 2: outcomes"
    assert "A foot & a note." in [cell.value for cell in page["A"]]
    assert page.freeze_panes == "B4" and page["A5"].font.bold and not page["A6"].font.bold


def test_no_cell_of_a_workbook_is_a_formula():
    made = excel_bytes([TABLE])
    assert all(cell.data_type != "f" for row in sheet(made).iter_rows() for cell in row)
    assert b"<f>" not in unzipped(made)["xl/worksheets/sheet1.xml"]
    assert sheet(made)["C8"].value == "@SUM(A1)"


def test_sheets_have_names_that_excel_takes():
    names = sheet_names(["a/b:[c]?*" * 9, "Effects", "effects", "", "'", "\x00"])
    assert len({name.lower() for name in names}) == 6
    assert all(name and len(name) <= 31 and not re.search(r"[\[\]:*?/\\]", name) for name in names)
    assert len(openpyxl.load_workbook(io.BytesIO(excel_bytes([TABLE] * 3))).sheetnames) == 3


@pytest.mark.parametrize(("comma", "delimiter", "sign"), [(False, ",", "."), (True, ";", ",")])
def test_csv_has_one_number_in_each_cell(comma, delimiter, sign):
    made = csv_bytes(TABLE, comma)
    assert made.startswith(b"\xef\xbb\xbf") and made.endswith(b"\r\n")
    rows = csv_rows(made, delimiter)
    death, crp = rows[1], rows[2]
    assert (death["Treated (8)"], death["Treated (8): %"], death["Treated (8): n"]) == ("0", "0", "8")
    assert death["Matched controls (24): %"] == f"20{sign}8"
    low, high = (death[f"Difference (95% interval): {part}"] for part in ("from", "to"))
    assert (low, high) == (f"-62{sign}5", "0")
    assert (crp["Matched controls (24)"], crp["Matched controls (24): to"]) == (f"1220{sign}8", f"1392{sign}1")
    assert rows[3]["Matched controls (24): of"] == "7" and rows[3]["Treated (8)"] == ""
    assert rows[5]["Difference (95% interval): after"] == f"0{sign}56"
    assert rows[1]["Outcome: note"] == "primary" and rows[1]["p, by matched set: note"] == "exact"


def test_csv_runs_nothing_and_keeps_negative_numbers():
    rows = csv_rows(csv_bytes(TABLE))
    assert rows[4]["Matched controls (24)"] == "'@SUM(A1)" and rows[4]["Treated (8)"] == "-5"
    assert rows[4]["Difference (95% interval)"] == "' =cmd|' /C calc'!A0"
    assert rows[4]["SMD"] == "0012" and '"0012"' in csv_bytes(TABLE).decode()


@pytest.mark.parametrize(
    ("locale", "comma"),
    [(None, False), ("en-GB", False), ("de-DE", True), ("fr", True), ("de-CH", False), ("pt-BR", True), ("ja", False)],
)
def test_the_language_of_the_browser_decides_on_the_decimal_sign(locale, comma):
    assert has_decimal_comma(locale) is comma


def test_the_clipboard_has_a_table_and_a_text():
    made = clipboard_html(TABLE)
    assert made.count("<tr>") == 7 and 'colspan="6"' in made
    assert "&lt;b&gt;=1+1&lt;/b&gt; &amp; 5 &lt; 6" in made and "<b>=1+1" not in made
    lines = clipboard_text(TABLE).split("\n")
    assert len(lines) == 7 and {line.count("\t") for line in lines} == {5}
    assert lines[2].split("\t")[1] == "0 (0%); n = 8"
    assert lines[5].split("\t")[2] == "'@SUM(A1)"


@pytest.mark.parametrize("table", [EMPTY, replace(EMPTY, heads=("Only",)), TextTable("None", (), ())])
def test_an_empty_table_is_a_file_too(table):
    assert words(word_bytes([table])).paragraphs[0].text == table.title
    assert sheet(excel_bytes([table]))["A1"].value == table.title
    assert csv_bytes(table).decode("utf-8-sig").strip("\r\n") == ",".join(f'"{head}"' for head in table.heads)
    assert "<table" in clipboard_html(table) and clipboard_text(table) == "\t".join(table.heads)


def test_a_row_is_as_high_as_its_longest_cell_needs():
    long = TextTable("Passport", ("Component", "As specified"), (("Who", "word " * 60), ("What", "short")), alt="")
    made = sheet(excel_bytes([long]))
    width, letters = made.column_dimensions["B"].width, len("word " * 60)
    assert made.row_dimensions[4].height / 14 >= letters / width
    assert made.row_dimensions[5].height < 2 * 14


def test_equal_tables_give_equal_bytes_and_say_where_they_come_from():
    origin = Origin("d03334ab", "3ac1f562" * 8, "made by command")
    for make in (lambda: word_bytes([TABLE, EMPTY], origin=origin), lambda: excel_bytes([TABLE, EMPTY], origin)):
        first = make()
        assert first == make()
        told = unzipped(first)["docProps/core.xml"].decode()
        assert "settings d03334ab; data 3ac1f5623ac1f562; made by command" in told


def test_no_file_holds_a_character_that_xml_has_not():
    for made in (word_bytes([TABLE]), excel_bytes([TABLE])):
        for name, part in unzipped(made).items():
            assert not re.search(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]", part) or not name.endswith(".xml")
