"""What figures and files say of when outcomes were opened."""

from ..openings import Openings
from .numbers import counted

CHANGED = "main analysis changed after outcomes were opened"


def stamp(found: Openings) -> str:
    """The end of every figure's caption: empty while the main analysis is the one of the first opening."""
    return CHANGED if found.opened and found.changed else ""


def sentence(found: Openings) -> str:
    """The whole story, for a report: how often outcomes were opened, how often the design changed afterwards, and
    whether the analysis shown is the one under which they were first opened."""
    if not found.opened:
        return "Outcomes have not been opened."
    opened = f"Outcomes were opened {counted(found.opened, 'time')}"
    if not found.changes:
        return f"{opened}; the main analysis did not change afterwards."
    changes = f"the main analysis changed {counted(found.changes, 'time')} after the first"
    now = "it is another one now" if found.changed else "it is the first one again"
    return f"{opened}; {changes}, and {now}."
