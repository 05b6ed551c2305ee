"""Blocks of the Answer page: Table 2, one outcome at a time, and all effects on one scale."""

from dataclasses import replace

import streamlit as st

from lib import figures
from lib.inference.attainable import attainable
from lib.inference.results import BinaryOutcome, ContinuousOutcome, OutcomeResult, SurvivalOutcome
from lib.io import write_csv
from lib.report.files import outcome_frame
from lib.words import counted, effects, glossary
from lib.words import outcomes as words
from lib.words.data import definitions
from lib.words.names import SET_SCALES, SHARED_SCALES, VARIANTS
from lib.words.power import falls_sentence
from pages.ui import session, widgets
from pages.ui.headings import chosen, heading
from pages.ui.outcomes.survival import at_horizon, show_curves, show_moments
from pages.ui.outcomes.unit_guard import show_unit_guard
from pages.ui.plain import plain
from pages.ui.tables import show_table, table_card
from pages.ui.view import View

BOX_ARMS = ("treated", "matched_control", "whole_control")


def show_definitions(view: View) -> None:
    """Who is treated and which value is the event, in words: what a wrong guess would turn round."""
    arms, *outcomes = definitions(view.spec, view.cohort.treated_label, view.cohort.control_label)
    st.caption(plain(arms))
    folded = st.expander("What each outcome is", key=session.key("fold-definitions"), on_change="rerun")
    if folded.open:
        folded.markdown("\n".join(f"- {plain(sentence)}" for sentence in outcomes))


def show_table_two(view: View) -> None:
    """All outcomes side by side, and the files of their numbers."""
    table = words.table_two(view.outcomes, view.cohort, view.comparison, view.labels)
    table_card(table, glossary.TABLE_TWO)
    others = words.other_p_table(view.outcomes, view.labels)
    with st.expander(words.COUNTED_OTHERWISE):
        show_table(others)
    with st.container(horizontal=True):
        widgets.download("Table 2 (CSV)", "table2", view.spec, table.to_csv)
        widgets.download("All numbers (CSV)", "outcomes", view.spec, lambda: write_csv(outcome_frame(view.outcomes)))


def show_outcome(view: View, outcome: OutcomeResult) -> None:
    """One outcome: what was seen, its figures, effects, tests and notes."""
    if isinstance(outcome, SurvivalOutcome):
        moved = at_horizon(view, outcome)
        if moved is not outcome:
            counted_to = f"counted to {moved.horizon:g} {view.time_unit(outcome)}"
            view, outcome = replace(view, remark=counted_to), moved
    if session.presentation():
        show_figures(view, outcome)
        return
    unit = view.time_unit(outcome) if isinstance(outcome, SurvivalOutcome) else view.labels.column(outcome.name).unit
    st.markdown(plain(words.summary_sentence(outcome, unit)))
    if view.comparison.n_sets:
        show_unit_guard(outcome)
    show_no_event(outcome)
    show_figures(view, outcome)
    if isinstance(outcome, SurvivalOutcome):
        show_moments(view, outcome)
    show_estimates(view, outcome)
    show_tests(view, outcome)
    widgets.notes(words.other_notes(outcome))


def show_several(view: View) -> None:
    """The p by set of every outcome, beside it what is left when there are several; nothing where the sets are too
    unlike for a p by set."""
    several = view.steps.multiplicity
    if not all(map(effects.cites, view.outcomes)):
        return
    if several is None or several.rows["p_raw"].notna().sum() < 2:
        return
    names = {o.name: view.name(o) for o in view.outcomes}
    table_card(effects.several_table(several, names), glossary.SEVERAL)
    widgets.notes(several.notes)


def show_no_event(outcome: OutcomeResult) -> None:
    """One paragraph where nobody of an arm had the event: what that allows, and what these sets could have view."""
    text = words.no_event_paragraph(outcome)
    found = attainable(outcome) if isinstance(outcome, BinaryOutcome) else None
    if found is not None and found.observed is not None and found.events:
        text = f"{text} {falls_sentence(found)}"
    if text:
        st.info(plain(text), icon=":material/exposure_zero:")


def show_figures(view: View, outcome: OutcomeResult) -> None:
    """The figures of one outcome's kind."""
    name, file = view.name(outcome), outcome.name
    if isinstance(outcome, BinaryOutcome):
        view.card(figures.events(outcome, label=name), f"{name}: share of patients", f"{file}_risk", glossary.RISK)
        if view.comparison.n_sets:
            drawn = figures.event_sets(outcome, label=name)
            view.card(drawn, f"{name} in the matched sets", f"{file}_sets", glossary.SETS)
    elif isinstance(outcome, SurvivalOutcome):
        show_curves(view, outcome)
    else:
        show_boxes(view, outcome)


def show_boxes(view: View, outcome: ContinuousOutcome) -> None:
    """Boxes before and after, on a logarithmic axis where that is possible and asked for."""
    name, label = view.name(outcome), words.name_of(outcome, view.labels)
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
    view.card(drawn, f"{name}: every patient", f"{outcome.name}_boxes", glossary.BOXES)


def show_estimates(view: View, outcome: OutcomeResult) -> None:
    """The default effect of each kind, and the other methods behind an expander."""
    unit, name = view.labels.column(outcome.name).unit, view.name(outcome)
    main = effects.main_estimates(outcome)
    rest = [e for e in outcome.estimates if e not in main]
    alt = f"Effects on {name} with 95% intervals"
    table_card(effects.effects_table(outcome, main, unit, alt=alt), glossary.ESTIMATES)
    if rest:
        with st.expander("The same effects by other methods"):
            show_table(effects.effects_table(outcome, rest, unit, f"Effects on {name} by other methods"))


def show_tests(view: View, outcome: OutcomeResult) -> None:
    """The tests that are usually quoted, and their variants behind an expander."""
    main = [t for t in outcome.tests if t.name not in VARIANTS]
    rest = [t for t in outcome.tests if t.name in VARIANTS]
    table_card(
        effects.tests_table(main, alt=f"Tests of {view.name(outcome)}", cited=effects.cites(outcome)), glossary.TESTS
    )
    if rest:
        with st.expander("Variants of these tests"):
            show_table(effects.tests_table(rest, f"Variants of the tests of {view.name(outcome)}"))


def show_forest(view: View) -> None:
    """One effect for all outcomes that share its scale, with the intervals that belong to the p by set if there is one:
    others might exclude no difference beside a p that does not."""
    outcomes, scales = view.outcomes, SET_SCALES if view.comparison.by_set else SHARED_SCALES
    present = [m for m in scales if any(e.measure == m for o in outcomes for e in o.estimates)]
    if not present or not all(map(effects.cites, outcomes)):
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
            format_func=scales.get,
        ),
    )
    labels = {o.name: view.name(o) for o in outcomes}
    drawn = figures.forest(outcomes, measure, labels)
    title = f"{scales[measure]}, {counted(len(drawn.numbers), 'outcome')}"
    view.card(drawn, title, f"forest_{measure}", glossary.FOREST)
    if not session.presentation():
        for row in drawn.numbers.itertuples():
            if row.note:
                st.caption(plain(f"{labels[row.outcome]}: {row.note}"))
