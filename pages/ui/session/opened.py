"""Whether outcomes of the table on screen were seen in this session, and what happened to the design afterwards."""

from typing import Any

from lib.openings import Openings
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


def stamp() -> str:
    """What every caption ends with; the design on screen is taken in."""
    found = openings()
    if found.opened:
        put(found)
    return stamp_of(found)
