"""Files as people have them, through everything that comes before matching, with what must come out of each."""

import json
from pathlib import Path
from typing import Any

import pytest

import lib as ml
from lib.__main__ import main
from lib.errors import DataError, SpecError
from lib.io import read_csv
from lib.spec import AnalysisSpec
from lib.steps import Steps, run
from lib.table import Table
from lib.words.labels import Labels
from lib.words.losses import losses_line

CASES = Path(__file__).parents[1] / "data" / "cases"
SOUND = ["Âge (ans)", "Sexe", "HTA", "Diabète", "IGS II", "Support ventilatoire"]
WITH_GAPS = ["IMC (kg/m²)", "CRP J0 (mg/L)", "D-dimères (ng/mL)", "IL-6 (pg/mL)"]
FOLLOWED = {
    "name": "décès",
    "kind": "survival",
    "time": "Suivi (jours)",
    "event": "Statut J90",
    "event_value": "Décédé",
    "primary": True,
}


def case(name: str) -> Table:
    return read_csv((CASES / name).read_bytes())


def chu(covariates: list[str], **columns: Any) -> AnalysisSpec:
    own = {"id": "N° dossier", "treatment": "Groupe", "treated_value": "Traité", "covariates": covariates}
    return AnalysisSpec.from_dict({"columns": own | columns, "outcomes": [FOLLOWED], "matching": {"caliper": None}})


def test_four_columns_with_gaps_cost_four_of_fourteen_treated_and_the_line_says_so() -> None:
    asked = chu([*SOUND, *WITH_GAPS])
    steps = Steps(case("cohorte_chu.csv"), asked)
    line = losses_line(steps.losses, Labels.of(asked))
    assert line.startswith("14 treated → 10 usable, 168 controls → 127: IL-6 (pg/mL) costs 1 treated and 18 controls")
    assert line.endswith("without these 4 all 14 treated and 168 controls are usable.")
    assert set(steps.losses.needed.left_out) == set(WITH_GAPS)
    assert steps.cohort.treated.sum() == 10
    only = chu([*SOUND, "IL-6 (pg/mL)"])
    assert losses_line(Steps(case("cohorte_chu.csv"), only).losses, Labels.of(only)) == (
        "14 treated → 13 usable, 168 controls → 148: IL-6 (pg/mL) costs 1 treated and 20 controls (leave it out)."
    )


def test_without_them_all_fourteen_are_matched() -> None:
    steps = run(case("cohorte_chu.csv"), chu(SOUND))
    assert steps.losses.level == "none"
    assert steps.comparison.n_matched(True) == 14


@pytest.mark.parametrize(("rule", "lowest"), [("half", 0.15), ("limit", 0.3), ("zero", 0.0)])
def test_a_limit_of_detection_becomes_a_covariate_by_a_rule(rule, lowest) -> None:
    name = "Procalcitonine (µg/L)"
    steps = run(case("cohorte_chu.csv"), chu([*SOUND, name], below_limit={name: rule}))
    assert steps.cohort.covariates[name].min() == lowest
    assert steps.comparison.n_matched(True) == 14
    assert any("63 values below a limit" in note for note in steps.cohort.notes)


def test_days_come_from_two_dates_and_from_the_landmark() -> None:
    derived = [{"name": "stay", "kind": "days", "columns": ["Date entrée réa", "Date sortie"]}]
    steps = Steps(case("cohorte_chu.csv"), chu(SOUND).replace(derived=derived))
    frame = steps.prepared.frame
    known = frame["stay"].notna()
    assert known.any()
    assert (frame.loc[known, "stay"] == frame.loc[known, "Durée séjour réa (j)"]).mean() > 0.9
    asked = chu(SOUND, treatment_day="Durée séjour réa (j)").replace(landmark=10.0)
    assert Steps(case("cohorte_chu.csv"), asked).cohort.attrition[1].step == "Followed to day 10"


def test_the_record_number_is_left_out_unless_it_is_the_id() -> None:
    assert "N° dossier" in Steps(case("cohorte_chu.csv"), chu(SOUND)).cohort.eligible
    without = Steps(case("cohorte_chu.csv"), chu(SOUND, id=None))
    assert "N° dossier" not in without.cohort.eligible
    assert any('"N° dossier" (record numbers)' in note for note in without.cohort.notes)


def test_repeated_ids_are_said_before_anything_is_analysed() -> None:
    table = case("08_repeated_ids.csv")
    columns = {"id": "pid", "treatment": "grp", "treated_value": "MSC", "covariates": ["age", "sofa"]}
    asked = AnalysisSpec.from_dict({"columns": columns})
    with pytest.raises(DataError, match="3 persons stand in 6 rows, 1 person in both arms"):
        _ = Steps(table, asked).cohort
    first = asked.replace(columns=asked.columns.model_copy(update={"repeated_ids": "first"}))
    assert Steps(table, first).cohort.n == 60


def test_scores_far_out_are_said_and_the_match_stays() -> None:
    asked = AnalysisSpec.from_json((CASES / "13_spec_caliper.json").read_bytes())
    steps = Steps(case("13_skewed_outlier.csv"), asked)
    notes = " ".join((*steps.score.notes, *steps.comparison.notes))
    assert "2 patients have a propensity score of 1.000 (logit 408 to 9,254" in notes
    assert '"ferritin" drives them' in notes
    assert "The caliper of 0.2 SD is 169 wide" in notes
    assert steps.comparison.n_matched(True) == 18
    assert {flaw.column for flaw in steps.quality.flaws} == {"ferritin"}


def test_an_open_question_makes_the_comparison_wait_and_nothing_before_it() -> None:
    question = {"about": "event", "column": "Statut J90", "candidates": ["Décédé", "Vivant"], "text": "Which one?"}
    asked = chu(SOUND).replace(questions=[question])
    steps = Steps(case("cohorte_chu.csv"), asked)
    assert steps.losses.level == "none"
    with pytest.raises(SpecError, match="A question is open: Which one") as caught:
        _ = steps.comparison
    assert "questions" in caught.value.hint
    harmless = asked.replace(questions=[question | {"about": "id"}])
    assert Steps(case("cohorte_chu.csv"), harmless).comparison.n_sets == 14


def test_the_command_does_all_of_it(tmp_path) -> None:
    derived = [{"name": "stay", "kind": "days", "columns": ["Date entrée réa", "Date sortie"]}]
    name = "Procalcitonine (µg/L)"
    asked = chu([*SOUND, name], below_limit={name: "half"}, treatment_day="Durée séjour réa (j)", repeated_ids="first")
    (tmp_path / "spec.json").write_text(asked.replace(derived=derived, landmark=20.0).to_json())
    files = ["--data", str(CASES / "cohorte_chu.csv"), "--spec", str(tmp_path / "spec.json")]
    assert main(["run", *files, "--out", str(tmp_path / "out")]) == 0
    made = json.loads((tmp_path / "out" / "result.json").read_text())
    steps = [step["step"] for step in made["attrition"]]
    assert steps[:4] == ["In the file", "First row of each patient", "Followed to day 20", "Treated by day 20"]
    notes = " ".join(made["notes"])
    for said in ("count as half of the limit", "counts whole days", "count from day 20", "Treated on day"):
        assert said in notes


def test_the_notebook_takes_the_same_settings() -> None:
    found = ml.match(
        case("cohorte_chu.csv"),
        treatment="Groupe",
        treated="Traité",
        covariates=["Âge (ans)", "Procalcitonine (µg/L)"],
        below_limit={"Procalcitonine (µg/L)": "limit"},
        treatment_day="Durée séjour réa (j)",
        landmark=20,
        outcomes={"décès": ml.survival("Suivi (jours)", "Statut J90", event_value="Décédé")},
    )
    assert found.steps.cohort.landmark == 20
    assert found.steps.treatment_time.sentence in found.notes
