"""Which method says who is compared with whom; each has its words from its own file in lib/design."""

import streamlit as st

from lib.design import METHODS
from lib.design.methods import switched
from lib.spec import AnalysisSpec
from pages.ui import session

GIVEN = "given"


def chosen_method(spec: AnalysisSpec) -> str:
    """A name of METHODS; as the spec has it until somebody chooses."""
    names = list(METHODS)
    chosen = st.selectbox(
        "How patients are compared",
        names,
        names.index(spec.matching.method),
        format_func=lambda name: METHODS[name].title,
        key=session.seed_key("method"),
    )
    st.caption(METHODS[chosen].help)
    return chosen


def with_method(spec: AnalysisSpec, name: str) -> AnalysisSpec:
    """The spec with another method: settings that both take stay, the others start from their defaults; a caliper is
    never among these."""
    if spec.matching.method == name:
        return spec
    return spec.replace(matching=switched(name, spec.matching.model_dump()))
