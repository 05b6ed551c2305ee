"""Writes lifelines.json: small survival tables and what lifelines makes of them.

lifelines pins pandas below 3, so it cannot be installed beside MatchLens any more. Its numbers stand in this folder
instead; the tests read them and never import it. The file was made once, with lifelines 0.30.3 and pandas 2.3 under
Python 3.11, in an environment of its own:

    python3.11 -m venv old && old/bin/pip install lifelines==0.30.3 "pandas<3"
    old/bin/python tests/inference/data/make_lifelines.py

Draws come from numpy's default_rng with the seeds below, so that a second run writes the same bytes.
"""

import json
import warnings
from pathlib import Path

import lifelines
import numpy as np
import pandas as pd
from lifelines import AalenJohansenFitter, CoxPHFitter, KaplanMeierFitter
from lifelines.statistics import logrank_test
from lifelines.utils import restricted_mean_survival_time

CASES = 30
COX_CASES = 12
CURVE_CASES = 60
HORIZON = 30


def plain(values: np.ndarray) -> list[float] | list[int]:
    """A list for JSON: whole numbers and booleans without a decimal point, nan as None."""
    if np.asarray(values).dtype == bool or np.array_equal(values, np.round(values)):
        return [int(x) for x in values]
    return [None if np.isnan(x) else float(x) for x in values]


def two_arms(seed: int, tied: bool) -> dict[str, np.ndarray]:
    """8 to 15 sets of one treated and two controls; about 70% events; times in steps of 4 days, or all different."""
    rng = np.random.default_rng(seed)
    sets = int(rng.integers(8, 16))
    time = rng.exponential(20, 3 * sets) + 0.01
    return {
        "time": np.ceil(time / 4) if tied else np.round(time, 6),
        "event": rng.random(3 * sets) < 0.7,
        "treated": np.tile(np.arange(3) == 0, sets),
        "weight": np.round(rng.uniform(0.5, 2, 3 * sets), 2),
        "set": np.repeat(np.arange(sets), 3),
    }


def log_rank(seed: int) -> dict:
    """Chi-square of the unstratified log-rank test, tied times."""
    drawn = two_arms(seed, tied=True)
    time, event, z = drawn["time"], drawn["event"], drawn["treated"]
    found = logrank_test(time[z], time[~z], event[z], event[~z])
    return {name: plain(drawn[name]) for name in ("time", "event", "treated")} | {"statistic": found.test_statistic}


def cox(seed: int) -> dict:
    """Weighted log hazard ratio and its error clustered by set. No ties, which it weights differently."""
    drawn = two_arms(seed, tied=False)
    assert len(np.unique(drawn["time"])) == len(drawn["time"])
    frame = pd.DataFrame(drawn).astype({"treated": float})
    fit = CoxPHFitter().fit(
        frame, "time", "event", weights_col="weight", cluster_col="set", robust=True, fit_options={"precision": 1e-14}
    )
    told = {"log_hr": float(fit.params_["treated"]), "robust_se": float(fit.standard_errors_["treated"])}
    return {name: plain(values) for name, values in drawn.items()} | told


def curve(seed: int) -> dict:
    """Kaplan-Meier of 2 to 25 patients with whole weights on days 0 to 30, and the mean restricted to day 30."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(2, 26))
    time, weight = rng.integers(1, HORIZON + 1, n).astype(float), rng.integers(1, 5, n).astype(float)
    event = rng.random(n) < rng.choice([0.2, 0.5, 0.9])
    fit = KaplanMeierFitter().fit(time, event, weights=weight)
    survival = fit.survival_function_at_times(np.arange(HORIZON + 1.0)).to_numpy()
    told = {"survival": plain(survival), "mean": float(restricted_mean_survival_time(fit, t=HORIZON))}
    return {"time": plain(time), "event": plain(event), "weight": plain(weight)} | told


def incidence(seed: int) -> dict:
    """Aalen-Johansen of cause 1 with Aalen's variance, at each time of any event. No ties: it breaks them at random."""
    rng = np.random.default_rng(seed)
    time, cause = rng.permutation(300)[:60] + 1.0, rng.choice([0, 1, 2], 60, p=[0.3, 0.4, 0.3])
    fit = AalenJohansenFitter().fit(time, cause, event_of_interest=1)
    moments = np.sort(time[cause > 0])
    at = fit.cumulative_density_.index.searchsorted(moments)
    return {
        "time": plain(time),
        "cause": plain(cause),
        "incidence": plain(fit.cumulative_density_.iloc[at, 0].to_numpy()),
        "variance": plain(fit.variance_.reindex(moments).to_numpy()),
    }


def made() -> dict[str, list[dict]]:
    """Every part of the file."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # weights that are not whole numbers, and pandas' deprecations
        return {
            "log_rank": [log_rank(seed) for seed in range(CASES)],
            "cox": [cox(seed) for seed in range(COX_CASES)],
            "curve": [curve(seed) for seed in range(CURVE_CASES)],
            "incidence": [incidence(seed) for seed in range(CASES)],
        }


def text(parts: dict[str, list[dict]]) -> str:
    """JSON with one case a line."""
    blocks = [
        f'"{name}": [\n' + ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases) + "\n]"
        for name, cases in parts.items()
    ]
    versions = {"lifelines": lifelines.__version__, "pandas": pd.__version__, "numpy": np.__version__}
    return "{\n" + f'"made_with": {json.dumps(versions)},\n' + ",\n".join(blocks) + "\n}\n"


if __name__ == "__main__":
    (Path(__file__).parent / "lifelines.json").write_text(text(made()))
