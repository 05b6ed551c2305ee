"""What figures and files say of when outcomes were opened, and whether the design was locked before."""

from ..openings import Lock, Openings
from .numbers import counted

CHANGED = "main analysis changed after outcomes were opened"


def page_line(found: Openings, practice: bool) -> str:
    """What a file made on a page says, without a full stop and without a capital.  practice: whether outcomes are open
    without a lock."""
    told = sentence(found).rstrip(".")
    told = f"{told}; practice, no lock was asked for" if practice and not found.locks else told
    return f"made on the page; {told[:1].lower()}{told[1:]}"


def stamp(found: Openings) -> str:
    """The end of every figure's caption: empty while the main analysis is the one of the first opening."""
    return CHANGED if found.opened and found.changed else ""


def sentence(found: Openings) -> str:
    """The whole story, for a report: how often outcomes were opened, how often the design changed afterwards, and
    whether the analysis shown is the one under which they were first opened."""
    return " ".join(filter(None, (_opened(found), lock_sentence(found))))


def lock_sentence(found: Openings) -> str:
    """When the design was locked, under which names, and how often it was unlocked; empty where it never was."""
    if not found.locks:
        return ""
    first, last = found.locks[0], found.locks[-1]
    before = (
        "before outcomes were opened"
        if not first.opened
        else f"after outcomes had been opened {counted(first.opened, 'time')}"
    )
    told = f"The design was locked on {_day(first)}, {before} ({_names(first)})."
    again = len(found.locks) - 1
    if again:
        told += (
            f" It was unlocked and locked again {counted(again, 'time')}, last on {_day(last)}, when outcomes had "
            f"been opened {counted(last.opened, 'time')} ({_names(last)})."
        )
    return told


def _day(lock: Lock) -> str:
    return lock.time.replace("T", " ").replace("+00:00", " UTC")


def _names(lock: Lock) -> str:
    return f"data {lock.data[:8]}, spec {lock.spec}, sets {lock.sets}"


def _opened(found: Openings) -> str:
    if not found.opened:
        return "Outcomes have not been opened."
    opened = f"Outcomes were opened {counted(found.opened, 'time')}"
    if not found.changes:
        return f"{opened}; the main analysis did not change afterwards."
    changes = f"the main analysis changed {counted(found.changes, 'time')} after the first"
    now = "it is another one now" if found.changed else "it is the first one again"
    return f"{opened}; {changes}, and {now}."


CLOSED = "Outcomes are closed"
WHY_CLOSED = (
    "A design that is chosen after its result is no test of anything. Look at the match and at how alike the groups "
    "are first. When you would stand by them whatever comes out, lock the design: its data, settings, sets and the "
    "time are written down, and every file says so."
)
LOCK = "Lock the design and open the outcomes"
LOCK_AGAIN = "Lock the changed design and go on"
PRACTICE = "Practice: in a sample study the outcomes are open without a lock."
LOCKED = "The design is locked. A change of these settings unlocks it, and every later file says so."


def changed_sentence(found: Openings) -> str:
    """Above the gate, where a locked design was changed."""
    return (
        f"The design was changed after it was locked on {_day(found.locks[-1])}, and outcomes had been opened "
        f"{counted(found.opened, 'time')} by then. You can go on; every later file says so."
    )
