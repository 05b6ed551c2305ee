"""The matched sets one by one: a treated patient, its controls, and how alike they are; all sets as a file."""

import numpy as np
import pandas as pd
import streamlit as st

from lib import figures
from lib.balance import balance_table
from lib.io import write_csv
from lib.pipeline import Analysis
from lib.report.files import matched_frame
from lib.words import glossary
from pages.ui import session, widgets
from pages.ui.matching.blocks import Matched, patients

MOST_IN_LIST = 1_000  # sets offered by name; beyond, by number


def show_figure(m: Matched) -> None:
    """All sets on the distance axis; nothing where the match was made without a score."""
    if np.isfinite(m.sample.distance).all():
        drawn = figures.matched_sets(m.sample, m.propensity.scale)
        widgets.show(
            drawn,
            title="The matched sets",
            name="matched_sets",
            text=m.caption,
            spec=m.spec,
            what=glossary.SETS_ON_AXIS,
        )


def show_sets(m: Matched) -> None:
    """One set in full, and the table of all sets to take away."""
    st.subheader("One matched set", anchor=False)
    one_set(m, chosen_set(m))
    with st.container(horizontal=True):
        widgets.download("All matched sets (CSV)", "sets", m.spec, lambda: write_csv(set_table(m)))
        widgets.download("Every patient with weights (matched.csv)", "matched", m.spec, lambda: matched_file(m))


def chosen_set(m: Matched) -> int:
    """The set to show, from 0."""
    left, _ = st.columns([1, 2])
    count = m.sample.n_sets
    if count > MOST_IN_LIST:
        return int(left.number_input(f"Set (1 to {count:,})", 1, count, key=session.key("set-number"))) - 1
    rows, sets = m.sample.membership.T
    treated = m.sample.treated[rows]
    ids = dict(zip(sets[treated].tolist(), m.cohort.person_id[rows[treated]], strict=True))
    return left.selectbox(
        "Treated patient",
        range(count),
        key=session.key("set"),
        format_func=lambda s: f"{ids[s]} (set {s + 1} of {count:,})",
    )


def one_set(m: Matched, number: int) -> None:
    """The treated patient and its controls, covariate by covariate."""
    rows = set_table(m, number).drop(columns="Set")
    decimals = st.column_config.NumberColumn(format="%.3f")
    st.dataframe(
        rows,
        hide_index=True,
        placeholder="",
        alt="A treated patient, then its controls",
        column_config=dict.fromkeys(("Score", "Distance", "Apart", "Weight"), decimals),
    )


def matched_file(m: Matched) -> bytes:
    """The file that `python -m lib run` writes too: all columns, score, distance, weight and set of every patient."""
    balance = balance_table(m.cohort, m.sample)
    return write_csv(matched_frame(Analysis(m.spec, m.cohort, m.propensity, m.sample, balance, ())))


def set_table(m: Matched, number: int | None = None) -> pd.DataFrame:
    """Rows of one set (from 0) or of all: set, role, patient, score, distance, difference from the treated, weight, and
    the covariates."""
    rows, sets = m.sample.membership.T
    chosen = np.arange(len(rows)) if number is None else np.flatnonzero(sets == number)
    chosen = chosen[np.argsort(sets[chosen], kind="stable")]
    rows, sets = rows[chosen], sets[chosen]
    treated = m.sample.treated[rows]
    pick = pd.Series(~treated).groupby(sets).cumsum()
    table = patients(m, rows)
    table.insert(0, "Set", sets + 1)
    table.insert(1, "Role", np.where(treated, "Treated", "Control " + pick.astype(str)))
    after = table.columns.get_loc("Patient") + 1 + ("Score" in table) + ("Distance" in table)
    if "Distance" in table:
        table.insert(after, "Apart", apart(m.sample.distance[rows], treated, sets))
        after += 1
    table.insert(after, "Weight", m.sample.weights[rows])
    return table


def apart(distance: np.ndarray, treated: np.ndarray, sets: np.ndarray) -> np.ndarray:
    """Absolute difference from the set's treated patient; NaN for the treated.  All (rows,)."""
    own = pd.Series(distance[treated], index=sets[treated]).reindex(sets).to_numpy()
    return np.where(treated, np.nan, np.abs(distance - own))
