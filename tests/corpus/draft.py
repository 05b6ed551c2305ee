"""A file on its way: cells and how they are written, until `written` makes bytes of them."""

import csv
import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

import numpy as np

from tests.corpus.cohorts import Cohort

Writer = Callable[[object], str]


@dataclass
class Column:
    """One column.  key: of Cohort.columns, or "" for one that says nothing. values: None where missing. write: a known
    value as text; None: numbers by the marks of the file."""

    key: str
    header: str
    values: list
    write: Writer | None = None
    thousands: str = ""
    decimal: str | None = None  # None: as the file
    unit: str = ""
    gap: str = ""  # what stands for a missing value


@dataclass
class Draft:
    """What the file will say, and what is true.

    truth: key -> values by patient, None where unknown. origin: per row of `columns` the patient, for rows can repeat.
    event: the text of the event as the file writes it. excused: keys whose values may differ if the reader says so.
    before, under, after: lines above the header, below it and at the end, as cells or as one text.
    """

    cohort: Cohort
    columns: list[Column]
    truth: dict[str, list]
    origin: list[int]
    event: str = "1"
    treated: str = ""
    excused: set[str] = field(default_factory=set)
    before: list = field(default_factory=list)
    under: list = field(default_factory=list)
    after: list = field(default_factory=list)
    inside: dict[int, list] = field(default_factory=dict)  # position among the rows -> lines before it
    delimiter: str = ","
    decimal: str = "."
    newline: str = "\n"
    encoding: str = "utf-8"
    quoting: int = csv.QUOTE_MINIMAL
    name: str = "cohort.csv"
    workbook: bool = False
    texts: list[Callable[[str, np.random.Generator], str]] = field(default_factory=list)
    bytes_: list[Callable[[bytes, np.random.Generator], bytes]] = field(default_factory=list)
    repeats: bool = False  # ids repeat, and that has to be said
    may_lose: bool = False  # the mangling itself spoils rows: only a sentence or a finding will do
    used: list[str] = field(default_factory=list)  # names of the manglings

    def column(self, key: str) -> Column:
        return next(column for column in self.columns if column.key == key)

    def has(self, key: str) -> bool:
        return any(column.key == key for column in self.columns)

    @property
    def header_of(self) -> dict[str, str]:
        """key -> header as the file has it, without the spaces around it."""
        return {column.key: " ".join(column.header.split()) for column in self.columns if column.key}


def cell(draft: Draft, column: Column, value: object) -> str:
    """One value as the file writes it."""
    if value is None:
        return column.gap
    if column.write is not None:
        return column.write(value)
    if isinstance(value, (int, float)):
        return number(value, column.decimal or draft.decimal, column.thousands) + column.unit
    return str(value)


def number(value: float, decimal: str, thousands: str) -> str:
    """A number with these marks."""
    text = f"{value:,}" if thousands else repr(value)
    return text.replace(",", "\0").replace(".", decimal).replace("\0", thousands)


def lines(draft: Draft) -> tuple[list, list[int]]:
    """The records in order, cells or one text, and of each the row of `columns` (-1: no patient)."""
    rows = list(zip(*(column.values for column in draft.columns), strict=True))
    records: list = [*draft.before, [column.header for column in draft.columns], *draft.under]
    of_row = [-1] * len(records)
    for place, row in enumerate(rows):
        for more in draft.inside.get(place, []):
            records.append(more)
            of_row.append(-1)
        records.append([cell(draft, column, value) for column, value in zip(draft.columns, row, strict=True)])
        of_row.append(place)
    records += draft.after
    return records, of_row + [-1] * len(draft.after)


def text_of(draft: Draft) -> str:
    """The file as text, its lines ending in LF."""
    made = io.StringIO()
    for record in lines(draft)[0]:
        if isinstance(record, str):
            made.write(record + "\n")
        elif draft.quoting == csv.QUOTE_NONE:
            made.write(draft.delimiter.join(record) + "\n")
        else:
            csv.writer(made, delimiter=draft.delimiter, quoting=draft.quoting, lineterminator="\n").writerow(record)
    return made.getvalue()


def written(draft: Draft, rng: np.random.Generator) -> bytes:
    """The file as bytes."""
    if draft.workbook:
        return workbook([[record] if isinstance(record, str) else record for record in lines(draft)[0]])
    text = text_of(draft)
    for change in draft.texts:
        text = change(text, rng)
    data = _encoded(text.replace("\n", draft.newline), draft.encoding)
    for change_bytes in draft.bytes_:
        data = change_bytes(data, rng)
    return data


def _encoded(text: str, encoding: str) -> bytes:
    try:
        return text.encode(encoding)
    except UnicodeEncodeError:  # what this encoding cannot say is not what is tried here
        return text.encode()


TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SHEETS = "application/vnd.openxmlformats-officedocument.spreadsheetml"
LINKS = "application/vnd.openxmlformats-package.relationships+xml"
PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{TYPES}"><Default Extension="rels" ContentType="{LINKS}"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{SHEETS}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{SHEETS}.worksheet+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{RELATIONS}">'
    f'<Relationship Id="r1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">'
    '<sheets><sheet name="Sheet1" sheetId="1" r:id="r1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{RELATIONS}">'
    f'<Relationship Id="r1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
}


def workbook(records: list[list[str]]) -> bytes:
    """A workbook of one sheet: numbers where a cell is one, texts in the cells themselves. Programs may leave out where
    a cell stands, which every second of these does."""
    placed = len(records) % 2 == 0
    rows = "".join(_sheet_row(record, number if placed else 0) for number, record in enumerate(records, start=1))
    sheet = f'<worksheet xmlns="{MAIN}"><sheetData>'
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in (PARTS | {"xl/worksheets/sheet1.xml": sheet + rows + "</sheetData></worksheet>"}).items():
            archive.writestr(zipfile.ZipInfo(name), '<?xml version="1.0" encoding="UTF-8"?>' + part)
    return made.getvalue()


def _sheet_row(record: list[str], number: int) -> str:
    """number: of the row, from 1; 0: the file does not say."""
    places = [f' r="{_letters(k)}{number}"' if number else "" for k in range(len(record))]
    cells = "".join(_sheet_cell(text, place) for text, place in zip(record, places, strict=True))
    return f'<row r="{number}">{cells}</row>' if number else f"<row>{cells}</row>"


def _letters(column: int) -> str:
    """0 is A, 26 is AA."""
    return (_letters(column // 26 - 1) if column >= 26 else "") + chr(65 + column % 26)


def _sheet_cell(text: str, place: str) -> str:
    if text == "":
        return f"<c{place}/>"
    try:
        float(text)
    except ValueError:
        return f'<c{place} t="inlineStr"><is><t xml:space="preserve">{escape(_printable(text))}</t></is></c>'
    plain = text == text.strip() and text[0] in "-0123456789"
    return f"<c{place}><v>{text}</v></c>" if plain else f'<c{place} t="str"><v>{text}</v></c>'


def _printable(text: str) -> str:
    return "".join(letter for letter in text if letter >= " " or letter in "\t\n")
