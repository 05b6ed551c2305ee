"""Where many small tasks run: in this process, in spawned processes of this machine, or on a Dask cluster.

joblib keeps one pool of local processes per server process and hands it to whoever asks, so that two users share its
processes instead of doubling them. The processes yield to everything else on the machine. What they are sent goes
through pipes: nothing of a table is ever mapped to a file.
"""

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from ..errors import AnalysisError, SpecError

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


class WorkersLost(AnalysisError):
    """Parallel work that ended before it was done, for a reason outside the analysis: it may be asked for again."""


class _Pool:
    """How many callers use the local processes now, and whether they are to end with the last of them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._users = 0
        self._unwanted = False

    @contextmanager
    def used(self) -> Iterator[None]:
        """While somebody works."""
        with self._lock:
            self._users += 1
        try:
            yield
        finally:
            with self._lock:
                self._users -= 1
                self._close_if_idle()

    def close(self) -> None:
        """End the processes now, or as soon as nobody works."""
        with self._lock:
            self._unwanted = True
            self._close_if_idle()

    def _close_if_idle(self) -> None:
        if self._unwanted and not self._users:
            self._unwanted = False
            _shut_down()


_POOL = _Pool()


def _shut_down() -> None:
    """End the processes of joblib's pool, if it has any."""
    from joblib.externals.loky import reusable_executor

    executor = reusable_executor._executor
    if executor is not None:
        executor.shutdown(wait=True, kill_workers=True)


def close_local_workers() -> None:
    """End the spawned processes, which may still hold pieces of a table in memory that they have freed. Whoever works
    just now finishes first; the next grid starts new ones."""
    _POOL.close()


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
    # joblib writes arrays above 1 MB to files unless told otherwise, and makes a folder for them unless it is given a
    # place; in this one nothing can be written
    in_memory = {"max_nbytes": None, "temp_folder": os.devnull}
    with (
        _POOL.used(),
        parallel_config("loky", n_jobs=jobs, inner_max_num_threads=1, initializer=_yield_to_others, **in_memory),
    ):
        yield Workers(jobs, _in_parallel)


def _yield_to_others() -> None:
    if hasattr(os, "nice"):
        os.nice(NICENESS)


def _in_parallel(function: Callable[..., Any], tasks: Sequence[tuple]) -> list:
    from joblib import Parallel, delayed

    try:
        return Parallel()(delayed(function)(*task) for task in tasks)
    except BrokenExecutor:
        raise WorkersLost(
            "One of the parallel processes was ended from outside, perhaps because memory ran short.",
            "What was finished before is kept: go on from there. If it happens again, close other programs.",
        ) from None
    except (OSError, MemoryError) as error:
        raise WorkersLost(
            f"The parallel processes could not work: {_reason(error)}.",
            "What was finished before is kept: make room on this machine, then go on from there.",
        ) from None


def _reason(error: OSError | MemoryError) -> str:
    """What the system says, without a path."""
    return "memory ran out" if isinstance(error, MemoryError) else (error.strerror or "the system refused").lower()


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
