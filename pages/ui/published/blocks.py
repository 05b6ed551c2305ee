"""Blocks of the About this example page: print beside ours, where the printed p come from, and what sets can say."""

import pandas as pd
import streamlit as st

from lib import figures
from lib.inference.attainable import attainable, pattern
from lib.inference.results import BinaryOutcome
from lib.io import write_csv
from lib.study import published
from lib.study.gaps import events_by_gaps
from lib.words import glossary
from lib.words import published as words
from lib.words.power import falls_sentence, falls_table
from pages.ui import session, stages, widgets
from pages.ui.headings import chosen, heading
from pages.ui.tables import show_table
from pages.ui.view import View


def show_agreement(cells: pd.DataFrame) -> None:
    """How many printed cells our numbers repeat, in all and by table."""
    total, same = len(cells), int(cells["agrees"].sum())
    with st.container(horizontal=True):
        st.metric("Printed cells that agree", f"{same} of {total}", border=True, width=260, help=glossary.AGREE)
        for table, part in cells.groupby("table"):
            st.metric(table, f"{int(part['agrees'].sum())} of {len(part)}", border=True, width=200)


def show_in_short(view: View) -> None:
    """What a clinician can repeat: the first outcome that no treated patient had, counted in both ways."""
    outcome = no_treated_event(view)[0]
    name = view.labels.column(outcome.name).name
    st.info(words.in_short(outcome, attainable(outcome), name), icon=":material/summarize:")


def binary(view: View) -> list[BinaryOutcome]:
    """The yes-or-no outcomes, in order."""
    return [o for o in view.outcomes if isinstance(o, BinaryOutcome)]


def no_treated_event(view: View) -> list[BinaryOutcome]:
    """The outcomes that no treated patient had."""
    return [o for o in binary(view) if not o.treated.events]


def show_printed_table(view: View, every: pd.DataFrame, table: str) -> None:
    """One printed table, each variable in two rows: as printed, and as computed here."""
    cells = every[every["table"] == table]
    inferred = [row for row in stages.printed_rows() if row.table == table]
    made = words.printed_table(cells, table, view.labels, words.inferred_sentences(inferred, view.labels))
    heading(made.title, glossary.PRINTED)
    st.markdown(words.agreement(cells))
    show_table(made)


def show_artefact(view: View) -> None:
    """What the synthetic controls have that the paper does not tell: by gaps, the last outcome without a treated
    event."""
    outcome = no_treated_event(view)[-1]
    found = events_by_gaps(view.steps, outcome.name)
    st.warning(words.artefact_sentence(found, view.labels.column(outcome.name).name), icon=":material/science:")


def show_download(view: View, cells: pd.DataFrame) -> None:
    """The comparison as a file."""
    with st.container(horizontal=True):
        widgets.download("Comparison (CSV)", "published_cells", view.spec, lambda: write_csv(cells), study=view.study)


def show_pairs(view: View, cells: pd.DataFrame) -> None:
    """Where the printed p-values come from: pairs counted as if each were a patient of its own."""
    sample = view.comparison
    pairs = {outcome.name: published.repeated_pairs(outcome.sets) for outcome in binary(view)}
    table = words.mcnemar_table(binary(view), pairs, cells, view.labels)
    heading(table.title, glossary.PAIRS)
    st.markdown(words.pairs_paragraph(sample.n_sets, len(sample.pairs)))
    show_table(table)


def show_both_p(view: View) -> None:
    """Every outcome's p in both conventions."""
    labels = {o.name: view.name(o) for o in view.outcomes}
    drawn = figures.p_comparison(view.outcomes, labels)
    view.card(drawn, "The same data, counted as pairs and as sets", "p_both", glossary.BOTH_P)


def chosen_deaths(view: View) -> BinaryOutcome:
    """The outcome whose possible falls are shown."""
    free = no_treated_event(view)

    def ask() -> int:
        return st.segmented_control(
            "Outcome",
            range(len(free)),
            default=0,
            required=True,
            key=session.key("falls"),
            format_func=lambda i: view.labels.column(free[i].name).name,
            persist_state="session",
        )

    return free[chosen("falls", 0, ask)]


def show_falls(view: View) -> None:
    """The p by set over every way in which the control deaths could have fallen."""
    heading("Over every way the deaths could have fallen", glossary.FALLS)
    outcome = chosen_deaths(view)
    found, name = attainable(outcome), view.labels.column(outcome.name).name
    st.markdown(
        f"**{falls_sentence(found)}** The synthetic patients fell as {pattern(found.observed)}: "
        f"{words.observed_sentence(outcome)}."
    )
    drawn = figures.pattern_p(found.rows(), pattern(found.observed))
    view.card(drawn, f"{name}: p by set over every fall", f"falls_{outcome.name}", glossary.FALLS)
    show_table(falls_table(found, name))
