"""Blocks of the Outcomes page: what the sets can show, Table 2, and one outcome at a time."""

from dataclasses import dataclass

import streamlit as st

from lib import figures
from lib.io import write_csv
from lib.outcomes.results import OutcomeResult
from lib.pipeline import Analysis
from pages.ui import explanations, session, widgets
from pages.ui import outcome_words as words
from pages.ui.codebook import Codebook
from pages.ui.figure_card import plain
from pages.ui.format import counted
from pages.ui.headings import heading, table_card

SHARED_SCALES = {
    "risk_difference": "Difference in risk",
    "risk_ratio": "Ratio of risks",
    "odds_ratio_by_set": "Odds ratio within sets",
    "odds_ratio": "Odds ratio",
    "hazard_ratio": "Hazard ratio",
}


@dataclass(frozen=True)
class Shown:
    """What the blocks need: the analysis, the caption of its figures, and what columns are called."""

    analysis: Analysis
    caption: str
    codebook: Codebook

    def name(self, outcome: OutcomeResult) -> str:
        """An outcome in words."""
        return self.codebook.column(outcome.name).label

    def card(self, drawn: figures.Drawn, title: str, name: str, what: str) -> None:
        """A figure of this analysis."""
        widgets.show(drawn, title=title, name=name, text=self.caption, spec=self.analysis.spec, what=what)


def show_table_two(shown: Shown) -> None:
    """All outcomes side by side, and its file."""
    a = shown.analysis
    rows = words.table_two(a.outcomes, a.cohort, a.sample, shown.codebook)
    table_card(
        "Table 2: outcomes", rows, "Table 2: every outcome by group, with three p-values", explanations.TABLE_TWO
    )
    with st.container(horizontal=True):
        widgets.download("Table 2 (CSV)", "table2", a.spec, lambda: write_csv(rows))


def chosen_outcome(shown: Shown) -> OutcomeResult:
    """The outcome to look at; the primary one first."""
    outcomes = shown.analysis.outcomes
    first = next((i for i, o in enumerate(outcomes) if o.primary), 0)
    left, _ = st.columns([1, 1])
    place = left.selectbox("Outcome", range(len(outcomes)), index=first, key=session.key("outcome"),
                           format_func=lambda i: shown.name(outcomes[i]))  # fmt: skip
    return outcomes[place]


def show_outcome(shown: Shown, outcome: OutcomeResult) -> None:
    """One outcome: what was seen, its figures, effects, tests and notes."""
    if session.presentation():
        show_figures(shown, outcome)
        return
    st.markdown(plain(words.summary_sentence(outcome)))
    show_figures(shown, outcome)
    name = shown.name(outcome)
    table_card("Effects", words.estimate_rows(outcome), f"Effects on {name} with 95% intervals", explanations.ESTIMATES)
    table_card("Tests", words.test_rows(outcome), f"Tests of {name}", explanations.TESTS)
    widgets.notes(plain(note.removeprefix(f"{outcome.name}: ")) for note in outcome.notes)


def show_figures(shown: Shown, outcome: OutcomeResult) -> None:
    """The figures of one outcome's kind."""
    name = shown.name(outcome)
    if words.is_binary(outcome):
        shown.card(
            figures.events(outcome, label=name), f"{name}: share of patients", f"{outcome.name}_risk", explanations.RISK
        )
        shown.card(
            figures.event_sets(outcome, label=name),
            f"{name} in the matched sets",
            f"{outcome.name}_sets",
            explanations.SETS,
        )
    elif words.is_survival(outcome):
        for arms, title, file in ((("treated", "matched_control"), "matched", "km_matched"),
                                  (("whole_treated", "whole_control"), "whole cohort", "km_whole")):  # fmt: skip
            shown.card(
                figures.kaplan_meier(outcome, arms), f"{name}: {title}", f"{outcome.name}_{file}", explanations.KM
            )
    else:
        show_boxes(shown, outcome)


def show_boxes(shown: Shown, outcome: OutcomeResult) -> None:
    """Boxes before and after, on a logarithmic axis where that is possible and asked for."""
    name = shown.name(outcome)
    drawable = outcome.points["arm"].isin(("treated", "matched_control", "whole_control"))
    log = False
    if not session.presentation() and (outcome.points.loc[drawable, "value"] > 0).all():
        log = st.toggle("Logarithmic axis", key=session.key(f"log-{outcome.name}"), persist_state="session")
    last = words.day(outcome.name)
    moments = ("Day 0", last) if last else ("Baseline", "Outcome")
    drawn = figures.boxes(outcome, log=log, label=shown.codebook.column(outcome.name).with_unit, moments=moments)
    shown.card(drawn, f"{name}: every patient", f"{outcome.name}_boxes", explanations.BOXES)


def show_forest(shown: Shown) -> None:
    """One effect for all outcomes that share its scale."""
    outcomes = shown.analysis.outcomes
    present = [m for m in SHARED_SCALES if any(e.measure == m for o in outcomes for e in o.estimates)]
    if not present:
        return
    measure = present[0]
    if not session.presentation():
        heading("All outcomes on one scale", explanations.FOREST)
        measure = st.segmented_control("Effect", present, default=measure, required=True, key=session.key("forest"),
                                       format_func=SHARED_SCALES.get)  # fmt: skip
    labels = {o.name: shown.name(o) for o in outcomes}
    drawn = figures.forest(outcomes, measure, labels)
    n = len(drawn.numbers)
    shown.card(drawn, f"{SHARED_SCALES[measure]}, {counted(n, 'outcome')}", f"forest_{measure}", explanations.FOREST)
