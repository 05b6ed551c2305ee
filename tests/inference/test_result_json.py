"""What this part adds to result.json: design, multiplicity, units in words, survival at times, competing events."""

import json

import pytest

from lib.inference import compare_outcome
from lib.report.files import result_files
from lib.spec import AnalysisSpec
from lib.steps import Steps, run
from lib.table import Table
from tests.tables import COHORT_SPEC, cohort_frame

OUTCOMES = [
    {"name": "died", "kind": "binary", "column": "died", "primary": True},
    {"name": "score", "kind": "continuous", "column": "score"},
    {
        "name": "survival",
        "kind": "survival",
        "time": "days",
        "event": "end",
        "event_value": "dead",
        "competing_values": ["home"],
        "horizon": 20,
        "times": [5, 25],
    },
]


def analyse(**matching: object) -> Steps:
    """Everyone who has not died goes home on an even row, and is censored on an odd one."""
    frame = cohort_frame()
    alive = ["home" if i % 2 else "there" for i in range(len(frame))]
    frame["end"] = ["dead" if died == 1 else other for died, other in zip(frame["status"], alive, strict=True)]
    frame.loc[frame["end"] != "dead", "days"] = [1 + i % 30 for i in range((frame["end"] != "dead").sum())]
    settings = COHORT_SPEC | {"outcomes": OUTCOMES, "matching": {"ratio": 2, "caliper": 0.5} | matching}
    return run(Table.from_frame(frame), AnalysisSpec.from_dict(settings))


@pytest.fixture(scope="module")
def analysis() -> Steps:
    return analyse()


@pytest.fixture(scope="module")
def result(analysis: Steps) -> dict:
    return json.loads(result_files(analysis)["result.json"])


def test_the_design_before_any_outcome(analysis: Steps, result: dict) -> None:
    design = result["design"]
    assert (design["sets"], design["controls"]) == (result["matching"]["sets"], result["matching"]["pairs"])
    assert 0 < design["smallest_p"] < 0.05
    assert [row["control_risk"] for row in design["detectable_risks"]] == [0.1, 0.25, 0.5]
    assert design["detectable_shift_sd"] == analysis.power.shift
    assert "Simulated" in design["assumptions"]


def test_several_outcomes(result: dict) -> None:
    rows = {row["outcome"]: row for row in result["multiplicity"]["outcomes"]}
    assert list(rows) == ["died", "score", "survival"]
    for outcome in result["outcomes"]:
        row = rows[outcome["name"]]
        test = next(t for t in outcome["tests"] if t["name"] == row["test"])
        assert row["p_raw"] == test["p_value"]
        assert row["p_raw"] <= row["p_holm"] <= 1
        assert row["p_raw"] <= row["p_max_t"] <= 1
        assert row["primary"] == outcome["primary"]
    assert any("adjusted for 3 outcomes" in note for note in result["notes"])


def test_tests_say_what_they_count(result: dict) -> None:
    tests = {t["name"]: t for outcome in result["outcomes"] for t in outcome["tests"] if t["sample"] == "matched"}
    sets = result["matching"]["sets"]
    assert tests["mcnemar_pairs"]["counts"].endswith(f"pairs from {sets} treated patients")
    for name in ("exact_by_set", "signed_rank_set_means", "logrank_by_set_permuted", "incidence_by_set"):
        if tests[name]["n_units"] == sets:
            assert tests[name]["counts"] == f"{sets} sets"
        assert (tests[name]["unit"], tests[name]["convention"]) == ("set", "matched_set")


def test_survival_at_times_and_competing_events(result: dict) -> None:
    survival = result["outcomes"][2]
    assert survival["horizon"] == 20
    assert {row["time"] for row in survival["survival_at"]} == {5, 25}
    assert {(row["cause"], row["time"]) for row in survival["incidence_at"]} == {("dead", 5), ("home", 5)}
    measures = {estimate["measure"] for estimate in survival["estimates"]}
    assert {"incidence_area", "incidence_difference", "incidence_at_horizon"} <= measures
    assert not {"rmst_difference", "rmtl_difference"} & measures
    assert "rmst_by_set_permuted" not in {test["name"] for test in survival["tests"]}
    assert (survival["quoted"]["test"], survival["quoted"]["measure"]) == (
        "incidence_by_set_adaptive",
        "incidence_area",
    )
    assert survival["quoted"]["p"] == next(t["p_value"] for t in survival["tests"] if t["role"] == "quoted")
    assert any(note["code"] == "competing_events" and "Competing events" in note["text"] for note in survival["notes"])


def test_with_replacement(analysis: Steps) -> None:
    result = json.loads(result_files(analyse(replace=True))["result.json"])
    assert result["design"] is None
    assert any(note.startswith("design is null") for note in result["notes"])
    assert {row["p_max_t"] for row in result["multiplicity"]["outcomes"]} == {None}
    methods = [e["method"] for e in result["outcomes"][0]["estimates"] if e["measure"] == "risk_difference"]
    assert "Newcombe" in methods[0]
    assert "HC3" in methods[1]
    assert "clustered on the control" in methods[2]


def test_one_outcome_again_is_the_same(analysis: Steps) -> None:
    for outcome, before in zip(analysis.cohort.outcome_specs, analysis.outcomes, strict=True):
        again = compare_outcome(analysis.cohort, analysis.comparison, outcome, analysis.spec.seed)
        assert [t.p_value for t in again.tests] == pytest.approx([t.p_value for t in before.tests], nan_ok=True)
