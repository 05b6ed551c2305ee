"""Where a file came from, said in every file that leaves the house."""

from dataclasses import dataclass

from .. import __version__

PRODUCT = "MatchLens"
SHORT = 16  # letters of a digest


@dataclass(frozen=True)
class Origin:
    """spec: hash of the settings.  data: digest of the table.  opened: who made it, and how often outcomes were opened
    before.  All are empty where there is no analysis (a paper's numbers typed in)."""

    spec: str = ""
    data: str = ""
    opened: str = ""

    @property
    def parts(self) -> tuple[tuple[str, str], ...]:
        """Name and value of each thing that is known, but not how it was made."""
        known = (("settings", self.spec), ("data", self.data))
        return ((PRODUCT, __version__), *((name, value) for name, value in known if value))

    @property
    def line(self) -> str:
        """All of it on one line: "MatchLens 0.1.0; settings d03334ab; data 3ac1f5625ff74910; made by command"."""
        told = [f"{name} {value[:SHORT]}" for name, value in self.parts]
        return "; ".join([*told, *([self.opened] if self.opened else [])])
