"""What widgets remember, and for how long: until another table or spec is opened, or until the page is left."""

from collections.abc import Callable
from typing import Any

import streamlit as st

_GENERATION, _ENTRY, _PAGE, _CAME_FROM = "generation", "entry", "page", "came_from"
_KEPT = "kept-"
_OF_THIS_TABLE = (_KEPT, "seed-")


def begin() -> None:
    """On a session's first run."""
    st.session_state.setdefault(_GENERATION, 0)


def enter(page: str) -> None:
    """A page is shown; where it was another one before, its settings widgets start from the spec."""
    if st.session_state.get(_PAGE) != page:
        st.session_state[_CAME_FROM] = st.session_state.get(_PAGE)
        st.session_state[_PAGE] = page
        st.session_state[_ENTRY] = st.session_state.get(_ENTRY, 0) + 1


def came_from() -> str | None:
    """The page that was shown before this one; None where there was none."""
    return st.session_state.get(_CAME_FROM)


def start_again() -> None:
    """Widgets get new keys; what was remembered under the old ones goes."""
    st.session_state[_GENERATION] += 1
    for name in [name for name in st.session_state if str(name).startswith(_OF_THIS_TABLE)]:
        del st.session_state[name]


def key(name: str) -> str:
    """A widget key that changes whenever another table or spec is opened, so that no widget shows an old setting."""
    return f"{name}-{st.session_state[_GENERATION]}"


def keep(name: str, value: Any = None) -> Any:
    """Remember a value under `key(name)` for the session when given one; return what is remembered."""
    if value is not None:
        st.session_state[f"{_KEPT}{key(name)}"] = value
    return st.session_state.get(f"{_KEPT}{key(name)}")


def kept() -> dict[str, Any]:
    """Everything that `keep` remembers of this table, by name."""
    ending = key("")
    names = [str(name) for name in st.session_state if str(name).startswith(_KEPT) and str(name).endswith(ending)]
    return {name.removeprefix(_KEPT).removesuffix(ending): st.session_state[name] for name in names}


def seed(name: str, make: Callable[[], Any]) -> Any:
    """A value made once each time the page is entered or another table or spec is opened: a data_editor's start."""
    place, moment = f"seed-{name}", (st.session_state[_GENERATION], st.session_state[_ENTRY])
    if st.session_state.get(place, (None, None))[0] != moment:
        st.session_state[place] = (moment, make())
    return st.session_state[place][1]


def seed_key(name: str) -> str:
    """A widget key that changes whenever `seed` makes a new value."""
    return f"{key(name)}-{st.session_state[_ENTRY]}"


def restart_widgets() -> None:
    """Settings widgets of this page show the spec again."""
    st.session_state[_ENTRY] += 1
