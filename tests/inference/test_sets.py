"""Matched sets as runs of rows."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from lib.inference.sets import complete_sets
from tests.inference.builders import even_sets, sets_of, sets_of_pairs


def test_the_treated_patient_leads_its_set() -> None:
    blocks = sets_of([7, 7, 7, 3, 3], [0, 1, 0, 0, 1]).blocks()
    assert blocks.row.tolist() == [4, 3, 1, 0, 2]
    assert blocks.labels.tolist() == [3, 7]
    assert blocks.starts.tolist() == [0, 2]
    assert blocks.sizes.tolist() == [2, 3]
    assert blocks.treated.tolist() == [True, False, True, False, False]
    assert blocks.set_index.tolist() == [0, 0, 1, 1, 1]
    assert blocks.totals(np.array([1, 2, 3, 4, 5])).tolist() == [3, 12]


def test_a_set_without_its_treated_or_any_control_drops_out() -> None:
    known = np.array([False, True, True, True, False, False, True, True])
    blocks = even_sets(2, 3).blocks(known)
    assert blocks.n_sets == 0
    blocks = even_sets(2, 3).blocks(np.array([True, True, True, False, True, False, False, False]))
    assert blocks.labels.tolist() == [0]
    assert blocks.sizes.tolist() == [3]


def test_pairs_repeat_the_treated_patient() -> None:
    case, control = even_sets(2, 2).blocks().pairs()
    assert case.tolist() == [0, 0, 3, 3]
    assert control.tolist() == [1, 2, 4, 5]


def test_a_control_of_two_sets_is_one_patient() -> None:
    row, set_id = np.array([0, 2, 1, 2]), np.array([0, 0, 1, 1])
    blocks = complete_sets(row, set_id, np.array([True, False, True, False]))
    assert (blocks.n_sets, blocks.n_pairs, blocks.n_treated, blocks.n_controls) == (2, 2, 2, 1)


def test_no_rows_give_no_sets() -> None:
    empty = np.zeros(0, dtype=int)
    blocks = complete_sets(empty, empty, np.zeros(0, dtype=bool))
    assert (blocks.n_sets, blocks.n_pairs) == (0, 0)
    assert blocks.totals(np.zeros(0)).tolist() == []


@given(st.lists(st.integers(1, 4), min_size=1, max_size=8), st.randoms(use_true_random=False))
def test_a_list_of_pairs_in_any_order_gives_the_sets_back(controls: list[int], shuffle) -> None:
    """Invariant 8: a treated patient repeated under the same id counts once."""
    sets = sets_of(
        [s for s, k in enumerate(controls) for _ in range(k + 1)], [int(i == 0) for k in controls for i in range(k + 1)]
    )
    blocks = sets.blocks()
    pairs = list(zip(*blocks.pairs(), strict=True))
    shuffle.shuffle(pairs)
    again = sets_of_pairs(*np.array(pairs).T)
    assert again.row.tolist() == blocks.row.tolist()
    assert again.sizes.tolist() == blocks.sizes.tolist()
