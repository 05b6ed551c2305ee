"""One short function per stage, cached for this session. The only file with st.cache_*.

A stage's arguments are its whole key: the table's digest of every row and the part of the spec that the stage reads
(`part`). Everything derived from an upload stays in the session that uploaded it, in memory.
"""

from pathlib import Path

import pandas as pd
import streamlit as st

from lib import pipeline, published, table1
from lib.balance import BalanceTable, balance_table
from lib.cohort import Cohort
from lib.gate import build_cohort
from lib.io import read_csv
from lib.matching import MatchedSample, match
from lib.outcomes import Detectable, Multiplicity, OutcomeResult, compare_outcomes, several_outcomes
from lib.pipeline import Analysis
from lib.propensity import PropensityModel, fit_propensity
from lib.spec import AnalysisSpec
from lib.table import Table

_stage = st.cache_data(scope="session", max_entries=16, show_spinner=False,
                       hash_funcs={Table: lambda t: t.digest, AnalysisSpec: lambda s: s.canonical()})


SAMPLE_DATA = Path(__file__).resolve().parents[2] / "sample_data"


def cohort(table: Table, spec: AnalysisSpec) -> Cohort:
    """The checked cohort."""
    return _cohort(table, pipeline.cohort_part(spec))


def propensity(table: Table, spec: AnalysisSpec) -> PropensityModel:
    """The fitted score."""
    return _propensity(table, pipeline.propensity_part(spec), pipeline.needs_score(spec.matching))


def matched(table: Table, spec: AnalysisSpec) -> MatchedSample:
    """Who is compared with whom."""
    return _matched(table, pipeline.matching_part(spec))


def balance(table: Table, spec: AnalysisSpec) -> BalanceTable:
    """Balance before and after."""
    return _balance(table, pipeline.matching_part(spec))


def table_one(table: Table, spec: AnalysisSpec) -> pd.DataFrame:
    """Table 1 (lib.table1.COLUMNS)."""
    return _table_one(table, pipeline.matching_part(spec))


def outcomes(table: Table, spec: AnalysisSpec) -> tuple[OutcomeResult, ...]:
    """What happened to whom."""
    return _outcomes(table, pipeline.matching_part(spec))


def analysis(table: Table, spec: AnalysisSpec) -> Analysis:
    """All stages together, for tables that draw on several."""
    return Analysis(spec, cohort(table, spec), propensity(table, spec), matched(table, spec), balance(table, spec),
                    outcomes(table, spec), multiplicity=multiplicity(table, spec))


def design(table: Table, spec: AnalysisSpec) -> Detectable | None:
    """What the matched sets could find, before any outcome; None where sets overlap."""
    return _design(table, pipeline.matching_part(spec))


def multiplicity(table: Table, spec: AnalysisSpec) -> Multiplicity:
    """The p-values by set of all outcomes, adjusted for being several."""
    return _multiplicity(table, pipeline.matching_part(spec))


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
def _design(table: Table, part: AnalysisSpec) -> Detectable | None:
    return pipeline.design_of(matched(table, part), part.seed)


@_stage
def _multiplicity(table: Table, part: AnalysisSpec) -> Multiplicity:
    return several_outcomes(cohort(table, part), matched(table, part), outcomes(table, part), part.seed)


@st.cache_data(max_entries=2, show_spinner=False)
def sample_analysis(name: str) -> Analysis:
    """The whole analysis of a bundled sample under its own spec, whatever is open in this session."""
    table = read_csv((SAMPLE_DATA / f"{name}.csv").read_bytes())
    return pipeline.run(table, AnalysisSpec.from_json((SAMPLE_DATA / f"{name}.spec.json").read_bytes()))


@st.cache_data(max_entries=2, show_spinner=False)
def published_cells(name: str) -> pd.DataFrame:
    """Every printed cell beside the number of a bundled sample (lib.published.COLUMNS)."""
    printed = published.printed_rows((SAMPLE_DATA / "published_tables.json").read_bytes())
    return published.compare(printed, published.own_rows(sample_analysis(name), [row.variable for row in printed]))
