"""Small cohorts made in code, for tests of the stages behind the gate."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from lib.cohort import AttritionStep, Cohort
from lib.design import Comparison, Overlapping, Sets
from lib.design.comparison import OUTSIDE_CALIPER, set_weights
from lib.score.propensity import PropensityModel
from lib.spec import Columns


def make_cohort(
    covariates: pd.DataFrame, treated: Sequence[bool], matching: Sequence[str] = (), extra: pd.DataFrame | None = None
) -> Cohort:
    """A Cohort of complete rows. Text (object) columns are factors. `matching` names the columns of `covariates` or
    `extra` that exact matching or a covariate caliper will use."""
    everything = covariates if extra is None else pd.concat([covariates, extra], axis=1)
    typed = pd.DataFrame({name: _typed(covariates[name]) for name in covariates.columns}, index=covariates.index)
    arm = np.asarray(treated, dtype=bool)
    return Cohort(
        eligible=everything,
        eligible_treated=arm,
        rows=np.arange(len(arm)),
        covariates=typed,
        covariate_matrix=make_design(typed),
        matching_columns=everything[list(matching)],
        outcomes=pd.DataFrame(index=everything.index),
        person_id=np.array([str(i) for i in range(len(arm))], dtype=object),
        attrition=(AttritionStep("analysed", int(arm.sum()), int((~arm).sum())),),
        columns=Columns(treatment="t", covariates=tuple(covariates.columns)),
        outcome_specs=(),
        treated_label="1",
        control_label="0",
    )


def make_design(covariates: pd.DataFrame) -> pd.DataFrame:
    """Numbers as they are, factors as 0/1 columns for every level but the first."""
    columns: dict[str, np.ndarray] = {}
    for name in covariates.columns:
        column = covariates[name]
        if isinstance(column.dtype, pd.CategoricalDtype):
            for level in column.cat.categories[1:]:
                columns[f"{name}{level}"] = (column == level).to_numpy(dtype=float)
        else:
            columns[name] = column.to_numpy(dtype=float)
    return pd.DataFrame(columns, index=covariates.index)


def _typed(column: pd.Series) -> pd.Series:
    if not pd.api.types.is_numeric_dtype(column.dtype):
        return pd.Series(pd.Categorical(column, categories=sorted(column.unique())), index=column.index)
    return column.astype(float)


def make_score(distance: Sequence[float]) -> PropensityModel:
    """A propensity model that has exactly these distances, whatever the covariates say."""
    logit = np.asarray(distance, dtype=float)
    nothing = np.empty(0)
    return PropensityModel(
        score=1 / (1 + np.exp(-logit)),
        distance=logit,
        scale="logit",
        model="logit",
        names=(),
        coefficients=nothing,
        standard_errors=nothing,
        converged=True,
        iterations=0,
        separation=(),
        events_per_variable=np.inf,
        c_statistic=np.nan,
    )


def cohort_on_a_line(treated: Sequence[bool], extra: pd.DataFrame | None = None) -> Cohort:
    """A cohort for tests that bring their own distances: one idle covariate, and the columns of `extra` to match on."""
    idle = pd.DataFrame({"idle": np.arange(len(treated), dtype=float)})
    return make_cohort(idle, treated, () if extra is None else tuple(extra.columns), extra)


def comparison_of(
    membership: np.ndarray,
    treated: np.ndarray,
    distance: np.ndarray | None = None,
    overlapping: bool = False,
    lost: Sequence[int] = (),
    caliper_width: float = float("nan"),
) -> Comparison:
    """A comparison whose sets are written down. membership: int (m, 2) [row, set].  lost: rows of treated patients."""
    n = len(treated)
    units = (Overlapping if overlapping else Sets)(np.asarray(membership), treated)
    return Comparison(
        units=units,
        weights=set_weights(units),
        distance=np.full(n, np.nan) if distance is None else distance,
        discarded=np.zeros(n, dtype=bool),
        losses=pd.DataFrame({"row": list(lost), "reason": [OUTSIDE_CALIPER] * len(lost)}),
        caliper_width=caliper_width,
    )
