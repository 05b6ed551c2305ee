"""What is odd about the numbers of one column: counts and the range of the column, never a value of one patient.

Outlying values by the median absolute deviation (Iglewicz B, Hoaglin DC. How to Detect and Handle Outliers. 1993), on
the log scale where a column is skewed.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from ..words import counted
from ..words.numbers import half_up, significant
from .possible import possible

FAR = 6.0  # robust SDs from the median beyond which a value is outlying: 1 in 10^9 of a normal sample
VERY_FAR = 10.0
TO_SD = 1.4826  # MAD of a normal sample to its SD
FEWEST = 8  # known values below which nothing is said of outlying ones
CODES = (99.0, 999.0, 9999.0, 99999.0, -1.0, -9.0, -99.0, -999.0)
CODE_GAP = 3.0  # a code counts as such when it is this many times the largest other value
FACTORS = {10: 1.0, 100: 2.0, 1000: 3.0, 1_000_000: 6.0}
NEAR = 0.3  # decades that the ratio of two groups may differ from a power of ten
APART = 0.5  # decades that must be empty between two groups of one unit each
TEN_TIMES_FROM = 20
MINORITY = 0.4  # share of the smaller group up to which it is the one that is off
NORMAL = re.compile(r"\s*([<>≤≥])?\s*(\d+(?:[.,]\d+)?)\s*(?:(?:-|–|to)\s*(\d+(?:[.,]\d+)?))?\s*")
OTHER_UNIT = 5.0  # all values so many times above the normal ones, or the median as far below: another unit
CORRECT = "Correct these values in the file, or leave them empty."


@dataclass(frozen=True)
class Flaw:
    """One thing to look at.  code: a short name of the kind.  level: "look" (likely wrong or harmful), "note" (worth
    knowing).  sentence: what was found; step: what to do about it.  cells: how many values it concerns."""

    code: str
    column: str | None
    level: Literal["note", "look"]
    sentence: str
    step: str
    cells: int = 0


def number_flaws(name: str, values: np.ndarray, normal: str = "") -> Iterator[Flaw]:
    """Every flaw of a column of numbers.  values: float (n,), NaN where missing.  normal: values of healthy people,
    "1.10-3.70"."""
    known = np.sort(values[np.isfinite(values)])
    if not len(known):
        return
    if known[0] == known[-1]:
        yield constant(name)
        return
    code = coded(known)
    if code is not None:
        yield _code_flaw(name, known, code)
        known = known[known != code]
    outside = _impossible(name, known)
    mixed = _mixed_units(name, known)
    yield from filter(None, (outside, mixed, _beyond_normal(name, known, normal)))
    if not (outside or mixed):
        yield from filter(None, (_outlying(name, known),))


def constant(name: str) -> Flaw:
    """The flaw of a column that is the same in everybody."""
    return Flaw(
        "constant", name, "look", "It has the same value in everybody.", "Leave it out: it tells nothing apart."
    )


def coded(known: np.ndarray) -> float | None:
    """A number that stands for "unknown" (999, -1), alone on its side of the others; None without one.  known: sorted
    floats."""
    for code in CODES:
        start, end = np.searchsorted(known, [code, np.nextafter(code, np.inf)])
        if start == end or end - start == len(known):
            continue
        rest = np.delete(known, slice(start, end))
        if rest[0] >= 0 and (code < 0 or code > CODE_GAP * rest[-1]):
            return code
    return None


def _code_flaw(name: str, known: np.ndarray, code: float) -> Flaw:
    count = int((known == code).sum())
    what = f"{code:g} stands in {counted(count, 'row')}, apart from all other values: a code for a missing one?"
    return Flaw("code", name, "look", what, "If so, leave these cells empty in the file.", count)


def _impossible(name: str, known: np.ndarray) -> Flaw | None:
    limits = possible(name)
    count = 0 if limits is None else int(limits.outside(known).sum())
    if limits is None or not count:
        return None
    what = f"{_values(count, len(known))} outside what is possible ({limits.words}); the column runs {_range(known)}."
    step = "Is it in another unit? Else choose it under another name." if count > len(known) / 2 else CORRECT
    return Flaw("impossible", name, "look", what, step, count)


def _values(count: int, of: int) -> str:
    return f"{count:,} of {counted(of, 'value')} {'lies' if count == 1 else 'lie'}"


def _range(known: np.ndarray) -> str:
    return f"from {_said(known[0])} to {_said(known[-1])}"


def _said(value: float) -> str:
    return half_up(value, 0) if float(value).is_integer() else significant(value)


def _mixed_units(name: str, known: np.ndarray) -> Flaw | None:
    """A smaller group of values about 10, 100, 1000 or a million times the others, with nothing between."""
    positive = known[known > 0]
    if len(positive) < FEWEST or known[0] < 0:
        return None
    logs = np.log10(positive)
    gaps = np.diff(logs)
    split = int(gaps.argmax()) + 1
    low, high = logs[:split], logs[split:]
    small = min(len(low), len(high))
    apart = float(np.median(high) - np.median(low))
    times = next((factor for factor, decades in FACTORS.items() if abs(apart - decades) <= NEAR), None)
    few = times == min(FACTORS) and len(logs) < TEN_TIMES_FROM  # among few values a tenfold one is no wonder
    if few or gaps.max() < APART or small > MINORITY * len(logs) or times is None or not _narrow(low, high, gaps.max()):
        return None
    high_off = len(high) == small
    what = (
        f"{small:,} of {counted(len(known), 'value')} {'is' if small == 1 else 'are'} about "
        f"{f'{times:,} times' if high_off else f'1/{times:,} of'} the others: another unit, or a slipped decimal sign?"
    )
    return Flaw("unit", name, "look", what, "Write all values in one unit in the file.", small)


def _narrow(low: np.ndarray, high: np.ndarray, gap: float) -> bool:
    """Whether the gap between two groups is wider than any inside the larger one by far, which a long tail is not."""
    inside = np.diff(max(low, high, key=len))
    return not len(inside) or gap > 2 * float(inside.max())


def _beyond_normal(name: str, known: np.ndarray, normal: str) -> Flaw | None:
    limits = normal_limits(normal)
    if limits is None:
        return None
    low, high = limits
    below, above = int((known < low).sum()), int((known > high).sum())
    if known[0] > OTHER_UNIT * high or float(np.median(known)) < low / OTHER_UNIT:
        what = f"The column runs {_range(known)}, far from the normal values ({normal})."
        return Flaw("normal_unit", name, "look", what, "Are both in the same unit?", len(known))
    if not below + above:
        return None
    what = f"{below:,} below and {above:,} above the normal values ({normal}), of {counted(len(known), 'value')}."
    return Flaw("normal", name, "note", what, "Nothing, if that is what these patients have.", below + above)


def normal_limits(text: str) -> tuple[float, float] | None:
    """ "1.10-3.70" -> (1.1, 3.7), "<5" -> (-inf, 5); None for any other text."""
    found = NORMAL.fullmatch(text)
    if not found or bool(found[1]) == bool(found[3]):
        return None
    first = float(found[2].replace(",", "."))
    if found[3]:
        return first, float(found[3].replace(",", "."))
    return (-np.inf, first) if found[1] in "<≤" else (first, np.inf)


def _outlying(name: str, known: np.ndarray) -> Flaw | None:
    if len(known) < FEWEST:
        return None
    distance = robust_distance(known)
    count = int((distance > FAR).sum())
    if not count or count > len(known) / 10:
        return None
    low, high = np.quantile(known, [0.25, 0.75])
    what = (
        f"{_values(count, len(known))} far from the others: the column runs {_range(known)}, its middle half from "
        f"{_said(low)} to {_said(high)}."
    )
    level: Literal["note", "look"] = "look" if distance.max() > VERY_FAR else "note"
    return Flaw("outlying", name, level, what, "Check these values; if they are right, use the log scale.", count)


def robust_distance(known: np.ndarray) -> np.ndarray:
    """Distance from the median in robust SDs, on the log scale for a skewed column without negative values; 0 where
    more than half of the values are equal.  known: sorted floats."""
    middle = float(np.median(known))
    scale = np.log1p(known / middle) if known[0] >= 0 and middle > 0 and _skewed(known) else known
    away = np.abs(scale - np.median(scale))
    spread = TO_SD * float(np.median(away))
    return away / spread if spread else np.zeros(len(known))


def _skewed(known: np.ndarray) -> bool:
    """Whether the upper half is spread over twice the lower one."""
    low, middle, high = np.quantile(known, [0.1, 0.5, 0.9])
    return bool(high - middle > 2 * (middle - low))
