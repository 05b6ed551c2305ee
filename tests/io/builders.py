"""Forty patients as lines of a file, to put other lines among."""

from lib.io import read_csv
from lib.reading import Reading
from lib.table import Finding, Table

HEADER = "pid,grp,age,sofa,crp,days,dead"
ROWS = tuple(
    f"P{i:03d},{'MSC' if i % 5 == 0 else 'control'},{40 + i},{3 + i % 7},{10.5 + i:.1f},{5 + i},{i % 2}"
    for i in range(40)
)


def lines(*before: str, after: tuple[str, ...] = (), at: int | None = None, line: str = "") -> str:
    """The file: lines above the header, below the rows, and one that becomes line `at` of a file without the former."""
    listed = [*before, HEADER, *ROWS, *after]
    if at is not None:
        listed.insert(at - 1, line)
    return "\n".join(listed) + "\n"


def read(text: str, **answers) -> Table:
    """The file as read, with these answers."""
    return read_csv(text.encode(), Reading(**answers))


def found(table: Table, code: str) -> Finding:
    """The only finding of a kind."""
    (one,) = [finding for finding in table.findings if finding.code == code]
    return one


def same_patients(table: Table) -> bool:
    """Whether exactly the forty were read, every number a number."""
    return table.frame.equals(read(lines()).frame)
