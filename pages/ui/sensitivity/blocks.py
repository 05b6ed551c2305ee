"""Blocks of the Sensitivity page: what it shows of which outcome, and the frame of its sections."""

from dataclasses import dataclass

import streamlit as st

from lib import figures
from lib.cohort import Cohort
from lib.design import Comparison
from lib.spec import AnalysisSpec, Outcome
from lib.table import Table
from pages.ui import session, stages, widgets
from pages.ui.cohort.codebook import Codebook
from pages.ui.headings import chosen
from pages.ui.sensitivity import words as words

WITHOUT_OUTCOME = ("design",)
OF_GIVEN_SETS = ("bias", "tipping")  # what needs no other match


@dataclass(frozen=True)
class Shown:
    """What the sections need: the main analysis, the outcome in question (None before any is chosen), and words."""

    table: Table
    spec: AnalysisSpec
    cohort: Cohort
    comparison: Comparison
    outcome: Outcome | None
    codebook: Codebook

    @property
    def label(self) -> str:
        """The outcome in words."""
        return self.codebook.column(self.outcome.name).label

    @property
    def names(self) -> dict[str, str]:
        """Covariates in words."""
        return {name: self.codebook.column(name).label for name in self.spec.columns.covariates}

    @property
    def caption(self) -> str:
        """The line below a figure."""
        return widgets.caption(self.cohort, self.comparison, self.spec)

    def card(self, drawn: figures.Drawn, title: str, name: str, what: str) -> None:
        """A figure of this analysis."""
        widgets.show(drawn, title=title, name=name, text=self.caption, spec=self.spec, what=what)


def main_analysis(table: Table, spec: AnalysisSpec, codebook: Codebook, outcome: Outcome | None) -> Shown:
    """The pinned analysis. Raises AnalysisError when it cannot be done."""
    return Shown(table, spec, stages.cohort(table, spec), stages.matched(table, spec), outcome, codebook)


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


def chosen_outcome(spec: AnalysisSpec, codebook: Codebook) -> Outcome | None:
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
            format_func=lambda i: codebook.column(outcomes[i].name).label,
            key=session.key("sensitivity-outcome"),
        )

    return outcomes[chosen("sensitivity-outcome", first, ask)]
