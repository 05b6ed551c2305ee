"""Pass, look or fail: what a balance table and its lottery say together, and which rows stand out."""

import math
from dataclasses import dataclass
from typing import Literal

import pandas as pd
from scipy.special import fdtri

from .lottery import BalanceTest, Limits
from .table import BalanceTable, mirrored

ALIKE = 9  # decimals of a |SMD|: equal but for rounding
SMALL = 0.1  # |SMD| below this is taken as balanced (Austin 2009, Stat Med 28:3083)
SAME = 1 + 1e-9  # a difference is above a limit beyond float error: the order of the rows changes no verdict
SPREAD = 2.0  # variance ratios between 1/2 and 2 are taken as alike (Rubin 2001, HSORM 2:169)

Level = Literal["pass", "look", "fail"]


@dataclass(frozen=True)
class Verdict:
    """level: fail where a covariate differs by more than SMALL and by more than a lottery would leave; look where a row
    of Table 1 differs by more than SMALL, spreads are unlike, or there is no covariate to judge by; else pass.

    Rows of the balance table with `size` (|SMD|), `limit` (of a lottery) and `beyond` it, largest first:
    outside: above SMALL and beyond.  above: above SMALL and not beyond.  slight: beyond and not above SMALL.
    described: of the described columns (known before, not matched on) those above SMALL; unknown: those that no
    comparison knows.  Of a factor of two levels the last stands for both.
    unlike: covariates whose spread differs, in the table's order.
    """

    level: Level
    outside: pd.DataFrame
    above: pd.DataFrame
    slight: pd.DataFrame
    described: pd.DataFrame
    unknown: pd.DataFrame
    unlike: pd.DataFrame


def balance_verdict(table: BalanceTable, test: BalanceTest) -> Verdict:
    """Judge the matched sample by its differences beside a lottery's, never by a covariate's p-value (Imai, King and
    Stuart 2008). In a randomised cohort at most 5% fail: all covariates stay within their limits at once in 95% of
    deals. Described columns can make it a look, never a fail."""
    rows, described = _judged(table.rows, test.covariates), _judged(table.described, test.described)
    large, beyond = rows["size"] > SMALL * SAME, rows["beyond"]
    noted = described[described["size"] > SMALL * SAME]
    unlike = table.rows[[_unlike_spread(ratio, table) for ratio in table.rows["variance_ratio_after"]]]
    doubtful = rows.empty or large.any() or len(noted) or len(unlike)
    return Verdict(
        level="fail" if (large & beyond).any() else "look" if doubtful else "pass",
        outside=rows[large & beyond],
        above=rows[large & ~beyond],
        slight=rows[~large & beyond],
        described=noted,
        unknown=described[described["size"].isna()],
        unlike=unlike,
    )


def _judged(rows: pd.DataFrame, limits: Limits) -> pd.DataFrame:
    """Rows with size, limit and beyond, largest first, equal ones by name: no order of columns decides."""
    size = rows["smd_after"].astype(float).abs()
    made = rows.assign(size=size, limit=limits.smd, beyond=limits.beyond)[~mirrored(rows)]
    named = made.assign(near=-made["size"].round(ALIKE), text=made["level"].astype(str))
    return made.loc[named.sort_values(["near", "covariate", "text"], kind="stable").index]


def _unlike_spread(ratio: float, table: BalanceTable) -> bool:
    """Outside 1/2 to 2, and outside what chance gives two samples of this size (95% range of F)."""
    if math.isnan(ratio) or ratio * SAME >= 1 / SPREAD and ratio <= SPREAD * SAME:
        return False
    if math.isinf(ratio):
        return True
    low, high = fdtri(table.ess_treated - 1, table.ess_control - 1, [0.025, 0.975])
    return bool(ratio * SAME < low or ratio > high * SAME)
