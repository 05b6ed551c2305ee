"""Guess, answer, run: what comes out of each file, beside the numbers from R."""

import pytest

from lib.__main__ import main
from lib.errors import AnalysisError
from lib.spec import AnalysisSpec
from tests.cases.shelf import (
    AS_R,
    FILES,
    FOUR,
    PRINTED,
    arm,
    as_in_r,
    estimate,
    event_of,
    guessed,
    is_the_truth,
    is_the_whole_truth,
    opened,
    outcome_in,
    p_value,
    refusal,
    result,
    spec_of,
    waiting,
)

SURVIVAL = {"name": "survival", "kind": "survival", "primary": True}


def answered(file: str, covariates: tuple[str, ...], outcome: dict) -> AnalysisSpec:
    """The guess as a user leaves it: right already where nothing was asked of the outcome, else answered so."""
    spec, table = guessed(file), opened(file)
    columns = [outcome[key] for key in ("time", "event", "column") if key in outcome]
    if not [question for question in waiting(spec) if question.about in ("event", "time")]:
        assert event_of(spec, table, *columns) == {outcome.get("event_value", "1")}
    kept = spec.columns.model_dump(mode="json") | {"covariates": covariates, "categorical": (), "log": ()}
    return as_in_r(spec, columns=kept, outcomes=[outcome], derived=[])


@pytest.mark.parametrize(
    ("file", "covariates", "outcome"),
    [
        ("02_age_years", ("Age (years)", "sofa", "crp"), {"time": "Follow-up (days)", "event": "Death"}),
        ("04a_cnsr", ("age", "sofa", "crp"), {"time": "AVAL", "event": "CNSR", "event_value": "0"}),
        ("04b_censored", ("age", "sofa", "crp"), {"time": "days", "event": "censored", "event_value": "0"}),
        ("04c_alive01", ("age", "sofa", "crp"), {"time": "days", "event": "alive", "event_value": "0"}),
        (
            "05a_deceased_living",
            ("age", "sofa", "crp"),
            {"time": "days", "event": "vital_status", "event_value": "Deceased"},
        ),
        ("11_L0_plain_truth", ("age", "sofa", "crp"), {"time": "days", "event": "dead"}),
    ],
)
def test_the_truth_of_the_sixty_patients(file, covariates, outcome):
    is_the_truth(result(opened(file), answered(file, covariates, SURVIVAL | outcome)))


def test_the_guess_of_the_plain_file_is_the_truth_without_any_answer():
    spec = guessed("11_L0_plain_truth")
    is_the_truth(result(opened("11_L0_plain_truth"), spec.replace(matching={"ratio": 3, "caliper": 0.2})))
    assert spec.matching.caliper is None  # none is on by default, for it could lose a treated patient


def test_the_follow_up_is_found_beside_a_duration_in_years():
    outcome = SURVIVAL | {"time": "Follow-up (days)", "event": "Death"}
    spec = answered("02b_diabetes_duration", ("age", "Diabetes duration (years)", "sofa"), outcome)
    is_the_whole_truth(result(opened("02b_diabetes_duration"), spec))


@pytest.mark.parametrize(
    ("file", "event"), [("05b_plus_minus", "+"), ("05c_tot_verlegt", "tot"), ("05d_mort_sorti", "mort")]
)
def test_risks_by_words_for_death(file, event):
    outcome = {"name": "died", "kind": "binary", "column": "hospital_outcome", "event_value": event, "primary": True}
    found = result(opened(file), answered(file, ("age", "sofa", "crp"), outcome))
    assert arm(outcome_in(found), "n", "events") == [(10, 3), (50, 21)]


def test_status_among_other_statuses():
    file, spec = "01_metabric_status", spec_of("01_right_spec")
    found = result(opened(file), spec)
    told = outcome_in(found)
    assert arm(told, "n", "events", arms=("treated", "matched_control")) == [(25, 10), (53, 11)]
    assert estimate(told, "hazard_ratio", AS_R) == pytest.approx([1.7045, 0.7176, 4.0483], abs=FOUR)
    assert p_value(told, "logrank_by_set") == pytest.approx(0.8322, abs=FOUR)
    assert p_value(told, "logrank", "whole") == pytest.approx(0.9434, abs=FOUR)


def test_time_of_the_dead_joined_with_the_last_contact_of_the_others():
    joined = {"name": "follow-up", "kind": "joined", "columns": ["days_to_death", "days_to_last_followup"]}
    outcome = SURVIVAL | {"time": "follow-up", "event": "vital_status", "event_value": "Dead", "horizon": 440}
    spec = spec_of("06_guessed_spec", derived=[joined], outcomes=[outcome])
    told = outcome_in(result(opened("06_days_to_death"), spec))
    assert estimate(told, "hazard_ratio", AS_R) == pytest.approx([0.5, 0.1771, 1.4120], abs=FOUR)
    assert told["summary"]["treated"]["survival"] == pytest.approx(0.7)
    assert told["summary"]["matched_control"]["survival"] == pytest.approx(0.6)
    whole = outcome_in(result(opened("06_days_to_death"), spec.replace(outcomes=[outcome | {"horizon": None}])))
    assert arm(whole, "n", "events", arms=("treated", "matched_control")) == [(10, 3), (25, 13)]


def test_time_of_the_dead_alone_is_never_analysed_in_silence():
    """A survival in which only the dead have a time ends at 0%: refused, or the column is named as what it is."""
    outcome = SURVIVAL | {"time": "days_to_death", "event": "vital_status", "event_value": "Dead"}
    text = answer_or_refusal("06_days_to_death", spec_of("06_guessed_spec", outcomes=[outcome]))
    assert "days_to_death" in (text if isinstance(text, str) else " ".join(text["notes"]))


def test_day_zero_is_refused_with_its_count_or_as_in_r():
    found = answer_or_refusal("07_time_zero", spec_of("07_right_spec"))
    if isinstance(found, str):
        assert "days" in found
        assert "3 rows" in found
        return
    told = outcome_in(found)
    chi2 = next(t["statistic"] for t in told["tests"] if (t["name"], t["sample"]) == ("logrank", "whole"))
    assert chi2 == pytest.approx(0.45106, abs=1e-5)
    assert arm(told, "survival") == [(pytest.approx(0.7),), (pytest.approx(0.58),)]


def test_one_negative_day_is_refused_with_its_count():
    text = refusal(opened("07b_negative_time"), spec_of("07_right_spec"))
    assert "days" in text
    assert "1 row" in text


def test_short_english_names():
    told = outcome_in(result(opened("09_gbsg"), spec_of("09_right_spec")))
    assert estimate(told, "hazard_ratio", AS_R) == pytest.approx([0.9617, 0.5305, 1.7435], abs=FOUR)


def test_competing_ends_by_number():
    told = outcome_in(result(opened("27_pbc"), spec_of("27_pbc_spec")))
    assert arm(told, "n", "events") == [(20, 5), (154, 43)]


def test_mark_beside_empty_cells_never_makes_a_hundred_percent():
    found = answer_or_refusal("16_x_mark", spec_of("16_spec"))
    if isinstance(found, str):
        assert "died" in found
    else:
        assert arm(outcome_in(found), "n", "events") == [(10, 3), (50, 21)]


def answer_or_refusal(file: str, spec: AnalysisSpec) -> dict | str:
    """result.json of a run, or the sentence with which it stops."""
    try:
        return result(opened(file), spec)
    except AnalysisError as error:
        return f"{error} {error.hint}"


def test_an_open_question_is_answered_before_a_command_runs(tmp_path, capsys):
    asked = [
        {"about": "event", "column": "dead", "candidates": ["1", "0"], "text": 'Which value of "dead" is the event?'}
    ]
    plain = guessed("11_L0_plain_truth").replace(questions=asked)
    (tmp_path / "spec.json").write_text(plain.to_json())
    files = ["--data", str(FILES / "11_L0_plain_truth.csv"), "--spec", str(tmp_path / "spec.json")]
    assert main(["run", *files, "--out", str(tmp_path / "out")]) == 2
    assert "dead" in capsys.readouterr().err
    (tmp_path / "spec.json").write_text(plain.replace(questions=[]).to_json())
    assert main(["run", *files, "--out", str(tmp_path / "out")]) == 0


def test_row_names_without_a_header_are_the_id():
    table = opened("12_lalonde_rownames")
    spec = guessed("12_lalonde_rownames")
    assert spec.columns.id == "id"
    found = result(table, spec_of("12_spec_with_id_column"))
    assert found["n"] == {"rows": 614, "treated": 185, "control": 429}
    assert found["matching"]["pairs"] == 185
    assert estimate(outcome_in(found), "mean_difference")[0] == pytest.approx(894.3675, abs=FOUR)


def test_a_score_so_far_out_that_the_caliper_is_none_is_said():
    """The matches are R's as before (counts and estimates of b39b3be); the two patients are said."""
    found = result(opened("13_skewed_outlier"), spec_of("13_spec_caliper"))
    assert [found["matching"][key] for key in ("matched_treated", "matched_control")] == [18, 54]
    assert found["matching"]["caliper_width"] == pytest.approx(169.10213362067057, rel=1e-9)
    assert estimate(outcome_in(found), "risk_difference")[0] == pytest.approx(0.12962962962962948, abs=1e-9)
    assert [note for note in found["notes"] if "2 patients" in note and "1.000" in note]
    assert [note for note in found["notes"] if "caliper" in note and "169" in note]
    none = result(opened("13_skewed_outlier"), spec_of("13_spec_nocaliper"))
    assert [none["matching"][key] for key in ("matched_treated", "matched_control")] == [20, 60]


def test_classes_are_factors_and_their_numbers_stay():
    """Numbers of b39b3be, whose roles were right in 15_spec."""
    found = result(opened("15_rotterdam_size_classes"), spec_of("15_spec"))
    assert [row["level"] for row in found["balance"] if row["covariate"] == "size"] == ["20-50", "<=20", ">50"]
    assert [found["matching"][key] for key in ("matched_treated", "matched_control")] == [25, 73]
    assert estimate(outcome_in(found), "hazard_ratio", AS_R) == pytest.approx(
        [0.8256792493812875, 0.39049940116735976, 1.7458316730341523], abs=PRINTED
    )
