"""Small tables and specs for tests, made by code so that a test shows what matters in it."""

from typing import Any

import numpy as np
import pandas as pd

from lib.spec import AnalysisSpec
from lib.table import Table

SIX = {
    "id": ["P1", "P2", "P3", "P4", "P5", "P6"],
    "arm": ["MSC", "MSC", "control", "control", "control", "control"],
    "age": [50, 60, 55, 65, 45, 70],
    "sex": ["f", "m", "f", "m", "m", "f"],
    "crp": [10.5, 20.0, 15.0, 30.0, 5.0, 40.0],
    "died": [0, 1, 0, 1, 0, 1],
}


def table(**changes: list) -> Table:
    """The six patients of SIX with some columns replaced or added."""
    return Table.from_frame(pd.DataFrame(SIX | changes))


def spec(**sections: Any) -> AnalysisSpec:
    """A spec for SIX on age, with sections replaced; `columns` is merged key by key."""
    columns = {"id": "id", "treatment": "arm", "treated_value": "MSC", "covariates": ["age"]}
    return AnalysisSpec.from_dict(sections | {"columns": columns | sections.get("columns", {})})


def cohort_frame(n: int = 120, seed: int = 3, gaps: bool = True) -> pd.DataFrame:
    """A made-up cohort without ties in `age`: id, arm, age, sofa, sex, site, died, score, days, status. About a quarter
    of the patients are treated; older patients more often; some values are missing."""
    rng = np.random.default_rng(seed)
    age, sofa = rng.normal(60, 12, n), rng.integers(0, 15, n).astype(float)
    treated = rng.random(n) < 1 / (1 + np.exp(-(age - 68) / 12 - (sofa - 7) / 10))
    treated[:3], treated[3:6] = True, False
    died = rng.random(n) < 0.3
    frame = pd.DataFrame(
        {
            "id": [f"P{i:04d}" for i in rng.permutation(n)],
            "arm": np.where(treated, "new", "usual"),
            "age": age,
            "sofa": sofa,
            "sex": rng.choice(["female", "male"], n),
            "site": rng.choice([1, 2, 3], n),
            "died": died.astype(int),
            "score": rng.normal(10, 3, n) + treated,
            "days": np.where(died, rng.integers(1, 60, n), 60),
            "status": died.astype(int),
        }
    )
    if gaps:
        frame.loc[rng.random(n) < 0.1, "sofa"] = np.nan
        frame.loc[rng.random(n) < 0.1, "score"] = np.nan
    return frame


COHORT_SPEC = {
    "columns": {
        "id": "id",
        "treatment": "arm",
        "treated_value": "new",
        "covariates": ["age", "sofa", "sex", "site"],
        "categorical": ["site"],
    },
    "matching": {"ratio": 2, "caliper": 0.5},
    "outcomes": [
        {"name": "died", "kind": "binary", "column": "died", "primary": True},
        {"name": "score", "kind": "continuous", "column": "score"},
        {"name": "survival", "kind": "survival", "time": "days", "event": "status", "horizon": 60},
    ],
}
