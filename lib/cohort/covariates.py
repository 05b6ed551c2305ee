"""Covariates: numbers stay in their own unit, text becomes a factor, and the covariate matrix is made from both."""

import numpy as np
import pandas as pd

from ..errors import DataError
from ..spec import Columns
from ..spec.parts import CohortPart
from ..table import is_numeric, level_values, numbers_in_text
from ..words import counted
from .columns import require_numbers, text_in_numbers

MOSTLY_NUMBERS = 0.5  # a text column with more numbers than this is a number column with stray text, not a factor
FEW_LEVELS = 10  # a factor with more levels than this and than half of the patients is an identifier or free text
REMOVE = "Remove it from the covariates."


def check_covariate_columns(eligible: pd.DataFrame, spec: CohortPart) -> None:
    """Before rows are dropped: raise DataError for a covariate that is empty, infinite, or numbers mixed with text, and
    for a described column whose many texts Table 1 would have to print."""
    columns = spec.columns
    for name in (*columns.covariates, *columns.described):
        column = eligible[name]
        known = int(column.notna().sum())
        if not known:
            raise DataError(f'Covariate "{name}" is empty for every eligible patient.', REMOVE)
        if name in columns.described and not is_numeric(column):
            _require_few_levels(name, column.nunique(), known)
        if name in columns.categorical:
            continue
        if is_numeric(column):
            require_numbers(column, "a covariate")
        elif known > numbers_in_text(column).sum() > MOSTLY_NUMBERS * known:
            error = text_in_numbers(column, "a covariate of numbers")
            raise DataError(str(error), error.hint + " If it is a category, list it as categorical.")


def covariate_frame(eligible: pd.DataFrame, rows: np.ndarray, columns: Columns) -> pd.DataFrame:
    """The covariates of the analysed patients: float64, or ordered Categorical of text levels in code-point order.

    Raises DataError for a covariate with a single value, and for a factor that looks like an identifier.
    """
    made = {}
    for name in columns.covariates:
        column = eligible[name].iloc[rows]
        factor = name in columns.categorical or not is_numeric(column)
        made[name] = _factor(column) if factor else column.to_numpy(dtype=float)
        _require_variation(name, made[name], len(rows))
    return pd.DataFrame(made, index=range(len(rows)), copy=False)


def _factor(column: pd.Series) -> pd.Categorical:
    levels = level_values(column)
    return pd.Categorical(levels, categories=sorted(pd.unique(levels)), ordered=True)


def _require_variation(name: str, values: np.ndarray | pd.Categorical, n: int) -> None:
    if len(values.categories) == 1 if isinstance(values, pd.Categorical) else values.min() == values.max():
        raise DataError(f'Covariate "{name}" has the same value for all {n} analysed patients.', REMOVE)
    if isinstance(values, pd.Categorical):
        _require_few_levels(name, len(values.categories), n)


def _require_few_levels(name: str, levels: int, n: int) -> None:
    if levels == n > 2 or levels > max(FEW_LEVELS, n / 2):
        raise DataError(
            f'Covariate "{name}" has {levels} different texts for {n} patients; '
            "it looks like an identifier, a date or free text.",
            "Remove it from the covariates, or group its values into a few categories.",
        )


def covariate_matrix(covariates: pd.DataFrame, columns: Columns) -> pd.DataFrame:
    """What the propensity model sees, float64 (n, k): `log` covariates logged, factors as columnLEVEL for all but the
    first level. Raises DataError for a covariate to be logged that is not above 0 everywhere."""
    made: dict[str, np.ndarray] = {}
    for name in map(str, covariates):
        values = covariates[name]
        if isinstance(values.dtype, pd.CategoricalDtype):
            codes = values.cat.codes.to_numpy()
            columns_made = {
                f"{name}{level}": (codes == i).astype(float) for i, level in enumerate(values.cat.categories) if i
            }
        else:
            columns_made = {name: _logged(values) if name in columns.log else values.to_numpy()}
        clash = made.keys() & columns_made.keys()
        if clash:
            raise DataError(f'Two covariates both make a model column called "{min(clash)}".', "Rename one of them.")
        made |= columns_made
    return pd.DataFrame(made, index=covariates.index, copy=False)


def _logged(values: pd.Series) -> np.ndarray:
    low = int((values <= 0).sum())
    if low:
        raise DataError(
            f'Covariate "{values.name}" cannot be logged: it is 0 or below in {counted(low, "row")}.',
            "Use it without the log, or correct these values.",
        )
    return np.log(values.to_numpy())
