"""The command line: what run writes, what spec prints, and one sentence with a hint for what cannot be done."""

import json
import stat
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from lib.__main__ import main
from lib.io import read_csv, write_csv
from lib.spec import AnalysisSpec
from tests.conftest import ROOT, SAMPLES
from tests.independent.harness import run_in
from tests.io.workbooks import sheet_xml, workbook
from tests.tables import COHORT_SPEC, cohort_frame

FILES = ["balance.csv", "matched.csv", "outcomes.csv", "result.json", "table1.csv"]


@pytest.fixture
def cohort(tmp_path: Path) -> Path:
    """A folder with cohort.csv and spec.json."""
    (tmp_path / "cohort.csv").write_bytes(write_csv(cohort_frame()))
    (tmp_path / "spec.json").write_text(json.dumps(COHORT_SPEC))
    return tmp_path


def result_in(folder: Path) -> dict:
    return json.loads((folder / "out" / "result.json").read_text())


def change_spec(folder: Path, path: str, value: object) -> None:
    """Set one setting by its dotted path."""
    settings = json.loads((folder / "spec.json").read_text())
    *parents, last = path.split(".")
    section = settings
    for parent in parents:
        section = section.setdefault(parent, {})
    section[last] = value
    (folder / "spec.json").write_text(json.dumps(settings))


def change_data(folder: Path, **columns: object) -> None:
    """Replace columns of cohort.csv; a function gets the old column."""
    frame = cohort_frame()
    for name, value in columns.items():
        frame[name] = value(frame[name]) if callable(value) else value
    (folder / "cohort.csv").write_bytes(write_csv(frame))


def refused(folder: Path, capsys: pytest.CaptureFixture) -> str:
    """Standard error of a run that exits 2: one sentence, one hint, no traceback, no folder."""
    assert run_in(folder) == 2
    caught = capsys.readouterr()
    sentence, hint = caught.err.rstrip("\n").split("\n")
    assert sentence.endswith(".")
    assert sentence.count(". ") == 0
    assert hint
    assert caught.out == ""
    assert not (folder / "out").exists()
    assert sorted(path.name for path in folder.iterdir()) == ["cohort.csv", "spec.json"]
    return sentence


def test_run_writes_the_five_files(cohort):
    assert run_in(cohort) == 0
    assert sorted(path.name for path in (cohort / "out").iterdir()) == FILES
    result = result_in(cohort)
    assert {"n", "attrition", "propensity", "matching", "balance", "outcomes", "notes"} <= set(result)
    assert result["n"]["rows"] == result["n"]["treated"] + result["n"]["control"]
    assert result["attrition"][-1]["treated"] == result["n"]["treated"]
    assert [outcome["name"] for outcome in result["outcomes"]] == ["died", "score", "survival"]


def test_the_same_file_and_spec_give_the_same_bytes(cohort):
    run_in(cohort)
    first = {name: (cohort / "out" / name).read_bytes() for name in FILES}
    run_in(cohort)
    assert first == {name: (cohort / "out" / name).read_bytes() for name in FILES}


def test_a_folder_below_missing_ones_is_made(cohort):
    assert (
        main(
            [
                "run",
                "--data",
                str(cohort / "cohort.csv"),
                "--spec",
                str(cohort / "spec.json"),
                "--out",
                str(cohort / "a" / "b" / "out"),
            ]
        )
        == 0
    )
    assert (cohort / "a" / "b" / "out" / "result.json").exists()


def test_the_published_p_values(tmp_path):
    """The sample study under its own specification prints the p-values of Gregoire 2022."""
    data, settings = SAMPLES / "msc_covid19.csv", SAMPLES / "msc_covid19.spec.json"
    assert main(["run", "--data", str(data), "--spec", str(settings), "--out", str(tmp_path / "out")]) == 0
    outcomes = {outcome["name"]: outcome for outcome in result_in(tmp_path)["outcomes"]}
    printed = {
        "death_28d": ("0.025", "0.21"),
        "death_60d": ("0.0082", "0.061"),
        "need_mv": ("0.56", "1.0"),
        "need_noradrenaline": ("0.13", "0.49"),
    }
    for name, (matched, whole) in printed.items():
        p = {test["name"]: test["p_value"] for test in outcomes[name]["tests"]}
        assert f"{p['mcnemar_pairs']:.2g}" == matched
        assert f"{p['fisher_exact']:.2g}" == whole.removesuffix(".0")


def test_spec_prints_a_spec_that_runs(cohort, capsys):
    assert main(["spec", "--data", str(cohort / "cohort.csv")]) == 0
    printed = capsys.readouterr().out
    assert AnalysisSpec.from_json(printed).columns.treatment == "arm"
    (cohort / "spec.json").write_text(printed)
    assert run_in(cohort) == 0


def test_reading_options(cohort):
    frame = cohort_frame().drop(columns=["days", "status"])
    text = write_csv(frame).decode().replace(",", "\u00a7").replace(".", ",").replace("\u00a7", "~")
    (cohort / "cohort.csv").write_bytes(text.encode("utf-16"))
    change_spec(cohort, "outcomes", COHORT_SPEC["outcomes"][:2])
    assert run_in(cohort, "--encoding", "utf-16", "--delimiter", "~", "--decimal", ",", "--missing", "NA", "xx") == 0


def test_columns_that_identify_a_patient_are_pointed_out(cohort, capsys):
    change_data(cohort, surname=[f"Family{i}" for i in range(120)])
    assert run_in(cohort) == 0
    assert 'Column "surname" looks like names of persons.' in capsys.readouterr().err


# ---- everything that cannot be done


@pytest.mark.parametrize(
    ("columns", "settings", "words"),
    [
        ({"arm": "usual"}, {}, 'Column "arm" has 1 value ("usual"); a treatment needs exactly 2'),
        ({}, {"columns.treated_value": "other"}, 'holds the treated value "other"; it holds "new", "usual"'),
        ({"arm": ["a", "b", "c"] * 40}, {}, 'Column "arm" has 3 values ("a", "b", "c")'),
        ({}, {"columns.covariates": ["age", "soffa", "sex", "site"]}, 'The file has no column "soffa"'),
        ({"id": "P1"}, {}, "duplicate ids: 1 person stands in 120 rows"),
        (
            {"age": lambda column: column.map("{:.1f}".format).mask(column > 75, "old")},
            {},
            'Column "age" holds text in',
        ),
        ({"age": 50}, {}, 'Covariate "age" has the same value for all'),
        ({"age": np.nan}, {}, 'Covariate "age" is empty'),
        (
            {},
            {"columns.covariates": ["age", "sofa", "sex", "site", "died"]},
            '"died" is both a covariate and an outcome',
        ),
        ({}, {"matching.ratio": 0}, "`matching.ratio` must be 1 or more, not 0"),
        ({}, {"matching.calliper": 0.2}, "`matching.calliper` is not a setting"),
        ({}, {"matching.caliper": 1e-12}, "caliper"),
        ({}, {"matching.ratio": 100}, "asks for 100 controls"),
        (
            {"age": lambda column: column.where(cohort_frame()["arm"] == "usual", column + 500)},
            {},
            "treated from controls",
        ),
        ({}, {"eligibility": [{"column": "age", "op": ">", "value": 500}]}, "No patient is left"),
        ({"score": "high"}, {}, 'the continuous outcome "score" needs numbers'),
        ({"days": -1}, {}, "below 0 in 120 rows"),
        ({"died": lambda column: np.arange(120) % 3}, {}, 'Column "died" has 3 values ("0", "1", "2")'),
    ],
)
def test_what_cannot_be_done(cohort, capsys, columns, settings, words):
    change_data(cohort, **columns)
    for path, value in settings.items():
        change_spec(cohort, path, value)
    assert words in refused(cohort, capsys)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"PK\x03\x04", "zip archive"),
        (b"id,arm,arm\n1,2,3\n", 'more than once: "arm"'),
        (b"id,arm\n1,2\n3\n", "Line 3 has 1 value"),
        (b"id,arm\n", "no rows"),
    ],
)
def test_files_that_cannot_be_read(cohort, capsys, data, words):
    (cohort / "cohort.csv").write_bytes(data)
    assert words in refused(cohort, capsys)


def test_a_spec_that_is_no_spec(cohort, capsys):
    (cohort / "spec.json").write_text("{")
    assert refused(cohort, capsys) == "The spec file is not valid JSON."


def test_missing_files(cohort, capsys):
    for absent in ("cohort.csv", "spec.json"):
        (cohort / absent).unlink()
        assert run_in(cohort) == 2
        assert absent in capsys.readouterr().err
    assert not (cohort / "out").exists()


def test_a_folder_that_cannot_be_written(cohort, capsys):
    (cohort / "out").write_text("a file is in the way")
    assert run_in(cohort) == 2
    assert "cannot be written" in capsys.readouterr().err
    assert (cohort / "out").read_text() == "a file is in the way"
    assert sorted(path.name for path in cohort.iterdir()) == ["cohort.csv", "out", "spec.json"]


def test_more_controls_asked_for_than_there_are(cohort):
    change_spec(cohort, "matching.ratio", 50)
    change_spec(cohort, "matching.caliper", None)
    assert run_in(cohort) == 0
    result = result_in(cohort)
    assert result["matching"]["matched_control"] == result["n"]["control"]
    assert any("50" in note for note in result["notes"])


def test_as_a_program(cohort):
    """The real command: exit codes, and a standard error without warnings or a traceback."""
    command = [
        sys.executable,
        "-W",
        "error",
        "-m",
        "lib",
        "run",
        "--data",
        str(cohort / "cohort.csv"),
        "--spec",
        str(cohort / "spec.json"),
        "--out",
        str(cohort / "out"),
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    change_spec(cohort, "columns.treatment", "sofa")
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 2
    assert "Traceback" not in done.stderr


def test_the_matched_file_holds_the_files_own_columns(cohort):
    run_in(cohort)
    matched = read_csv((cohort / "out" / "matched.csv").read_bytes()).frame
    own = cohort_frame()
    assert matched.columns.tolist() == [*own.columns, "propensity", "distance", "weights", "subclass"]
    kept = own[own["sofa"].notna()].reset_index(drop=True)
    pd.testing.assert_frame_equal(matched[own.columns.tolist()], kept, check_exact=True, check_dtype=False)
    assert matched["subclass"].isna().equals(matched["weights"] == 0)
    assert matched["subclass"].nunique() == result_in(cohort)["matching"]["matched_treated"]
    treated = matched[(matched["arm"] == "new") & (matched["weights"] > 0)]
    assert treated["subclass"].tolist() == list(range(1, len(treated) + 1))


HEAVY = ("scipy.stats", "scipy.optimize", "plotly", "streamlit", "joblib", "sklearn", "statsmodels")


@pytest.mark.parametrize(
    "modules", ["lib.__main__", "lib.steps, lib.report.files, lib.bench_whole, lib.sensitivity.run"]
)
def test_no_command_imports_what_it_does_not_use(modules: str) -> None:
    told = f"import sys, {modules}; print([name for name in {HEAVY} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", told], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_help_needs_no_data_library() -> None:
    told = "import sys, lib.__main__; print([name for name in ('numpy', 'pandas', 'pydantic') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", told], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


# ---- formats, two files, questions, and where results go


def cohort_rows() -> list[list[object]]:
    """Header and patients as cells of a sheet."""
    frame = cohort_frame().astype(object)
    return [frame.columns.tolist(), *frame.where(frame.notna(), None).values.tolist()]


def numbers_in(folder: Path) -> list[object]:
    """Everything that a run wrote, but what it says of the file."""
    return [
        *((folder / "out" / name).read_bytes() for name in FILES[:3]),
        result_in(folder) | {"notes": [], "spec": ""},
    ]


def test_a_workbook_gives_the_numbers_of_its_csv(cohort):
    assert run_in(cohort) == 0
    expected = numbers_in(cohort)
    few = sheet_xml(cohort_rows()[:30])
    book = workbook({"About": sheet_xml([["made up"]]), "Few": few, "Patients": sheet_xml(cohort_rows())})
    (cohort / "cohort.csv").write_bytes(book)
    assert run_in(cohort, "--sheet", "Patients") == 0
    assert numbers_in(cohort) == expected
    change_spec(cohort, "reading", {"sheet": "Patients"})
    assert run_in(cohort) == 0
    assert numbers_in(cohort) == expected
    change_spec(cohort, "reading", {"sheet": "Few"})
    assert run_in(cohort) != 0 or numbers_in(cohort) != expected


def test_a_sheet_that_is_not_there(cohort, capsys):
    (cohort / "cohort.csv").write_bytes(workbook({"Patients": sheet_xml([["id", "x"], ["a", 1], ["b", 2]])}))
    change_spec(cohort, "reading.sheet", "Patient")
    assert refused(cohort, capsys) == 'The workbook has no sheet "Patient".'


def test_spec_keeps_the_sheet_it_was_made_from(cohort, capsys):
    rows = cohort_rows()
    book = workbook({"First": sheet_xml([["id", "x"], ["a", 1], ["b", 2]]), "Patients": sheet_xml(rows)})
    (cohort / "cohort.xlsx").write_bytes(book)
    assert main(["spec", "--data", str(cohort / "cohort.xlsx"), "--sheet", "Patients"]) == 0
    assert AnalysisSpec.from_json(capsys.readouterr().out).reading.sheet == "Patients"


def test_treated_and_controls_in_a_file_each(cohort):
    assert run_in(cohort) == 0
    one = result_in(cohort)
    frame = cohort_frame()
    arms = {arm: part.drop(columns="arm") for arm, part in frame.groupby("arm")}
    (cohort / "new.csv").write_bytes(write_csv(arms["new"]))
    (cohort / "cohort.csv").write_bytes(write_csv(arms["usual"]))
    change_spec(cohort, "columns.treatment", "file")
    change_spec(cohort, "columns.treated_value", "treated")
    arguments = ["run", "--data", str(cohort / "new.csv"), "--data", str(cohort / "cohort.csv")]
    assert main([*arguments, "--spec", str(cohort / "spec.json"), "--out", str(cohort / "two")]) == 0
    two = json.loads((cohort / "two" / "result.json").read_text())
    assert two["n"] == one["n"]
    assert two["propensity"]["coefficients"] == pytest.approx(one["propensity"]["coefficients"], rel=1e-6)


def test_three_files(cohort, capsys):
    more = ["--data", str(cohort / "cohort.csv")] * 2
    assert run_in(cohort, *more) == 2
    assert "not 3" in capsys.readouterr().err


QUESTION = {"about": "event", "column": "died", "candidates": ["0", "1"], "text": 'Which value of "died" is the event?'}


@pytest.mark.parametrize("about", ["treatment", "event", "time"])
@pytest.mark.parametrize("command", ["run", "grid", "sensitivity"])
def test_an_open_question_waits_for_its_answer(cohort, capsys, about, command):
    change_spec(cohort, "questions", [QUESTION | {"about": about}])
    arguments = ["--data", str(cohort / "cohort.csv"), "--spec", str(cohort / "spec.json")]
    assert main([command, *arguments, "--out", str(cohort / "out")]) == 2
    sentence, hint = capsys.readouterr().err.rstrip("\n").split("\n")
    assert sentence == 'A question is open: Which value of "died" is the event?'
    assert '`"questions": []`' in hint
    assert not (cohort / "out").exists()


def test_questions_that_can_wait(cohort):
    change_spec(cohort, "questions", [QUESTION | {"about": about} for about in ("id", "role", "number")])
    assert run_in(cohort) == 0


def test_results_are_not_mixed_with_others(cohort, capsys):
    arguments = ["run", "--data", str(cohort / "cohort.csv"), "--spec", str(cohort / "spec.json")]
    arguments += ["--out", str(cohort / "out")]
    assert main(arguments) == 0
    first = {name: (cohort / "out" / name).read_bytes() for name in FILES}
    assert main(arguments) == 2
    assert "--replace" in capsys.readouterr().err
    assert main([*arguments, "--replace"]) == 0
    assert {name: (cohort / "out" / name).read_bytes() for name in FILES} == first
    assert {stat.S_IMODE(path.stat().st_mode) for path in (cohort / "out").iterdir()} == {0o600}
    (cohort / "out" / "notes.txt").write_text("mine")
    assert main([*arguments, "--replace"]) == 2
    assert sorted(path.name for path in (cohort / "out").iterdir()) == sorted([*FILES, "notes.txt"])


@pytest.mark.parametrize("command", ["run", "grid", "sensitivity"])
def test_a_full_folder_is_refused_before_anything_is_done(cohort, capsys, command, monkeypatch):
    (cohort / "out").mkdir()
    (cohort / "out" / "notes.txt").write_text("mine")
    (cohort / "cohort.csv").unlink()
    arguments = ["--data", str(cohort / "cohort.csv"), "--spec", str(cohort / "spec.json")]
    assert main([command, *arguments, "--out", str(cohort / "out")]) == 2
    assert "is not empty" in capsys.readouterr().err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no such device here")
def test_an_answer_that_cannot_be_printed(cohort):
    with open("/dev/full", "wb") as full:
        command = [sys.executable, "-m", "lib", "spec", "--data", str(cohort / "cohort.csv")]
        done = subprocess.run(command, cwd=ROOT, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.startswith("The answer cannot be printed: no space left on device.")
    assert "Traceback" not in done.stderr


def test_a_csv_needs_no_reader_of_other_formats(cohort):
    readers = ("python_calamine", "pyreadstat", "pyarrow.parquet")
    told = (
        "import sys; from lib.__main__ import main; main(sys.argv[1:]); "
        f"print([name for name in {readers} if name in sys.modules])"
    )
    files = ["--data", str(cohort / "cohort.csv"), "--spec", str(cohort / "spec.json"), "--out", str(cohort / "out")]
    command = [sys.executable, "-c", told, "run", *files]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
