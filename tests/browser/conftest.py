"""A real server and a real browser. Without Chromium these tests are skipped with a reason; in CI that is a failure."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from lib.words.openings import LOCK
from tests.conftest import ROOT

CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--no-first-run",
    "--disable-sync",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-quic",
]
START_SECONDS = 60
WAIT_MS = 30_000
WITH_OUTCOMES = ("Answer", "Robust?", "Report")
expect.set_options(timeout=WAIT_MS)


class Server:
    """One Streamlit server on 127.0.0.1, ended by its own process id."""

    def __init__(
        self, log: Path, *arguments: str, options: tuple[str, ...] = (), port: int = 0, **environment: str
    ) -> None:
        """arguments: of the app.  options: of Streamlit.  port: 0 for any that is free.  environment: variables too."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = port or probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = log
        self._output = log.open("wb")
        command = [
            sys.executable,
            "-m",
            "streamlit",
            "run",
            "app.py",
            "--server.port",
            str(self.port),
            "--server.headless",
            "true",
            *options,
            "--",
            *arguments,
        ]
        self.process = subprocess.Popen(
            command, cwd=ROOT, stdout=self._output, stderr=subprocess.STDOUT, env=os.environ | environment
        )
        self._wait()

    def _wait(self) -> None:
        for _ in range(START_SECONDS * 10):
            try:
                urllib.request.urlopen(f"{self.url}/_stcore/health", timeout=5).close()
                return
            except (urllib.error.URLError, ConnectionError):
                time.sleep(0.1)
        raise RuntimeError(f"the server did not start; see {self.log}")

    def stop(self) -> None:
        """End the process and close its log."""
        self.process.terminate()
        self.process.wait(20)
        self._output.close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, driven by Playwright."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        if os.environ.get("CI"):
            pytest.fail("CI needs Chromium for the browser tests, and there is none")
        pytest.skip("no Chromium on this machine (apt-get install chromium)")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS)
        yield started
        started.close()


@pytest.fixture(scope="session")
def server(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The app as the README starts it, without a sample. It is never started where there is no browser."""
    running = Server(tmp_path_factory.mktemp("server") / "log.txt")
    yield running
    running.stop()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """One visitor at 1280 x 900 who notes every request that leaves 127.0.0.1."""
    visitor = browser.new_context(viewport={"width": 1280, "height": 900}, accept_downloads=True)
    visitor.set_default_timeout(WAIT_MS)
    visitor.foreign = []
    visitor.on("request", lambda request: None if _is_local(request.url) else visitor.foreign.append(request.url))
    yield visitor
    assert visitor.foreign == [], "the app asked another host"
    visitor.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """A tab of that visitor."""
    return context.new_page()


def _is_local(url: str) -> bool:
    return bool(re.match(r"(https?|wss?)://(127\.0\.0\.1|localhost)[:/]|data:|blob:|about:", url))


def settle(page: Page) -> None:
    """Wait until the script has run to its end and stays there."""
    page.locator("[data-test-script-state=notRunning]").wait_for(state="attached")
    page.wait_for_timeout(150)
    page.locator("[data-test-script-state=notRunning]").wait_for(state="attached")


def open_sample(page: Page, server: Server) -> None:
    """Open the sample study as a visitor does: one click on the first screen."""
    page.goto(server.url)
    page.get_by_role("button", name="Open the sample study").click()
    settle(page)


def go_to(page: Page, title: str) -> None:
    """Follow the navigation to a page."""
    page.get_by_test_id("stSidebarNav").get_by_role("link", name=title, exact=True).click()
    page.get_by_role("heading", name=title, level=1).wait_for()
    settle(page)
    if title in WITH_OUTCOMES:
        unlock(page)


def unlock(page: Page) -> None:
    """Lock the design of an upload, which opens its outcomes; nothing where they are open."""
    button = page.get_by_role("button", name=LOCK)
    if button.count():
        button.click()
        button.wait_for(state="detached")
        settle(page)
