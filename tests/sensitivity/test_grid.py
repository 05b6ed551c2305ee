"""The specification grid: its rows are those of separate runs, in axis order, wherever they were made."""

import json
import math
from io import BytesIO

import numpy as np
import pandas as pd
import pytest

from lib.__main__ import main
from lib.design.nearest import Nearest
from lib.errors import AnalysisError, SpecError
from lib.inference.headline import main_measure
from lib.inference.registry import named
from lib.sensitivity import grid as grid_module
from lib.sensitivity.axes import Plan, plan_grid
from lib.sensitivity.grid import (
    NUMBERS,
    check_size,
    duration,
    grid_csv,
    grid_of,
    run_grid,
    run_wave,
    seconds_needed,
    waves_of,
)
from lib.sensitivity.workers import ALONE, local_workers
from lib.steps import run
from tests.conftest import SAMPLES
from tests.sensitivity.builders import TABLE, plan, sample_study, spec

MATCHING_AXES = {
    "matching.ratio": [1, 3],
    "matching.caliper": [None, 0.1],
    "matching.order": ["largest", "closest", "random"],
    "matching.replace": [False, True],
}
DESIGN_AXES = {
    "propensity.model": ["logit", "firth"],
    "propensity.distance": ["logit", "probability"],
    "matching.metric": ["propensity", "mahalanobis"],
    "matching.discard": ["none", "both"],
    "columns.covariates": [["age", "sofa", "sex", "site"], ["age", "site"]],
}
DATA_AXES = {
    "matching.exact": [[], ["sex"]],
    "matching.covariate_calipers.age.width": [5, 20],
    "eligibility": [[], [{"column": "age", "op": ">=", "value": 50}]],
    "columns.log": [["age"]],
    "outcomes.2.horizon": [30, None],
}


def own_run(made: Plan, position: int) -> list[float | str]:
    """The numbers of one combination from the pipeline, as the grid orders them, or the sentence."""
    try:
        analysis = run(TABLE, made.specification(made.combination(position)))
    except AnalysisError as error:
        return [str(error)]
    sample = analysis.comparison
    worst = float(analysis.balance.rows["smd_after"].abs().max())
    numbers = [int((sample.matched & arm).sum()) for arm in (sample.treated, ~sample.treated)] + [worst]
    for outcome in analysis.outcomes:
        matched = {test.name: test.p_value for test in outcome.tests if test.sample == "matched"}
        first = next(e for e in outcome.estimates if e.measure == main_measure(outcome.kind))
        published, equal = (named(role)[outcome.kind] for role in ("published", "quoted"))
        published, plain = matched[published], matched.get("logrank_by_set", matched.get(equal, math.nan))
        by_set = math.nan if outcome.quoted_test is None else outcome.quoted_test.p_value
        estimate = math.nan if first.measure == "hazard_ratio" and first.estimate == 0 else first.estimate
        share = next((e for e in outcome.estimates if e.measure == "risk_difference_by_set"), None)
        limits = (first.ci_low, first.ci_high) if not sample.by_set else (math.nan, math.nan)
        limits = (share.ci_low, share.ci_high) if share is not None else limits
        numbers += [estimate, published, plain, by_set, *limits]
    return numbers


@pytest.mark.parametrize("axes", [MATCHING_AXES, DESIGN_AXES, DATA_AXES], ids=["matching", "design", "data"])
def test_every_row_is_a_run_of_its_own(axes):
    sections = {"matching": {"ratio": 2, "caliper": 0.5, "covariate_calipers": {"age": {"width": 9}}}}
    made = plan(axes, **(sections if axes is DATA_AXES else {}))
    rows = run_grid(TABLE, made).rows
    assert len(rows) == made.size
    for position, row in rows.iterrows():
        expected = own_run(made, position)
        if len(expected) == 1:
            assert row["error"] == expected[0]
            assert row[rows.columns[len(axes) : -1]].isna().all()
        else:
            ours = row[rows.columns[len(axes) : -1]].to_numpy(float)
            assert row["error"] is None
            np.testing.assert_array_equal(ours, np.array(expected, dtype=float))


def test_every_choice_of_matching_can_be_an_axis():
    """Also those that are added later: whatever the Literal of a setting allows gives the row of its own run."""
    for name, field in Nearest.model_fields.items():
        choices = getattr(field.annotation, "__args__", ())
        if choices and all(isinstance(choice, str) for choice in choices):
            made = plan({f"matching.{name}": list(choices)})
            rows = run_grid(TABLE, made).rows
            for position, row in rows.iterrows():
                expected = own_run(made, position)
                assert len(expected) == 1 or row["max_abs_smd"] == expected[2], (name, choices[position])


def test_rows_stand_in_axis_order_and_settings_as_in_the_spec():
    made = plan(
        {
            "matching.ratio": [2, 1],
            "matching.caliper": [0.5, None],
            "columns.covariates": [["age"]],
            "matching.replace": [False],
        }
    )
    table = pd.read_csv(BytesIO(grid_csv(run_grid(TABLE, made))), dtype=str, keep_default_na=False)
    assert list(table.columns[:7]) == [*made.paths, "matched_treated", "matched_control", "max_abs_smd"]
    assert list(table.columns[7:]) == [f"{o}.{n}" for o in ("died", "score", "survival") for n in NUMBERS] + ["error"]
    assert table["matching.ratio"].tolist() == ["2", "2", "1", "1"]
    assert table["matching.caliper"].tolist() == ["0.5", "", "0.5", ""]
    assert table["columns.covariates"].map(json.loads).tolist() == [["age"]] * 4
    assert table["matching.replace"].tolist() == ["false"] * 4


def test_numbers_are_not_rounded():
    made = plan({"matching.ratio": [2]})
    grid = run_grid(TABLE, made)
    table = pd.read_csv(BytesIO(grid_csv(grid)))
    assert table["score.estimate"][0] == grid.rows["score.estimate"][0]
    assert table["max_abs_smd"][0] == grid.rows["max_abs_smd"][0]


def test_a_specification_that_fails_keeps_its_row():
    made = plan({"matching.ratio": [1, 500, 99], "columns.covariates": [["age", "site"], []]})
    grid = run_grid(TABLE, made)
    assert grid.failed == 5
    errors = grid.rows["error"].tolist()
    assert errors[0] is None
    assert errors[1] == '`columns.categorical` names "site", which is not among the covariates.'
    assert errors[2] == "`matching.ratio` must be 100 or less, not 500."
    assert errors[4].startswith("`matching.ratio` asks for 99 controls")
    assert b"asks for 99 controls" in grid_csv(grid)


def test_pruning_follows_the_covariates():
    axes = {"columns.covariates": [["age", "sofa"], ["site"]], "columns.log": [["age"]]}
    assert run_grid(TABLE, plan(axes)).failed == 2, "`site` stays a factor, and age stays logged"
    made = plan(axes, prune=True)
    assert run_grid(TABLE, made).failed == 0
    assert made.specification(made.combination(0)).columns.log == ("age",)
    assert made.specification(made.combination(1)).columns.log == ()


@pytest.mark.parametrize(
    ("axes", "sentence"),
    [
        ({}, "names no setting"),
        ({"matching.ratio": []}, "gives no value for `matching.ratio`"),
        ({"matching.ratoi": [1]}, "`matching.ratoi` in `sensitivity.grid` is not a setting"),
        ({"matching.ratio.x": [1]}, "not a setting"),
        ({"ratio": [1]}, "not a setting"),
        ({"": [1]}, "not a setting"),
        ({"outcomes.7.horizon": [1]}, "not a setting"),
        ({"outcomes.first.horizon": [1]}, "not a setting"),
        ({"sensitivity.grid": [{}]}, "not a setting"),
        ({"version": [1]}, "not a setting"),
        ({"matching.covariate_calipers.": [1]}, "not a setting"),
        ({"matching": [{}], "matching.ratio": [1]}, "and a part of it"),
    ],
)
def test_bad_axes_are_one_sentence(axes, sentence):
    with pytest.raises(SpecError, match=sentence) as caught:
        plan(axes)
    assert caught.value.hint


def test_a_caliper_on_a_column_with_dots():
    table = TABLE.from_frame(TABLE.frame.rename(columns={"age": "age.years"}))
    columns = {"id": "id", "treatment": "arm", "treated_value": "new", "covariates": ["sofa", "age.years"]}
    made = plan(
        {"matching.covariate_calipers.age.years": [{"width": 4, "unit": "raw"}, {"width": 8, "unit": "raw"}]},
        columns=columns,
        matching={"caliper": None, "ratio": 1},
    )
    narrow, wide = run_grid(table, made).rows["matched_treated"]
    assert narrow < wide


def test_tasks_hold_every_combination_once_and_share_fits():
    made = plan(
        {
            "matching.ratio": [1, 2, 3, 4],
            "columns.covariates": [["age"], ["sofa"]],
            "propensity.model": ["logit", "firth"],
            "matching.order": ["largest", "smallest", "data"],
        }
    )
    positions = [p for wave in waves_of(made, 120, 2) for task in wave for p in task]
    assert sorted(positions) == list(range(made.size))
    fits = [(tuple(made.combination(p)[1]), made.combination(p)[2]) for p in positions]
    changes = sum(a != b for a, b in zip(fits, fits[1:], strict=False))
    assert changes == 3


def test_half_a_grid_is_a_grid():
    made = plan(
        {"matching.ratio": [1, 2, 3, 4, 5], "matching.caliper": [0.1, 0.2, 0.5, 1, None], "seed": list(range(4))}
    )
    found = run_wave(TABLE, made, waves_of(made, 5000, 1)[0], ALONE)
    part = grid_of(made, found)
    assert 0 < len(part.rows) < made.size
    seen = []
    whole = run_grid(TABLE, made, report=seen.append)
    assert [p.done for p in seen][-1] == made.size
    assert all(p.seconds_left >= 0 for p in seen)
    pd.testing.assert_frame_equal(part.rows, whole.rows.loc[sorted(found)])


def test_spawned_processes_give_the_same_bytes():
    made = plan(
        {
            "matching.ratio": [1, 2, 3],
            "matching.caliper": [0.1, 0.5, None],
            "seed": [1, 2, 3],
            "matching.order": ["random", "largest"],
        }
    )
    with local_workers(2) as workers:
        assert workers.jobs == 2
        assert grid_csv(run_grid(TABLE, made, workers)) == grid_csv(run_grid(TABLE, made))


def test_too_many_combinations_are_counted_and_timed(monkeypatch):
    monkeypatch.setattr(grid_module, "MOST", 5)
    made = plan({"matching.ratio": [1, 2, 3], "seed": [1, 2]})
    with pytest.raises(SpecError, match=r"6 combinations: about .+ with 2 workers") as caught:
        check_size(TABLE, made, 2)
    assert "--yes" in caught.value.hint
    assert seconds_needed(TABLE, made) > 0


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.2, "1 second"),
        (8.4, "8 seconds"),
        (720, "12 minutes"),
        (12_600, "3.5 hours"),
        (1e6, "12 days"),
        (89, "89 seconds"),
        (100, "1.7 minutes"),
    ],
)
def test_durations_in_words(seconds, text):
    assert duration(seconds) == text


def test_command_line(tmp_path, capsys):
    _, sample = sample_study({"matching.ratio": [1, 2], "matching.caliper": [None, 0.2]})
    (tmp_path / "spec.json").write_text(sample.to_json())
    data = str(SAMPLES / "msc_covid19.csv")
    arguments = ["grid", "--data", data, "--spec", str(tmp_path / "spec.json"), "--out", str(tmp_path / "out")]
    assert main(arguments) == 0
    rows = pd.read_csv(tmp_path / "out/grid.csv")
    assert len(rows) == 4
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["grid.csv"]
    (tmp_path / "spec.json").write_text(spec().to_json())
    assert main([*arguments[:-1], str(tmp_path / "none")]) == 2
    assert capsys.readouterr().err.splitlines()[0].startswith("`sensitivity.grid` names no setting")
    assert not (tmp_path / "none").exists()


def test_main_analysis_of_the_sample_study_in_its_grid():
    """The published p-values stand in the row of the published specification."""
    table, sample = sample_study({"matching.ratio": [3]})
    row = run_grid(table, plan_grid(sample)).rows.iloc[0]
    assert round(row["death_28d.p_published"], 3) == 0.025
    assert row["death_28d.estimate"] == pytest.approx(-5 / 24)
    assert row["death_28d.p_by_set"] > 0.05
