"""Blocks of the Answer page: Table 2, one outcome in full, and all effects on one scale."""

from dataclasses import replace

import streamlit as st

from lib import figures
from lib.inference.attainable import attainable
from lib.inference.results import BinaryOutcome, OutcomeResult, SurvivalOutcome
from lib.io import write_csv
from lib.report.files import outcome_frame
from lib.words import counted, effects, glossary
from lib.words import outcomes as words
from lib.words.data import definitions
from lib.words.names import SET_SCALES, SHARED_SCALES, VARIANTS
from lib.words.power import falls_sentence
from pages.ui import session, widgets
from pages.ui.outcomes.main_figure import show_figures
from pages.ui.outcomes.survival import at_horizon, show_curve, show_moments, show_whole_curve
from pages.ui.plain import plain
from pages.ui.tables import show_table, table_card
from pages.ui.view import View


def show_definitions(view: View) -> None:
    """Who is treated and which value is the event, in words: what a wrong guess would turn round."""
    arms, *outcomes = definitions(view.spec, view.cohort.treated_label, view.cohort.control_label)
    st.markdown(plain(arms))
    st.markdown("\n".join(f"- {plain(sentence)}" for sentence in outcomes))


def show_table_two(view: View) -> None:
    """All outcomes side by side, the primary one first, and the files of their numbers."""
    first = sorted(view.outcomes, key=lambda outcome: not outcome.primary)
    table = words.table_two(tuple(first), view.cohort, view.comparison, view.labels)
    table_card(table, glossary.TABLE_TWO)
    widgets.download("All numbers (CSV)", "outcomes", view.spec, lambda: write_csv(outcome_frame(view.outcomes)))


def show_detail(view: View, shown: OutcomeResult) -> None:
    """Another outcome in full, chosen among those that are not on the card.  shown: on the card."""
    others = {one.name: one for one in view.outcomes if one.name != shown.name}
    name = st.selectbox(
        "Outcome",
        list(others),
        key=session.key("detail"),
        format_func=lambda name: view.name(others[name]),
        persist_state="session",
    )
    show_figures(view, others[name])
    show_methods(view, others[name])


def show_methods(view: View, outcome: OutcomeResult) -> None:
    """What was seen in one sentence, every effect and test, and the notes; of a survival outcome up to any day."""
    if isinstance(outcome, SurvivalOutcome):
        moved = at_horizon(view, outcome)
        if moved is not outcome:
            counted_to = f"counted to {moved.horizon:g} {view.time_unit(outcome)}"
            view, outcome = replace(view, remark=counted_to), moved
            show_curve(view, outcome, place="_moved")
        show_moments(view, outcome)
    unit = view.time_unit(outcome) if isinstance(outcome, SurvivalOutcome) else view.labels.column(outcome.name).unit
    st.markdown(f"**{plain(view.name(outcome))}.** {plain(words.summary_sentence(outcome, unit))}")
    show_no_event(outcome)
    show_estimates(view, outcome)
    show_tests(view, outcome)
    widgets.notes(words.other_notes(outcome))


def show_several(view: View) -> None:
    """The p by set of every outcome, beside it what is left when there are several."""
    several = view.steps.multiplicity
    names = {o.name: view.name(o) for o in view.outcomes}
    table_card(effects.several_table(several, names), glossary.SEVERAL)
    widgets.notes(several.notes)


def show_otherwise(view: View, outcome: OutcomeResult) -> None:
    """The p of pairs and of the whole cohort without matching; the curve of the whole cohort of a survival outcome."""
    show_table(words.other_p_table(view.outcomes, view.labels))
    if isinstance(outcome, SurvivalOutcome) and not len(outcome.incidence):
        show_whole_curve(view, outcome)


def show_no_event(outcome: OutcomeResult) -> None:
    """One paragraph where nobody of an arm had the event: what that allows, and what these sets could have view."""
    text = words.no_event_paragraph(outcome)
    found = attainable(outcome) if isinstance(outcome, BinaryOutcome) else None
    if found is not None and found.observed is not None and found.events:
        text = f"{text} {falls_sentence(found)}"
    if text:
        st.info(plain(text), icon=":material/exposure_zero:")


def show_estimates(view: View, outcome: OutcomeResult) -> None:
    """The default effect of each kind, and the other methods behind an expander."""
    unit, name = view.labels.column(outcome.name).unit, view.name(outcome)
    main = effects.main_estimates(outcome)
    rest = [e for e in outcome.estimates if e not in main]
    alt = f"Effects on {name} with 95% intervals"
    table_card(effects.effects_table(outcome, main, unit, f"{name}: effects", alt), glossary.ESTIMATES)
    if rest:
        with st.expander("The same effects by other methods"):
            show_table(effects.effects_table(outcome, rest, unit, f"Effects on {name} by other methods"))


def show_tests(view: View, outcome: OutcomeResult) -> None:
    """The tests that are usually quoted, and their variants behind an expander."""
    main = [t for t in outcome.tests if t.name not in VARIANTS]
    rest = [t for t in outcome.tests if t.name in VARIANTS]
    name, cited = view.name(outcome), effects.cites(outcome)
    table = effects.tests_table(main, f"{name}: tests", f"Tests of {name}", cited)
    table_card(table, glossary.TESTS)
    if rest:
        with st.expander("Variants of these tests"):
            show_table(effects.tests_table(rest, f"Variants of the tests of {view.name(outcome)}"))


def forest_scales(view: View) -> dict[str, str]:
    """The scales that some outcome has, by measure; none where no interval can be quoted: others might exclude no
    difference beside a p that does not."""
    if not all(map(effects.cites, view.outcomes)):
        return {}
    scales = SET_SCALES if view.comparison.by_set else SHARED_SCALES
    made = {estimate.measure for outcome in view.outcomes for estimate in outcome.estimates}
    return {measure: name for measure, name in scales.items() if measure in made}


def show_forest(view: View) -> None:
    """One effect for all outcomes that share its scale, with the intervals that belong to the p by set."""
    scales = forest_scales(view)
    measure = session.keep(
        "forest",
        st.segmented_control(
            "Effect",
            list(scales),
            default=next(iter(scales)),
            required=True,
            key=session.key("forest"),
            persist_state="session",
            format_func=scales.get,
        ),
    )
    labels = {o.name: view.name(o) for o in view.outcomes}
    better = {one.name: one.good or "" for one in view.spec.outcomes}
    drawn = figures.forest(view.outcomes, measure, labels, better)
    title = f"{scales[measure]}, {counted(len(drawn.numbers), 'outcome')}"
    view.card(drawn, title, f"forest_{measure}", glossary.FOREST)
    for row in drawn.numbers.itertuples():
        if row.note:
            st.caption(plain(f"{labels[row.outcome]}: {row.note}"))
