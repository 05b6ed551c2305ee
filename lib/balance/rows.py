"""The rows of a balance table as numbers: a column each, and every level of a factor as 0/1."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..cohort import Cohort
from ..table import is_numeric, sorted_levels, text_values


@dataclass(frozen=True)
class Row:
    """covariate, level (None for a number): whose row it is.  x: float (n,), of the analysed patients, NaN where it is
    not known.  binary: whether x is a yes or no."""

    covariate: str
    level: str | None
    x: np.ndarray
    binary: bool

    @property
    def known(self) -> np.ndarray:
        """bool (n,)."""
        return ~np.isnan(self.x)


def covariate_rows(cohort: Cohort) -> Iterator[Row]:
    """The covariates, which every analysed patient has, in own units; one at a time, for they may be millions long."""
    for name in cohort.covariates.columns:
        column = cohort.covariates[name]
        if isinstance(column.dtype, pd.CategoricalDtype):
            codes = column.cat.codes.to_numpy()
            for code, level in enumerate(column.cat.categories):
                yield Row(str(name), str(level), (codes == code).astype(float), True)
        else:
            x = column.to_numpy(dtype=float)
            yield Row(str(name), None, x, _zero_or_one(x))


def described_rows(cohort: Cohort) -> Iterator[Row]:
    """The described columns (known before, shown, not matched on), which some patients may lack, with the levels that
    the eligible patients have."""
    for name in cohort.columns.described:
        column = cohort.eligible[name]
        if is_numeric(column) and name not in cohort.columns.categorical:
            x = column.to_numpy(dtype=float)
            yield Row(name, None, x[cohort.rows], _zero_or_one(x))
        else:
            known, texts = column.notna().to_numpy()[cohort.rows], text_values(column)[cohort.rows]
            for level in sorted_levels(column):
                yield Row(name, level, np.where(known, (texts == level).astype(float), np.nan), True)


def _zero_or_one(x: np.ndarray) -> bool:
    return bool((np.isnan(x) | (x == 0) | (x == 1)).all())
