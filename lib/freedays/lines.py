"""Who is drawn in a swimmer plot: a line per patient, with its episodes and the day of death."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..cohort import Cohort
from ..design import Comparison
from .derive import Vital
from .episodes import Episodes

EPISODE_COLUMNS = ("line", "support", "start", "end")


@dataclass(frozen=True)
class Lines:
    """k patients, from top to bottom.

    labels: what stands beside each line; never an id.  treated: bool (k,).  death: float (k,), NaN for survivors.
    episodes: DataFrame EPISODE_COLUMNS; line: 0..k-1; start, end in days.
    """

    labels: tuple[str, ...]
    treated: np.ndarray
    death: np.ndarray
    episodes: pd.DataFrame


def treated_lines(episodes: Episodes, vital: Vital, cohort: Cohort, sample: Comparison, most: int) -> Lines:
    """Up to `most` treated patients, the one with the longest record first, labelled by their matched set."""
    rows = np.flatnonzero(cohort.treated)
    place = episodes.places(cohort.person_id[rows])
    last = episodes.rows.groupby("patient")["end"].max().reindex(place).to_numpy(dtype=float)
    order = np.argsort(-np.nan_to_num(last, nan=-np.inf), kind="stable")[:most]
    number = np.full(cohort.n, -1)
    member, sets = sample.membership.T
    number[member[cohort.treated[member]]] = sets[cohort.treated[member]]
    labels = tuple(f"Set {number[row] + 1}" if number[row] >= 0 else "Not matched" for row in rows[order])
    return _lines(episodes, vital, place[order], labels, np.ones(len(order), dtype=bool))


def set_lines(episodes: Episodes, vital: Vital, cohort: Cohort, sample: Comparison, number: int) -> Lines:
    """One matched set, 0..S-1: the treated patient, then its controls as they were chosen."""
    rows = sample.membership[sample.membership[:, 1] == number, 0]
    arm = cohort.treated[rows]
    names = [f"Control {k}" for k in range(1, int((~arm).sum()) + 1)]
    rows = np.concatenate([rows[arm], rows[~arm]])
    return _lines(episodes, vital, episodes.places(cohort.person_id[rows]), ("Treated", *names), cohort.treated[rows])


def _lines(episodes: Episodes, vital: Vital, place: np.ndarray, labels: tuple[str, ...], treated: np.ndarray) -> Lines:
    line = pd.Series(range(len(place)), index=place)
    mine = episodes.rows[episodes.rows["patient"].isin(place)]
    drawn = mine.assign(line=line.reindex(mine["patient"]).to_numpy())[list(EPISODE_COLUMNS)]
    drawn = drawn.sort_values(["line", "start", "end", "support"], ignore_index=True)
    return Lines(labels, treated, np.where(vital.dead[place], vital.last[place], np.nan), drawn)
