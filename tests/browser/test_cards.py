"""Figure cards in the app itself: pictures made in the browser are whole, white and self-describing; pages pass axe."""

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Browser, Locator, Page

from tests.browser.conftest import Server, go_to, open_sample, settle
from tests.browser.test_presentation import present

SVG = "{http://www.w3.org/2000/svg}"
OURS = "[data-testid=stMain]"  # axe reads what we put on the page


def first_card(page: Page) -> Locator:
    """The first figure card of the page, once drawn."""
    card = page.locator("[class*=st-key-figure-card-]").first
    card.locator("svg.main-svg").first.wait_for(state="attached")
    settle(page)
    return card


def taken(page: Page, card: Locator, label: str) -> tuple[str, bytes]:
    """File name and bytes of one of the card's downloads."""
    with page.expect_download() as download:
        card.get_by_role("button", name=re.compile("^" + re.escape(label))).click()
    return download.value.suggested_filename, Path(download.value.path()).read_bytes()


def test_a_card_gives_png_svg_and_numbers(server: Server, page: Page):
    open_sample(page, server)
    go_to(page, "Alike?")
    card = first_card(page)
    svg_name, svg = taken(page, card, "SVG")
    png_name, png = taken(page, card, "PNG (3x)")
    csv_name, numbers = taken(page, card, "Numbers (CSV)")
    root = ElementTree.fromstring(svg)
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    written = " ".join("".join(text.itertext()) for text in root.iter(f"{SVG}text"))
    assert picture.size == (3 * int(root.get("width")), 3 * int(root.get("height")))
    assert picture.getpixel((0, 0)) == picture.getpixel((picture.width - 1, picture.height - 1)) == (255, 255, 255)
    assert "8 of 8 treated" in written and "1:3" in written and "spec" in written
    assert len(list(csv.reader(io.StringIO(numbers.decode())))) > 7
    assert re.fullmatch(r"msc_covid19_\w+_\d{4}-\d\d-\d\d_[0-9a-f]{8}\.png", png_name)
    assert {Path(name).stem for name in (svg_name, png_name, csv_name)} == {Path(png_name).stem}


TITLES = (
    "Data",
    "Match",
    "Alike?",
    "Answer",
    "Robust?",
    "Report",
    "Verify a report",
    "About this example",
    "Check a paper",
)
FOLDED = ("Match", "Answer", "Robust?")


def serious(page: Page) -> list:
    """What axe calls serious or critical of ours; entrance animations end first, as axe reads colours."""
    page.wait_for_timeout(1000)
    found = Axe().run(page, context=OURS).response["violations"]
    bad = [one for one in found if one["impact"] in ("serious", "critical")]
    return [(one["id"], [node["html"][:200] for node in one["nodes"]]) for one in bad]


@pytest.fixture(params=["light", "dark"])
def themed(request: pytest.FixtureRequest, server: Server, browser: Browser) -> Iterator[Page]:
    """The sample, open in one of the themes."""
    visitor = browser.new_context(
        viewport={"width": 1280, "height": 900}, color_scheme=request.param, reduced_motion="reduce"
    )
    page = visitor.new_page()
    open_sample(page, server)
    yield page
    visitor.close()


@pytest.mark.parametrize("title", TITLES)
def test_axe_finds_nothing_serious(themed: Page, title: str):
    go_to(themed, title)
    assert serious(themed) == []


@pytest.mark.parametrize("title", FOLDED)
def test_axe_finds_nothing_serious_in_opened_folds(themed: Page, title: str):
    go_to(themed, title)
    folds = themed.get_by_test_id("stMain").get_by_test_id("stExpander")
    many = folds.count()
    for number in range(many):
        folds.nth(number).locator("summary").first.click()
        settle(themed)
    assert many >= 3 and serious(themed) == []


def test_axe_finds_nothing_serious_in_the_slides(themed: Page):
    present(themed)
    assert serious(themed) == []
