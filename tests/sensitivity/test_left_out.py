"""What leaving out each measured covariate would do to the odds inside the sets, beside what noise would do."""

import numpy as np
import pandas as pd
import pytest

from lib.errors import EstimationError
from lib.sensitivity.left_out import COLUMNS, DEALS, ONE_COVARIATE, left_out
from lib.spec import AnalysisSpec
from lib.steps import Steps
from lib.table import Table

NEAREST = {"method": "nearest", "ratio": 2, "caliper": 0.5}


def steps(n1: int, n0: int, gaps: tuple[float, ...], matching: dict | None = None, seed: int = 1) -> Steps:
    """Covariates x0, x1, .. that differ between the arms by so many SDs."""
    rng, n = np.random.default_rng(seed), n1 + n0
    t = np.arange(n) < n1
    frame = {"id": np.arange(n), "t": t * 1, "given": np.arange(n) % n1}
    frame |= {f"x{j}": rng.normal(size=n) + gap * t for j, gap in enumerate(gaps)}
    frame["ward"] = rng.choice(["a", "b", "c"], n)
    columns = {"id": "id", "treatment": "t", "treated_value": "1"}
    columns |= {"covariates": [f"x{j}" for j in range(len(gaps))]}
    spec = {"columns": columns, "matching": matching or NEAREST, "outcomes": []}
    return Steps(Table.from_frame(pd.DataFrame(frame)), AnalysisSpec.from_dict(spec))


def test_a_row_is_the_match_of_the_spec_without_the_covariate_read_by_the_whole_score() -> None:
    main = steps(40, 200, (0.8, 0.2, 0.0))
    found = left_out(main)
    assert tuple(found.rows.columns) == COLUMNS
    assert (found.typical, found.largest) == (main.odds_inside_sets.typical, main.odds_inside_sets.largest)
    for j, row in enumerate(found.rows.itertuples()):
        fewer = [f"x{i}" for i in range(3) if i != j]
        columns = main.spec.columns.model_copy(update={"covariates": tuple(fewer)})
        pairs = main.other(main.spec.model_copy(update={"columns": columns})).comparison.pairs
        odds = main.score.score / (1 - main.score.score)
        ratio = odds[pairs["treated_row"]] / odds[pairs["control_row"]]
        widest = pd.Series(np.maximum(ratio, 1 / ratio)).groupby(pairs["set"].to_numpy()).max()
        assert (row.typical, row.largest) == pytest.approx((widest.median(), widest.max()))


def test_the_covariate_that_matters_stands_above_noise_in_a_large_cohort_only() -> None:
    large, small = left_out(steps(150, 600, (1.0, 0.0))), left_out(steps(8, 60, (0.0,) * 6))
    assert large.strongest["covariate"] == "x0"
    assert large.strongest["typical"] > 1.5 > large.strongest["noise_high"]
    assert "more than noise gives" in large.sentence
    assert large.rows["typical"][1] <= large.rows["noise_high"][1] * 1.05
    assert small.rows["noise_high"].min() > 1.5 > large.rows["noise_high"].max()


def test_it_is_the_same_again_and_follows_the_seed() -> None:
    one, two = (left_out(steps(20, 80, (0.5, 0.1))).rows for _ in range(2))
    pd.testing.assert_frame_equal(one, two)
    main = steps(20, 80, (0.5, 0.1))
    other = left_out(main.other(main.spec.model_copy(update={"seed": 7}))).rows
    assert (other["typical"] == one["typical"]).all() and (other["noise_high"] != one["noise_high"]).any()


def test_the_only_covariate_cannot_be_left_out() -> None:
    found = left_out(steps(20, 80, (0.5,)))
    assert found.rows["error"].tolist() == [ONE_COVARIATE] and np.isnan(found.rows["typical"][0])
    assert found.strongest is None and "no yardstick" in found.sentence


@pytest.mark.parametrize(
    "matching",
    [
        {"method": "given", "subclass": "given"},
        {"method": "nearest", "metric": "mahalanobis", "caliper": None},
        NEAREST | {"replace": True},
        {"method": "weights"},
    ],
)
def test_without_a_score_or_sets_there_is_a_sentence(matching: dict) -> None:
    with pytest.raises(EstimationError):
        left_out(steps(20, 80, (0.5, 0.2), matching))


@pytest.mark.parametrize(
    "matching", [{"method": "full"}, {"method": "subclass", "subclasses": 4}, {"method": "optimal"}]
)
def test_any_design_on_the_score_has_it(matching: dict) -> None:
    found = left_out(steps(20, 80, (0.5, 0.2), matching))
    assert found.rows["error"].isna().all() and (found.rows[["typical", "noise_typical"]] >= 1).all(axis=None)
    assert found.deals == DEALS
