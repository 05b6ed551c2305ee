"""The files of a cohort, as somebody chose them, become its Table."""

from typing import Any

from ..errors import DataError
from ..spec.reading import Reading
from ..table import Table
from .bundle import File
from .pair import read_tables
from .source import read_table

AS_FOUND = Reading()


def read_cohort(files: tuple[File, ...], reading: Reading = AS_FOUND, **options: Any) -> Table:
    """One file, or two (the treated first, then the controls).  reading: answers to what the files alone do not tell.
    options: encoding, delimiter, decimal and missing of text files. Raises DataError when there are more files, or when
    one cannot be read."""
    if len(files) > 2:
        raise DataError(
            f"{len(files)} files were chosen; a cohort is one file, or two: treated and controls.",
            "Choose one file, or two.",
        )
    parts = [(file.data, file.name) for file in files]
    if len(parts) == 1:
        return read_table(*parts[0], reading, **options)
    return read_tables(parts, reading, **options)
