"""Timing of a whole run, from a file to the files of its results: read, match, balance, outcomes, write."""

import json
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from .bench import COVARIATES, LEAST_ROWS, SEED, bench_spec, drawn_cohort
from .cohort import privacy_warnings
from .design.methods import USUAL
from .errors import SpecError
from .io import read_csv, read_file, write_csv
from .report.files import write_results
from .spec import AnalysisSpec
from .steps import Steps

OUTCOMES = (
    {"name": "death", "kind": "binary", "column": "death"},
    {"name": "score", "kind": "continuous", "column": "score"},
    {"name": "survival", "kind": "survival", "time": "days", "event": "died"},
)
MEAN_DAYS = 30.0
FOLLOW_UP = (10.0, 60.0)  # days until a patient is censored


@dataclass(frozen=True)
class WholeResult:
    """Wall-clock seconds of each part, and of all; drawing the cohort and starting Python excluded.

    read: file to table, privacy warnings included.  match: gate, score and match.  outcomes: all three and their
    adjustment for being several.  write: Table 1, what the sets could find, and all files."""

    rows: int
    read: float
    match: float
    balance: float
    outcomes: float
    write: float
    total: float

    def to_json_line(self) -> str:
        """One line of JSON without a line end."""
        return json.dumps(asdict(self))


def run_whole(rows: int, ratio: int, caliper: float, method: str = USUAL) -> WholeResult:
    """Time one whole run of a drawn cohort with three outcomes, in a temporary directory that is removed.

    Raises SpecError for too few rows or settings out of range."""
    if rows < LEAST_ROWS:
        raise SpecError(f"`rows` must be at least {LEAST_ROWS}, not {rows}.", "Ask for more rows.")
    spec = whole_spec(ratio, caliper, method)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "cohort.csv"
        path.write_bytes(write_csv(drawn_outcomes(rows)))
        return _timed_run(path, spec)


def _timed_run(path: Path, spec: AnalysisSpec) -> WholeResult:
    seconds: dict[str, float] = {}
    with _timed("read", seconds):
        table = read_csv(read_file(path))
        privacy_warnings(table)
    steps = Steps(table, spec)
    parts = {
        "match": lambda: steps.comparison,
        "balance": lambda: steps.balance,
        "outcomes": lambda: steps.multiplicity,
        "write": lambda: write_results(steps, path.parent / "out"),
    }
    for part, made in parts.items():
        with _timed(part, seconds):
            made()
    return WholeResult(rows=steps.cohort.n, **seconds, total=sum(seconds.values()))


@contextmanager
def _timed(part: str, seconds: dict[str, float]) -> Iterator[None]:
    start = time.perf_counter()
    yield
    seconds[part] = time.perf_counter() - start


def whole_spec(ratio: int, caliper: float, method: str = USUAL) -> AnalysisSpec:
    """bench_spec with the ids and the three outcomes of drawn_outcomes."""
    spec = bench_spec(ratio, caliper, method)
    return spec.replace(columns=spec.columns.model_copy(update={"id": "id"}), outcomes=list(OUTCOMES))


def drawn_outcomes(rows: int, seed: int = SEED) -> pd.DataFrame:
    """drawn_cohort with `id`, a binary `death`, a continuous `score` with one decimal, and `days` until `died` or
    censoring in whole days; each depends on the sum of the covariates and a little on the treatment."""
    frame = drawn_cohort(rows, seed)
    frame.insert(0, "id", np.arange(1, rows + 1))
    rng, risk, treated = np.random.default_rng(seed + 1), frame[list(COVARIATES)].sum(axis=1), frame["t"]
    time_to_death = rng.exponential(MEAN_DAYS * np.exp(-0.1 * risk + 0.2 * treated))
    censored = rng.uniform(*FOLLOW_UP, rows)
    return frame.assign(
        death=(rng.random(rows) < 1 / (1 + np.exp(1.5 - 0.2 * risk + 0.3 * treated))).astype(np.int64),
        score=np.round(50 + 5 * risk - 2 * treated + 10 * rng.standard_normal(rows), 1),
        days=np.maximum(np.ceil(np.minimum(time_to_death, censored)), 1).astype(np.int64),
        died=(time_to_death <= censored).astype(np.int64),
    )
