"""What the first screen promises: an upload stays in memory. Watched in the running server and its processes."""

import os
import re
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Server, go_to, settle
from tests.browser.test_sensitivity import open_line, open_way
from tests.conftest import ROOT

MEASURED = ("age", "crp", "weight", "sofa", "bmi")
LARGE = 5_000_000  # bytes; Starlette and joblib both write to disk from 1 MB on
HARMLESS = re.compile(r"__pycache__|\.pyc|^open (\d+|/dev/null|/dev/tty)$|^open /proc/")

PLACES = ("/tmp", "/var/tmp", "/dev/shm")
PROGRAM = (f"{ROOT}/", f"{sys.prefix}/")  # may lie in such a place; what is written there the notes tell

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks into /proc")


def large_cohort() -> bytes:
    """A cohort of 5 MB whose grid is worth the pool."""
    rng = np.random.default_rng(5)
    n = 70_000
    treated = np.arange(n) < 400
    frame = pd.DataFrame(
        {
            "patient_id": np.arange(n) + 1,
            "treated": np.where(treated, "yes", "no"),
            **{
                f"{name}_before": rng.normal(50 + 3 * treated, 10).round(9)
                for name in ("age", "crp", "weight", "sofa", "bmi")
            },
            "death_28d": np.where(rng.random(n) < 0.3, "yes", "no"),
        }
    )
    text = frame.to_csv(index=False).encode()
    assert len(text) > LARGE
    return text


def family(pid: int) -> set[int]:
    """A process and its descendants that are alive."""
    parents = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = entry.read_text().rsplit(")", 1)[1].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        parents[int(entry.parent.name)] = int(fields[1])
    found = {pid}
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return found


def open_files(pids: set[int]) -> set[str]:
    """What these processes hold open or mapped in places for temporary files, files without a name included."""
    found = set()
    for pid in pids:
        try:
            targets = [os.readlink(link) for link in Path(f"/proc/{pid}/fd").iterdir()]
            lines = Path(f"/proc/{pid}/maps").read_text().splitlines()
        except (FileNotFoundError, ProcessLookupError, PermissionError):
            continue
        mapped = [line.split(maxsplit=5)[5] for line in lines if "/" in line]
        found |= {path for path in [*targets, *mapped] if path.startswith(PLACES) and not path.startswith(PROGRAM)}
    return found


class Watched(Server):
    """A server of whose processes every written file is known."""

    def __init__(self, folder: Path) -> None:
        self.temporary, self.note = folder / "temporary", folder / "watch.txt"
        self.temporary.mkdir()
        super().__init__(
            folder / "log.txt",
            PYTHONPATH=str(ROOT / "tests/browser/watch"),
            WATCH_LOG=str(self.note),
            TMPDIR=str(self.temporary),
        )
        self.held: set[str] = set()
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._look)
        self._thread.start()

    def _look(self) -> None:
        while not self._ending.is_set():
            self.held |= open_files(family(self.process.pid))
            time.sleep(0.05)

    @property
    def notes(self) -> list[tuple[int, str]]:
        """(process, what it did)."""
        lines = self.note.read_text().splitlines()
        return [(int(pid), what) for pid, what in (line.split(" ", 1) for line in lines)]

    def stop(self) -> None:
        """End watching, then the server."""
        self._ending.set()
        self._thread.join()
        super().stop()


@pytest.fixture
def watched(browser: Browser, tmp_path: Path) -> Iterator[Watched]:
    """A server under watch."""
    running = Watched(tmp_path)
    yield running
    running.stop()


def test_five_megabytes_and_a_grid_leave_no_file(watched: Watched, page: Page):
    page.goto(watched.url)
    settle(page)
    ready = len(watched.notes)
    page.locator("input[type=file]").first.set_input_files(
        {"name": "clinic.csv", "mimeType": "text/csv", "buffer": large_cohort()}
    )
    page.get_by_text("70,000 rows").first.wait_for()
    settle(page)
    go_to(page, "Robust?")
    open_line(page, "other settings")
    open_way(page, "All combinations")
    page.get_by_role("button", name="Run all").click()
    expect(page.get_by_text(re.compile("% done"))).to_be_visible(timeout=120_000)
    notes = watched.notes
    assert len({pid for pid, what in notes if what == "started"} & family(watched.process.pid)) > 2, (
        "workers are watched"
    )
    written = {what for _, what in notes[ready:] if what != "started" and not HARMLESS.search(what)}
    assert written == set()
    ours = {str(watched.log), str(watched.note)}
    assert {path for path in watched.held - ours if not path.startswith("/dev/shm/sem.")} == set()
    assert list(watched.temporary.iterdir()) == []
