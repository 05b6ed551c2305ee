"""The specification grid: every combination of chosen settings, each as good as a run of its own."""

import json
import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ..errors import AnalysisError, SpecError
from ..io import write_csv
from ..steps import Steps
from ..table import Table, text_as_objects
from ..words import counted
from .axes import Plan
from .quick import Quick, quick, worker_store
from .workers import ALONE, Workers, WorkersLost

MOST = 100_000  # combinations; above, the caller has to insist
TRIED = 3  # combinations timed to say how long a grid takes
LEAST_WAVES = 8  # so that a caller can look up at least so often
LONGEST_TASK = 100  # combinations
SHORTEST_TASK = 8
ROWS_PER_TASK = 25_000  # rows of the table x combinations, so that a wave lasts seconds with many patients too
COUNTS = ("matched_treated", "matched_control", "max_abs_smd")
NUMBERS = ("estimate", "p_published", "p_by_set", "p_quoted")  # per outcome in grid.csv
FIELDS = {"p_by_set": "p_plain", "p_quoted": "p_by_set"}  # of QuickOutcome, where they have another name
LIMITS = ("ci_low", "ci_high")  # per outcome for figures
ERROR = "error"


@dataclass(frozen=True)
class Progress:
    """done of total combinations; seconds: spent so far; seconds_left: at that pace."""

    done: int
    total: int
    seconds: float

    @property
    def seconds_left(self) -> float:
        """NaN before anything is done."""
        return self.seconds / self.done * (self.total - self.done) if self.done else math.nan


@dataclass(frozen=True)
class Grid:
    """rows: DataFrame, one row per finished combination in axis order, its position in the plan as index: the axes
    under their paths, COUNTS, per outcome NAME.estimate, NAME.p_published, NAME.p_by_set, NAME.p_quoted,
    NAME.ci_low, NAME.ci_high, and `error`, the sentence of a combination that cannot be done (else None)."""

    plan: Plan
    rows: pd.DataFrame

    @property
    def failed(self) -> int:
        """Combinations that cannot be done."""
        return int(self.rows[ERROR].notna().sum())


Found = dict[int, Quick | str]
Report = Callable[[Progress], None]


def run_grid(table: Table, plan: Plan, workers: Workers = ALONE, report: Report = lambda progress: None) -> Grid:
    """The whole grid.  report: called after every wave of tasks; what it raises stops the grid."""
    found: Found = {}
    started = time.perf_counter()
    for wave in waves_of(plan, len(table.frame), workers.jobs):
        found |= _insisting(table, plan, wave, workers)
        report(Progress(len(found), plan.size, time.perf_counter() - started))
    return grid_of(plan, found)


def _insisting(table: Table, plan: Plan, wave: Sequence[list[int]], workers: Workers) -> Found:
    """One wave, once more if its processes were lost: nobody is there to say "go on"."""
    try:
        return run_wave(table, plan, wave, workers)
    except WorkersLost:
        return run_wave(table, plan, wave, workers)


def waves_of(plan: Plan, rows: int, jobs: int) -> list[list[list[int]]]:
    """Positions of combinations, cut into tasks, and tasks into waves of one for each job: between two waves a caller
    can look up. Those that share a propensity fit stand together.  rows: of the table."""
    order = plan.sharing_order().tolist()
    even = -(-len(order) // (jobs * LEAST_WAVES))
    size = max(SHORTEST_TASK, min(LONGEST_TASK, ROWS_PER_TASK // max(rows, 1), even))
    tasks = [order[start : start + size] for start in range(0, len(order), size)]
    return [tasks[first : first + jobs] for first in range(0, len(tasks), jobs)]


def run_wave(table: Table, plan: Plan, wave: Sequence[list[int]], workers: Workers) -> Found:
    """The combinations of one wave: what each gives, or the sentence why it cannot be done."""
    results = workers.run(run_task, [(table, plan, task) for task in wave])
    return {
        position: one
        for task, found in zip(wave, results, strict=True)
        for position, one in zip(task, found, strict=True)
    }


def run_task(table: Table, plan: Plan, positions: list[int], plain: bool = True) -> list[Quick | str]:
    """Some combinations one after the other, sharing what they can.  plain: as quick_outcomes."""
    store = worker_store()
    found: list[Quick | str] = []
    for position in positions:
        try:
            found.append(quick(Steps(table, plan.specification(plan.combination(position)), store), plain))
        except AnalysisError as error:
            found.append(str(error))
    return found


def seconds_needed(table: Table, plan: Plan) -> float:
    """How long the grid takes in one process, from TRIED of its combinations."""
    positions = np.unique(np.linspace(0, plan.size - 1, TRIED).astype(int)).tolist()
    started = time.perf_counter()
    run_task(table, plan, positions)
    return (time.perf_counter() - started) / len(positions) * plan.size


def check_size(table: Table, plan: Plan, jobs: int, times: int = 1) -> None:
    """Raises SpecError for more than MOST combinations: how many, and how long they would take.  times: how often the
    whole grid is run (1 + permutations)."""
    if plan.size * times <= MOST:
        return
    needed, runs = duration(seconds_needed(table, plan) * times / jobs), f", run {times:,} times" if times > 1 else ""
    raise SpecError(
        f"The grid has {counted(plan.size, 'combination')}{runs}: about {needed} with {counted(jobs, 'worker')}.",
        f"Use fewer values (up to {MOST:,} runs go without asking), or insist with --yes.",
    )


def duration(seconds: float) -> str:
    """A time in words: "8 seconds", "12 minutes", "3.5 hours", "12 days"."""
    for unit, size in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if seconds >= 1.5 * size:
            amount = seconds / size
            return f"{amount:.0f} {unit}s" if amount >= 10 else f"{amount:.2g} {unit}s"
    return counted(max(1, round(seconds)), "second")


def grid_of(plan: Plan, found: Found) -> Grid:
    """The rows of what is finished, in axis order."""
    rows = [_row(plan, position, found[position]) for position in sorted(found)]
    columns = [*plan.paths, *number_columns(plan), ERROR]
    return Grid(plan, text_as_objects(pd.DataFrame(rows, index=sorted(found), columns=columns)))


def number_columns(plan: Plan) -> list[str]:
    """The columns of a Grid that hold numbers, the limits of each outcome last."""
    return [*COUNTS, *(f"{name}.{number}" for name in plan.outcomes for number in (*NUMBERS, *LIMITS))]


def _row(plan: Plan, position: int, found: Quick | str) -> list[Any]:
    settings = list(plan.combination(position))
    if isinstance(found, str):
        return [*settings, *[math.nan] * len(number_columns(plan)), found]
    by_name = {outcome.name: outcome for outcome in found.outcomes}
    fields = [FIELDS.get(number, number) for number in (*NUMBERS, *LIMITS)]
    numbers = [getattr(by_name.get(name), field, math.nan) for name in plan.outcomes for field in fields]
    return [*settings, *(getattr(found, count) for count in COUNTS), *numbers, None]


def grid_csv(grid: Grid) -> bytes:
    """grid.csv: the settings as in the spec (lists as JSON, null empty), numbers unrounded, NaN and null empty."""
    limits = [f"{name}.{limit}" for name in grid.plan.outcomes for limit in LIMITS]
    shown = grid.rows.drop(columns=limits)
    for path in grid.plan.paths:
        shown[path] = np.array([*map(_cell, shown[path]), None], dtype=object)[:-1]
    return write_csv(shown)


def _cell(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, (bool, list, dict)) else value
