"""Hidden bias: Rosenbaum bounds with a slider, E-values, and negative control outcomes."""

import math

import pandas as pd
import streamlit as st

from lib import figures
from lib.errors import AnalysisError
from lib.sensitivity.e_value import EValue, e_values
from lib.sensitivity.hidden_bias import GAMMAS, HiddenBias
from lib.words import DASH, counted, half_up, p_value
from pages.ui import session, stages
from pages.ui.figure_card import plain
from pages.ui.format import MEASURES, ratio
from pages.ui.headings import heading, show_table, table_card
from pages.ui.sensitivity import words as words
from pages.ui.sensitivity.blocks import Shown

START, ENDS = 1.5, (GAMMAS[0], GAMMAS[-1])
CENTRAL = (
    "Two-sided p is here twice the one-sided one, as is usual for bounds; at 1 it can be larger than the p by set of "
    "the Outcomes page, which adds up all arrangements at least as unlikely."
)
ICONS = {"warn": ":material/warning:", "quiet": ":material/check:", "silent": ":material/info:"}


@st.fragment
def show_bounds(shown: Shown) -> None:
    """Only this part runs again when the slider moves."""
    try:
        found = stages.bounds(shown.table, shown.spec, shown.outcome.name)
    except AnalysisError as error:
        session.error_box(error)
        return
    gamma = None
    if not session.presentation():
        st.markdown(f"**{plain(found.sentence)}**")
        left, right = st.columns([1, 1], gap="medium", vertical_alignment="center")
        gamma = left.slider(
            "A hidden factor makes treatment this many times likelier",
            *ENDS,
            START,
            0.1,
            key=session.key("gamma"),
            persist_state="session",
        )
        right.markdown(at_gamma(found, gamma))
    drawn = figures.gamma_curve(found, gamma, shown.label)
    shown.card(drawn, f"{shown.label}: how large p could be", f"{shown.outcome.name}_gamma", words.BOUNDS)
    if not session.presentation():
        st.caption(f"{counted(found.n_sets, 'matched set')}; method: {found.method}. {CENTRAL}")


def at_gamma(found: HiddenBias, gamma: float) -> str:
    """What that strength would do."""
    p = float(found.curve["p_two_sided"].iloc[(found.curve["gamma"] - gamma).abs().argmin()])
    verdict = "still below 0.05" if p < 0.05 else "not below 0.05"
    return f"p by set could then be as large as **{p_value(p)}**, {verdict}."


def show_bias(shown: Shown) -> None:
    """Bounds, E-values and negative controls."""
    show_bounds(shown)
    if not session.presentation():
        show_e_values(shown)
        show_negative_controls(shown)


def show_e_values(shown: Shown) -> None:
    """A row for every ratio that the outcome has."""
    outcome = next(o for o in stages.outcomes(shown.table, shown.spec) if o.name == shown.outcome.name)
    found = e_values(outcome)
    told = [one for one in found if math.isfinite(one.value) or math.isfinite(one.limit)]
    found = told or found[:1]
    if not found:
        return
    rows = pd.DataFrame(
        [e_value_row(one) for one in found],
        columns=["Effect", "As a risk ratio", "E-value", "E-value of the limit", "What it says"],
    )
    table_card("E-value", rows, f"E-values of {plain(shown.label)}", words.E_VALUE)


def e_value_row(one: EValue) -> tuple[str, ...]:
    """One ratio in words."""

    def number(value: float) -> str:
        return half_up(value, 2) if math.isfinite(value) else DASH

    scale = "common outcome" if one.common else "rare outcome"
    return (
        f"{MEASURES[one.measure]}\n{scale}",
        ratio(one.risk_ratio),
        number(one.value),
        number(one.limit),
        one.sentence,
    )


def show_negative_controls(shown: Shown) -> None:
    """Which outcomes treatment cannot change, and what they warn of."""
    heading("Outcomes that treatment cannot change", words.NEGATIVE)
    outcomes = shown.spec.outcomes
    names = [o.name for o in outcomes if not o.primary]
    marked = [o.name for o in outcomes if o.negative_control]
    chosen = st.multiselect(
        "Negative control outcomes",
        names,
        default=marked,
        placeholder="None",
        format_func=lambda name: shown.codebook.column(name).label,
        key=session.seed_key("negative-controls"),
    )
    if set(chosen) != set(marked):
        session.update_spec(outcomes=[o.model_copy(update={"negative_control": o.name in chosen}) for o in outcomes])
        st.rerun()
    found = stages.warnings(shown.table, shown.spec)
    for one in found:
        show = st.warning if one.level == "warn" else st.info
        show(plain(one.sentence), icon=ICONS[one.level])
    if found:
        rows = [
            (
                shown.codebook.column(one.numbers.name).label,
                p_value(one.numbers.p_published),
                f"{p_value(one.numbers.p_by_set)}\n{counted(one.numbers.n_sets, 'set')}",
            )
            for one in found
        ]
        show_table(
            pd.DataFrame(rows, columns=["Negative control", "p, as published", "p, by set"]),
            "Negative control outcomes with both p-values",
        )
