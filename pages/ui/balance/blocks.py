"""Blocks of the Balance page: sizes, Table 1, the love plot and each covariate's distribution."""

from dataclasses import dataclass, replace

import pandas as pd
import streamlit as st

from lib import figures
from lib.balance import BalanceTable
from lib.balance.verdict import balance_verdict
from lib.cohort import Cohort
from lib.design import Comparison
from lib.io import write_csv
from lib.spec import AnalysisSpec
from lib.words import counted, half_up
from pages.ui import explanations, session, widgets
from pages.ui.balance.table_one_words import table_one_cells
from pages.ui.cohort.codebook import Codebook
from pages.ui.figure_card import plain
from pages.ui.headings import chosen, flat, heading, show_table, table_card

VERDICTS = {
    "pass": (st.success, ":material/check_circle:", "Pass"),
    "look": (st.warning, ":material/visibility:", "Look"),
    "fail": (st.error, ":material/cancel:", "Fail"),
}
SHAPES = {"ecdf": "Cumulative share", "histogram": "Histogram"}


@dataclass(frozen=True)
class Shown:
    """What the blocks need. table_one: as lib.balance.table1.table_one."""

    cohort: Cohort
    comparison: Comparison
    balance: BalanceTable
    table_one: pd.DataFrame
    spec: AnalysisSpec
    codebook: Codebook

    @property
    def caption(self) -> str:
        """The line under every figure."""
        return widgets.caption(self.cohort, self.comparison, self.spec)

    def label(self, column: str) -> str:
        """A column in words, with its unit."""
        return self.codebook.column(column).with_unit


def in_words(balance: BalanceTable, codebook: Codebook) -> BalanceTable:
    """The balance table with covariates as they are called."""
    covariates = balance.rows["covariate"]
    names = {column: codebook.column(column).label for column in covariates}
    return replace(balance, rows=balance.rows.assign(covariate=covariates.map(names)))


def verdict_box(balance: BalanceTable, codebook: Codebook, before: str = "") -> None:
    """Pass, look or fail and why.  before: what stands before the word."""
    verdict = balance_verdict(in_words(balance, codebook))
    box, icon, word = VERDICTS[verdict.level]
    box(f"**{before}{word}.** {plain(verdict.sentence)}", icon=icon)


def show_verdict(shown: Shown) -> None:
    """Pass, look or fail, in words, before any number."""
    heading("Verdict", explanations.VERDICT)
    verdict_box(shown.balance, shown.codebook)
    lost = lost_treated(shown)
    if lost:
        st.info(lost, icon=":material/info:")


def show_sizes(shown: Shown) -> None:
    """How many patients are compared, and how many equally weighted ones they are worth."""
    b, cohort = shown.balance, shown.cohort
    rows = []
    for arm, name, matched, worth in (
        (True, "Treated", b.n_treated, b.ess_treated),
        (False, "Controls", b.n_control, b.ess_control),
    ):
        eligible, analysed = int((cohort.eligible_treated == arm).sum()), int((cohort.treated == arm).sum())
        rows.append((name, f"{eligible:,}", f"{analysed:,}", f"{matched:,}", effective(worth)))
    columns = ["Group", "Eligible", "Analysed: every covariate known", "Matched", "Effective sample size"]
    table_card(
        "How many patients are compared",
        pd.DataFrame(rows, columns=columns),
        "Numbers of treated and control patients at each stage",
        explanations.SIZES,
    )


def effective(size: float) -> str:
    """An effective sample size: whole, or with one decimal."""
    return half_up(size, 0 if abs(size - round(size)) < 0.05 else 1)


def show_table_one(shown: Shown) -> None:
    """Table 1 before and after matching, side by side; published p-values when asked for; nothing without any."""
    if shown.table_one.empty:
        return
    heading("Table 1: who the patients were", explanations.TABLE_ONE)
    published = st.toggle("Show p-values as published", key=session.key("published-p"), persist_state="session")
    if published:
        st.caption(explanations.P_IS_NO_BALANCE)
    cells = table_one_cells(shown.table_one, shown.balance, shown.cohort, shown.codebook, published)
    show_table(cells, "Table 1: baseline values by arm before and after matching, with standardised differences")
    st.caption(explanations.TABLE_ONE_FOOT)
    with st.container(horizontal=True):
        widgets.download("Table 1 as shown (CSV)", "table1", shown.spec, lambda: write_csv(flat(cells)))
        widgets.download("Balance, all digits (CSV)", "balance", shown.spec, lambda: write_csv(shown.balance.rows))


def show_love(shown: Shown) -> None:
    """All covariates' standardised differences before and after; nothing without a covariate."""
    if shown.balance.rows.empty:
        return
    drawn = figures.love(in_words(shown.balance, shown.codebook))
    widgets.show(
        drawn,
        title="How alike the arms are, before and after matching",
        name="love_plot",
        text=shown.caption,
        spec=shown.spec,
        what=explanations.LOVE,
    )


def show_distribution(shown: Shown) -> None:
    """One covariate in both arms, before and after."""
    names = list(shown.cohort.covariates)
    if not names:
        return
    if not session.presentation():
        heading("One covariate at a time", explanations.DISTRIBUTION)
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
    drawn = figures.covariate_distribution(renamed, shown.comparison, label, shape)
    widgets.show(
        drawn,
        title=f"{label}, before and after matching",
        name=f"distribution_{name}",
        text=shown.caption,
        spec=shown.spec,
        what=explanations.DISTRIBUTION,
    )


def is_factor(cohort: Cohort, name: str) -> bool:
    """Whether a covariate has levels instead of numbers."""
    return isinstance(cohort.covariates[name].dtype, pd.CategoricalDtype)


def lost_treated(shown: Shown) -> str:
    """Which treated patients the balance speaks for; empty when all."""
    all_treated, kept = int(shown.cohort.treated.sum()), shown.balance.n_treated
    if kept == all_treated:
        return ""
    within = " (ATT within the caliper)" if shown.spec.matching.caliper is not None else ""
    return (
        f"{counted(all_treated - kept, 'treated patient')} of {all_treated:,} found no control: what follows "
        f"speaks for the {kept:,} that did{within}."
    )
