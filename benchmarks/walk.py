"""The walk to the answer: python -m benchmarks.walk [cohort.csv]

From the first page by the next steps that the pages offer, at 1280 x 900: clicks, words on the pages passed, how far
down the answer page its sentence stands, and seconds. Without a file the sample study; with one, the questions that the
Data page asks are answered by the first button of each.
"""

import re
import shutil
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.browser.conftest import CHROMIUM_FLAGS, Server, settle

NEXT = ("Next: match", "Next: are they alike?", "Next: the answer")
LOCK = "Lock the design and open the outcomes"
ANSWERS = ("Half of the limit", "Leave them all out")
SIZE = {"width": 1280, "height": 900}
HEIGHT = "document.querySelector('[data-testid=stMain]').scrollHeight"


class Walk:
    """One visitor.  clicks, words, screens: so far."""

    def __init__(self, page: Page) -> None:
        self.page, self.clicks, self.words, self.screens = page, 0, 0, 0.0

    def look(self, name: str) -> None:
        """Take in a page: its words and its height."""
        self.page.wait_for_timeout(1000)
        settle(self.page)
        words, height = len(self.page.get_by_test_id("stMain").inner_text().split()), self.page.evaluate(HEIGHT)
        self.words, self.screens = self.words + words, self.screens + height / SIZE["height"]
        print(f"{name}: {words} words, {height} px", flush=True)

    def click(self, name: str, role: str = "button") -> bool:
        """One click, where there is something of this name."""
        found = self.page.get_by_role(role, name=re.compile("^" + re.escape(name)))
        if not found.count():
            return False
        found.first.click()
        self.clicks += 1
        settle(self.page)
        return True


def walk(page: Page, server: Server, file: str | None) -> None:
    """From the first page to the sentence on the primary outcome."""
    visitor = Walk(page)
    page.goto(server.url)
    visitor.look("first page")
    began = time.perf_counter()
    if file is None:
        visitor.click("Open the sample study")
    else:
        page.locator("input[type=file]").first.set_input_files(file)
        visitor.clicks += 1
        page.get_by_text("rows,").first.wait_for()
        for answer in ANSWERS:
            visitor.click(answer)
    visitor.look("Data")
    for name in NEXT:
        visitor.click(name, "link")
        if name != NEXT[-1]:
            visitor.look(name)
    visitor.click(LOCK)
    answer = page.locator(".st-key-answer-effect").first
    answer.wait_for()
    seconds = time.perf_counter() - began
    page.wait_for_timeout(1000)
    box = answer.bounding_box() or {"y": float("nan"), "height": 0.0}
    print(
        f"clicks {visitor.clicks}, words before the answer {visitor.words}, screens {visitor.screens:.1f}, sentence "
        f"ends at {box['y'] + box['height']:.0f} px of {page.evaluate(HEIGHT)}, {seconds:.1f} s"
    )


def main() -> None:
    """One walk."""
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=CHROMIUM_FLAGS)
        server = Server(Path(folder) / "log.txt")
        try:
            walk(browser.new_page(viewport=SIZE), server, sys.argv[1] if len(sys.argv) > 1 else None)
        finally:
            server.stop()
            browser.close()


if __name__ == "__main__":
    main()
