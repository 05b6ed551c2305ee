"""Timing of the design stages on a large cohort: fit, match, balance."""

import json
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
import pandas as pd

from .balance import balance_table
from .cohort import build_cohort
from .design import match
from .design.methods import USUAL, taken_by
from .errors import DataError, SpecError
from .io import read_csv, read_file
from .score.propensity import fit_propensity
from .spec import AnalysisSpec
from .table import Table

COVARIATES = tuple(f"X{j}" for j in range(1, 8))
LEAST_ROWS = 50
SEED = 1

Result = TypeVar("Result")


@dataclass(frozen=True)
class BenchResult:
    """fit, match, balance: wall-clock seconds, reading, drawing and checking of the data excluded.  rows: analysed;
    treated: of these; pairs, caliper_width, sum_distance: what the match gave, so that two programs can be compared.
    max_abs_smd: the largest |SMD| after matching."""

    rows: int
    treated: int
    method: str
    ratio: int
    caliper: float
    fit: float
    match: float
    balance: float
    matched_treated: int
    pairs: int
    caliper_width: float
    sum_distance: float
    max_abs_smd: float

    def to_json_line(self) -> str:
        """One line of JSON without a line end."""
        return json.dumps(asdict(self))


def run_bench(rows: int, ratio: int, caliper: float, data_path: Path | None = None, method: str = USUAL) -> BenchResult:
    """Time one analysis of a drawn cohort, or of the file at `data_path` (columns id, t, X1..X7; then without `rows`).

    Raises SpecError for too few rows or settings out of range, DataError for a file that lacks a column."""
    if data_path is None and rows < LEAST_ROWS:
        raise SpecError(f"`rows` must be at least {LEAST_ROWS}, not {rows}.", "Ask for more rows.")
    table = Table.from_frame(drawn_cohort(rows)) if data_path is None else read_csv(read_file(data_path))
    spec = bench_spec(ratio, caliper, method)
    if data_path is not None and "id" not in table.frame.columns:
        raise DataError('The file has no column "id".', "A bench file has the columns id, t and X1 to X7.")
    cohort = build_cohort(table, spec)
    model, fit_seconds = _timed(lambda: fit_propensity(cohort, spec.propensity))
    sample, match_seconds = _timed(lambda: match(cohort, model, spec.matching, spec.seed))
    balance, balance_seconds = _timed(lambda: balance_table(cohort, sample))
    gaps = sample.pairs["distance"]
    return BenchResult(
        rows=cohort.n,
        treated=int(cohort.treated.sum()),
        method=method,
        ratio=ratio,
        caliper=caliper,
        fit=fit_seconds,
        match=match_seconds,
        balance=balance_seconds,
        matched_treated=sample.n_matched(True),
        pairs=len(gaps),
        caliper_width=sample.caliper_width,
        sum_distance=float(gaps.sum()),
        max_abs_smd=float(balance.rows["smd_after"].abs().max()),
    )


def drawn_cohort(rows: int, seed: int = SEED) -> pd.DataFrame:
    """Columns t, X1..X7: covariates standard normal, P(t = 1) = logistic(-2.5 + 0.3 sum X) (interface.md)."""
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((len(COVARIATES), rows))
    probability = 1 / (1 + np.exp(2.5 - 0.3 * x.sum(axis=0)))
    treated = (rng.random(rows) < probability).astype(np.int64)
    return pd.DataFrame({"t": treated, **dict(zip(COVARIATES, x, strict=True))}, copy=False)


def bench_spec(ratio: int, caliper: float | None, method: str = USUAL) -> AnalysisSpec:
    """The default analysis of the seven covariates by one method, at one ratio, where it has one, and caliper."""
    return AnalysisSpec.from_dict(
        {
            "columns": {"treatment": "t", "treated_value": "1", "covariates": list(COVARIATES)},
            "matching": taken_by(method, {"ratio": ratio, "caliper": caliper}),
        }
    )


def _timed(stage: Callable[[], Result]) -> tuple[Result, float]:
    start = time.perf_counter()
    result = stage()
    return result, time.perf_counter() - start
