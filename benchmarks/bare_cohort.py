"""A cohort that is nothing but its arms and outcomes, for simulations that bring their own sets."""

import numpy as np
import pandas as pd

from lib.cohort import Cohort
from lib.spec import Columns, Outcome


def bare_cohort(treated: np.ndarray, outcome: Outcome, columns: dict[str, np.ndarray]) -> Cohort:
    """Every patient eligible and analysed, without covariates.  treated: bool (n,).  columns: of the outcome."""
    n, nothing = len(treated), pd.DataFrame(index=range(len(treated)))
    return Cohort(
        eligible=nothing,
        eligible_treated=treated,
        rows=np.arange(n),
        covariates=nothing,
        covariate_matrix=nothing,
        matching_columns=nothing,
        outcomes=pd.DataFrame(columns),
        person_id=np.arange(n).astype(str).astype(object),
        attrition=(),
        columns=Columns(treatment="arm"),
        outcome_specs=(outcome,),
        treated_label="1",
        control_label="0",
    )
