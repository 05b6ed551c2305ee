"""What a notebook holds becomes a Table: a frame of pandas, polars or pyarrow, or a file."""

from collections import Counter
from os import PathLike
from pathlib import Path
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd
from narwhals.exceptions import DuplicateError

from ..errors import DataError
from ..io import read_file, read_table
from ..spec import Reading
from ..table import Table
from ..words import quoted

NUMBERS = ("integer", "floating", "mixed-integer-float", "decimal")  # what a column of objects may turn out to be


def read(
    path: str | PathLike[str],
    *,
    sheet: str | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
    decimal: str | None = None,
    missing: tuple[str, ...] | None = None,
) -> Table:
    """Read a file of any format that MatchLens knows (CSV, workbook, SPSS, Stata, SAS, Parquet), found by its content;
    `.frame` holds the columns, `.notes` what the reader decided.

    sheet: of a workbook; None means the first that holds a table. encoding, delimiter, decimal ("." or ","): of text
    files, None means found from the file. missing: the texts that stand for a missing value; None means the usual
    ones. Raises DataError when there is no such file, or it is not a table.

    >>> ml.read("sample_data/msc_covid19.csv").frame.shape
    (255, 27)
    """
    data, name = read_file(Path(path)), Path(path).name
    reading = Reading(sheet=sheet)
    return read_table(data, name, reading, encoding=encoding, delimiter=delimiter, decimal=decimal, missing=missing)


def as_table(data: Any) -> Table:
    """A Table as it is; a path by `read`; a frame that narwhals knows (pandas, polars, pyarrow, lazy ones collected).

    Equal values give equal tables, whichever library held them. Raises DataError for anything else, and for two
    columns of one name.
    """
    if isinstance(data, Table):
        return data
    if isinstance(data, (str, PathLike)):
        return read(data)
    try:
        frame = nw.from_native(data)
    except TypeError:
        raise _no_frame(data) from None
    except DuplicateError:
        raise _named_twice(data) from None
    eager = frame.collect() if isinstance(frame, nw.LazyFrame) else frame
    columns = {str(name): _column(eager[name]) for name in eager.columns}
    return Table.from_frame(pd.DataFrame(columns, columns=list(columns)))


def _column(series: nw.Series[Any]) -> pd.Series:
    """Numbers as int64 or float64 (NaN where missing), all else as the objects that the frame held."""
    if not series.dtype.is_numeric():
        held = pd.Series(series.to_list(), dtype=object)
        numbers = pd.api.types.infer_dtype(held, skipna=True) in NUMBERS
        return held.astype(np.float64) if numbers else held
    if series.dtype.is_integer() and not series.is_null().any():
        return pd.Series(series.to_numpy())
    return pd.Series(series.cast(nw.Float64).to_numpy(), dtype=np.float64)


def _no_frame(data: Any) -> DataError:
    return DataError(
        f"`data` must be a frame or the name of a file, not {type(data).__name__}.",
        'Give a pandas, polars or pyarrow frame, or what ml.read("cohort.csv") returns.',
    )


def _named_twice(data: Any) -> DataError:
    names = getattr(data, "column_names", None) or data.columns
    twice = [name for name, times in Counter(map(str, names)).items() if times > 1]
    return DataError(f"The table has more than one column called {quoted(twice)}.", "Give every column its own name.")
