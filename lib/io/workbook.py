"""A sheet of a workbook as a Table, by the same reading of lines as any text file."""

from dataclasses import replace
from typing import Any

from ..spec.reading import Reading
from ..table import Finding, Table
from ..words import counted, quoted
from .child import ask
from .kinds import Kind
from .text import Settings, read_text


def read_workbook(data: bytes, kind: Kind, reading: Reading, settings: Settings) -> Table:
    """The sheet of `reading.sheet`, or the first that holds a table. Raises DataError."""
    answer = ask(data, {"kind": kind.code, "sheet": reading.sheet}, kind.called)
    table = read_text(answer.cells, reading, Settings("utf-8", "\t", ".", settings.missing))
    told = answer.told
    read_as = Finding("read", f'Read as {kind.called}, sheet "{told["sheet"]}".', "plain")
    others = [found for found in table.findings if found.level != "plain"]
    return replace(table, findings=(read_as, *_findings(told, reading), *others))


def _findings(told: dict[str, Any], reading: Reading) -> list[Finding]:
    found = []
    rest = [name for name in told["sheets"] if name != told["sheet"]]
    if rest and reading.sheet is None:
        text = f'Sheet "{told["sheet"]}" is read, the first that holds a table; others hold one too: {quoted(rest)}.'
        found.append(Finding("sheets", text, "look", undo={"sheet": rest[0]}))
    if told["errors"]:
        text = f"{counted(told['errors'], 'cell')} with an error such as #N/A or #DIV/0! read as missing."
        found.append(Finding("errors", text, "look", cells=told["errors"]))
    if told["unsolved"]:
        text = (
            f"{counted(told['unsolved'], 'cell')} with a formula whose result the file does not hold, read as missing: "
            "open the workbook in Excel, save it and choose it again."
        )
        found.append(Finding("formulas", text, "look", cells=told["unsolved"]))
    if told["filled_down"]:
        text = f"Merged cells: the value of the first row written into {counted(told['filled_down'], 'row')} below it."
        found.append(Finding("merged_cells", text, "look", cells=told["filled_down"]))
    return found
