"""Sets made elsewhere, through the command line: R's matched sets give R's numbers, and ours given back give ours."""

import dataclasses
import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from lib.__main__ import main
from lib.inference import compare_outcomes
from lib.io import read_csv, read_file, write_csv
from lib.report.files import matched_frame
from lib.spec import AnalysisSpec
from lib.steps import Steps, run
from lib.table import Table
from tests.conftest import reference
from tests.oracle.cohorts import as_list, cohort_table, design_spec

R_EXACT = 1e-9  # both sides in double precision; the file keeps 13 digits
R_ROOT = 1e-2  # R's root finder stops early on the exact limits (tests/oracle/data/README.md)
R_SMALL = 1e-8  # coxph stops at a relative change of 1e-9
NHEFS_RUNS = ["nn1", "nn3_cal02", "nn2_cal01_smallest", "mahal1"]
OUTCOMES = [
    {"name": "change", "kind": "continuous", "column": "wt82_71"},
    {"name": "death", "kind": "binary", "column": "death"},
]


def through_the_command_line(folder: Path, rows: dict[str, list], outcome: dict[str, Any]) -> dict[str, Any]:
    """result.json's one outcome of rows with a set column and no covariate."""
    pd.DataFrame(rows).to_csv(folder / "sets.csv", index=False)
    spec = {
        "columns": {"treatment": "z", "treated_value": 1},
        "matching": {"method": "given", "subclass": "set"},
        "outcomes": [outcome],
    }
    (folder / "spec.json").write_text(json.dumps(spec))
    files = ["--data", str(folder / "sets.csv"), "--spec", str(folder / "spec.json"), "--out", str(folder / "out")]
    assert main(["run", *files, "--replace"]) == 0
    return json.loads((folder / "out" / "result.json").read_text())["outcomes"][0]


def by_name(outcome: dict[str, Any]) -> dict[str, dict]:
    """The tests of the matched sample by name."""
    return {test["name"]: test for test in outcome["tests"] if test["sample"] == "matched"}


def estimates_of(outcome: dict[str, Any], measure: str) -> list[dict]:
    """Every method of one measure, the default first."""
    return [estimate for estimate in outcome["estimates"] if estimate["measure"] == measure]


def eight_sets(deaths: list[int]) -> dict[str, list[int]]:
    """Rows of 8 sets of 1:3 without a treated death."""
    made = [(s + 1, int(k == 0), int(0 < k <= died)) for s, died in enumerate(deaths) for k in range(4)]
    return dict(zip(("set", "z", "y"), map(list, zip(*made, strict=True)), strict=True))


def binary_fixtures() -> list[tuple[dict, dict]]:
    """Rows and R's numbers of every binary fixture."""
    told = reference("matched_sets.json")
    even = [(eight_sets(f["control_deaths_per_set"]), f) for f in told["binary_8_sets_1_to_3"]]
    return even + [(f["rows"], f) for f in told["binary_random_sets"]]


def test_binary_sets_of_r(tmp_path: Path) -> None:
    for rows, expected in binary_fixtures():
        outcome = through_the_command_line(tmp_path, rows, {"name": "y", "kind": "binary", "column": "y"})
        found, odds = by_name(outcome), estimates_of(outcome, "odds_ratio_by_set")
        assert found["exact_by_set"]["p_value"] == pytest.approx(expected["p_exact_two_sided_minlike"], abs=R_EXACT)
        central = min(1.0, 2 * min(expected["p_exact_less"], expected["p_exact_greater"]))
        assert found["exact_by_set_central"]["p_value"] == pytest.approx(central, abs=R_EXACT)
        for name, key in (("cmh_by_set", "cmh"), ("cmh_by_set_corrected", "cmh_cc")):
            assert found[name]["statistic"] == pytest.approx(expected[f"{key}_chisq"], rel=R_EXACT)
            assert found[name]["p_value"] == pytest.approx(expected[f"{key}_p"], rel=R_EXACT)
        assert odds[2]["estimate"] == pytest.approx(expected["mh_or"], abs=R_EXACT)
        limits = odds[1]["ci_low"], odds[1]["ci_high"]  # 2.5% in each tail, as R
        assert limits == pytest.approx(tuple(expected["or_ci_exact"]), rel=R_ROOT, abs=R_EXACT)
        assert found["exact_by_set"]["n_units"] == len(set(rows["set"]))


def test_continuous_sets_of_r(tmp_path: Path) -> None:
    for expected in reference("matched_sets.json")["continuous_random_sets"]:
        asked = {"name": "y", "kind": "continuous", "column": "y"}
        found = by_name(through_the_command_line(tmp_path, expected["rows"], asked))["aligned_rank_by_set"]
        assert found["statistic"] == pytest.approx(expected["aligned_rank_sum"], rel=R_EXACT)
        assert found["p_value"] == pytest.approx(expected["aligned_rank_p_exact_two_sided"], rel=R_EXACT)


def test_survival_sets_of_r(tmp_path: Path) -> None:
    asked = {"name": "s", "kind": "survival", "time": "time", "event": "event", "horizon": 60, "times": [28, 60]}
    for expected in reference("matched_sets.json")["survival_random_sets"]:
        outcome = through_the_command_line(tmp_path, expected["rows"], asked)
        found, [ratio, _] = by_name(outcome), estimates_of(outcome, "hazard_ratio")
        assert found["logrank"]["statistic"] == pytest.approx(expected["logrank_chisq"], rel=R_EXACT)
        assert found["logrank_by_set"]["statistic"] == pytest.approx(expected["logrank_by_set_chisq"], rel=R_EXACT)
        assert np.log(ratio["estimate"]) == pytest.approx(expected["cox_log_hr"], rel=R_SMALL)
        assert ratio["se"] == pytest.approx(expected["cox_robust_se"], rel=R_SMALL)
        [rmst] = estimates_of(outcome, "rmst_difference")
        assert rmst["estimate"] == pytest.approx(expected["rmst60_treated"] - expected["rmst60_control"], abs=R_EXACT)
        moments = pd.DataFrame(outcome["survival_at"])
        for arm, key in (("treated", "km_28_60_treated"), ("matched_control", "km_28_60_control")):
            ours = moments.loc[moments["arm"] == arm, "survival"].tolist()
            assert ours == pytest.approx(expected[key], abs=R_EXACT)


@pytest.fixture(scope="module")
def nhefs() -> Table:
    """The NHEFS table of the oracle."""
    return cohort_table("nhefs")


def numbers(analysis: Steps) -> list[float]:
    """Every test and estimate of every outcome, in order, labels moved with equal chances, as sets that come without a
    score have them; what needs covariates left out."""
    sets = dataclasses.replace(analysis.comparison, moves="equal", log_odds=None)
    outcomes = compare_outcomes(analysis.cohort, sets, analysis.spec.seed)
    kept_tests = [t for o in outcomes for t in o.tests if "adjusted" not in t.name]
    tests = [x for t in kept_tests for x in (t.statistic, t.p_value)]
    kept = [e for o in outcomes for e in o.estimates if "g-computation" not in e.method]
    return tests + [x for e in kept for x in (e.estimate, e.ci_low, e.ci_high, e.se)]


@pytest.mark.parametrize("name", NHEFS_RUNS)
def test_nhefs_matched_here_and_given_back(name: str, nhefs: Table, tmp_path: Path) -> None:
    """Through matched.csv: the file that one run writes is what the other reads."""
    told = design_spec("nhefs", name)
    asked = AnalysisSpec.from_json(told.to_json()).replace(outcomes=OUTCOMES)
    ours = run(nhefs, asked)
    (tmp_path / "matched.csv").write_bytes(write_csv(matched_frame(ours.cohort, ours.score, ours.comparison)))
    written = read_csv(read_file(tmp_path / "matched.csv"))
    given = {"method": "given", "subclass": "subclass"}
    again = run(written, asked.replace(matching=given))
    assert (again.comparison.weights == ours.comparison.weights).all()
    assert again.balance.rows["smd_after"].tolist() == pytest.approx(ours.balance.rows["smd_after"].tolist())
    assert numbers(again) == pytest.approx(numbers(ours), nan_ok=True)
    bare = {"id": told.columns.id, "treatment": told.columns.treatment, "treated_value": "1"}
    without = run(written, AnalysisSpec.from_dict({"columns": bare, "matching": given, "outcomes": OUTCOMES}))
    assert numbers(without)[2:] == pytest.approx(numbers(ours)[2:], nan_ok=True)
    assert as_list(reference("nhefs.json")["cohort"]["treatment"]) == [told.columns.treatment]
