"""What every test shares: where the reference numbers are, and the sample cohorts."""

import json
import os
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("ci", derandomize=True, deadline=None)  # the same cases each time, on a slow machine too
settings.register_profile("here", deadline=None)
settings.load_profile("ci" if os.environ.get("CI") else "here")

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
SAMPLES = ROOT / "sample_data"


def reference(name: str) -> dict:
    """A JSON file of ../shared/oracle; the test says so and is skipped where the folder is absent."""
    path = SHARED / "oracle" / name
    if not path.exists():
        pytest.skip(f"{path} is absent: the R reference numbers are not part of this repository")
    return json.loads(path.read_text())
