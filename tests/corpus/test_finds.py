"""What the corpus found, each as small as it could be made."""

import numpy as np
import pytest

from lib.io import read_table
from lib.roles.guess import guess_spec
from tests.corpus.draft import workbook


def read(text: str, name: str = "file.csv"):
    return read_table(text.encode(), name)


def test_ids_beyond_every_integer_with_a_gap():
    """pandas gives Python's own integers there; taking them for texts ended in a traceback."""
    table = read("id,x\n1234567890123456789012345678,1\n,2\n1234567890123456789012345679,3\n")
    assert table.frame["id"].tolist() == ["1234567890123456789012345678", None, "1234567890123456789012345679"]


@pytest.mark.parametrize("placed", [True, False])
def test_a_workbook_may_leave_out_where_its_cells_stand(placed):
    """`r` is optional in a workbook's rows and cells."""
    rows = [["id", "x"], ["a", "1"], ["b", "2"], *([["c", "3"]] if placed else [])]
    table = read_table(workbook(rows), "file.xlsx")
    assert table.frame["x"].tolist() == [1, 2, 3][: len(rows) - 1]


def test_a_label_takes_nothing_away_from_a_name():
    """A second line "Arm of study" above MSC and control hid the treatment."""
    rng = np.random.default_rng(1)
    lines = [f"P{k:02d},{'MSC' if k % 6 == 0 else 'control'},{rng.integers(30, 80)},{k % 3 % 2}" for k in range(60)]
    table = read("\n".join(["pid,grp,age,dead", "Record ID,Arm of study,Age at admission (years),Death", *lines]))
    spec = guess_spec(table)
    assert spec.columns.treatment == "grp"
    assert not [question for question in spec.questions if question.about == "treatment"]
