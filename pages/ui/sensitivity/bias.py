"""What the lines of hidden factors and other outcomes open: bounds, yardstick, E-values, negative controls."""

import math

import streamlit as st

from lib import figures
from lib.errors import AnalysisError
from lib.sensitivity.e_value import e_values
from lib.sensitivity.hidden_bias import GAMMAS
from lib.words import glossary_sensitivity as glossary
from lib.words import sensitivity as words
from lib.words import yardstick
from pages.ui import session, stages
from pages.ui.headings import heading
from pages.ui.plain import plain
from pages.ui.tables import show_table, table_card
from pages.ui.view import View

START, ENDS = 1.5, (GAMMAS[0], GAMMAS[-1])
ICONS = {"warn": ":material/warning:", "quiet": ":material/check:", "silent": ":material/info:"}


@st.fragment
def show_bounds(view: View) -> None:
    """Only this part runs again when the slider moves."""
    try:
        found = stages.bounds(view.table, view.spec, view.outcome.name)
    except AnalysisError as error:
        session.absence_box(error)
        return
    st.markdown(f"**{plain(found.sentence)}**")
    left, right = st.columns([1, 1], gap="medium", vertical_alignment="center")
    gamma = left.slider(
        "A hidden factor multiplies the odds of treatment by",
        *ENDS,
        START,
        0.1,
        key=session.key("gamma"),
        persist_state="session",
    )
    at_gamma = words.at_gamma(found, gamma)
    right.markdown(at_gamma)
    drawn = figures.gamma_curve(found, gamma, view.label)
    title, name = f"{view.label}: how large p could be", f"{view.outcome.name}_gamma"
    view.card(drawn, title, name, glossary.BOUNDS, takeaway=words.bounds_takeaway(found, gamma))
    st.caption(words.bounds_footnote(found))


def show_bias(view: View) -> None:
    """Bounds, the yardstick of measured covariates, E-values."""
    show_bounds(view)
    show_yardstick(view)
    show_e_values(view)


def show_yardstick(view: View) -> None:
    """What leaving out each measured covariate would do, beside noise; nothing where the design has no such thing."""
    try:
        with st.spinner("Leaving out each covariate in turn …", show_time=True):
            found = stages.yardstick(view.table, view.spec)
    except AnalysisError:
        return
    heading(yardstick.TITLE, yardstick.HELP.format(deals=found.deals))
    st.markdown(plain(found.sentence))
    show_table(yardstick.yardstick_table(found, view.labels))


def show_e_values(view: View) -> None:
    """A row for every ratio that the outcome has."""
    outcome = next(o for o in view.outcomes if o.name == view.outcome.name)
    found = e_values(outcome)
    told = [one for one in found if math.isfinite(one.value) or math.isfinite(one.limit)]
    found = told or found[:1]
    if not found:
        return
    table_card(words.e_value_table(found, view.label), glossary.E_VALUE)


def show_negative_controls(view: View) -> None:
    """Which outcomes treatment cannot change, and what they warn of."""
    heading("Outcomes that treatment cannot change", glossary.NEGATIVE)
    outcomes = view.spec.outcomes
    names = [o.name for o in outcomes if not o.primary]
    marked = [o.name for o in outcomes if o.negative_control]
    chosen = st.multiselect(
        "Negative control outcomes",
        names,
        default=marked,
        placeholder="None",
        format_func=lambda name: view.labels.column(name).name,
        key=session.seed_key("negative-controls"),
    )
    if set(chosen) != set(marked):
        session.update_spec(outcomes=[o.model_copy(update={"negative_control": o.name in chosen}) for o in outcomes])
        st.rerun()
    found = view.steps.negative_controls
    for one in found:
        show = st.warning if one.level == "warn" else st.info
        show(plain(one.sentence), icon=ICONS[one.level])
    if found:
        show_table(words.negative_table(found, view.labels))
