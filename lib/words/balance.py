"""Balance in words: how many are compared, whom the balance speaks for, and every covariate's differences."""

from dataclasses import replace

import numpy as np
import pandas as pd

from ..balance import BalanceTable
from ..cohort import Cohort
from ..design import DistanceSettings, MethodSettings
from .labels import Labels
from .numbers import DASH, counted, half_up, ratio, smd
from .table_one import ARROW
from .tables import TextTable, numbers_right, records

VERDICTS = {"pass": "Pass", "look": "Look", "fail": "Fail"}
LEAD = (
    "Are the treated and their controls alike in what was known before treatment? Outcomes are not shown here: balance "
    "is judged first, so that nobody is tempted to match until the answer pleases."
)


def named(balance: BalanceTable, labels: Labels) -> BalanceTable:
    """The balance table with covariates as they are called."""
    covariates = balance.rows["covariate"]
    names = {column: labels.column(column).name for column in covariates}
    return replace(balance, rows=balance.rows.assign(covariate=covariates.map(names)))


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
        ("Group", "Eligible", "Analysed: every covariate known", "Matched", "Effective sample size"),
        tuple(rows),
        alt="Numbers of treated and control patients at each stage",
        align=numbers_right(5),
    )


def effective(size: float) -> str:
    """An effective sample size: whole, or with one decimal."""
    return half_up(size, 0 if abs(size - round(size)) < 0.05 else 1)


def balance_rows(balance: BalanceTable, labels: Labels) -> TextTable:
    """A row for every covariate or level: SMD, variance ratio, KS and mean eCDF difference, before → after."""
    made = [
        (
            covariate_cell(labels, row),
            smd(row.smd_before) + ARROW + smd(row.smd_after),
            both(row.variance_ratio_before, row.variance_ratio_after),
            both(row.ks_before, row.ks_after),
            both(row.ecdf_mean_before, row.ecdf_mean_after),
        )
        for row in records(balance.rows)
    ]
    band = "" if np.isnan(balance.chance_band) else f" Chance alone: up to {half_up(balance.chance_band, 2)}."
    return TextTable(
        "Balance before and after matching",
        ("Covariate", "SMD", "Variance ratio", "KS", "Mean eCDF difference"),
        tuple(made),
        (f"Before → after matching; SMD in standard deviations of the treated before matching.{band}",),
        align=numbers_right(5),
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


def lost_sentence(balance: BalanceTable, cohort: Cohort, settings: MethodSettings) -> str:
    """Which treated patients the balance speaks for; empty when all."""
    all_treated, kept = int(cohort.treated.sum()), balance.n_treated
    if kept == all_treated:
        return ""
    caliper = isinstance(settings, DistanceSettings) and settings.caliper is not None
    within = " (ATT within the caliper)" if caliper else ""
    return (
        f"{counted(all_treated - kept, 'treated patient')} of {all_treated:,} found no control: what follows "
        f"speaks for the {kept:,} that did{within}."
    )
