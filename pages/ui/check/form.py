"""What is typed on the Check a paper page: the matched sets, and one row for each outcome."""

import json
from dataclasses import astuple, dataclass, replace

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from lib.study.published import PrintedRow, printed_rows
from pages.ui import session
from pages.ui.stages import SAMPLE_DATA

MOST_OUTCOMES = 20
LONGEST = 80  # letters of a field
NAME = "check"


@dataclass(frozen=True)
class Row:
    """One outcome as typed, every field a text; empty means not given."""

    name: str = ""
    treated: str = ""
    control: str = ""
    treated_percent: str = ""
    control_percent: str = ""
    p: str = ""

    @property
    def empty(self) -> bool:
        """Whether nothing is typed."""
        return not any(text.strip() for text in astuple(self))


@dataclass(frozen=True)
class Typed:
    """All that is typed.  sets: controls of each set, with blanks between."""

    treated: str = ""
    ratio: str = ""
    controls: str = ""
    sets: str = ""
    rows: tuple[Row, ...] = (Row(),)

    @property
    def empty(self) -> bool:
        """Whether nothing is typed."""
        design = self.treated + self.ratio + self.controls + self.sets
        return not design.strip() and all(row.empty for row in self.rows)


def show() -> Typed:
    """The fields, and what was typed when a button was last pressed."""
    start = session.seed(NAME, lambda: session.keep(NAME) or Typed())
    with st.container(key="check-form"), st.form(key("form")):
        st.subheader("What the paper prints", anchor=False)
        design = design_fields(start)
        typed = replace(design, rows=tuple(outcome_fields(row, number) for number, row in enumerate(start.rows)))
        session.keep(NAME, typed)
        buttons(typed)
    return typed


def design_fields(start: Typed) -> Typed:
    """How many were treated, and the controls in one of three ways."""
    treated, ratio, controls, sets = st.columns(4, vertical_alignment="bottom")
    return Typed(
        treated.text_input("Treated, matched", start.treated, key=key("treated"), placeholder="8"),
        ratio.text_input("Controls for each", start.ratio, key=key("ratio"), placeholder="3"),
        controls.text_input("or controls in all", start.controls, key=key("controls"), placeholder="24"),
        sets.text_input("or of each set, one by one", start.sets, key=key("sets"), placeholder="3 3 2 3"),
    )


def outcome_fields(row: Row, number: int) -> Row:
    """One outcome: its name, its counts, and if printed the percentages and the p."""
    name, treated, control, first, second, p = st.columns([2, 1, 1, 1, 1, 1], vertical_alignment="bottom")

    def field(place: DeltaGenerator, label: str, value: str, what: str, example: str) -> str:
        return place.text_input(label, value, key=key(f"{what}-{number}"), placeholder=example, max_chars=LONGEST)

    return Row(
        field(name, f"Outcome {number + 1}", row.name, "name", "Death by day 28"),
        field(treated, "Events, treated", row.treated, "events-treated", "0"),
        field(control, "Events, controls", row.control, "events-control", "5"),
        field(first, "% of treated", row.treated_percent, "percent-treated", "if printed"),
        field(second, "% of controls", row.control_percent, "percent-control", "if printed"),
        field(p, "p", row.p, "p", "if printed"),
    )


def buttons(typed: Typed) -> None:
    """Check what is typed, add an outcome, or start from an example or from nothing."""
    with st.container(horizontal=True):
        st.form_submit_button("Check", type="primary", icon=":material/fact_check:", key=key("check"))
        more = len(typed.rows) < MOST_OUTCOMES
        if st.form_submit_button("Add an outcome", icon=":material/add:", key=key("add"), disabled=not more):
            start_from(replace(typed, rows=(*typed.rows, Row())))
        if st.form_submit_button("Gregoire 2022", icon=":material/article:", key=key("example"), help=EXAMPLE_HELP):
            start_from(gregoire())
        if st.form_submit_button("Clear", icon=":material/close:", key=key("clear")):
            start_from(Typed())


EXAMPLE_HELP = "An example: the yes-or-no outcomes of the published study behind the sample."


def start_from(typed: Typed) -> None:
    """Fill the fields anew."""
    session.keep(NAME, typed)
    session.restart_widgets()
    st.rerun()


def gregoire() -> Typed:
    """The printed yes-or-no outcomes of the published study, matched sample."""
    printed = [
        row for row in printed_rows((SAMPLE_DATA / "published_tables.json").read_bytes()) if row.kind == "binary"
    ]
    labels = json.loads((SAMPLE_DATA / "msc_covid19.codebook.json").read_text("utf-8"))
    treated, controls, _ = printed[0].group_n
    rows = tuple(printed_row(row, labels[row.variable]["label"]) for row in printed)
    return Typed(treated=str(treated), ratio=str(controls // treated), rows=rows)


def printed_row(row: PrintedRow, label: str) -> Row:
    """One printed outcome as it would be typed."""
    cells = {cell.part: str(cell.values[0]) for cell in row.cells}
    return Row(label, cells["msc"], cells["matched"], p=cells["p_matched"])


def key(name: str) -> str:
    """Of a field; another one whenever the fields are filled anew."""
    return session.seed_key(f"check-{name}")
