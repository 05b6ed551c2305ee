"""Several outcomes: Holm and max-T by hand, against statsmodels and brute force, and by property."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.multitest import multipletests

from lib.inference import compare_outcomes, several_outcomes
from lib.inference.logrank import logrank
from lib.inference.multiplicity import COLUMNS, Multiplicity, holm, max_t
from lib.inference.permutation import permuted_sum
from lib.inference.sets import Blocks
from lib.inference.survival_permutation import logrank_scores_by_set
from lib.spec import Outcome
from tests.inference.builders import (
    Sets,
    binary,
    cohort_of,
    continuous,
    even_sets,
    given_sample,
    sample_of,
    sets_of,
    survival,
)
from tests.inference.test_compare import random_columns

SAME = 1e-9  # two double-precision routes to one number

p_lists = st.lists(st.floats(0, 1), min_size=1, max_size=8)


def centred(scores: np.ndarray, blocks: Blocks) -> np.ndarray:
    means = np.add.reduceat(scores, blocks.starts) / blocks.sizes[:, None]
    return scores - np.repeat(means, blocks.sizes, axis=0)


def adjust(columns: dict[str, np.ndarray], specs: list[Outcome], sets: Sets) -> Multiplicity:
    cohort, sample = cohort_of(sets.treated, columns, specs), sample_of(sets)
    return several_outcomes(cohort, sample, compare_outcomes(cohort, sample, 1), 1)


def test_holm_by_hand() -> None:
    """0.01 x 3, then 0.03 x 2, then 0.04 x 1 is held at 0.06; a missing one is not counted."""
    assert holm(np.array([0.04, np.nan, 0.01, 0.03])) == pytest.approx([0.06, np.nan, 0.03, 0.06], nan_ok=True)


@given(p_lists)
def test_holm_is_statsmodels(p: list[float]) -> None:
    assert holm(np.array(p)) == pytest.approx(multipletests(p, method="holm")[1], abs=SAME)


def test_max_t_by_hand() -> None:
    """One set of 1:2, scores (2, -1, -1) and (0, 1, -1): SDs sqrt 2 and sqrt 2/3; standardised 1.41 0.71 0.71 and
    0 1.22 1.22, so the largest are 1.41, 1.22, 1.22: p 1/3 for the first, and every move reaches 0."""
    blocks = even_sets(1, 2).blocks()
    found = max_t(np.array([[2.0, 0], [-1, 1], [-1, -1]]), blocks, 1)
    assert found.p_values == pytest.approx([1 / 3, 1])
    assert (found.arrangements, found.exact) == (3, True)


@given(st.integers(0, 1000))
@settings(max_examples=30)
def test_max_t_against_brute_force(seed: int) -> None:
    rng = np.random.default_rng(seed)
    sizes = rng.integers(2, 4, 4)
    blocks = sets_of(np.repeat(np.arange(4), sizes).tolist(), [int(i == 0) for n in sizes for i in range(n)]).blocks()
    scores = centred(rng.integers(-3, 4, (len(blocks.row), 3)).astype(float), blocks)
    runs = [range(start, start + size) for start, size in zip(blocks.starts, blocks.sizes, strict=True)]
    totals = np.array([scores[list(choice)].sum(axis=0) for choice in product(*runs)])
    sd = totals.std(axis=0)
    z = np.abs(totals) / np.where(sd > SAME, sd, 1)
    expected = [(z.max(axis=1) >= own - SAME).mean() for own in z[0]]
    assert max_t(scores, blocks, 1).p_values == pytest.approx(expected, abs=SAME)


@given(st.integers(0, 1000))
@settings(max_examples=30)
def test_one_outcome_alone_or_repeated_keeps_its_own_p(seed: int) -> None:
    blocks, rng = even_sets(5, 2).blocks(), np.random.default_rng(seed)
    scores = centred(rng.normal(size=(15, 1)), blocks)
    own = permuted_sum(scores[:, 0], blocks, 1).p_value
    assert max_t(scores, blocks, 1).p_values == pytest.approx([own], abs=SAME)
    both = max_t(np.column_stack([scores, -7 * scores]), blocks, 1)
    assert both.p_values == pytest.approx([own, own], abs=SAME)
    more = max_t(np.column_stack([scores, centred(rng.normal(size=(15, 2)), blocks)]), blocks, 1)
    assert more.p_values[0] >= own - SAME


def test_drawn_moves_agree_with_all_of_them_with_and_without_holes() -> None:
    """A patient who lacks the second outcome: each outcome keeps the distribution of its own test."""
    blocks, rng = even_sets(6, 2).blocks(), np.random.default_rng(4)
    scores = centred(rng.normal(size=(18, 2)) + 2.0 * blocks.treated[:, None], blocks)
    exact, drawn = max_t(scores, blocks, 1), max_t(scores, blocks, 1, most=0)
    assert drawn.p_values == pytest.approx(exact.p_values, abs=0.02)
    assert max_t(scores, blocks, 1, most=0).p_values.tolist() == drawn.p_values.tolist()
    known = np.arange(18) != 4
    part = even_sets(6, 2).blocks(known)
    left = rng.normal(size=17)
    left -= np.repeat(part.totals(left) / part.sizes, part.sizes)
    with_hole = np.full((18, 1), np.nan)
    with_hole[known, 0] = left
    own = permuted_sum(left, part, 1).p_value
    assert max_t(with_hole, blocks, 1).p_values == pytest.approx([own], abs=0.02)
    assert not max_t(with_hole, blocks, 1).exact


@given(st.integers(0, 1000))
@settings(max_examples=20)
def test_scores_by_set_sum_to_the_stratified_logrank(seed: int) -> None:
    rng = np.random.default_rng(seed)
    sizes = rng.integers(2, 5, 6)
    blocks = sets_of(np.repeat(np.arange(6), sizes).tolist(), [int(i == 0) for n in sizes for i in range(n)]).blocks()
    time, event = np.ceil(rng.exponential(5, len(blocks.row))), rng.random(len(blocks.row)) < 0.7
    scores = logrank_scores_by_set(time, event, blocks)
    assert blocks.totals(scores) == pytest.approx(np.zeros(6), abs=SAME)
    variance = 0.0
    for s in range(6):
        for moment in np.unique(time[event & (blocks.set_index == s)]):
            here = (blocks.set_index == s) & (time >= moment)
            n, n1, d = here.sum(), (here & blocks.treated).sum(), (here & event & (time == moment)).sum()
            variance += d * (n - d) / max(n - 1, 1) * n1 * (n - n1) / n**2
    chi = logrank(time, event, blocks.treated, blocks.set_index).statistic
    if variance > 0:
        assert scores[blocks.starts].sum() ** 2 / variance == pytest.approx(chi, rel=1e-7)


def test_a_table_of_outcomes() -> None:
    rng, sets = np.random.default_rng(2), even_sets(8, 3)
    columns = random_columns(32, rng)
    columns["crp"] = columns["crp"] + 40 * sets.treated
    specs = [binary(), continuous().model_copy(update={"primary": True}), survival()]
    table = adjust(columns, specs, sets)
    assert table.rows.columns.tolist() == list(COLUMNS)
    assert table.rows["test"].tolist() == ["exact_by_set", "aligned_rank_by_set", "logrank_by_set_exact"]
    assert table.rows["primary"].tolist() == [False, True, False]
    raw, adjusted = table.rows["p_raw"], table.rows["p_max_t"]
    assert (adjusted >= raw).all()
    assert table.rows["p_holm"].iloc[1] == pytest.approx(3 * raw.iloc[1])
    assert adjusted.iloc[1] < table.rows["p_holm"].iloc[1]
    assert (table.exact, table.arrangements) == (True, 65536)
    assert table.notes[0].startswith("p by set adjusted for 3 outcomes")


def test_an_outcome_that_nobody_has_is_not_counted() -> None:
    sets = even_sets(4, 2)
    columns = random_columns(12, np.random.default_rng(3)) | {"crp": np.full(12, np.nan)}
    table = adjust(columns, [binary(), continuous()], sets)
    assert np.isnan(table.rows.loc[1, ["p_raw", "p_holm", "p_max_t"]].tolist()).all()
    assert table.rows.loc[0, "p_holm"] == table.rows.loc[0, "p_raw"]
    assert table.notes == ()
    nothing = adjust({"crp": np.full(12, np.nan)}, [continuous()], sets)
    assert np.isnan(nothing.rows["p_max_t"]).all()
    assert not len(adjust({}, [], sets).rows)


def test_with_replacement_nothing_is_adjusted() -> None:
    membership = np.array([[0, 0], [2, 0], [1, 1], [2, 1]])
    treated = np.array([True, True, False])
    sample = given_sample(membership, treated, replace=True)
    cohort = cohort_of(treated, {"death": np.array([1.0, 0, 1])}, [binary()])
    table = several_outcomes(cohort, sample, compare_outcomes(cohort, sample, 1), 1)
    assert np.isnan(table.rows["p_max_t"]).all()
    assert "overlap" not in table.notes[0]
    assert "replacement" in table.notes[0]


@given(st.integers(0, 1000))
@settings(max_examples=10)
def test_row_order_does_not_matter(seed: int) -> None:
    rng, sets = np.random.default_rng(seed), even_sets(9, 3)
    columns, specs = random_columns(36, rng), [binary(), continuous(), survival()]
    columns["crp"][rng.random(36) < 0.1] = np.nan
    order = rng.permutation(36)
    one = adjust(columns, specs, sets)
    mixed = Sets(sets.set_id[order], sets.treated[order])
    two = adjust({name: column[order] for name, column in columns.items()}, specs, mixed)
    assert two.rows["p_max_t"].tolist() == pytest.approx(one.rows["p_max_t"].tolist(), abs=SAME, nan_ok=True)


def test_a_negative_control_is_not_among_them() -> None:
    """With it a p of 0.5 would be doubled by Holm; alone the outcome keeps its own."""
    sets = even_sets(2, 1)
    columns = {"death": np.array([1.0, 0, 1, 0]), "fracture": np.array([0.0, 1, 1, 0])}
    control = Outcome(name="fracture", kind="binary", column="fracture", negative_control=True)
    found = adjust(columns, [control, binary()], sets)
    assert found.rows["outcome"].tolist() == ["death"]
    assert found.rows.loc[0, ["p_raw", "p_holm", "p_max_t"]].tolist() == [0.5, 0.5, 0.5]
    assert found.notes == ()
    assert not len(adjust({"fracture": columns["fracture"]}, [control], sets).rows)
