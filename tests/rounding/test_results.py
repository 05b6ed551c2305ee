"""No p and no interval hangs on the unit of a column, on the sixteenth digit or on the order of the columns: beyond the
factor of the unit the numbers of result.json are the same."""

import math
from typing import Any

import pandas as pd
import pytest

from lib.report.files import result_dict
from lib.spec import AnalysisSpec
from lib.steps import run
from lib.table import Table
from tests.rounding.cohorts import Spec, changes, tied_frame, tied_spec
from tests.rounding.test_designs import CALIPERS, METHODS

SAME = 1e-7  # relative: roots are found, and means summed, to about this
SCALED = {"y": ("mean_difference", "hodges_lehmann_shift"), "days": ("rmst_difference", "rmtl_difference")}
CASES: dict[str, Spec] = {
    "nearest": METHODS["nearest"] | CALIPERS["none"],
    "optimal": METHODS["optimal"] | CALIPERS["mahalanobis"],
    "full": METHODS["full"] | CALIPERS["sd"],
    "replace": METHODS["replace"] | CALIPERS["none"],
    "subclass": {"method": "subclass", "subclasses": 3},
    "weights": {"method": "weights", "kind": "att_odds"},
}


def numbers(frame: pd.DataFrame, spec: Spec) -> dict[tuple, float]:
    """Every p and every estimate with its limits, by outcome, name and kind."""
    found: dict[tuple, float] = {}
    for outcome in result_dict(run(Table.from_frame(frame), AnalysisSpec.from_dict(spec)))["outcomes"]:
        for place, test in enumerate(outcome["tests"]):
            found[outcome["name"], test["name"], place] = test["p_value"]
        for place, row in enumerate(outcome["estimates"]):
            for key in ("estimate", "ci_low", "ci_high"):
                found[outcome["name"], row["measure"], place, key] = row[key]
    return found


def agree(one: float | None, other: float | None, factor: float) -> bool:
    if one is None or other is None:
        return one is other
    return math.isclose(one * factor, other, rel_tol=SAME, abs_tol=SAME * factor)


def unit_of(change: str, key: tuple) -> float:
    """By what a number is multiplied: estimates in the unit of their column."""
    factor, _, column = change.partition(" x ")
    return float(factor) if key[1] in SCALED.get(column, ()) else 1.0


@pytest.mark.parametrize("case", CASES)
def test_no_p_and_no_interval_hangs_on_units_digits_or_columns(case: str) -> None:
    seed = list(CASES).index(case)
    frame, spec = tied_frame(seed), tied_spec(CASES[case])
    expected = numbers(frame, spec)
    wrong: list[Any] = []
    for name, change in changes(seed).items():
        got = numbers(*change(frame, spec))
        assert got.keys() == expected.keys(), name
        wrong += [
            (name, key, expected[key], got[key])
            for key in expected
            if not agree(expected[key], got[key], unit_of(name, key))
        ]
    assert not wrong
