"""Table 1 as cells of text: medians or counts with their n in each arm, differences before and after, p on request."""

import numpy as np
import pandas as pd

from lib.balance import BalanceTable
from lib.cohort import Cohort
from lib.table import is_numeric
from lib.words import DASH, counted, p_value
from pages.ui.cohort.codebook import Codebook
from pages.ui.format import count_percent, decimals, median_quartiles, ratio, smd

ARROW = "\u00a0→ "  # a line may break after the arrow, never before it


def table_one_cells(
    rows: pd.DataFrame, balance: BalanceTable, cohort: Cohort, codebook: Codebook, published: bool
) -> pd.DataFrame:
    """One row per number, yes/no column or level of a factor.

    rows: as lib.balance.table1.table_one.  published: adds the p-values of the study's tests.
    """
    arms = arm_heads(rows, balance, cohort)
    spread = spread_by_row(balance)
    made = []
    for row in rows.to_dict("records"):
        places = places_of(cohort, row)
        cells = {"Variable": variable_cell(codebook, row)}
        cells |= {head: arm_cell(row, arm, places) for arm, head in arms}
        cells |= difference_cells(row, spread)
        made.append(cells | (p_cells(row) if published else {}))
    return pd.DataFrame(made)


def arm_heads(rows: pd.DataFrame, balance: BalanceTable, cohort: Cohort) -> list[tuple[str, str]]:
    """The arms with their headings. When every eligible treated patient is matched the treated stand there once."""
    all_treated, all_control = int(cohort.eligible_treated.sum()), int((~cohort.eligible_treated).sum())
    after = [("matched_control", f"Matched controls ({balance.n_control:,})")]
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
    keys = [(r.covariate, None if pd.isna(r.level) else r.level) for r in balance.rows.itertuples()]
    columns = ["variance_ratio_before", "variance_ratio_after", "ks_before", "ks_after"]
    return balance.rows[columns].set_axis(pd.Index(keys, tupleize_cols=False))


def places_of(cohort: Cohort, row: dict) -> int:
    """Decimals of a number's values; 0 for counts."""
    column = cohort.eligible[row["column"]]
    return decimals(column.to_numpy(float)) if row["kind"] == "number" and is_numeric(column) else 0


def name_cell(codebook: Codebook, column: str) -> str:
    """A column in words, with its unit and normal values where they are known."""
    entry = codebook.column(column)
    return f"{entry.with_unit}\nnormal {entry.normal.replace('-', DASH)}" if entry.normal else entry.with_unit


def variable_cell(codebook: Codebook, row: dict) -> str:
    """The row's name; a yes/no column or a level says what is counted."""
    if row["kind"] == "number":
        return name_cell(codebook, row["column"])
    return f"{codebook.column(row['column']).label} = {row['level'] if row['kind'] == 'level' else 1}"


def arm_cell(row: dict, arm: str, places: int) -> str:
    """ "50 (43–58)" or "7 (87.5%)", n below."""
    n = row[f"n_{arm}"]
    if not n:
        return f"{DASH}\nn = 0"
    if row["kind"] == "number":
        return f"{median_quartiles(*(row[f'{q}_{arm}'] for q in ('median', 'p25', 'p75')), places)}\nn = {n:,}"
    return f"{count_percent(int(row[f'count_{arm}']), n)}\nn = {n:,}"


def difference_cells(row: dict, spread: pd.DataFrame) -> dict[str, str]:
    """SMD, variance ratio and KS, before → after; a dash for a column that is only described."""
    level = None if pd.isna(row["level"]) else row["level"]
    if (row["column"], level) not in spread.index or "smd_before" not in row:
        return dict.fromkeys(("SMD", "Variance ratio", "KS"), DASH)
    found = spread.loc[[(row["column"], level)]].iloc[0]
    variance = found[["variance_ratio_before", "variance_ratio_after"]].astype(float)
    return {
        "SMD": smd(row["smd_before"]) + ARROW + smd(row["smd_after"]),
        "Variance ratio": ARROW.join(map(ratio, variance)) if np.isfinite(variance).any() else DASH,
        "KS": ratio(found["ks_before"]) + ARROW + ratio(found["ks_after"]),
    }


def p_cells(row: dict) -> dict[str, str]:
    """The study's own p-values, the matched one with its pairs."""
    return {
        "p, whole cohort": p_value(row["p_whole"]),
        "p, matched": f"{p_value(row['p_matched'])}\n{counted(int(row['n_pairs']), 'pair')}",
    }
