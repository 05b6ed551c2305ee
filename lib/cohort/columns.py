"""Column checks of the gate: do the columns exist, do the ids tell patients apart, which columns does the match use."""

import difflib
from collections.abc import Iterable

import numpy as np
import pandas as pd

from ..errors import DataError
from ..spec.parts import CohortPart
from ..table import is_numeric, numbers_in_text, text_values
from ..words import counted, quoted


def require_columns(frame: pd.DataFrame, spec: CohortPart) -> None:
    """Raise DataError naming every column of the spec that the file lacks, with the nearest spelled ones."""
    if frame.empty:
        raise DataError("The file has no rows below its header.", "Choose the file that holds the patients.")
    columns = spec.columns
    if not columns.treatment:
        raise DataError(
            "No column is chosen as the treatment.", "Choose the column that says for every patient who was treated."
        )
    asked = [
        columns.treatment,
        columns.id,
        *columns.covariates,
        *columns.described,
        *(rule.column for rule in spec.eligibility),
        *spec.exact,
        *spec.calipered,
        spec.set_column,
        *(name for outcome in spec.outcomes for name in (*outcome.columns(), outcome.baseline)),
    ]
    absent = [name for name in dict.fromkeys(asked) if name is not None and name not in frame.columns]
    if not absent:
        return
    near = list(dict.fromkeys(match for name in absent for match in _nearest(name, frame.columns)))
    hint = f"Did you mean {quoted(near)}?" if near else "Check the spelling against the first line of the file."
    word = "column" if len(absent) == 1 else "columns"
    raise DataError(f"The file has no {word} {quoted(absent)}.", hint)


def _nearest(name: str, existing: Iterable[str]) -> list[str]:
    lowered = {str(column).lower(): str(column) for column in existing}
    return [lowered[match] for match in difflib.get_close_matches(name.lower(), list(lowered), n=2, cutoff=0.6)]


def check_ids(eligible: pd.DataFrame, name: str | None) -> None:
    """Raise DataError when an eligible patient has no id, or shares it with another row. Never shows an id."""
    if name is None:
        return
    ids = eligible[name]
    blank = int(ids.isna().sum())
    if blank:
        raise DataError(f'The id column "{name}" is empty in {counted(blank, "row")}.', "Give every patient an id.")
    repeated = int(ids.duplicated(keep=False).sum())
    if repeated:
        raise DataError(
            f'The id column "{name}" has duplicate ids: {counted(repeated, "row")} share an id with another row.',
            "Keep one row per patient (an eligibility rule can choose it), or choose another id column.",
        )


def text_ids(eligible: pd.DataFrame, rows: np.ndarray, name: str | None, file_rows: np.ndarray) -> np.ndarray:
    """object (n,): the ids of the analysed patients as text, or their row numbers in the file (1 is the first)."""
    if name is None:
        return np.array(list(map(str, (file_rows[rows] + 1).tolist())), dtype=object)
    ids = eligible[name].iloc[rows]
    if pd.api.types.is_integer_dtype(ids.dtype):
        return np.array(list(map(str, ids.tolist())), dtype=object)
    return text_values(ids)


def require_numbers(column: pd.Series, use: str) -> None:
    """Raise DataError unless a column holds finite numbers. `use` says what for: "a caliper"."""
    if not is_numeric(column):
        raise text_in_numbers(column, use)
    endless = int(np.isinf(column.to_numpy()).sum())
    if endless:
        raise DataError(
            f'Column "{column.name}" holds infinity in {counted(endless, "row")}; {use} needs finite numbers.',
            "Correct these entries or leave them empty.",
        )


def text_in_numbers(column: pd.Series, use: str) -> DataError:
    """The error for text where numbers are needed: counts, never values."""
    words = int(column.notna().sum() - numbers_in_text(column).sum())
    return DataError(
        f'Column "{column.name}" holds text in {counted(words, "row")}; {use} needs numbers.',
        'Correct these entries or leave them empty; a value below detection ("<0.3") needs a number of your choice.',
    )


def matching_columns(eligible: pd.DataFrame, rows: np.ndarray, spec: CohortPart) -> pd.DataFrame:
    """DataFrame (n, .): exact columns and the set column as text levels, covariate-caliper columns as float64."""
    made: dict[str, np.ndarray] = {}
    for name in spec.calipered:
        require_numbers(eligible[name], "a caliper")
        made[name] = eligible[name].to_numpy(dtype=float)[rows]
    for name in filter(None, (*spec.exact, spec.set_column)):
        made[name] = text_values(eligible[name])[rows]
    return pd.DataFrame(made, index=range(len(rows)))
