"""The grid as the command line runs it: where to work, how much is too much, and the file that comes out."""

from dataclasses import dataclass

import pandas as pd

from ..errors import EstimationError
from ..io import write_csv
from ..spec import AnalysisSpec
from ..spec.questions import require_answers
from ..table import Table
from .axes import plan_grid
from .curve import specification_curve
from .grid import MOST, Grid, check_size, grid_csv, run_grid, seconds_needed
from .null_curve import Permuted, null_curve, run_permuted
from .workers import ALONE, dask_workers, local_workers

WORTH_A_POOL = 5.0  # seconds in one process; starting others costs 2 to 3


NULL_COLUMNS = ("outcome", "statistic", "observed", "null", "p_value", "permutations")


@dataclass(frozen=True)
class Asked:
    """jobs: local processes, None for one a processor.  dask: address of a cluster's scheduler to work there instead.
    permutations: of the treatment, 0 for none.  insist: also more than MOST combinations."""

    jobs: int | None = None
    dask: str | None = None
    permutations: int = 0
    insist: bool = False


def grid_files(table: Table, spec: AnalysisSpec, asked: Asked = Asked()) -> dict[str, bytes]:
    """grid.csv by name, and with permutations grid_null.csv: the tests of every outcome's curve against permuted
    treatment labels, NULL_COLUMNS. The same bytes wherever it runs.

    Raises SpecError for a grid that names no setting, an unknown one or no value, and for too many combinations unless
    insisted on, and while a question is open."""
    require_answers(spec)
    plan = plan_grid(spec)
    with dask_workers(asked.dask) if asked.dask else local_workers(asked.jobs) as workers:
        if not asked.insist:
            check_size(table, plan, workers.jobs, 1 + asked.permutations)
        few = (
            plan.size * (1 + asked.permutations) <= MOST
            and not asked.dask
            and (seconds_needed(table, plan) * (1 + asked.permutations) < WORTH_A_POOL)
        )
        used = ALONE if few or asked.jobs == 1 else workers
        grid = run_grid(table, plan, used)
        files = {"grid.csv": grid_csv(grid)}
        if asked.permutations:
            permuted = run_permuted(table, plan, range(asked.permutations), used)
            files["grid_null.csv"] = write_csv(_null_rows(grid, permuted))
        return files


def _null_rows(grid: Grid, permuted: Permuted) -> pd.DataFrame:
    rows = []
    for outcome in grid.plan.outcomes:
        try:
            found = null_curve(specification_curve(grid, outcome), permuted)
        except EstimationError:
            continue
        rows += [(outcome, *test, found.permutations) for test in found.tests.itertuples(index=False)]
    return pd.DataFrame(rows, columns=list(NULL_COLUMNS))
