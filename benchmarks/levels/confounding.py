"""With confounding and a correct score: does the quoted p keep its level, and where it does not, is the reader told?

Treated patients differ by SHIFT standard deviations in each of three covariates, on which the outcomes depend;
treatment does nothing. The logistic score is of the right form. Every study goes from a table and a spec through
lib.steps, as on the page: its quoted p, its balance verdict, and the odds inside the sets, from which the page
withholds a p.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from lib.balance.verdict import balance_verdict
from lib.design.moves import NO_EVIDENCE
from lib.errors import AnalysisError
from lib.inference import compare_outcomes
from lib.inference.inversion import ALPHA
from lib.spec import AnalysisSpec
from lib.steps import Steps
from lib.table import Table

from .tally import verdict

SHIFT, SLOPE, COVARIATES, SEED = 0.6, 1.5, ("x1", "x2", "x3"), 2010
HORIZON, LOST = 60.0, 0.1
OUTCOMES = (
    {"name": "event", "kind": "binary", "column": "event"},
    {"name": "number", "kind": "continuous", "column": "number"},
    {"name": "survival", "kind": "survival", "time": "days", "event": "dead", "event_value": "1", "horizon": HORIZON},
)


@dataclass(frozen=True)
class Cohorts:
    """How many, and how they are matched.  caliper: in SD of the logit, None: none."""

    treated: int
    controls: int
    ratio: int
    caliper: float | None
    studies: int

    @property
    def title(self) -> str:
        """In words."""
        caliper = "no caliper" if self.caliper is None else f"caliper {self.caliper:g}"
        return f"{self.treated} + {self.controls}, 1:{self.ratio}, {caliper}"

    @property
    def spec(self) -> AnalysisSpec:
        """Nearest neighbours on the logit, the page's defaults."""
        matching = {"method": "nearest", "ratio": self.ratio, "caliper": self.caliper}
        columns = {"treatment": "arm", "treated_value": "1", "covariates": list(COVARIATES)}
        settings = {"version": 1, "columns": columns, "matching": matching, "outcomes": list(OUTCOMES)}
        return AnalysisSpec.model_validate(settings)


SCENARIOS = (
    Cohorts(8, 247, 3, None, 800),
    Cohorts(30, 60, 1, None, 500),
    Cohorts(30, 60, 2, None, 400),
    Cohorts(30, 60, 2, 0.2, 400),
    Cohorts(100, 300, 2, None, 200),
    Cohorts(100, 300, 2, 0.2, 250),
)


@dataclass(frozen=True)
class Row:
    """One outcome of one scenario.

    studies: with a quoted p.  impossible: studies that could not be analysed, or have none.  rejected: quoted p at most
    0.05.  failed: the verdict on balance is "fail".  withheld: typical odds inside the sets of NO_EVIDENCE or more.
    standing: rejected with neither, as a share of all studies, and its Monte Carlo error.  among: of the studies with
    neither, the share rejected.  outside: the quoted interval leaves out no effect.  All are shares.
    """

    cohort: str
    outcome: str
    studies: int
    impossible: int
    rejected: float
    outside: float
    failed: float
    withheld: float
    told: float
    standing: float
    standard_error: float
    among: float
    typical_odds: float
    verdict: str


COLUMNS = tuple(Row.__dataclass_fields__)


@dataclass(frozen=True)
class Study:
    """What the page says of one outcome."""

    outcome: str
    p: float
    outside: bool
    failed: bool
    typical: float


def cohort(rng: np.random.Generator, size: Cohorts) -> Table:
    """One table."""
    n, arm = size.treated + size.controls, np.arange(size.treated + size.controls) < size.treated
    x = rng.normal(size=(n, len(COVARIATES))) + SHIFT * arm[:, None]
    risk = SLOPE * x.sum(axis=1) / np.sqrt(len(COVARIATES))
    event = rng.random(n) < 1 / (1 + np.exp(1 - risk))
    day = np.ceil(rng.exponential(150 * np.exp(-risk)))
    end = np.where(rng.random(n) < LOST, np.ceil(HORIZON * rng.random(n)), HORIZON)
    columns = dict(zip(COVARIATES, x.T, strict=True)) | {"arm": arm.astype(int), "event": event.astype(int)}
    columns |= {"number": risk + rng.normal(size=n), "days": np.minimum(day, end), "dead": (day <= end).astype(int)}
    return Table.from_frame(pd.DataFrame(columns).iloc[rng.permutation(n)].reset_index(drop=True))


def study(table: Table, spec: AnalysisSpec) -> list[Study]:
    """Every outcome of one cohort; empty when it cannot be analysed."""
    done = Steps(table, spec)
    try:
        outcomes = compare_outcomes(done.cohort, done.comparison, spec.seed, {"quoted"})
        failed, typical = balance_verdict(done.balance, done.balance_test).level == "fail", typical_odds(done)
    except AnalysisError:
        return []
    made = []
    for outcome in outcomes:
        found = outcome.quoted
        if found is not None and not np.isnan(found.p):
            null = 1.0 if found.measure == "hazard_ratio_by_set" else 0.0
            made.append(Study(outcome.name, found.p, found.ci_low > null or found.ci_high < null, failed, typical))
    return made


def typical_odds(done: Steps) -> float:
    """The median over the sets of the odds ratio between the treated and the control furthest from it, at least 1."""
    found = done.odds_inside_sets
    return float("nan") if found is None else found.typical


def simulate(size: Cohorts) -> list[Row]:
    """Its rows, one an outcome."""
    rng = np.random.default_rng([SEED, size.treated, size.ratio, int(100 * (size.caliper or 0))])
    made = [one for _ in range(size.studies) for one in study(cohort(rng, size), size.spec)]
    return list(_rows(size, pd.DataFrame([vars(one) for one in made])))


def _rows(size: Cohorts, made: pd.DataFrame) -> Iterator[Row]:
    for name, mine in made.groupby("outcome", sort=False):
        n, rejected, withheld = len(mine), mine["p"] <= ALPHA, mine["typical"] >= NO_EVIDENCE
        told = mine["failed"] | withheld
        standing = float((rejected & ~told).mean())
        error = float(np.sqrt(standing * (1 - standing) / n))
        yield Row(
            size.title,
            str(name),
            n,
            size.studies - n,
            float(rejected.mean()),
            float(mine["outside"].mean()),
            float(mine["failed"].mean()),
            float(withheld.mean()),
            float(told.mean()),
            standing,
            error,
            float(rejected[~told].mean()),
            float(mine["typical"].median()),
            verdict(standing, error),
        )
