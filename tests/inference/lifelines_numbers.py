"""What lifelines answered, read from data/lifelines.json (data/make_lifelines.py says how it was made)."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

STORED = Path(__file__).parent / "data" / "lifelines.json"


@cache
def stored() -> dict[str, list[dict[str, Any]]]:
    """The whole file."""
    return json.loads(STORED.read_text())


def lifelines_cases(part: str) -> list[dict[str, Any]]:
    """The cases of one part, each a table and its answers: arrays, with events and arms as booleans, None as nan."""
    return [{name: as_array(name, value) for name, value in case.items()} for case in stored()[part]]


def as_array(name: str, value: Any) -> Any:
    """One field of a case."""
    if not isinstance(value, list):
        return value
    kind = {"event": bool, "treated": bool, "cause": int, "set": int}.get(name, float)
    return np.array(value, dtype=kind)
