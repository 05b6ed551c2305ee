"""Cohort: the checked table. Data are checked here once; below this gate arrays are trusted."""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd

from ..spec import Columns, Outcome

MISSING_COLUMNS = ("column", "treated", "control")


@dataclass(frozen=True)
class AttritionStep:
    """Patients left after one step, by arm. `unknown` counts rows of neither arm (treatment missing, or a third value
    that a later eligibility rule removes)."""

    step: str
    treated: int
    control: int
    unknown: int = 0


@dataclass(frozen=True)
class Cohort:
    """One checked cohort.  N eligible patients, n of them analysed (complete covariates), k columns in the covariate
    matrix.

    eligible: DataFrame (N, all columns of the file), in file order.
    eligible_treated: bool (N,).
    rows: int (n,), positions in `eligible` of the analysed patients, ascending.
    covariates: DataFrame (n, p), float64 for numbers (own units, never logged), ordered pandas Categorical of text
        levels for factors (categories in code-point order; the first is the reference).
    covariate_matrix: DataFrame (n, k) float64, what the propensity model sees: `log` covariates logged under their own
        name, a factor as 0/1 columns named columnLEVEL for every level but the first.
    matching_columns: DataFrame (n, .), the exact (text levels) and covariate-caliper (float) columns; for sets made
        elsewhere the set column (text labels, None for patients in no set).
    outcomes: DataFrame (N, .), a column per binary (0/1/NaN) or continuous (float) outcome under its `name`, and for
        survival `name.time` and `name.event` (0 censored, 1 the event, 2.. its competing events in the spec's order);
        `name.baseline` where an outcome names its baseline column.
    person_id: object (n,) text ids (row numbers, 1 for the first patient in the file, when the spec has no id column).
    landmark: the day from which survival times count; None: from time zero, as in the file.
    missing_by_covariate: DataFrame [column, treated, control], a row per covariate: eligible patients who lack it.
    """

    eligible: pd.DataFrame
    eligible_treated: np.ndarray
    rows: np.ndarray
    covariates: pd.DataFrame
    covariate_matrix: pd.DataFrame
    matching_columns: pd.DataFrame
    outcomes: pd.DataFrame
    person_id: np.ndarray
    attrition: tuple[AttritionStep, ...]
    columns: Columns
    outcome_specs: tuple[Outcome, ...]
    treated_label: str
    control_label: str
    notes: tuple[str, ...] = ()
    landmark: float | None = None
    missing_by_covariate: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(MISSING_COLUMNS)))

    @cached_property
    def treated(self) -> np.ndarray:
        """bool (n,): the arm of each analysed patient."""
        return self.eligible_treated[self.rows]

    @property
    def n(self) -> int:
        """Analysed patients."""
        return len(self.rows)
