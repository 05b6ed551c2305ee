"""Check a paper in a real browser: without a file, from typing to the sentence, on a narrow screen, and by keyboard."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Server, settle
from tests.browser.test_cards import OURS

FIVE = {
    "Treated, matched": "8",
    "Controls for each": "3",
    "Events, treated": "0",
    "Events, controls": "5",
    "p": "0.025",
}
SENTENCE = re.compile("the p by set is between 0.13 and 0.34: the paper's 0.025 counts 8 patients as 24")


def opened(page: Page, server: Server) -> None:
    """The page, with nothing typed."""
    page.goto(f"{server.url}/check_a_paper")
    expect(page.get_by_role("heading", name="Check a paper", level=1)).to_be_visible()
    settle(page)


def type_five(page: Page) -> None:
    """0 of 8 against 5 of 24, and the printed p."""
    for label, text in FIVE.items():
        page.get_by_label(label, exact=True).fill(text)


def test_from_typing_to_the_sentence(server: Server, page: Page):
    opened(page, server)
    type_five(page)
    page.get_by_role("button", name="Check", exact=True).click()
    expect(page.get_by_role("heading", name=SENTENCE)).to_be_in_viewport()
    expect(page.locator("[class*=st-key-figure-card-] svg.main-svg").first).to_be_visible()
    assert page.get_by_text(re.compile(r"\b(nan|inf)\b")).count() == 0


def test_enter_checks(server: Server, page: Page):
    opened(page, server)
    type_five(page)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=SENTENCE)).to_be_in_viewport()


def test_a_mistake_is_one_sentence_and_nothing_typed_is_lost(server: Server, page: Page):
    opened(page, server)
    type_five(page)
    page.get_by_label("Events, treated", exact=True).fill("9")
    page.keyboard.press("Enter")
    expect(page.get_by_text("9 of 8 treated patients cannot have the event.")).to_be_visible()
    expect(page.get_by_label("Events, controls", exact=True)).to_have_value("5")


def test_nothing_scrolls_sideways_on_a_telephone(server: Server, browser: Browser):
    visitor = browser.new_context(viewport={"width": 390, "height": 844})
    try:
        page = visitor.new_page()
        opened(page, server)
        page.get_by_role("button", name="Gregoire 2022").click()
        expect(page.get_by_role("heading", name=re.compile("Death by day 60 can have"))).to_be_visible()
        settle(page)
        widths = page.evaluate("(e => [e.scrollWidth, e.clientWidth])(document.querySelector('[data-testid=stMain]'))")
    finally:
        visitor.close()
    assert widths[0] <= widths[1]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious_in_the_example(server: Server, browser: Browser, scheme: str):
    visitor = browser.new_context(viewport={"width": 1280, "height": 900}, color_scheme=scheme, reduced_motion="reduce")
    try:
        page = visitor.new_page()
        opened(page, server)
        page.get_by_role("button", name="Gregoire 2022").click()
        expect(page.get_by_role("heading", name=re.compile("Death by day 60 can have"))).to_be_visible()
        settle(page)
        found = Axe().run(page, context=OURS).response["violations"]
    finally:
        visitor.close()
    assert [v["id"] for v in found if v["impact"] in ("serious", "critical")] == []
