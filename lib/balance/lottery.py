"""Whether the arms differ by more than a lottery would leave: each row's limit, the largest difference, and d2."""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from ..cohort import Cohort
from ..design import Comparison
from ..inference.frame import Frame
from .moves import SAME, Deals, Reference, deals_among_all, deals_in_sets, tail
from .rows import Row, covariate_rows, described_rows
from .table import BalanceTable

ALPHA = 0.05  # of randomised cohorts the largest difference may be beyond its limit in so many
Lots = Literal["set", "sets", "all"]


@dataclass(frozen=True)
class Limits:
    """Of the rows of a table.  smd: float (r,), the largest |SMD| that a lottery stays within; 0 where no deal changes
    the difference, infinite where nobody varies within the arms, NaN where nothing can be dealt.  beyond: bool (r,)."""

    smd: np.ndarray
    beyond: np.ndarray


@dataclass(frozen=True)
class BalanceTest:
    """The matched arms beside those that dealing the labels by lot would have made.

    covariates: their limits, those of the largest of them all in 95% of deals: all rows stay within them at once.
    described: limits of the described columns, at 95% for all of them together (Bonferroni: each column has its own
        patients, so its own deals).
    lots: what is dealt: the one treated patient of each set, the treated of each set, or the labels among all.
    worst: the row with the largest difference in units of its SD under the deals, the first of several as large; None
        where there is no row.
    largest_smd: its |SMD|.  p_value: the share of deals whose largest difference is at least as large, in (0, 1].
    omnibus, omnibus_df, omnibus_p: d2 of all rows at once (Hansen and Bowers 2008), how many rows others do not
        determine, and the share of deals that reach it; NaN where no deal changes anything.
    how: whether every deal was looked at, or DRAWS drawn, or as many normal differences; "none" without a row.
    telling: whether any deal at all is beyond the limit; never with one set.
    """

    covariates: Limits
    described: Limits
    lots: Lots
    worst: int | None = None
    largest_smd: float = math.nan
    p_value: float = math.nan
    omnibus: float = math.nan
    omnibus_df: int = 0
    omnibus_p: float = math.nan
    how: Literal["every", "drawn", "normal", "none"] = "none"
    telling: bool = False


def balance_test(cohort: Cohort, sample: Comparison, balance: BalanceTable, seed: int) -> BalanceTest:
    """Hold a balance table against a lottery (statistics.md section 3).  seed: of the deals where they are drawn."""
    frame = Frame.of(cohort.rows, sample)
    described = _described(cohort, frame, balance.described, seed)
    rows = list(covariate_rows(cohort))
    deals = _deals(rows, frame) if rows else None
    if deals is None:
        return BalanceTest(_nothing(balance.rows), described, _lots(sample))
    reference = deals.reference(seed)
    size = np.abs(deals.observed)
    worst = int((size >= size.max() * (1 - SAME)).argmax())  # the first of several that are as large
    together = float(deals.together(deals.observed))
    return BalanceTest(
        covariates=_limits(deals, reference, balance.rows, ALPHA),
        described=described,
        lots=_lots(sample),
        worst=worst,
        largest_smd=abs(float(balance.rows["smd_after"].iloc[worst])),
        p_value=tail(reference.worst, reference.chance, float(size[worst])),
        omnibus=together if deals.rank else math.nan,
        omnibus_df=deals.rank,
        omnibus_p=tail(reference.together, reference.chance, together) if deals.rank else math.nan,
        how=reference.how,
        telling=reference.telling(ALPHA),
    )


def with_limits(rows: pd.DataFrame, limits: Limits) -> pd.DataFrame:
    """Rows of a balance table with `smd_limit`, as the files have them."""
    return rows.assign(smd_limit=limits.smd)


def _lots(sample: Comparison) -> Lots:
    if not sample.by_set:
        return "all"
    return "set" if sample.units.one_treated else "sets"


def _described(cohort: Cohort, frame: Frame, table: pd.DataFrame, seed: int) -> Limits:
    """Column by column, each over those who have it."""
    by_column: dict[str, list[Row]] = {}
    for row in described_rows(cohort):
        by_column.setdefault(row.covariate, []).append(row)
    made = [_nothing(table.iloc[:0])]
    for name, rows in by_column.items():
        own, deals = table[table["covariate"] == name], _deals(rows, frame)
        if deals is None:
            made.append(_nothing(own))
        else:
            made.append(_limits(deals, deals.reference(seed), own, ALPHA / len(by_column)))
    return Limits(np.concatenate([one.smd for one in made]), np.concatenate([one.beyond for one in made]))


def _nothing(table: pd.DataFrame) -> Limits:
    return Limits(np.full(len(table), math.nan), np.zeros(len(table), dtype=bool))


def _limits(deals: Deals, reference: Reference, table: pd.DataFrame, alpha: float) -> Limits:
    """The limit of the largest difference in every row's own SMD."""
    limit, sd = reference.limit(alpha), table["sd"].to_numpy(dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):
        smd = np.where(deals.sd > 0, limit * deals.sd / sd, 0.0)
    return Limits(smd, np.abs(deals.observed) > limit)


def _deals(rows: list[Row], frame: Frame) -> Deals | None:
    """Rows of one column, or of columns that everybody has; None where nobody is compared."""
    known = rows[0].known
    if frame.by_set:
        blocks = frame.blocks(known)
        return deals_in_sets(_matrix(rows, blocks.row), blocks) if blocks.n_sets else None
    used = frame.of_known(known)
    at = np.flatnonzero(used.weights)
    arm, weights = used.treated[at], used.weights[at]
    if not arm.any() or arm.all():
        return None
    shares = np.where(arm, weights / weights[arm].sum(), -weights / weights[~arm].sum())
    return deals_among_all(_matrix(rows, at), shares)


def _matrix(rows: list[Row], at: np.ndarray) -> np.ndarray:
    """float (m, k): the rows of some patients."""
    return np.column_stack([row.x[at] for row in rows])
