"""Table 1 as text: medians or counts with their n in each arm, differences before and after, p on request."""

import numpy as np
import pandas as pd

from ..balance import BalanceTable
from ..cohort import Cohort
from ..table import is_numeric
from . import glossary
from .labels import Labels
from .names import arm_name
from .numbers import DASH, count_percent, counted, decimals, median_quartiles, p_value, ratio, smd
from .tables import TextTable, records

TITLE = "Table 1: who the patients were"
ARROW = "\u00a0→ "  # a line may break after the arrow, never before it
DIFFERENCES = ("SMD", "Variance ratio", "KS")
PUBLISHED = ("p, whole cohort", "p, matched")


def table_one(
    rows: pd.DataFrame,
    balance: BalanceTable,
    cohort: Cohort,
    labels: Labels,
    published: bool = False,
    weighted: bool = False,
) -> TextTable:
    """One row per number, yes/no column or level of a factor.

    rows: as lib.balance.table1.table_one.  published: adds the p-values of the study's tests.
    weighted: as lib.words.names.arm_name.
    """
    arms = arm_heads(balance, cohort, weighted)
    spread = spread_by_row(balance)
    heads = ("Variable", *(head for _, head in arms), *DIFFERENCES, *(PUBLISHED if published else ()))
    made = []
    for row in rows.to_dict("records"):
        places = places_of(cohort, row)
        cells = (variable_cell(labels, row), *(arm_cell(row, arm, places) for arm, _ in arms))
        made.append((*cells, *difference_cells(row, spread), *(p_cells(row) if published else ())))
    return TextTable(
        TITLE,
        heads,
        tuple(made),
        (glossary.TABLE_ONE_FOOT,),
        "Table 1: baseline values by arm before and after matching, with standardised differences",
    )


def arm_heads(balance: BalanceTable, cohort: Cohort, weighted: bool = False) -> list[tuple[str, str]]:
    """The arms with their headings. When every eligible treated patient is matched the treated stand there once."""
    all_treated, all_control = int(cohort.eligible_treated.sum()), int((~cohort.eligible_treated).sum())
    after = [("matched_control", f"{arm_name('matched_control', weighted)} ({balance.n_control:,})")]
    before = [("whole_control", f"Whole control cohort ({all_control:,})")]
    if balance.n_treated == all_treated:
        return [("treated", f"Treated ({all_treated:,})"), *before, *after]
    return [
        ("whole_treated", f"All treated ({all_treated:,})"),
        *before,
        ("treated", f"Matched treated ({balance.n_treated:,})"),
        *after,
    ]


def spread_by_row(balance: BalanceTable) -> pd.DataFrame:
    """Variance ratio and KS by (covariate, level)."""
    keys = [(r.covariate, None if pd.isna(r.level) else r.level) for r in records(balance.every)]
    columns = ["variance_ratio_before", "variance_ratio_after", "ks_before", "ks_after"]
    return balance.every[columns].set_axis(pd.Index(keys, tupleize_cols=False))


def places_of(cohort: Cohort, row: dict) -> int:
    """Decimals of a number's values; 0 for counts."""
    column = cohort.eligible[row["column"]]
    return decimals(column.to_numpy(float)) if row["kind"] == "number" and is_numeric(column) else 0


def name_cell(labels: Labels, column: str) -> str:
    """A column in words, with its unit and normal values where they are known."""
    label = labels.column(column)
    return f"{label.with_unit}\nnormal {label.normal.replace('-', DASH)}" if label.normal else label.with_unit


def variable_cell(labels: Labels, row: dict) -> str:
    """The row's name; a yes/no column or a level says what is counted."""
    if row["kind"] == "number":
        return name_cell(labels, row["column"])
    return f"{labels.column(row['column']).name} = {row['level'] if row['kind'] == 'level' else 1}"


def arm_cell(row: dict, arm: str, places: int) -> str:
    """ "50 (43–58)" or "7 (87.5%)", n below."""
    n = row[f"n_{arm}"]
    if not n:
        return f"{DASH}\nn = 0"
    if row["kind"] == "number":
        median, p25, p75 = (row[f"{name}_{arm}"] for name in ("median", "p25", "p75"))
        return f"{median_quartiles(median, p25, p75, places)}\nn = {n:,}"
    return f"{count_percent(int(row[f'count_{arm}']), n)}\nn = {n:,}"


def difference_cells(row: dict, spread: pd.DataFrame) -> tuple[str, ...]:
    """SMD, variance ratio and KS, before → after; a dash where one does not exist."""
    level = None if pd.isna(row["level"]) else row["level"]
    found = spread.loc[[(row["column"], level)]].iloc[0]
    variance = found[["variance_ratio_before", "variance_ratio_after"]].astype(float)
    return (
        smd(row["smd_before"]) + ARROW + smd(row["smd_after"]),
        ARROW.join(map(ratio, variance)) if np.isfinite(variance).any() else DASH,
        ratio(found["ks_before"]) + ARROW + ratio(found["ks_after"]),
    )


def p_cells(row: dict) -> tuple[str, str]:
    """The study's own p-values, the matched one with its pairs."""
    return p_value(row["p_whole"]), f"{p_value(row['p_matched'])}\n{counted(int(row['n_pairs']), 'pair')}"
