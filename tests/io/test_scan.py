"""What is found by looking at bytes, against cell by cell looks at the same text."""

from collections import Counter
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.io import read_csv, scan
from lib.io.missing import MARKERS, count_markers
from lib.io.scan import cells_starting_with, places

PIECES = st.sampled_from([*MARKERS, "NAN", "0", "7.5", "", "x NA", " NA", "NA ", '"NA"', '" NA"', "n", "..", "ä"])


def edges_of(body: bytes) -> np.ndarray:
    return places(body, b",\n")


@given(st.binary(max_size=200), st.integers(1, 9))
def test_places_are_those_of_a_plain_search(body: bytes, block: int) -> None:
    with patch.object(scan, "BLOCK", block):
        assert places(body, b",\n").tolist() == [i for i, byte in enumerate(body) if byte in b",\n"]


@settings(deadline=None)
@given(st.lists(st.lists(PIECES, min_size=3, max_size=3), min_size=1, max_size=8))
def test_markers_are_counted_cell_by_cell(rows: list[list[str]]) -> None:
    body = "".join(",".join(row) + "\n" for row in rows).encode()
    bare = [cell.strip(" ") for row in rows for cell in row]
    bare = [cell[1:-1] if cell.startswith('"') else cell for cell in bare]
    assert count_markers(body, edges_of(body), MARKERS) == Counter(cell for cell in bare if cell in MARKERS)


def test_cells_by_their_first_byte() -> None:
    body = b"01,a,\n,05,b\n"
    starts, ends = cells_starting_with(body, edges_of(body), b"0b")
    assert [body[start:end] for start, end in zip(starts, ends, strict=True)] == [b"01", b"05", b"b"]


@pytest.mark.parametrize("code", ["007", " 007", '"007"'])
@pytest.mark.parametrize("row", [0, 1, 2])
@pytest.mark.parametrize("end", ["", "\n"])
def test_a_code_with_leading_zeros_is_found_wherever_it_stands(code: str, row: int, end: str) -> None:
    codes = ["1", "2", "3"]
    codes[row] = code
    for name, lines in (("a", [f"{one},0.5" for one in codes]), ("b", [f"0.5,{one}" for one in codes])):
        frame = read_csv(("a,b\n" + "\n".join(lines) + end).encode()).frame
        assert frame[name].tolist()[row] == "007"
        assert frame[name].tolist()[row - 1] == codes[row - 1]


def test_zeros_alone_and_decimals_are_numbers() -> None:
    frame = read_csv(b"id,x\n0,0.5\n10,0\n20,00.5\n").frame
    assert frame["id"].dtype == np.int64
    assert frame["x"].tolist() == [0.5, 0, 0.5]
