"""What the file alone does not tell, asked where the answer belongs; an answer is one click."""

from collections.abc import Iterable

import streamlit as st

from lib.errors import AnalysisError
from lib.questions import Question
from lib.roles.answers import answered
from lib.spec import AnalysisSpec
from lib.table import Table
from lib.words.questions import said
from pages.ui import session
from pages.ui.cohort import source
from pages.ui.plain import plain

MOST_SIDE_BY_SIDE = 6  # candidates; more are chosen from a list


def ask(table: Table, spec: AnalysisSpec, questions: Iterable[Question]) -> None:
    """Every question with its candidates, none of them chosen before."""
    for question in questions:
        kind = "blocking" if question.blocking else "open"
        name = f"question-{kind}-{question.about}-{question.column}"
        with st.container(key=session.seed_key(name)):
            chosen = choose(question, name)
        if chosen is not None:
            take(table, spec, question, chosen)


def choose(question: Question, name: str) -> str | None:
    """The answer, None while there is none."""
    if not question.candidates:
        st.caption(plain(question.text))
        return None
    widget = st.radio if len(question.candidates) <= MOST_SIDE_BY_SIDE else st.selectbox
    return widget(
        plain(question.text),
        question.candidates,
        index=None,
        format_func=lambda candidate: plain(said(question, candidate)),
        key=session.seed_key(f"answer-{name}"),
    )


def take(table: Table, spec: AnalysisSpec, question: Question, chosen: str) -> None:
    """Put an answer into the spec; one about how the file is read reads it again."""
    try:
        new = answered(spec, table, question, chosen)
        if new.reading != spec.reading:
            source.read_by(new)
        session.set_spec(new)
    except AnalysisError as error:
        session.error_box(error)
    else:
        st.rerun()


def waiting(spec: AnalysisSpec) -> list[Question]:
    """The questions that an analysis waits for."""
    return [question for question in spec.questions if question.blocking]
