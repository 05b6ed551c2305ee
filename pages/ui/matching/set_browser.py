"""The matched sets one by one: a treated patient, its controls, and how alike they are; all sets as a file."""

import numpy as np
import pandas as pd
import streamlit as st

from lib import figures
from lib.io import write_csv
from lib.report.files import matched_frame
from lib.words import glossary
from pages.ui import session, widgets
from pages.ui.matching.blocks import patients
from pages.ui.view import View

MOST_IN_LIST = 1_000  # sets offered by name; beyond, by number


def show_figure(view: View) -> None:
    """All sets on the distance axis; nothing where the match was made without a score."""
    if np.isfinite(view.comparison.distance).all():
        drawn = figures.matched_sets(view.comparison, view.score.scale)
        widgets.show(
            drawn,
            title="The matched sets",
            name="matched_sets",
            text=view.caption,
            spec=view.spec,
            what=glossary.SETS_ON_AXIS,
        )


def show_sets(view: View) -> None:
    """One set in full, and the table of all sets to take away."""
    st.subheader("One matched set", anchor=False)
    one_set(view, chosen_set(view))
    with st.container(horizontal=True):
        widgets.download("All matched sets (CSV)", "sets", view.spec, lambda: write_csv(set_table(view)))
        widgets.download("Every patient with weights (matched.csv)", "matched", view.spec, lambda: matched_file(view))


def chosen_set(view: View) -> int:
    """The set to show, from 0."""
    left, _ = st.columns([1, 2])
    count = view.comparison.n_sets
    if count > MOST_IN_LIST:
        return int(left.number_input(f"Set (1 to {count:,})", 1, count, key=session.key("set-number"))) - 1
    rows, sets = view.comparison.membership.T
    treated = view.comparison.treated[rows]
    ids = dict(zip(sets[treated].tolist(), view.cohort.person_id[rows[treated]], strict=True))
    return left.selectbox(
        "Treated patient",
        range(count),
        key=session.key("set"),
        format_func=lambda s: f"{ids[s]} (set {s + 1} of {count:,})",
    )


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


def matched_file(view: View) -> bytes:
    """The file that `python -m lib run` writes too: all columns, score, distance, weight and set of every patient."""
    return write_csv(matched_frame(view.cohort, view.score, view.comparison))


def set_table(view: View, number: int | None = None) -> pd.DataFrame:
    """Rows of one set (from 0) or of all: set, role, patient, score, distance, difference from the treated, weight, and
    the covariates."""
    rows, sets = view.comparison.membership.T
    chosen = np.arange(len(rows)) if number is None else np.flatnonzero(sets == number)
    chosen = chosen[np.argsort(sets[chosen], kind="stable")]
    rows, sets = rows[chosen], sets[chosen]
    treated = view.comparison.treated[rows]
    pick = pd.Series(~treated).groupby(sets).cumsum()
    table = patients(view, rows)
    table.insert(0, "Set", sets + 1)
    table.insert(1, "Role", np.where(treated, "Treated", "Control " + pick.astype(str)))
    after = table.columns.get_loc("Patient") + 1 + ("Score" in table) + ("Distance" in table)
    if "Distance" in table:
        table.insert(after, "Apart", apart(view.comparison.distance[rows], treated, sets))
        after += 1
    table.insert(after, "Weight", view.comparison.weights[rows])
    return table


def apart(distance: np.ndarray, treated: np.ndarray, sets: np.ndarray) -> np.ndarray:
    """Absolute difference from the set's treated patient; NaN for the treated.  All (rows,)."""
    own = pd.Series(distance[treated], index=sets[treated]).reindex(sets).to_numpy()
    return np.where(treated, np.nan, np.abs(distance - own))
