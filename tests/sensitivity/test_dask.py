"""The grid on a Dask cluster: a real scheduler and two worker processes on this machine."""

import importlib.util
import os
import re
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from lib.errors import SpecError
from lib.sensitivity import workers as workers_module
from lib.sensitivity.grid import grid_csv, run_grid
from lib.sensitivity.run import Asked, grid_files
from lib.sensitivity.workers import dask_workers
from tests.conftest import ROOT
from tests.sensitivity.builders import TABLE, plan, spec

needs_dask = pytest.mark.skipif(
    importlib.util.find_spec("distributed") is None,
    reason="dask is an optional extra: pip install -r requirements-dask.txt",
)
STARTING = 60  # seconds
AXES = {
    "matching.ratio": [1, 2, 3],
    "matching.caliper": [0.1, 0.5, None],
    "seed": [1, 2, 3],
    "matching.order": ["random", "largest"],
    "propensity.model": ["logit", "firth"],
}


@contextmanager
def cluster(scratch: Path):
    """The address of a scheduler with two workers, each a process of its own."""
    environment = os.environ | {"PYTHONPATH": str(ROOT), "DASK_TEMPORARY_DIRECTORY": str(scratch)}
    program = [sys.executable, "-m"]
    scheduler = subprocess.Popen(
        [*program, "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard"],
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
        cwd=ROOT,
    )
    try:
        address = next(found[1] for line in scheduler.stderr if (found := re.search(r"(tcp://127[\d.:]+)", line)))
        worker = [
            *program,
            "distributed.cli.dask_worker",
            address,
            "--nworkers",
            "2",
            "--nthreads",
            "1",
            "--no-dashboard",
        ]
        workers = subprocess.Popen(worker, stderr=subprocess.DEVNULL, env=environment, cwd=ROOT)
        try:
            yield address
        finally:
            workers.terminate()
            workers.wait()
    finally:
        scheduler.terminate()
        scheduler.communicate()


@needs_dask
def test_two_workers_give_the_same_bytes(tmp_path):
    made = plan(AXES)
    with cluster(tmp_path) as address:
        wait_for_two(address)
        with dask_workers(address) as workers:
            assert workers.jobs == 2
            assert grid_csv(run_grid(TABLE, made, workers)) == grid_csv(run_grid(TABLE, made))
        assert grid_files(TABLE, spec(AXES), Asked(dask=address))["grid.csv"] == grid_csv(run_grid(TABLE, made))


def wait_for_two(address: str) -> None:
    """Until both worker processes have reported to the scheduler."""
    end = time.monotonic() + STARTING
    while time.monotonic() < end:
        with dask_workers(address) as workers:
            if workers.jobs == 2:
                return
        time.sleep(0.5)
    raise AssertionError("the workers did not start")


@needs_dask
def test_nobody_answers(monkeypatch):
    monkeypatch.setattr(workers_module, "ANSWER_WITHIN", "1s")
    with pytest.raises(SpecError, match="No Dask scheduler answers"), dask_workers("tcp://127.0.0.1:9"):
        pass


def test_without_dask(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(SpecError, match="not installed"), dask_workers("tcp://127.0.0.1:9"):
        pass
