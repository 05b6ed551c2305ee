"""Sets made elsewhere: which column of the file names them."""

from typing import Any

import streamlit as st

from lib.design.methods import taken_by
from lib.spec import AnalysisSpec, Columns
from lib.table import Table
from pages.ui import session
from pages.ui.matching.settings import candidates

COLUMN_HELP = (
    "The same value for a treated patient and its own controls; empty for everybody else. MatchIt calls this column "
    "subclass."
)
COVARIATE_HELP = "None are needed. Those chosen here are looked at for balance, and give the score in the figures."


def given_settings(table: Table, spec: AnalysisSpec) -> dict[str, Any] | None:
    """The sections of the spec that say which column holds the sets; None until one is chosen."""
    offered = candidates(table, spec)
    first, second = st.columns([1, 2], gap="medium")
    now = spec.matching.set_column
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
    return {"columns": columns, "matching": taken_by("given", spec.matching.model_dump()) | {"subclass": column}}
