"""What is said about a number or an outcome: a stable code to act on, a text to print. No text is ever parsed."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Level = Literal["info", "warning"]

WARNINGS = frozenset(
    {
        "carried_forward",
        "few_sets",
        "hierarchy_impossible",
        "missing_by_event",
        "narrow_interval",
        "one_sided_arm",
        "one_sided_arm_without_sets",
        "overlapping_sets",
        "unequal_odds",
        "unequal_odds_no_evidence",
    }
)


@dataclass(frozen=True)
class Reason:
    """Why a number is as it is.  code: snake_case, "" for nothing to say.  aside: what only files need to add."""

    code: str = ""
    text: str = ""
    aside: str = ""

    def __bool__(self) -> bool:
        return bool(self.code)

    @property
    def full(self) -> str:
        """The text with its aside."""
        return f"{self.text} {self.aside}".strip()

    def and_then(self, other: "Reason") -> "Reason":
        """Both, under the code of the first that says anything."""
        return Reason(self.code, f"{self.text} {other.text}", self.aside) if self else other

    def about(self, name: str = "") -> "Note":
        """The reason as a note on an outcome, or on all of them."""
        return Note(self.code, "warning" if self.code in WARNINGS else "info", name, self.full)


SILENCE = Reason()


@dataclass(frozen=True)
class Note:
    """One note of a result.  level: info, or warning where a number would mislead who does not read it.
    about: the outcome (or part of the analysis) that it concerns, "" when it reads the same for all."""

    code: str
    level: Level
    about: str
    text: str

    @property
    def sentence(self) -> str:
        """The text with the name of what it is about."""
        return f"{self.about}: {self.text}" if self.about else self.text


def once(notes: Iterable[Note]) -> tuple[Note, ...]:
    """The notes in order, each sentence once."""
    return tuple({note.sentence: note for note in reversed(tuple(notes))}.values())[::-1]
