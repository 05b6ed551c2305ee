"""An upload's outcomes are closed until its design is locked, and closed again once the design has changed."""

import re

import pytest
from playwright.sync_api import Page, expect

from lib.words.openings import CLOSED, LOCK, LOCK_AGAIN
from tests.app.study_files import rows
from tests.browser.conftest import Server, settle, unlock

CLOSED_PAGES = ("Answer", "Robust?", "Report", "Presentation")


def follow(page: Page, title: str) -> None:
    """The navigation, or the link to the slides beside it; nothing is unlocked."""
    page.get_by_test_id("stSidebar").get_by_role("link", name=title).first.click()
    settle(page)


@pytest.fixture
def uploaded(server: Server, page: Page) -> Page:
    """A small study, opened."""
    page.goto(server.url)
    file = {"name": "clinic.csv", "mimeType": "text/csv", "buffer": rows().encode()}
    page.locator("input[type=file]").first.set_input_files(file)
    page.get_by_text("24 rows").first.wait_for()
    settle(page)
    return page


def test_every_page_with_outcomes_is_closed_until_the_design_is_locked(uploaded: Page):
    for title in CLOSED_PAGES:
        follow(uploaded, title)
        expect(uploaded.get_by_text(CLOSED)).to_be_visible()
        expect(uploaded.get_by_role("button", name=LOCK)).to_be_visible()
        assert uploaded.locator(".st-key-answer-card, .deck-slide, [class*=report-file]").count() == 0
    follow(uploaded, "Answer")
    unlock(uploaded)
    expect(uploaded.locator(".st-key-answer-card")).to_be_visible()


def test_a_changed_design_is_closed_again(uploaded: Page):
    follow(uploaded, "Answer")
    unlock(uploaded)
    expect(uploaded.locator(".st-key-answer-card")).to_be_visible()
    follow(uploaded, "Match")
    slider = uploaded.get_by_role("slider", name="Controls for each treated patient")
    slider.focus()
    slider.press("ArrowLeft")
    settle(uploaded)
    for title in CLOSED_PAGES:
        follow(uploaded, title)
        expect(uploaded.get_by_text(CLOSED)).to_be_visible()
        expect(uploaded.get_by_text(re.compile("changed after it was locked"))).to_be_visible()
    expect(uploaded.get_by_role("button", name=LOCK_AGAIN)).to_be_visible()
    assert uploaded.locator(".deck-slide").count() == 0
