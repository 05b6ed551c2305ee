"""Parallel processes: nothing of a table is mapped to a file, a killed one is a sentence, and they end when asked."""

import os
import signal
import threading
import time

import numpy as np
import pytest

from lib.errors import AnalysisError
from lib.sensitivity import grid as grid_module
from lib.sensitivity.grid import grid_csv, run_grid
from lib.sensitivity.workers import (
    ALONE,
    Workers,
    WorkersLost,
    close_local_workers,
    local_workers,
)
from tests.sensitivity.test_grid import TABLE, plan

LARGE = np.zeros(700_000)  # 5.6 MB; joblib's own limit is 1 MB


def kind(numbers: np.ndarray) -> str:
    """What a process is handed."""
    return type(numbers).__name__


def process(wait: float) -> int:
    """Where a task runs."""
    time.sleep(wait)
    return os.getpid()


def end_itself(really: bool) -> None:
    """As a system does that runs out of memory."""
    if really:
        os.kill(os.getpid(), signal.SIGKILL)


def full(number: int) -> None:
    """As a disk does that is full."""
    raise OSError(28, "No space left on device", "/tmp/secret.csv")


def gone(pid: int) -> bool:
    """Whether a process has ended."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def test_large_arrays_are_sent_and_never_mapped_to_a_file():
    with local_workers(2) as workers:
        assert workers.run(kind, [(LARGE,), (LARGE,)]) == ["ndarray", "ndarray"]


def test_a_killed_process_is_a_sentence_and_the_next_run_works():
    with local_workers(2) as workers:
        with pytest.raises(WorkersLost, match="ended from outside") as caught:
            workers.run(end_itself, [(True,), (False,)])
        assert "go on" in caught.value.hint
        assert workers.run(kind, [(LARGE,)]) == ["ndarray"]


def test_a_full_disk_is_a_sentence_without_a_path():
    with local_workers(2) as workers, pytest.raises(WorkersLost, match="no space left on device") as caught:
        workers.run(full, [(1,), (2,)])
    assert "secret" not in str(caught.value)


def test_processes_end_when_asked():
    with local_workers(2) as workers:
        pids = set(workers.run(process, [(0.2,), (0.2,)]))
    assert not any(map(gone, pids))
    close_local_workers()
    assert all(map(gone, pids))


def test_whoever_works_finishes_first():
    found = []

    def work() -> None:
        with local_workers(2) as workers:
            found.extend(workers.run(process, [(1.0,), (1.0,)]))

    other = threading.Thread(target=work)
    other.start()
    time.sleep(0.3)
    close_local_workers()
    other.join()
    assert len(found) == 2
    assert all(map(gone, found))


class Losing:
    """Processes that are lost in these calls."""

    def __init__(self, *calls: int) -> None:
        self.calls, self.made = calls, 0

    def run(self, function, tasks) -> list:
        self.made += 1
        if self.made in self.calls:
            raise WorkersLost("One of the parallel processes was ended from outside.", "Go on.")
        return ALONE.run(function, tasks)


def test_a_grid_without_anybody_watching_goes_on_once(monkeypatch):
    monkeypatch.setattr(grid_module, "SHORTEST_TASK", 1)
    made = plan({"matching.ratio": [1, 2, 3], "seed": [1, 2]})
    losing = Losing(2)
    assert grid_csv(run_grid(TABLE, made, Workers(1, losing.run))) == grid_csv(run_grid(TABLE, made))
    with pytest.raises(AnalysisError, match="ended from outside"):
        run_grid(TABLE, made, Workers(1, Losing(2, 3).run))
