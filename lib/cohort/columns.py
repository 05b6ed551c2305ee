"""Column checks of the gate: do the columns exist and hold what they should, which columns does the match use."""

import difflib
from collections.abc import Iterable

import numpy as np
import pandas as pd

from ..errors import DataError
from ..spec import Columns
from ..spec.parts import CohortPart
from ..table import is_numeric, level_values, numbers_in_text, text_values
from ..words import counted, quoted
from .repeated import told_apart


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
        columns.treatment_day,
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


def text_ids(eligible: pd.DataFrame, rows: np.ndarray, columns: Columns, file_rows: np.ndarray) -> np.ndarray:
    """object (n,): the ids of the analysed patients as text, with the row of the file where one repeats; without a
    column the row alone (1 is the first)."""
    if columns.id is None:
        return np.array(list(map(str, (file_rows[rows] + 1).tolist())), dtype=object)
    ids = eligible[columns.id].iloc[rows]
    whole = pd.api.types.is_integer_dtype(ids.dtype)
    texts = np.array(list(map(str, ids.tolist())), dtype=object) if whole else text_values(ids)
    return told_apart(texts, file_rows[rows]) if columns.repeated_ids == "rows" else texts


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
        made[name] = level_values(eligible[name])[rows]
    return pd.DataFrame(made, index=range(len(rows)))
