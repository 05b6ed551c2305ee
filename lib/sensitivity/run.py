"""The grid as the command line runs it: where to work, how much is too much, and the file that comes out."""

from lib.sensitivity.axes import plan_grid
from lib.sensitivity.grid import MOST, check_size, grid_csv, run_grid, seconds_needed
from lib.sensitivity.workers import ALONE, dask_workers, local_workers
from lib.spec import AnalysisSpec
from lib.table import Table

WORTH_A_POOL = 5.0  # seconds in one process; starting others costs 2 to 3


def grid_files(table: Table, spec: AnalysisSpec, jobs: int | None = None, dask: str | None = None,
               insist: bool = False) -> dict[str, bytes]:
    """grid.csv by name.  jobs: local processes, by default one for each processor.  dask: the address of a cluster's
    scheduler to work there.  insist: also more than MOST combinations.

    The same bytes wherever it runs.  Raises SpecError for a grid that names no setting, an unknown one or no value, and
    for too many combinations unless insisted on."""
    plan = plan_grid(spec)
    if dask is not None:
        with dask_workers(dask) as workers:
            if not insist:
                check_size(table, plan, workers.jobs)
            return {"grid.csv": grid_csv(run_grid(table, plan, workers))}
    with local_workers(jobs) as workers:
        if not insist:
            check_size(table, plan, workers.jobs)
        few = plan.size <= MOST and seconds_needed(table, plan) < WORTH_A_POOL
        return {"grid.csv": grid_csv(run_grid(table, plan, ALONE if few or workers.jobs == 1 else workers))}
