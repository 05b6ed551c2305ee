"""Memory of the server while thirty tabs with 20,000 patients each come and go: python -m benchmarks.sessions

Prints what the server's process holds after a few tabs to warm up, after thirty more, and once they are swept.
"""

import shutil
import tempfile
import time
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser.conftest import CHROMIUM_FLAGS, Server
from tests.browser.test_memory import SWEPT, WARMING, megabytes, visit

VISITS = 30


def main() -> None:
    """Three numbers in MB."""
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=CHROMIUM_FLAGS)
        server = Server(Path(folder) / "log.txt", options=("--server.disconnectedSessionTTL", "3"))
        try:
            for number in range(WARMING):
                visit(browser, server, number)
            time.sleep(SWEPT)
            print(f"after {WARMING} tabs, swept: {megabytes(server):.0f} MB", flush=True)
            for number in range(VISITS):
                visit(browser, server, WARMING + number)
            print(f"after {VISITS} more: {megabytes(server):.0f} MB", flush=True)
            time.sleep(2 * SWEPT)
            print(f"swept: {megabytes(server):.0f} MB", flush=True)
        finally:
            server.stop()
            browser.close()


if __name__ == "__main__":
    main()
