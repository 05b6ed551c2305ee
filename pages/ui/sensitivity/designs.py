"""Choose a design: caliper by ratio before any outcome is seen, and taking one over."""

import numpy as np
import pandas as pd
import streamlit as st

from lib import figures
from lib.figures.sensitivity_designs import calipers, front_designs
from lib.sensitivity.design_map import DesignMap
from lib.words import glossary_sensitivity as glossary
from lib.words.designs import front_table, worst
from pages.ui import session, stages
from pages.ui.tables import show_table
from pages.ui.view import View


def show_design(view: View) -> None:
    """The map, the designs on its front, and the button that takes one over."""
    with st.spinner("Trying every design …", show_time=True):
        found = stages.other_designs(view.table, view.spec)
    drawn = figures.design_map(found)
    clicked = view.card(drawn, "Designs: patients kept against balance", "design_map", glossary.DESIGNS, picked=True)
    if session.presentation():
        return
    st.caption("Click a mark to choose its design below.")
    st.markdown("On the front, numbered as in the figure; calipers that give the same match share a row:")
    show_table(front_table(front_designs(found), found.treated))
    take_over(view, found, clicked)


def name_of(row) -> str:
    """ "1:3, caliper 0.2"."""
    words_ = calipers(pd.Series([row.caliper]))
    return f"1:{row.ratio}, {words_ if np.isnan(row.caliper) else f'caliper {words_}'}"


def is_mark(row, mark: list) -> bool:
    """Whether a design is the one that a mark of the figure stands for."""
    ratio, _, caliper = mark
    same = np.isnan(row.caliper) if caliper is None else row.caliper == caliper
    return int(ratio) == row.ratio and bool(same)


def take_over(view: View, found: DesignMap, clicked: list) -> None:
    """One design becomes the main analysis.  clicked: [ratio, calipers in words, caliper] of clicked marks."""
    usable = found.designs[found.designs["error"].isna()]
    rows = list(usable.itertuples())
    here = next((i for i, row in enumerate(rows) if row.current), 0)
    here = next((i for i, row in enumerate(rows) if clicked and is_mark(row, clicked[0])), here)
    left, right = st.columns([2, 1], vertical_alignment="bottom")
    names = [f"{name_of(row)}: {row.kept:,} kept, worst |SMD| {worst(row.max_abs_smd)}" for row in rows]
    at = left.selectbox(
        "Design",
        range(len(rows)),
        index=here,
        key=session.seed_key(f"design-choice-{here}"),
        format_func=names.__getitem__,
    )
    row = rows[at]
    if right.button(
        "Take this design over",
        type="primary",
        disabled=bool(row.current),
        icon=":material/push_pin:",
        key=session.key("take-design"),
    ):
        caliper = None if np.isnan(row.caliper) else float(row.caliper)
        changed = {"ratio": int(row.ratio), "caliper": caliper}
        session.update_spec(matching=view.spec.matching.model_copy(update=changed))
        session.restart_widgets()
        st.rerun()
