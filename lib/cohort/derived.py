"""Columns made of other columns: the first known of several, and days from one date to another."""

import numpy as np
import pandas as pd

from ..errors import DataError, SpecError
from ..spec.reading import Derived
from ..table import Finding, is_numeric, text_values
from ..words import counted, quoted
from ..words.numbers import half_up, listed
from .dates import day_numbers


def derive(frame: pd.DataFrame, asked: Derived) -> tuple[np.ndarray, Finding]:
    """The values (n,) of a derived column, float64 or text, and the sentence that says what it is.

    Raises SpecError when the file has a column of that name, DataError when a column is absent or dates cannot be read.
    """
    if asked.name in frame.columns:
        raise SpecError(f'There is a column "{asked.name}" already.', "Give the derived column another name.")
    absent = [name for name in asked.columns if name not in frame.columns]
    if absent:
        raise DataError(
            f'Column "{asked.name}" is to be made of {quoted(absent)}, which the file does not have.',
            "Correct `derived` in the spec.",
        )
    sources = [frame[name] for name in asked.columns]
    return _joined(asked.name, sources) if asked.kind == "joined" else _days(asked.name, *sources)


def _joined(name: str, sources: list[pd.Series]) -> tuple[np.ndarray, Finding]:
    known = np.array([source.notna().to_numpy() for source in sources])
    first = np.where(known.any(axis=0), known.argmax(axis=0), -1)
    values = _as_numbers(np.choose(np.maximum(first, 0), _alike(sources)))
    taken = [f'{counted(int((first == place).sum()), "row")} from "{s.name}"' for place, s in enumerate(sources)]
    lacking, several = int((first < 0).sum()), int(_differ(sources, known))
    text = f'Column "{name}" is the first known of {quoted(str(s.name) for s in sources)}: {listed(taken)}'
    text += f"; {counted(lacking, 'row')} without any." if lacking else "."
    text += f" In {counted(several, 'row')} they differ." if several else ""
    return values, Finding("derived", text, "look" if several else "note", name, len(first) - lacking)


def _alike(sources: list[pd.Series]) -> list[np.ndarray]:
    """All as float64 where all are numbers, else all as text."""
    if all(map(is_numeric, sources)):
        return [source.to_numpy(dtype=float) for source in sources]
    return [text_values(source) for source in sources]


def _as_numbers(values: np.ndarray) -> np.ndarray:
    """Text of numbers throughout becomes numbers."""
    if values.dtype != object:
        return values
    codes, distinct = pd.factorize(values)
    numbers = pd.to_numeric(pd.Series(distinct, dtype=object), errors="coerce").to_numpy(dtype=float)
    return values if np.isnan(numbers).any() else np.append(numbers, np.nan)[codes]


def _differ(sources: list[pd.Series], known: np.ndarray) -> int:
    """Rows of which two columns know different values."""
    texts = np.array([text_values(source) for source in sources], dtype=object)
    differ = np.zeros(known.shape[1], dtype=bool)
    for place in range(1, len(sources)):
        for other in range(place):
            differ |= known[place] & known[other] & (texts[place] != texts[other])
    return int(differ.sum())


def _days(name: str, start: pd.Series, end: pd.Series) -> tuple[np.ndarray, Finding]:
    days = day_numbers(end, start) - day_numbers(start, end)
    known = days[np.isfinite(days)]
    text = f'Column "{name}" counts whole days from "{start.name}" to "{end.name}"'
    if not len(known):
        raise DataError(f"{text}, and the two dates are never known together.", "Choose other date columns.")
    text += f": known in {counted(len(known), 'row')}"
    low, high, negative = known.min(), known.max(), int((known < 0).sum())
    text += f" of {len(days):,}, from {half_up(low, 0)} to {half_up(high, 0)}."
    if negative:
        text += f' In {counted(negative, "row")} "{end.name}" comes before "{start.name}".'
    return days, Finding("derived", text, "look" if negative else "note", name, len(known))
