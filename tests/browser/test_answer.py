"""The Answer page as a reader meets it: the answer in the first window, a short page, nothing that scrolls sideways."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Server, go_to, open_sample, settle

QUESTION = "Did the treated die less often by day 28?"


@pytest.fixture
def answer(server: Server, page: Page) -> Page:
    """The sample's Answer page at 1280 x 900."""
    open_sample(page, server)
    go_to(page, "Answer")
    page.get_by_text("What these sets could have found").wait_for()
    settle(page)
    return page


def height(page: Page) -> int:
    """How high the page is as it opens."""
    page.locator(".js-plotly-plot").first.wait_for()
    settle(page)
    return page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")


def bottom(page: Page, text: str) -> float:
    """Where the end of a text stands, in px from the top of the page."""
    box = page.get_by_text(text).first.bounding_box()
    assert box is not None
    return box["y"] + box["height"]


def test_the_answer_stands_in_the_first_window_and_the_page_is_short(answer: Page):
    for text in (QUESTION, "0 of 8 (0%)", "5 of 24 (20.8%)", "Prevented between 0 and 5 deaths", "p by set 0.34"):
        assert bottom(answer, text) <= 650, text
    assert height(answer) <= 2700


def test_two_figures_stand_side_by_side_only_where_they_fit(answer: Page):
    curve, sets = (answer.locator(f'[class*="st-key-figure-card-death_28d_{name}"]') for name in ("curve", "sets"))
    side_by_side = [one.bounding_box() for one in (curve, sets)]
    assert side_by_side[0]["y"] == side_by_side[1]["y"]
    answer.set_viewport_size({"width": 900, "height": 900})
    settle(answer)
    stacked = [one.bounding_box() for one in (curve, sets)]
    assert stacked[1]["y"] >= stacked[0]["y"] + stacked[0]["height"]


@pytest.mark.parametrize("width", [390, 900])
def test_nothing_scrolls_sideways_on_a_narrow_screen(answer: Page, width: int):
    answer.set_viewport_size({"width": width, "height": 844})
    settle(answer)
    main = answer.get_by_test_id("stMain")
    assert main.evaluate("node => node.scrollWidth <= node.clientWidth")
    card, box = answer.locator(".st-key-answer-card").bounding_box(), main.bounding_box()
    assert box["x"] <= card["x"] and card["x"] + card["width"] <= box["x"] + box["width"]


def test_a_folded_part_opens_and_is_made_then(answer: Page):
    assert answer.get_by_text("Holm").count() == 0
    answer.get_by_text(re.compile("Several outcomes: nothing stays below 0.05")).click()
    expect(answer.get_by_role("columnheader", name="Holm")).to_be_visible()


def test_why_tells_what_the_pairs_count(answer: Page):
    answer.get_by_role("button", name="why").click()
    expect(answer.get_by_text("Several looks at the same patient are not several patients.").first).to_be_visible()


def test_another_outcome_on_the_card_survives_leaving_the_page(answer: Page):
    answer.get_by_role("button", name="change").click()
    answer.get_by_label("Outcome on the card").first.click()
    answer.get_by_role("option", name="Death by day 60").click()
    expect(answer.get_by_text("Did the treated die less often by day 60?")).to_be_visible()
    settle(answer)
    go_to(answer, "Alike?")
    go_to(answer, "Answer")
    expect(answer.get_by_text("Did the treated die less often by day 60?")).to_be_visible()
    expect(answer.get_by_text("not the primary outcome")).to_be_visible()
