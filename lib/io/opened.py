"""The files of a cohort, as somebody chose them, become its Table."""

from typing import Any

from ..reading import Reading
from ..table import Table
from .bundle import File
from .pair import read_tables

AS_FOUND = Reading()


def read_cohort(files: tuple[File, ...], reading: Reading = AS_FOUND, **options: Any) -> Table:
    """read_tables of files that carry their names: one, or two (the treated first)."""
    return read_tables([(file.data, file.name) for file in files], reading, **options)
