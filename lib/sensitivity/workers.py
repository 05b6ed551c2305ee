"""Where many small tasks run: in this process, in spawned processes of this machine, or on a Dask cluster.

joblib keeps one pool of local processes per server process and hands it to whoever asks, so that two users share its
processes instead of doubling them. The processes yield to everything else on the machine.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from ..errors import SpecError

NICENESS = 10
MOST_LOCAL = 8  # processes; each holds a copy of the program, about 150 MB
ANSWER_WITHIN = "5s"  # a scheduler that is there answers at once


@dataclass(frozen=True)
class Workers:
    """jobs: how many tasks run at once.  run: (function, tasks) -> results in the order of the tasks."""

    jobs: int
    run: Callable[[Callable[..., Any], Sequence[tuple]], list]


def one_after_the_other(function: Callable[..., Any], tasks: Sequence[tuple]) -> list:
    """In this process."""
    return [function(*task) for task in tasks]


ALONE = Workers(1, one_after_the_other)


def local_jobs() -> int:
    """One for each processor that this process may use, at most MOST_LOCAL."""
    from joblib import cpu_count  # joblib is slow to import, so only where it is used

    return min(cpu_count(), MOST_LOCAL)


@contextmanager
def local_workers(jobs: int | None = None) -> Iterator[Workers]:
    """Spawned processes; jobs None: local_jobs().

    They stay alive for some minutes after use, so that the next grid starts at once."""
    from joblib import parallel_config

    jobs = jobs or local_jobs()
    with parallel_config("loky", n_jobs=jobs, inner_max_num_threads=1, initializer=_yield_to_others):
        yield Workers(jobs, _in_parallel)


def _yield_to_others() -> None:
    if hasattr(os, "nice"):
        os.nice(NICENESS)


def _in_parallel(function: Callable[..., Any], tasks: Sequence[tuple]) -> list:
    from joblib import Parallel, delayed

    return Parallel()(delayed(function)(*task) for task in tasks)


@contextmanager
def dask_workers(address: str) -> Iterator[Workers]:
    """The workers of a running Dask cluster, on which this program must be installed too.

    address: of the scheduler, "tcp://host:8786".  Raises SpecError when dask is not installed or nobody answers."""
    from joblib import parallel_config

    try:
        from distributed import Client
    except ImportError:
        raise SpecError("Dask is not installed.", "Install it with: pip install -r requirements-dask.txt") from None
    try:
        client = Client(address, timeout=ANSWER_WITHIN, set_as_default=True)
    except (OSError, ValueError):
        raise SpecError(f"No Dask scheduler answers at `{address}`.", "Check the address, and that it runs.") from None
    with client:
        jobs = max(1, sum(client.nthreads().values()))
        with parallel_config("dask", n_jobs=jobs):
            yield Workers(jobs, _in_parallel)
