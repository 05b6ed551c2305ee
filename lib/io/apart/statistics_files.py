"""Files of SPSS, Stata and SAS, with the labels of their variables and values."""

import datetime
import io
from collections.abc import Mapping
from typing import Any

import numpy as np
import pyreadstat

from .columns import number_text, packed
from .refused import Refused

READERS: dict[str, Any] = {
    "sav": pyreadstat.read_sav,
    "por": pyreadstat.read_por,
    "dta": pyreadstat.read_dta,
    "sas7bdat": pyreadstat.read_sas7bdat,
    "xpt": pyreadstat.read_xport,
}
WITH_RANGES = ("sav",)  # formats that say which values their user declared missing
MOST_CELLS = 10_000_000  # what is read in about five seconds
# what pyreadstat raises on files cut or changed at random
DAMAGED = (
    pyreadstat.ReadstatError,
    pyreadstat.PyreadstatError,
    ArithmeticError,
    AttributeError,
    LookupError,
    TypeError,
    ValueError,
)


def read(data: bytes, asked: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    """asked: kind, and encoding (None: as the file says).

    Returns what lib.io.apart.columns.packed tells, and "labels" {name: text}, "coded" [names whose numbers became their
    labels], "partly" {name: [labels]} of those whose numbers stay, "declared" {name: cells declared missing}; and the
    cells. Raises Refused."""
    columns, about = _read(data, asked)
    rows = len(next(iter(columns.values()), ()))
    if not rows:
        raise Refused("no_rows")
    declared = {name: _without_declared(columns, name, ranges) for name, ranges in _of(columns, about.missing_ranges)}
    partly: dict[str, list[str]] = {}
    coded = []
    for name, labels in _of(columns, about.variable_value_labels):
        texts, without = _labelled(columns[name], labels)
        if texts is not None:
            columns[name] = texts
            coded.append(name)
        elif without:
            partly[name] = without
    told, cells = packed({name: _plain(column) for name, column in columns.items()}, rows)
    labels = {name: label for name, label in about.column_names_to_labels.items() if label and label.strip()}
    return told | {"labels": labels, "coded": coded, "partly": partly, "declared": declared}, cells


def _of(columns: Mapping[str, Any], told: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """What a file tells of columns that it has; a damaged one may name others."""
    return [(name, value) for name, value in told.items() if name in columns]


def _read(data: bytes, asked: dict[str, Any]) -> tuple[dict[str, Any], Any]:
    reader = READERS[asked["kind"]]
    more: dict[str, Any] = {"encoding": asked["encoding"]} if asked.get("encoding") else {}
    if asked["kind"] in WITH_RANGES:
        more["user_missing"] = True
    try:
        _, about = reader(io.BytesIO(data), metadataonly=True)
        if (about.number_rows or 0) * len(about.column_names) > MOST_CELLS:
            raise Refused("large", most=MOST_CELLS)
        columns, about = reader(io.BytesIO(data), output_format="dict", **more)
    except DAMAGED as error:
        raise error if isinstance(error, Refused) else Refused("damaged") from None
    return {name: _column(cells) for name, cells in columns.items()}, about


def _column(cells: Any) -> Any:
    """float64 where all known cells are numbers, else a list."""
    cells = cells.tolist() if isinstance(cells, np.ndarray) else cells
    kinds = set(map(type, cells))
    return np.array(cells, dtype=float) if kinds <= {float, int, type(None)} else cells


def _without_declared(columns: dict[str, Any], name: str, ranges: list[Mapping[str, Any]]) -> int:
    """Empty the cells whose values the file declares missing. Returns how many."""
    column = columns[name]
    if isinstance(column, np.ndarray):
        spans = [span for span in ranges if not isinstance(span["lo"], str)]
        found = np.zeros(len(column), dtype=bool)
        for span in spans:
            found |= (column >= span["lo"]) & (column <= span["hi"])
        columns[name] = np.where(found, np.nan, column)
        return int(found.sum())
    declared = {span["lo"] for span in ranges}
    columns[name] = [None if cell in declared else cell for cell in column]
    return sum(cell in declared for cell in column)


def _labelled(column: Any, labels: Mapping[Any, str]) -> tuple[list[str | None] | None, list[str]]:
    """The labels in place of the values where every known value has one; else None, and the labels that were used."""
    numbers = isinstance(column, np.ndarray)
    used = set(np.unique(column[~np.isnan(column)]).tolist()) if numbers else {*column} - {None, ""}
    named = {value: label.strip() for value, label in labels.items() if value in used and label and label.strip()}
    if not used or set(named) != used:
        return None, sorted(set(named.values()))
    several = len(set(named.values())) < len(named)
    texts = {value: f"{label} ({_value(value)})" if several else label for value, label in named.items()}
    return [texts.get(cell) for cell in (column.tolist() if numbers else column)], []


def _value(value: Any) -> str:
    return number_text(float(value)) if isinstance(value, (int, float)) else str(value)


def _plain(column: Any) -> Any:
    """Numbers and text as they are; dates as ISO text, without a midnight that is nobody's time."""
    if isinstance(column, np.ndarray) or set(map(type, column)) <= {str, type(None)}:
        return column
    moments = [cell for cell in column if isinstance(cell, datetime.datetime)]
    days = all(cell.time() == datetime.time() for cell in moments)
    return [_cell(cell, days) for cell in column]


def _cell(cell: Any, days: bool) -> Any:
    if isinstance(cell, datetime.datetime):
        return cell.date().isoformat() if days else cell.isoformat(sep=" ", timespec="seconds")
    if isinstance(cell, (datetime.date, datetime.time)):
        return cell.isoformat()
    return cell
