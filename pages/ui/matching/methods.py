"""The methods side by side, outcomes closed, and taking one over."""

import streamlit as st

from lib.sensitivity.methods import Candidate, Tried
from lib.words import methods as words
from pages.ui import session, stages, widgets
from pages.ui.headings import heading
from pages.ui.plain import plain
from pages.ui.tables import show_table
from pages.ui.view import View


def show_methods(view: View) -> None:
    """The table, the line that reads it, and a button for every method that can be made."""
    heading(words.TITLE, words.WHAT)
    place = st.empty()

    def about(number: int, count: int, one: Candidate) -> None:
        text = f"{number + 1} of {count}: {words.method_name(one)} …"
        place.progress(number / count, text=plain(text))

    found = stages.compared_methods(view.table, view.spec, about)
    place.empty()
    treated = int(view.cohort.treated.sum())
    table = words.methods_table(found, treated, view.cohort.n - treated)
    st.markdown(plain(words.best_line(found, treated)))
    show_table(table)
    st.caption(plain(view.caption))
    widgets.download("Methods (CSV)", "methods", view.spec, table.to_csv)
    take_over(found)


def take_over(found: list[Tried]) -> None:
    """One click makes a method the one of the study; nobody needs to look for it among the settings."""
    others = [one.candidate for one in found if not one.error and not one.candidate.current]
    if others:
        st.caption("Take one over with a click:")
    with st.container(horizontal=True):
        for one in others:
            st.button(
                plain(words.method_name(one)),
                key=session.key(f"take-{one.name}-{one.kind}"),
                icon=":material/push_pin:",
                on_click=session.set_spec,
                args=(one.spec,),
            )
