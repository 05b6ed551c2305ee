"""The sections of a spec that say how a file is read and what is made of its columns before anything else."""

from typing import Literal

from pydantic import Field, model_validator

from ..reading import Reading
from ..settings import Section

__all__ = ["Derived", "Reading", "Rule"]

Rule = Literal["half", "limit", "zero", "missing"]


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
