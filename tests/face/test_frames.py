"""Any frame becomes the same Table: pandas, polars, pyarrow, whatever types hold the values."""

import datetime
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import lib as ml
from lib.face.frames import as_table
from lib.table import Table

HELD = {
    "id": ["a", "b", None],
    "whole": [1, 2, 3],
    "gaps": [1, None, 3],
    "real": [0.1, None, 2.0],
    "flag": [True, False, None],
    "day": [datetime.date(2020, 1, 31), None, datetime.date(2020, 2, 1)],
}
WANTED = pd.DataFrame(
    {
        "id": pd.Series(["a", "b", None], dtype=object),
        "whole": [1, 2, 3],
        "gaps": [1.0, np.nan, 3.0],
        "real": [0.1, np.nan, 2.0],
        "flag": pd.Series(["True", "False", None], dtype=object),
        "day": pd.Series(["2020-01-31", None, "2020-02-01"], dtype=object),
    }
)
MAKERS = {
    "pandas": pd.DataFrame,
    "pandas, nullable": lambda held: pd.DataFrame(held).convert_dtypes(),
    "pandas, pyarrow": lambda held: pa.table(held).to_pandas(types_mapper=pd.ArrowDtype),
    "pandas, all objects": lambda held: pd.DataFrame(held, dtype=object),
    "pandas, other index": lambda held: pd.DataFrame(held, index=[7, 7, 9]),
    "polars": pl.DataFrame,
    "polars, lazy": pl.LazyFrame,
    "pyarrow": pa.table,
}


@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
def test_equal_values_give_equal_tables(make: Callable[[dict], Any]) -> None:
    made = as_table(make(HELD)).frame
    whole = make is MAKERS["pandas, all objects"]  # numbers among objects are real numbers
    pd.testing.assert_frame_equal(made, WANTED.astype({"whole": float}) if whole else WANTED)


def test_digests_are_equal_whichever_library_held_the_values() -> None:
    digests = {as_table(make(HELD)).digest for name, make in MAKERS.items() if name != "pandas, all objects"}
    assert len(digests) == 1


def test_levels_and_decimals() -> None:
    frame = pl.DataFrame({"arm": pl.Series(["x", "y"], dtype=pl.Categorical), "dose": [Decimal("1.5"), None]})
    made = as_table(frame).frame
    assert made["arm"].tolist() == ["x", "y"]
    np.testing.assert_array_equal(made["dose"], [1.5, np.nan])


def test_the_frame_stays_as_it_was() -> None:
    frame = pd.DataFrame(HELD)
    before = frame.copy(deep=True)
    as_table(frame)
    pd.testing.assert_frame_equal(frame, before)


def test_tables_and_paths(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("a;b\n1,5;x\n")
    table = ml.read(tmp_path / "x.csv")
    assert as_table(table) is table
    assert as_table(str(tmp_path / "x.csv")).digest == table.digest
    assert table.frame["a"].tolist() == [1.5]
    assert ml.read(tmp_path / "x.csv", missing=("x",)).frame["b"].tolist() != ["x"]


@pytest.mark.parametrize("make", [pd.DataFrame, np.array], ids=["pandas", "pyarrow"])
def test_two_columns_of_one_name(make: Callable) -> None:
    columns = ["age", "sofa", "age"]
    frame = pd.DataFrame([[1, 2, 3]], columns=columns) if make is pd.DataFrame else pa.table([[1], [2], [3]], columns)
    with pytest.raises(ml.DataError, match=r'^The table has more than one column called "age"\.$') as caught:
        as_table(frame)
    assert caught.value.hint == "Give every column its own name."


@pytest.mark.parametrize("data", [[1, 2], {"a": [1]}, None, np.ones((2, 2))])
def test_what_is_no_frame(data: Any) -> None:
    with pytest.raises(ml.DataError, match=r"^`data` must be a frame or the name of a file, not \w+\.$") as caught:
        as_table(data)
    assert "pandas, polars or pyarrow" in caught.value.hint


def test_numbers_and_texts_in_one_column_stay_text() -> None:
    assert isinstance(as_table(pd.DataFrame({"a": [1, "x"]})), Table)
    assert as_table(pd.DataFrame({"a": [1, "x"]})).frame["a"].tolist() == ["1", "x"]
