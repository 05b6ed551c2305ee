"""Tables of a deck: short cells, one number a cell, split over as many slides as they need."""

from dataclasses import replace

import pandas as pd

from ..inference.results import OutcomeResult
from ..steps import Steps
from ..words import deck as words
from ..words.labels import Labels
from ..words.names import arm_name
from ..words.numbers import DASH
from ..words.outcomes import name_of, places_of, seen_in
from ..words.table_one import table_one
from ..words.tables import TextTable, numbers_right, row_kinds, without

DETAILS = ("Variance ratio", "KS")
BEFORE = ("All treated", "Whole control cohort")


def first_table(steps: Steps, labels: Labels) -> TextTable:
    """Table 1 without the details: the arms compared, and the SMD before and after."""
    weighted = not steps.comparison.n_sets
    table = table_one(_once(steps.table_one), steps.balance, steps.cohort, labels, False, weighted)
    heads = [head for head in table.heads if head in DETAILS or head.startswith(BEFORE)]
    for head in heads:
        table = without(table, head)
    sizes = {f"n = {_n_of(head)}" for head in table.heads}
    rows = tuple(tuple(_one_line(cell, sizes) for cell in row) for row in table.rows)
    foot = (words.table_one_foot(words.reweighted(steps.comparison)),)
    return replace(table, rows=rows, footnotes=foot, align=numbers_right(len(table.heads)))


def _once(rows: pd.DataFrame) -> pd.DataFrame:
    """Of a factor of two levels the last stands for both."""
    of_level = rows["kind"] == "level"
    levels = rows.groupby("column", sort=False)["kind"].transform("size")
    first = ~rows.duplicated("column")
    return rows[~(of_level & (levels == 2) & first)]


def _n_of(head: str) -> str:
    """The n that a head ends with: "Treated (8)" has "8"."""
    return head.rpartition("(")[2].rstrip(")")


def _one_line(cell: str, sizes: set[str]) -> str:
    """The cell with its n where that is not the n of the head, and without any other small print."""
    first, *rest = cell.split("\n")
    own = [line for line in rest if line.startswith("n = ") and line not in sizes]
    return f"{first}, {own[0]}" if own and own[0] != "n = 0" else first


def second_table(steps: Steps, labels: Labels) -> TextTable:
    """Table 2 with the effect and the p to quote; the primary outcome first."""
    comparison = steps.comparison
    outcomes = sorted(steps.outcomes, key=lambda one: not one.primary)
    weighted = any(outcome.weighted for outcome in outcomes)
    heads = (
        "Outcome",
        f"Treated ({comparison.n_matched(True):,})",
        f"{arm_name('matched_control', weighted)} ({comparison.n_matched(False):,})",
        "Difference (95%)",
        "p by set" if comparison.by_set else "p",
    )
    rows = tuple(_second_row(outcome, labels, steps) for outcome in outcomes)
    kinds = row_kinds(outcome.primary for outcome in outcomes)
    title = "Table 2: outcomes"
    return TextTable(
        title,
        heads,
        rows,
        (words.table_two_foot(words.reweighted(comparison)),),
        f"{title} by arm with effect and p",
        numbers_right(5),
        kinds,
    )


def _second_row(outcome: OutcomeResult, labels: Labels, steps: Steps) -> tuple[str, ...]:
    places, comparison = places_of(outcome), steps.comparison
    arms = (("treated", True), ("matched_control", False))
    cells = [_with_n(seen_in(outcome, arm, places), comparison.n_matched(side)) for arm, side in arms]
    return (name_of(outcome, labels), *cells, words.effect_short(outcome), words.p_short(outcome))


def _with_n(cell: str, n: int) -> str:
    """The cell's first line; where another number of patients is known, also that."""
    first, *rest = cell.split("\n")
    known = next((line.rpartition("n = ")[2] for line in rest if "n = " in line), f"{n:,}")
    return first if known == f"{n:,}" or first == DASH else f"{first}, n = {known}"
