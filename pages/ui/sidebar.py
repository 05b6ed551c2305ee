"""What every page shows beside the navigation: the way to the slides, whose data these are, and how to keep or remove
them."""

import math

import streamlit as st

from lib.io.bundle import ENDING
from pages.ui import session, words_dialog
from pages.ui.bin import SECONDS
from pages.ui.plain import plain

PRESENTATION = "The analysis as slides, from one to the next with the arrow keys."
LOOK_AGAIN = 5.0  # seconds between two looks at whether the minute is over


def show() -> None:
    """Called by app.py on every run."""
    with st.sidebar:
        words_dialog.button()
        if session.own_table() is not None:
            st.page_link("pages/presentation.py", label="Presentation", icon=":material/slideshow:", help=PRESENTATION)
            of_this_table()
        elif session.removed() is not None:
            undo()


def of_this_table() -> None:
    """Whose data these are, and what can be done with the whole of them."""
    rows = len(session.own_table().frame)
    st.caption(
        f"Cohort: **{plain(session.study())}**, {rows:,} rows. It lives in this browser tab only: "
        "reloading or closing the tab removes it."
    )
    save_button("sidebar-save")
    if session.file():
        if st.button("Remove the data", icon=":material/delete:"):
            ask_to_remove()
    else:
        st.button("Remove the data", on_click=session.forget, icon=":material/delete:")


def save_button(key: str) -> None:
    """Data and settings as one file."""
    st.download_button(
        "Save data and settings",
        data=session.save_bytes(),
        file_name=f"{session.study_file_name()}{ENDING}",
        mime="application/octet-stream",
        on_click="ignore",
        icon=":material/save:",
        key=session.key(key),
        help="One file with your table as you opened it and every choice. Open it here again to go on. "
        "It holds your patients' data: keep it where the table itself may be kept.",
    )


@st.dialog("Remove the data?")
def ask_to_remove() -> None:
    """What goes, and what can be kept."""
    st.markdown(
        "The table, the settings and every result leave the memory of this program. "
        f"For {SECONDS:.0f} seconds you can still undo it."
    )
    save_button("dialog-save")
    with st.container(horizontal=True):
        if st.button("Remove", type="primary", icon=":material/delete:"):
            session.forget()
            st.rerun()
        if st.button("Keep"):
            st.rerun()


@st.fragment(run_every=LOOK_AGAIN)
def undo() -> None:
    """For a minute: take back what was removed, or let it go at once."""
    waiting = session.removed()
    if waiting is None:
        st.rerun()
    st.caption(f"The data were removed. They can be taken back for {math.ceil(waiting.seconds_left):d} seconds.")
    if st.button("Undo", icon=":material/undo:"):
        session.take_back()
        st.rerun()
    if st.button("Delete now", icon=":material/delete_forever:"):
        session.forget_for_good()
        st.rerun()
