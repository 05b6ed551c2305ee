"""The line that stays on the Data page: how many treated patients are usable, what costs whom, and the way back."""

import streamlit as st

from lib.cohort.losses import Losses
from lib.errors import AnalysisError
from lib.spec import AnalysisSpec
from lib.table import Table
from lib.words import losses as words
from lib.words.labels import Labels
from pages.ui import session, stages
from pages.ui.cohort import moves
from pages.ui.plain import plain
from pages.ui.tables import show_those_with_rows

BOXES = {
    "red": (st.error, ":material/group_remove:"),
    "note": (st.info, ":material/group_remove:"),
    "none": (st.success, ":material/group:"),
}
MOST_BUTTONS = 4  # columns that can be left out by a click of their own; all of them together by one more


def line(table: Table, spec: AnalysisSpec) -> None:
    """The sentence, in red where a treated patient is lost, with a button for each column that costs one."""
    if not spec.columns.treatment:
        return
    try:
        found = stages.steps(table, spec).losses
    except AnalysisError:
        return  # the page says so where the patients are counted
    box, icon = BOXES[found.level]
    box(plain(words.losses_line(found, Labels.of(spec))), icon=icon)
    if found.level == "red":
        ways_back(table, spec, found)
    if found.level != "none":
        with st.expander("What each column costs", key=session.key("fold-costs"), on_change="rerun") as folded:
            if folded.open:
                costs(table, spec, found)


def ways_back(table: Table, spec: AnalysisSpec, found: Losses) -> None:
    """Leave out one column that costs treated patients, or all of them."""
    costly = [cost for cost in found.costs if cost.lacking[0]]
    with st.container(horizontal=True):
        for cost in costly[:MOST_BUTTONS]:
            leave_out(table, spec, (cost.column,), f"Leave out {cost.column}")
        if len(costly) > 1:
            leave_out(table, spec, tuple(cost.column for cost in costly), "Leave them all out")


def leave_out(table: Table, spec: AnalysisSpec, columns: tuple[str, ...], label: str) -> None:
    """A button that takes covariates out of the match; they stay in Table 1."""
    if not st.button(plain(label), key=session.seed_key(f"leave-out-{columns}"), icon=":material/person_add:"):
        return
    new = spec
    for column in columns:
        new = moves.moved(table, new, column, moves.DESCRIBED)
    session.set_spec(new)
    st.rerun()


def costs(table: Table, spec: AnalysisSpec, found: Losses) -> None:
    """Who lacks what, what leaving columns out brings back, and how the dropped differ from the kept."""
    labels = Labels.of(spec)
    gone = stages.steps(table, spec).kept_and_dropped
    show_those_with_rows(
        words.losses_table(found, labels), words.choices_table(found, labels), words.dropped_table(gone, labels)
    )
