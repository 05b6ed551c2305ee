"""Cells that hold more than a number: a limit of detection before it, a unit behind it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from .units import is_unit

LIMIT = re.compile(r"([<>≤≥]=?|=<|=>)\s*(?=[\d.,+-])")
BEHIND = re.compile(r"(?<=[\d.,])\s*([^\d\s.,+'’-].*)$", re.DOTALL)
BELOW, ABOVE = "<≤", ">≥"


@dataclass(frozen=True)
class Cores:
    """The distinct texts of a column taken apart.  numbers: what is left. beyond: -1 below a limit, 1 above, 0 none.
    units: what stands behind each number, "" for nothing."""

    numbers: list[str]
    beyond: list[int]
    units: list[str]


def take_apart(texts: Sequence[str]) -> Cores:
    """Limits and units off the numbers of a column."""
    numbers, beyond, units = [], [], []
    for text in texts:
        match = LIMIT.match(text)
        rest = text[match.end() :] if match else text
        behind = BEHIND.search(rest) if rest and not rest[-1].isdigit() else None
        unit = behind.group(1).strip() if behind and is_unit(behind.group(1)) else ""
        numbers.append(rest[: behind.start()].strip() if behind and unit else rest)
        beyond.append(0 if match is None else -1 if set(match.group(1)) & set(BELOW) else 1)
        units.append(unit)
    return Cores(numbers, beyond, units)
