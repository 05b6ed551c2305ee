"""What stands for a missing value, in text and in numbers; every decision leaves a note."""

import re
from collections import Counter

import numpy as np

from ..words import counted
from .scan import cells_starting_with

MARKERS = ("NA", "N/A", "n/a", "na", "#N/A", "<NA>", "NaN", "nan", "NULL", "null", ".")
NUMBER_MARKERS = ("-", "--", "---", "?", "*", "unknown", "Unknown", "missing", "Missing", "ND", "nd", "n.d.")
SENTINELS = (-99.0, -999.0, -9999.0, -99999.0)
DOUBTFUL = (999.0, 9999.0, 99999.0)
SPARE = 12  # quotes and spaces around a marker
DOUBTFUL_GAP = 3.0  # a 999 counts as doubtful when it is this many times the next largest value


def count_markers(body: bytes, edges: np.ndarray, markers: tuple[str, ...]) -> Counter[str]:
    """How many cells of the file hold each marker, quoted or not; only markers that occur are listed.

    edges: where the body's delimiters and line ends stand."""
    present = [marker for marker in markers if marker and marker.encode() in body]  # an empty cell is missing anyway
    if not present:
        return Counter()
    pattern = re.compile(f' *"?({"|".join(map(re.escape, present))})"? *'.encode())
    starts, ends = cells_starting_with(body, edges, b' "' + bytes(marker.encode()[0] for marker in present))
    short = ends - starts <= max(map(len, present)) + SPARE
    starts, ends = starts[short], ends[short]
    cells = Counter(body[start:end] for start, end in zip(starts.tolist(), ends.tolist(), strict=True))
    found: Counter[str] = Counter()
    for cell, count in cells.items():
        match = pattern.fullmatch(cell)
        found.update({match.group(1).decode(): count} if match else {})
    return found


def without_sentinels(name: str, values: np.ndarray) -> tuple[np.ndarray, str | None]:
    """Numbers with -99, -999 ... read as missing where no other value is negative, and a note; else a note that asks.

    values: int or float (n,). A -999 beside other negative values, or a lone 999 far above the rest, stays a number.
    """
    known = values[~np.isnan(values)] if values.dtype == float else values
    found = np.isin(known, SENTINELS)
    if found.any():
        rest = known[~found]
        code = f"{known[found].min():.0f}"
        if len(rest) and rest.min() >= 0:
            cleared = np.where(np.isin(values, SENTINELS), np.nan, values)
            return cleared, f'Column "{name}": {code} in {counted(found.sum(), "cell")} is read as missing.'
        return values, _question(name, code)
    return values, _question(name, f"{known.max():.0f}") if len(known) and _stands_out(known) else None


def _stands_out(known: np.ndarray) -> bool:
    top = known.max()
    if top not in DOUBTFUL or np.sum(known == top) < 2:
        return False
    rest = known[known < top]
    return bool(len(rest)) and top > DOUBTFUL_GAP * rest.max()


def _question(name: str, code: str) -> str:
    return f'Column "{name}" holds {code}, kept as a number. If it stands for missing, empty these cells.'
