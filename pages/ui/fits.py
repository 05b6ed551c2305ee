"""Whether settings speak of the table that is open."""

from lib.cohort.columns import require_columns
from lib.errors import DataError
from lib.freedays.study import from_episodes
from lib.spec import AnalysisSpec
from lib.spec.parts import CohortPart
from lib.table import Table


def columns_missing(table: Table, spec: AnalysisSpec) -> DataError | None:
    """The sentence about columns of the spec that neither the table has nor the program makes; None when all are
    there."""
    made = {one.name for one in spec.derived} | {name for one in spec.outcomes for name in from_episodes(one)}
    known = table.frame.head(1).assign(**dict.fromkeys(made - set(table.frame.columns), 0))
    try:
        require_columns(known, CohortPart.of(spec))
    except DataError as error:
        return error
    return None
