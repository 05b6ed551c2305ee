"""Small cohorts and matched samples made by hand, without the gate or a match."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from lib.cohort import Cohort
from lib.design import Comparison
from lib.inference.sets import Blocks, complete_sets
from lib.spec import Columns, Outcome
from tests.builders import comparison_of


@dataclass(frozen=True)
class Sets:
    """Rows as matched_sets.json of tests/oracle/data lists them: set id, treated, and one array per outcome column."""

    set_id: np.ndarray
    treated: np.ndarray

    def blocks(self, known: np.ndarray | None = None) -> Blocks:
        """The complete sets among the known rows."""
        row = np.arange(len(self.set_id)) if known is None else np.flatnonzero(known)
        return complete_sets(row, self.set_id[row], self.treated[row])


def sets_of(set_id: list[int], z: list[int]) -> Sets:
    """From the plain lists of a fixture."""
    return Sets(np.array(set_id), np.array(z) == 1)


def sets_of_pairs(case: np.ndarray, control: np.ndarray) -> Blocks:
    """The sets behind a list of pairs in which a treated patient is repeated: all pairs of one patient are one set.

    case, control: int (p,), rows of the treated patient and the control of each pair.
    """
    row = np.concatenate([case, control])
    treated = np.arange(len(row)) < len(case)
    return complete_sets(row, np.concatenate([case, case]), treated)


def even_sets(n_sets: int, controls: int) -> Sets:
    """n_sets sets of one treated patient, first, and `controls` controls."""
    return Sets(np.repeat(np.arange(n_sets), controls + 1), np.tile(np.arange(controls + 1) == 0, n_sets))


def deaths_per_set(control_deaths: list[int], controls: int = 3) -> np.ndarray:
    """0/1 events of even sets in which no treated patient and the given numbers of controls had the event."""
    return np.concatenate([[0.0] + [1.0] * k + [0.0] * (controls - k) for k in control_deaths])


def sample_of(sets: Sets, extra_treated: int = 0, extra_control: int = 0) -> Comparison:
    """A match without replacement of the rows in sets, and unmatched rows after them."""
    n = len(sets.set_id)
    order = np.lexsort((np.arange(n), ~sets.treated, sets.set_id))
    labels = np.unique(sets.set_id, return_inverse=True)[1]
    membership = np.stack([order, labels[order]], axis=1)
    return given_sample(membership, treated_flags(sets, extra_treated, extra_control), replace=False)


def treated_flags(sets: Sets, extra_treated: int = 0, extra_control: int = 0) -> np.ndarray:
    """Arms of the rows in sets, then of the unmatched."""
    return np.concatenate([sets.treated, np.ones(extra_treated, dtype=bool), np.zeros(extra_control, dtype=bool)])


def given_sample(membership: np.ndarray, treated: np.ndarray, replace: bool) -> Comparison:
    """A match whose membership is written down. membership: int (m, 2) [row, set]."""
    return comparison_of(membership, treated, overlapping=replace)


def cohort_of(treated: np.ndarray, outcomes: dict[str, np.ndarray], specs: list[Outcome]) -> Cohort:
    """Every row eligible and analysed, no covariates."""
    n = len(treated)
    nothing = pd.DataFrame(index=range(n))
    return Cohort(
        eligible=nothing,
        eligible_treated=treated,
        rows=np.arange(n),
        covariates=nothing,
        covariate_matrix=nothing,
        matching_columns=nothing,
        outcomes=pd.DataFrame(outcomes),
        person_id=np.array([f"p{i}" for i in range(n)], dtype=object),
        attrition=(),
        columns=Columns(treatment="group"),
        outcome_specs=tuple(specs),
        treated_label="treated",
        control_label="control",
    )


def binary(name: str = "death") -> Outcome:
    """The spec of a binary outcome."""
    return Outcome(name=name, kind="binary", column=name)


def continuous(name: str = "crp", baseline: str | None = None) -> Outcome:
    """The spec of a continuous outcome."""
    return Outcome(name=name, kind="continuous", column=name, baseline=baseline)


def survival(name: str = "survival", horizon: float | None = 60) -> Outcome:
    """The spec of a survival outcome."""
    return Outcome(name=name, kind="survival", time="days", event="dead", horizon=horizon)
