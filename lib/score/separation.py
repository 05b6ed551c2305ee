"""Separation: covariates that tell treated from controls with certainty, so that no finite logistic model exists.

A direction b separates when no treated patient has x'b below 0 and no control above it, and not all are 0 (Albert and
Anderson 1984, Biometrika 71:1; as a linear programme: Konis 2007). It is complete when nobody is at 0, else quasi.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

SAFE_LOGIT = 12.0  # Newton's false convergence under separation ends above 16 (see suspicious), a true one seldom here
ROUNDING = 1e-6  # scaled columns: HiGHS keeps its constraints to 1e-7 only, so a margin below this is none
FIRST_ROWS = 400  # rows of the first, small linear programme
MORE_ROWS = 400  # violated rows added each time


@dataclass(frozen=True)
class Separation:
    """covariates: those that separate, in file order, () when none does.  complete: every patient is told apart.
    alone: each of them does so by itself."""

    covariates: tuple[str, ...] = ()
    complete: bool = False
    alone: bool = False


def suspicious(converged: bool, linear_predictor: np.ndarray) -> bool:
    """Whether a maximum-likelihood fit leaves separation possible. Under separation each Newton step adds about 1 to
    the logit of the separated patients, and their share of the gradient falls below lib.score.logistic's tolerance only
    beyond a logit of 16 (one patient in ten million) to 32; a converged fit whose logits all stay below 12 therefore
    has a true maximum, and overlap is shown without a linear programme."""
    return not converged or float(np.abs(linear_predictor).max()) > SAFE_LOGIT


def find_separation(scaled: np.ndarray, treated: np.ndarray, owners: Sequence[str]) -> Separation:
    """Name the covariates that separate the arms.

    scaled: float (k + 1, n), first row ones (lib.score.logistic.Scaled).  treated: bool (n,).
    owners: the covariate of each of the k columns; the 0/1 columns of a factor share one.
    A covariate that separates alone is named first; what is left is thinned, covariate by covariate, to a smallest
    set that still separates, until the rest overlaps.
    """
    signed = np.where(treated, scaled, -scaled) / np.abs(scaled).max(axis=0)
    names = tuple(dict.fromkeys(owners))
    alone = tuple(name for name in names if _separates(signed, owners, (name,)))
    found, rest = list(alone), [name for name in names if name not in alone]
    while rest and _separates(signed, owners, rest):
        together = _smallest(signed, owners, rest)
        found += together
        rest = [name for name in rest if name not in together]
    named = tuple(name for name in names if name in found)
    complete = bool(named) and _direction(signed[_rows(owners, named)], margin=1.0) is not None
    return Separation(named, complete, bool(named) and named == alone)


def _smallest(signed: np.ndarray, owners: Sequence[str], names: Sequence[str]) -> list[str]:
    kept = list(names)
    for name in reversed(names):
        fewer = [other for other in kept if other != name]
        if fewer and _separates(signed, owners, fewer):
            kept = fewer
    return kept


def _rows(owners: Sequence[str], names: Sequence[str]) -> list[int]:
    return [0, *(1 + j for j, owner in enumerate(owners) if owner in names)]


def _separates(signed: np.ndarray, owners: Sequence[str], names: Sequence[str]) -> bool:
    return _direction(signed[_rows(owners, names)], margin=0.0) is not None


def _direction(signed: np.ndarray, margin: float) -> np.ndarray | None:
    """A direction b with signed'b >= margin for every patient, or None.

    signed: float (c, n), the columns times +1 (treated) or -1 (control), each patient scaled to a largest entry of 1.
    margin 0: quasi or complete separation, b within [-1, 1] and not zero on everyone; above 0: complete, b unbounded.
    Few patients decide it: the programme starts with some rows and takes in those that its answer violates. Without a
    direction for some rows there is none for all.
    """
    n, total = signed.shape[1], signed.sum(axis=1)
    chosen = np.unique(np.linspace(0, n - 1, min(n, FIRST_ROWS)).astype(int))
    while True:
        b = _solve(signed[:, chosen], total, margin)
        if b is None:
            return None
        side = b @ signed
        wrong = np.setdiff1d(np.flatnonzero(side < margin - ROUNDING), chosen, assume_unique=True)
        if not len(wrong):
            return b if margin or side.max() > ROUNDING else None
        if len(wrong) > MORE_ROWS:
            wrong = wrong[np.argpartition(side[wrong], MORE_ROWS)[:MORE_ROWS]]
        chosen = np.union1d(chosen, wrong)


def _solve(signed: np.ndarray, total: np.ndarray, margin: float) -> np.ndarray | None:
    """One linear programme: the largest sum over all patients under the chosen rows. None when it has no solution."""
    from scipy.optimize import linprog  # slow to import, so only where it is used

    bounds = (None, None) if margin else (-1.0, 1.0)
    aim = np.zeros_like(total) if margin else -total
    answer = linprog(aim, A_ub=-signed.T, b_ub=np.full(signed.shape[1], -margin), bounds=bounds)
    return answer.x if answer.success else None
