"""The report in a real browser: the page makes it, and report.html opens offline and passes axe."""

import zipfile
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from lib.io import read_table
from lib.report.parts import Context
from lib.report.whole import make_report
from lib.spec import AnalysisSpec
from lib.steps import run
from lib.words.labels import Labels
from tests.browser.conftest import Server, go_to, open_sample
from tests.browser.test_cards import OURS
from tests.conftest import ROOT

SAMPLE = ROOT / "sample_data/msc_covid19"


@pytest.fixture(scope="module")
def report_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """report.html of the sample, with one picture of single patients."""
    table = read_table(SAMPLE.with_suffix(".csv").read_bytes(), "msc_covid19.csv")
    steps = run(table, AnalysisSpec.from_json(SAMPLE.with_suffix(".spec.json").read_bytes()))
    made = make_report(Context(steps, Labels.of(steps.used[1]), "msc_covid19"), ["html"], ["overlap"])
    path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_bytes(made.files["report.html"])
    return path


@pytest.mark.parametrize("width", [390, 1280])
def test_the_report_opens_offline_and_passes_axe(browser: Browser, report_file: Path, width: int):
    asked: list[str] = []
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.on("request", lambda request: asked.append(request.url))
    page.goto(report_file.as_uri())
    page.locator("#plot-love_plot svg.main-svg").first.wait_for()
    assert [url for url in asked if not url.startswith(("file:", "data:", "blob:"))] == []
    assert page.locator("#overlap img").evaluate("image => image.naturalWidth") > 1000
    assert page.locator(".modebar-btn").count() == 0, "no button shares or sends anything"
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    found = Axe().run(page).response["violations"]
    assert [one["id"] for one in found if one["impact"] in ("serious", "critical")] == []
    page.close()


def test_the_page_makes_a_report_to_take_away(page: Page, server: Server, tmp_path: Path):
    open_sample(page, server)
    go_to(page, "Report")
    page.get_by_role("radio", name="None").or_(page.get_by_role("button", name="None", exact=True)).first.click()
    page.get_by_role("button", name="Make the report").click()
    offered = page.get_by_role("button", name="Everything (zip)")
    expect(offered).to_be_visible()
    found = Axe().run(page, context=OURS).response["violations"]
    assert [one["id"] for one in found if one["impact"] in ("serious", "critical")] == []
    with page.expect_download() as waiting:
        offered.click()
    path = tmp_path / "bundle.zip"
    waiting.value.save_as(path)
    with zipfile.ZipFile(path) as bundle:
        assert {"report.html", "tables.docx", "slides.pptx", "methods.md"} <= set(bundle.namelist())
