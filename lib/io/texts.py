"""One text column: stripped, its missing values found, and turned into numbers where every other entry is one."""

from collections import Counter
from collections.abc import Iterable

import numpy as np
import pandas as pd

from ..words import counted
from .numbers import LIMIT, UNIT, is_number_text, parse_numbers

SPACES = " \t\u00a0\u202f"
MOSTLY_NUMBERS = 0.5  # a text column with a larger share of numbers than this gets a note


def convert_texts(
    name: str,
    column: pd.Series,
    decimal: str | None,
    markers: Iterable[str],
    number_markers: Iterable[str],
    notes: list[str],
) -> np.ndarray:
    """float64 (n,) when every known entry is a number, else object (n,) of stripped text with None where missing.

    column: object (n,) of text and NaN. decimal None: commas are in doubt. markers: missing anywhere; number_markers:
    missing where all other entries are numbers. Appends to `notes` whatever was decided, and what to do about numbers
    mixed with text.
    """
    codes, unique = pd.factorize(column.to_numpy())
    texts = [text.strip(SPACES) for text in unique]
    empty = {"", *markers}
    if empty.issuperset(texts):
        return np.full(len(column), np.nan)
    numbers = [text for text in texts if text not in empty and text not in number_markers]
    parsed = parse_numbers(numbers, decimal) if numbers else None
    counts = np.bincount(codes[codes >= 0], minlength=len(texts))
    if parsed is not None:
        values, how = parsed
        lookup = dict(zip(numbers, values.tolist(), strict=True))
        _note_numbers(name, how, _cells(texts, counts, number_markers), notes)
        return np.array([*(lookup.get(text, np.nan) for text in texts), np.nan])[codes]
    _note_texts(name, texts, counts, decimal, notes)
    padded = [text != whole and text not in empty for text, whole in zip(texts, unique, strict=True)]
    if any(padded):
        notes.append(f'Column "{name}": spaces around the text of {counted(counts[padded].sum(), "cell")} removed.')
    return np.array([*(None if text in empty else text for text in texts), None], dtype=object)[codes]


def _cells(texts: list[str], counts: np.ndarray, wanted: Iterable[str]) -> Counter[str]:
    found: Counter[str] = Counter()
    for text, count in zip(texts, counts.tolist(), strict=True):
        found.update({text: count} if text in wanted else {})
    return found


def _note_numbers(name: str, how: str, markers: Counter[str], notes: list[str]) -> None:
    if how == "thousands":
        notes.append(f'Column "{name}": thousands marks removed.')
    if how == "point":
        notes.append(f'Column "{name}" is read with a decimal point, unlike the rest of the file.')
    for marker, count in sorted(markers.items()):
        notes.append(f'Column "{name}": "{marker}" in {counted(count, "cell")} is read as missing.')


def _note_texts(name: str, texts: list[str], counts: np.ndarray, decimal: str | None, notes: list[str]) -> None:
    """Say so when a column of text looks meant as numbers."""
    known = [(text, count) for text, count in zip(texts, counts.tolist(), strict=True) if text]
    number = sum(count for text, count in known if is_number_text(text))
    limits = sum(count for text, count in known if LIMIT.fullmatch(text))
    units = sum(count for text, count in known if UNIT.fullmatch(text))
    total = sum(count for _, count in known)
    if number == total:
        why = "commas or points that may be decimal signs or thousands marks"
        advice = "Say which decimal sign the file uses." if decimal is None else "Write all its numbers the same way."
        notes.append(f'Column "{name}" has {why}, so it stays text. {advice}')
    elif limits and number + limits > MOSTLY_NUMBERS * total:
        notes.append(
            f'Column "{name}" has {counted(limits, "value")} beyond a detection limit ("<" or ">"), so it stays text. '
            "To use it as a number, write a value there (half of the limit, say) or empty these cells."
        )
    elif units > MOSTLY_NUMBERS * total:
        notes.append(
            f'Column "{name}" has numbers followed by a unit or a sign in {counted(units, "cell")}, so it stays text. '
            "To use it as a number, write the numbers alone."
        )
    elif number > MOSTLY_NUMBERS * total:
        notes.append(
            f'Column "{name}" has numbers in {counted(number, "cell")}, text in {total - number:,}, so it stays text. '
            "To use it as a number, correct or empty the cells of text."
        )
