"""What the pages ask for: the steps of lib.steps with this session's store. The only file with st.cache_*.

Everything derived from an upload stays in the session that uploaded it, in memory, under a key of every row of the
table (`Table.digest`) and the part of the spec that the step reads.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pandas as pd
import streamlit as st

from lib.check import Checked, Claim, PaperDesign, check
from lib.cohort import Cohort
from lib.design import Comparison
from lib.design.reach import Reach, reach
from lib.errors import AnalysisError
from lib.freedays.study import FreeDaysResult, Study
from lib.io import read_csv
from lib.sensitivity import axes, grid, lines, null_curve, workers
from lib.sensitivity.cry_wolf import CryWolf, Drawn, Flock, How, counted_up
from lib.sensitivity.design_map import DesignMap, design_map
from lib.sensitivity.fragility import Fragility, fragility
from lib.sensitivity.hidden_bias import HiddenBias, hidden_bias
from lib.sensitivity.left_out import LeftOut, left_out
from lib.sensitivity.live import Live, live
from lib.sensitivity.methods import Candidate, Tried, candidates, tried
from lib.sensitivity.missing_outcomes import MissingOutcomes, missing_outcomes
from lib.sensitivity.tipping import Tipping, outcome_tipping
from lib.sensitivity.verdicts import Line, Main, Name
from lib.sensitivity.ways_back import WayBack, ways_back
from lib.spec import AnalysisSpec, Outcome
from lib.steps import Steps, Store, run
from lib.study import published
from lib.table import Table

T = TypeVar("T")

_many = st.cache_data(
    scope="session",
    max_entries=512,
    show_spinner=False,
    hash_funcs={Table: lambda t: t.digest, AnalysisSpec: lambda s: s.canonical()},
)

SAMPLE_DATA = Path(__file__).resolve().parents[2] / "sample_data"


@st.cache_resource(scope="session", show_spinner=False)
def _store() -> Store:
    """The results of this session."""
    return Store({"line": 128, "line_seconds": 128, "wolf": 128})


def forget() -> None:
    """Empty this session's results."""
    _store().clear()


def steps(table: Table, spec: AnalysisSpec, episodes: Table | None = None) -> Steps:
    """All steps of one analysis, sharing what this session has made already."""
    return Steps(table, spec, _store(), episodes)


def prepared(table: Table, spec: AnalysisSpec) -> Table:
    """The table that an analysis reads; as it came where it cannot be prepared, which the page says elsewhere."""
    try:
        return steps(table, spec).prepared
    except AnalysisError:
        return table


def treatment_time(table: Table, spec: AnalysisSpec) -> str:
    """How many were dead or gone before treatment began, in words; empty where nothing tells."""
    try:
        found = steps(table, spec).treatment_time_before
    except AnalysisError:  # the page says so where the patients are counted
        return ""
    return "" if found is None else found.sentence


def cohort(table: Table, spec: AnalysisSpec) -> Cohort:
    """The checked cohort."""
    return steps(table, spec).cohort


def longest_follow_up(table: Table, spec: AnalysisSpec, outcome: str) -> float:
    """The last time at which a matched patient is followed in a survival outcome."""
    made = steps(table, spec)
    times = made.cohort.outcomes[f"{outcome}.time"].to_numpy(float)
    last = times[made.cohort.rows][made.comparison.matched]
    return float(last[last == last].max(initial=0.0))


def reached(table: Table, spec: AnalysisSpec, ratio: int) -> Reach | None:
    """From which caliper on everybody keeps `ratio` controls; None where there is no cohort or score to ask."""
    made = steps(table, spec)
    try:
        return made.kept("reach", lambda: reach(made.cohort, made.score, spec.matching, ratio), ratio)
    except AnalysisError:  # the page says so where the match is made
        return None


def study(table: Table, spec: AnalysisSpec, episodes: Table) -> Study:
    """The table and the spec with the free days of a file of episodes. table: as it came, without them."""
    return steps(table, spec, episodes).study


def free_days(table: Table, spec: AnalysisSpec, episodes: Table) -> FreeDaysResult:
    """Free days by arm and the win ratio of the matched sets. table: as it came."""
    return steps(table, spec, episodes).free_days


def live_numbers(table: Table, spec: AnalysisSpec, outcome: str) -> Live:
    """The headline numbers of one specification."""
    made = steps(table, spec)
    return made.kept("live", lambda: live(made, outcome), outcome)


def main_answer(table: Table, spec: AnalysisSpec, outcome: str) -> Main:
    """What the main analysis says of an outcome, as the lines of Robust? read it."""
    made = steps(table, spec)
    return made.kept("main_answer", lambda: lines.main_answer(made, outcome), outcome)


def robust_line(table: Table, spec: AnalysisSpec, outcome: str, name: Name) -> Line:
    """One of the five lines of Robust?."""
    made = steps(table, spec)
    return made.kept("line", lambda: lines.line(made.beside(), name, outcome), outcome, name)


def line_seconds(table: Table, spec: AnalysisSpec, outcome: str, name: Name) -> float:
    """About how long that takes."""
    made = steps(table, spec)
    return made.kept("line_seconds", lambda: lines.seconds_needed(made.beside(), outcome, name), outcome, name)


def wolf_part(table: Table, spec: AnalysisSpec, outcome: str, how: How, part: int, size: int) -> list[Drawn]:
    """Some of the studies drawn from the untreated (lib.sensitivity.cry_wolf)."""
    made = steps(table, spec)
    flock = made.kept("flock", lambda: Flock.of(made, outcome), outcome)
    numbers = range(part * size, (part + 1) * size)
    return made.kept("wolf", lambda: [flock.draw(number, how) for number in numbers], outcome, how, part, size)


def wolf_of(table: Table, spec: AnalysisSpec, outcome: str, how: How, drawn: list[Drawn]) -> CryWolf:
    """What they say together."""
    made = steps(table, spec)
    return counted_up(made.kept("flock", lambda: Flock.of(made, outcome), outcome), drawn, how)


def other_designs(table: Table, spec: AnalysisSpec) -> DesignMap:
    """The method's settings varied, and the other methods, outcomes not looked at."""
    made = steps(table, spec)
    return made.kept("designs", lambda: design_map(made.beside()))


def ways_to_bring_back(table: Table, spec: AnalysisSpec, trying: bool) -> tuple[WayBack, ...]:
    """The changes that bring lost treated patients back; outcomes are not looked at."""
    made = steps(table, spec)
    return made.kept("ways_back", lambda: ways_back(made.beside(), trying), trying)


def compared_methods(table: Table, spec: AnalysisSpec, about: Callable[[int, int, Candidate], None]) -> list[Tried]:
    """All methods on these patients, outcomes closed, one after the other.  about: told which one comes next, as its
    number from 0, how many there are, and it; not where they are known already."""
    made = steps(table, spec)
    return made.kept("methods", lambda: _methods(made, about))


def _methods(made: Steps, about: Callable[[int, int, Candidate], None]) -> list[Tried]:
    beside, every, found = made.beside(), candidates(made.spec), []
    for number, one in enumerate(every):
        about(number, len(every), one)
        found.append(tried(beside, one))
    return found


def fragile(table: Table, spec: AnalysisSpec) -> Fragility:
    """The analysis with one thing changed."""
    made = steps(table, spec)
    return made.kept("fragile", lambda: fragility(made.beside()))


def bounds(table: Table, spec: AnalysisSpec, outcome: str) -> HiddenBias:
    """Rosenbaum bounds of one outcome."""
    return _of_outcome("bounds", table, spec, outcome, hidden_bias)


def yardstick(table: Table, spec: AnalysisSpec) -> LeftOut:
    """What leaving out each measured covariate would do to the odds inside the sets."""
    made = steps(table, spec)
    return made.kept("left_out", lambda: left_out(made))


def tipping(table: Table, spec: AnalysisSpec, outcome: str) -> tuple[Tipping, Tipping]:
    """Tipping points of a binary outcome, by set and as published."""
    return _of_outcome("tipping", table, spec, outcome, outcome_tipping)


def unknown_outcomes(table: Table, spec: AnalysisSpec, outcome: str) -> MissingOutcomes:
    """Best and worst case of missing outcomes and drop-outs."""
    return _of_outcome("unknown", table, spec, outcome, missing_outcomes)


def _of_outcome(
    step: str, table: Table, spec: AnalysisSpec, outcome: str, make: Callable[[Cohort, Comparison, Outcome], T]
) -> T:
    made, named = steps(table, spec), next(one for one in spec.outcomes if one.name == outcome)
    return made.kept(step, lambda: make(made.cohort, made.comparison, named), outcome)


def grid_seconds(table: Table, spec: AnalysisSpec) -> float:
    """About how long the grid of this spec takes in one process."""
    make = steps(table, spec).store.once
    return make("seconds", (table.digest, spec.canonical()), lambda: _seconds(table, spec))


def _seconds(table: Table, spec: AnalysisSpec) -> float:
    return grid.seconds_needed(table, axes.plan_grid(spec, prune=True))


@_many
def grid_wave(table: Table, spec: AnalysisSpec, number: int, alone: bool) -> grid.Found:
    """One wave of the grid of this spec: in this process if `alone`, else in the server's pool."""
    plan = axes.plan_grid(spec, prune=True)
    wave = grid.waves_of(plan, len(table.frame), workers.local_jobs())[number]
    if alone:
        return grid.run_wave(table, plan, wave, workers.ALONE)
    with workers.local_workers() as pool:
        return grid.run_wave(table, plan, wave, pool)


@_many
def null_part(table: Table, spec: AnalysisSpec, numbers: tuple[int, ...]) -> null_curve.Permuted:
    """The grid of this spec under these permutations of the treatment, in the server's pool."""
    with workers.local_workers() as pool:
        return null_curve.run_permuted(table, axes.plan_grid(spec, prune=True), numbers, pool)


@st.cache_data(max_entries=2, show_spinner=False)
def sample_analysis(name: str) -> Steps:
    """The whole analysis of a bundled sample under its own spec, whatever is open in this session."""
    table = read_csv((SAMPLE_DATA / f"{name}.csv").read_bytes())
    return run(table, AnalysisSpec.from_json((SAMPLE_DATA / f"{name}.spec.json").read_bytes()))


@st.cache_data(max_entries=1, show_spinner=False)
def type_one_rows() -> pd.DataFrame:
    """The simulation of studies without any effect (benchmarks/type_one_error.py), a row per test and interval."""
    return read_csv((SAMPLE_DATA / "type_one_error.csv").read_bytes()).frame


def printed_rows() -> tuple[published.PrintedRow, ...]:
    """The printed tables of the sample study."""
    return published.printed_rows((SAMPLE_DATA / "published_tables.json").read_bytes())


@st.cache_data(max_entries=1, show_spinner=False)
def level_rows() -> tuple[pd.DataFrame, pd.DataFrame]:
    """How often each displayed number is wrong (benchmarks/levels): without confounding, and with it."""
    without, with_it = ((SAMPLE_DATA / f"{name}.csv").read_bytes() for name in ("levels", "levels_confounding"))
    return read_csv(without).frame, read_csv(with_it).frame


@st.cache_data(max_entries=2, show_spinner=False)
def published_cells(name: str) -> pd.DataFrame:
    """Every printed cell beside the number of a bundled sample (lib.study.published.COLUMNS)."""
    printed = printed_rows()
    return published.compare(printed, published.own_rows(sample_analysis(name), [row.variable for row in printed]))


@st.cache_data(max_entries=32, show_spinner="Trying every way in which the events could have fallen …")
def checked(design: PaperDesign, claim: Claim) -> Checked:
    """One outcome of a paper; holds no patient, so every session may share it."""
    return check(design, claim)
