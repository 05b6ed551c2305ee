"""What a session was given: the table, the files it came from, the spec, and the file of episodes beside it."""

import re
from typing import Any

import streamlit as st

from lib.errors import AnalysisError
from lib.io import File
from lib.openings import Openings
from lib.spec import AnalysisSpec
from lib.table import Table
from pages.ui import stages
from pages.ui.samples import SAMPLES, STUDY
from pages.ui.session import remember

_TABLE, _NAME, _SPEC, _FILE = "table", "table_name", "spec", "file"
_EPISODES, _EPISODES_FILE = "episodes", "episodes_file"
_OPENINGS = "openings"
_INPUTS = (_TABLE, _NAME, _SPEC, _FILE, _EPISODES, _EPISODES_FILE, _OPENINGS)
_WORKING, _HAD, _PRACTICE = "working_spec", "had_data", "practice"
_LONGEST_NAME = 80  # letters, in the names of downloads


def hold(table: Table, name: str, spec: AnalysisSpec | None, file: tuple[File, ...]) -> None:
    """As `open_table`."""
    hold_again(dict(zip(_INPUTS, (table, name, spec, file, None, None, openings()), strict=True)))
    st.session_state[_HAD] = True


def hold_nothing() -> None:
    """No table, no file, no spec."""
    hold_again(dict.fromkeys(_INPUTS))


def held() -> dict[str, Any]:
    """All that was given."""
    return {name: st.session_state.get(name) for name in _INPUTS}


def hold_again(given: dict[str, Any]) -> None:
    """What `held` returned; widgets start again."""
    st.session_state.update(given)
    st.session_state.pop(_WORKING, None)
    remember.start_again()


def openings() -> dict[str, Openings]:
    """When outcomes were opened, by the digest of each table of this session: opening a table once more does not wash
    it off, removing the data does."""
    return st.session_state.get(_OPENINGS) or {}


def keep_openings(digest: str, found: Openings) -> None:
    """That of one table."""
    st.session_state[_OPENINGS] = openings() | {digest: found}


def practice() -> bool:
    """Whether outcomes are open without a lock: on bundled samples, which are there to be tried."""
    return bool(st.session_state.get(_PRACTICE)) or sample() is not None


def had_any() -> bool:
    """Whether a table was ever open in this session."""
    return bool(st.session_state.get(_HAD))


def file() -> tuple[File, ...]:
    """The uploaded files as they came; () for a sample."""
    return st.session_state.get(_FILE) or ()


def table() -> Table | None:
    """The uploaded table, with the free days of its episodes where there are any; None before any upload.

    Where the free days cannot be derived (the outcome that tells who died was removed), the table as it came."""
    if episodes() is None or spec() is None or spec().free_days is None:
        return own_table()
    try:
        return stages.study(own_table(), spec(), episodes()).table
    except AnalysisError:
        return own_table()


def own_table() -> Table | None:
    """The uploaded table as it came."""
    return st.session_state.get(_TABLE)


def episodes() -> Table | None:
    """The file of episodes beside the table, None without one."""
    return st.session_state.get(_EPISODES)


def episodes_file() -> File | None:
    """That file as it came."""
    return st.session_state.get(_EPISODES_FILE)


def set_episodes(found: Table | None, new: AnalysisSpec, came: File | None = None) -> None:
    """Put a file of episodes beside the table, or take it away (None), with the spec that goes with it. came: the file
    as it came; None: the one that is there already."""
    st.session_state[_SPEC] = new
    put_beside(found, (came or episodes_file()) if found is not None else None)
    remember.keep("edited", ())


def put_beside(found: Table | None, came: File | None) -> None:
    """The file of episodes as it is, the spec staying as it is."""
    st.session_state[_EPISODES], st.session_state[_EPISODES_FILE] = found, came


def sample() -> str | None:
    """What the bundled sample on screen is; None for an upload."""
    return SAMPLES.get(study()) if own_table() is not None and not file() else None


def of_the_study() -> bool:
    """Whether the sample that the printed study belongs to is open."""
    return sample() is not None and study() == STUDY


def is_synthetic() -> bool:
    """Whether the patients on screen are made up, which every page that shows them says."""
    return "synthetic" in (sample() or "")


def study() -> str:
    """The label of the study in captions."""
    return st.session_state.get(_NAME) or "study"


def study_file_name() -> str:
    """The same as the beginning of a file's name: letters, digits, spaces, points, dashes and underscores."""
    return re.sub(r"[^\w .-]+", "_", study()).strip(" .")[:_LONGEST_NAME] or "study"


def label() -> str:
    """The study in a caption; made-up patients are said to be so wherever they are shown."""
    return study() + (" (synthetic patients)" if is_synthetic() else "")


def spec() -> AnalysisSpec | None:
    """The spec, None before columns have roles."""
    return st.session_state.get(_SPEC)


def update_spec(**sections: Any) -> AnalysisSpec:
    """Replace whole sections of the spec. Raises SpecError, and then the spec stays as it was."""
    st.session_state[_SPEC] = spec().replace(**sections)
    return st.session_state[_SPEC]


def set_spec(new: AnalysisSpec) -> None:
    """Take a whole spec (loaded from a file, or guessed); settings widgets start again from it."""
    st.session_state[_SPEC] = new
    remember.start_again()


def edit_spec(new: AnalysisSpec) -> None:
    """Take a spec that this page's own widgets describe; they go on showing what they show."""
    st.session_state[_SPEC] = new


def worked(used: AnalysisSpec) -> None:
    """Remember the spec of an analysis that could be done, to come back to from one that cannot."""
    if used == spec():
        st.session_state[_WORKING] = used


def working_spec() -> AnalysisSpec | None:
    """The last spec of this table whose analysis could be done."""
    return st.session_state.get(_WORKING)
