"""Eligibility: which patients belong to the question, as rules that can be added and removed."""

import streamlit as st

from lib.errors import AnalysisError
from lib.spec import AnalysisSpec, EligibilityRule
from lib.table import Table, is_numeric, sorted_levels
from lib.words import cohort as words
from pages.ui import session
from pages.ui.plain import plain

RANGE, KEEP, DROP = "Keep a range", "Keep only these values", "Leave these values out"
MOST_LEVELS = 200  # more values than this are not chosen from a list


def eligibility(table: Table, spec: AnalysisSpec) -> AnalysisSpec:
    """The rules in force, each with a button that removes it, and a row to add one. Returns the spec after both."""
    st.markdown(words.ELIGIBILITY)
    if not spec.eligibility:
        st.markdown("*No rule: every patient of the file belongs to the question.*")
    for position, rule in enumerate(spec.eligibility):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"{position + 1}. {plain(words.rule_words(rule))}", width="content")
            st.button(
                "Remove",
                key=session.key(f"drop-rule-{position}-{rule.label()}"),
                type="tertiary",
                icon=":material/close:",
                on_click=drop_rule,
                args=(position,),
            )
    add_rule(table)
    return session.spec()


def drop_rule(position: int) -> None:
    """Take one rule out of the spec."""
    rules = session.spec().eligibility
    session.update_spec(eligibility=rules[:position] + rules[position + 1 :])


def add_rule(table: Table) -> None:
    """A column, what to do with it, the values, and the button."""
    name_place, how_place, value_place, button_place = st.columns([2, 2, 3, 1], vertical_alignment="bottom")
    name = name_place.selectbox(
        "Rule on column",
        list(table.frame.columns),
        index=None,
        key=session.key("rule-column"),
        placeholder="Choose a column to add a rule",
    )
    if name is None:
        return
    options = [RANGE, KEEP, DROP] if is_numeric(table.frame[name]) else [KEEP, DROP]
    how = how_place.selectbox("Rule", options, key=session.key(f"rule-how-{name}"))
    with value_place:
        rules = range_rules(table, name) if how == RANGE else level_rules(table, name, how)
    if button_place.button("Add", key=session.key("rule-add"), disabled=not rules, width="stretch"):
        try:
            now = session.spec().eligibility
            session.update_spec(eligibility=now + tuple(rule for rule in rules if rule not in now))
        except AnalysisError as error:
            session.error_box(error)
        else:
            st.rerun()


def range_rules(table: Table, name: str) -> list[EligibilityRule]:
    """One rule for each end of the range that was moved in; an open end makes none."""
    column = table.frame[name]
    low_place, high_place = st.columns(2)
    low = low_place.number_input(
        f"From (lowest {column.min():.4g})",
        value=None,
        step=1.0,
        format="%.6g",
        key=session.key(f"rule-low-{name}"),
        placeholder="any",
    )
    high = high_place.number_input(
        f"To (highest {column.max():.4g})",
        value=None,
        step=1.0,
        format="%.6g",
        key=session.key(f"rule-high-{name}"),
        placeholder="any",
    )
    ends = ((">=", low), ("<=", high))
    return [EligibilityRule(column=name, op=op, value=float(value)) for op, value in ends if value is not None]


def level_rules(table: Table, name: str, how: str) -> list[EligibilityRule]:
    """One rule that names the values to keep or to leave out."""
    levels = sorted_levels(table.frame[name])
    if len(levels) > MOST_LEVELS:
        st.markdown(f"{len(levels):,} different values: too many for a list.")
        return []
    chosen = st.multiselect("Values", levels, key=session.key(f"rule-levels-{name}"), placeholder="Choose values")
    op = "in" if how == KEEP else "not in"
    return [EligibilityRule(column=name, op=op, value=tuple(chosen))] if chosen else []
