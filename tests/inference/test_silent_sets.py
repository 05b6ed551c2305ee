"""Many sets in which nothing differs, as in large cohorts with rare events: they add nothing, and break nothing."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.inference import compare_outcomes, several_outcomes
from lib.inference.permutation import codes, permutation_p
from lib.inference.set_means import signed_rank_set_means
from tests.inference.builders import binary, cohort_of, continuous, even_sets, sample_of, survival
from tests.inference.several import Shape, blocks_of, star_shapes

SILENT = 70  # more than numpy's arrays have dimensions (64)
SAME = 1e-12  # of a p: the same arrangements summed in another order
FEW = settings(max_examples=25)


@FEW
@given(star_shapes, st.integers(0, 1000), st.integers(1, 3))
def test_silent_sets_change_no_signed_rank(some: list[Shape], seed: int, controls: int) -> None:
    blocks, more = blocks_of(some), blocks_of([*some, *[(1, controls)] * SILENT])
    values = np.random.default_rng(seed).integers(0, 4, len(blocks.row)) * 1.0
    one = signed_rank_set_means(values, blocks, 1)
    many = signed_rank_set_means(np.append(values, np.full(SILENT * (1 + controls), 2.0)), more, 1)
    assert (many.statistic, many.n) == (one.statistic, one.n)
    assert many.permuted.exact
    assert many.permuted.p_value == pytest.approx(one.permuted.p_value, abs=SAME)


@FEW
@given(star_shapes, st.integers(0, 1000), st.booleans())
def test_silent_sets_change_no_p_of_any_statistic(some: list[Shape], seed: int, before: bool) -> None:
    """A statistic that is no sum: the largest value among the treated. The silent sets stand first or last."""
    blocks = blocks_of(some)
    silent = [(1, 2)] * SILENT
    more = blocks_of([*silent, *some] if before else [*some, *silent])
    values = np.random.default_rng(seed).integers(0, 4, len(blocks.row)) * 1.0
    padding = np.zeros(3 * SILENT)
    longer = np.concatenate([padding, values] if before else [values, padding])

    def p_value(column: np.ndarray, of) -> float:
        found = permutation_p(lambda at: column[at].max(axis=1), of, codes(column[:, None]), 1, None)
        assert found.exact
        return found.p_value

    assert p_value(longer, more) == pytest.approx(p_value(values, blocks), abs=SAME)


@pytest.mark.parametrize("controls", [1, 2])
def test_rare_events_in_eighty_sets(controls: int) -> None:
    """Every outcome has its numbers where all but eight sets are alike in it."""
    sets, rng = even_sets(80, controls), np.random.default_rng(1)
    n, speaking = len(sets.set_id), 8 * (controls + 1)
    event = np.where(np.arange(n) < speaking, rng.random(n) < 0.5, False) * 1.0
    columns = {
        "death": event,
        "crp": np.where(np.arange(n) < speaking, rng.integers(1, 5, n), 3.0),
        "survival.time": np.where(event > 0, rng.integers(1, 50, n), 60.0),
        "survival.event": event,
    }
    cohort, sample = cohort_of(sets.treated, columns, [binary(), continuous(), survival()]), sample_of(sets)
    results = compare_outcomes(cohort, sample, 1)
    by_set = [test for result in results for test in result.tests if test.unit == "set"]
    assert len(by_set) >= 9
    assert all(np.isfinite(test.p_value) for test in by_set)
    assert np.isfinite(several_outcomes(cohort, sample, results, 1).rows["p_max_t"]).all()
