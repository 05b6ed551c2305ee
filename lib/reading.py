"""How one file is read: answers to what it does not tell by itself. Below lib.io and lib.spec, which both use it."""

from typing import Annotated, Literal

from pydantic import Field

from .settings import Section


class Reading(Section):
    """Answers to what a file alone does not tell.  decimal, thousands: the marks of one column, by name. skip_lines:
    line numbers of the file (from 1) that hold no patient; None: as found. merge_case: texts that differ only in
    capitals or spaces are one value. sheet: of a workbook, by name; None: the first that holds a table."""

    decimal: dict[str, Literal[".", ","]] = {}
    thousands: dict[str, Literal[".", ",", " ", "'", ""]] = {}
    skip_lines: tuple[Annotated[int, Field(ge=1)], ...] | None = None
    merge_case: bool = True
    sheet: str | None = None
