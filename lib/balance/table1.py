"""Table 1: who the patients were at baseline, in each arm, before and after matching; the published study's layout."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..cohort import Cohort
from ..design import Comparison
from ..inference.binary_tests import mcnemar_pairs
from ..inference.continuous import summarise
from ..inference.fisher import fisher_exact
from ..inference.frame import Frame
from ..inference.ranks import kruskal_wallis, signed_rank_pairs
from ..inference.results import ARMS
from ..table import is_numeric, sorted_levels, text_as_objects, text_values
from .table import BalanceTable

STATISTICS = ("n", "median", "p25", "p75", "count", "percent")
COLUMNS = (
    "column",
    "level",
    "kind",
    "role",
    *(f"{statistic}_{arm}" for arm in ARMS for statistic in STATISTICS),
    "smd_before",
    "smd_after",
    "test_whole",
    "p_whole",
    "test_matched",
    "p_matched",
    "n_pairs",
)


@dataclass(frozen=True)
class _Setting:
    """What every row of the table shares. groups: rows of `eligible` per arm of ARMS. smd: by (column, level)."""

    cohort: Cohort
    frame: Frame
    groups: list[np.ndarray]
    smd: pd.DataFrame


def table_one(cohort: Cohort, sample: Comparison, balance: BalanceTable) -> pd.DataFrame:
    """DataFrame with COLUMNS, unrounded: covariates in the spec's order, then the described columns.

    A row is a number (kind "number": median, P25, P75 by R type 2), a 0/1 column ("yes/no": count and percent of 1) or
    a level of a factor ("level": count and percent). n is the patients of that arm with the value known: treated and
    matched_control are the matched patients, whole_* every eligible one, before any is dropped for a missing covariate.
    SMDs are those of the balance table. As published: p_whole by Kruskal-Wallis or Fisher,
    p_matched by signed rank or McNemar on n_pairs pairs in which the treated is repeated; a level is tested against all
    others. They are no measure of balance. NaN where a test does not exist.
    """
    frame = Frame.of(cohort.rows, sample)
    setting = _Setting(cohort, frame, frame.groups(cohort.eligible_treated), _smd(balance))
    rows = [
        row
        for role, names in (("covariate", cohort.columns.covariates), ("described", cohort.columns.described))
        for name in names
        for row in _rows_of(setting, name, role)
    ]
    return text_as_objects(pd.DataFrame(rows, columns=list(COLUMNS)))


def _smd(balance: BalanceTable) -> pd.DataFrame:
    every = balance.every
    keys = [(covariate, None if pd.isna(level) else level) for covariate, level in every[["covariate", "level"]].values]
    return every[["smd_before", "smd_after"]].set_axis(pd.Index(keys, tupleize_cols=False))


def _rows_of(setting: _Setting, name: str, role: str) -> list[dict]:
    """The rows of one column: one, or one per level."""
    column = setting.cohort.eligible[name]
    if not is_numeric(column) or name in setting.cohort.columns.categorical:
        texts = text_values(column)
        known = column.notna().to_numpy()
        return [
            _share_row(setting, name, level, np.where(known, (texts == level).astype(float), np.nan), role)
            for level in sorted_levels(column)
        ]
    values = column.to_numpy(dtype=float)
    if (np.isnan(values) | (values == 0) | (values == 1)).all():
        return [_share_row(setting, name, None, values, role)]
    return [_number_row(setting, name, values, role)]


def _number_row(setting: _Setting, name: str, values: np.ndarray, role: str) -> dict:
    row = _head(setting, name, None, "number", role)
    for arm, rows in zip(ARMS, setting.groups, strict=True):
        summary = summarise(values[rows])
        row |= {
            f"n_{arm}": summary.n,
            f"median_{arm}": summary.median,
            f"p25_{arm}": summary.p25,
            f"p75_{arm}": summary.p75,
        }
    known = ~np.isnan(values)
    whole = kruskal_wallis(values[known], setting.cohort.eligible_treated[known])
    analysed = values[setting.frame.rows]
    blocks = setting.frame.blocks(~np.isnan(analysed))
    return row | {
        "test_whole": "kruskal_wallis",
        "p_whole": whole.p_value,
        "test_matched": "wilcoxon_signed_rank_pairs",
        "p_matched": signed_rank_pairs(analysed, blocks).p_value,
        "n_pairs": blocks.n_pairs,
    }


def _share_row(setting: _Setting, name: str, level: str | None, hit: np.ndarray, role: str) -> dict:
    """A 0/1 column or one level. hit: float (N,) 1, 0 or NaN."""
    row = _head(setting, name, level, "yes/no" if level is None else "level", role)
    counts = {}
    for arm, rows in zip(ARMS, setting.groups, strict=True):
        n, count = int((~np.isnan(hit[rows])).sum()), int(np.nansum(hit[rows]))
        counts[arm] = (count, n)
        row |= {f"n_{arm}": n, f"count_{arm}": count, f"percent_{arm}": 100 * count / n if n else np.nan}
    analysed = hit[setting.frame.rows]
    blocks = setting.frame.blocks(~np.isnan(analysed))
    whole = fisher_exact(*counts["whole_treated"], *counts["whole_control"])
    return row | {
        "test_whole": "fisher_exact",
        "p_whole": whole,
        "test_matched": "mcnemar_pairs",
        "p_matched": mcnemar_pairs(analysed, blocks).p_value,
        "n_pairs": blocks.n_pairs,
    }


def _head(setting: _Setting, name: str, level: str | None, kind: str, role: str) -> dict:
    row = {"column": name, "level": level, "kind": kind, "role": role}
    key = (name, level)
    return row | (setting.smd.loc[[key]].iloc[0].to_dict() if key in setting.smd.index else {})
