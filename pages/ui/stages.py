"""One short function per stage, cached for this session. The only file with st.cache_*.

A stage's arguments are its whole key: the table's digest of every row and the part of the spec that the stage reads
(`part`). Everything derived from an upload stays in the session that uploaded it, in memory.
"""

import streamlit as st

from lib import pipeline
from lib.balance import BalanceTable, balance_table
from lib.cohort import Cohort
from lib.gate import build_cohort
from lib.matching import MatchedSample, match
from lib.outcomes import OutcomeResult, compare_outcomes
from lib.pipeline import Analysis
from lib.propensity import PropensityModel, fit_propensity
from lib.spec import AnalysisSpec
from lib.table import Table

_stage = st.cache_data(scope="session", max_entries=16, show_spinner=False,
                       hash_funcs={Table: lambda t: t.digest, AnalysisSpec: lambda s: s.canonical()})


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


def outcomes(table: Table, spec: AnalysisSpec) -> tuple[OutcomeResult, ...]:
    """What happened to whom."""
    return _outcomes(table, pipeline.matching_part(spec))


def analysis(table: Table, spec: AnalysisSpec) -> Analysis:
    """All stages together, for tables that draw on several."""
    return Analysis(spec, cohort(table, spec), propensity(table, spec), matched(table, spec), balance(table, spec),
                    outcomes(table, spec))


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
def _outcomes(table: Table, part: AnalysisSpec) -> tuple[OutcomeResult, ...]:
    return compare_outcomes(cohort(table, part), matched(table, part), part.seed)
