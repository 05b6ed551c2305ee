"""How often does each p-value of the Outcomes page fall below 5% when there is no effect?

python -m benchmarks.type_one_error [--simulations 10000]

Draws studies of the published size (8 sets of 1:3 beside 223 further controls, all patients independent, nobody
treated in earnest), compares them with the code of the page, and counts p < 0.05 for every test and intervals that
leave out no effect. Writes benchmarks/type_one_error.csv, its copy sample_data/type_one_error.csv for the Published
study page, and the table of docs/type_one_error.md. Seeds are fixed; 10,000 studies a scenario take about 4 minutes on
one core.
"""

import argparse
import time
from collections.abc import Callable
from dataclasses import astuple, dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.bare_cohort import bare_cohort
from lib.design import Comparison, Sets
from lib.design.comparison import membership_of, set_weights
from lib.inference import OutcomeResult, compare_outcome
from lib.inference.results import Estimate
from lib.io import write_csv
from lib.measures import RATIOS
from lib.spec import Outcome

ROOT = Path(__file__).resolve().parent.parent
CSV = ROOT / "benchmarks" / "type_one_error.csv"
SAMPLE_CSV = ROOT / "sample_data" / "type_one_error.csv"
PAGE = ROOT / "docs" / "type_one_error.md"
SETS, CONTROLS, OTHERS = 8, 3, 223
ALPHA = 0.05
RISK = 0.25
HORIZON = 60.0
LOST = 0.1  # share of patients lost to follow-up at a random day
SEED = 2022
ANTICONSERVATIVE, CONSERVATIVE = 0.055, 0.03
ABSOLUTE = ("survival_at_horizon",)  # of one arm: there is no "no effect"

Draw = Callable[[np.random.Generator, int], dict[str, np.ndarray]]


@dataclass(frozen=True)
class Scenario:
    """An outcome of independent patients. draw: generator, patients -> the cohort's outcome columns."""

    title: str
    outcome: Outcome
    draw: Draw


def draw_events(rng: np.random.Generator, n: int) -> dict[str, np.ndarray]:
    """An event with RISK."""
    return {"y": (rng.random(n) < RISK).astype(float)}


def draw_normal(rng: np.random.Generator, n: int) -> dict[str, np.ndarray]:
    """A standard normal number."""
    return {"y": rng.normal(size=n)}


def draw_skewed(rng: np.random.Generator, n: int) -> dict[str, np.ndarray]:
    """A log-normal number, as CRP or D-dimer are."""
    return {"y": rng.lognormal(size=n)}


def draw_survival(rng: np.random.Generator, n: int) -> dict[str, np.ndarray]:
    """Whole days to death, constant hazard with RISK by the horizon, LOST of the patients censored on a random day."""
    death = np.ceil(rng.exponential(-HORIZON / np.log(1 - RISK), n))
    end = np.where(rng.random(n) < LOST, np.ceil(rng.random(n) * HORIZON), HORIZON)
    return {"y.time": np.minimum(death, end), "y.event": (death <= end).astype(float)}


SCENARIOS = (
    Scenario("Event, risk 25%", Outcome(name="y", kind="binary", column="y"), draw_events),
    Scenario("Number, normal", Outcome(name="y", kind="continuous", column="y"), draw_normal),
    Scenario("Number, skewed (log-normal)", Outcome(name="y", kind="continuous", column="y"), draw_skewed),
    Scenario(
        "Survival to day 60, 25% die, 10% lost",
        Outcome(name="y", kind="survival", time="days", event="dead", horizon=HORIZON),
        draw_survival,
    ),
)


@dataclass(frozen=True)
class Row:
    """How often one test, or one interval, rejects no effect. undefined: studies in which it does not exist, which
    count as not rejected.  counts: what it counts, in the last study."""

    outcome: str
    part: str
    name: str
    sample: str
    convention: str
    counts: str
    method: str
    simulations: int
    undefined: int
    rejected: int
    share: float
    standard_error: float
    verdict: str


COLUMNS = tuple(Row.__dataclass_fields__)


def design() -> Comparison:
    """8 sets of 1:3, treated first, then the unmatched controls."""
    treated = np.zeros(SETS * (1 + CONTROLS) + OTHERS, dtype=bool)
    treated[:SETS] = True
    case, pick = np.repeat(np.arange(SETS), CONTROLS), np.tile(np.arange(1, CONTROLS + 1), SETS)
    membership = membership_of(case, SETS + np.arange(SETS * CONTROLS), pick)
    n, nothing = len(treated), pd.DataFrame({"row": np.zeros(0, dtype=int), "reason": np.zeros(0, dtype=object)})
    units = Sets(membership, treated)
    return Comparison(units, set_weights(units), np.full(n, np.nan), np.zeros(n, dtype=bool), nothing)


def excludes_no_effect(estimate: Estimate) -> bool:
    """Whether the interval leaves out 0, or 1 for a ratio; a missing limit leaves nothing out."""
    null = 1.0 if estimate.measure in RATIOS else 0.0
    return bool(estimate.ci_low > null or estimate.ci_high < null)


class Tally:
    """Counts over the studies of one scenario."""

    def __init__(self, title: str) -> None:
        self.title, self.studies = title, 0
        self.about: dict[tuple[str, ...], tuple[str, str]] = {}
        self.rejected: dict[tuple[str, ...], int] = {}
        self.defined: dict[tuple[str, ...], int] = {}

    def add(self, result: OutcomeResult) -> None:
        """One more study."""
        self.studies += 1
        for test in result.tests:
            key = ("test", test.name, test.sample, test.convention)
            self._count(key, (test.counts, ""), not np.isnan(test.p_value), test.p_value < ALPHA)
        for estimate in result.estimates:
            if estimate.measure in ABSOLUTE:
                continue
            has = not np.isnan([estimate.ci_low, estimate.ci_high]).all()
            key = ("interval", estimate.measure, "matched", estimate.scope, estimate.method)
            self._count(key, ("", estimate.method), has, excludes_no_effect(estimate))

    def _count(self, key: tuple[str, ...], about: tuple[str, str], defined: bool, rejected: bool) -> None:
        self.about[key] = about
        self.defined[key] = self.defined.get(key, 0) + defined
        self.rejected[key] = self.rejected.get(key, 0) + rejected

    def rows(self) -> list[Row]:
        """In the order in which the page shows them."""
        return [self._row(key) for key in self.about]

    def _row(self, key: tuple[str, ...]) -> Row:
        share = self.rejected[key] / self.studies
        error = float(np.sqrt(share * (1 - share) / self.studies))
        undefined, (counts, method) = self.studies - self.defined[key], self.about[key]
        return Row(
            self.title,
            *key[:4],
            counts,
            method,
            self.studies,
            undefined,
            self.rejected[key],
            share,
            error,
            verdict(share),
        )


def verdict(share: float) -> str:
    """In one word."""
    if share > ANTICONSERVATIVE:
        return "anticonservative"
    return "conservative" if share < CONSERVATIVE else "holds 5%"


def simulate(scenario: Scenario, studies: int, seed: int) -> list[Row]:
    """Rows of one scenario. seed: of the patients."""
    sample, rng, tally = design(), np.random.default_rng(seed), Tally(scenario.title)
    for _ in range(studies):
        columns = scenario.draw(rng, len(sample.treated))
        tally.add(
            compare_outcome(bare_cohort(sample.treated, scenario.outcome, columns), sample, scenario.outcome, seed)
        )
    return tally.rows()


def run(studies: int) -> pd.DataFrame:
    """All scenarios, DataFrame COLUMNS."""
    rows = [row for i, scenario in enumerate(SCENARIOS) for row in simulate(scenario, studies, SEED + i)]
    return pd.DataFrame([astuple(row) for row in rows], columns=list(COLUMNS))


def markdown(table: pd.DataFrame) -> str:
    """The page of docs/."""
    lines = [
        "# How often p < 0.05 when there is no effect",
        "",
        f"Simulated studies of the published size: {SETS} sets of 1:{CONTROLS} beside {OTHERS} further controls, all "
        "patients independent, no effect of treatment. A test that keeps its promise falls below 0.05 in at most 5% of "
        "them. Tests on pairs made by repeating each treated patient count the same 8 patients three times and do not "
        f"keep it. Above {100 * ANTICONSERVATIVE:g}% a row is called anticonservative, below {100 * CONSERVATIVE:g}% "
        "conservative. An interval counts as rejecting when it leaves out no effect; a study without the number counts "
        "as not rejected.",
        "",
        "Made by `python -m benchmarks.type_one_error`; the numbers, with standard errors, are in "
        "`benchmarks/type_one_error.csv`.",
    ]
    for title, rows in table.groupby("outcome", sort=False):
        lines += ["", f"## {title}", "", f"{rows['simulations'].iloc[0]:,} studies.", ""]
        lines += ["| | counts | p < 0.05 | |", "|---|---|---:|---|"]
        lines += [_line(row) for row in rows.itertuples()]
    return "\n".join(lines) + "\n"


def _line(row: tuple) -> str:
    what = f"`{row.name}`" if row.part == "test" else f"95% interval of `{row.name}`: {row.method}"
    where = f"{row.counts} ({row.convention.replace('_', ' ')})" if row.part == "test" else row.convention
    marked = f"**{row.verdict}**" if row.verdict == "anticonservative" else row.verdict
    return f"| {what} | {where} | {100 * row.share:.1f}% | {marked} |"


def main() -> None:
    """Run, write the three files, and say how long it took."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--simulations", type=int, default=10_000, help="studies in each scenario")
    began = time.perf_counter()
    table = run(parser.parse_args().simulations)
    for path in (CSV, SAMPLE_CSV):
        path.write_bytes(write_csv(table))
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(markdown(table), encoding="utf-8")
    written = f"{CSV.relative_to(ROOT)} and {PAGE.relative_to(ROOT)}"
    print(f"{len(table)} rows in {time.perf_counter() - began:.0f} s: {written}")


if __name__ == "__main__":
    main()
