"""A file handed to a reader in a process of its own (lib.io.apart), and its refusals as sentences."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import DataError
from ..words import quoted
from .decode import SAVE_AS_CSV

SECONDS = 30  # on the clock; the child itself stops after 8 of the processor
START = "import sys; sys.path[:] = sys.argv[1:]; from apart.__main__ import main; main()"
PANIC = b"PanicException"  # what a fault inside calamine becomes


@dataclass(frozen=True)
class Answer:
    """told: what the reader says of the file. cells: the bytes it made of it."""

    told: dict[str, Any]
    cells: bytes


def ask(data: bytes, asked: dict[str, Any], called: str) -> Answer:
    """Read a file apart. asked: {"kind", ...} for the reader. called: what the file is, for sentences.

    Raises DataError, one sentence, when it cannot be read."""
    path = [entry for entry in sys.path if entry] + [str(Path(__file__).parent)]
    command = [sys.executable, "-I", "-c", START, *path]
    question = json.dumps(asked).encode() + b"\n" + data
    try:
        done = subprocess.run(command, input=question, capture_output=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        raise _too_much(called) from None
    if done.returncode < 0:
        raise _too_much(called)
    if done.returncode and PANIC not in done.stderr:
        raise RuntimeError(done.stderr.decode(errors="replace"))
    if done.returncode:
        raise _sentence({"refused": "damaged"}, called)
    line, _, cells = done.stdout.partition(b"\n")
    told = json.loads(line)
    if "refused" in told:
        raise _sentence(told, called)
    return Answer(told, cells)


def _too_much(called: str) -> DataError:
    return DataError(f"The file, {called}, is damaged or takes too much time or memory to read.", SAVE_AS_CSV)


def _sentence(told: dict[str, Any], called: str) -> DataError:
    """A refusal of the reader in words."""
    sheet = f'Sheet "{told.get("sheet")}"'
    match told["refused"]:
        case "damaged":
            return DataError(f"The file, {called}, is damaged or incomplete.", "Copy it again from where it came from.")
        case "password":
            return DataError(
                f"The file, {called}, is protected by a password.", "Save a copy without the password and choose that."
            )
        case "no_sheet":
            return DataError(
                f"The workbook has no sheet {quoted([told['sheet']])}.",
                f"Its sheets are {quoted(told['sheets'])}.",
            )
        case "no_table":
            return DataError("No sheet of the workbook holds a table.", "Choose the file that holds the patients.")
        case "no_rows":
            return DataError(f"The file, {called}, holds no rows.", "Choose the file that holds the patients.")
        case "far":
            return DataError(
                f"{sheet} reaches as far as {told['last']}, though few of its cells are filled.",
                "Delete what stands far from the table, or copy the table into a new workbook.",
            )
        case "cells":
            return DataError(f"{sheet} fills more than {told['most']:,} cells, too many for a workbook.", SAVE_AS_CSV)
        case "large":
            return DataError(f"The file, {called}, holds more than {told['most']:,} values, too many.", SAVE_AS_CSV)
        case "twice":
            return DataError("Two columns of the file have one name.", "Give every column a name of its own.")
        case _:
            return _too_much(called)
