"""Whether a report holds, in words: a line for the data, a table of its files, a table of the cells that differ."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from .numbers import counted
from .tables import TextTable, numbers_right

if TYPE_CHECKING:
    from ..report.verify import FileCheck, Verification

STATES = {"same": "same", "differs": "differs", "unchecked": "cannot be checked"}
DATA = {
    "same": "The data are those of the report.",
    "differs": "The data are not those of the report: some cell of the file is another.",
    "unknown": "The report does not say which data it was made of; only its numbers tell.",
}
TOLERANCE = (
    "Numbers agree when they differ by at most 1 in 100,000,000 (or 0.0000000001 near 0), which other versions of the "
    "same packages can make; everything else must be equal letter for letter."
)
MOST = 200  # cells that are listed
TITLE = "Verify a report"
LEAD = (
    "Drop a report's zip and the cohort it was made of. The analysis is run again, here, and every number is compared: "
    "the same, different, or not checkable."
)
BUNDLE, COHORT = "The report (bundle.zip)", "The cohort's file; two where treated and controls came apart"
EPISODES, EPISODES_FILE = "The report had a file of episodes", "A CSV file of episodes"
RUNNING = "Running the report's analysis again …"
WHAT_FILES = (
    "A row for each file of the report. **Same** counts the cells that agree. Documents and pictures are made for "
    "readers and cannot be compared by number; what they say stands in result.json, which is."
)
WHAT_DIFFERS = "What the report says, and what the same settings give on this file now."


def summary(found: "Verification") -> list[str]:
    """What a reader is told first: the data, the versions, the verdict."""
    said = [DATA[found.data]]
    if found.there != found.here:
        said.append(f"The report was made by MatchLens {found.there}; this is {found.here}.")
    differing = [file.name for file in found.files if file.state == "differs"]
    if differing:
        said.append(f"{counted(len(differing), 'file')} of {len(found.files)} differ: {', '.join(differing)}.")
    elif found.agrees:
        said.append("Everything that can be checked is the same.")
    return said


def files_table(found: "Verification") -> TextTable:
    """A row for each file: same, differs, cannot be checked."""
    rows = tuple(
        (
            file.name,
            STATES[file.state],
            f"{file.same:,}",
            f"{len(file.differs):,}",
            f"{len(file.unchecked):,}",
            file.why,
        )
        for file in found.files
    )
    heads = ("File", "Is", "Same", "Differ", "Cannot be checked", "Why")
    return TextTable("The report against the data", heads, rows, (TOLERANCE,), align=(*numbers_right(5, 2), "left"))


def cells_table(found: "Verification") -> TextTable:
    """The first cells that differ; without rows where none does."""
    rows = tuple(_rows(found.files))
    foot = (f"{counted(len(rows) - MOST, 'more cell')} differ.",) if len(rows) > MOST else ()
    return TextTable("What differs", ("File", "Where", "In the report", "Now"), rows[:MOST], foot)


def _rows(files: tuple["FileCheck", ...]) -> Iterator[tuple[str, str, str, str]]:
    for file in files:
        for cell in file.differs:
            yield file.name, cell.place, cell.there, cell.here


def as_lines(found: "Verification") -> Iterator[str]:
    """The same for a terminal, a line each."""
    yield from summary(found)
    for row in files_table(found).rows:
        name, state, same, differ, unchecked, why = row
        told = f"{same} same, {differ} differ, {unchecked} cannot be checked"
        yield f"{_line(name)}: {state} ({told}){f'; {why}' if why else ''}"
    cells = cells_table(found)
    for row in cells.rows:
        name, where, there, here = (_line(text) for text in row)
        yield f"DIFFERS {name}, {where}: in the report {there}, now {here}"
    yield from cells.footnotes
    yield TOLERANCE


def _line(text: str) -> str:
    """Text on one line, without control characters."""
    return "".join(letter if letter.isprintable() else " " for letter in text)
