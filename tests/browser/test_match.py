"""The Match page as a visitor meets it: red losses and the way back, a design and a method taken over, a telephone."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import WAIT_MS, Server, go_to, open_sample, settle
from tests.conftest import ROOT

CLINIC = ROOT / "tests/data/cases/cohorte_chu.csv"


@pytest.fixture
def telephone(browser: Browser) -> Iterator[Page]:
    """A tab of a visitor at 390 x 844."""
    visitor = browser.new_context(viewport={"width": 390, "height": 844})
    visitor.set_default_timeout(WAIT_MS)
    yield visitor.new_page()
    visitor.close()


def alert(page: Page):
    """The sentence on top."""
    return page.get_by_test_id("stAlert").first


def unfold(page: Page, line: str) -> None:
    """Open a folded part."""
    page.get_by_text(re.compile(line)).first.click()
    settle(page)


def open_clinic(page: Page, server: Server) -> None:
    """Upload the hospital's file and go to Match."""
    page.goto(server.url)
    page.locator("input[type=file]").first.set_input_files(CLINIC)
    expect(page.get_by_text("cohorte_chu, 182 rows, 19")).to_be_visible()
    settle(page)
    go_to(page, "Match")


def test_a_lost_treated_patient_is_red_and_a_button_brings_one_back(page: Page, server: Server):
    open_clinic(page, server)
    expect(alert(page)).to_contain_text(re.compile(r"10 of 14 treated are matched with 30 controls.*4 lack"))
    red, green = (int(part) for part in re.findall(r"\d+", colour_of(page))[:2])
    assert red > green, "the box is red"
    way = page.get_by_role("button", name=re.compile(r"Leave out IL-6.*: 11 of 14 matched"))
    way.click()
    settle(page)
    expect(alert(page)).to_contain_text("11 of 14 treated are matched")
    page.get_by_role("button", name=re.compile(r"14 of 14 matched")).click()
    settle(page)
    expect(alert(page)).to_contain_text("All 14 treated are matched")


def colour_of(page: Page) -> str:
    """The text colour of the sentence, as rgb()."""
    text = alert(page).get_by_test_id("stMarkdownContainer").first
    return text.evaluate("node => getComputedStyle(node).color")


def test_the_first_screen_shows_the_sentence_and_the_top_of_the_figure(page: Page, server: Server):
    open_sample(page, server)
    go_to(page, "Match")
    expect(alert(page)).to_contain_text("All 8 treated are matched with 24 controls, 3 each.")
    assert alert(page).bounding_box()["y"] < 300
    figure = page.locator(".js-plotly-plot").first
    expect(figure).to_be_visible()
    assert figure.bounding_box()["y"] < 600
    slider = page.get_by_role("slider", name="Controls for each treated patient")
    slider.focus()
    slider.press("ArrowLeft")
    expect(alert(page)).to_contain_text("16 controls, 2 each")


def test_a_click_on_a_mark_chooses_its_design_and_one_button_takes_it_over(page: Page, server: Server):
    open_sample(page, server)
    go_to(page, "Match")
    unfold(page, "Which ratio and caliper")
    take = page.get_by_role("button", name="Take this design over")
    expect(take).to_be_disabled()
    map_of_designs = page.locator(".js-plotly-plot").nth(1)
    map_of_designs.locator(".scatterlayer .trace .point").first.click(force=True)
    settle(page)
    expect(take).to_be_enabled()
    chosen = page.get_by_role("combobox", name="Design").input_value()
    assert not chosen.startswith("1:3, no caliper")
    take.click()
    settle(page)
    ratio = chosen.split(":")[1][0]
    slider = page.get_by_role("slider", name="Controls for each treated patient")
    expect(slider).to_have_attribute("aria-valuetext", ratio)


def test_the_methods_stand_side_by_side_and_one_click_takes_one_over(page: Page, server: Server):
    open_sample(page, server)
    go_to(page, "Match")
    unfold(page, "Which method")
    table = page.get_by_test_id("stTable").filter(has_text="Worst difference")
    expect(table.get_by_role("row")).to_have_count(8)
    expect(table).to_contain_text("in use, 1:3 nearest, no caliper")
    page.get_by_role("button", name="Full matching").click()
    settle(page)
    expect(alert(page)).to_contain_text("All 8 treated are matched with 111 controls in 8 sets of")


@pytest.mark.parametrize("title", ["matching", "balance"])
def test_nothing_scrolls_sideways_on_a_telephone(telephone: Page, server: Server, title: str):
    telephone.goto(server.url)
    telephone.get_by_role("button", name="Open the sample study").click()
    settle(telephone)
    telephone.get_by_test_id("stExpandSidebarButton").click()
    link = "Match" if title == "matching" else "Alike?"
    telephone.get_by_test_id("stSidebarNav").get_by_role("link", name=link).click()
    telephone.get_by_role("heading", name=link, level=1).wait_for()
    settle(telephone)
    wide = telephone.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth")
    assert wide <= 390
