"""Every method in the grid and in `python -m lib sensitivity`: the numbers of its own run, or a sentence."""

import json
from pathlib import Path

import numpy as np
import pytest

from lib.__main__ import main
from lib.design import METHODS
from lib.inference.headline import main_measure
from lib.io import read_csv, read_file
from lib.sensitivity.grid import run_grid
from lib.spec import AnalysisSpec
from lib.steps import run
from tests.conftest import SAMPLES
from tests.sensitivity.builders import TABLE, plan, spec

OURS = [name for name in METHODS if name != "given"]
SUMS = 1e-12  # relative: means of weighted columns, added in another order


def test_a_grid_over_methods_is_every_run_of_its_own() -> None:
    """The base's ratio of 2 stays where a method takes one."""
    rows = run_grid(TABLE, plan({"matching.method": OURS, "matching.caliper": [None, 0.2]})).rows
    assert len(rows) == 2 * len(OURS)
    for _, row in rows.iterrows():
        caliper = None if row["matching.caliper"] is None or np.isnan(row["matching.caliper"]) else 0.2
        takes = METHODS[row["matching.method"]].settings.model_fields
        if row["error"]:
            assert "caliper" not in takes and caliper == 0.2
            continue
        kept = {name: value for name, value in (("ratio", 2), ("caliper", caliper)) if name in takes}
        matching = {"method": row["matching.method"]} | kept
        own = run(TABLE, spec(matching=matching))
        made = own.comparison
        assert [row["matched_treated"], row["matched_control"]] == [made.n_matched(True), made.n_matched(False)]
        assert row["max_abs_smd"] == pytest.approx(own.balance.rows["smd_after"].abs().max(), rel=SUMS)
        for outcome in own.outcomes:
            main = next(e for e in outcome.estimates if e.measure == main_measure(outcome.kind))
            assert row[f"{outcome.name}.estimate"] == pytest.approx(main.estimate, rel=SUMS, nan_ok=True)
            by_set = {test.name: test.p_value for test in outcome.tests if test.convention == "matched_set"}
            p = row[f"{outcome.name}.p_by_set"]
            assert p in by_set.values() if made.by_set else np.isnan(p)


@pytest.mark.parametrize("method", ["optimal", "full", "weights"])
def test_sensitivity_of_the_sample(tmp_path: Path, method: str) -> None:
    settings = json.loads((SAMPLES / "msc_covid19.spec.json").read_text())
    some = [
        outcome
        for outcome in settings["outcomes"]
        if outcome["name"] in ("need_noradrenaline", "d_dimer_day7", "survival")
    ]
    settings |= {"matching": {"method": method}, "outcomes": some}
    (tmp_path / "spec.json").write_text(json.dumps(settings))
    data = str(SAMPLES / "msc_covid19.csv")
    arguments = ["sensitivity", "--data", data, "--spec", str(tmp_path / "spec.json"), "--out", str(tmp_path / "out")]
    assert main(arguments) == 0
    found = json.loads((tmp_path / "out" / "sensitivity.json").read_text())
    yes_no, number, survival = found["outcomes"]
    if method == "weights":
        for outcome in (yes_no, number):
            assert outcome["hidden_bias"] == {"error": "Weights make no sets, so there are no bounds by set."}
        assert yes_no["tipping"] == {"error": "Weights make no sets, so there is no p by set to tip."}
    else:
        steps = run(read_csv(read_file(SAMPLES / "msc_covid19.csv")), AnalysisSpec.from_dict(settings))
        for outcome, made in zip((yes_no, number), steps.outcomes, strict=False):
            bounds = outcome["hidden_bias"]
            assert bounds["n_sets"] == steps.comparison.n_sets
            curve = [point["p_two_sided"] for point in bounds["curve"]]
            assert curve == sorted(curve) and bounds["curve"][0]["gamma"] == 1
            assert made.name == outcome["name"]
        assert yes_no["tipping"]["by set"]["p"] <= 1
    assert "error" in survival["hidden_bias"]
    assert [e["measure"] for e in yes_no["e_values"]][:1] == ["risk_ratio"]
    assert found["fragility"]["variants"] > 10
    assert found["designs"]["method"] == method
    assert {one["method"] for one in found["designs"]["methods"]} == {*OURS} - {method}
