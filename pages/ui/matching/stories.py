"""The story of one matched set, and the way to call it not comparable: an analysis beside the main one."""

import streamlit as st

from lib.design.stories import sets_digest, story
from lib.spec import NotComparable
from lib.words import stories as words
from pages.ui import session
from pages.ui.headings import heading
from pages.ui.plain import plain
from pages.ui.tables import show_table
from pages.ui.view import View


def show_story(view: View, number: int) -> None:
    """Sentences, then a row for each covariate, then what was said of this set.  number: from 1."""
    told = story(view.cohort, view.comparison, number)
    with st.container(border=True, key=session.key("story")):
        heading(words.story_title(told), words.WHAT)
        st.markdown("\n\n".join(plain(sentence) for sentence in words.story_sentences(told, view.labels)))
        with st.expander("Covariate by covariate"):
            show_table(words.story_table(told, view.labels))
        if view.comparison.by_set:
            say_not_comparable(view, number)
        else:
            st.caption(words.STAYS)


def say_not_comparable(view: View, number: int) -> None:
    """What was said, with a way to take it back; else a form to say it."""
    here = sets_digest(view.comparison)
    entries = view.spec.sensitivity.not_comparable
    said = next((one for one in entries if (one.number, one.sets) == (number, here)), None)
    if said is not None:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.warning(plain(f"{words.REASON}: {said.reason}"), icon=":material/person_off:")
            st.button(
                "Take it back",
                key=session.key(f"doubt-back-{number}"),
                on_click=put,
                args=(view, tuple(one for one in entries if one is not said)),
            )
        return
    with st.form(session.key(f"doubt-{number}"), clear_on_submit=True, border=False):
        reason = st.text_input(words.REASON, max_chars=500, help=words.REASON_HELP)
        if st.form_submit_button("Leave this set out in an analysis beside the main one") and reason.strip():
            late = session.openings().opened > 0
            entry = NotComparable(number=number, sets=here, reason=reason.strip(), after_opening=late)
            put(view, (*entries, entry))
            st.rerun()


def put(view: View, entries: tuple[NotComparable, ...]) -> None:
    """These entries into the spec; the design stays as it is."""
    session.edit_spec(
        view.spec.replace(sensitivity=view.spec.sensitivity.model_copy(update={"not_comparable": entries}))
    )
