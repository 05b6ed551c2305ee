"""Decks for the tests: the sample under several designs, and studies with what a slide hardly holds."""

from functools import cache

import numpy as np
import pandas as pd

from lib.deck import Origin, Slide, deck
from lib.io import read_csv
from lib.spec import AnalysisSpec
from lib.steps import Steps
from lib.words.labels import Labels
from tests.conftest import ROOT

METHODS = ("nearest", "optimal", "full", "subclass", "weights")
COVARIATE = "A covariate with a rather long name that nobody would type, number {:02d} (mg/L per hour)"
OUTCOME = "An outcome with a name of about eighty letters, as exports of registries have it {:02d}"
ORIGIN = Origin("msc_covid19", True, "outcomes opened 2 times before the design was locked")


@cache
def sample(method: str = "nearest", primary: str = "death_28d") -> Steps:
    """The sample study.  primary: its primary outcome; "" for no outcome at all."""
    folder = ROOT / "sample_data"
    table = read_csv((folder / "msc_covid19.csv").read_bytes())
    spec = AnalysisSpec.from_json((folder / "msc_covid19.spec.json").read_bytes())
    outcomes = [one.model_copy(update={"primary": one.name == primary}) for one in spec.outcomes if primary]
    changes = {} if method == "nearest" else {"matching": {"method": method}}
    return Steps(table, spec.replace(outcomes=outcomes, **changes))


@cache
def forty() -> Steps:
    """Forty covariates, forty outcomes, names of eighty letters, eleven rules."""
    draw, n = np.random.default_rng(3), 220
    covariates = [COVARIATE.format(k) for k in range(40)]
    outcomes = [OUTCOME.format(k) for k in range(40)]
    frame = pd.DataFrame({name: draw.normal(1000, 400, n).round(1) for name in covariates})
    frame["g"] = ["T" * 60] * 40 + ["C"] * (n - 40)
    for k, name in enumerate(outcomes):
        frame[name] = draw.integers(0, 2, n) if k % 2 == 0 else draw.normal(5, 2, n).round(2)
    rules = [{"column": name, "op": ">=", "value": 400.0 - 100 * (k < 9)} for k, name in enumerate(covariates[:11])]
    spec = AnalysisSpec.from_dict(
        {
            "columns": {
                "treatment": "g",
                "treated_value": "T" * 60,
                "covariates": covariates[:20],
                "described": covariates[20:],
            },
            "matching": {"ratio": 2},
            "eligibility": rules,
            "outcomes": [
                {"name": name, "kind": "continuous" if k % 2 else "binary", "column": name, "primary": k == 1}
                for k, name in enumerate(outcomes)
            ],
        }
    )
    return Steps(read_csv(frame.to_csv(index=False).encode()), spec)


def slides(steps: Steps, origin: Origin = ORIGIN) -> tuple[Slide, ...]:
    """The deck of an analysis."""
    return deck(steps, Labels.of(steps.used[1]), origin)
