"""Free days within an analysis: the sample gives the cohort's own columns back, and the settings do what they say."""

import json
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from lib.__main__ import main
from lib.errors import DataError, SpecError
from lib.freedays import Vital, derive, derived_name
from lib.freedays.lines import set_lines, treated_lines
from lib.freedays.study import NO_EPISODES, chosen_supports, episodes_of, join
from lib.io import read_csv
from lib.report.files import result_files
from lib.spec import AnalysisSpec, FreeDays
from lib.steps import run
from lib.table import Table
from tests.conftest import ROOT, SAMPLES
from tests.tables import COHORT_SPEC, cohort_frame

OWN = {
    "icu": "icu_free_days",
    "invasive_ventilation": "invasive_ventilation_free_days",
    "hfno": "hfno_free_days",
    "oxygen": "o2_free_days",
}
EPISODES_FILE = SAMPLES / "msc_covid19_episodes.csv"


@pytest.fixture(scope="module")
def table():
    """The sample cohort."""
    return read_csv((SAMPLES / "msc_covid19.csv").read_bytes())


@pytest.fixture(scope="module")
def episodes():
    """Its episodes."""
    return read_csv(EPISODES_FILE.read_bytes())


@pytest.fixture(scope="module")
def spec():
    """Its spec."""
    return AnalysisSpec.from_json((SAMPLES / "msc_covid19.spec.json").read_bytes())


@pytest.fixture(scope="module")
def analysis(table, spec, episodes):
    """The sample with its episodes."""
    return run(table, spec, episodes)


@pytest.mark.parametrize("support", OWN)
def test_the_sample_gives_the_cohorts_free_days_back_for_everyone(table, spec, episodes, support):
    found = next(d for d in join(table, spec, episodes).derived if d.support == support)
    assert np.array_equal(found.days, table.frame[OWN[support]].to_numpy(dtype=float), equal_nan=True)
    assert len(found.days) == 255


def test_the_sample_holds_what_the_paper_says_of_the_treated(table, episodes):
    rows = episodes.frame.merge(table.frame[["patient_id", "group", "need_mv", "treatment_day"]])
    msc = rows[rows["group"] == "MSC"].assign(days=lambda r: r["end_day"] - r["start_day"])
    infusions = msc[msc["support"] == "infusion"].groupby("patient_id")
    assert sorted(infusions.size()) == [2, 3, 3, 3, 3, 3, 3, 3]
    assert infusions["start_day"].apply(lambda d: np.diff(d).tolist() in ([3], [3, 3])).all()
    assert (infusions["start_day"].min() == infusions["treatment_day"].first()).all()
    stays = msc.groupby(["support", "patient_id"])["days"].sum()
    assert [stays["icu"].median(), stays["icu"].min(), stays["icu"].max()] == [12, 3, 58]
    assert [stays["hospital"].median(), stays["hospital"].min(), stays["hospital"].max()] == [30, 13, 109]
    assert (msc["support"] == "ecmo").sum() == (rows["support"] == "ecmo").sum() == 1
    assert sorted(msc[msc["support"] == "icu"].groupby("patient_id").size()) == [1] * 7 + [2]
    ventilated = rows[rows["support"] == "invasive_ventilation"]["patient_id"]
    assert set(ventilated) == set(table.frame.loc[table.frame["need_mv"] == 1, "patient_id"])


def test_nobody_in_the_sample_outlives_their_death(table, episodes):
    rows = episodes.frame.merge(table.frame[["patient_id", "followup_days", "death_by_60"]])
    dead = rows[rows["death_by_60"] == 1]
    assert (dead["end_day"] <= dead["followup_days"]).all()
    last = dead[dead["support"] == "hospital"]
    assert (last["end_day"] == last["followup_days"]).all()


def test_the_script_makes_the_same_bytes_again(tmp_path):
    made = tmp_path / "again.csv"
    script = SAMPLES / "make_msc_covid19_episodes.py"
    subprocess.run([sys.executable, script, SAMPLES / "msc_covid19.csv", made], check=True, cwd=ROOT)
    assert made.read_bytes() == EPISODES_FILE.read_bytes()


def without_own_free_days(spec):
    """The spec without the cohort's own columns of free days."""
    return spec.replace(outcomes=[o for o in spec.outcomes if o.column not in OWN.values()])


def test_derived_days_become_outcomes_and_the_analysis_stays(table, spec, episodes):
    plain, found = run(table, spec), run(table, without_own_free_days(spec), episodes)
    assert [o.name for o in found.outcomes][-4:] == [derived_name(s) for s in OWN]
    assert np.array_equal(found.comparison.membership, plain.comparison.membership)
    own, derived = ({o.name: o for o in a.outcomes} for a in (plain, found))
    for support, name in OWN.items():
        made = derived[derived_name(support)]
        assert made.treated == own[name].treated and made.matched_control == own[name].matched_control
        assert [t.p_value for t in made.tests] == pytest.approx([t.p_value for t in own[name].tests], nan_ok=True)
    listed = ", ".join(f'"{name}"' for name in OWN.values())
    said = found.notes
    assert f"The derived free days equal {listed} of the file for every patient." in said


def test_days_that_an_outcome_tells_already_are_not_added_again(table, spec, episodes, analysis):
    assert [o.name for o in analysis.outcomes] == [o.name for o in run(table, spec).outcomes]
    worst = run(table, spec.replace(free_days={"death": "worst"}), episodes)
    assert [o.name for o in worst.outcomes][-4:] == [derived_name(s) for s in OWN]


def test_outcomes_already_in_the_spec_are_not_added_twice(table, spec, episodes):
    whole = join(table, without_own_free_days(spec), episodes).spec
    assert join(table, whole, episodes).spec == whole


def test_the_win_ratio_is_that_of_a_count_by_hand(table, analysis):
    frame = table.frame.set_index("patient_id")
    sample, ids = analysis.comparison, analysis.cohort.person_id
    wins = losses = 0
    for pair in sample.pairs.itertuples():
        a, b = frame.loc[ids[pair.treated_row]], frame.loc[ids[pair.control_row]]
        for better, worse, win in ((a, b, True), (b, a, False)):
            told = worse["death_by_60"] > better["death_by_60"]
            told |= worse["death_by_60"] == better["death_by_60"] == 1 and (
                worse["followup_days"] < better["followup_days"]
            )
            level = [x[name] for name in ("invasive_ventilation_free_days", "icu_free_days") for x in (better, worse)]
            alike = a["death_by_60"] == b["death_by_60"] == 0
            told |= alike and level[0] > level[1]
            told |= alike and not (level[0] != level[1] and not np.isnan(level[:2]).any()) and level[2] > level[3]
            wins, losses = wins + (told and win), losses + (told and not win)
    found = analysis.free_days.win_ratio
    assert (found.wins, found.losses) == (wins, losses)
    assert found.test.n_units == 8 and found.test.n_control == 24


def test_the_days_of_the_window_by_arm(table, analysis):
    rows = analysis.free_days.summary.set_index(["support", "arm"])
    assert rows[["supported", "free", "dead"]].sum(axis=1).to_numpy() == pytest.approx(28)
    frame = table.frame[table.frame["group"] == "control"]
    whole, treated = rows.loc["icu", "whole_control"], rows.loc["icu", "treated"]
    assert (whole["n"], whole["died"]) == (247, frame["death_28d"].sum())
    assert whole["dead"] == pytest.approx((28 - frame["followup_days"]).clip(lower=0).mean())
    assert treated["free"] == pytest.approx(table.frame.loc[table.frame["group"] == "MSC", "icu_free_days"].mean())
    for support, name in OWN.items():
        printed = next(o for o in analysis.outcomes if o.name == name).matched_control
        row = rows.loc[support, "matched_control"]
        assert (row["n"], row["median"], row["p25"], row["p75"]) == (
            printed.n,
            printed.median,
            printed.p25,
            printed.p75,
        )


def test_result_files_carry_it_and_are_the_same_bytes_twice(table, spec, episodes, analysis):
    files = result_files(analysis)
    assert files == result_files(run(table, spec, episodes))
    content = json.loads(files["result.json"])
    assert [block["name"] for block in content["free_days"]] == [derived_name(s) for s in OWN]
    assert {e["measure"] for e in content["win_ratio"]["estimates"]} == {"win_ratio", "win_difference", "win_odds"}
    assert len(files["free_days.csv"].splitlines()) == 1 + 4 * 255
    assert "icu_free_days_derived" in files["matched.csv"].decode().splitlines()[0]
    assert not {"free_days", "win_ratio"} & set(json.loads(result_files(run(table, spec))["result.json"]))


def test_settings_reach_the_result(table, spec, episodes):
    settings = {
        "window": 14,
        "death": "worst",
        "never": "free",
        "supports": ["ecmo", "icu"],
        "hierarchy": ["death_60d", {"outcome": "crp_day7", "better": "lower", "margin": 10}],
    }
    found = run(table, spec.replace(free_days=settings), episodes).free_days
    assert [d.support for d in found.derived] == ["ecmo", "icu"]
    assert found.derived[0].days.max() == 14 and found.derived[1].days.min() == -1
    assert found.win_ratio.levels["outcome"].tolist() == ["death_60d", "crp_day7"]
    assert found.win_ratio.levels["better"].tolist() == ["lower", "lower"]


def test_a_spec_that_asks_for_free_days_without_a_file_says_so(table, spec, episodes):
    asked = run(table, spec.replace(free_days={}))
    assert NO_EPISODES.full in asked.notes
    content = json.loads(result_files(asked)["result.json"])
    assert (content["free_days"], content["win_ratio"]) == ([], None)
    with pytest.raises(DataError, match='"icu_free_days_derived", .* and none was given'):
        run(table, join(table, without_own_free_days(spec), episodes).spec)


def test_with_replacement_there_is_no_test(table, spec, episodes):
    matching = spec.matching.model_copy(update={"replace": True})
    found = run(table, spec.replace(matching=matching), episodes).free_days
    assert np.isnan(found.win_ratio.test.p_value)
    assert any("share controls" in note.text for note in found.notes)


BAD_SPECS = {
    'names "icu" twice': {"supports": ["icu", "icu"]},
    'names "death_60d" twice': {"hierarchy": ["death_60d", "icu", "death_60d"]},
    "not a survival outcome": {"survival": "death_60d"},
    "`free_days.window` must be above 0": {"window": 0},
    "`free_days.death`": {"death": "best"},
    "`free_days.ventilators` is not a setting": {"ventilators": 1},
}


@pytest.mark.parametrize("sentence", BAD_SPECS)
def test_bad_settings_are_one_sentence(spec, sentence):
    with pytest.raises(SpecError) as caught:
        spec.replace(free_days=BAD_SPECS[sentence])
    assert sentence in str(caught.value) and "\n" not in str(caught.value)


def test_what_only_the_data_can_refuse(table, spec, episodes):
    silent = spec.replace(outcomes=[o.model_copy(update={"better": None}) for o in spec.outcomes])
    for settings, error, sentence in (
        ({"hierarchy": ["nothing"]}, SpecError, 'names "nothing"'),
        ({"hierarchy": ["crp_day7"]}, SpecError, 'higher or a lower "crp_day7"'),
        ({"supports": ["dialysis"]}, DataError, '"dialysis"'),
    ):
        with pytest.raises(error, match=sentence):
            run(table, silent.replace(free_days=settings), episodes)
    no_survival = spec.replace(outcomes=spec.outcomes[:3])
    with pytest.raises(SpecError, match="no survival outcome"):
        run(table, no_survival, episodes)
    no_id = spec.replace(columns=spec.columns.model_copy(update={"id": None}))
    with pytest.raises(SpecError, match="no column that identifies"):
        run(table, no_id, episodes)


def test_only_unusual_supports_need_to_be_named(table, episodes):
    rows = episodes.frame[episodes.frame["support"] == "ecmo"]
    found = episodes_of(table, Table.from_frame(rows), "patient_id")
    with pytest.raises(SpecError, match='only "ecmo"'):
        chosen_supports(found, FreeDays())
    assert chosen_supports(found, FreeDays(supports=("ecmo",))) == ("ecmo",)


def test_the_lines_of_the_swimmer_are_the_sets(table, spec, episodes, analysis):
    study = join(table, spec, episodes)
    a = analysis
    every = treated_lines(study.episodes, study.vital, a.cohort, a.comparison, 40)
    assert sorted(every.labels) == [f"Set {k}" for k in range(1, 9)]
    assert every.treated.all() and np.isnan(every.death).all()
    ends = every.episodes.groupby("line")["end"].max().to_numpy()
    assert (np.diff(ends) <= 0).all() and ends[0] == 107
    assert len(treated_lines(study.episodes, study.vital, a.cohort, a.comparison, 3).labels) == 3
    dead = 0
    for number in range(8):
        one = set_lines(study.episodes, study.vital, a.cohort, a.comparison, number)
        assert one.labels == ("Treated", "Control 1", "Control 2", "Control 3")
        assert one.treated.tolist() == [True, False, False, False]
        dead += int((~np.isnan(one.death)).sum())
    assert dead == 7


def test_sets_labels_follow_the_file_whatever_its_order(table, spec, episodes, analysis):
    shuffled = Table.from_frame(episodes.frame.sample(frac=1, random_state=1))
    one, two = analysis.free_days, run(table, spec, shuffled).free_days
    assert one.win_ratio.test == two.win_ratio.test
    assert all(np.array_equal(a.days, b.days, equal_nan=True) for a, b in zip(one.derived, two.derived, strict=True))


def test_a_cohort_of_ones_own(tmp_path, capsys):
    frame = cohort_frame(90)
    stays = pd.DataFrame({"id": frame["id"], "support": "ICU", "start_day": 0, "end_day": frame["days"].clip(upper=9)})
    frame.to_csv(tmp_path / "cohort.csv", index=False)
    stays.to_csv(tmp_path / "stays.csv", index=False, sep=";")
    settings = COHORT_SPEC | {"free_days": {"hierarchy": ["survival", "icu_free_days_derived"]}}
    (tmp_path / "spec.json").write_text(json.dumps(settings))
    command = ["run", "--data", "cohort.csv", "--spec", "spec.json", "--episodes", "stays.csv", "--out", "out"]
    command += ["--replace"]
    paths = [str(tmp_path / part) if "." in part or part == "out" else part for part in command]
    assert main(paths) == 0
    content = json.loads((tmp_path / "out" / "result.json").read_text())
    assert content["win_ratio"]["comparisons"] == content["matching"]["pairs"]
    (tmp_path / "stays.csv").write_text("id;support;start_day;end_day\nNOBODY;icu;0;4\n")
    assert main(paths) == 2
    said = capsys.readouterr().err
    assert "1 patient that the cohort does not hold" in said and "NOBODY" not in said and "Traceback" not in said


def test_an_own_column_that_differs_is_counted(table, spec, episodes):
    frame = table.frame.assign(icu_free_days=table.frame["icu_free_days"].to_numpy() + np.eye(255)[0])
    notes = join(Table.from_frame(frame), spec, episodes).notes
    assert any('differs from column "icu_free_days" of the file for 1 of 255 patients' in note.text for note in notes)


def test_the_extended_tables_digest_depends_on_both(table, spec, episodes):
    one = join(table, spec, episodes).table.digest
    shorter = join(table, spec.replace(free_days={"window": 14}), episodes).table.digest
    assert len({table.digest, one, shorter}) == 3
    assert replace(table, digest="other") is not table
    assert join(replace(table, digest="other"), spec, episodes).table.digest != one


def test_a_large_file_is_read_and_derived_at_once():
    n = 60_000
    ids = np.array([str(k) for k in range(n)], dtype=object)
    rng = np.random.default_rng(1)
    start = rng.integers(0, 5, n)
    rows = pd.DataFrame({"patient_id": ids, "support": "icu", "start_day": start, "end_day": start + 3})
    found = episodes_of(Table.from_frame(pd.DataFrame({"patient_id": ids})), Table.from_frame(rows), "patient_id")
    made = derive(found, Vital(np.full(n, 90.0), np.zeros(n, dtype=bool)), "icu")
    assert (made.days == 25).all()
