"""Workbooks (.xlsx) written by hand, so that a test decides on every byte of a sheet."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
TYPES = (
    f'<Types xmlns="{PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/></Types>'
)
ERRORS = ("#N/A", "#DIV/0!")


def letters(place: int) -> str:
    """0 -> A, 27 -> AB."""
    text, place = "", place + 1
    while place:
        place, rest = divmod(place - 1, 26)
        text = chr(65 + rest) + text
    return text


def cell(value: Any, place: str, numbered: bool = True) -> str:
    """One cell; numbers in full, text inline, errors as errors. A text that starts with < is the cell itself."""
    where = f' r="{place}"' if numbered else ""
    if isinstance(value, str) and value.startswith("<c"):
        return value
    if value is None:
        return f'<c{where} s="0"/>'
    if value in ERRORS:
        return f'<c{where} t="e"><v>{value}</v></c>'
    if isinstance(value, bool):
        return f'<c{where} t="b"><v>{int(value)}</v></c>'
    if isinstance(value, str):
        return f'<c{where} t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'
    return f"<c{where}><v>{value!r}</v></c>"


def sheet_xml(rows: Sequence[Sequence[Any]], merged: Sequence[str] = (), numbered: bool = True) -> str:
    """One sheet."""
    lines = []
    for number, row in enumerate(rows, 1):
        cells = "".join(cell(value, f"{letters(place)}{number}", numbered) for place, value in enumerate(row))
        lines.append(f'<row r="{number}">{cells}</row>' if numbered else f"<row>{cells}</row>")
    spans = "".join(f'<mergeCell ref="{span}"/>' for span in merged)
    joined = f"<mergeCells>{spans}</mergeCells>" if spans else ""
    return f'<worksheet xmlns="{MAIN}"><sheetData>{"".join(lines)}</sheetData>{joined}</worksheet>'


def workbook(sheets: Mapping[str, str]) -> bytes:
    """A file of these sheets, the XML of each by its name."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", TYPES)
        package.writestr("_rels/.rels", _relations([("officeDocument", "xl/workbook.xml")]))
        package.writestr(
            "xl/_rels/workbook.xml.rels",
            _relations([("worksheet", f"worksheets/sheet{k}.xml") for k in range(1, len(sheets) + 1)]),
        )
        named = "".join(f'<sheet name="{escape(n)}" sheetId="{k}" r:id="r{k}"/>' for k, n in enumerate(sheets, 1))
        package.writestr(
            "xl/workbook.xml", f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{named}</sheets></workbook>'
        )
        for number, xml in enumerate(sheets.values(), 1):
            package.writestr(f"xl/worksheets/sheet{number}.xml", xml)
    return held.getvalue()


def _relations(parts: Sequence[tuple[str, str]]) -> str:
    told = "".join(
        f'<Relationship Id="r{k}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for k, (kind, target) in enumerate(parts, 1)
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{told}</Relationships>'


def of_rows(*rows: Sequence[Any], merged: Sequence[str] = (), numbered: bool = True) -> bytes:
    """A workbook with one sheet, "Data"."""
    return workbook({"Data": sheet_xml(rows, merged, numbered)})
