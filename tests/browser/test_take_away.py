"""The buttons below a table, in a real browser: what Copy puts on the clipboard, what the downloads hold."""

import io
from pathlib import Path

import docx
import openpyxl
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Server, go_to, open_sample

READ = """async () => {
  const [item] = await navigator.clipboard.read();
  const read = async (type) => (await item.getType(type)).text();
  return { types: item.types, html: await read("text/html"), text: await read("text/plain") };
}"""
WITHOUT_CLIPBOARD = "Object.defineProperty(navigator, 'clipboard', { value: undefined })"


@pytest.fixture
def buttons(page: Page, server: Server) -> Locator:
    """The buttons of Table 2."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=server.url)
    open_sample(page, server)
    go_to(page, "Answer")
    found = page.locator('[class*="st-key-take-away-table_2"]')
    found.wait_for()
    return found


def test_copy_puts_a_table_on_the_clipboard(page: Page, buttons: Locator):
    buttons.get_by_role("button", name="Copy: Table 2").click()
    expect(buttons.get_by_role("status")).to_have_text("Copied")
    held = page.evaluate(READ)
    assert {"text/html", "text/plain"} <= set(held["types"])
    assert "<table" in held["html"] and "Death by day 28" in held["html"] and "<th" in held["html"]
    assert held["text"].split("\n")[0].startswith("Outcome\tTreated (8)\t")


def test_copy_works_where_the_browser_keeps_its_clipboard(page: Page, server: Server):
    """On an address without https the newer way is not there."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=server.url)
    open_sample(page, server)
    go_to(page, "Answer")
    found = page.locator('[class*="st-key-take-away-table_2"]')
    found.get_by_role("button", name="Copy: Table 2").wait_for()
    page.evaluate("window.kept = navigator.clipboard")
    page.evaluate(WITHOUT_CLIPBOARD)
    found.get_by_role("button", name="Copy: Table 2").click()
    expect(found.get_by_role("status")).to_have_text("Copied")
    held = page.evaluate(READ.replace("navigator.clipboard", "window.kept"))
    assert "<table" in held["html"]


def test_word_excel_and_csv_are_the_table_on_the_page(page: Page, buttons: Locator, tmp_path: Path):
    files = {}
    for label in ("Word", "Excel", "CSV"):
        with page.expect_download() as waiting:
            buttons.get_by_role("button", name=label).click()
        files[label] = tmp_path / waiting.value.suggested_filename
        waiting.value.save_as(files[label])
    assert [path.suffix for path in files.values()] == [".docx", ".xlsx", ".csv"]
    first = docx.Document(files["Word"]).tables[0].rows[1].cells
    assert first[0].text.startswith("Death by day 28") and first[1].text == "0 (0%)"
    assert openpyxl.load_workbook(io.BytesIO(files["Excel"].read_bytes())).active["A4"].value.startswith("Death by day")
    assert files["CSV"].read_bytes().startswith(b"\xef\xbb\xbf")
