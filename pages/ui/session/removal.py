"""Removing the data of a session, with a minute to take them back, and keeping them as a file."""

from collections.abc import Callable
from functools import partial
from typing import Any

import streamlit as st

from lib.io import File
from lib.spec import AnalysisSpec
from lib.table import Table
from pages.ui import memory, saved, stages
from pages.ui.bin import Bin
from pages.ui.session import inputs, opened, remember

_BIN = "bin"


def open_table(table: Table, name: str, spec: AnalysisSpec | None, file: tuple[File, ...] = ()) -> None:
    """Make this the cohort of the session. `name` (no extension) labels downloads; spec None means: not decided yet.
    file: the upload as it came, one file or two, to be read once more with other settings; () for a sample."""
    _let_go()
    inputs.hold(table, name, spec, file)


def forget() -> None:
    """Remove the table, the files and the spec from this session, and every result made from them. What was uploaded
    can be taken back for a minute (`take_back`); then it is gone from the server's memory."""
    contents = {"inputs": inputs.held(), "kept": remember.kept()} if inputs.file() else None
    forget_for_good()
    if contents is not None:
        st.session_state[_BIN] = Bin(contents)


def forget_for_good() -> None:
    """The same without a way back, and of what could still be taken back too."""
    _let_go()
    inputs.hold_nothing()


def _let_go() -> None:
    waiting = st.session_state.pop(_BIN, None)
    if waiting is not None:
        waiting.empty()
    stages.forget()
    memory.drop_uploads()
    memory.give_back_soon()


def removed() -> Bin | None:
    """What was removed within the last minute and can be taken back."""
    waiting = st.session_state.get(_BIN)
    return waiting if waiting is not None and waiting.full else None


def take_back() -> bool:
    """Undo `forget`. False when it is too late."""
    waiting = st.session_state.pop(_BIN, None)
    contents: dict[str, Any] | None = waiting.take() if waiting is not None else None
    if contents is None:
        return False
    inputs.hold_again(contents["inputs"])
    for name, value in contents["kept"].items():
        remember.keep(name, value)
    return True


def at_stake() -> str:
    """What would be lost with this tab: "upload"; "nothing", as nothing was ever opened here; or "no more"."""
    if inputs.file() or removed() is not None:
        return "upload"
    return "no more" if inputs.had_any() else "nothing"


def save_bytes() -> Callable[[], bytes]:
    """What makes data and settings as one file (`.matchlens`), to be called when the file is asked for."""
    sample = inputs.study() if inputs.sample() else None
    options = remember.keep("reading") or {}
    own = (inputs.study(), sample, inputs.file(), options, inputs.spec(), inputs.episodes_file())
    return partial(saved.packed, *own, opened.openings())


def open_saved(data: bytes) -> None:
    """Go on from a file that `save_bytes` made. Raises AnalysisError, and then everything stays as it was."""
    found = saved.opened(data)
    open_table(found.table, found.saved.study, found.spec, found.saved.files)
    inputs.put_beside(found.episodes, found.saved.episodes)
    opened.add(found.saved.openings)
    if found.saved.options:
        remember.keep("reading", found.saved.options)
