"""The Report page: what is chosen is made, what is missing is said, and a stale report is not offered."""

import io
import zipfile

import pytest

from lib.words import report as words
from tests.app.pages import button, opened, widget
from tests.app.study_files import assert_readable, on_screen, study


def made(app, figures: str = "none"):
    """The page after a report was made."""
    widget(app.segmented_control, words.WHICH).set_value(figures).run()
    return button(app, words.MAKE).click().run()


def labels(app) -> list[str]:
    """What can be downloaded."""
    return [found.proto.label.replace("\\", "") for found in app.get("download_button")]


def test_without_a_cohort_the_page_says_where_to_get_one():
    app = opened("report")
    assert_readable(app)
    assert "There is no cohort yet" in on_screen(app)


def test_a_report_is_made_and_offered_whole_and_by_file():
    app = opened("report", sample="msc_covid19")
    assert words.EVERYTHING not in labels(app)
    made(app)
    assert_readable(app)
    assert words.EVERYTHING in labels(app)
    assert "matched.csv and bundle.zip hold a row for each patient" in on_screen(app)
    name = next(name for name in map("kept-report-{}".format, range(9)) if name in app.session_state)
    report = app.session_state[name].report
    assert {"report.html", "tables.docx", "tables.xlsx", "matched.csv", "spec.json"} <= set(report.files)
    with zipfile.ZipFile(io.BytesIO(report.files["bundle.zip"])) as bundle:
        assert set(bundle.namelist()) == set(report.files) - {"bundle.zip"}


def test_a_report_of_other_choices_is_not_offered():
    app = made(opened("report", sample="msc_covid19"))
    widget(app.selectbox, words.WRITTEN_FOR).set_value("jama").run()
    assert words.EVERYTHING not in labels(app)
    assert words.CHANGED in on_screen(app)


def test_without_an_outcome_there_is_a_report_too():
    app = made(study("report", outcomes=[]))
    assert_readable(app)
    assert words.EVERYTHING in labels(app)


def test_without_a_browser_everything_but_pictures_is_made(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("BROWSER_PATH", "/nowhere/chromium")
    app = made(opened("report", sample="msc_covid19"), "main")
    assert "There are no pictures: no Chrome or Chromium was found" in on_screen(app)
    assert words.EVERYTHING in labels(app)
