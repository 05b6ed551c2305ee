"""Nearest neighbour when one sorted number is not enough: by Mahalanobis distance, or with calipers on covariates.

Each treated patient keeps a short list of its nearest allowed controls and searches anew only when all are taken.
"""

import numpy as np

from .greedy import Picks
from .rules import Rules

SHORT = 32  # controls on a short list, ties with the last one included


class _ShortList:
    """Allowed controls (positions), nearest first, equal ones in file order.  whole: nothing was cut off.  done: how
    many of the list are known to be taken."""

    __slots__ = ("done", "gaps", "places", "whole")

    def __init__(self, gaps: np.ndarray, places: np.ndarray, same: float) -> None:
        """gaps, places: (a,), of every allowed control; places ascend in file order."""
        self.whole, self.done = len(gaps) <= SHORT, 0
        if not self.whole:
            near = gaps <= np.partition(gaps, SHORT - 1)[SHORT - 1] + same
            gaps, places = gaps[near], places[near]
        order = np.argsort(gaps, kind="stable")
        level = np.cumsum(np.diff(gaps[order], prepend=-np.inf) > same)
        order = order[np.lexsort((places[order], level))]
        self.gaps, self.places = gaps[order].tolist(), places[order].tolist()


class ScannedControls:
    """The pool of one stratum (lib.design.greedy.Pool)."""

    def __init__(
        self, treated: np.ndarray, controls: np.ndarray, rules: Rules, position: np.ndarray, same: float
    ) -> None:
        """treated: rows in the order in which they choose.  controls: rows, ascending.  position: float (n, d), whose
        Euclidean distance is the metric."""
        self._controls, self._width, self._same = controls, rules.reach, same
        self.n_treated, self.ties = len(treated), 0
        self._caliper = not np.isnan(rules.caliper_width)
        self._x, self._y = position[treated], position[controls]
        self._place = rules.place[treated], rules.place[controls]
        self._limited, self._limits = (rules.limited[treated], rules.limited[controls]), rules.limits
        self._free = np.ones(len(controls), dtype=bool)
        self._lists: dict[int, _ShortList] = {}

    def _allowed(self, treated: int) -> np.ndarray:
        """bool (n0,): controls inside every caliper."""
        allowed = np.ones(len(self._controls), dtype=bool)
        if self._caliper:
            allowed &= np.abs(self._place[1] - self._place[0][treated]) <= self._width
        return allowed & self._within_limits(treated)

    def _within_limits(self, treated: int) -> np.ndarray:
        own, theirs = self._limited
        return (np.abs(theirs - own[treated]) <= self._limits).all(axis=1)

    def _search(self, treated: int) -> _ShortList:
        places = np.flatnonzero(self._allowed(treated) & self._free)
        offset = self._y[places] - self._x[treated]
        found = _ShortList(np.sqrt(np.einsum("ij,ij->i", offset, offset)), places, self._same)
        self._lists[treated] = found
        return found

    def _current(self, treated: int) -> _ShortList:
        """The short list, with `done` at its first free control; searched anew when used up."""
        listed = self._lists.get(treated) or self._search(treated)
        while True:
            while listed.done < len(listed.places) and not self._free[listed.places[listed.done]]:
                listed.done += 1
            if listed.done < len(listed.places) or listed.whole:
                return listed
            listed = self._search(treated)

    def gap(self, treated: int) -> float:
        """See Pool."""
        listed = self._current(treated)
        return float(round(listed.gaps[listed.done] / self._same)) if listed.done < len(listed.places) else np.inf

    def pick(self, treated: int) -> int:
        """See Pool."""
        listed = self._current(treated)
        if listed.done == len(listed.places):
            return -1
        self.ties += self._tied(listed)
        place = listed.places[listed.done]
        self._free[place] = False
        return int(self._controls[place])

    def _tied(self, listed: _ShortList) -> bool:
        """Whether another free control is as near as the one at `done`."""
        for gap, place in zip(listed.gaps[listed.done + 1 :], listed.places[listed.done + 1 :], strict=True):
            if gap > listed.gaps[listed.done] + self._same:
                return False
            if self._free[place]:
                return True
        return False

    def best(self, ratio: int) -> Picks:
        """See Pool."""
        picks = Picks()
        for number in range(len(self._x)):
            self._free[:] = True
            rows: list[int] = []
            while len(rows) < ratio and (row := self.pick(number)) >= 0:
                rows.append(row)
            picks.treated += [number] * len(rows)
            picks.control += rows
            picks.pick += range(1, len(rows) + 1)
        picks.ties = self.ties
        return picks

    def reachable(self, treated: np.ndarray) -> np.ndarray:
        """See Pool."""
        return np.array([self._allowed(number).any() for number in treated], dtype=bool)

    def smallest_gap(self) -> float:
        """See Pool."""
        own, theirs = self._place
        gaps = (np.abs(theirs[self._within_limits(t)] - own[t]).min(initial=np.inf) for t in range(len(own)))
        return float(min(gaps, default=np.inf))
