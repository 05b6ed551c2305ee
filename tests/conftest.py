"""What every test shares: where the reference numbers are, and the sample cohorts."""

import json
import os
from pathlib import Path

from hypothesis import settings

settings.register_profile("ci", derandomize=True, deadline=None)  # the same cases each time, on a slow machine too
settings.register_profile("here", deadline=None)
settings.load_profile("ci" if os.environ.get("CI") else "here")

ROOT = Path(__file__).resolve().parent.parent
SAMPLES = ROOT / "sample_data"
ORACLE = ROOT / "tests" / "oracle" / "data"


def reference(name: str) -> dict:
    """A JSON file of R's numbers (tests/oracle/data/README.md)."""
    return json.loads((ORACLE / name).read_text())
