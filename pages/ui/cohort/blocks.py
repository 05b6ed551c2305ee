"""Blocks of the Data page: what each column is, who is treated, who is lost on the way, the settings as a file."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from lib import figures
from lib.cohort import Cohort
from lib.errors import AnalysisError, SpecError
from lib.roles.describe import describe_columns
from lib.spec import AnalysisSpec
from lib.table import Table
from lib.words import cohort as words
from lib.words import data as data_words
from lib.words import glossary
from pages.ui import session, stages, widgets
from pages.ui.cohort import moves, roles
from pages.ui.plain import plain

ROW_PX, MOST_ROWS = 35, 16  # of the table of columns; more rows scroll inside it
ROLE_HELP = "Treatment: two values. Covariate: known before treatment. Outcome: known only afterwards."
EDITABLE = ("Role", "Groups", "Called", "Unit", "Normal values")
CALLED_HELP = "What tables and figures call it; empty: the column's own name. No number depends on it."
NORMAL_HELP = (
    "Values of healthy people, such as 1.10-3.70: shown in Table 1, and used to look for values in another unit."
)
UNIT_HELP = "What it is counted in, such as mg/L or years."
GROUPS_HELP = "Ticked: the numbers of this covariate are names of groups, without order. Text always is."


@dataclass(frozen=True)
class Edited:
    """The table of columns as it stands on screen. roles: column -> role; groups: columns ticked as factors; labels,
    units, normal: what columns are called and count in, and the values of healthy people, where somebody has said
    so."""

    roles: Mapping[str, str]
    groups: list[str]
    labels: Mapping[str, str]
    units: Mapping[str, str]
    normal: Mapping[str, str]

    @classmethod
    def of(cls, rows: pd.DataFrame) -> "Edited":
        """From the rows of the editor."""
        names = rows["Column"]
        labels, units, normal = (
            {name: said.strip() for name, said in zip(names, rows[column], strict=True) if said and said.strip()}
            for column in ("Called", "Unit", "Normal values")
        )
        return cls(dict(zip(names, rows["Role"], strict=True)), list(names[rows["Groups"]]), labels, units, normal)

    def spec(self, before: AnalysisSpec | None) -> AnalysisSpec:
        """The spec that these columns make. Raises SpecError."""
        return roles.spec_of(self.roles, self.groups, before, self.labels, self.units, self.normal)


def column_table(table: Table, spec: AnalysisSpec) -> Edited:
    """Every column with its summary, what is to be decided about it, and what readers call it."""
    start = session.seed("columns", lambda: column_rows(table, spec))
    config = {
        "Column": st.column_config.TextColumn("Column", pinned=True, width=155),
        "Role": st.column_config.SelectboxColumn(
            "Role", options=list(roles.ROLES), required=True, help=ROLE_HELP, width=195
        ),
        "Groups": st.column_config.CheckboxColumn("Groups", help=GROUPS_HELP, width=85),
        "Called": st.column_config.TextColumn("Called", help=CALLED_HELP, width=155),
        "Unit": st.column_config.TextColumn("Unit", help=UNIT_HELP, width=85),
        "Normal values": st.column_config.TextColumn("Normal values", help=NORMAL_HELP, width=115),
        "Type": st.column_config.TextColumn("Type", width=105),
        "Known": st.column_config.NumberColumn("Known", format="localized", width=75),
        "Missing": st.column_config.NumberColumn("Missing", format="localized", width=75),
    }
    fixed = [name for name in start.columns if name not in EDITABLE]
    rows = st.data_editor(
        start,
        column_config=config,
        disabled=fixed,
        hide_index=True,
        height=ROW_PX * (min(len(start), MOST_ROWS) + 1) + 3,
        key=session.seed_key("columns"),
        alt="Every column, its role and its summary",
    )
    return Edited.of(rows)


def column_rows(table: Table, spec: AnalysisSpec) -> pd.DataFrame:
    """What the editor starts from: edits that are not in force yet, else the roles of the spec. One row per column."""
    names = list(table.frame.columns)
    waiting, columns = session.keep("edited"), spec.columns
    if waiting:
        given, groups = waiting.roles, waiting.groups
        labels, units, normal = waiting.labels, waiting.units, waiting.normal
    else:
        given, groups = roles.roles_of(names, spec), columns.categorical
        labels, units, normal = columns.labels, columns.units, columns.normal
    summary = describe_columns(table)
    return pd.DataFrame(
        {
            "Column": names,
            "Role": [given[name] for name in names],
            "Groups": [name in groups for name in names],
            "Called": [labels.get(name, "") for name in names],
            "Unit": [units.get(name, "") for name in names],
            "Normal values": [normal.get(name, "") for name in names],
            "Type": summary["type"].to_numpy(),
            "Known": summary["n"].to_numpy(),
            "Missing": summary["missing"].to_numpy(),
            "Values": summary["summary"].to_numpy(),
        }
    )


def take_roles(edited: Edited, spec: AnalysisSpec) -> AnalysisSpec | None:
    """The spec with the roles as edited; where they make none, a sentence says why, and edits and old spec stay."""
    try:
        new = edited.spec(spec)
    except SpecError as error:
        session.keep("edited", edited)
        session.error_box(error)
        st.caption("Until then the settings before this change stay in force.")
        return None
    session.keep("edited", ())
    if new != spec:
        session.edit_spec(moves.without_answered(spec, new))
        session.restart_widgets()
        st.rerun()
    return new


def take_outcomes(spec: AnalysisSpec, new: list[dict]) -> None:
    """Outcomes from the form: what is open about their columns is answered by it; columns that nothing reads any more
    are free. Raises AnalysisError."""
    changed = spec.replace(outcomes=new)
    told = {column for outcome in changed.outcomes for column in outcome.columns() if outcome not in spec.outcomes}
    session.set_spec(changed.replace(questions=[q for q in spec.questions if q.column not in told]))


def show_cohort(table: Table, spec: AnalysisSpec) -> None:
    """Who is analysed and who is lost: numbers, flow diagram, gaps; or one sentence on why there is no cohort."""
    waiting = [question for question in spec.questions if question.blocking]
    if waiting:
        st.warning(data_words.waiting_words(waiting), icon=":material/help:")
        st.button("Next: match", disabled=True, icon=":material/arrow_forward:", key=session.key("next-waits"))
        return
    st.header("Who is analysed", anchor=False)
    try:
        cohort = stages.cohort(table, spec)
    except AnalysisError as error:
        session.error_box(error)
        return
    show_counts(cohort)
    caption = (
        f"{session.label()}: {len(table.frame):,} rows in the file, {cohort.n:,} patients analysed, spec {spec.digest}"
    )
    widgets.show(
        figures.flow(cohort.attrition),
        title="From the file to the patients analysed",
        name="flow",
        text=caption,
        spec=spec,
        what=glossary.FLOW,
    )
    widgets.notes(note for note in cohort.notes if note not in table.notes)
    widgets.next_page("pages/matching.py", "Next: match")


def show_counts(cohort: Cohort) -> None:
    """Patients in each arm, and outcomes they come with."""
    treated = int(cohort.treated.sum())
    eligible = int(cohort.eligible_treated.sum())
    with st.container(horizontal=True, gap="small"):
        count("Treated", cohort.treated_label, treated, eligible)
        count("Control", cohort.control_label, cohort.n - treated, len(cohort.eligible) - eligible)
        st.metric("Covariates", len(cohort.covariates.columns), border=True, width="stretch", height="stretch")
        st.metric("Outcomes", len(cohort.outcome_specs), border=True, width="stretch", height="stretch")


def count(arm: str, value: str, analysed: int, eligible: int) -> None:
    """One arm: patients analysed, of those eligible. value: what the file calls the arm."""
    label = arm if value.lower() == arm.lower() else f"{arm} ({value})"
    st.metric(
        plain(label),
        f"{analysed:,}",
        f"of {eligible:,} eligible",
        delta_color="gray",
        delta_arrow="off",
        border=True,
        width="stretch",
        height="stretch",
    )


def spec_file(table: Table, spec: AnalysisSpec) -> None:
    """All settings as one JSON file, out and in. A file that does not fit changes nothing."""
    st.markdown(words.SPEC_FILE)
    widgets.download("Save the settings (JSON)", "spec", spec, lambda: spec.to_json().encode(), "json")
    chosen = st.file_uploader("Load settings", type=["json"], key=session.key("spec-upload"))
    if chosen is None:
        return
    try:
        new = AnalysisSpec.from_json(chosen.getvalue())
        stages.cohort(table, new)
    except AnalysisError as error:
        session.error_box(error)
        st.caption("These settings were not loaded; table and settings are as before.")
        return
    session.set_spec(new)
    st.toast("Settings loaded.")
    st.rerun()
