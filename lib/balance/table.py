"""Balance: how alike the arms are, before and after matching, against one fixed denominator."""

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from ..cohort import Cohort
from ..design import Comparison
from ..inference.frame import Frame
from ..table import text_as_objects
from .rows import Row, covariate_rows, described_rows
from .statistics import (
    Distance,
    DistributionDistances,
    Moments,
    smd_denominator,
    standardized_difference,
    variance_ratio,
    weighted_moments,
)

NOT_JUDGED = "No covariate was given, so nobody can tell whether the groups are alike."
COLUMNS = (
    "covariate",
    "level",
    "binary",
    "mean_treated_before",
    "mean_control_before",
    "mean_treated_after",
    "mean_control_after",
    "sd",
    "smd_before",
    "smd_after",
    "variance_ratio_before",
    "variance_ratio_after",
    "ks_before",
    "ks_after",
    "ecdf_mean_before",
    "ecdf_mean_after",
)


@dataclass(frozen=True)
class BalanceTable:
    """rows: DataFrame with COLUMNS; level None for a number, one row for every level of a factor. Undefined is NaN or
    inf, never 0.  described: the same of the columns that were known before and not matched on.
    n_treated, n_control: matched; ess_*: effective sample sizes after matching."""

    rows: pd.DataFrame
    described: pd.DataFrame
    n_treated: int
    n_control: int
    ess_treated: float
    ess_control: float
    notes: tuple[str, ...] = ()

    @property
    def every(self) -> pd.DataFrame:
        """The rows of the covariates, then of the described columns."""
        parts = [part for part in (self.rows, self.described) if len(part)]
        return pd.concat(parts, ignore_index=True) if parts else self.rows


def balance_table(cohort: Cohort, sample: Comparison) -> BalanceTable:
    """Balance of every covariate before (all analysed patients) and after matching (with the matching weights), by the
    formulas of statistics.md section 1. Covariates are in their own units, also those logged for the score.

    A described column counts those of the analysed patients who have it, and after matching the sets that keep a
    treated patient and a control of them, with weights made anew as for an outcome."""
    arms = _Arms.of(sample.treated, sample.weights)
    rows = _frame(_row(row, arms) for row in covariate_rows(cohort))
    frame = Frame.of(cohort.rows, sample)
    described = _frame(_described(row, frame) for row in described_rows(cohort))
    return BalanceTable(
        rows=rows,
        described=described,
        n_treated=int((sample.matched & sample.treated).sum()),
        n_control=int((sample.matched & ~sample.treated).sum()),
        ess_treated=sample.effective_sample_size(True),
        ess_control=sample.effective_sample_size(False),
        notes=_notes(rows, described),
    )


def _frame(rows: Iterable[dict[str, object]]) -> pd.DataFrame:
    return text_as_objects(pd.DataFrame(list(rows), columns=list(COLUMNS)))


@dataclass(frozen=True)
class _Arms:
    """Rows and weights of either arm, prepared once.  treated, control: rows.  after_*: matching weights of those rows.
    matched: rows with a weight.  signed: their weights, the treated's summing to 1, the controls' to -1."""

    treated: np.ndarray
    control: np.ndarray
    after_treated: np.ndarray
    after_control: np.ndarray
    matched: np.ndarray
    signed: np.ndarray

    @classmethod
    def of(cls, arm: np.ndarray, weights: np.ndarray) -> "_Arms":
        """arm: bool (n,), who is treated.  weights: float (n,), after matching."""
        treated, control, matched = np.flatnonzero(arm), np.flatnonzero(~arm), np.flatnonzero(weights > 0)
        after1, after0 = weights[treated], weights[control]
        totals = np.where(arm[matched], after1.sum(), -after0.sum())
        return cls(treated, control, after1, after0, matched, weights[matched] / totals)


@dataclass(frozen=True)
class _Moment:
    """Both arms at one moment, before or after matching."""

    treated: Moments
    control: Moments


def _described(row: Row, frame: Frame) -> dict[str, object]:
    known = row.known
    arms = _Arms.of(frame.treated[known], frame.of_known(known).weights[known])
    if not len(arms.treated) or not len(arms.control):
        return {"covariate": row.covariate, "level": row.level, "binary": row.binary}
    return _row(replace(row, x=row.x[known]), arms)


def _row(row: Row, arms: _Arms) -> dict[str, object]:
    x, binary = row.x, row.binary
    x1, x0 = x[arms.treated], x[arms.control]
    before = _Moment(weighted_moments(x1, np.ones(len(x1)), binary), weighted_moments(x0, np.ones(len(x0)), binary))
    after = _Moment(weighted_moments(x1, arms.after_treated, binary), weighted_moments(x0, arms.after_control, binary))
    sd = smd_denominator(before.treated, before.control, len(x1), len(x0), binary)
    gaps = _gaps(before, after) if binary else _distances(x, x1, arms)
    return {
        "covariate": row.covariate,
        "level": row.level,
        "binary": binary,
        "sd": sd,
        **_columns(before, sd, binary, gaps[0], "before"),
        **_columns(after, sd, binary, gaps[1], "after"),
    }


def _distances(x: np.ndarray, x1: np.ndarray, arms: _Arms) -> list[Distance]:
    distances = DistributionDistances(x)
    compared = arms.after_treated.any() and arms.after_control.any()
    after = distances.weighted(x[arms.matched], arms.signed) if compared else Distance(math.nan, math.nan)
    return [distances.unweighted(x1), after]


def _gaps(*moments: _Moment) -> list[Distance]:
    """For a 0/1 covariate both distances are the difference in proportions."""
    shares = [abs(moment.treated.mean - moment.control.mean) for moment in moments]
    return [Distance(share, share) for share in shares]


def _columns(moment: _Moment, sd: float, binary: bool, gap: Distance, when: str) -> dict[str, float]:
    return {
        f"mean_treated_{when}": moment.treated.mean,
        f"mean_control_{when}": moment.control.mean,
        f"smd_{when}": standardized_difference(moment.treated, moment.control, sd),
        f"variance_ratio_{when}": variance_ratio(moment.treated, moment.control, binary),
        f"ks_{when}": gap.largest,
        f"ecdf_mean_{when}": gap.mean,
    }


def label(row: pd.Series) -> str:
    """A balance row in words: the covariate, and for a factor its level."""
    return str(row["covariate"]) if pd.isna(row["level"]) else f"{row['covariate']} ({row['level']})"


def mirrored(rows: pd.DataFrame) -> np.ndarray:
    """bool (r,): rows that say what another says, the first of a factor's two levels."""
    levels = rows.groupby("covariate", sort=False)["level"].transform("count").to_numpy(dtype=int)
    return (levels == 2) & ~rows["covariate"].duplicated().to_numpy()


def _notes(rows: pd.DataFrame, described: pd.DataFrame) -> tuple[str, ...]:
    listed = [row for part in (rows, described) for _, row in part.iterrows()]
    endless = [label(row) for row in listed if np.isinf([row["smd_before"], row["smd_after"]]).any()]
    unjudged = (NOT_JUDGED,) if rows.empty else ()
    if not endless:
        return unjudged
    return (
        *unjudged,
        f"{', '.join(endless)}: no patient varies within a group, yet the groups differ, so the standardized "
        "difference is infinite.",
    )
