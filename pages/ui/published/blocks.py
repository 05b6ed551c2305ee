"""Blocks of the Published study page: print beside ours, where the printed p come from, and what sets can say."""

from dataclasses import dataclass

import pandas as pd
import streamlit as st

from lib import figures
from lib.inference.attainable import attainable, pattern
from lib.inference.results import BinaryOutcome
from lib.io import write_csv
from lib.pipeline import Analysis
from lib.study import published
from lib.words import glossary
from lib.words import published as words
from lib.words.design import falls_sentence, falls_table
from lib.words.labels import Labels
from lib.words.outcomes import name_of
from pages.ui import session, widgets
from pages.ui.headings import chosen, heading
from pages.ui.tables import show_table


@dataclass(frozen=True)
class Study:
    """The sample's name and analysis, the printed cells beside ours (published.COLUMNS), the caption, the labels."""

    name: str
    analysis: Analysis
    cells: pd.DataFrame
    caption: str
    labels: Labels

    @property
    def binary(self) -> list[BinaryOutcome]:
        """The yes-or-no outcomes, in order."""
        return [o for o in self.analysis.outcomes if isinstance(o, BinaryOutcome)]

    def card(self, drawn: figures.Drawn, title: str, name: str, what: str) -> None:
        """A figure of the sample study, whatever cohort is open in this tab."""
        widgets.show(
            drawn, title=title, name=name, text=self.caption, spec=self.analysis.spec, what=what, study=self.name
        )


def show_agreement(study: Study) -> None:
    """How many printed cells our numbers repeat, in all and by table."""
    total, same = len(study.cells), int(study.cells["agrees"].sum())
    with st.container(horizontal=True):
        st.metric("Printed cells that agree", f"{same} of {total}", border=True, width=260, help=glossary.AGREE)
        for table, part in study.cells.groupby("table"):
            st.metric(table, f"{int(part['agrees'].sum())} of {len(part)}", border=True, width=200)


def show_in_short(study: Study) -> None:
    """What a clinician can repeat: the first outcome that no treated patient had, counted in both ways."""
    outcome = no_treated_event(study)[0]
    name = study.labels.column(outcome.name).name
    st.info(words.in_short(outcome, attainable(outcome), name), icon=":material/summarize:")


def no_treated_event(study: Study) -> list[BinaryOutcome]:
    """The outcomes that no treated patient had."""
    return [o for o in study.binary if not o.treated.events]


def show_printed_table(study: Study, table: str) -> None:
    """One printed table, each variable in two rows: as printed, and as computed here."""
    cells = study.cells[study.cells["table"] == table]
    made = words.printed_table(cells, table, study.labels)
    heading(made.title, glossary.PRINTED)
    st.markdown(words.agreement(cells))
    show_table(made)


def show_download(study: Study) -> None:
    """The comparison as a file."""
    with st.container(horizontal=True):
        widgets.download(
            "Comparison (CSV)", "published_cells", study.analysis.spec, lambda: write_csv(study.cells), study=study.name
        )


def show_pairs(study: Study) -> None:
    """Where the printed p-values come from: pairs counted as if each were a patient of its own."""
    sample = study.analysis.sample
    pairs = {outcome.name: published.repeated_pairs(outcome.sets) for outcome in study.binary}
    table = words.mcnemar_table(study.binary, pairs, study.cells, study.labels)
    heading(table.title, glossary.PAIRS)
    st.markdown(words.pairs_paragraph(sample.n_sets, len(sample.pairs)))
    show_table(table)


def show_both_p(study: Study) -> None:
    """Every outcome's p in both conventions."""
    labels = {o.name: name_of(o, study.labels, unit=False) for o in study.analysis.outcomes}
    drawn = figures.p_comparison(study.analysis.outcomes, labels)
    study.card(drawn, "The same data, counted as pairs and as sets", "p_both", glossary.BOTH_P)


def chosen_deaths(study: Study) -> BinaryOutcome:
    """The outcome whose possible falls are shown."""
    free = no_treated_event(study)

    def ask() -> int:
        return st.segmented_control(
            "Outcome",
            range(len(free)),
            default=0,
            required=True,
            key=session.key("falls"),
            format_func=lambda i: study.labels.column(free[i].name).name,
            persist_state="session",
        )

    return free[chosen("falls", 0, ask)]


def show_falls(study: Study) -> None:
    """The p by set over every way in which the control deaths could have fallen."""
    if not session.presentation():
        heading("Over every way the deaths could have fallen", glossary.FALLS)
    outcome = chosen_deaths(study)
    found, name = attainable(outcome), study.labels.column(outcome.name).name
    if not session.presentation():
        st.markdown(
            f"**{falls_sentence(found)}** The synthetic patients fell as {pattern(found.observed)}: "
            f"{words.observed_sentence(outcome)}."
        )
    drawn = figures.pattern_p(found.rows(), pattern(found.observed))
    study.card(drawn, f"{name}: p by set over every fall", f"falls_{outcome.name}", glossary.FALLS)
    if not session.presentation():
        show_table(falls_table(found, name))
