"""Choose a design: caliper by ratio before any outcome is seen, and taking one over."""

import json
from dataclasses import dataclass
from typing import Any

import streamlit as st

from lib import figures
from lib.design import METHODS
from lib.figures.sensitivity_designs import front_designs, plain, takeaway_of
from lib.sensitivity.design_map import DesignMap
from lib.spec import AnalysisSpec
from lib.words import glossary_sensitivity as glossary
from lib.words.designs import front_table, worst
from lib.words.match_result import designs_takeaway
from pages.ui import session, stages
from pages.ui.tables import show_table
from pages.ui.view import View

LINE = "Which ratio and caliper? A map of all of them, outcomes closed: patients kept against how alike"
CLICK = (
    "Click a mark to choose its design below. A square is another method with what it takes of these settings; the "
    "list below offers it too."
)


def show_design(view: View) -> None:
    """The map, the designs on its front, and the button that takes one over."""
    with st.spinner("Trying every design …", show_time=True):
        found = stages.other_designs(view.table, view.spec)
    drawn, line = figures.design_map(found), designs_takeaway(*takeaway_of(found))
    title = "Designs: patients kept against how alike the groups are"
    clicked = view.card(drawn, title, "design_map", glossary.DESIGNS, picked=True, takeaway=line)
    st.caption(CLICK)
    shared = "; calipers that give the same match share a row" if "caliper" in found.axes else ""
    st.markdown(f"Designs that no other one beats, numbered as in the figure{shared}:")
    show_table(front_table(front_designs(found), found.treated))
    take_over(view, found, clicked)


@dataclass(frozen=True)
class Design:
    """One that can be taken over.  settings: what of the spec's matching section it changes."""

    name: str
    settings: dict[str, Any]
    kept: int
    max_abs_smd: float
    current: bool

    @property
    def line(self) -> str:
        """The design and what it gives."""
        return f"{self.name}: {self.kept:,} kept, worst difference {worst(self.max_abs_smd)}"


def designs_of(found: DesignMap) -> list[Design]:
    """Every design that can be made: the method's own, then the other methods."""
    axes, made = METHODS[found.method].axes, []
    for row in found.designs[found.designs["error"].isna()].to_dict("records"):
        settings = {name: plain(row[name]) for name in found.axes}
        name = ", ".join(axes[axis].say(value) for axis, value in settings.items())
        made.append(Design(name, settings, row["kept"], row["max_abs_smd"], row["current"]))
    for row in found.methods[found.methods["error"].isna()].to_dict("records"):
        title = METHODS[row["method"]].title
        made.append(Design(title, json.loads(row["settings"]), row["kept"], row["max_abs_smd"], False))
    return made


def take_over(view: View, found: DesignMap, clicked: list) -> None:
    """One design becomes the main analysis.  clicked: [design in words, its settings as JSON] of clicked marks."""
    designs = designs_of(found)
    wanted = json.loads(clicked[0][1]) if clicked else None
    here = next((i for i, one in enumerate(designs) if one.settings == wanted), None)
    if here is None:
        here = next((i for i, one in enumerate(designs) if one.current), 0)
    row = st.container(horizontal=True, vertical_alignment="bottom")
    at = row.selectbox(
        "Design",
        range(len(designs)),
        index=here,
        key=session.seed_key(f"design-choice-{here}"),
        format_func=lambda i: designs[i].line,
    )
    chosen = designs[at]
    if row.button(
        "Take this design over",
        type="primary",
        disabled=bool(chosen.current),
        icon=":material/push_pin:",
        key=session.key("take-design"),
    ):
        session.edit_spec(taken_over(view.spec, chosen.settings))
        session.restart_widgets()
        st.rerun()


def taken_over(spec: AnalysisSpec, settings: dict[str, Any]) -> AnalysisSpec:
    """The spec with these settings of the match; those of another method stand for all of them."""
    same = {} if "method" in settings else spec.matching.model_dump(mode="json")
    return spec.replace(matching=same | settings)
