"""The two reference cohorts as the analysis sees them, and the spec behind every R run."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from lib.cohort import Cohort, build_cohort
from lib.io import read_csv, read_file
from lib.spec import AnalysisSpec
from lib.table import Table
from tests.conftest import ORACLE, SAMPLES, reference

MATCHING: dict[str, dict[str, Any]] = {
    "nn1": {"ratio": 1, "caliper": None},
    "nn1_cal02": {"ratio": 1, "caliper": 0.2},
    "nn3_cal02": {"ratio": 3, "caliper": 0.2},
    "nn2_cal01_smallest": {"ratio": 2, "caliper": 0.1, "order": "smallest"},
    "nn1_closest_cal02": {"ratio": 1, "caliper": 0.2, "order": "closest"},
    "nn2_data": {"ratio": 2, "caliper": None, "order": "data"},
    "nn1_replace": {"ratio": 1, "caliper": None, "replace": True},
    "nn3_replace_cal02": {"ratio": 3, "caliper": 0.2, "replace": True},
    "nn2_exact_cal025": {"ratio": 2, "caliper": 0.25, "exact": True},
    "mahal1": {"ratio": 1, "caliper": None, "metric": "mahalanobis"},
    "mahal2_cal02": {"ratio": 2, "caliper": 0.2, "metric": "mahalanobis"},
}


def as_list(value: Any) -> list[str]:
    """R writes a vector of one as a bare string."""
    return [value] if isinstance(value, str) else list(value)


def design_spec(name: str, run: str) -> AnalysisSpec:
    """The spec, without outcomes, of one R run of one cohort."""
    told = reference(f"{name}.json")["cohort"]
    matching = dict(MATCHING[run])
    if matching.pop("exact", False):
        matching["exact"] = as_list(told["exact"])
    columns = {
        "id": told["id"],
        "treatment": told["treatment"],
        "treated_value": "1",
        "covariates": as_list(told["covariates"]),
        "categorical": as_list(told["categorical"]),
    }
    return AnalysisSpec.from_dict({"columns": columns, "matching": matching})


def cohort_file(name: str) -> Path:
    """The table of one cohort: NHEFS is a sample of the app, and stored once."""
    return (SAMPLES if name == "nhefs" else ORACLE) / f"{name}.csv"


def cohort_table(name: str) -> Table:
    """The file of one cohort as MatchLens reads it."""
    return read_csv(read_file(cohort_file(name)))


@cache
def cohort_of(name: str, spec_text: str) -> Cohort:
    """One reference cohort through the gate."""
    return build_cohort(cohort_table(name), AnalysisSpec.from_dict(json.loads(spec_text)))


def load(name: str, run: str) -> tuple[Cohort, AnalysisSpec, dict[str, Any]]:
    """Cohort, spec and R's numbers of one run."""
    spec = design_spec(name, run)
    return cohort_of(name, spec.to_json()), spec, reference(f"{name}.json")["runs"][run]


def balance_by_variable(rows: pd.DataFrame) -> pd.DataFrame:
    """Our balance rows under R's names: the column, and for a factor columnLEVEL."""
    names = [row.covariate + (row.level or "") for row in rows.itertuples()]
    return rows.set_axis(names)


def subclass_run(name: str) -> dict[str, Any]:
    """R's numbers of subclassification into five (MatchIt's `subclass = 5`) of one cohort.

    Counts `n_treated`, `matched_treated`, `matched_control`; `ess_control`; `balance_before` and `balance_after` by
    `variable`, the latter across subclasses; `effects` with errors clustered by subclass. Cut points are quintiles of
    the score among the treated.
    """
    return reference(f"{name}.json")["runs"]["subclass5"]
