"""The weight change of NHEFS, 63 patients without it, with weights made anew: nhefs_missing.json.

    PYTHONPATH=../../.. python make_missing_outcomes.py        inside this folder

make_reference.R kept the matching weights of patients whose set had lost its treated patient, so its mean differences
compare other patients than the tests by set. R was not at hand when this was made again: plain numpy instead (score,
match, least squares and sandwich of tests/independent, none of it from lib), first with the weights as matched,
which has to give R's number of nhefs.json to 1e-6, then over the sets that have the outcome, weights made anew.
"""

import json
from pathlib import Path

import numpy as np
import pandas as pd

from tests.independent import score_and_sets as independent
from tests.independent.weighted_numbers import difference
from tests.oracle.cohorts import MATCHING

HERE = Path(__file__).parent
R_EFFECT = 1e-6


def main() -> None:
    told = json.loads((HERE / "nhefs.json").read_text())
    cohort, file = told["cohort"], HERE.parents[2] / "sample_data" / "nhefs.csv"
    frame = pd.read_csv(file).dropna(subset=[cohort["treatment"], *cohort["covariates"]]).reset_index(drop=True)
    made = {}
    for name, settings in MATCHING.items():
        sets = sets_of(frame, cohort, settings)
        made[name], as_matched = (change(frame, cohort, sets, settings, anew) for anew in (True, False))
        theirs = told["runs"][name]["effects"]["mean_difference"]
        for number in ("estimate", "se", "n"):
            assert abs(as_matched[number] - theirs[number]) < R_EFFECT, (name, number)
    (HERE / "nhefs_missing.json").write_text(json.dumps(made, indent=1) + "\n")


def sets_of(frame: pd.DataFrame, cohort: dict, settings: dict) -> dict[int, list[int]]:
    """Treated row -> its controls."""
    matching = {"caliper_unit": "sd", "caliper_sd": "overall", "order": "largest"} | settings
    matching["exact"] = [cohort["exact"]] if settings.get("exact") else []
    treated = frame[cohort["treatment"]].to_numpy() == 1
    columns = independent.design(frame, cohort["covariates"], cohort["categorical"], [])
    distance = independent.distances(columns, independent.fit_logit(columns, treated, False), "logit")
    fine = independent.allowed_pairs(frame, distance, treated, matching)
    apart = np.abs(distance[:, None] - distance[None, :])
    if settings.get("metric") == "mahalanobis":
        apart = independent.mahalanobis(columns, treated, np.ones(len(treated), dtype=bool))
    return independent.greedy(apart, fine, distance, treated, matching)


def change(frame: pd.DataFrame, cohort: dict, sets: dict[int, list[int]], settings: dict, anew: bool) -> dict:
    """The weighted difference in the mean change, its error and the patients in it.

    anew: only sets whose treated patient and a control have it, and only patients who do."""
    treated, y = frame[cohort["treatment"]].to_numpy() == 1, frame[cohort["continuous_outcome"]].to_numpy(float)
    known = ~np.isnan(y)
    if anew:
        sets = {case: [c for c in controls if known[c]] for case, controls in sets.items() if known[case]}
        sets = {case: controls for case, controls in sets.items() if controls}
    weights, cluster = independent.weights(sets, treated), np.full(len(y), -1)
    for case, controls in sets.items():
        cluster[[case, *controls]] = case
    used = known & (weights > 0)
    groups = None if settings.get("replace") else cluster[used]
    estimate, se = difference(y[used], treated[used] * 1.0, weights[used], groups, len(sets))
    return {"estimate": estimate, "se": se, "n": int(used.sum()), "sets": len(sets)}


if __name__ == "__main__":
    main()
