"""Numbers that cannot be are not shown: every outcome, method and share of events, arms of one to a dozen patients. No
limit lies outside the possible, no p is asymptotic where an arm has one patient, and no interval has an error of 0."""

import math
from itertools import product
from typing import Any

import numpy as np
import pandas as pd
import pytest

from lib.errors import AnalysisError
from lib.report.files import result_dict
from lib.spec import AnalysisSpec
from lib.steps import run
from lib.table import Table

HORIZON = 15
METHODS: dict[str, dict[str, Any]] = {
    "nearest": {"method": "nearest", "ratio": 2, "caliper": None},
    "replace": {"method": "nearest", "ratio": 2, "caliper": None, "replace": True},
    "full": {"method": "full", "caliper": None},
    "subclass": {"method": "subclass", "subclasses": 1},
    "odds": {"method": "weights", "kind": "att_odds"},
}
SIZES = ((1, 6), (6, 1), (1, 1), (2, 2), (3, 12))
RISKS = ((0.5, 0.5), (0, 0.5), (0.5, 0), (1, 0.5), (0.5, 1), (0, 1), (1, 0), (0, 0))
ASYMPTOTIC = {
    "mcnemar_pairs",
    "cmh_by_set",
    "cmh_by_set_corrected",
    "kruskal_wallis",
    "wilcoxon_signed_rank_pairs",
    "logrank",
    "logrank_by_set",
    "cox_cluster",
}
SHARES = ("risk_difference", "risk_difference_by_set", "incidence_difference")
TIMES = ("rmst_difference", "rmtl_difference", "incidence_area")


def outcomes(method: str, sizes: tuple[int, int], risks: tuple[float, float], competing: bool) -> list[dict]:
    """The outcomes of result.json; none where the method refuses."""
    rng, arm = np.random.default_rng(sum(sizes)), np.arange(sum(sizes)) < sizes[0]
    event = rng.random(len(arm)) < np.where(arm, *risks)
    other = ~event & competing & (rng.random(len(arm)) < 0.3)
    frame = pd.DataFrame(
        {
            "id": [f"P{i}" for i in range(len(arm))],
            "arm": np.where(arm, "new", "usual"),
            "age": rng.normal(60, 10, len(arm)).round(),
            "died": event.astype(int),
            "y": rng.integers(0, 8, len(arm)),
            "days": np.where(event, rng.integers(0, 20, len(arm)), 20),
            "status": np.where(event, "died", np.where(other, "left", "alive")),
        }
    )
    survival = {"name": "os", "kind": "survival", "time": "days", "event": "status", "event_value": "died"}
    matching = METHODS[method]
    spec = {
        "columns": {"id": "id", "treatment": "arm", "treated_value": "new", "covariates": ["age"]},
        "propensity": {"model": "firth"},
        "matching": matching | ({"ratio": min(matching["ratio"], sizes[1])} if "ratio" in matching else {}),
        "outcomes": [
            {"name": "died", "kind": "binary", "column": "died", "primary": True},
            {"name": "y", "kind": "continuous", "column": "y"},
            survival | {"horizon": HORIZON, "competing_values": ["left"] if competing else []},
        ],
    }
    try:
        return result_dict(run(Table.from_frame(frame), AnalysisSpec.from_dict(spec)))["outcomes"]
    except AnalysisError:
        return []


def impossible(row: dict) -> str:
    """What is wrong with an estimate; "" for nothing."""
    name, numbers = row["measure"], [row[key] for key in ("ci_low", "estimate", "ci_high")]
    known = [number for number in numbers if number is not None]
    if not all(map(math.isfinite, known)):
        return "infinite"
    if any(a > b + 1e-9 for a, b in zip(known, known[1:], strict=False)):
        return "the estimate is outside its interval"
    least = (
        0
        if "ratio" in name or "at_horizon" in name
        else -HORIZON
        if name in TIMES
        else -1
        if name in SHARES
        else -math.inf
    )
    most = HORIZON if name in TIMES else 1 if name in SHARES or "at_horizon" in name else math.inf
    if not all(least - 1e-9 <= number <= most + 1e-9 for number in known):
        return f"outside {least} to {most}"
    if row["se"] is not None and row["se"] < 1e-9:
        return "an error that is rounding"
    return "" if len(known) == 3 or row["note"] else "a number is missing without a reason"


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("sizes", SIZES)
def test_no_number_is_impossible(method: str, sizes: tuple[int, int]) -> None:
    seen = 0
    for risks, competing in product(RISKS, (False, True)):
        for outcome in outcomes(method, sizes, risks, competing):
            seen += 1
            for row in outcome["estimates"]:
                assert not impossible(row), (risks, competing, outcome["name"], row, impossible(row))
            for test in outcome["tests"]:
                p, alone = test["p_value"], 1 in (test["n_treated"], test["n_control"])
                assert p is None or 0 <= p <= 1, test
                assert p is not None or test["note"], test
                moved = "moving the label" in test["note"]
                assert not (alone and p is not None and test["name"] in ASYMPTOTIC) or moved, test
    assert seen


def test_what_is_impossible_is_found() -> None:
    row = {"measure": "risk_difference", "ci_low": -0.2, "estimate": 0.5, "ci_high": 1.2, "se": None, "note": ""}
    assert impossible(row) == "outside -1 to 1"
    assert impossible(row | {"ci_high": 0.4}) == "the estimate is outside its interval"
    assert impossible(row | {"measure": "rmst_difference", "ci_high": 15.5})
    assert impossible(row | {"ci_high": 0.9, "se": 1e-16}) == "an error that is rounding"
    assert impossible(row | {"ci_high": None}) and not impossible(row | {"ci_high": None, "note": "Why."})
