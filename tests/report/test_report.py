"""The report: its documents say what result.json says, hold no patient's value, and are the same on a second run."""

import io
import json
import os
import re
import shutil
import signal
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import docx
import numpy as np
import openpyxl
import pytest
from PIL import Image

from lib.__main__ import main
from lib.design.stories import sets_digest
from lib.documents.presets import PRESETS
from lib.documents.zipped import unzipped
from lib.io import read_table
from lib.report.drawings import Wanted
from lib.report.parts import Context
from lib.report.whole import Report, make_report
from lib.spec import AnalysisSpec, NotComparable
from lib.steps import Steps, run
from lib.table import Table
from lib.words.labels import Labels
from lib.words.numbers import percent
from tests.conftest import ROOT
from tests.tables import COHORT_SPEC, cohort_frame

SAMPLE = ROOT / "sample_data/msc_covid19"
BROWSER = shutil.which("chromium") or shutil.which("google-chrome") or shutil.which("chrome")
needs_browser = pytest.mark.skipif(BROWSER is None, reason="no Chromium on this machine (apt-get install chromium)")
ODD = "=1+1 <script>alert(1)</script>\x0b & {x}"
WITHOUT_PICTURES: tuple[str, ...] = ()


def sample() -> Steps:
    """The sample study."""
    table = read_table(SAMPLE.with_suffix(".csv").read_bytes(), "msc_covid19.csv")
    return run(table, AnalysisSpec.from_json(SAMPLE.with_suffix(".spec.json").read_bytes()))


def made_up(**sections) -> Steps:
    """A made-up cohort with three outcomes."""
    return run(Table.from_frame(cohort_frame(gaps=False)), AnalysisSpec.from_dict(COHORT_SPEC | sections))


def context(steps: Steps, **more) -> Context:
    """What a report of these steps is made of."""
    return Context(steps, Labels.of(steps.used[1]), "cohort", **more)


@pytest.fixture(scope="module")
def report() -> Iterator[tuple[Steps, Report]]:
    """The sample's report without pictures."""
    steps = sample()
    yield steps, make_report(context(steps), figures=WITHOUT_PICTURES)


@pytest.fixture(scope="module")
def pictured() -> Report:
    """The made-up cohort's report with two pictures, one of single patients."""
    if BROWSER is None:
        pytest.skip("no Chromium on this machine (apt-get install chromium)")
    made = context(made_up())
    return make_report(made, figures=[made.drawings[0].name, made.drawings[2].name])


def document(report: Report) -> docx.document.Document:
    return docx.Document(io.BytesIO(report.files["tables.docx"]))


def texts(report: Report, name: str) -> dict[str, str]:
    """Every part of a document as text."""
    content = report.files[name]
    parts = unzipped(content) if content.startswith(b"PK") else {name: content}
    return {part: made.decode("utf-8", "replace") for part, made in parts.items()}


def test_the_tables_say_what_result_json_says(report):
    steps, made = report
    result = json.loads(made.files["result.json"])
    first, second, third, passport = document(made).tables
    death = next(one for one in result["outcomes"] if one["primary"])
    cells = [cell.text for cell in second.rows[1].cells]
    for column, arm in ((1, "treated"), (2, "matched_control")):
        seen = death["summary"][arm]
        assert cells[column] == f"{seen['events']} ({percent(seen['risk'])})"
    assert cells[4].startswith(f"{death['quoted']['p']:.2f}")
    assert first.rows[0].cells[1].text == f"Treated (n\xa0=\xa0{result['matching']['matched_treated']})"
    assert [cell.text for cell in passport.rows[0].cells] == ["Component", "As specified here"]
    assert len(third.rows) - 1 == result["matching"]["sets"]
    sheet = openpyxl.load_workbook(io.BytesIO(made.files["tables.xlsx"])).worksheets[2]
    numbers = [row[2].value for row in sheet.iter_rows(min_row=4, max_row=3 + result["matching"]["sets"])]
    assert sum(numbers) == result["matching"]["pairs"]


def test_the_files_of_run_are_in_it_and_the_bundle_holds_all(report):
    _, made = report
    with zipfile.ZipFile(io.BytesIO(made.files["bundle.zip"])) as bundle:
        assert {name: bundle.read(name) for name in bundle.namelist()} == {
            name: content for name, content in made.files.items() if name != "bundle.zip"
        }
    assert {"result.json", "matched.csv", "balance.csv", "outcomes.csv", "table1.csv"} <= set(made.files)


@pytest.mark.parametrize("name", ["report.html", "tables.docx", "tables.xlsx"])
def test_no_patient_is_in_a_document(report, name):
    steps, made = report
    frame = steps.table.frame
    ids = frame[steps.spec.columns.id].astype(str)
    told = {
        part: text for part, text in texts(made, name).items() if "plotly.js v" not in text or name == "report.html"
    }
    if name == "report.html":
        told = {name: re.sub(r"<script>/\*\*.*?</script>", "", told[name], count=1, flags=re.DOTALL)}
        assert len(told[name]) < 500_000, "plotly.js is searched for nothing"
    values = frame.select_dtypes(float).stack()
    rare = {repr(value) for value in values if len(repr(value)) >= 6}
    shown = {repr(value) for value in steps.table_one.select_dtypes(float).stack()}
    for text in told.values():
        assert not [one for one in ids if re.search(rf"(?<![\w.]){re.escape(one)}(?![\w.])", text)]
        found = {one for one in rare - shown if re.search(rf"(?<![\d.]){re.escape(one)}(?!\d)", text)}
        assert len(found) <= 1, f"values of patients: {found}"


def test_a_second_run_gives_the_same_bytes(report):
    _, made = report
    again = make_report(context(sample()), figures=WITHOUT_PICTURES)
    assert {name for name in made.files if made.files[name] != again.files[name]} == set()


def test_every_file_says_where_it_comes_from(report):
    steps, made = report
    for name in ("report.html", "tables.docx", "tables.xlsx", "versions.txt"):
        told = "".join(texts(made, name).values())
        assert steps.spec.digest in told and "openings of outcomes not counted" in told


@needs_browser
def test_pictures_have_both_dresses_and_say_what_they_are(pictured):
    flow = {name.removeprefix("figures/flow"): made for name, made in pictured.files.items() if "/flow" in name}
    assert sorted(flow) == [
        ".txt",
        "_journal.pdf",
        "_journal.svg",
        "_journal_300dpi.png",
        "_journal_600dpi.png",
        "_talk.png",
        "_talk.svg",
    ]
    for name, dpi in (("_journal_300dpi.png", 300), ("_journal_600dpi.png", 600)):
        with Image.open(io.BytesIO(flow[name])) as image:
            assert round(image.info["dpi"][0]) == dpi
            assert image.width / dpi * 25.4 == pytest.approx(174, abs=0.3)
            assert "settings" in image.text["Source"]
    assert "Who was compared" in flow["_talk.svg"].decode().split("<desc>")[1]
    bare = flow["_journal.svg"].decode()
    assert 'width="174mm"' in bare and bare.count("Who was compared") == 1, "only in its title, not drawn"
    sizes = [float(size) for size in re.findall(r"font-size: ([\d.]+)px", bare)]
    assert min(sizes) >= 8 * 96 / 72
    assert b"/Keywords" in flow["_journal.pdf"] and b"20000101" in flow["_journal.pdf"]


@needs_browser
def test_single_patients_stand_in_the_page_as_a_picture_only(pictured):
    page = pictured.files["report.html"].decode()
    overlap = page[page.index('id="overlap"') :].split("</figure>")[0]
    assert "data:image/png;base64," in overlap and "plotly" not in overlap
    assert "no picture was made of" in page


@needs_browser
def test_pictures_are_the_same_on_a_second_run(pictured):
    made = context(made_up())
    again = make_report(made, figures=[made.drawings[0].name, made.drawings[2].name])
    assert {name for name in pictured.files if pictured.files[name] != again.files[name]} == set()


@needs_browser
def test_a_figure_that_fails_is_said_and_the_rest_is_made(monkeypatch):
    def broken() -> None:
        raise ValueError("no")

    made = context(made_up())
    made.drawings[:] = [made.drawings[0], Wanted("broken", "A broken figure", "", broken, main=True)]
    report = make_report(made)
    told = ("A broken figure: the figure could not be drawn (ValueError).", "No picture of: A broken figure.")
    assert report.missing == told
    assert "figures/flow_talk.png" in report.files and "tables.docx" in report.files
    assert b"A broken figure" in report.files["missing.txt"]


def test_a_part_that_fails_is_said_and_the_rest_is_made(monkeypatch):
    def broken(*_: object) -> bytes:
        raise ValueError("no")

    monkeypatch.setattr("lib.report.parts.excel_bytes", broken)
    report = make_report(context(made_up()), figures=WITHOUT_PICTURES)
    assert report.missing == ("Tables for Excel: ValueError.",) and "tables.docx" in report.files
    assert "tables.xlsx" not in report.files


def test_without_a_browser_everything_but_pictures_is_made(monkeypatch):
    monkeypatch.setenv("BROWSER_PATH", "/nowhere/chromium")
    report = make_report(context(made_up()))
    assert "no Chrome or Chromium" in report.missing[0] and report.missing[1].startswith("No picture of: Who was")
    assert len(report.missing) == 2, "said once, not for every figure"
    assert {"report.html", "tables.docx", "tables.xlsx", "missing.txt"} <= set(report.files)
    assert not [name for name in report.files if name.startswith("figures/")]


@needs_browser
def test_a_renderer_that_is_killed_leaves_the_rest(monkeypatch):
    made = context(made_up())

    def kill(step: str, done: int, of: int) -> None:
        if done == 2:
            for child in children(os.getpid()):
                os.kill(child, signal.SIGKILL)

    report = make_report(made, tell=kill)
    assert "the browser that makes them has stopped" in report.missing[0]
    assert report.missing[-1].startswith("No picture of: ") and "Who was compared" not in report.missing[-1]
    assert {"figures/flow_talk.png", "report.html", "tables.docx"} <= set(report.files)


def children(parent: int) -> list[int]:
    """Browsers that this process started, whatever stands between."""
    parents = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            name, rest = path.read_text().rsplit(")", 1)
        except OSError:
            continue
        parents[int(path.parent.name)] = (int(rest.split()[1]), "chrom" in name)
    found = [one for one, (above, _) in parents.items() if above == parent]
    below = [other for one in found for other in children(one)]
    return [one for one in found if parents[one][1]] + below


def test_what_a_file_brings_is_text_everywhere():
    frame = cohort_frame(gaps=False).rename(columns={"age": ODD})
    frame["sex"] = frame["sex"].replace({"male": "@SUM(A1) <img src=x>"})
    columns = COHORT_SPEC["columns"] | {"covariates": [ODD, "sofa", "sex"], "labels": {ODD: ODD}, "categorical": []}
    steps = run(Table.from_frame(frame), AnalysisSpec.from_dict(COHORT_SPEC | {"columns": columns}))
    report = make_report(context(steps), figures=WITHOUT_PICTURES)
    page = report.files["report.html"].decode()
    assert "<script>alert" not in page and "<img src=x" not in page and "&lt;script&gt;alert" in page
    book = openpyxl.load_workbook(io.BytesIO(report.files["tables.xlsx"]))
    assert all(cell.data_type != "f" for sheet in book for row in sheet.iter_rows() for cell in row)
    assert "=1+1 <script>" in document(report).tables[0].rows[1].cells[0].text
    assert not report.missing


def test_the_flow_counts_treated_patients_who_were_lost_before_the_match():
    frame = cohort_frame(gaps=False)
    frame.loc[frame.index[frame["arm"] == "new"][:4], "age"] = np.nan
    made = context(run(Table.from_frame(frame), AnalysisSpec.from_dict(COHORT_SPEC)))
    everybody, lost = int((frame["arm"] == "new").sum()), int(len(made.steps.comparison.losses))
    assert f"{everybody - 4 - lost} of {everybody} treated patients" in made.drawings[0].takeaway


@pytest.mark.parametrize(
    "matching",
    [{"method": "full"}, {"method": "weights", "kind": "att_odds"}, {"method": "nearest", "replace": True}],
)
def test_every_design_has_a_report(matching):
    report = make_report(context(made_up(matching=matching)), figures=WITHOUT_PICTURES)
    assert not report.missing
    titles = [p.text for p in document(report).paragraphs if p.style.name == "Table title"]
    assert len(titles) == (3 if matching["method"] == "weights" else 4)


def test_forty_outcomes_with_long_names():
    frame, rng = cohort_frame(gaps=False), np.random.default_rng(1)
    outcomes = []
    for number in range(40):
        name = f"outcome {number:02d} with a name that goes on and on until nobody can read it to the end any more"
        frame[name] = (rng.random(len(frame)) < 0.3).astype(int)
        outcomes.append({"name": name, "kind": "binary", "column": name, "primary": not number})
    steps = run(Table.from_frame(frame), AnalysisSpec.from_dict(COHORT_SPEC | {"outcomes": outcomes}))
    made = context(steps)
    started = time.monotonic()
    report = make_report(made, figures=WITHOUT_PICTURES)
    assert time.monotonic() - started < 60
    assert len(document(report).tables[1].rows) == 41 and not report.missing
    assert len({one.name for one in made.drawings}) == len(made.drawings)


def test_the_command_writes_a_report_and_says_each_step(tmp_path, capsys):
    data, spec = tmp_path / "cohort.csv", tmp_path / "spec.json"
    cohort_frame(gaps=False).to_csv(data, index=False)
    spec.write_text(json.dumps(COHORT_SPEC))
    asked = ["report", "--data", str(data), "--spec", str(spec), "--figures", "none", "--preset", "lancet"]
    assert main([*asked, "--out", str(tmp_path / "out")]) == 0
    told = capsys.readouterr().err
    assert "Tables for Word" in told and re.search(r"\d\.\d s", told)
    first = docx.Document(tmp_path / "out/tables.docx").tables[0]
    assert "·" in first.rows[1].cells[1].text
    assert main([*asked, "--out", str(tmp_path / "out")]) == 2, "a folder with a report is not written over"
    assert main([*asked, "--out", str(tmp_path / "out"), "--replace"]) == 0
    assert main([*asked[:-1], "bmj", "--out", str(tmp_path / "two")]) == 2
    assert "There are house, jama, lancet, nejm." in capsys.readouterr().err


def test_a_full_disk_leaves_nothing(tmp_path, monkeypatch, capsys):
    data, spec = tmp_path / "cohort.csv", tmp_path / "spec.json"
    cohort_frame(gaps=False).to_csv(data, index=False)
    spec.write_text(json.dumps(COHORT_SPEC))

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("lib.io.files.os.fsync", full)
    out = tmp_path / "out"
    asked = ["report", "--data", str(data), "--spec", str(spec), "--figures", "none", "--out", str(out)]
    assert main(asked) == 2
    assert "no space left on device" in capsys.readouterr().err and not out.exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cohort.csv", "spec.json"]


@pytest.mark.parametrize("preset", ["lancet", "nejm"])
def test_a_journal_changes_the_signs_and_no_digit(preset):
    steps = made_up()
    plain = make_report(context(steps), ["word"], WITHOUT_PICTURES)
    styled = make_report(context(steps, preset=PRESETS[preset]), ["word"], WITHOUT_PICTURES)
    for one, other in zip(document(plain).tables, document(styled).tables, strict=True):
        p_columns = [at for at, cell in enumerate(one.rows[0].cells) if cell.text.startswith("p")]
        for row, written in zip(one.rows[1:], other.rows[1:], strict=True):
            for at, (cell, shown) in enumerate(zip(row.cells, written.cells, strict=True)):
                assert at in p_columns or re.sub(r"\D", "", cell.text) == re.sub(r"\D", "", shown.text)


def test_sets_called_not_comparable_have_a_table_beside_the_main_one():
    steps = made_up(matching={"method": "nearest", "ratio": 2, "caliper": None})
    entry = NotComparable(number=1, sets=sets_digest(steps.comparison), reason="another hospital")
    sensitivity = steps.spec.sensitivity.model_copy(update={"not_comparable": (entry,)})
    report = make_report(context(steps.other(steps.spec.replace(sensitivity=sensitivity))), figures=WITHOUT_PICTURES)
    titles = [p.text for p in document(report).paragraphs if p.style.name == "Table title"]
    assert len(titles) == 5 and not report.missing
    assert "another hospital" in report.files["report.html"].decode()
