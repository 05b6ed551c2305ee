"""The sections of a spec that say how a file is read and what is made of its columns before anything else."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from ..settings import Section

Rule = Literal["half", "limit", "zero", "missing"]


class Reading(Section):
    """Answers to what a file alone does not tell.  decimal, thousands: the marks of one column, by name. skip_lines:
    line numbers of the file (from 1) that hold no patient; None: as found. merge_case: texts that differ only in
    capitals or spaces are one value. sheet: of a workbook, by name; None: the first that holds a table."""

    decimal: dict[str, Literal[".", ","]] = {}
    thousands: dict[str, Literal[".", ",", " ", "'", ""]] = {}
    skip_lines: tuple[Annotated[int, Field(ge=1)], ...] | None = None
    merge_case: bool = True
    sheet: str | None = None


class Derived(Section):
    """A column made of others, before anything else is read from it.  joined: the first known value of `columns`, in
    their order (time to death, else to the last contact). days: whole days from the first of two date columns to the
    second."""

    name: str = Field(min_length=1)
    kind: Literal["joined", "days"]
    columns: tuple[str, ...] = Field(min_length=2)

    @model_validator(mode="after")
    def _shape(self) -> "Derived":
        if self.kind == "days" and len(self.columns) != 2:
            raise ValueError(f'Derived column "{self.name}" counts days between two columns, not {len(self.columns)}.')
        if self.name in self.columns:
            raise ValueError(f'Derived column "{self.name}" cannot be made of itself.')
        return self
