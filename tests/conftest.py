"""What every test shares: where the reference numbers are, and the sample cohorts."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

settings.register_profile("ci", derandomize=True, deadline=None)  # the same cases each time, on a slow machine too
settings.register_profile("here", deadline=None)
settings.load_profile("ci" if os.environ.get("CI") else "here")

ROOT = Path(__file__).resolve().parent.parent
SAMPLES = ROOT / "sample_data"
BROWSER = "tests/browser/"
ORACLE = ROOT / "tests" / "oracle" / "data"


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Under `-n 2` (.ci/run) a file's tests stay together, for they share its fixtures, and all browser tests stay with
    one server and one Chromium. xdist's own groups are lost under pytest 9.2 (pytest-xdist issue 1386)."""
    from xdist.scheduler import LoadFileScheduling

    class FilesAndOneBrowser(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return BROWSER if nodeid.startswith(BROWSER) else super()._split_scope(nodeid)

    return FilesAndOneBrowser(config, log)


def reference(name: str) -> dict:
    """A JSON file of R's numbers (tests/oracle/data/README.md)."""
    return json.loads((ORACLE / name).read_text())
