"""Balance: how alike the arms are, before and after matching, against one fixed denominator."""

from dataclasses import dataclass

import pandas as pd

from lib.cohort import Cohort
from lib.matching.sample import MatchedSample

COLUMNS = ("covariate", "level", "binary",
           "mean_treated_before", "mean_control_before", "mean_treated_after", "mean_control_after", "sd",
           "smd_before", "smd_after", "variance_ratio_before", "variance_ratio_after",
           "ks_before", "ks_after", "ecdf_mean_before", "ecdf_mean_after")


@dataclass(frozen=True)
class BalanceTable:
    """rows: DataFrame with COLUMNS; level None for a number, one row for every level of a factor. Undefined is NaN or inf,
    never 0.  chance_band: the |SMD| that pure randomisation stays under 95% of the time with this many patients.
    n_treated, n_control: matched; ess_*: effective sample sizes after matching."""

    rows: pd.DataFrame
    chance_band: float
    n_treated: int
    n_control: int
    ess_treated: float
    ess_control: float
    notes: tuple[str, ...] = ()


def balance_table(cohort: Cohort, sample: MatchedSample) -> BalanceTable:
    """Balance of every covariate before and after matching."""
    raise NotImplementedError
