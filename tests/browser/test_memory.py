"""Closed tabs leave the server's memory by a timer, with nobody else visiting; many of them leave no trace."""

import re
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import Server, settle

ROWS = 20_000
WARMING, VISITS = 3, 6  # sessions before memory is first read, and after
GROWTH = 1.2  # memory may be this many times what it was
SECONDS = 120
SWEPT = 10  # seconds after which a closed tab is gone

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")


@pytest.fixture
def brief(browser: Browser, tmp_path: Path) -> Iterator[Server]:
    """A server that keeps the session of a closed tab for three seconds."""
    running = Server(tmp_path / "log.txt", options=("--server.disconnectedSessionTTL", "3", "--logger.level", "debug"))
    yield running
    running.stop()


def cohort(seed: int) -> bytes:
    """20,000 patients."""
    rng = np.random.default_rng(seed)
    treated = np.arange(ROWS) < 300
    measured = {f"{name}_before": rng.normal(50 + treated, 9).round(4) for name in ("age", "crp", "weight", "sofa")}
    frame = pd.DataFrame({"patient_id": np.arange(ROWS) + 1, "treated": np.where(treated, "yes", "no"), **measured})
    return frame.assign(death_28d=np.where(rng.random(ROWS) < 0.3, "yes", "no")).to_csv(index=False).encode()


def visit(browser: Browser, server: Server, number: int) -> None:
    """A tab that opens a cohort, looks at the match, and is closed."""
    visitor = browser.new_context()
    page = visitor.new_page()
    page.goto(server.url)
    page.locator("input[type=file]").first.set_input_files(
        {"name": f"clinic{number}.csv", "mimeType": "text/csv", "buffer": cohort(number)}
    )
    page.get_by_text("20,000 rows").first.wait_for()
    settle(page)
    page.get_by_test_id("stSidebarNav").get_by_role("link", name="Match").click()
    page.get_by_text(re.compile("matched with")).first.wait_for()
    settle(page)
    visitor.close()


def megabytes(server: Server) -> float:
    """What the server's process holds."""
    text = Path(f"/proc/{server.process.pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", text)[1]) / 1024


def until(settled, seconds: float = SECONDS) -> bool:
    """Whether it comes true in time."""
    end = time.monotonic() + seconds
    while not settled():
        if time.monotonic() > end:
            return False
        time.sleep(1)
    return True


def test_closed_tabs_come_and_go_and_memory_is_back(brief: Server, browser: Browser):
    """benchmarks/sessions.py does the same with thirty."""
    for number in range(WARMING):
        visit(browser, brief, number)
    time.sleep(SWEPT)
    before = megabytes(brief)
    for number in range(VISITS):
        visit(browser, brief, WARMING + number)
    assert until(lambda: megabytes(brief) < GROWTH * before), f"{before:.0f} MB, then {megabytes(brief):.0f} MB"


def test_a_closed_tab_is_swept_although_nobody_comes_after(brief: Server, browser: Browser):
    page = browser.new_page()
    page.goto(brief.url)
    settle(page)
    page.close()
    assert until(lambda: "Shutting down (id=" in brief.log.read_text()), "Streamlit's log speaks of no session's end"
