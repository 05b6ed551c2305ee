"""The simulation behind the claim: its parts by hand, its stored table, and the claims that the table has to bear."""

import numpy as np
import pandas as pd
import pytest

from benchmarks.type_one_error import (
    COLUMNS,
    CSV,
    LOST,
    PAGE,
    RISK,
    SAMPLE_CSV,
    SCENARIOS,
    design,
    draw_survival,
    excludes_no_effect,
    markdown,
    simulate,
    verdict,
)
from lib.inference.results import Estimate
from tests.conftest import ROOT

SET_TESTS_AT_MOST = 0.055  # issue 3
NEAR = 0.015  # of the shares that issue 3 expects, which were simulated too


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    return pd.read_csv(CSV, keep_default_na=False)


def share(table: pd.DataFrame, name: str, outcome: int = 0, sample: str = "matched") -> float:
    rows = table[(table["outcome"] == SCENARIOS[outcome].title) & (table["part"] == "test")]
    found = rows[(rows["name"] == name) & (rows["sample"] == sample)]
    assert len(found) == 1
    return float(found["share"].iloc[0])


def test_the_table_bears_the_claims(table: pd.DataFrame) -> None:
    assert share(table, "mcnemar_pairs") == pytest.approx(0.17, abs=NEAR)
    assert share(table, "wilcoxon_signed_rank_pairs", 1) == pytest.approx(0.16, abs=NEAR)
    assert share(table, "cmh_by_set") == pytest.approx(0.043, abs=NEAR)
    for name in ("cmh_by_set", "cmh_by_set_corrected", "exact_by_set", "exact_by_set_central", "exact_by_set_midp"):
        assert share(table, name) <= SET_TESTS_AT_MOST
    for outcome in (1, 2):
        assert share(table, "aligned_rank_by_set", outcome) <= SET_TESTS_AT_MOST
        assert share(table, "signed_rank_set_means", outcome) <= SET_TESTS_AT_MOST
    for name in ("logrank_by_set_permuted", "rmst_by_set_permuted"):
        assert share(table, name, 3) <= SET_TESTS_AT_MOST


def test_the_table_is_whole(table: pd.DataFrame) -> None:
    assert tuple(table.columns) == COLUMNS
    assert (table["simulations"] >= 10_000).all()
    assert (table["verdict"] == [verdict(value) for value in table["share"]]).all()
    assert table["share"].to_numpy() == pytest.approx(table["rejected"] / table["simulations"])
    assert CSV.read_bytes() == SAMPLE_CSV.read_bytes()
    assert PAGE.read_text(encoding="utf-8") == markdown(table)
    marked = table[(table["part"] == "test") & (table["verdict"] == "anticonservative")]
    assert set(marked["name"]) == {"mcnemar_pairs", "wilcoxon_signed_rank_pairs"}


def test_every_test_of_the_page_is_in_the_table(table: pd.DataFrame) -> None:
    """A test added to lib.inference shows up in a short run; then the stored table has to be made again."""
    for i, scenario in enumerate(SCENARIOS):
        rows = simulate(scenario, 2, 1)
        stored = table[table["outcome"] == scenario.title]
        keys = set(zip(stored["part"], stored["name"], stored["sample"], stored["convention"], strict=True))
        assert {(row.part, row.name, row.sample, row.convention) for row in rows} <= keys, i


def test_a_short_run_repeats_itself() -> None:
    one, two, other = (simulate(SCENARIOS[0], 20, seed) for seed in (1, 1, 2))
    assert one == two
    assert one != other


def test_the_design_is_the_published_one() -> None:
    sample = design()
    assert (sample.n_sets, len(sample.pairs), sample.matched.sum(), len(sample.treated)) == (8, 24, 32, 255)
    assert (sample.weights[sample.matched] == 1).all()


def test_survival_times_are_what_the_title_says() -> None:
    drawn = draw_survival(np.random.default_rng(1), 100_000)
    days, dead = drawn["y.time"], drawn["y.event"] == 1
    assert days.min() >= 1
    assert days.max() == 60
    assert (~dead & (days < 60)).mean() == pytest.approx(LOST * (1 - RISK / 2), abs=0.01)
    assert dead.mean() == pytest.approx(RISK * (1 - LOST / 2), abs=0.01)


def test_what_an_interval_leaves_out() -> None:
    def interval(measure: str, low: float, high: float) -> bool:
        return excludes_no_effect(Estimate(measure, 1.0, low, high, 0.1, ""))

    assert interval("risk_difference", 0.1, 2)
    assert not interval("risk_difference", -1, 2)
    assert interval("odds_ratio", 0.2, 0.9)
    assert not interval("hazard_ratio", 0.2, np.nan)
    assert interval("hazard_ratio", 1.1, np.nan)


def test_the_page_shows_the_table_that_the_benchmark_wrote() -> None:
    written = (ROOT / "benchmarks" / "type_one_error.csv").read_bytes()
    assert (ROOT / "sample_data" / "type_one_error.csv").read_bytes() == written
