"""What the typed counts can say: the sentence first, then the figure, then the table."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from lib import figures
from lib.check import Checked, PaperDesign, claim_of, design_of
from lib.errors import AnalysisError
from lib.io import write_csv
from lib.words import check as words
from lib.words import glossary
from pages.ui import session, stages
from pages.ui.check.form import Row, Typed
from pages.ui.figure_card import figure_card
from pages.ui.plain import plain
from pages.ui.tables import show_table

MOST_LISTED = 400  # ways shown one by one


def show(typed: Typed) -> None:
    """The result, or what is missing or wrong in one sentence."""
    if typed.empty:
        st.info(words.EMPTY, icon=":material/edit:")
        return
    try:
        design = design_as(typed)
        every = [checked(design, row) for row in typed.rows if not row.empty]
    except AnalysisError as error:
        session.error_box(error)
        return
    if not every:
        st.info(f"{words.design_sentence(design)} {words.NO_OUTCOME}", icon=":material/edit:")
        return
    show_sentences(every)
    show_figure(every)
    show_table(words.check_table(every))
    show_ways(every)


def design_as(typed: Typed) -> PaperDesign:
    """The matched sets. Raises SpecError for what is no number or does not fit together."""
    treated, ratio, controls = (text.strip() or None for text in (typed.treated, typed.ratio, typed.controls))
    return design_of(treated, ratio, controls, typed.sets.replace(",", " ").split())


def checked(design: PaperDesign, row: Row) -> Checked:
    """An outcome checked. Raises SpecError for what is no number, EstimationError for too many ways; both name it."""
    try:
        percents = (row.treated_percent, row.control_percent)
        claim = claim_of(design, row.name, (row.treated, row.control), percents, row.p)
        return stages.checked(design, claim)
    except AnalysisError as error:
        sentence = f"{row.name.strip()}: {error}" if row.name.strip() else str(error)
        raise type(error)(sentence, error.hint) from error


def show_sentences(every: Sequence[Checked]) -> None:
    """What to repeat, and the percentages that cannot be."""
    first = words.headline(every[0]) if len(every) == 1 else words.summary(every)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader(plain(first), anchor=False)
        with st.popover("What does this mean?", type="tertiary", icon=":material/help:"):
            st.markdown(glossary.CHECKED)
    if len(every) > 1:
        st.markdown("\n".join(f"- {plain(words.headline(one))}" for one in every))
    for one in every:
        for bad in one.impossible:
            st.warning(plain(words.impossible_sentence(bad, one.claim.name)), icon=":material/percent:")


def show_figure(every: Sequence[Checked]) -> None:
    """Every p of every outcome on one axis."""
    drawn = figures.checked_p(words.figure_rows(every))
    figure_card(
        drawn.figure,
        title="p by set, as pairs and as printed",
        caption=words.caption(every[0].design),
        name=f"check_a_paper_{pd.Timestamp.now():%Y-%m-%d}",
        alt=drawn.alt,
        what=glossary.CHECKED,
        numbers=lambda: write_csv(drawn.numbers),
        key="check_a_paper",
    )


def show_ways(every: Sequence[Checked]) -> None:
    """Folded: which tests give the printed p, and every way of each outcome."""
    sources = [text for text in map(words.source_sentence, every) if text]
    if sources:
        with st.expander("Which test gives the printed p"):
            st.markdown("\n".join(f"- {plain(text)}" for text in sources))
    listed = [one for one in every if one.by_set.complete and len(one.by_set.ways) <= MOST_LISTED]
    if listed:
        with st.expander("Every way in which the events could have fallen"):
            for one in listed:
                table = words.ways_table(one)
                st.markdown(f"**{plain(table.title)}**")
                show_table(table)
