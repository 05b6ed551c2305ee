"""Small random cases for the designs, with ties, and the arcs that each permits."""

from typing import NamedTuple

import numpy as np


class Case(NamedTuple):
    """A table of few rows; `arcs` bool (n, n), which treated-control arcs are permitted; `call`: keyword arguments."""

    position: np.ndarray
    treated: np.ndarray
    arcs: np.ndarray
    call: dict

    def shuffled(self, seed: int) -> "Case":
        """The same patients in another order."""
        order = np.random.default_rng(seed).permutation(len(self.treated))
        call = dict(self.call)
        if "fence" in call:
            call["fence"] = (call["fence"][0][order], call["fence"][1])
        arcs = self.arcs[np.ix_(order, order)]
        if "allowed" in call:
            call["allowed"] = (lambda t, c: arcs[t, c]) if "fence" not in call else _parity(self.position[order])
        return Case(self.position[order], self.treated[order], arcs, call)

    def distance(self) -> np.ndarray:
        """Float (n1, n0), infinite where an arc is not permitted."""
        t, c = np.flatnonzero(self.treated), np.flatnonzero(~self.treated)
        lengths = np.sqrt(((self.position[t, None] - self.position[None, c]) ** 2).sum(axis=2))
        return np.where(self.arcs[np.ix_(t, c)], lengths, np.inf)

    def total(self, treated: np.ndarray, control: np.ndarray) -> float:
        """The total distance of pairs given by rows, each of which must be a permitted arc."""
        assert self.treated[treated].all() and not self.treated[control].any()
        assert self.arcs[treated, control].all()
        return float(np.sqrt(((self.position[treated] - self.position[control]) ** 2).sum(axis=1)).sum())


def _parity(position: np.ndarray):
    """A rule that forbids arcs between points whose first coordinates lie more than 1 apart."""
    return lambda t, c: np.abs(position[t, 0] - position[c, 0]) <= 1


def random_case(seed: int, most_treated: int = 6, most_controls: int = 12) -> Case:
    """A case; a third of them on a grid, with many equal distances; no limits, a fence, a rule, or both in turn."""
    rng = np.random.default_rng(seed)
    n1, n0, d = rng.integers(1, most_treated + 1), rng.integers(1, most_controls + 1), rng.integers(1, 4)
    position = rng.normal(size=(n1 + n0, d))
    if seed % 3 == 0:
        position = np.round(position)
    treated = rng.permutation(n1 + n0) < n1
    arcs, call = np.ones((n1 + n0, n1 + n0), bool), {}
    if seed % 4 in (1, 3):
        score = np.round(rng.normal(size=n1 + n0), 1)
        width = round(float(rng.uniform(0, 1.5)), 1)
        arcs &= np.abs(score[:, None] - score[None]) <= width
        call["fence"] = (score, width)
    if seed % 4 in (2, 3):
        rule = _parity(position)
        arcs &= np.abs(position[:, None, 0] - position[None, :, 0]) <= 1
        call["allowed"] = rule
    return Case(position, treated, arcs, call)
