"""Blocks of the Balance page: sizes, Table 1, the love plot and each covariate's distribution."""

from dataclasses import dataclass, replace

import pandas as pd
import streamlit as st

from lib import figures
from lib.balance import BalanceTable
from lib.balance.verdict import balance_verdict
from lib.cohort import Cohort
from lib.design import MatchedSample
from lib.io import write_csv
from lib.spec import AnalysisSpec
from lib.words import balance as words
from lib.words import glossary
from lib.words.labels import Labels
from lib.words.table_one import TITLE, table_one
from pages.ui import session, widgets
from pages.ui.figure_card import plain
from pages.ui.headings import chosen, heading
from pages.ui.tables import show_table, table_card

BOXES = {
    "pass": (st.success, ":material/check_circle:"),
    "look": (st.warning, ":material/visibility:"),
    "fail": (st.error, ":material/cancel:"),
}
SHAPES = {"ecdf": "Cumulative share", "histogram": "Histogram"}


@dataclass(frozen=True)
class Shown:
    """What the blocks need. table_one: as lib.balance.table1.table_one."""

    cohort: Cohort
    sample: MatchedSample
    balance: BalanceTable
    table_one: pd.DataFrame
    spec: AnalysisSpec
    labels: Labels

    @property
    def caption(self) -> str:
        """The line under every figure."""
        return widgets.caption(self.cohort, self.sample, self.spec)

    def label(self, column: str) -> str:
        """A column in words, with its unit."""
        return self.labels.column(column).with_unit


def verdict_box(balance: BalanceTable, labels: Labels, before: str = "") -> None:
    """Pass, look or fail and why.  before: what stands before the word."""
    verdict = balance_verdict(words.named(balance, labels))
    box, icon = BOXES[verdict.level]
    box(f"**{before}{words.VERDICTS[verdict.level]}.** {plain(verdict.sentence)}", icon=icon)


def show_verdict(shown: Shown) -> None:
    """Pass, look or fail, in words, before any number."""
    heading("Verdict", glossary.VERDICT)
    verdict_box(shown.balance, shown.labels)
    lost = words.lost_sentence(shown.balance, shown.cohort, shown.spec.matching.caliper is not None)
    if lost:
        st.info(lost, icon=":material/info:")


def show_sizes(shown: Shown) -> None:
    """How many patients are compared, and how many equally weighted ones they are worth."""
    table_card(words.sizes_table(shown.balance, shown.cohort), glossary.SIZES)


def show_table_one(shown: Shown) -> None:
    """Table 1 before and after matching, side by side; published p-values when asked for; nothing without any."""
    if shown.table_one.empty:
        return
    heading(TITLE, glossary.TABLE_ONE)
    published = st.toggle("Show p-values as published", key=session.key("published-p"), persist_state="session")
    if published:
        st.caption(glossary.P_IS_NO_BALANCE)
    table = table_one(shown.table_one, shown.balance, shown.cohort, shown.labels, published)
    show_table(table)
    with st.container(horizontal=True):
        widgets.download("Table 1 as shown (CSV)", "table1", shown.spec, table.to_csv)
        widgets.download("Balance, all digits (CSV)", "balance", shown.spec, lambda: write_csv(shown.balance.rows))


def show_love(shown: Shown) -> None:
    """All covariates' standardised differences before and after; nothing without a covariate."""
    if shown.balance.rows.empty:
        return
    drawn = figures.love(words.named(shown.balance, shown.labels))
    widgets.show(
        drawn,
        title="How alike the arms are, before and after matching",
        name="love_plot",
        text=shown.caption,
        spec=shown.spec,
        what=glossary.LOVE,
    )


def show_distribution(shown: Shown) -> None:
    """One covariate in both arms, before and after."""
    names = list(shown.cohort.covariates)
    if not names:
        return
    if not session.presentation():
        heading("One covariate at a time", glossary.DISTRIBUTION)
    left, right = st.columns([1, 1], vertical_alignment="bottom")
    name = chosen(
        "covariate",
        names[0],
        lambda: left.selectbox(
            "Covariate", names, key=session.key("covariate"), format_func=shown.label, persist_state="session"
        ),
    )
    shape = (
        "ecdf"
        if is_factor(shown.cohort, name)
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
    label = shown.label(name)
    renamed = replace(shown.cohort, covariates=shown.cohort.covariates[[name]].rename(columns={name: label}))
    drawn = figures.covariate_distribution(renamed, shown.sample, label, shape)
    widgets.show(
        drawn,
        title=f"{label}, before and after matching",
        name=f"distribution_{name}",
        text=shown.caption,
        spec=shown.spec,
        what=glossary.DISTRIBUTION,
    )


def is_factor(cohort: Cohort, name: str) -> bool:
    """Whether a covariate has levels instead of numbers."""
    return isinstance(cohort.covariates[name].dtype, pd.CategoricalDtype)
