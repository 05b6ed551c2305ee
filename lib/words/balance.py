"""Balance in words: how many are compared, whom the balance speaks for, and every covariate's differences."""

from dataclasses import replace

import numpy as np
import pandas as pd

from ..balance import BalanceTable, BalanceTest
from ..cohort import Cohort
from ..design import Comparison
from ..design.notes import spoken_for
from .labels import Labels
from .numbers import DASH, counted, half_up, listed, percent, ratio, smd
from .table_one import ARROW
from .tables import TextTable, numbers_right, records

VERDICTS = {"pass": "Pass", "look": "Look", "fail": "Fail"}


def named(balance: BalanceTable, labels: Labels) -> BalanceTable:
    """The balance table with covariates as they are called."""

    def renamed(rows: pd.DataFrame) -> pd.DataFrame:
        return rows.assign(covariate=[labels.column(column).name for column in rows["covariate"]])

    return replace(balance, rows=renamed(balance.rows), described=renamed(balance.described))


def sizes_table(balance: BalanceTable, cohort: Cohort) -> TextTable:
    """How many patients are compared, and how many equally weighted ones they are worth."""
    rows = []
    for arm, name, matched, worth in (
        (True, "Treated", balance.n_treated, balance.ess_treated),
        (False, "Controls", balance.n_control, balance.ess_control),
    ):
        eligible, analysed = int((cohort.eligible_treated == arm).sum()), int((cohort.treated == arm).sum())
        rows.append((name, f"{eligible:,}", f"{analysed:,}", f"{matched:,}", effective(worth)))
    return TextTable(
        "How many patients are compared",
        ("Group", "Eligible", "Analysed: every covariate known", "Matched", "Count as (effective sample size)"),
        tuple(rows),
        alt="Numbers of treated and control patients at each stage",
        align=numbers_right(5),
    )


def effective(size: float) -> str:
    """An effective sample size: whole, or with one decimal."""
    return half_up(size, 0 if abs(size - round(size)) < 0.05 else 1)


def balance_rows(balance: BalanceTable, test: BalanceTest, labels: Labels) -> TextTable:
    """A row for every covariate or level, then the described columns: SMD, what a lottery stays within, variance ratio,
    KS and mean eCDF difference, before → after."""
    limits = np.concatenate([test.covariates.smd, test.described.smd])
    made = [
        (
            covariate_cell(labels, row),
            smd(row.smd_before) + ARROW + smd(row.smd_after),
            ratio(limit),
            both(row.variance_ratio_before, row.variance_ratio_after),
            both(row.ks_before, row.ks_after),
            both(row.ecdf_mean_before, row.ecdf_mean_after),
        )
        for row, limit in zip(records(balance.every), limits, strict=True)
    ]
    return TextTable(
        "Balance before and after matching",
        (
            "Covariate",
            "Difference (SMD)",
            "A lottery stays within",
            "Spread (variance ratio)",
            "Largest gap (KS)",
            "Mean gap (eCDF)",
        ),
        tuple(made),
        (
            "Before → after matching; SMD in standard deviations of the treated before matching.",
            omnibus_sentence(test),
        ),
        align=numbers_right(6),
    )


def omnibus_sentence(test: BalanceTest) -> str:
    """d2 of all covariates at once, for the details: it is no verdict."""
    if np.isnan(test.omnibus_p):
        return "No covariate varies among those compared, so there is no statistic of all of them together."
    return (
        f"All covariates together (d², Hansen and Bowers 2008): {half_up(test.omnibus, 1)} on "
        f"{counted(test.omnibus_df, 'degree')} of freedom; {percent(test.omnibus_p)} of draws by lot reach it. It does "
        "not decide the verdict: with many patients it finds differences too small to matter."
    )


def covariate_cell(labels: Labels, row) -> str:
    """ "Age (years)", "Sex = male"."""
    label = labels.column(row.covariate)
    return label.with_unit if pd.isna(row.level) else f"{label.name} = {row.level}"


def both(before: float, after: float) -> str:
    """ "0.80 → 0.95"; one dash where neither exists."""
    if not (np.isfinite(before) or np.isfinite(after)):
        return DASH
    return ratio(before) + ARROW + ratio(after)


def lost_sentence(comparison: Comparison) -> str:
    """Which treated patients the balance speaks for, and why not for the others; empty when for all."""
    reasons = comparison.losses["reason"].value_counts().sort_index()
    if reasons.empty:
        return ""
    why = listed([f"{count:,}: {reason}" for reason, count in reasons.items()])
    matched, estimand = comparison.n_matched(True), spoken_for(comparison.losses)
    return (
        f"{counted(len(comparison.losses), 'treated patient')} of {int(comparison.treated.sum()):,} found no control "
        f"({why}): what follows speaks for the {matched:,} that did ({estimand})."
    )
