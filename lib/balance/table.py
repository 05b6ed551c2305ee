"""Balance: how alike the arms are, before and after matching, against one fixed denominator."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..cohort import Cohort
from ..design import Comparison
from ..table import text_as_objects
from .statistics import (
    Distance,
    DistributionDistances,
    Moments,
    chance_band,
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
    inf, never 0.  chance_band: the |SMD| that pure randomisation stays under 95% of the time with this many patients.
    n_treated, n_control: matched; ess_*: effective sample sizes after matching."""

    rows: pd.DataFrame
    chance_band: float
    n_treated: int
    n_control: int
    ess_treated: float
    ess_control: float
    notes: tuple[str, ...] = ()


def balance_table(cohort: Cohort, sample: Comparison) -> BalanceTable:
    """Balance of every covariate before (all analysed patients) and after matching (with the matching weights), by the
    formulas of statistics.md section 1. Covariates are in their own units, also those logged for the score. The chance
    band counts controls by their effective sample size, which is their number when all weigh the same."""
    arms = _Arms.of(sample)
    listed = pd.DataFrame(
        [row for name in cohort.covariates.columns for row in _rows_of(cohort.covariates[name], arms)],
        columns=list(COLUMNS),
    )
    rows = text_as_objects(listed)
    ess_treated, ess_control = sample.effective_sample_size(True), sample.effective_sample_size(False)
    return BalanceTable(
        rows=rows,
        chance_band=chance_band(ess_treated, ess_control),
        n_treated=int((sample.matched & sample.treated).sum()),
        n_control=int((sample.matched & ~sample.treated).sum()),
        ess_treated=ess_treated,
        ess_control=ess_control,
        notes=_notes(rows),
    )


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
    def of(cls, sample: Comparison) -> "_Arms":
        treated, control = np.flatnonzero(sample.treated), np.flatnonzero(~sample.treated)
        after1, after0 = sample.weights[treated], sample.weights[control]
        matched = np.flatnonzero(sample.matched)
        totals = np.where(sample.treated[matched], after1.sum(), -after0.sum())
        return cls(treated, control, after1, after0, matched, sample.weights[matched] / totals)


@dataclass(frozen=True)
class _Moment:
    """Both arms at one moment, before or after matching."""

    treated: Moments
    control: Moments


def _rows_of(column: pd.Series, arms: _Arms) -> Iterator[dict[str, object]]:
    if not isinstance(column.dtype, pd.CategoricalDtype):
        yield _row(str(column.name), None, column.to_numpy(dtype=float), arms)
        return
    codes = column.cat.codes.to_numpy()
    for code, level in enumerate(column.cat.categories):
        yield _row(str(column.name), str(level), (codes == code).astype(float), arms)


def _row(name: str, level: str | None, x: np.ndarray, arms: _Arms) -> dict[str, object]:
    binary = level is not None or bool(((x == 0) | (x == 1)).all())
    x1, x0 = x[arms.treated], x[arms.control]
    before = _Moment(weighted_moments(x1, np.ones(len(x1)), binary), weighted_moments(x0, np.ones(len(x0)), binary))
    after = _Moment(weighted_moments(x1, arms.after_treated, binary), weighted_moments(x0, arms.after_control, binary))
    sd = smd_denominator(before.treated, before.control, len(x1), len(x0), binary)
    gaps = _gaps(before, after) if binary else _distances(x, x1, arms)
    return {
        "covariate": name,
        "level": level,
        "binary": binary,
        "sd": sd,
        **_columns(before, sd, binary, gaps[0], "before"),
        **_columns(after, sd, binary, gaps[1], "after"),
    }


def _distances(x: np.ndarray, x1: np.ndarray, arms: _Arms) -> list[Distance]:
    distances = DistributionDistances(x)
    return [distances.unweighted(x1), distances.weighted(x[arms.matched], arms.signed)]


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
    return str(row["covariate"]) if row["level"] is None else f"{row['covariate']} ({row['level']})"


def _notes(rows: pd.DataFrame) -> tuple[str, ...]:
    if rows.empty:
        return (NOT_JUDGED,)
    endless = [label(row) for _, row in rows.iterrows() if np.isinf([row["smd_before"], row["smd_after"]]).any()]
    if not endless:
        return ()
    return (
        f"{', '.join(endless)}: no patient varies within a group, yet the groups differ, so the standardized "
        "difference is infinite.",
    )
