"""The matched sets one by one: a treated patient, its controls, and how alike they are; all sets as a file."""

import numpy as np
import pandas as pd
import streamlit as st

from lib.design.stories import sets_digest
from lib.io import write_csv
from lib.report.files import matched_frame
from lib.spec import AnalysisSpec
from pages.ui import lock, session, widgets
from pages.ui.matching.blocks import patients
from pages.ui.matching.stories import show_story
from pages.ui.view import View

WITHOUT_OUTCOMES = "Outcomes are left out of matched.csv until the design is locked."
MOST_IN_LIST = 1_000  # sets offered by name; beyond, by number


def show_sets(view: View) -> None:
    """One set in full, and the table of all sets to take away; without sets every patient with a weight."""
    sets, whole = view.comparison.n_sets > 0, lock.opens(view)
    if sets:
        number = chosen_set(view)
        show_story(view, number + 1)
        one_set(view, number)
    with st.container(horizontal=True):
        if sets:
            widgets.download("All matched sets (CSV)", "sets", view.spec, lambda: write_csv(set_table(view)))
        widgets.download(
            "Every patient with weights (matched.csv)", "matched", view.spec, lambda: matched_file(view, whole)
        )
    if not whole:
        st.caption(WITHOUT_OUTCOMES)


def chosen_set(view: View) -> int:
    """The set to show, from 0."""
    left, _ = st.columns([1, 2])
    count = view.comparison.n_sets
    if count > MOST_IN_LIST:
        return int(left.number_input(f"Set (1 to {count:,})", 1, count, key=session.key("set-number"))) - 1
    rows, sets = view.comparison.membership.T
    treated = view.comparison.treated[rows]
    first = pd.Series(view.cohort.person_id[rows[treated]], dtype=object).groupby(sets[treated]).first()
    ids = {at: f"{name}{others(int(view.comparison.units.n_treated[at]))}" for at, name in first.items()}
    return left.selectbox(
        "Treated patient",
        range(count),
        key=session.key(f"set-{sets_digest(view.comparison)}"),
        format_func=lambda s: f"{ids[s]} (set {s + 1} of {count:,})",
    )


def others(treated: int) -> str:
    """ " and 2 more" where a set has three treated patients."""
    return f" and {treated - 1:,} more" if treated > 1 else ""


def one_set(view: View, number: int) -> None:
    """The treated patient and its controls, covariate by covariate."""
    rows = set_table(view, number).drop(columns="Set")
    decimals = st.column_config.NumberColumn(format="%.3f")
    st.dataframe(
        rows,
        hide_index=True,
        placeholder="",
        alt="A treated patient, then its controls",
        column_config=dict.fromkeys(("Score", "Distance", "Apart", "Weight"), decimals),
    )


def matched_file(view: View, whole: bool) -> bytes:
    """The file that `python -m lib run` writes too: all columns, score, distance, weight and set of every patient;
    while outcomes are closed (not whole), without theirs."""
    made = matched_frame(view.cohort, view.score, view.comparison)
    return write_csv(made if whole else made.drop(columns=of_outcomes_only(view.spec), errors="ignore"))


def of_outcomes_only(spec: AnalysisSpec) -> list[str]:
    """Columns that tell what happened and that the design does not read."""
    columns = spec.columns
    design = {columns.id, columns.treatment, columns.treatment_day, *columns.covariates, *columns.described}
    design |= {one.baseline for one in spec.outcomes}
    return sorted({name for one in spec.outcomes for name in one.columns()} - design)


def set_table(view: View, number: int | None = None) -> pd.DataFrame:
    """Rows of one set (from 0) or of all: set, role, patient, score, distance, difference from the treated, weight, and
    the covariates."""
    rows, sets = view.comparison.membership.T
    chosen = np.arange(len(rows)) if number is None else np.flatnonzero(sets == number)
    chosen = chosen[np.argsort(sets[chosen], kind="stable")]
    rows, sets = rows[chosen], sets[chosen]
    treated = view.comparison.treated[rows]
    table = patients(view, rows)
    table.insert(0, "Set", sets + 1)
    table.insert(1, "Role", role(treated, sets))
    after = table.columns.get_loc("Patient") + 1 + ("Score" in table) + ("Distance" in table)
    if "Distance" in table:
        table.insert(after, "Apart", apart(view.comparison.distance[rows], treated, sets))
        after += 1
    table.insert(after, "Weight", view.comparison.weights[rows])
    return table


def role(treated: np.ndarray, sets: np.ndarray) -> np.ndarray:
    """ "Treated", "Control 1", "Control 2" ...; the treated have numbers where a set has several.  All (rows,)."""
    frame = pd.DataFrame({"set": sets, "treated": treated})
    number = (frame.groupby(["set", "treated"]).cumcount() + 1).astype(str)
    several = frame.groupby("set")["treated"].transform("sum") > 1
    return np.where(treated, np.where(several, "Treated " + number, "Treated"), "Control " + number)


def apart(distance: np.ndarray, treated: np.ndarray, sets: np.ndarray) -> np.ndarray:
    """Absolute difference from the one patient of the other arm; NaN for that patient. Where a set has several of both
    arms NaN for all.  All (rows,)."""
    frame = pd.DataFrame({"set": sets, "treated": treated, "distance": distance})
    arms = frame.groupby(["set", "treated"])["distance"].agg(["size", "first"]).unstack()
    one_treated, one_control = (arms["size"][arm] == 1 for arm in (True, False))
    centre = arms["first"][True].where(one_treated, arms["first"][False].where(one_control))
    of_centre = frame["set"].map(one_treated) == treated  # whose arm has one patient in this set
    own = frame["set"].map(centre)
    return np.where(of_centre, np.nan, np.abs(distance - own))
