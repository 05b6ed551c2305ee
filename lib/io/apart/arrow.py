"""Parquet files."""

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from .columns import packed
from .refused import Refused

MOST_CELLS = 30_000_000
INDEX = "__index_level_"  # columns that pandas adds for its own use


def read(data: bytes, asked: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    """Returns what lib.io.apart.columns.packed tells, and "left_out" [names of columns that hold lists, files and the
    like] and "index" [columns that only number the rows]; and the cells. Raises Refused."""
    try:
        table = _table(data)
        names = [name for name in table.column_names if not name.startswith(INDEX)]
        if len(set(names)) < len(names):
            raise Refused("twice")
        made = {name: _column(table.column(name)) for name in names}
    except (pa.ArrowException, OSError, UnicodeError):
        raise Refused("damaged") from None
    columns = {name: column for name, column in made.items() if column is not None}
    if not columns or not table.num_rows:
        raise Refused("no_rows")
    told, cells = packed(columns, table.num_rows)
    return told | {"left_out": [name for name in names if name not in columns]}, cells


def _table(data: bytes) -> pa.Table:
    file = pq.ParquetFile(pa.BufferReader(data))
    if file.metadata.num_rows * file.metadata.num_columns > MOST_CELLS:
        raise Refused("large", most=MOST_CELLS)
    return file.read(use_threads=False)


def _column(column: pa.ChunkedArray) -> Any:
    """float64 or text, None where missing; None for a column that is neither."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        return _column(column.cast(kind.value_type))
    if pa.types.is_null(kind):
        return np.full(len(column), np.nan)
    if pa.types.is_floating(kind) or (pa.types.is_integer(kind) and _exact(column)):
        return column.cast(pa.float64(), safe=False).to_numpy()
    if pa.types.is_boolean(kind):
        return pc.if_else(column, "TRUE", "FALSE").to_pylist()
    if pa.types.is_timestamp(kind):
        return _moments(column)
    if pa.types.is_nested(kind) or pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        return None
    if pa.types.is_fixed_size_binary(kind) or kind in (pa.binary_view(),):
        return None
    return column.cast(pa.string()).to_pylist()


def _exact(column: pa.ChunkedArray) -> bool:
    """Whether a float holds each of these whole numbers exactly."""
    ends = pc.min_max(column).as_py()
    return all(end is None or abs(end) <= 2**53 for end in ends.values())


def _moments(column: pa.ChunkedArray) -> list[str | None]:
    """ISO text; days alone where every time is midnight."""
    local = pc.local_timestamp(column) if column.type.tz else column
    days = pc.floor_temporal(local, unit="day")
    if pc.all(pc.equal(days, local)).as_py() in (True, None):
        return local.cast(pa.date32()).cast(pa.string()).to_pylist()
    return pc.strftime(local.cast(pa.timestamp("s"), safe=False), format="%Y-%m-%d %H:%M:%S").to_pylist()
