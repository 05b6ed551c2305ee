"""Loaded by every Python process of a watched server: writes down which files it opens for writing.

Python's audit hooks see each `open` before it happens, so that a file is noticed however short its life and even when
it never has a name (O_TMPFILE)."""

import os
import sys

_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_APPEND
_LOG = os.open(os.environ["WATCH_LOG"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)


def _note(text: str) -> None:
    os.write(_LOG, f"{os.getpid()} {text}\n".encode(errors="replace"))


def _hook(event: str, arguments: tuple) -> None:
    if event == "open":
        path, mode, flags = arguments
        if (isinstance(mode, str) and set(mode) & set("wax+")) or (isinstance(flags, int) and flags & _WRITING):
            _note(f"open {path}")
    elif event.startswith("tempfile.") or event in ("os.mkdir", "os.rename", "os.link", "os.symlink"):
        _note(f"{event} {arguments[0]}")


_note("started")
sys.addaudithook(_hook)
