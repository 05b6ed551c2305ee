"""The patients who are kept against those who are dropped for a gap: means and shares of what was known of both."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..spec.parts import CohortPart
from ..table import Table, is_numeric, sorted_levels, text_values
from .columns import require_columns
from .flow import screen
from .losses import asked_of_patients, gaps

DROPPED_COLUMNS = ("column", "level", "arm", "n_kept", "n_dropped", "kept", "dropped", "difference")
FEWEST = 3  # known patients below which a mean could be one patient's own value: not shown
MOST_LEVELS = 12  # texts of more values than this are no category and have no shares


@dataclass(frozen=True)
class KeptDropped:
    """kept, dropped: eligible (treated, controls).  rows: DataFrame DROPPED_COLUMNS, for every covariate and described
    column one row an arm ("treated", "control"), and for a factor one a level (of two levels the second alone).
    n_*: who of them has a value. kept, dropped: the mean, or with a `level` the share of it; NaN in both where either
    has fewer than FEWEST known. difference: dropped minus kept in SDs of all eligible patients, NaN where that has no
    value. There is no row for a column that is the same in everybody, nor for texts that are no category."""

    kept: tuple[int, int]
    dropped: tuple[int, int]
    rows: pd.DataFrame


def kept_and_dropped(table: Table, spec: CohortPart) -> KeptDropped:
    """Compare them. Raises DataError as `losses` does."""
    require_columns(table.frame, spec)
    screened = screen(table.frame, spec)
    lost = gaps(table.frame, asked_of_patients(spec), screened.rows).any(axis=1)
    groups = [(arm, side & ~lost, side & lost) for arm, side in _arms(screened.treated)]
    shown = dict.fromkeys([*asked_of_patients(spec), *spec.columns.described])
    made = [
        (name, level, arm, *_cell(values, kept, dropped))
        for name in shown
        for level, values in _numbers(table.frame[name].iloc[screened.rows], name in spec.columns.categorical)
        for arm, kept, dropped in groups
    ]
    counts = [(int(kept.sum()), int(dropped.sum())) for _, kept, dropped in groups]
    treated, control = counts
    return KeptDropped(
        (treated[0], control[0]), (treated[1], control[1]), pd.DataFrame(made, columns=list(DROPPED_COLUMNS))
    )


def _arms(treated: np.ndarray) -> tuple[tuple[str, np.ndarray], tuple[str, np.ndarray]]:
    return ("treated", treated), ("control", ~treated)


def _numbers(column: pd.Series, factor: bool) -> Iterator[tuple[str | None, np.ndarray]]:
    """(level, float (N,)): the numbers themselves, or 0/1 for each level, NaN where missing."""
    if is_numeric(column) and not factor:
        values = column.to_numpy(dtype=float)
        if column.min() != column.max():
            yield None, values
        return
    levels = sorted_levels(column)
    if not 2 <= len(levels) <= MOST_LEVELS:
        return
    texts, known = text_values(column), column.notna().to_numpy()
    for level in levels[1:] if len(levels) == 2 else levels:
        yield level, np.where(known, (texts == level).astype(float), np.nan)


def _cell(values: np.ndarray, kept: np.ndarray, dropped: np.ndarray) -> tuple[int, int, float, float, float]:
    known = np.isfinite(values)
    ours, theirs = values[kept & known], values[dropped & known]
    if min(len(ours), len(theirs)) < FEWEST:
        return len(ours), len(theirs), np.nan, np.nan, np.nan
    spread, means = float(np.std(values[known], ddof=1)), (float(ours.mean()), float(theirs.mean()))
    return len(ours), len(theirs), *means, (means[1] - means[0]) / spread if spread else np.nan
