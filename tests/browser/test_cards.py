"""Figure cards in the app itself: pictures made in the browser are whole, white and self-describing; pages pass axe."""

import csv
import io
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Browser, Locator, Page

from tests.browser.conftest import Server, go_to, open_sample, settle

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


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "title", ["Data", "Match", "Alike?", "Answer", "Robust?", "About this example", "Check a paper"]
)
def test_axe_finds_nothing_serious(server: Server, browser: Browser, title: str, scheme: str):
    visitor = browser.new_context(viewport={"width": 1280, "height": 900}, color_scheme=scheme, reduced_motion="reduce")
    try:
        page = visitor.new_page()
        open_sample(page, server)
        go_to(page, title)
        page.wait_for_timeout(1000)  # entrance animations end; axe reads colours
        found = Axe().run(page, context=OURS).response["violations"]
    finally:
        visitor.close()
    serious = [
        (v["id"], [node["html"][:200] for node in v["nodes"]]) for v in found if v["impact"] in ("serious", "critical")
    ]
    assert serious == []
