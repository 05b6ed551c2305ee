"""read_table: any file becomes a Table, by what it holds and not by what it is called."""

from dataclasses import replace
from pathlib import PurePath

from ..errors import DataError
from ..spec.reading import Reading
from ..table import Finding, Table
from .kinds import HTML, ODS, TEXT, XLS, XLSB, XLSX, Kind, readable
from .text import Settings, read_text
from .typed import read_typed
from .web_page import table_of
from .workbook import read_workbook

AS_FOUND = Reading()
WORKBOOKS = (XLSX, XLS, XLSB, ODS)


def read_table(
    data: bytes,
    name: str,
    reading: Reading = AS_FOUND,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    decimal: str | None = None,
    missing: tuple[str, ...] | None = None,
) -> Table:
    """Read a file of patients.

    data: the file. name: its name, of which only the ending is used, to say so where it tells another format. reading:
    answers to what the file alone does not tell. encoding, delimiter, decimal: of text files, as in read_csv, as is
    missing, for every format. Raises DataError, one sentence and a next step, for what cannot be read."""
    kind = readable(data)
    table = _read(data, kind, reading, Settings(encoding, delimiter, decimal, missing))
    said = _misnamed(kind, PurePath(name).suffix.removeprefix(".").lower())
    return replace(table, findings=(*said, *table.findings)) if said else table


def _read(data: bytes, kind: Kind, reading: Reading, settings: Settings) -> Table:
    if kind not in WORKBOOKS and reading.sheet is not None:
        raise DataError(f"The file is {kind.called} and has no sheets.", "Leave the sheet out.")
    if kind is TEXT:
        return read_text(data, reading, settings)
    if kind is HTML:
        lines = table_of(data, settings.encoding)
        return read_text(lines, reading, Settings("utf-8", "\t", settings.decimal, settings.missing))
    return (read_workbook if kind in WORKBOOKS else read_typed)(data, kind, reading, settings)


def _misnamed(kind: Kind, ending: str) -> tuple[Finding, ...]:
    """A finding where the name's ending tells another format than the content."""
    if ending in kind.extensions or not ending:
        return ()
    return (Finding("format", f"The file is called .{ending[:10]} but is {kind.called}, and is read as one."),)
