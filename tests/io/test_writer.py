"""Written numbers and cells against Python's own csv module and repr, and files of several chunks."""

import csv
import io
from unittest.mock import patch

import numpy as np
import pandas as pd
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lib.io import writer
from lib.io.writer import SAME_TEXT, write_csv

FLOATS = st.floats(width=64)
EXPONENTS = st.integers(-12, 22)
CELLS = st.one_of(
    st.none(), st.text(st.characters(exclude_categories=("Cs",)), max_size=6), st.sampled_from(['"', ",", "\n", ""])
)


def naive(frame: pd.DataFrame) -> bytes:
    """By csv.writer, cell by cell; for frames of floats that are not all whole, and of text that needs no escape."""
    out = io.StringIO(newline="")
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(frame.columns)
    for row in frame.itertuples(index=False):
        rows.writerow(["" if pd.isna(cell) else repr(cell) if isinstance(cell, float) else cell for cell in row])
    return out.getvalue().encode()


@settings(deadline=None)
@given(st.lists(FLOATS, max_size=30), st.lists(st.tuples(st.floats(1, 10, exclude_max=True), EXPONENTS), max_size=30))
@example([SAME_TEXT[0], SAME_TEXT[1], -0.0, np.inf, -np.inf, 5e-324], [])
def test_every_number_is_written_as_repr_writes_it(some: list[float], powers: list[tuple[float, int]]) -> None:
    values = [0.5, *some, *(mantissa * 10.0**power for mantissa, power in powers)]  # 0.5: not all are whole
    frame = pd.DataFrame({"a": values, "b": np.arange(len(values)) + 0.25})
    assert write_csv(frame) == naive(frame)


def test_shortest_text_of_many_numbers() -> None:
    rng = np.random.default_rng(1)
    values = rng.standard_normal(20_000) * 10.0 ** rng.uniform(-6, 18, 20_000)
    frame = pd.DataFrame({"a": values, "b": np.round(values, 1), "c": np.where(rng.random(20_000) < 0.1, np.nan, 0.5)})
    assert write_csv(frame) == naive(frame)


@settings(deadline=None)
@given(st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=12))
def test_text_is_quoted_as_csv_quotes_it(rows: list[tuple]) -> None:
    frame = pd.DataFrame(rows, columns=["a", "b"], dtype=object)
    plain = frame.map(lambda cell: None if cell is None else cell.replace("\r", "").lstrip("=+-@\t"))
    assert write_csv(plain) == naive(plain)


def test_a_lone_empty_cell_is_quoted_so_that_its_row_stays() -> None:
    assert write_csv(pd.DataFrame({"a": pd.Series(["x", None, ""], dtype=object)})) == b'a\nx\n""\n""\n'
    assert write_csv(pd.DataFrame({"a": [0.5, np.nan]})) == b'a\n0.5\n""\n'


def test_chunks_join_without_a_seam() -> None:
    frame = pd.DataFrame({"i": np.arange(50), "x": np.arange(50) / 7, "t": np.array(["a", None] * 25, dtype=object)})
    whole = write_csv(frame)
    for rows in (1, 7, 49, 50):
        with patch.object(writer, "ROWS", rows):
            assert write_csv(frame) == whole
    assert write_csv(frame[:0]) == b"i,x,t\n"
    assert write_csv(frame[::-1]).splitlines()[1:] == whole.splitlines()[:0:-1]


def test_truth_values_and_whole_numbers() -> None:
    frame = pd.DataFrame({"b": [True, False], "n": pd.array([1, None], dtype="Int64"), "u": np.array([1, 2], np.uint8)})
    assert write_csv(frame) == b"b,n,u\nTrue,1,1\nFalse,,2\n"
