"""The tour of a finished example: a line below the title of each page, until somebody ends it."""

from pathlib import Path

import streamlit as st

from lib.words import guide as words
from pages.ui import session

ENDED = "tour-ended"


def show(file: str) -> None:
    """The line of this page; nothing with a table of one's own, or once the tour was ended.  file: the page's."""
    found = words.stop_at(f"pages/{Path(file).name}")
    if found is None or session.sample() is None or session.keep(ENDED):
        return
    number, stop = found
    with st.container(key="tour", horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"**{words.step_words(number)}.** {stop.look}", width="stretch")
        if stop.next_file:
            st.page_link(stop.next_file, label=stop.next_label, icon=":material/arrow_forward:", width="content")
        st.button(
            "End the tour", type="tertiary", key=session.key("tour-end"), on_click=session.keep, args=(ENDED, True)
        )
