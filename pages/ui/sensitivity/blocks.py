"""Blocks of the Sensitivity page: what it shows of which outcome, and the frame of its sections."""

from dataclasses import dataclass

import streamlit as st

from lib import figures
from lib.cohort import Cohort
from lib.design import MatchedSample
from lib.spec import AnalysisSpec, Outcome
from lib.table import Table
from lib.words import sensitivity as words
from lib.words.labels import Labels
from pages.ui import session, stages, widgets
from pages.ui.headings import chosen

WITHOUT_OUTCOME = ("design",)
OF_GIVEN_SETS = ("bias", "tipping")  # what needs no other match


@dataclass(frozen=True)
class Shown:
    """What the sections need: the main analysis, the outcome in question (None before any is chosen), and words."""

    table: Table
    spec: AnalysisSpec
    cohort: Cohort
    sample: MatchedSample
    outcome: Outcome | None
    labels: Labels

    @property
    def label(self) -> str:
        """The outcome in words."""
        return self.labels.column(self.outcome.name).name

    @property
    def names(self) -> dict[str, str]:
        """Covariates in words."""
        return {name: self.labels.column(name).name for name in self.spec.columns.covariates}

    @property
    def caption(self) -> str:
        """The line below a figure."""
        return widgets.caption(self.cohort, self.sample, self.spec)

    def card(self, drawn: figures.Drawn, title: str, name: str, what: str) -> None:
        """A figure of this analysis."""
        widgets.show(drawn, title=title, name=name, text=self.caption, spec=self.spec, what=what)


def main_analysis(table: Table, spec: AnalysisSpec, labels: Labels, outcome: Outcome | None) -> Shown:
    """The pinned analysis. Raises AnalysisError when it cannot be done."""
    return Shown(table, spec, stages.cohort(table, spec), stages.matched(table, spec), outcome, labels)


def chosen_section(spec: AnalysisSpec) -> str:
    """Which question to look at; without an outcome only those that need none."""
    options = [name for name in words.SECTIONS if spec.outcomes or name in WITHOUT_OUTCOME]
    if spec.matching.method == "given":
        options = [name for name in options if name in OF_GIVEN_SETS]
        st.info(words.GIVEN_SETS, icon=":material/info:")
    if not options:
        st.stop()
    name = f"sensitivity-section-{spec.matching.method}"  # the two offer different questions

    def ask() -> str:
        return st.segmented_control(
            "Question",
            options,
            default=options[0],
            required=True,
            persist_state="session",
            format_func=words.SECTIONS.get,
            key=session.key(name),
        )

    return chosen(name, options[0], ask)


def chosen_outcome(spec: AnalysisSpec, labels: Labels) -> Outcome | None:
    """The outcome in question; the primary one first. None when the spec has none."""
    outcomes = spec.outcomes
    if not outcomes:
        st.info(words.NO_OUTCOMES, icon=":material/info:")
        return None
    first = next((i for i, o in enumerate(outcomes) if o.primary), 0)

    def ask() -> int:
        left, _ = st.columns([1, 1])
        return left.selectbox(
            "Outcome",
            range(len(outcomes)),
            index=first,
            persist_state="session",
            format_func=lambda i: labels.column(outcomes[i].name).name,
            key=session.key("sensitivity-outcome"),
        )

    return outcomes[chosen("sensitivity-outcome", first, ask)]
