"""Blocks of the Alike? page: sizes, Table 1, the love plot and each covariate's distribution."""

from dataclasses import replace

import pandas as pd
import streamlit as st

from lib import figures
from lib.balance.lottery import with_limits
from lib.balance.verdict import balance_verdict
from lib.cohort import Cohort
from lib.io import write_csv
from lib.words import balance as words
from lib.words import glossary
from lib.words.table_one import TITLE, table_one
from lib.words.verdict import verdict_paragraphs
from pages.ui import session, widgets
from pages.ui.headings import chosen, heading
from pages.ui.plain import plain
from pages.ui.tables import show_table, table_card
from pages.ui.view import View

BOXES = {
    "pass": (st.success, ":material/check_circle:"),
    "look": (st.warning, ":material/visibility:"),
    "fail": (st.error, ":material/cancel:"),
}
SHAPES = {"ecdf": "Cumulative share", "histogram": "Histogram"}


def verdict_box(view: View, before: str = "") -> None:
    """Pass, look or fail and why.  before: what stands before the word."""
    balance, test = words.named(view.balance, view.labels), view.steps.balance_test
    level = balance_verdict(balance, test).level
    box, icon = BOXES[level]
    said = "\n\n".join(map(plain, verdict_paragraphs(balance, test)))
    box(f"**{before}{words.VERDICTS[level]}.** {said}", icon=icon)


def show_verdict(view: View) -> None:
    """Pass, look or fail, in words, before any number."""
    heading("Verdict", glossary.VERDICT)
    verdict_box(view)
    lost = words.lost_sentence(view.comparison)
    if lost:
        st.info(lost, icon=":material/info:")


def show_sizes(view: View) -> None:
    """How many patients are compared, and how many equally weighted ones they are worth."""
    table_card(words.sizes_table(view.balance, view.cohort), glossary.SIZES)


def show_table_one(view: View) -> None:
    """Table 1 before and after matching, side by side; published p-values when asked for; nothing without any."""
    if view.table_one.empty:
        return
    heading(TITLE, glossary.TABLE_ONE)
    published = st.toggle("Show p-values as published", key=session.key("published-p"), persist_state="session")
    if published:
        st.caption(glossary.P_IS_NO_BALANCE)
    table = table_one(view.table_one, view.balance, view.cohort, view.labels, published, view.weighted)
    show_table(table)
    with st.container(horizontal=True):
        widgets.download("Table 1 as shown (CSV)", "table1", view.spec, table.to_csv)
        limited = with_limits(view.balance.rows, view.steps.balance_test.covariates)
        widgets.download("Balance, all digits (CSV)", "balance", view.spec, lambda: write_csv(limited))


def show_details(view: View) -> None:
    """Every number behind the verdict, folded; nothing without a column to compare."""
    if view.balance.every.empty:
        return
    folded = st.expander("Every number behind the verdict", key=session.key("fold-balance"), on_change="rerun")
    if folded.open:
        with folded:
            show_table(words.balance_rows(view.balance, view.steps.balance_test, view.labels))


def show_love(view: View) -> None:
    """All covariates' standardised differences before and after; nothing without a covariate."""
    if view.balance.every.empty:
        return
    drawn = figures.love(words.named(view.balance, view.labels), view.steps.balance_test)
    view.card(drawn, "How alike the arms are, before and after matching", "love_plot", glossary.LOVE)


def show_distribution(view: View) -> None:
    """One covariate in both arms, before and after."""
    names = list(view.cohort.covariates)
    if not names:
        return
    if not session.presentation():
        heading("One covariate at a time", glossary.DISTRIBUTION)
    left, right = st.columns([1, 1], vertical_alignment="bottom")
    name = chosen(
        "covariate",
        names[0],
        lambda: left.selectbox(
            "Covariate", names, key=session.key("covariate"), format_func=view.column, persist_state="session"
        ),
    )
    shape = (
        "ecdf"
        if is_factor(view.cohort, name)
        else chosen(
            "shape",
            "ecdf",
            lambda: right.segmented_control(
                "Drawn as",
                list(SHAPES),
                default="ecdf",
                required=True,
                key=session.key("shape"),
                format_func=SHAPES.get,
                persist_state="session",
            ),
        )
    )
    label = view.column(name)
    renamed = replace(view.cohort, covariates=view.cohort.covariates[[name]].rename(columns={name: label}))
    drawn = figures.covariate_distribution(renamed, view.comparison, label, shape)
    view.card(drawn, f"{label}, before and after matching", f"distribution_{name}", glossary.DISTRIBUTION)


def is_factor(cohort: Cohort, name: str) -> bool:
    """Whether a covariate has levels instead of numbers."""
    return isinstance(cohort.covariates[name].dtype, pd.CategoricalDtype)
