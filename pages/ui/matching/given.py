"""Who made the matched sets: MatchLens, or somebody else, whose sets stand in a column of the file."""

from typing import Any

import streamlit as st

from lib.spec import AnalysisSpec, Columns
from lib.table import Table
from pages.ui import session
from pages.ui.matching.settings import candidates

SOURCES = {"nearest": "MatchLens chooses the controls", "given": "The sets are in a column of the file"}
SOURCE_HELP = (
    "Sets that were made elsewhere (in R, in SAS, by hand) are taken as they are: balance and outcomes are worked out "
    "for them, and nothing is matched again."
)
COLUMN_HELP = (
    "The same value for a treated patient and its own controls; empty for everybody else. MatchIt calls this column "
    "subclass."
)
COVARIATE_HELP = "None are needed. Those chosen here are looked at for balance, and give the score in the figures."


def chosen_source(spec: AnalysisSpec) -> str:
    """nearest or given; as the spec has it until somebody chooses."""
    now = "given" if spec.matching.method == "given" else "nearest"
    return st.segmented_control(
        "Matched sets",
        list(SOURCES),
        default=now,
        required=True,
        format_func=SOURCES.get,
        key=session.seed_key("source"),
        help=SOURCE_HELP,
    )


def own_sets(spec: AnalysisSpec) -> AnalysisSpec:
    """The spec with sets made here; a spec of sets made elsewhere starts again from the defaults."""
    return spec.replace(matching={"caliper": None}) if spec.matching.method == "given" else spec


def given_settings(table: Table, spec: AnalysisSpec) -> dict[str, Any] | None:
    """The sections of the spec that say which column holds the sets; None until one is chosen."""
    offered = candidates(table, spec)
    first, second = st.columns([1, 2], gap="medium")
    now = spec.matching.subclass
    column = first.selectbox(
        "Column of the sets",
        offered,
        offered.index(now) if now in offered else None,
        placeholder="Choose a column",
        help=COLUMN_HELP,
        key=session.seed_key("subclass"),
    )
    others = [name for name in offered if name != column]
    covariates = second.multiselect(
        "Covariates to look at",
        others,
        placeholder="None",
        wrap=True,
        help=COVARIATE_HELP,
        default=[c for c in spec.columns.covariates if c in others],
        key=session.seed_key("given-covariates"),
    )
    if column is None:
        return None
    columns = Columns.model_dump(spec.columns, mode="json") | {
        "covariates": covariates,
        "categorical": [c for c in spec.columns.categorical if c in covariates],
        "log": [c for c in spec.columns.log if c in covariates],
        "described": [c for c in spec.columns.described if c not in (column, *covariates)],
    }
    return {"columns": columns, "matching": {"method": "given", "subclass": column}}
