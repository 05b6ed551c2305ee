"""One run on sets made elsewhere, and its matched patients as the reference functions want them."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from tests.independent.harness import Run, run

FOLLOW_UP = 100.0  # beyond every time that `random_sets` makes
OUTCOMES = [
    {"name": "died", "kind": "binary", "column": "died"},
    {"name": "score", "kind": "continuous", "column": "score"},
    {"name": "grade", "kind": "continuous", "column": "grade"},
    {"name": "alive", "kind": "survival", "time": "days", "event": "dead", "horizon": FOLLOW_UP},
    {"name": "early", "kind": "survival", "time": "days", "event": "dead", "horizon": 30},
]


@dataclass(frozen=True)
class Study:
    """A cohort, its matched rows with their weights, and what `run` wrote of it."""

    frame: pd.DataFrame
    matched: pd.DataFrame
    answers: Run

    def having(self, column: str) -> pd.DataFrame:
        """The patients with the outcome of the sets in which both arms have one, weights made anew over them."""
        known = self.matched[self.matched[column].notna()]
        both = known.groupby("set")["z"].transform("nunique") == 2
        left = known[both].copy()
        left["w"] = matching_weights(left)
        return left

    def n_sets(self, column: str) -> int:
        """Sets with the outcome in both arms."""
        return self.having(column)["set"].nunique()

    def sets(self, column: str) -> list[tuple[float, list[float]]]:
        """(treated, [controls]) of each set whose treated and at least one control have the outcome."""
        out = []
        for _, group in self.having(column).groupby("set"):
            treated, controls = (group.loc[group["z"] == arm, column].tolist() for arm in (1, 0))
            if treated and controls:
                out.append((treated[0], controls))
        return out

    def arrays(self, column: str) -> tuple[np.ndarray, ...]:
        """Outcome, arm, weight and set of the matched who have it."""
        rows = self.having(column)
        return tuple(rows[c].to_numpy() for c in (column, "z", "w", "set"))


def study(folder: Path, frame: pd.DataFrame, outcomes: list[dict] | None = None, **settings: object) -> Study:
    spec = {
        "columns": {"id": "id", "treatment": "z", "covariates": []},
        "matching": {"method": "given", "subclass": "set"},
        "outcomes": outcomes or OUTCOMES,
    } | settings
    answers = run(folder, frame, spec)
    matched = frame[frame["set"].notna()].copy()
    matched["w"] = matching_weights(matched)
    return Study(frame, matched, answers)


def matching_weights(matched: pd.DataFrame) -> np.ndarray:
    """Treated 1; a control 1 / the controls of its set, scaled to mean 1."""
    controls = matched.groupby("set")["z"].transform(lambda z: (z == 0).sum())
    w = np.where(matched["z"] == 1, 1.0, 1 / controls)
    return w / np.where(matched["z"] == 1, 1.0, w[matched["z"] == 0].mean())
