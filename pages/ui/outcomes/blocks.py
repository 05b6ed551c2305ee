"""Blocks of the Outcomes page: Table 2, one outcome at a time, and all effects on one scale."""

from dataclasses import replace

import streamlit as st

from lib import figures
from lib.inference.attainable import attainable
from lib.inference.results import BinaryOutcome, ContinuousOutcome, OutcomeResult, SurvivalOutcome
from lib.io import write_csv
from lib.report.files import outcome_frame
from lib.words import counted
from pages.ui import explanations, session, widgets
from pages.ui.figure_card import plain
from pages.ui.headings import chosen, flat, heading, show_table, table_card
from pages.ui.outcomes import words as words
from pages.ui.outcomes.power import falls_sentence
from pages.ui.outcomes.shown import Shown
from pages.ui.outcomes.survival import at_horizon, show_curves, show_moments
from pages.ui.outcomes.unit_guard import show_unit_guard

SHARED_SCALES = {
    "odds_ratio_by_set": "Odds ratio within sets",
    "risk_difference": "Difference in risk",
    "risk_ratio": "Ratio of risks",
    "odds_ratio": "Odds ratio",
    "hazard_ratio": "Hazard ratio",
}
BOX_ARMS = ("treated", "matched_control", "whole_control")


def show_table_two(shown: Shown) -> None:
    """All outcomes side by side, and the files of their numbers."""
    a = shown.analysis
    rows = words.table_two(a.outcomes, a.cohort, a.comparison, shown.codebook)
    alt = "Table 2: every outcome by group, with three p-values"
    table_card("Table 2: outcomes", rows, alt, explanations.TABLE_TWO)
    with st.container(horizontal=True):
        widgets.download("Table 2 (CSV)", "table2", a.spec, lambda: write_csv(flat(rows)))
        widgets.download("All numbers (CSV)", "outcomes", a.spec, lambda: write_csv(outcome_frame(a.outcomes)))


def chosen_outcome(shown: Shown) -> OutcomeResult:
    """The outcome to look at; the primary one first."""
    outcomes = shown.analysis.outcomes
    first = next((i for i, o in enumerate(outcomes) if o.primary), 0)

    def ask() -> int:
        left, _ = st.columns([1, 1])
        return left.selectbox(
            "Outcome",
            range(len(outcomes)),
            index=first,
            key=session.key("outcome"),
            format_func=lambda i: shown.name(outcomes[i]),
            persist_state="session",
        )

    return outcomes[chosen("outcome", first, ask)]


def show_outcome(shown: Shown, outcome: OutcomeResult) -> None:
    """One outcome: what was seen, its figures, effects, tests and notes."""
    if isinstance(outcome, SurvivalOutcome):
        moved = at_horizon(shown, outcome)
        if moved is not outcome:
            counted_to = f"counted to {moved.horizon:g} {shown.time_unit(outcome)}"
            shown, outcome = replace(shown, caption=f"{shown.caption}, {counted_to}"), moved
    if session.presentation():
        show_figures(shown, outcome)
        return
    st.markdown(plain(words.summary_sentence(outcome)))
    show_unit_guard(outcome)
    show_no_event(outcome)
    show_figures(shown, outcome)
    if isinstance(outcome, SurvivalOutcome):
        show_moments(shown, outcome)
    show_estimates(shown, outcome)
    show_tests(shown, outcome)
    widgets.notes(plain(note) for note in words.other_notes(outcome))


def show_several(shown: Shown) -> None:
    """The p by set of every outcome, beside it what is left when there are several."""
    several = shown.analysis.multiplicity
    if several is None or several.rows["p_raw"].notna().sum() < 2:
        return
    names = {o.name: shown.name(o) for o in shown.analysis.outcomes}
    table_card(
        "Several outcomes",
        words.several_rows(several, names),
        "p by set, alone and for several outcomes",
        explanations.SEVERAL,
    )
    widgets.notes(plain(note) for note in several.notes)


def show_no_event(outcome: OutcomeResult) -> None:
    """One paragraph where nobody of an arm had the event: what that allows, and what these sets could have shown."""
    text = words.no_event_paragraph(outcome)
    found = attainable(outcome) if isinstance(outcome, BinaryOutcome) else None
    if found is not None and found.observed is not None and found.events:
        text = f"{text} {falls_sentence(found)}"
    if text:
        st.info(plain(text), icon=":material/exposure_zero:")


def show_figures(shown: Shown, outcome: OutcomeResult) -> None:
    """The figures of one outcome's kind."""
    name, file = shown.name(outcome), outcome.name
    if isinstance(outcome, BinaryOutcome):
        shown.card(figures.events(outcome, label=name), f"{name}: share of patients", f"{file}_risk", explanations.RISK)
        drawn = figures.event_sets(outcome, label=name)
        shown.card(drawn, f"{name} in the matched sets", f"{file}_sets", explanations.SETS)
    elif isinstance(outcome, SurvivalOutcome):
        show_curves(shown, outcome)
    else:
        show_boxes(shown, outcome)


def show_boxes(shown: Shown, outcome: ContinuousOutcome) -> None:
    """Boxes before and after, on a logarithmic axis where that is possible and asked for."""
    name, label = shown.name(outcome), words.name_of(outcome, shown.codebook)
    values = outcome.points.loc[outcome.points["arm"].isin(BOX_ARMS), "value"]
    if not len(values):
        return
    key = f"log-{outcome.name}"
    log = bool((values > 0).all()) and chosen(
        key, False, lambda: st.toggle("Logarithmic axis", key=session.key(key), persist_state="session")
    )
    last = words.day(outcome.name)
    moments = ("Day 0", last) if last else ("Baseline", "Outcome")
    drawn = figures.boxes(outcome, BOX_ARMS, log=log, label=label, moments=moments)
    shown.card(drawn, f"{name}: every patient", f"{outcome.name}_boxes", explanations.BOXES)


def show_estimates(shown: Shown, outcome: OutcomeResult) -> None:
    """The default effect of each kind, and the other methods behind an expander."""
    unit, name = shown.codebook.column(outcome.name).unit, shown.name(outcome)
    main = words.main_estimates(outcome)
    rest = [e for e in outcome.estimates if e not in main]
    rows = words.estimate_rows(outcome, main, unit)
    table_card("Effects", rows, f"Effects on {name} with 95% intervals", explanations.ESTIMATES)
    if rest:
        with st.expander("The same effects by other methods"):
            show_table(words.estimate_rows(outcome, rest, unit), f"Effects on {name} by other methods")


def show_tests(shown: Shown, outcome: OutcomeResult) -> None:
    """The tests that are usually quoted, and their variants behind an expander."""
    main = [t for t in outcome.tests if t.name not in words.VARIANTS]
    rest = [t for t in outcome.tests if t.name in words.VARIANTS]
    table_card("Tests", words.test_rows(main), f"Tests of {shown.name(outcome)}", explanations.TESTS)
    if rest:
        with st.expander("Variants of these tests"):
            show_table(words.test_rows(rest), f"Variants of the tests of {shown.name(outcome)}")


def show_forest(shown: Shown) -> None:
    """One effect for all outcomes that share its scale."""
    outcomes = shown.analysis.outcomes
    present = [m for m in SHARED_SCALES if any(e.measure == m for o in outcomes for e in o.estimates)]
    if not present:
        return
    if not session.presentation():
        heading("All outcomes on one scale", explanations.FOREST)
    measure = chosen(
        "forest",
        present[0],
        lambda: st.segmented_control(
            "Effect",
            present,
            default=present[0],
            required=True,
            key=session.key("forest"),
            persist_state="session",
            format_func=SHARED_SCALES.get,
        ),
    )
    labels = {o.name: shown.name(o) for o in outcomes}
    drawn = figures.forest(outcomes, measure, labels)
    title = f"{SHARED_SCALES[measure]}, {counted(len(drawn.numbers), 'outcome')}"
    shown.card(drawn, title, f"forest_{measure}", explanations.FOREST)
    if not session.presentation():
        for row in drawn.numbers.itertuples():
            if row.note:
                st.caption(plain(f"{labels[row.outcome]}: {row.note}"))
