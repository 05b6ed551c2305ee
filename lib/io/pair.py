"""read_tables: treated and controls in a file each become one table."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from ..errors import DataError
from ..spec.reading import Reading
from ..table import Finding, Limited, Table, frame_digest, is_numeric, object_frame, text_values
from ..words import quoted
from .source import AS_FOUND, read_table

ARMS = ("treated", "control")
Pair = tuple[str | None, str | None]  # one column's name in each file, None where it has no such column
COLUMN = "file"
MOST_LEVELS = 20  # texts of a category
SPACES = re.compile(r"[\s_]+")


def read_tables(
    files: Sequence[tuple[bytes, str]],
    reading: Reading = AS_FOUND,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    decimal: str | None = None,
    missing: tuple[str, ...] | None = None,
) -> Table:
    """One file as read_table reads it; two as one table, the first file's rows first.

    files: (bytes, name) of each. The column `file` says which file a row stood in: "treated" (the first) or "control".
    A column of one file alone is missing in the other's rows. Raises DataError for another number of files, for two
    that hold the same, and for two without a column in common; else as read_table, naming the file."""
    if len(files) not in (1, 2):
        raise DataError(f"One or two files can be read, not {len(files)}.", "Put the patients into one file or two.")
    tables = [
        read_table(data, name, reading, encoding=encoding, delimiter=delimiter, decimal=decimal, missing=missing)
        for data, name in files
    ]
    return tables[0] if len(tables) == 1 else joined(tables[0], tables[1], reading.merge_case)


def joined(first: Table, second: Table, merge_case: bool = True) -> Table:
    """The rows of both, `first` above. merge_case: categories of the second that differ from the first's in capitals
    or spaces alone are the first's. Raises DataError; see read_tables."""
    if first.digest == second.digest:
        raise DataError(
            "Both files hold the same rows.", "Choose the file of the treated and the file of the controls."
        )
    pairs = _pairs(list(map(str, first.frame.columns)), list(map(str, second.frame.columns)))
    if not any(a and b for a, b in pairs):
        raise DataError("The two files have no column in common.", "Give the same things the same names in both files.")
    where = COLUMN
    while where in {name for pair in pairs for name in pair}:
        where += "_"
    arms = np.repeat(np.array(ARMS, dtype=object), [len(first.frame), len(second.frame)])
    columns, limited, found = _all_stacked(first, second, pairs, merge_case)
    frame = object_frame({where: arms, **columns}, copy=False)
    renamed = {b: a for a, b in pairs if a and b}
    questions = {(q.about, renamed.get(q.column or "", q.column)): q for q in (*second.questions, *first.questions)}
    return Table(
        frame,
        frame_digest(frame),
        (*_names_found(pairs, where), *found, *_told(first, "treated"), *_told(second, "control", renamed)),
        tuple(q.model_copy(update={"column": column}) for (_, column), q in questions.items()),
        limited,
        _renamed(second.labels, renamed) | dict(first.labels),
        _renamed(second.units, renamed) | dict(first.units),
    )


def _all_stacked(
    first: Table, second: Table, pairs: list[Pair], merge_case: bool
) -> tuple[dict[str, np.ndarray], dict[str, Limited], list[Finding]]:
    """Every column of both, those of numbers and detection limits, and what is to be said of them."""
    columns: dict[str, np.ndarray] = {}
    limited: dict[str, Limited] = {}
    found: list[Finding] = []
    for a, b in pairs:
        name, above, below = a or b or "", _cells(first, a), _cells(second, b)
        if merge_case:
            below, spelled = _spelled(name, above, below)
            found += spelled
        columns[name], note = _stacked(name, above, below)
        if _limits(first, a, second, b):
            limited[name] = _both_limited(_limited(first, a), _limited(second, b))
        elif note:
            found.append(note)
    return columns, limited, found


def _pairs(first: list[str], second: list[str]) -> list[Pair]:
    """Which column of the second file is which of the first: the same name, else one that differs in capitals, spaces
    and underscores alone. None where a file has no such column."""
    partner = {name: name for name in first if name in second}
    keys = [_by_key([name for name in names if name not in partner]) for names in (first, second)]
    partner |= {keys[0][key]: keys[1][key] for key in keys[0] if key in keys[1]}
    taken = set(partner.values())
    return [(name, partner.get(name)) for name in first] + [(None, name) for name in second if name not in taken]


def _by_key(names: list[str]) -> dict[str, str]:
    """Names by their letters; without those that are alike within one file."""
    keys = [SPACES.sub("", name.casefold()) for name in names]
    return {key: name for key, name in zip(keys, names, strict=True) if keys.count(key) == 1}


def _names_found(pairs: list[Pair], where: str) -> list[Finding]:
    text = f'Two files read as one; column "{where}" says which ("treated", "control").'
    found = [Finding("files", text, "note" if where == COLUMN else "look", column=where)]
    spelled = [f'"{b}" as "{a}"' for a, b in pairs if a and b and a != b]
    if spelled:
        text = f"Column names of the controls' file that are spelled otherwise there: {', '.join(spelled)}."
        found.append(Finding("file_names", text))
    for side, other, alone in (
        ("treated", "control", [a for a, b in pairs if a and not b]),
        ("control", "treated", [b for a, b in pairs if b and not a]),
    ):
        if alone:
            text = f"Only the {side} file has {quoted(alone)}; missing for every {other} patient."
            found.append(Finding("one_file_only", text, "look"))
    return found


def _cells(table: Table, name: str | None) -> np.ndarray | int:
    """(n,) of one column, or how many rows lack it."""
    return len(table.frame) if name is None else table.frame[name].to_numpy()


def _spelled(name: str, above: np.ndarray | int, below: np.ndarray | int) -> tuple[np.ndarray | int, list[Finding]]:
    """The second file's texts in the first file's spelling, and a finding that says so."""
    if isinstance(above, int) or isinstance(below, int) or above.dtype != object or below.dtype != object:
        return below, []
    known, texts = ({text for text in part if text is not None} for part in (above, below))
    if max(len(known), len(texts)) > MOST_LEVELS:
        return below, []
    by_plain = {SPACES.sub(" ", text.casefold()): text for text in known}
    others = {text: by_plain.get(SPACES.sub(" ", text.casefold()), text) for text in texts - known}
    changed = sorted(text for text, spelling in others.items() if text != spelling)
    if not changed:
        return below, []
    cells = int(np.isin(below, changed).sum())
    told = ", ".join(f'"{text}" as "{others[text]}"' for text in changed)
    text = f'Column "{name}": read in the treated file\'s spelling: {told}.'
    made = np.array([*(others.get(text, text) for text in below), None], dtype=object)[:-1]
    return made, [Finding("merged", text, column=name, cells=cells, undo={"merge_case": False})]


def _stacked(name: str, above: np.ndarray | int, below: np.ndarray | int) -> tuple[np.ndarray, Finding | None]:
    """One column out of two; text where only one of them is numbers, and a finding that says so."""
    parts = [part for part in (above, below) if not isinstance(part, int)]
    as_text = any(part.dtype == object for part in parts)
    numbers = [part for part in parts if part.dtype != object and not np.isnan(part.astype(float)).all()]
    made = [_part(part, as_text) for part in (above, below)]
    if not (as_text and numbers):
        return np.concatenate(made), None
    text = f'Column "{name}" holds numbers in one file and text in the other, so it is text.'
    return np.concatenate(made), Finding("file_types", text, "look", column=name)


def _part(part: np.ndarray | int, as_text: bool) -> np.ndarray:
    if isinstance(part, int):
        return np.full(part, None, dtype=object) if as_text else np.full(part, np.nan)
    return text_values(pd.Series(part)) if as_text else part


def _limits(first: Table, a: str | None, second: Table, b: str | None) -> bool:
    """Whether the column is of numbers and detection limits in both files, or of numbers alone in one of them."""
    kinds = [
        "limited" if name in table.limited else "number" if is_numeric(table.frame[name]) else "text"
        for table, name in ((first, a), (second, b))
        if name is not None
    ]
    return "limited" in kinds and "text" not in kinds


def _limited(table: Table, name: str | None) -> Limited:
    rows = len(table.frame)
    if name is not None and name in table.limited:
        return table.limited[name]
    values = np.full(rows, np.nan) if name is None else table.frame[name].to_numpy(dtype=float)
    return Limited(values, np.zeros(rows, dtype=np.int8))


def _both_limited(above: Limited, below: Limited) -> Limited:
    return Limited(
        np.concatenate([above.values, below.values]), np.concatenate([above.beyond, below.beyond]).astype(np.int8)
    )


def _told(table: Table, arm: str, renamed: Mapping[str, str] | None = None) -> list[Finding]:
    """A file's own findings, saying which file; lines to leave out cannot be chosen for one file of two."""
    names = renamed or {}
    return [
        replace(
            found,
            text=f"{arm.capitalize()} file: {found.text}",
            column=None if found.column is None else names.get(found.column, found.column),
            undo={} if "skip_lines" in found.undo else found.undo,
        )
        for found in table.findings
    ]


def _renamed(told: Mapping[str, str], renamed: Mapping[str, str]) -> dict[str, str]:
    return {renamed.get(name, name): text for name, text in told.items()}
