"""match, run and what they return: the command's numbers, and one sentence with a hint for what cannot be done."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest

import lib as ml
from lib.__main__ import main
from lib.design import METHODS
from lib.design.full import Full
from lib.design.nearest import Nearest
from lib.report.files import outcome_frame
from lib.spec import Columns
from tests.conftest import SAMPLES
from tests.invariants import assert_good_match

DATA, SPEC = SAMPLES / "msc_covid19.csv", SAMPLES / "msc_covid19.spec.json"
OUTCOMES = {
    "death_28d": ml.binary(primary=True),
    "icu_free_days": ml.continuous(),
    "survival": ml.survival("followup_days", "death_by_60", horizon=60),
}
CALL = {"treatment": "group", "treated": "MSC", "covariates": ["age", "crp"], "id": "patient_id", "outcomes": OUTCOMES}


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    return pd.read_csv(DATA)


@pytest.fixture(scope="module")
def made(frame: pd.DataFrame) -> ml.MatchedAnalysis:
    return ml.match(frame, **CALL)


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def by_command(folder: Path, spec: Path) -> dict[str, bytes]:
    assert main(["run", "--data", str(DATA), "--spec", str(spec), "--out", str(folder / "command")]) == 0
    return files(folder / "command")


def test_run_writes_what_the_command_writes(tmp_path: Path) -> None:
    folder = ml.run(DATA, SPEC).to_files(tmp_path / "face")
    assert files(folder) == by_command(tmp_path, SPEC)


def test_match_writes_what_the_command_writes_of_its_spec(tmp_path: Path) -> None:
    analysis = ml.match(ml.read(DATA), **CALL, ratio=2, caliper=0.4)
    (tmp_path / "spec.json").write_text(analysis.spec.to_json())
    assert files(analysis.to_files(str(tmp_path / "face"))) == by_command(tmp_path, tmp_path / "spec.json")


def test_run_takes_a_spec_in_any_form(made: ml.MatchedAnalysis, frame: pd.DataFrame) -> None:
    settings = made.spec.model_dump(mode="json")
    assert ml.run(frame, settings).spec == ml.run(frame, made.spec).spec == made.spec


def test_polars_gives_what_pandas_gives(made: ml.MatchedAnalysis, frame: pd.DataFrame) -> None:
    other = ml.match(pl.read_csv(DATA, null_values=["NA", ""], infer_schema_length=None), **CALL)
    pd.testing.assert_frame_equal(other.balance.frame, made.balance.frame)
    pd.testing.assert_frame_equal(outcome_frame(other.steps.outcomes), outcome_frame(made.steps.outcomes))


def test_the_spec_is_what_was_asked(made: ml.MatchedAnalysis) -> None:
    assert made.spec.matching == Nearest(ratio=3, caliper=None)
    wanted = Columns(id="patient_id", treatment="group", treated_value="MSC", covariates=("age", "crp"))
    assert made.spec.columns == wanted
    assert [(o.name, o.kind, o.column, o.primary) for o in made.spec.outcomes] == [
        ("death_28d", "binary", "death_28d", True),
        ("icu_free_days", "continuous", "icu_free_days", False),
        ("survival", "survival", None, False),
    ]


def test_outcomes_may_bear_another_name_than_their_column(frame: pd.DataFrame) -> None:
    asked = {"died": ml.binary("death_28d", event=0), "days": ml.continuous("icu_free_days", baseline="sofa")}
    made = ml.match(frame, **CALL | {"outcomes": asked})
    assert made["died"].result.treated.events == 8
    assert made.spec.outcomes[1].baseline == "sofa"


def test_settings_find_their_section(frame: pd.DataFrame) -> None:
    made = ml.match(
        frame,
        **CALL,
        exact=["sex"],
        order="closest",
        log=["crp"],
        propensity={"model": "firth"},
        eligibility=[{"column": "age", "op": ">=", "value": np.int64(30)}],
        seed=np.int64(4),
    )
    assert (made.spec.matching.exact, made.spec.matching.order) == (("sex",), "closest")
    assert (made.spec.columns.log, made.spec.propensity.model, made.spec.seed) == (("crp",), "firth", 4)
    assert made.spec.eligibility[0].value == 30


def test_no_name_belongs_to_two_sections() -> None:
    matching = {key for method in METHODS.values() for key in method.settings.model_fields}
    names = [*Columns.model_fields, *ml.AnalysisSpec.model_fields, *matching]
    assert len(names) == len(set(names))


def test_names_may_come_from_the_frame(frame: pd.DataFrame) -> None:
    listed = ml.match(frame, **CALL | {"covariates": frame[["age", "crp"]].columns})
    assert listed.spec.columns.covariates == ("age", "crp")
    assert ml.match(frame, **CALL | {"covariates": ("age", "crp")}).spec == listed.spec


def test_parts(made: ml.MatchedAnalysis) -> None:
    assert_good_match(made.steps.cohort, made.steps.score, made.spec.matching, made.comparison)
    assert list(made) == ["death_28d", "icu_free_days", "survival"]
    assert len(made) == 3
    assert "survival" in made
    assert "age" not in made
    assert made.balance.frame["covariate"].tolist() == ["age", "crp"]
    part = made["death_28d"]
    assert set(part.frame["outcome"]) == {"death_28d"}
    assert part.frame.loc[part.frame["part"] == "estimate", "name"].iloc[0] == "attributable_events"
    assert made.matched["weights"].gt(0).sum() == 32
    assert made.table1["column"].tolist()[:2] == ["age", "crp"]
    assert made.notes == made.steps.notes


def test_love_plot_is_a_figure(made: ml.MatchedAnalysis) -> None:
    assert {trace.name for trace in made.love_plot().data} >= {"Before matching"}


def test_replace_changes_what_it_names_and_keeps_the_rest(made: ml.MatchedAnalysis) -> None:
    other = made.replace(ratio=2, covariates=["age", "sofa"])
    assert other.comparison.units.n_control.tolist() == [2] * 8
    assert other.spec.columns.covariates == ("age", "sofa")
    assert (other.spec.matching.caliper, other.spec.columns.id) == (None, "patient_id")
    assert other.spec.outcomes == made.spec.outcomes
    assert made.spec.matching.ratio == 3


def test_replace_equals_a_new_match(made: ml.MatchedAnalysis, frame: pd.DataFrame, tmp_path: Path) -> None:
    changed = made.replace(ratio=1, caliper=0.3, treated="control")
    new = ml.match(frame, **CALL | {"treated": "control"}, ratio=1, caliper=0.3)
    assert changed.spec == new.spec
    assert files(changed.to_files(tmp_path / "changed")) == files(new.to_files(tmp_path / "new"))


def test_a_change_of_ratio_fits_nothing_and_reads_nothing_again(
    made: ml.MatchedAnalysis, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forbidden(*_: object, **__: object) -> None:
        raise AssertionError("made again")

    monkeypatch.setattr("lib.steps.fit_propensity", forbidden)
    monkeypatch.setattr("lib.steps.build_cohort", forbidden)
    assert made.replace(ratio=1, caliper=0.5).comparison.units.n_control.max() == 1
    with pytest.raises(AssertionError, match="made again"):
        made.replace(covariates=["age"])


def test_no_outcome_is_compared_before_it_is_asked_for(frame: pd.DataFrame, monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(*_: object, **__: object) -> None:
        raise AssertionError("outcomes opened")

    monkeypatch.setattr("lib.steps.compare_outcomes", forbidden)
    design = ml.match(frame, **CALL)
    assert len(design.balance.frame) == len(design.table1.query("role == 'covariate'")) == 2
    with pytest.raises(AssertionError, match="outcomes opened"):
        design["death_28d"]


def test_another_method_keeps_what_it_takes(made: ml.MatchedAnalysis) -> None:
    strict = made.replace(exact=["sex"], caliper=0.5, order="data")
    full = strict.replace(method="full")
    assert full.spec.matching == Full(exact=("sex",), caliper=0.5)
    assert full.replace(method="nearest", ratio=2).spec.matching == Nearest(ratio=2, caliper=0.5, exact=("sex",))
    weighted = strict.replace(method="weights", kind="overlap")
    assert weighted.replace(method="nearest").spec.matching == Nearest(caliper=None, exact=("sex",))


def test_a_spec_keeps_its_own_caliper_when_something_else_changes(frame: pd.DataFrame) -> None:
    columns = {"treatment": "group", "treated_value": "MSC", "covariates": ["age"]}
    assert ml.run(frame, {"columns": columns}).replace(ratio=2).spec.matching == Nearest(ratio=2, caliper=0.2)


def test_design_first_answers_later(frame: pd.DataFrame) -> None:
    design = ml.match(frame, **CALL | {"outcomes": None})
    assert list(design) == []
    assert "Outcomes" not in repr(design)
    answers = design.replace(outcomes={"death_28d": ml.binary()})
    assert list(answers) == ["death_28d"]
    np.testing.assert_array_equal(answers.comparison.membership, design.comparison.membership)


def test_episodes_stay_with_the_analysis() -> None:
    made = ml.run(DATA, SPEC, episodes=SAMPLES / "msc_covid19_episodes.csv")
    assert made.steps.free_days is not None
    assert made.replace(ratio=2).steps.free_days is not None


REFUSED = [
    ({"treatment": "grop"}, ml.DataError, 'The file has no column "grop".', "group"),
    ({"covariates": ["age", "saturation"]}, ml.DataError, 'The file has no column "saturation".', "spelling"),
    ({"covariates": "age"}, ml.SpecError, '`columns.covariates` must be a list, not "age".', "Correct"),
    ({"covariates": ["age", "age"]}, ml.SpecError, "name a column twice", "Change"),
    ({"treated": "placebo"}, ml.DataError, 'holds the treated value "placebo"', "Choose"),
    ({"rato": 3}, ml.SpecError, "`matching.rato` is not a setting of MatchLens.", "spelling"),
    ({"ratio": 0}, ml.SpecError, "`matching.ratio` must be 1 or more, not 0.", "Correct"),
    ({"ratio": 101}, ml.SpecError, "`matching.ratio` must be 100 or less, not 101.", "Correct"),
    ({"caliper": -1}, ml.SpecError, "`matching.caliper` must be above 0, not -1.", "Correct"),
    ({"caliper": 1e-9, "ratio": 1}, ml.EstimationError, "No treated patient", "caliper"),
    ({"outcomes": ["death_28d"]}, ml.SpecError, "`outcomes` must name each outcome with its kind.", "ml.binary"),
    ({"outcomes": {"death_28d": ml.binary}}, ml.SpecError, 'Outcome "death_28d" must be ml.binary(),', "ml.binary"),
    ({"outcomes": {"dead": ml.binary()}}, ml.DataError, 'The file has no column "dead".', "death"),
    ({"outcomes": {"s": ml.survival("days_", "x")}}, ml.DataError, "The file has no columns", "spelling"),
    ({"outcomes": {"age": ml.continuous()}}, ml.SpecError, '"age" is both a covariate and an outcome', "Change"),
    ({"outcomes": {"sex": ml.continuous()}}, ml.DataError, 'Column "sex" holds text', "number of your choice"),
]


@pytest.mark.parametrize(("change", "kind", "sentence", "hint"), REFUSED)
def test_one_sentence_and_a_next_step(
    frame: pd.DataFrame, change: dict[str, Any], kind: type, sentence: str, hint: str
) -> None:
    with pytest.raises(ml.AnalysisError) as caught:
        ml.match(frame, **CALL | change)
    assert type(caught.value) is kind
    assert sentence in str(caught.value)
    assert str(caught.value).endswith(".")
    assert ". " not in str(caught.value)
    assert hint in caught.value.hint


def test_an_outcome_that_is_not_there(made: ml.MatchedAnalysis, frame: pd.DataFrame) -> None:
    with pytest.raises(ml.SpecError, match='no outcome "death"') as caught:
        made["death"]
    assert caught.value.hint == 'It has "death_28d", "icu_free_days", "survival".'
    with pytest.raises(ml.SpecError, match="^This analysis has no outcome.$") as caught:
        ml.match(frame, **CALL | {"outcomes": {}})["death_28d"]
    assert caught.value.hint == 'Add one: a.replace(outcomes={"death_28d": ml.binary()}).'


def test_a_refused_change_leaves_the_analysis_as_it_was(made: ml.MatchedAnalysis) -> None:
    with pytest.raises(ml.SpecError):
        made.replace(ratio=-2)
    assert made.spec.matching.ratio == 3


def test_files_that_are_not_there(tmp_path: Path) -> None:
    with pytest.raises(ml.DataError, match="There is no file"):
        ml.match(tmp_path / "none.csv", **CALL)
    with pytest.raises(ml.DataError, match="There is no file"):
        ml.run(DATA, tmp_path / "none.json")
    with pytest.raises(ml.SpecError):
        ml.run(DATA, ["not a spec"])
