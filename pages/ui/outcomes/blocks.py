"""Blocks of the Outcomes page: Table 2, one outcome at a time, and all effects on one scale."""

from dataclasses import replace

import streamlit as st

from lib import figures
from lib.inference.attainable import attainable
from lib.inference.results import BinaryOutcome, ContinuousOutcome, OutcomeResult, SurvivalOutcome
from lib.io import write_csv
from lib.report.files import outcome_frame
from lib.words import counted, effects, glossary
from lib.words import outcomes as words
from lib.words.design import falls_sentence
from lib.words.names import SHARED_SCALES, VARIANTS
from pages.ui import session, widgets
from pages.ui.figure_card import plain
from pages.ui.headings import chosen, heading
from pages.ui.outcomes.shown import Shown
from pages.ui.outcomes.survival import at_horizon, show_curves, show_moments
from pages.ui.outcomes.unit_guard import show_unit_guard
from pages.ui.tables import show_table, table_card

BOX_ARMS = ("treated", "matched_control", "whole_control")


def show_table_two(shown: Shown) -> None:
    """All outcomes side by side, and the files of their numbers."""
    a = shown.analysis
    table = words.table_two(a.outcomes, a.cohort, a.sample, shown.labels)
    table_card(table, glossary.TABLE_TWO)
    with st.container(horizontal=True):
        widgets.download("Table 2 (CSV)", "table2", a.spec, table.to_csv)
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
    table_card(effects.several_table(several, names), glossary.SEVERAL)
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
        shown.card(figures.events(outcome, label=name), f"{name}: share of patients", f"{file}_risk", glossary.RISK)
        drawn = figures.event_sets(outcome, label=name)
        shown.card(drawn, f"{name} in the matched sets", f"{file}_sets", glossary.SETS)
    elif isinstance(outcome, SurvivalOutcome):
        show_curves(shown, outcome)
    else:
        show_boxes(shown, outcome)


def show_boxes(shown: Shown, outcome: ContinuousOutcome) -> None:
    """Boxes before and after, on a logarithmic axis where that is possible and asked for."""
    name, label = shown.name(outcome), words.name_of(outcome, shown.labels)
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
    shown.card(drawn, f"{name}: every patient", f"{outcome.name}_boxes", glossary.BOXES)


def show_estimates(shown: Shown, outcome: OutcomeResult) -> None:
    """The default effect of each kind, and the other methods behind an expander."""
    unit, name = shown.labels.column(outcome.name).unit, shown.name(outcome)
    main = effects.main_estimates(outcome)
    rest = [e for e in outcome.estimates if e not in main]
    alt = f"Effects on {name} with 95% intervals"
    table_card(effects.effects_table(outcome, main, unit, alt=alt), glossary.ESTIMATES)
    if rest:
        with st.expander("The same effects by other methods"):
            show_table(effects.effects_table(outcome, rest, unit, f"Effects on {name} by other methods"))


def show_tests(shown: Shown, outcome: OutcomeResult) -> None:
    """The tests that are usually quoted, and their variants behind an expander."""
    main = [t for t in outcome.tests if t.name not in VARIANTS]
    rest = [t for t in outcome.tests if t.name in VARIANTS]
    table_card(effects.tests_table(main, alt=f"Tests of {shown.name(outcome)}"), glossary.TESTS)
    if rest:
        with st.expander("Variants of these tests"):
            show_table(effects.tests_table(rest, f"Variants of the tests of {shown.name(outcome)}"))


def show_forest(shown: Shown) -> None:
    """One effect for all outcomes that share its scale."""
    outcomes = shown.analysis.outcomes
    present = [m for m in SHARED_SCALES if any(e.measure == m for o in outcomes for e in o.estimates)]
    if not present:
        return
    if not session.presentation():
        heading("All outcomes on one scale", glossary.FOREST)
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
    shown.card(drawn, title, f"forest_{measure}", glossary.FOREST)
    if not session.presentation():
        for row in drawn.numbers.itertuples():
            note = words.for_screen(row.note)
            if note:
                st.caption(plain(f"{labels[row.outcome]}: {note}"))
