"""How often outcomes were opened, and whether the design changed afterwards: what every later figure and file says."""

from typing import Annotated

from pydantic import Field

from .settings import Section


class Openings(Section):
    """opened: how often somebody looked at outcomes (a visit of a page that shows them, or another design while there).
    first_design: the design at the first opening (lib.spec.design.design_digest), "" before it.  design: the design
    last seen.  changes: how often it changed after the first opening, also back."""

    opened: Annotated[int, Field(ge=0)] = 0
    first_design: Annotated[str, Field(max_length=64)] = ""
    design: Annotated[str, Field(max_length=64)] = ""
    changes: Annotated[int, Field(ge=0)] = 0

    @property
    def changed(self) -> bool:
        """Whether the design is another one than at the first opening."""
        return self.design != self.first_design

    def with_design(self, design: str) -> "Openings":
        """This design is the main analysis now; before the first opening any design may be."""
        if not self.opened or design == self.design:
            return self
        return self.model_copy(update={"design": design, "changes": self.changes + 1})

    def opened_with(self, design: str) -> "Openings":
        """Outcomes are opened under this design."""
        if not self.opened:
            return Openings(opened=1, first_design=design, design=design)
        now = self.with_design(design)
        return now.model_copy(update={"opened": now.opened + 1})


NEVER = Openings()
