"""How often does the verdict on balance fail a randomised cohort?

python -m benchmarks.balance_band [--cohorts 1000]

Draws cohorts in which nobody chose who is treated: in sets made at random (treated by lot inside the set), and from
8 + 247 patients whose treated were drawn from all and matched 1:3 on the fitted score. Each is judged by the code of
the Balance page, and by the formula that it had before: any |SMD| above 0.1 and above t(0.975, n1 - 1) sqrt(1/n1 +
1/n0). Writes benchmarks/balance_band.csv; seeds are fixed; 1,000 cohorts a row take about 3 minutes on one core.
"""

import argparse
from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.stats import t

from lib.balance import BalanceTable, balance_table, balance_test
from lib.balance.verdict import SMALL, balance_verdict
from lib.cohort import Cohort
from lib.design import Comparison, Sets
from lib.design.comparison import membership_of_labels, set_weights
from lib.errors import EstimationError
from lib.io import write_csv
from lib.spec import AnalysisSpec, Columns
from lib.steps import Steps
from lib.table import Table

CSV = Path(__file__).resolve().parent / "balance_band.csv"
SEED = 2008
Draw = Callable[[np.random.Generator, tuple[int, int]], np.ndarray]
DRAWS: dict[str, Draw] = {
    "normal": lambda rng, shape: rng.normal(size=shape),
    "log-normal": lambda rng, shape: rng.lognormal(size=shape),
}


@dataclass(frozen=True)
class Row:
    """One kind of cohort: how it was matched, sets, controls in each, covariates, their distribution; and of so many
    cohorts the shares that fail, need a look and pass, and that the formula failed."""

    matched: str
    sets: int
    controls: int
    covariates: int
    distribution: str
    cohorts: int
    fail: float
    look: float
    formula_fail: float


def randomised(x: np.ndarray, sets: int) -> tuple[Cohort, Comparison]:
    """The first patient of each set is the treated one.  x: float (sets x n, k)."""
    labels = np.repeat(np.arange(sets), len(x) // sets)
    treated = np.append(True, labels[1:] != labels[:-1])
    units = Sets(membership_of_labels(labels, treated), treated)
    nobody = pd.DataFrame({"row": np.zeros(0, dtype=int), "reason": np.zeros(0, dtype=object)})
    n = len(x)
    made = Comparison(units, set_weights(units), np.full(n, np.nan), np.zeros(n, dtype=bool), nobody)
    frame = pd.DataFrame(x, columns=[f"x{j}" for j in range(x.shape[1])])
    cohort = Cohort(
        eligible=frame,
        eligible_treated=treated,
        rows=np.arange(n),
        covariates=frame,
        covariate_matrix=frame,
        matching_columns=pd.DataFrame(index=frame.index),
        outcomes=pd.DataFrame(index=frame.index),
        person_id=np.arange(n).astype(str).astype(object),
        attrition=(),
        columns=Columns(treatment="t", covariates=tuple(frame.columns)),
        outcome_specs=(),
        treated_label="1",
        control_label="0",
    )
    return cohort, made


def by_score(x: np.ndarray) -> tuple[Cohort, Comparison]:
    """8 of all patients are treated by lot; each has its 3 nearest controls by the fitted score, as on the page."""
    frame = pd.DataFrame(x, columns=[f"x{j}" for j in range(x.shape[1])])
    columns = {"treatment": "t", "covariates": list(frame.columns)}
    spec = AnalysisSpec.from_dict(
        {
            "columns": columns,
            "propensity": {"model": "firth"},  # 8 treated and 7 covariates separate by chance
            "matching": {"method": "nearest", "ratio": 3, "caliper": None},
        }
    )
    steps = Steps(Table.from_frame(frame.assign(t=(np.arange(len(x)) < 8).astype(int))), spec)
    return steps.cohort, steps.comparison


def formula_fails(table: BalanceTable) -> bool:
    """The rule of the page until version 9."""
    n1, n0 = table.ess_treated, table.ess_control
    band = float(t.ppf(0.975, n1 - 1)) * np.sqrt(1 / n1 + 1 / n0)
    return bool((table.rows["smd_after"].abs() > max(SMALL, band)).any())


def simulate(cohorts: int, make: Callable[[], tuple[Cohort, Comparison]]) -> tuple[float, float, float]:
    """Shares that fail, that need a look, and that the formula fails."""
    found = []
    for number in range(cohorts):
        cohort, sample = make()
        table = balance_table(cohort, sample)
        level = balance_verdict(table, balance_test(cohort, sample, table, number)).level
        found.append((level == "fail", level == "look", formula_fails(table)))
    fail, look, formula = np.mean(found, axis=0)
    return float(fail), float(look), float(formula)


def _by_lot(draw: Draw, rng: np.random.Generator, shape: tuple[int, int], sets: int) -> tuple[Cohort, Comparison]:
    return randomised(draw(rng, shape), sets)


def _on_score(draw: Draw, rng: np.random.Generator) -> tuple[Cohort, Comparison]:
    """A cohort whose score cannot be fitted is drawn again: the page shows no verdict of it."""
    while True:
        try:
            return by_score(draw(rng, (255, 7)))
        except EstimationError:
            continue


def rows(cohorts: int) -> list[Row]:
    """Every kind of cohort."""
    made = []
    for distribution, draw in DRAWS.items():
        for covariates in (1, 3, 7):
            for sets, controls in ((4, 3), (8, 3), (30, 3)):
                rng = np.random.default_rng([SEED, sets, controls, covariates, len(made)])
                shape = (sets * (1 + controls), covariates)
                found = simulate(cohorts, partial(_by_lot, draw, rng, shape, sets))
                made.append(Row("by lot", sets, controls, covariates, distribution, cohorts, *found))
                print(made[-1], flush=True)
        rng = np.random.default_rng([SEED, 247])
        found = simulate(max(1, cohorts // 4), partial(_on_score, draw, rng))
        made.append(Row("on the score", 8, 3, 7, distribution, max(1, cohorts // 4), *found))
        print(made[-1], flush=True)
    return made


def main() -> None:
    """Simulate and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cohorts", type=int, default=1_000)
    write(rows(parser.parse_args().cohorts))


def write(made: list[Row]) -> None:
    """The table as CSV."""
    frame = pd.DataFrame([[getattr(row, field.name) for field in fields(Row)] for row in made])
    CSV.write_bytes(write_csv(frame.set_axis([field.name for field in fields(Row)], axis=1)))


if __name__ == "__main__":
    main()
