"""Files whose columns have a type (SPSS, Stata, SAS, Parquet) as a Table: numbers as the file holds them, text by the
reader of text, so that "<0.3", missing marks and dates mean the same in every format."""

from dataclasses import replace
from typing import Any

import numpy as np

from ..errors import DataError
from ..spec.reading import Reading
from ..table import Finding, Table, frame_digest, object_frame
from ..words import counted, quoted
from .child import ask
from .kinds import Kind
from .text import Settings, read_text

SHOWN = 3  # labels that a sentence names


def read_typed(data: bytes, kind: Kind, reading: Reading, settings: Settings) -> Table:
    """The table of a file that lib.io.apart reads. Raises DataError."""
    answer = ask(data, {"kind": kind.code, "encoding": settings.encoding}, kind.called)
    told, cells = answer.told, answer.cells
    _require_names(told["order"])
    columns = _numbers(told, cells)
    text = _texts(told, cells, reading, settings)
    if text is not None:
        columns |= {name: text.frame[name].to_numpy() for name in told["texts"]}
    frame = object_frame({name: columns[name] for name in told["order"]}, copy=False)
    own = (Finding("read", f"Read as {kind.called}.", "plain"), *_findings(told))
    if text is None:
        return Table(frame, frame_digest(frame), own, labels=told.get("labels", {}))
    return replace(
        text,
        frame=frame,
        digest=frame_digest(frame),
        findings=(*own, *text.findings),
        labels={**text.labels, **told.get("labels", {})},
    )


def _require_names(names: list[str]) -> None:
    if not all(name.strip() for name in names):
        raise DataError("A column of the file has no name.", "Give every column a name.")


def _numbers(told: dict[str, Any], cells: bytes) -> dict[str, np.ndarray]:
    """float64 (n,), or int64 where all are whole and known, as a CSV file of the same numbers would give."""
    rows = told["rows"]
    block = np.frombuffer(cells, dtype="<f8", count=rows * len(told["numbers"])).reshape(-1, rows)
    return {name: _whole(column) for name, column in zip(told["numbers"], block, strict=True)}


def _whole(column: np.ndarray) -> np.ndarray:
    with np.errstate(invalid="ignore"):
        whole = column.astype(np.int64)
    return whole if np.array_equal(whole, column) else column.astype(np.float64)


def _texts(told: dict[str, Any], cells: bytes, reading: Reading, settings: Settings) -> Table | None:
    """The columns of text, read as a text file with a mark in every row; None where there are none."""
    if not told["texts"]:
        return None
    lines = cells[8 * told["rows"] * len(told["numbers"]) :]
    plain = Settings("utf-8", "\t", settings.decimal, settings.missing)
    none_left_out = reading if reading.skip_lines is not None else reading.model_copy(update={"skip_lines": ()})
    table = read_text(lines, none_left_out, plain)
    return replace(table, findings=tuple(found for found in table.findings if found.column in told["texts"]))


def _findings(told: dict[str, Any]) -> tuple[Finding, ...]:
    coded, found = told.get("coded", []), []
    if coded:
        found.append(
            Finding("value_labels", f"Values replaced by the labels that the file gives them: {quoted(coded)}.")
        )
    for name, labels in told.get("partly", {}).items():
        shown = quoted(labels[:SHOWN]) + (" and more" if len(labels) > SHOWN else "")
        text = f'Column "{name}": only some of its values have labels ({shown}), so its values stay as they are.'
        found.append(Finding("value_labels", text, "look", column=name))
    for name, cells in told.get("declared", {}).items():
        text = f'Column "{name}": {counted(cells, "cell")} that the file declares missing are read as missing.'
        found += [Finding("declared_missing", text, column=name, cells=cells)] if cells else []
    if told.get("left_out"):
        text = f"Left out, because they hold lists or files in place of values: {quoted(told['left_out'])}."
        found.append(Finding("left_out", text, "look"))
    return tuple(found)
