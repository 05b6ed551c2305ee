"""The same through the command line, as another process: spec, then run."""

import json
import subprocess
import sys

import pytest

from tests.cases.shelf import FILES, is_the_truth, is_the_whole_truth, outcome_in
from tests.conftest import ROOT


def command(*arguments: str) -> subprocess.CompletedProcess:
    """One command, under 10 seconds."""
    asked = [sys.executable, "-m", "lib", *arguments]
    return subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, timeout=60)


def spec(file: str) -> dict:
    """The spec that the command prints for a file."""
    done = command("spec", "--data", str(FILES / f"{file}.csv"))
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def run(tmp_path, file: str, settings: dict) -> subprocess.CompletedProcess:
    """A run of the file on these settings, into tmp_path / "out"."""
    (tmp_path / "spec.json").write_text(json.dumps(settings))
    files = ["--data", str(FILES / f"{file}.csv"), "--spec", str(tmp_path / "spec.json")]
    return command("run", *files, "--out", str(tmp_path / "out"))


def result(tmp_path) -> dict:
    return json.loads((tmp_path / "out" / "result.json").read_text())


def test_a_clean_file_runs_as_it_is_guessed(tmp_path):
    settings = spec("11_L0_plain_truth")
    assert settings["questions"] == []
    settings["matching"] = {"ratio": 3, "caliper": 0.2}
    assert run(tmp_path, "11_L0_plain_truth", settings).returncode == 0
    is_the_truth(result(tmp_path))


def test_a_file_with_a_question_waits_for_its_answer(tmp_path):
    settings = spec("04b_censored")
    if [q for q in settings["questions"] if q["about"] in ("treatment", "event", "time")]:
        waiting = run(tmp_path, "04b_censored", settings)
        assert waiting.returncode == 2
        assert "Traceback" not in waiting.stderr
        assert not (tmp_path / "out").exists()
    outcome = {"name": "survival", "kind": "survival", "time": "days", "event": "censored", "event_value": 0}
    settings |= {"questions": [], "matching": {"ratio": 3, "caliper": 0.2}, "outcomes": [outcome | {"primary": True}]}
    assert run(tmp_path, "04b_censored", settings).returncode == 0
    is_the_truth(result(tmp_path))


def test_repeated_ids_stop_the_command_until_it_is_told(tmp_path):
    settings = spec("08_repeated_ids") | {"matching": {"ratio": 3, "caliper": 0.2}}
    settings["questions"] = []
    stopped = run(tmp_path, "08_repeated_ids", settings)
    assert stopped.returncode == 2
    assert "P006" not in stopped.stderr
    settings["columns"]["repeated_ids"] = "first"
    assert run(tmp_path, "08_repeated_ids", settings).returncode == 0
    is_the_truth(result(tmp_path))


@pytest.mark.parametrize("file", ["11_L1_comment", "11_L6_twoheader", "11_L8_footer"])
def test_lines_that_are_no_patients(tmp_path, file):
    settings = json.loads((FILES / "11_L0_spec.json").read_text())
    done = run(tmp_path, file, settings)
    if done.returncode == 2:
        assert "ine " in done.stderr
        settings["reading"] = {"skip_lines": {"11_L1_comment": [1, 2], "11_L6_twoheader": [1]}.get(file, [63, 64])}
        assert run(tmp_path, file, settings).returncode == 0
    is_the_truth(result(tmp_path))


def test_a_french_export_runs_as_it_is_guessed(tmp_path):
    settings = spec("cohorte_chu")
    done = run(tmp_path, "cohorte_chu", settings | {"questions": []})
    assert done.returncode == 0, done.stderr
    told = outcome_in(result(tmp_path))
    assert told["summary"]["whole_treated"]["n"] == 14


def test_a_bare_file_is_a_sentence(tmp_path):
    for name, data in (("bom.csv", b"\xef\xbb\xbf"), ("sep.csv", b"sep=")):
        (tmp_path / name).write_bytes(data)
        done = command("spec", "--data", str(tmp_path / name))
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.count("\n") == 2


def test_half_a_character_is_a_sentence(tmp_path):
    settings = '{"columns": {"treatment": "\\ud800"}}'
    (tmp_path / "spec.json").write_text(settings)
    files = ["--data", str(FILES / "11_L0_plain_truth.csv"), "--spec", str(tmp_path / "spec.json")]
    done = command("run", *files, "--out", str(tmp_path / "out"))
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_the_whole_truth_is_printed_in_the_same_way_twice(tmp_path):
    settings = json.loads((FILES / "11_L0_spec.json").read_text())
    texts = []
    for place in ("a", "b"):
        (tmp_path / place).mkdir()
        assert run(tmp_path / place, "11_L0_plain_truth", settings).returncode == 0
        texts.append((tmp_path / place / "out" / "result.json").read_bytes())
    assert texts[0] == texts[1]
    is_the_whole_truth(json.loads(texts[0]))
