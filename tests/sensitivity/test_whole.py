"""python -m lib sensitivity: everything of the page in one file, the same as its parts, or one sentence."""

import json

import pytest

from lib.__main__ import main
from lib.io import read_csv, write_csv
from lib.report.files import matched_frame
from lib.report.sensitivity import sensitivity_dict, sensitivity_files
from lib.sensitivity.e_value import e_values
from lib.sensitivity.whole import GIVEN, whole_sensitivity
from lib.steps import run
from tests.conftest import SAMPLES
from tests.sensitivity.builders import sample_study

CSV, SPEC = SAMPLES / "msc_covid19.csv", SAMPLES / "msc_covid19.spec.json"


@pytest.fixture(scope="module")
def told() -> dict:
    """sensitivity.json of the sample study."""
    table, spec = sample_study()
    return sensitivity_dict(whole_sensitivity(table, spec))


@pytest.fixture(scope="module")
def analysis():
    """Its main analysis."""
    return run(*sample_study())


def test_every_outcome_has_what_its_kind_can_have(told):
    kinds = {o["name"]: o for o in told["outcomes"]}
    assert kinds.keys() == {"death_28d", "icu_free_days", "survival"}
    assert "error" in kinds["survival"]["hidden_bias"] and "cases" in kinds["survival"]["missing"]
    assert "error" in kinds["icu_free_days"]["tipping"] and "curve" in kinds["icu_free_days"]["hidden_bias"]
    assert kinds["death_28d"]["tipping"].keys() == {"by set", "published"}


def test_bounds_at_gamma_one_are_the_central_exact_p(told, analysis):
    for outcome, result in zip(told["outcomes"], analysis.outcomes, strict=True):
        if outcome["kind"] == "binary":
            central = next(t.p_value for t in result.tests if t.name == "exact_by_set_central")
            assert outcome["hidden_bias"]["curve"][0]["p_two_sided"] == pytest.approx(central, abs=1e-12)


def test_e_values_are_those_of_the_outcomes(told, analysis):
    for outcome, result in zip(told["outcomes"], analysis.outcomes, strict=True):
        assert [e["measure"] for e in outcome["e_values"]] == [e.measure for e in e_values(result)]


def test_tipping_starts_from_the_p_of_the_run(told, analysis):
    death = next(o for o in analysis.outcomes if o.name == "death_28d")
    exact = next(t.p_value for t in death.tests if t.name == "exact_by_set")
    assert told["outcomes"][0]["tipping"]["by set"]["p"] == pytest.approx(exact, abs=1e-12)


def test_patients_are_named_by_their_ids(told, analysis):
    matched = analysis.cohort.person_id[analysis.comparison.matched].tolist()
    chosen = {row["control"] for row in told["fragility"]["controls"] if row["main"]}
    assert chosen < set(matched) and len(chosen) == 24
    assert set(told["fragility"]["core_controls"]) < chosen
    assert {row["treated"] for row in told["fragility"]["outcomes"][0]["hinges"]} <= set(matched)


def test_the_command_writes_the_same_bytes_each_time(tmp_path):
    for name in ("one", "two"):
        arguments = ["sensitivity", "--data", str(CSV), "--spec", str(SPEC), "--out", str(tmp_path / name)]
        assert main(arguments) == 0
    one, two = ((tmp_path / name / "sensitivity.json").read_bytes() for name in ("one", "two"))
    assert one == two and b"NaN" not in one and b"Infinity" not in one
    assert json.loads(one)["designs"]["treated"] == 8


def test_an_analysis_that_cannot_be_done_is_one_sentence(tmp_path, capsys):
    spec = json.loads(SPEC.read_text()) | {"matching": {"ratio": 3, "caliper": 1e-9}}
    (tmp_path / "spec.json").write_text(json.dumps(spec))
    arguments = ["sensitivity", "--data", str(CSV), "--spec", str(tmp_path / "spec.json"), "--out", str(tmp_path / "o")]
    assert main(arguments) == 2
    said = capsys.readouterr().err
    assert "Traceback" not in said and said.count("\n") == 2
    assert not (tmp_path / "o").exists()


def test_sets_made_elsewhere_have_bounds_and_no_other_match(analysis):
    table = read_csv(write_csv(matched_frame(analysis.cohort, analysis.score, analysis.comparison)))
    given = analysis.spec.replace(matching={"method": "given", "subclass": "subclass"})
    found = whole_sensitivity(table, given)
    assert found.fragility == found.designs == GIVEN
    told = json.loads(sensitivity_files(found)["sensitivity.json"])
    assert told["fragility"] == {"error": GIVEN} and "curve" in told["outcomes"][0]["hidden_bias"]
