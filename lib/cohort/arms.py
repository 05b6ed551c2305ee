"""Who is treated: a column with exactly two values becomes two arms."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..errors import DataError
from ..table import is_numeric, sorted_levels, text_values
from ..words import counted, quoted

MAX_LEVELS_SHOWN = 6  # more values than this, or values of single patients, are no category labels: never in messages


@dataclass(frozen=True)
class Arms:
    """treated, control: bool (rows of the file,), both False where the treatment is missing or is a third value."""

    treated: np.ndarray
    control: np.ndarray
    treated_label: str
    control_label: str


def find_arms(column: pd.Series, eligible: np.ndarray, treated_value: str | None) -> Arms:
    """The two arms among the eligible rows.

    column: the treatment, as read. eligible: bool, same length. treated_value None: the larger of the two values, by
    size for numbers and by code point for text. Raises DataError unless there are exactly two values and one of them is
    the treated one.
    """
    values = text_values(column)
    levels = sorted_levels(column[eligible])
    if len(levels) != 2:
        raise _not_two(str(column.name), levels, int(eligible.sum()))
    label: str | None
    if treated_value is None:
        label = max(levels, key=float) if is_numeric(column) else levels[-1]
    else:
        label = same_level(treated_value, levels)
    if label is None:
        raise DataError(
            f'No row of column "{column.name}" holds the treated value "{treated_value}"; it holds {quoted(levels)}.',
            "Choose one of these as the treated value.",
        )
    other = levels[0] if levels[1] == label else levels[1]
    return Arms(values == label, values == other, label, other)


def same_level(wanted: str, levels: list[str]) -> str | None:
    """The level that `wanted` means: the same text, else the same number ("1.0" means "1"), else the only one that
    differs in capitals and blanks alone ("MSC" means "msc"). None when there is none."""
    if wanted in levels:
        return wanted
    number = _number(wanted)
    found = next((level for level in levels if number is not None and _number(level) == number), None)
    alike = [level for level in levels if _bare(level) == _bare(wanted)]
    return alike[0] if found is None and len(alike) == 1 else found


def _bare(text: str) -> str:
    return " ".join(text.split()).casefold()


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def level_list(levels: list[str], n: int) -> str:
    """(in brackets) the levels that n rows hold, or nothing where they could be values of single patients."""
    return f" ({quoted(levels)})" if 0 < len(levels) <= min(MAX_LEVELS_SHOWN, n / 2) else ""


def _not_two(name: str, levels: list[str], n: int) -> DataError:
    count, shown = counted(len(levels), "value"), level_list(levels, n)
    if len(levels) < 2:
        hint = "Choose the column that tells treated from control patients, or loosen the eligibility rules."
    else:
        hint = "Choose another treatment column, or keep two of its values with an eligibility rule."
    return DataError(f'Column "{name}" has {count}{shown}; a treatment needs exactly 2.', hint)
