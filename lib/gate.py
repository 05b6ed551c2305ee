"""The one gate for data: a table and a spec become a Cohort, or one sentence says why not."""

from lib.cohort import Cohort
from lib.spec import AnalysisSpec
from lib.table import Table


def build_cohort(table: Table, spec: AnalysisSpec) -> Cohort:
    """Check the table against the spec and keep the eligible and analysed patients. Raises DataError or SpecError."""
    raise NotImplementedError
