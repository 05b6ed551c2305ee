"""Random cohorts full of ties, and the changes to a file that must change nothing: another unit, the sixteenth digit,
another order of columns."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

UNITS = (10.0, 0.1, 3.0, 1e-3, 1000.0)
NUMBERS = ("age", "lac", "crp", "y", "days")
Spec = dict[str, Any]
Change = Callable[[pd.DataFrame, Spec], tuple[pd.DataFrame, Spec]]


def tied_frame(seed: int, n: int = 40) -> pd.DataFrame:
    """Covariates on coarse grids (age in years; lactate in tenths; crp in halves), so that scores and distances tie."""
    rng = np.random.default_rng(seed)
    age, lac, crp = rng.integers(50, 62, n).astype(float), rng.integers(5, 13, n) / 10, rng.integers(0, 8, n) / 2
    treated = rng.random(n) < 1 / (1 + np.exp(1 - (age - 56) / 6))
    treated[:3], treated[3:8] = True, False
    died = rng.random(n) < 0.4
    days = np.where(died, rng.integers(1, 20, n), rng.integers(10, 20, n)) / 10
    return pd.DataFrame(
        {
            "id": [f"P{i:03d}" for i in range(n)],
            "arm": np.where(treated, "new", "usual"),
            "age": age,
            "lac": lac,
            "crp": crp,
            "sex": rng.choice(["f", "m"], n),
            "died": died.astype(int),
            "y": rng.integers(0, 15, n) / 10,
            "days": days,
        }
    )


def tied_spec(matching: Spec, covariates: tuple[str, ...] = ("age", "lac", "crp"), **propensity: Any) -> Spec:
    """An analysis of a tied_frame with one outcome of each kind."""
    return {
        "columns": {"id": "id", "treatment": "arm", "treated_value": "new", "covariates": list(covariates)},
        "matching": matching,
        "outcomes": [
            {"name": "died", "kind": "binary", "column": "died", "primary": True},
            {"name": "y", "kind": "continuous", "column": "y", "better": "lower"},
            {"name": "os", "kind": "survival", "time": "days", "event": "died", "horizon": 1.5},
        ],
        "propensity": propensity,
    }


def scaled(column: str, unit: float) -> Change:
    """A column in another unit, and with it the raw caliper, or the horizon, that counts in it."""

    def change(frame: pd.DataFrame, spec: Spec) -> tuple[pd.DataFrame, Spec]:
        matching = dict(spec["matching"])
        calipers = {name: dict(one) for name, one in matching.get("covariate_calipers", {}).items()}
        if calipers.get(column, {}).get("unit") == "raw":
            calipers[column]["width"] *= unit
        if calipers:
            matching["covariate_calipers"] = calipers
        outcomes = [o | {"horizon": o["horizon"] * unit} if o.get("time") == column else o for o in spec["outcomes"]]
        return frame.assign(**{column: frame[column] * unit}), spec | {"matching": matching, "outcomes": outcomes}

    return change


def one_ulp(seed: int) -> Change:
    """Every number moved to the next one below, above, or not at all, at random."""

    def change(frame: pd.DataFrame, spec: Spec) -> tuple[pd.DataFrame, Spec]:
        rng = np.random.default_rng(seed)
        moved = {
            name: np.choose(
                rng.integers(0, 3, len(frame)),
                [np.nextafter(frame[name], -np.inf), frame[name], np.nextafter(frame[name], np.inf)],
            )
            for name in NUMBERS
        }
        moved["days"] = np.maximum(moved["days"], 0.0)
        return frame.assign(**moved), spec

    return change


def other_columns(seed: int) -> Change:
    """The columns of the file in another order, and the covariates of the spec too."""

    def change(frame: pd.DataFrame, spec: Spec) -> tuple[pd.DataFrame, Spec]:
        rng = np.random.default_rng(seed)
        columns = spec["columns"] | {"covariates": rng.permutation(spec["columns"]["covariates"]).tolist()}
        return frame[rng.permutation(frame.columns)], spec | {"columns": columns}

    return change


def changes(seed: int) -> dict[str, Change]:
    """Two units on one column at a time, the sixteenth digit twice, the columns shuffled."""
    rng, made = np.random.default_rng(seed), dict[str, Change]()
    for name in NUMBERS:
        made |= {f"{unit:g} x {name}": scaled(name, unit) for unit in rng.choice(UNITS, 2, replace=False).tolist()}
    return made | {"ulp": one_ulp(seed), "another ulp": one_ulp(seed + 1), "columns": other_columns(seed)}
