"""Nearest neighbour on one number, the place on the propensity distance, in O(n log n): a sorted list of controls with
links over those already taken."""

import numpy as np

from .greedy import Picks

CHUNK = 20_000  # treated patients handled at once with replacement, so that memory stays small


def stable_order(values: np.ndarray) -> np.ndarray:
    """np.argsort(values, kind="stable"), in half of the time: the fast sort, then equal values put in order."""
    order = np.argsort(values)
    sorted_values = values[order]
    equal = sorted_values[1:] == sorted_values[:-1]
    if equal.any():
        shared = np.flatnonzero(np.append(equal, False) | np.append(False, equal))
        order[shared] = order[shared][np.lexsort((order[shared], sorted_values[shared]))]
    return order


class SortedControls:
    """The pool of one stratum (lib.design.greedy.Pool).  Controls with one distance share a node; nodes are sorted,
    1..m, between two sentinels at minus and plus infinity. _left[g] and _right[g] lead from a node towards the next one
    with a free control (itself while it has one); paths are halved as they are walked, so that a search costs next to
    nothing however many are taken. _row[g]: the node's first free control in file order. _others: for the few nodes
    that are shared, the rows after it, last in the file first.
    """

    def __init__(self, treated: np.ndarray, controls: np.ndarray, place: np.ndarray, width: float, same: float) -> None:
        """treated: rows in the order in which they choose.  controls: rows, ascending.  place: float (n,), see Rules.
        width: largest gap allowed, finite.  same: gaps that differ by no more are equal."""
        order = stable_order(place[controls])
        self._rows, self._values = controls[order], place[controls[order]]
        self._targets, self._width, self._same = place[treated], width, same
        self.n_treated, self.ties = len(treated), 0
        first = np.flatnonzero(np.concatenate([[True], self._values[1:] > self._values[:-1]]))
        size = np.diff(first, append=len(order))
        self._others = {
            node + 1: self._rows[first[node] + 1 : first[node] + size[node]][::-1].tolist()
            for node in np.flatnonzero(size > 1).tolist()
        }
        self._row = [-1, *self._rows[first].tolist(), -1]
        self._value = [-np.inf, *self._values[first].tolist(), np.inf]
        self._left = list(range(len(self._value)))
        self._right = self._left.copy()
        self._target = self._targets.tolist()
        self._start = (np.searchsorted(self._values[first], self._targets) + 1).tolist()

    def _free(self, treated: int) -> tuple[int, int]:
        """The nearest nodes with a free control below and at or above a treated patient."""
        left, right = self._left, self._right
        above = self._start[treated]
        below = above - 1
        while right[above] != above:
            right[above] = above = right[right[above]]
        while left[below] != below:
            left[below] = below = left[left[below]]
        return below, above

    def gap(self, treated: int) -> float:
        """See Pool."""
        below, above = self._free(treated)
        target = self._target[treated]
        nearest = min(target - self._value[below], self._value[above] - target)
        return float(round(nearest / self._same)) if nearest <= self._width else np.inf

    def pick(self, treated: int) -> int:
        """See Pool."""
        below, above = self._free(treated)
        target = self._target[treated]
        down, up = target - self._value[below], self._value[above] - target
        if up < down - self._same:
            return self._take(above) if up <= self._width else -1
        if down < up - self._same:
            return self._take(below) if down <= self._width else -1
        allowed = [node for gap, node in ((down, below), (up, above)) if gap <= self._width]
        if not allowed:
            return -1
        node = min(allowed, key=self._row.__getitem__)
        self.ties += len(allowed) > 1 and not self._others.get(node)  # else _take counts it
        return self._take(node)

    def _take(self, node: int) -> int:
        """Use up the first free control of a node; an empty node is linked over."""
        row = self._row[node]
        others = self._others.get(node)
        if others:
            self._row[node] = others.pop()
            self.ties += 1
        else:
            self._left[node], self._right[node] = node - 1, node + 1
        return row

    def best(self, ratio: int) -> Picks:
        """See Pool. Of the `ratio` + 1 controls on either side the nearest are among them; one more shows a tie."""
        picks = Picks()
        for start in range(0, len(self._targets), CHUNK):
            self._best_of(np.arange(start, min(start + CHUNK, len(self._targets))), ratio, picks)
        return picks

    def _best_of(self, treated: np.ndarray, ratio: int, picks: Picks) -> None:
        gaps, rows = self._neighbours(self._targets[treated], ratio + 1)
        by_gap = np.argsort(gaps, axis=1, kind="stable")
        gaps, rows = np.take_along_axis(gaps, by_gap, axis=1), np.take_along_axis(rows, by_gap, axis=1)
        with np.errstate(invalid="ignore"):
            level = np.cumsum(np.diff(gaps, axis=1, prepend=-np.inf) > self._same, axis=1)  # inf - inf: no step
        in_file = np.lexsort((rows, level), axis=1)[:, : ratio + 1]
        gaps, rows, level = (np.take_along_axis(a, in_file, axis=1) for a in (gaps, rows, level))
        allowed = gaps <= self._width
        used = allowed[:, :ratio]
        picks.treated += np.repeat(treated, used.sum(axis=1)).tolist()
        picks.control += rows[:, :ratio][used].tolist()
        picks.pick += np.broadcast_to(np.arange(1, ratio + 1), used.shape)[used].tolist()
        picks.ties += int((used & allowed[:, 1:] & (level[:, :-1] == level[:, 1:])).sum())

    def _neighbours(self, targets: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
        """Gaps (infinite beyond the ends) and rows, both (., 2k): k controls below and k at or above each target. Going
        down, controls of one distance are met in file order too, hence a second order of rows."""
        m = len(self._rows)
        downwards = self._rows[np.lexsort((-self._rows, self._values))]
        start = np.searchsorted(self._values, targets)[:, None]
        place = np.hstack([start - 1 - np.arange(k), start + np.arange(k)])
        inside = (place >= 0) & (place < m)
        place = np.clip(place, 0, m - 1)
        gaps = np.where(inside, np.abs(self._values[place] - targets[:, None]), np.inf)
        rows = np.hstack([downwards[place[:, :k]], self._rows[place[:, k:]]])
        return gaps, rows

    def reachable(self, treated: np.ndarray) -> np.ndarray:
        """See Pool."""
        return self._nearest_of_all(treated) <= self._width

    def smallest_gap(self) -> float:
        """See Pool."""
        return float(self._nearest_of_all(np.arange(len(self._targets))).min())

    def _nearest_of_all(self, treated: np.ndarray) -> np.ndarray:
        targets = self._targets[treated]
        value = np.concatenate([[-np.inf], self._values, [np.inf]])
        above = np.searchsorted(value, targets)
        return np.minimum(value[above] - targets, targets - value[above - 1])
