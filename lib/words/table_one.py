"""Table 1 as text: medians or counts with their n in each arm, differences before and after, p on request."""

import pandas as pd

from ..balance import BalanceTable
from ..cohort import Cohort
from ..table import is_numeric
from . import glossary
from .labels import Labels
from .names import arm_name
from .numbers import DASH, count_percent, counted, decimals, median_quartiles, p_value, smd
from .tables import TextTable, numbers_right

TITLE = "Table 1: who the patients were"
ARROW = "\u00a0→ "  # a line may break after the arrow, never before it
DIFFERENCES = ("Difference before (SMD)", "Difference after (SMD)")
FOOT = (
    "Median (P25–P75) or number (%). Difference: treated minus controls, in standard deviations of the treated before "
    "matching (SMD); beyond ±0.1 is usually called a difference. n stands in a cell where it is not the one of the "
    "heading."
)
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
    matched, others = arms[:2], arms[2:]
    heads = (
        "Variable",
        *(head for _, head, _ in matched),
        *DIFFERENCES,
        *(head for _, head, _ in others),
        *(PUBLISHED if published else ()),
    )
    made = []
    for row in rows.to_dict("records"):
        places = places_of(cohort, row)
        first, last = ([arm_cell(row, arm, places, n) for arm, _, n in part] for part in (matched, others))
        differences = (smd(row["smd_before"]), smd(row["smd_after"]))
        p = p_cells(row) if published else ()
        made.append((variable_cell(labels, row), *first, *differences, *last, *p))
    return TextTable(
        TITLE,
        heads,
        tuple(made),
        (FOOT, glossary.TABLE_ONE_FOOT),
        "Table 1: baseline values by arm before and after matching, with standardised differences",
        numbers_right(len(heads)),
    )


def arm_heads(balance: BalanceTable, cohort: Cohort, weighted: bool = False) -> list[tuple[str, str, int]]:
    """The arms with headings and n, the two that are compared first. Where every eligible treated is matched they stand
    once."""
    all_treated, all_control = int(cohort.eligible_treated.sum()), int((~cohort.eligible_treated).sum())
    controls = arm_name("matched_control", weighted)
    after = [("matched_control", f"{controls} (n\u00a0=\u00a0{balance.n_control:,})", balance.n_control)]
    before = [("whole_control", f"Whole control cohort (n\u00a0=\u00a0{all_control:,})", all_control)]
    if balance.n_treated == all_treated:
        return [("treated", f"Treated (n\u00a0=\u00a0{all_treated:,})", all_treated), *after, *before]
    return [
        ("treated", f"Matched treated (n\u00a0=\u00a0{balance.n_treated:,})", balance.n_treated),
        *after,
        ("whole_treated", f"All treated (n\u00a0=\u00a0{all_treated:,})", all_treated),
        *before,
    ]


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


def arm_cell(row: dict, arm: str, places: int, expected: int) -> str:
    """ "50 (43–58)" or "7 (87.5%)"; n below where it is not the one of the heading.  expected: that n."""
    n = int(row[f"n_{arm}"])
    if not n:
        return f"{DASH}\nn = 0"
    small = "" if n == expected else f"\nn = {n:,}"
    if row["kind"] == "number":
        median, p25, p75 = (row[f"{name}_{arm}"] for name in ("median", "p25", "p75"))
        return f"{median_quartiles(median, p25, p75, places)}{small}"
    return f"{count_percent(int(row[f'count_{arm}']), n)}{small}"


def p_cells(row: dict) -> tuple[str, str]:
    """The study's own p-values, the matched one with its pairs."""
    return p_value(row["p_whole"]), f"{p_value(row['p_matched'])}\n{counted(int(row['n_pairs']), 'pair')}"
