"""Values beyond a limit of detection become numbers by the rule of the spec, or one sentence asks for the rule."""

import re

import numpy as np
import pandas as pd

from ..errors import DataError
from ..io.missing import NUMBER_MARKERS
from ..spec.reading import Rule
from ..table import Finding, Limited, Table, is_numeric
from ..words import counted
from ..words.numbers import listed

LIMIT = re.compile(r"\s*([<>≤≥]=?)?\s*([+-]?\d*[.,]?\d+(?:[eE][+-]?\d+)?)\s*")
FACTORS = {"half": 0.5, "limit": 1.0, "zero": 0.0, "missing": np.nan}
STANDS = {"half": "half of the limit", "limit": "the limit", "zero": "0", "missing": "a missing value"}
CHOICES = "half, limit, zero or missing"


def limited_numbers(table: Table, name: str) -> Limited | None:
    """The numbers and limits of a column; None for a plain column of numbers. Where the reader of the file has not told
    them apart (a frame made in code) its texts are. Raises DataError for text that is neither."""
    if name in table.limited:
        return table.limited[name]
    column = table.frame[name]
    return None if is_numeric(column) else _read_limits(column)


def within_limits(name: str, found: Limited, rule: Rule) -> tuple[np.ndarray, Finding]:
    """float (n,), and the sentence that says what stands for what. A value beyond an upper limit becomes the limit."""
    below, above = found.beyond < 0, found.beyond > 0
    values = np.where(below, found.values * FACTORS[rule], found.values)
    said = [f"{counted(int(below.sum()), 'value')} below a limit of detection count as {STANDS[rule]}"]
    if above.any():
        said.append(f"{counted(int(above.sum()), 'value')} above a limit as the limit")
    text = f'Column "{name}": {listed(said)}.'
    return values, Finding("below_limit", text, "note", name, int(below.sum() + above.sum()))


def require_rule(table: Table, name: str) -> None:
    """Raise DataError for a column of numbers with values beyond limits, for which nobody gave a rule."""
    found = table.limited.get(name)
    if found is None:
        return
    beyond = counted(int((found.beyond != 0).sum()), "value")
    raise DataError(
        f'Column "{name}" holds {beyond} beyond a limit ("<" or ">"), and nothing says what stands for them.',
        f'Choose {CHOICES} on the Data page, or as `columns.below_limit` of the spec: {{"{name}": "half"}}.',
    )


def _read_limits(column: pd.Series) -> Limited:
    codes, distinct = pd.factorize(column.where(~column.isin(NUMBER_MARKERS), None).to_numpy())
    found = [LIMIT.fullmatch(text) for text in distinct]
    rows = int(np.append([one is None for one in found], False)[codes].sum())
    if rows:
        raise DataError(
            f'Column "{column.name}" holds text in {counted(rows, "row")}, neither a number nor a limit ("<0.3").',
            "Correct these entries or leave them empty.",
        )
    values = [float(one[2].replace(",", ".")) for one in found if one]
    beyond = [0 if not one[1] else -1 if one[1][0] in "<≤" else 1 for one in found if one]
    return Limited(np.append(values, np.nan)[codes], np.append(beyond, 0).astype(np.int8)[codes])
