"""Whether outcomes of the table on screen were seen in this session, and what happened to the design afterwards."""

from datetime import UTC, datetime
from typing import Any

from lib.openings import Lock, Openings
from lib.spec import AnalysisSpec
from lib.spec.design import design_digest
from lib.words.openings import stamp as stamp_of
from pages.ui.session import inputs, remember

_VISIT = "opened-at"


def openings() -> Openings:
    """Of the table on screen, the design on screen taken in."""
    table, spec = inputs.own_table(), inputs.spec()
    found = inputs.openings().get(table.digest, Openings()) if table is not None else Openings()
    return found if spec is None else found.with_design(design_digest(spec))


def saw_outcomes(spec: AnalysisSpec) -> None:
    """Called by every page that shows outcomes: counted once a visit and design."""
    design = design_digest(spec)
    visit: Any = (remember.visit(), design)
    if remember.keep(_VISIT) != visit:
        remember.keep(_VISIT, visit)
        put(openings().opened_with(design))


def put(found: Openings) -> None:
    """Keep the record of the table on screen."""
    table = inputs.own_table()
    if table is not None:
        inputs.keep_openings(table.digest, found)


def add(found: Openings) -> None:
    """The record that a saved file brings: the longer history of these data stays, so that an older file does not wash
    off what was opened since."""
    now = openings()
    if (found.opened, len(found.locks)) > (now.opened, len(now.locks)):
        put(found)


def locked(spec: AnalysisSpec) -> bool:
    """Whether this design is the one that was locked."""
    return openings().holds(design_digest(spec))


def lock(spec: AnalysisSpec, sets: str) -> None:
    """Call the design on screen final.  sets: who is in which set (lib.design.stories.sets_digest)."""
    table = inputs.own_table()
    if table is not None:
        now = datetime.now(UTC).isoformat(timespec="seconds")
        made = Lock(time=now, data=table.digest, spec=spec.digest, design=design_digest(spec), sets=sets)
        put(openings().locked_with(made))


def stamp() -> str:
    """What every caption ends with; the design on screen is taken in."""
    found = openings()
    if found.opened:
        put(found)
    return stamp_of(found)
