"""Makes cohort.xls and cohort.ods once, with xlwt and odfpy, which nothing else here needs:

    pip install xlwt odfpy && python tests/data/formats/make.py

sample.sas7bdat.gz is test_data/basic/sample.sas7bdat of github.com/Roche/pyreadstat (Apache License 2.0), which no free
program can write; compressed, because most of it is empty.
"""

from pathlib import Path

import xlwt
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P

HERE = Path(__file__).parent
HEADER = ("id", "age", "arm", "visit")
ROWS = [(f"P{i:02d}", 40.5 + i, "MSC" if i < 3 else "Control", i) for i in range(8)]


def old_excel() -> None:
    """cohort.xls: a sheet of words, then the table; dates in the column visit."""
    book = xlwt.Workbook()
    book.add_sheet("About").write(0, 0, "A made-up cohort")
    sheet = book.add_sheet("Patients")
    day = xlwt.easyxf(num_format_str="yyyy-mm-dd")
    for place, name in enumerate(HEADER):
        sheet.write(0, place, name)
    for line, (pid, age, arm, visit) in enumerate(ROWS, 1):
        sheet.write(line, 0, pid)
        sheet.write(line, 1, age)
        sheet.write(line, 2, arm)
        sheet.write(line, 3, 43831 + visit, day)
    book.save(str(HERE / "cohort.xls"))


def open_document() -> None:
    """cohort.ods: the same, the visits as numbers."""
    book = OpenDocumentSpreadsheet()
    table = Table(name="Patients")
    for row in (HEADER, *ROWS):
        line = TableRow()
        for value in row:
            kind = "float" if isinstance(value, (int, float)) else "string"
            told = {"value": value} if kind == "float" else {}
            cell = TableCell(valuetype=kind, **told)
            cell.addElement(P(text=str(value)))
            line.addElement(cell)
        table.addElement(line)
    book.spreadsheet.addElement(table)
    book.save(str(HERE / "cohort.ods"))


if __name__ == "__main__":
    old_excel()
    open_document()
