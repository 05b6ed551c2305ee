"""Data are not lost by mistake: leaving asks, removing asks and can be undone, a file holds everything, a restart is
said."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Dialog, Download, Page, expect

from tests.browser.conftest import Server, go_to, open_sample, settle
from tests.browser.test_journeys import semicolons, upload
from tests.conftest import SAMPLES

COHORT = semicolons(SAMPLES / "msc_covid19.csv")


@pytest.fixture
def asked(page: Page) -> list[str]:
    """The kinds of dialogs that the browser has shown; each is accepted."""
    kinds = []

    def accept(dialog: Dialog) -> None:
        kinds.append(dialog.type)
        dialog.accept()

    page.on("dialog", accept)
    return kinds


@pytest.fixture
def passing(browser: Browser, tmp_path: Path) -> Iterator[Server]:
    """A server that a test may end."""
    running = Server(tmp_path / "log.txt")
    yield running
    if running.process.poll() is None:
        running.stop()


def with_data(page: Page, server: Server) -> None:
    """A tab with an upload."""
    page.goto(server.url)
    upload(page, "clinic.csv", COHORT)


def test_leaving_with_data_asks_and_a_reload_says_what_it_lost(server: Server, page: Page, asked: list[str]):
    with_data(page, server)
    page.reload()
    assert asked == ["beforeunload"]
    expect(page.get_by_text("This tab was loaded anew, and your data are gone")).to_be_visible()
    settle(page)
    upload(page, "clinic.csv", COHORT)
    expect(page.get_by_text("your data are gone")).to_have_count(0)


def test_leaving_without_data_or_with_a_sample_does_not_ask(server: Server, page: Page, asked: list[str]):
    open_sample(page, server)
    go_to(page, "Alike?")
    page.reload()
    settle(page)
    assert asked == []
    assert page.get_by_text("your data are gone").count() == 0


def test_a_download_does_not_ask(server: Server, page: Page, asked: list[str]):
    with_data(page, server)
    with page.expect_download():
        page.get_by_role("button", name="Save data and settings").click()
    assert asked == []


def saved(page: Page) -> bytes:
    """The file that holds data and settings."""
    with page.expect_download() as made:
        page.get_by_role("button", name="Save data and settings").click()
    found: Download = made.value
    assert found.suggested_filename == "clinic.matchlens"
    return Path(found.path()).read_bytes()


def test_removing_asks_and_can_be_undone(server: Server, page: Page, asked: list[str]):
    with_data(page, server)
    page.get_by_role("button", name="Remove the data").click()
    page.get_by_role("dialog").get_by_role("button", name="Keep").click()
    settle(page)
    expect(page.get_by_text("Cohort: clinic")).to_be_visible()
    page.get_by_role("button", name="Remove the data").click()
    page.get_by_role("dialog").get_by_role("button", name="Remove", exact=True).click()
    settle(page)
    expect(page.get_by_text("The data were removed.")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    settle(page)
    expect(page.get_by_text("Cohort: clinic")).to_be_visible()
    go_to(page, "Match")
    expect(page.get_by_text(re.compile(r"treated are matched with \d+ controls")).first).to_be_visible()


def test_deleting_now_leaves_nothing_to_take_back_and_leaving_no_longer_asks(
    server: Server, page: Page, asked: list[str]
):
    with_data(page, server)
    page.get_by_role("button", name="Remove the data").click()
    page.get_by_role("dialog").get_by_role("button", name="Remove", exact=True).click()
    page.get_by_role("button", name="Delete now").click()
    settle(page)
    expect(page.get_by_text("The data were removed.")).to_have_count(0)
    page.wait_for_function("window.onbeforeunload === null")  # the watch over the tab is drawn after the page
    page.reload()
    settle(page)
    assert asked == []
    assert page.get_by_text("your data are gone").count() == 0


def test_a_server_that_restarted_is_said(passing: Server, page: Page, tmp_path: Path, asked: list[str]):
    with_data(page, passing)
    passing.stop()
    again = Server(tmp_path / "second.txt", port=passing.port)
    try:
        expect(page.get_by_text("The program was started again, and your data are gone")).to_be_visible(timeout=60_000)
        settle(page)
        upload(page, "clinic.csv", COHORT)
        expect(page.get_by_text(re.compile("your data are gone"))).to_have_count(0)
    finally:
        again.stop()
