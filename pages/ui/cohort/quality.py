"""The quality of the data on the Data page: gaps, impossible and outlying values, columns known only afterwards."""


from lib.cohort.quality import quality

from lib.errors import AnalysisError
from lib.spec import AnalysisSpec
from lib.table import Table
from lib.words import quality as words
from pages.ui import session
from pages.ui.tables import show_table


def show(table: Table, spec: AnalysisSpec) -> None:
    """Counts and ranges, no rows."""
    try:
        found = quality(table, spec)
    except AnalysisError as error:
        session.error_box(error)
        return
    show_table(words.quality_table(found))
