"""How often outcomes were opened, whether the design was locked before and whether it changed afterwards: what every
later figure and file says."""

from typing import Annotated

from pydantic import Field

from .settings import Section

MOST_LOCKS = 1_000  # kept; more than anybody clicks


class Lock(Section):
    """A design that somebody called final before looking.  time: UTC, ISO 8601.  data: digest of every row.  spec: the
    spec's digest.  design: of its design part.  sets: who is in which set (lib.design.stories.sets_digest)."""

    time: Annotated[str, Field(max_length=32)]
    data: Annotated[str, Field(max_length=64)]
    spec: Annotated[str, Field(max_length=64)]
    design: Annotated[str, Field(max_length=64)]
    sets: Annotated[str, Field(max_length=64)]
    opened: Annotated[int, Field(ge=0)] = 0


class Openings(Section):
    """opened: how often somebody looked at outcomes (a visit of a page that shows them, or another design while there).
    first_design: the design at the first opening (lib.spec.design.design_digest), "" before it.  design: the design
    last seen.  changes: how often it changed after the first opening, also back.  locks: one after the other; a design
    that differs from the last one's was unlocked.
    """

    opened: Annotated[int, Field(ge=0)] = 0
    first_design: Annotated[str, Field(max_length=64)] = ""
    design: Annotated[str, Field(max_length=64)] = ""
    changes: Annotated[int, Field(ge=0)] = 0
    locks: Annotated[tuple[Lock, ...], Field(max_length=MOST_LOCKS)] = ()

    def holds(self, design: str) -> bool:
        """Whether this very design is locked."""
        return bool(self.locks) and self.locks[-1].design == design

    def locked_with(self, lock: Lock) -> "Openings":
        """The design is called final; how often outcomes were opened before is written into the lock."""
        made = lock.model_copy(update={"opened": self.opened})
        return self.model_copy(update={"locks": (*self.locks, made)[-MOST_LOCKS:]})

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
            return self.model_copy(update={"opened": 1, "first_design": design, "design": design})
        now = self.with_design(design)
        return now.model_copy(update={"opened": now.opened + 1})


NEVER = Openings()
