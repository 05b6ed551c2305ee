"""Table: column types, text of numbers, and a digest that no cell escapes."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.errors import DataError
from lib.table import Table, frame_digest, numbers_in_text, numeric_as_text, sorted_levels, text_values


def test_other_types_become_numbers_or_text():
    frame = pd.DataFrame(
        {
            "flag": [True, False],
            "small": np.array([1, 2], dtype="int8"),
            "single": np.array([0.5, np.nan], dtype="float32"),
            "nullable": pd.array([1, None], dtype="Int64"),
            "group": pd.Categorical(["b", "a"]),
            "text": ["x", None],
            "string": pd.array(["y", None], dtype="string"),
            "when": pd.to_datetime(["2020-01-02", None]),
            5: [1.0, 2.0],
        }
    )
    made = Table.from_frame(frame).frame
    assert made.dtypes.map(str).tolist() == [
        "object",
        "int64",
        "float64",
        "float64",
        "object",
        "object",
        "object",
        "object",
        "float64",
    ]
    assert made["flag"].tolist() == ["True", "False"]
    assert made["string"].tolist() == ["y", None]
    assert made["when"].tolist() == ["2020-01-02 00:00:00", None]
    assert made.columns[-1] == "5"


def test_two_columns_of_one_name():
    with pytest.raises(DataError):
        Table.from_frame(pd.DataFrame([[1, 2]], columns=["5", 5]))


@pytest.mark.parametrize(
    ("values", "texts"),
    [
        ([1.0, np.nan, 0.5], ["1", None, "0.5"]),
        ([3, 1, 3], ["3", "1", "3"]),
        ([-0.0, 1e20], ["0", "1" + "0" * 20]),
        ([0.1 + 0.2], ["0.30000000000000004"]),
        ([], []),
    ],
)
def test_numbers_as_text(values, texts):
    assert numeric_as_text(np.array(values)).tolist() == texts


def test_levels_are_in_code_point_order():
    assert sorted_levels(pd.Series(["é", "a", "Z", None, "a"], dtype=object)) == ["Z", "a", "é"]
    assert sorted_levels(pd.Series([10, 9, 100])) == ["10", "100", "9"]
    assert text_values(pd.Series([1.0, np.nan])).tolist() == ["1", None]


def test_numbers_in_text():
    column = pd.Series(["1", "2.5", "<3", None, "1e3", "high"], dtype=object)
    assert numbers_in_text(column).tolist() == [True, True, False, False, True, False]
    assert numbers_in_text(pd.Series([1.0, np.nan])).tolist() == [True, False]


CELLS = st.one_of(st.none(), st.text(max_size=3))


@settings(deadline=None)
@given(st.lists(CELLS, min_size=2, max_size=6), st.data())
def test_one_changed_cell_changes_the_digest(cells, data):
    position, new = data.draw(st.integers(0, len(cells) - 1)), data.draw(CELLS)
    changed = [*cells[:position], new, *cells[position + 1 :]]
    same = changed == cells
    digests = [frame_digest(pd.DataFrame({"a": pd.Series(column, dtype=object)})) for column in (cells, changed)]
    assert (digests[0] == digests[1]) == same


def test_a_shifted_boundary_between_cells_changes_the_digest():
    one, two = (pd.DataFrame({"a": cells}) for cells in (["ab", "c", None], ["a", "bc", None]))
    assert frame_digest(one) != frame_digest(two)
    assert frame_digest(pd.DataFrame({"a": ["", None]})) != frame_digest(pd.DataFrame({"a": [None, ""]}))


def test_names_types_and_numbers_are_in_the_digest():
    base = pd.DataFrame({"a": [1.0, 2.0]})
    digests = {
        frame_digest(frame)
        for frame in (
            base,
            base.rename(columns={"a": "b"}),
            base.astype(int),
            pd.DataFrame({"a": [1.0, np.nextafter(2.0, 3.0)]}),
            base.assign(b=1.0),
            pd.DataFrame({"a": ["1.0", "2.0"]}),
        )
    }
    assert len(digests) == 6
