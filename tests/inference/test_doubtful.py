"""What the simulation found wrong too often says so at the number, and nothing else does."""

import math

import pandas as pd
import pytest

from lib.inference import compare_outcomes
from lib.inference.doubtful import CODE, ESTIMATES, TESTS, Doubt
from tests.conftest import SAMPLES
from tests.inference.test_registry import study


def found_wrong(part: str) -> dict[tuple[str, str], Doubt]:
    """Of the stored table: (name, words of the method) of every number that is not quoted, nor published."""
    rows = pd.read_csv(SAMPLES / "levels.csv").fillna({"how": "", "role": ""})
    rows = rows[(rows["part"] == part) & (rows["verdict"] == "above") & ~rows["role"].isin(["quoted", "published"])]
    groups = rows.groupby(["name", "how"])
    return {key: Doubt(int(g["sets"].max()), math.ceil(100 * g["share"].max())) for key, g in groups}


def test_every_number_above_its_level_is_named_with_what_was_found() -> None:
    assert {name: doubt for (name, _), doubt in found_wrong("p").items()} == TESTS
    ours = sorted((measure, doubt.sets, doubt.share) for (measure, _), doubt in ESTIMATES.items())
    assert ours == sorted((measure, d.sets, d.share) for (measure, _), d in found_wrong("interval").items())


def test_no_quoted_number_is_above_its_level() -> None:
    rows = pd.read_csv(SAMPLES / "levels.csv")
    assert not len(rows[(rows["role"] == "quoted") & (rows["verdict"] == "above")])


@pytest.mark.parametrize("moves", ["equal", "fitted_odds"])
def test_the_sentence_stands_at_the_number_and_never_at_the_quoted_one(moves: str) -> None:
    death, crp, survival = compare_outcomes(*study(moves=moves), 1)
    named = {row.name for result in (death, crp, survival) for row in result.tests if "in 100 were wrong" in row.note}
    assert named == set(TESTS)
    said = [e for result in (death, crp, survival) for e in result.estimates if "in 100 were wrong" in e.note]
    assert {e.measure for e in said} >= {"risk_difference", "mean_difference", "rmst_difference"}
    assert not [e for e in said if e.role == "quoted"]
    assert CODE in {e.note_code for e in said}
