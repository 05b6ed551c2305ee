"""Patients whose score is so far out that it says more about a value in the file than about them."""

import numpy as np
import pandas as pd
from scipy import special

from ..design.far import far_out
from ..words import counted
from ..words.numbers import half_up

DRIVES = 0.5  # share of the way from the median score that one covariate must make in each of the far patients


def far_scores_note(logit: np.ndarray, slopes: np.ndarray, matrix: pd.DataFrame, owners: tuple[str, ...]) -> str:
    """How many scores are far out, how far, and which covariate drives them; empty without such.

    logit: float (n,).  slopes: float (k,), of the columns of the matrix (n, k), whose covariates are `owners`."""
    far = far_out(logit)
    if not far.any():
        return ""
    out, others = logit[far], logit[~far]
    scores = sorted({half_up(float(value), 3) for value in special.expit(out)})
    verb = "has" if len(out) == 1 else "have"
    span = _places(out.min()) if len(out) == 1 else f"{_places(out.min())} to {_places(out.max())}"
    name = _driver(far, slopes, matrix.to_numpy(dtype=float), owners)
    drive = (
        f'"{name}" drives {"it" if len(out) == 1 else "them"}, with values far from the others: check these, or put it '
        "on the log scale."
        if name
        else "Look for values that are far from the others."
    )
    return (
        f"{counted(len(out), 'patient')} {verb} a propensity score of {' or '.join(scores)} (logit {span}; all others "
        f"from {_places(others.min())} to {_places(others.max())}). {drive}"
    )


def _places(value: float) -> str:
    return half_up(float(value), 0 if abs(value) >= 100 else 1)


def _driver(far: np.ndarray, slopes: np.ndarray, values: np.ndarray, owners: tuple[str, ...]) -> str:
    """The covariate that makes most of the way in every far patient; empty where none does."""
    parts = np.abs((values[far] - np.median(values, axis=0)) * slopes)
    by_owner = pd.DataFrame(parts.T).groupby(list(owners), sort=False).sum()
    shares = by_owner / by_owner.sum()
    found = shares.index[(shares >= DRIVES).all(axis=1)]
    return str(found[0]) if len(found) else ""
