"""A tab with data asks before it is left, and says so when a reload or a restarted server has lost them."""

import secrets
from pathlib import Path

import streamlit as st

from pages.ui import session

SERVER = secrets.token_hex(8)  # names this start of the program
LOST = {
    "restart": "The program was started again, and your data are gone from its memory. "
    "Open the table, or the file you saved, again.",
    "reload": "This tab was loaded anew, and your data are gone from the program's memory. "
    "Open the table, or the file you saved, again.",
}

_component = st.components.v2.component(
    "matchlens_keeper", js=(Path(__file__).parent / "assets/keeper.js").read_text("utf-8")
)


def watch() -> None:
    """Called by app.py on every run."""
    with st.sidebar:  # where a part without height leaves no gap in the page
        found = _component(
            data={"at_stake": session.at_stake(), "server": SERVER},
            key="keeper",
            height=1,
            on_lost_change=_nothing,
            on_again_change=_nothing,
        )
    if found.lost in LOST and session.at_stake() == "nothing":
        st.warning(LOST[found.lost], icon=":material/history:")


def _nothing() -> None:
    """The run that a message from the browser starts is all that is wanted."""
