"""Blocks of the Alike? page: the verdict, the love plot, Table 1, and what stands folded behind them."""

from collections.abc import Callable
from dataclasses import replace

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from lib import figures
from lib.balance.lottery import with_limits
from lib.balance.verdict import balance_verdict
from lib.cohort import Cohort
from lib.io import write_csv
from lib.words import balance as words
from lib.words import counted, glossary
from lib.words.match_result import covariate_takeaway, love_takeaway
from lib.words.table_one import TITLE, table_one
from lib.words.verdict import verdict_paragraphs
from pages.ui import session, widgets
from pages.ui.headings import heading
from pages.ui.plain import plain
from pages.ui.tables import show_table, table_card
from pages.ui.take_away import show_take_away
from pages.ui.view import View

BOXES = {
    "pass": (st.success, ":material/check_circle:"),
    "look": (st.warning, ":material/visibility:"),
    "fail": (st.error, ":material/cancel:"),
}
DIRECTIONS = {False: "Size of each difference", True: "With its direction: who has more"}
SHAPES = {"ecdf": "Cumulative share", "histogram": "Histogram"}


def verdict_box(view: View, before: str = "") -> None:
    """Pass, look or fail and why.  before: what stands before the word."""
    balance, test = words.named(view.balance, view.labels), view.steps.balance_test
    level = balance_verdict(balance, test).level
    box, icon = BOXES[level]
    said = "\n\n".join(map(plain, verdict_paragraphs(balance, test)))
    box(f"**{before}{words.VERDICTS[level]}.** {said}", icon=icon)


def show_verdict(view: View) -> None:
    """Pass, look or fail, in words, before any number; and whom it does not speak for."""
    verdict_box(view)
    with st.popover("How is this judged?", type="tertiary", icon=":material/help:"):
        st.markdown(glossary.VERDICT)
    lost = words.lost_sentence(view.comparison)
    if lost:
        st.info(plain(lost), icon=":material/info:")


def show_love(view: View) -> None:
    """All standardised differences before and after, their size or with their direction; nothing without any."""
    if view.balance.every.empty:
        return
    signed = st.segmented_control(
        "Differences",
        [False, True],
        default=False,
        required=True,
        format_func=DIRECTIONS.get,
        key=session.key("love-signed"),
        label_visibility="collapsed",
        persist_state="session",
    )
    drawn = figures.love(words.named(view.balance, view.labels), view.steps.balance_test, bool(signed))
    title = "How alike the groups are, before and after matching"
    view.card(drawn, title, "love_plot", glossary.LOVE, takeaway=love_takeaway(drawn.numbers))


def show_table_one(view: View) -> None:
    """Table 1 before and after matching, side by side; published p-values when asked for; nothing without any."""
    if view.table_one.empty:
        return
    heading(TITLE, glossary.TABLE_ONE)
    place = st.container()
    with st.container(horizontal=True, vertical_alignment="center"):
        published = st.toggle("Show p-values as published", key=session.key("published-p"), persist_state="session")
    table = table_one(view.table_one, view.balance, view.cohort, view.labels, published, view.weighted)
    with place:
        if published:
            st.caption(glossary.P_IS_NO_BALANCE)
        show_table(table)
        show_take_away(table, "table1")


def show_folds(view: View) -> None:
    """What stands behind the verdict, each part behind a line that says what it would tell."""
    if not view.balance.every.empty:
        count = counted(len(view.balance.every), "row")
        fold("balance", f"Every number behind the verdict: spread, largest gap, lottery ({count})", show_details, view)
    if len(view.cohort.covariates.columns):
        fold("distribution", "One covariate at a time: how its values lie in both groups", show_distribution, view)
    notes = f", {counted(len(view.balance.notes), 'note')}" if view.balance.notes else ""
    fold("sizes", f"How many patients are compared, and what they count as{notes}", show_sizes, view)


def fold(name: str, line: str, show: Callable[[View], None], view: View) -> None:
    """One folded part; made when it is opened."""
    folded = st.expander(line, key=session.key(f"fold-{name}"), on_change="rerun")
    if folded.open:
        with folded:
            show(view)


def show_details(view: View) -> None:
    """Every number behind the verdict."""
    show_table(words.balance_rows(view.balance, view.steps.balance_test, view.labels))
    limited = with_limits(view.balance.rows, view.steps.balance_test.covariates)
    widgets.download("Balance, all digits (CSV)", "balance", view.spec, lambda: write_csv(limited))


def show_sizes(view: View) -> None:
    """How many patients are compared, how many equally weighted ones they are worth, and what else to know."""
    table_card(words.sizes_table(view.balance, view.cohort), glossary.SIZES)
    widgets.notes(view.balance.notes)


def show_distribution(view: View) -> None:
    """One covariate in both arms, before and after."""
    names = list(view.cohort.covariates)
    left, right = st.columns([1, 1], vertical_alignment="bottom")
    name = left.selectbox(
        "Covariate", names, key=session.key("covariate"), format_func=view.column, persist_state="session"
    )
    shape = "ecdf" if is_factor(view.cohort, name) else asked_shape(right)
    label = view.column(name)
    renamed = replace(view.cohort, covariates=view.cohort.covariates[[name]].rename(columns={name: label}))
    drawn = figures.covariate_distribution(renamed, view.comparison, label, shape)
    rows = view.balance.rows[view.balance.rows["covariate"] == name]
    sizes = [float(rows[f"smd_{stage}"].abs().max()) for stage in ("before", "after")]
    line = covariate_takeaway(view.labels.column(name).name, sizes)
    view.card(
        drawn, f"{label}, before and after matching", f"distribution_{name}", glossary.DISTRIBUTION, takeaway=line
    )


def asked_shape(place: DeltaGenerator) -> str:
    """How a number is drawn, one of SHAPES."""
    return place.segmented_control(
        "Drawn as",
        list(SHAPES),
        default="ecdf",
        required=True,
        key=session.key("shape"),
        format_func=SHAPES.get,
        persist_state="session",
    )


def is_factor(cohort: Cohort, name: str) -> bool:
    """Whether a covariate has levels instead of numbers."""
    return isinstance(cohort.covariates[name].dtype, pd.CategoricalDtype)
