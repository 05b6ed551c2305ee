"""The specification curve and its null: by hand on made-up rows, and as a test that keeps its level."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from lib.cohort.flow import screen
from lib.errors import EstimationError
from lib.sensitivity.axes import lookup
from lib.sensitivity.curve import is_main, main_values, significant_share, specification_curve
from lib.sensitivity.grid import Grid, number_columns, run_grid
from lib.sensitivity.null_curve import KINDS, Permuted, null_curve, permuted_table, run_permuted
from lib.sensitivity.run import Asked, grid_files
from lib.spec import Outcome
from tests.sensitivity.builders import TABLE, plan, spec

AXES = {"matching.ratio": [1, 2, 3], "matching.caliper": [0.5, None]}


def made_up(**columns) -> Grid:
    """Six specifications of which only the given columns hold numbers."""
    made = plan(AXES)
    settings = [made.combination(i) for i in range(made.size)]
    rows = pd.DataFrame(settings, columns=list(made.paths)).astype(object).where(lambda x: x.notna(), None)
    blank = {name: np.full(made.size, np.nan) for name in number_columns(made)} | {"error": [None] * made.size}
    return Grid(made, rows.assign(**(blank | columns)))


HAND = made_up(
    **{
        "died.estimate": [0.1, -0.3, -0.1, np.nan, -0.2, np.nan],
        "died.p_published": [0.2, 0.01, 0.04, np.nan, 0.5, np.nan],
        "died.p_quoted": [0.3, 0.04, 0.06, np.nan, np.nan, np.nan],
        "error": [None] * 5 + ["It fails."],
    }
)


def test_curve_by_hand():
    curve = specification_curve(HAND, "died")
    assert curve.rows["position"].tolist() == [1, 4, 2, 0]
    assert curve.rows["estimate"].tolist() == [-0.3, -0.2, -0.1, 0.1]
    assert (curve.beyond("lower"), curve.beyond("higher")) == (3, 1)
    assert curve.median == pytest.approx(-0.15)
    assert curve.share_significant("p_published") == 0.5
    assert curve.share_significant("p_by_set") == pytest.approx(1 / 3)
    assert (curve.failed, curve.silent, curve.null) == (1, 1, 0)
    assert curve.sentence == (
        "3 of 4 specifications (75.0%) favour the treated; p is below 0.05 in 50.0% when sets are ignored and in "
        "33.3% by matched set; 1 specification could not be done; 1 specification gave no estimate."
    )


def test_main_analysis_is_marked():
    curve = specification_curve(HAND, "died")
    assert main_values(HAND.plan) == (2, 0.5)
    assert curve.rows["main"].tolist() == [False, False, True, False]
    assert curve.main_rank == 3
    without = run_grid(TABLE, plan({"matching.ratio": [1, 3]}))
    assert specification_curve(without, "died").main_rank is None
    lists = run_grid(TABLE, plan({"columns.covariates": [["age"], ["age", "sofa", "sex", "site"]]}))
    assert is_main(lists.plan, lists.rows).tolist() == [False, True]
    assert lookup({"matching": {"covariate_calipers": {}}}, "matching.covariate_calipers.age.width") is None


def test_the_reader_may_say_which_side_is_better():
    assert specification_curve(HAND, "died", "higher").sentence.startswith("1 of 4 specifications (25.0%) favour")


@pytest.mark.parametrize("name", ["icu_free_days", "quality_of_life"])
def test_without_a_word_on_the_direction_of_a_number_no_side_is_favourable(name):
    curve = replace(specification_curve(HAND, "died"), outcome=name, better=None)
    assert curve.sentence.startswith(
        "Of 4 specifications 1 (25.0%) lie above no effect, 3 (75.0%) below; p is below 0.05"
    )
    assert Outcome(name=name, kind="continuous", column="x").good is None


def test_ratios_are_held_against_one():
    curve = specification_curve(made_up(**{"survival.estimate": [0.5, 2, 0.9, 1.1, 1, 0.8]}), "survival")
    assert (curve.null, curve.beyond("lower"), curve.beyond("higher")) == (1, 3, 2)
    assert np.isnan(curve.share_significant("p_by_set"))
    assert "p is below" not in curve.sentence


def test_no_estimate_at_all():
    with pytest.raises(EstimationError, match="No specification gives an estimate"):
        specification_curve(made_up(), "score")


def test_significant_share():
    assert significant_share(np.array([0.049, 0.05, np.nan])) == 0.5
    assert np.isnan(significant_share(np.array([np.nan])))


def test_permuting_moves_the_treatment_only():
    made = plan(AXES, eligibility=[{"column": "age", "op": ">=", "value": 45}])
    eligible = screen(TABLE.frame, made.spec).rows
    moved = permuted_table(TABLE, made, eligible, 3)
    same, other = permuted_table(TABLE, made, eligible, 3), permuted_table(TABLE, made, eligible, 4)
    pd.testing.assert_frame_equal(moved.frame.drop(columns="arm"), TABLE.frame.drop(columns="arm"))
    assert (moved.frame["arm"] == same.frame["arm"]).all()
    assert (moved.frame["arm"] != other.frame["arm"]).any()
    assert moved.digest != TABLE.digest
    before, after = TABLE.frame["arm"], moved.frame["arm"]
    assert (before.iloc[eligible].value_counts() == after.iloc[eligible].value_counts()).all()
    left_out = np.setdiff1d(np.arange(len(before)), eligible)
    assert len(left_out)
    assert (before.iloc[left_out] == after.iloc[left_out]).all()


def permuted(estimates: np.ndarray, p: np.ndarray) -> Permuted:
    """Permutations (B, 6) of the outcome `died` alone."""
    numbers = np.full((len(estimates), 6, 3, len(KINDS)), np.nan)
    numbers[:, :, 0, 0], numbers[:, :, 0, 1], numbers[:, :, 0, 2] = estimates, p, p
    return Permuted(HAND.plan, numbers)


def test_null_curve_by_hand():
    """Median of the data -0.15; of nine permutations two lie as far from 0. Shares: 0.5 and 1/3."""
    medians = np.array([0.15, -0.2, 0, 0, 0, 0.01, 0.02, -0.1, 0.1])
    p = np.ones((9, 6))
    p[0, :3] = 0.01
    estimates = np.repeat(medians[:, None], 6, axis=1)
    estimates[2, 0] = np.nan
    found = null_curve(specification_curve(HAND, "died"), permuted(estimates, p))
    tests = found.tests.set_index("statistic")
    assert tests.loc["median_estimate", "p_value"] == pytest.approx((1 + 2) / 10)
    assert tests.loc["share_published", "p_value"] == pytest.approx((1 + 1) / 10)
    assert tests.loc["share_by_set", "p_value"] == pytest.approx((1 + 1) / 10)
    assert tests.loc["median_estimate", "null"] == 0
    assert (found.permutations, len(found.band)) == (9, 4)
    assert (found.band["low"] <= found.band["median"]).all()
    assert (found.band["median"] <= found.band["high"]).all()
    assert found.band["rank"].tolist() == pytest.approx([0, 1 / 3, 2 / 3, 1])


def test_permutations_without_any_estimate():
    nothing = np.full((3, 6), np.nan)
    found = null_curve(specification_curve(HAND, "died"), permuted(nothing, nothing))
    assert found.tests["p_value"].isna().all()
    assert found.band["median"].isna().all()


def test_run_permuted_is_the_grid_of_each_permuted_table():
    made, seen = plan(AXES), []
    found = run_permuted(TABLE, made, range(3), report=seen.append)
    eligible = screen(TABLE.frame, made.spec).rows
    rows = run_grid(permuted_table(TABLE, made, eligible, 2), made).rows
    np.testing.assert_array_equal(found.of("score", "p_by_set")[2], rows["score.p_quoted"])
    np.testing.assert_array_equal(found.of("survival", "estimate")[2], rows["survival.estimate"])
    assert [progress.done for progress in seen] == [2, 3]


def test_command_line_file():
    files = grid_files(TABLE, spec(AXES), Asked(permutations=4))
    lines = files["grid_null.csv"].decode().splitlines()
    assert lines[0] == "outcome,statistic,observed,null,p_value,permutations"
    assert len(lines) == 1 + 3 * 3
    assert files["grid.csv"] == grid_files(TABLE, spec(AXES))["grid.csv"]
