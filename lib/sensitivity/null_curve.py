"""The specification curve when treatment does nothing: the same grid under permuted treatment labels.

The treatment is dealt anew among the eligible patients and the whole grid run again, fit and match included, as often
as asked. Where the curve of the data stands among these curves is a test over all specifications at once (Simonsohn,
Simmons and Nelson 2020). Permuting also breaks the tie between covariates and treatment, so the test speaks of a world
without confounding; the bounds of lib.sensitivity.hidden_bias speak of the other one.
"""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from ..cohort.flow import screen
from ..cohort.prepare import prepared
from ..table import Table
from .axes import Plan
from .curve import SpecificationCurve, significant_share
from .grid import Progress, Report, run_task
from .workers import ALONE, Workers

KINDS = ("estimate", "p_published", "p_by_set")
STATISTICS = {
    "median_estimate": "Median estimate",
    "share_published": "Share with p < 0.05, sets ignored",
    "share_by_set": "Share with p < 0.05, by matched set",
}
PER_TASK = 2


@dataclass(frozen=True)
class Permuted:
    """numbers: float (B, combinations, outcomes, KINDS) under B permutations of the treatment; NaN where a combination
    could not be done."""

    plan: Plan
    numbers: np.ndarray

    @classmethod
    def joined(cls, parts: Sequence["Permuted"]) -> "Permuted":
        """Parts of one grid as a whole."""
        return cls(parts[0].plan, np.concatenate([part.numbers for part in parts]))

    def of(self, outcome: str, kind: str) -> np.ndarray:
        """float (B, combinations)."""
        return self.numbers[:, :, self.plan.outcomes.index(outcome), KINDS.index(kind)]


@dataclass(frozen=True)
class NullCurve:
    """band: DataFrame [rank, low, median, high]: the estimate of each rank of the curve in the middle 95% of the
    permutations; rank runs from 0 (smallest) to 1.  tests: DataFrame [statistic, observed, null, p_value], a row for
    each of STATISTICS; null: its median over permutations; p: share of permutations at least as extreme (the median
    estimate two-sided by distance from no effect, the shares upwards), the data counted among them."""

    permutations: int
    band: pd.DataFrame
    tests: pd.DataFrame


def run_permuted(
    table: Table,
    plan: Plan,
    permutations: Iterable[int],
    workers: Workers = ALONE,
    report: Report = lambda progress: None,
) -> Permuted:
    """The grid under these permutations, each drawn from the spec's seed and its own number."""
    eligible, numbers = screen(prepared(table, plan.spec).frame, plan.spec).rows, list(permutations)
    tasks = [(table, plan, eligible, numbers[at : at + PER_TASK]) for at in range(0, len(numbers), PER_TASK)]
    made, started = [], time.perf_counter()
    for first in range(0, len(tasks), workers.jobs):
        made += workers.run(run_permutations, tasks[first : first + workers.jobs])
        done = min(len(numbers), (first + workers.jobs) * PER_TASK)
        report(Progress(done, len(numbers), time.perf_counter() - started))
    empty = np.empty((0, plan.size, len(plan.outcomes), len(KINDS)))
    return Permuted(plan, np.concatenate([empty, *made]))


def run_permutations(table: Table, plan: Plan, eligible: np.ndarray, numbers: list[int]) -> np.ndarray:
    """float (len(numbers), combinations, outcomes, KINDS)."""
    made = np.full((len(numbers), plan.size, len(plan.outcomes), len(KINDS)), np.nan)
    for at, number in enumerate(numbers):
        found = run_task(
            permuted_table(table, plan, eligible, number), plan, plan.sharing_order().tolist(), plain=False
        )
        for position, quick in zip(plan.sharing_order().tolist(), found, strict=True):
            if not isinstance(quick, str):
                for outcome in quick.outcomes:
                    if outcome.name in plan.outcomes:
                        values = [getattr(outcome, kind) for kind in KINDS]
                        made[at, position, plan.outcomes.index(outcome.name)] = values
    return made


def permuted_table(table: Table, plan: Plan, eligible: np.ndarray, number: int) -> Table:
    """The table with the treatment permuted among the eligible rows (positions in the file)."""
    rng = np.random.default_rng([plan.spec.seed, number])
    column = plan.spec.columns.treatment
    values = table.frame[column].to_numpy().copy()
    values[eligible] = values[rng.permutation(eligible)]
    return replace(table, frame=table.frame.assign(**{column: values}), digest=f"{table.digest} permuted {number}")


def null_curve(curve: SpecificationCurve, permuted: Permuted) -> NullCurve:
    """Where the curve of the data stands among those of the permutations."""
    estimates = permuted.of(curve.outcome, "estimate")
    observed = {
        "median_estimate": curve.median,
        "share_published": curve.share_significant("p_published"),
        "share_by_set": curve.share_significant("p_by_set"),
    }
    drawn = {"median_estimate": _medians(estimates)} | {
        f"share_{kind}": np.array([significant_share(p) for p in permuted.of(curve.outcome, f"p_{kind}")])
        for kind in ("published", "by_set")
    }
    tests = [
        (name, observed[name], _middle(drawn[name]), _p(name, observed[name], drawn[name], curve))
        for name in STATISTICS
    ]
    return NullCurve(
        len(estimates),
        _band(estimates, len(curve.rows)),
        pd.DataFrame(tests, columns=["statistic", "observed", "null", "p_value"]),
    )


def _medians(estimates: np.ndarray) -> np.ndarray:
    """float (B,): NaN for a permutation without any estimate."""
    return np.array([np.median(row[~np.isnan(row)]) if (~np.isnan(row)).any() else np.nan for row in estimates])


def _middle(values: np.ndarray) -> float:
    known = values[~np.isnan(values)]
    return float(np.median(known)) if len(known) else float("nan")


def _p(name: str, observed: float, drawn: np.ndarray, curve: SpecificationCurve) -> float:
    drawn = drawn[~np.isnan(drawn)]
    if np.isnan(observed) or not len(drawn):
        return float("nan")
    if name == "median_estimate":
        observed, drawn = _distance(np.array([observed]), curve)[0], _distance(drawn, curve)
    slack = 1e-9 * max(1.0, abs(observed))
    return float((1 + (drawn >= observed - slack).sum()) / (1 + len(drawn)))


def _distance(estimates: np.ndarray, curve: SpecificationCurve) -> np.ndarray:
    """From no effect; of ratios on the log scale."""
    return np.abs(np.log(estimates)) if curve.null == 1 else np.abs(estimates - curve.null)


def _band(estimates: np.ndarray, points: int) -> pd.DataFrame:
    """Each permutation's sorted estimates, at the ranks of the curve of the data."""
    ranks = np.linspace(0, 1, max(points, 2))
    curves = [np.quantile(row[~np.isnan(row)], ranks) for row in estimates if (~np.isnan(row)).any()]
    if not curves:
        return pd.DataFrame({"rank": ranks, "low": np.nan, "median": np.nan, "high": np.nan})
    low, middle, high = np.quantile(np.array(curves), [0.025, 0.5, 0.975], axis=0)
    return pd.DataFrame({"rank": ranks, "low": low, "median": middle, "high": high})
