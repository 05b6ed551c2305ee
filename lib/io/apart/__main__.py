"""One file in, one answer out: a line of JSON and then the file on standard input; a line of JSON and then the cells on
standard output."""

import importlib
import json
import os
import sys
from typing import Any

from .refused import Refused

READERS = {
    "xlsx": "sheets",
    "xls": "sheets",
    "ods": "sheets",
    "xlsb": "sheets",
    "parquet": "arrow",
    "sav": "statistics_files",
    "por": "statistics_files",
    "dta": "statistics_files",
    "sas7bdat": "statistics_files",
    "xpt": "statistics_files",
}
MOST_MEMORY = 3 << 30  # bytes of address space
MOST_SECONDS = 8  # of the processor


def main() -> None:
    """Answer one question."""
    _limit()
    asked = json.loads(sys.stdin.buffer.readline())
    told, cells = answer(sys.stdin.buffer.read(), asked)
    sys.stdout.buffer.write(json.dumps(told).encode() + b"\n" + cells)
    sys.stdout.buffer.flush()


def answer(data: bytes, asked: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    """What the reader of `asked["kind"]` makes of a file; {"refused": why, ...} and nothing where it cannot be read."""
    reader = importlib.import_module(f".{READERS[asked['kind']]}", __package__)
    try:
        told, cells = reader.read(data, asked)
    except Refused as why:
        return {"refused": why.code, **why.details}, b""
    except MemoryError:
        return {"refused": "memory"}, b""
    return told, cells


def _limit() -> None:
    """Little memory, little time, and no image of the memory on disk after a crash."""
    if os.name != "posix":
        return
    import resource

    for what, most in (
        (resource.RLIMIT_AS, MOST_MEMORY),
        (resource.RLIMIT_CPU, MOST_SECONDS),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(what)
        allowed = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (allowed, allowed))


if __name__ == "__main__":
    main()
