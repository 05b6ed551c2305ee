"""One short function per stage, cached for this session. The only file with st.cache_*.

A stage's arguments are its whole key: the table's digest of every row and the part of the spec that the stage reads
(`part`). Everything derived from an upload stays in the session that uploaded it, in memory.
"""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import streamlit as st

from lib import pipeline
from lib.balance import BalanceTable, balance_table, table1
from lib.cohort import Cohort, build_cohort
from lib.design import MatchedSample, match
from lib.freedays.study import FreeDaysResult, Study, free_days_result, join, study_part, with_outcomes
from lib.inference import Detectable, Multiplicity, OutcomeResult, compare_outcome, compare_outcomes, several_outcomes
from lib.io import read_csv
from lib.pipeline import Analysis
from lib.score.propensity import PropensityModel, fit_propensity
from lib.sensitivity import axes, grid, null_curve, workers
from lib.sensitivity.design_map import DesignMap, design_map
from lib.sensitivity.fragility import Fragility, fragility
from lib.sensitivity.hidden_bias import HiddenBias, hidden_bias
from lib.sensitivity.live import Live, live
from lib.sensitivity.missing_outcomes import MissingOutcomes, missing_outcomes
from lib.sensitivity.negative_control import NegativeControl, negative_controls
from lib.sensitivity.tipping import Tipping, outcome_tipping
from lib.spec import AnalysisSpec, Outcome, parts
from lib.study import published
from lib.table import Table

_stage = st.cache_data(
    scope="session",
    max_entries=16,
    show_spinner=False,
    hash_funcs={
        Table: lambda t: t.digest,
        AnalysisSpec: lambda s: s.canonical(),
        Outcome: lambda o: o.model_dump_json(),
    },
)

_many = st.cache_data(
    scope="session",
    max_entries=512,
    show_spinner=False,
    hash_funcs={Table: lambda t: t.digest, AnalysisSpec: lambda s: s.canonical()},
)

_whole = st.cache_resource(
    scope="session",
    max_entries=4,
    show_spinner=False,
    hash_funcs={Table: lambda t: t.digest, AnalysisSpec: lambda s: s.canonical()},
)

SAMPLE_DATA = Path(__file__).resolve().parents[2] / "sample_data"


def cohort(table: Table, spec: AnalysisSpec) -> Cohort:
    """The checked cohort."""
    return _cohort(table, parts.cohort_part(spec))


def propensity(table: Table, spec: AnalysisSpec) -> PropensityModel:
    """The fitted score."""
    return _propensity(table, parts.propensity_part(spec), parts.needs_score(spec.matching))


def matched(table: Table, spec: AnalysisSpec) -> MatchedSample:
    """Who is compared with whom."""
    return _matched(table, parts.matching_part(spec))


def balance(table: Table, spec: AnalysisSpec) -> BalanceTable:
    """Balance before and after."""
    return _balance(table, parts.matching_part(spec))


def table_one(table: Table, spec: AnalysisSpec) -> pd.DataFrame:
    """Table 1 (lib.balance.table1.COLUMNS)."""
    return _table_one(table, parts.matching_part(spec))


def outcomes(table: Table, spec: AnalysisSpec) -> tuple[OutcomeResult, ...]:
    """What happened to whom."""
    return _outcomes(table, parts.matching_part(spec))


def outcome_at(table: Table, spec: AnalysisSpec, outcome: Outcome) -> OutcomeResult:
    """One outcome of the spec with other settings of its own, such as another horizon."""
    return _outcome_at(table, parts.matching_part(spec), outcome)


def longest_follow_up(table: Table, spec: AnalysisSpec, outcome: str) -> float:
    """The last time at which a matched patient is followed in a survival outcome."""
    times = cohort(table, spec).outcomes[f"{outcome}.time"].to_numpy(float)
    last = times[cohort(table, spec).rows][matched(table, spec).matched]
    return float(last[last == last].max(initial=0.0))


def analysis(table: Table, spec: AnalysisSpec) -> Analysis:
    """All stages together, for tables that draw on several."""
    return Analysis(
        spec,
        cohort(table, spec),
        propensity(table, spec),
        matched(table, spec),
        balance(table, spec),
        outcomes(table, spec),
        multiplicity=multiplicity(table, spec),
    )


def design(table: Table, spec: AnalysisSpec) -> Detectable | None:
    """What the matched sets could find, before any outcome; None where sets overlap."""
    return _design(table, parts.matching_part(spec))


def multiplicity(table: Table, spec: AnalysisSpec) -> Multiplicity:
    """The p-values by set of all outcomes, adjusted for being several."""
    return _multiplicity(table, parts.matching_part(spec))


def study(table: Table, spec: AnalysisSpec, episodes: Table) -> Study:
    """The table and the spec with the free days of a file of episodes. table: as it came, without them."""
    found = _study(table, study_part(spec), episodes)
    return replace(found, spec=with_outcomes(spec, found.derived, found.discharge, table.frame))


def free_days(table: Table, spec: AnalysisSpec, episodes: Table) -> FreeDaysResult:
    """Free days by arm and the win ratio of the matched sets. table: as it came."""
    return _free_days(table, spec, episodes)


@_whole
def _study(table: Table, part: AnalysisSpec, episodes: Table) -> Study:
    return join(table, part, episodes)


@_stage
def _free_days(table: Table, spec: AnalysisSpec, episodes: Table) -> FreeDaysResult:
    found = study(table, spec, episodes)
    return free_days_result(found, cohort(found.table, found.spec), matched(found.table, found.spec))


@_stage
def _cohort(table: Table, part: AnalysisSpec) -> Cohort:
    return build_cohort(table, part)


@_stage
def _propensity(table: Table, part: AnalysisSpec, required: bool) -> PropensityModel:
    return fit_propensity(cohort(table, part), part.propensity, required=required)


@_stage
def _matched(table: Table, part: AnalysisSpec) -> MatchedSample:
    return match(cohort(table, part), propensity(table, part), part.matching, part.seed)


@_stage
def _balance(table: Table, part: AnalysisSpec) -> BalanceTable:
    return balance_table(cohort(table, part), matched(table, part))


@_stage
def _table_one(table: Table, part: AnalysisSpec) -> pd.DataFrame:
    return table1.table_one(cohort(table, part), matched(table, part), balance(table, part))


@_stage
def _outcomes(table: Table, part: AnalysisSpec) -> tuple[OutcomeResult, ...]:
    return compare_outcomes(cohort(table, part), matched(table, part), part.seed)


@_stage
def _outcome_at(table: Table, part: AnalysisSpec, outcome: Outcome) -> OutcomeResult:
    return compare_outcome(cohort(table, part), matched(table, part), outcome, part.seed)


@_stage
def _design(table: Table, part: AnalysisSpec) -> Detectable | None:
    return pipeline.design_of(matched(table, part), part.seed)


@_stage
def _multiplicity(table: Table, part: AnalysisSpec) -> Multiplicity:
    return several_outcomes(cohort(table, part), matched(table, part), outcomes(table, part), part.seed)


def live_numbers(table: Table, spec: AnalysisSpec, outcome: str) -> Live:
    """The headline numbers of one specification."""
    return _live(table, parts.matching_part(spec), outcome)


def other_designs(table: Table, spec: AnalysisSpec) -> DesignMap:
    """Caliper by ratio, outcomes not looked at."""
    return _designs(table, parts.matching_part(spec))


def fragile(table: Table, spec: AnalysisSpec) -> Fragility:
    """The analysis with one thing changed."""
    return _fragile(table, parts.matching_part(spec))


def bounds(table: Table, spec: AnalysisSpec, outcome: str) -> HiddenBias:
    """Rosenbaum bounds of one outcome."""
    return _bounds(table, parts.matching_part(spec), outcome)


def tipping(table: Table, spec: AnalysisSpec, outcome: str) -> tuple[Tipping, Tipping]:
    """Tipping points of a binary outcome, by set and as published."""
    return _tipping(table, parts.matching_part(spec), outcome)


def unknown_outcomes(table: Table, spec: AnalysisSpec, outcome: str) -> MissingOutcomes:
    """Best and worst case of missing outcomes and drop-outs."""
    return _unknown(table, parts.matching_part(spec), outcome)


def warnings(table: Table, spec: AnalysisSpec) -> tuple[NegativeControl, ...]:
    """The negative control outcomes."""
    return _warnings(table, parts.matching_part(spec))


def _named(spec: AnalysisSpec, name: str) -> Outcome:
    return next(outcome for outcome in spec.outcomes if outcome.name == name)


@_stage
def _live(table: Table, part: AnalysisSpec, outcome: str) -> Live:
    return live(table, part, outcome)


@_stage
def _designs(table: Table, part: AnalysisSpec) -> DesignMap:
    return design_map(table, part)


@_stage
def _fragile(table: Table, part: AnalysisSpec) -> Fragility:
    return fragility(table, part)


@_stage
def _bounds(table: Table, part: AnalysisSpec, outcome: str) -> HiddenBias:
    return hidden_bias(cohort(table, part), matched(table, part), _named(part, outcome))


@_stage
def _tipping(table: Table, part: AnalysisSpec, outcome: str) -> tuple[Tipping, Tipping]:
    return outcome_tipping(cohort(table, part), matched(table, part), _named(part, outcome))


@_stage
def _unknown(table: Table, part: AnalysisSpec, outcome: str) -> MissingOutcomes:
    return missing_outcomes(cohort(table, part), matched(table, part), _named(part, outcome))


@_stage
def _warnings(table: Table, part: AnalysisSpec) -> tuple[NegativeControl, ...]:
    return negative_controls(cohort(table, part), matched(table, part))


@_stage
def grid_seconds(table: Table, spec: AnalysisSpec) -> float:
    """About how long the grid of this spec takes in one process."""
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
def sample_analysis(name: str) -> Analysis:
    """The whole analysis of a bundled sample under its own spec, whatever is open in this session."""
    table = read_csv((SAMPLE_DATA / f"{name}.csv").read_bytes())
    return pipeline.run(table, AnalysisSpec.from_json((SAMPLE_DATA / f"{name}.spec.json").read_bytes()))


@st.cache_data(max_entries=1, show_spinner=False)
def type_one_rows() -> pd.DataFrame:
    """The simulation of studies without any effect (benchmarks/type_one_error.py), a row per test and interval."""
    return read_csv((SAMPLE_DATA / "type_one_error.csv").read_bytes()).frame


@st.cache_data(max_entries=2, show_spinner=False)
def published_cells(name: str) -> pd.DataFrame:
    """Every printed cell beside the number of a bundled sample (lib.study.published.COLUMNS)."""
    printed = published.printed_rows((SAMPLE_DATA / "published_tables.json").read_bytes())
    return published.compare(printed, published.own_rows(sample_analysis(name), [row.variable for row in printed]))
