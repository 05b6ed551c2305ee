"""Outcomes that the treated would have had untreated, put in under the hypothesis of so many attributable events, and
the largest exact p over which treated patients they are.

A set with m of n patients treated and d events, those put in among them, adds m d/n to the expectation of T and
m (n - m) d (n - d) / (n^2 (n - 1)) to its variance; the latter is concave in d, so that of equal sets the first change
gains most.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from math import comb, prod

import numpy as np

from .engine import SAME_LIKELIHOOD, alike_sets, convolve
from .stratified import SetCounts

MOST_SLOPES = 250  # orders in which patients are changed that are looked at; above, evenly spaced ones
NEAREST = 4  # imputations evaluated exactly, those whose T lies the fewest standard deviations from its expectation


@dataclass(frozen=True)
class Kinds:
    """Sets that are alike, K kinds of them, and what can be changed in each.

    events, size, n_treated: int (K,).  room: int (K,), treated patients of one set whose outcome can be changed.
    count: int (K,), sets.  step: 1 where a change gives a treated patient an event, -1 where it takes one away.
    observed: T before any change.
    """

    events: np.ndarray
    size: np.ndarray
    n_treated: np.ndarray
    room: np.ndarray
    count: np.ndarray
    step: int
    observed: int

    @classmethod
    def of(cls, counts: SetCounts, step: int) -> "Kinds":
        """The sets of a binary outcome, with one direction of change."""
        room = counts.n1 - counts.a if step > 0 else counts.a
        rows = np.stack([counts.events, counts.n, counts.n1, room]).astype(int)
        (events, size, n_treated, free), count = np.unique(rows, axis=1, return_counts=True)
        return cls(events, size, n_treated, free, count, step, int(counts.a.sum()))

    @property
    def changes(self) -> int:
        """The most changes there can be."""
        return int(self.room @ self.count)

    @property
    def ways(self) -> list[int]:
        """For each kind in how many ways its sets can be changed, alike sets told apart by nothing."""
        return [comb(c + r, r) for c, r in zip(self.count.tolist(), self.room.tolist(), strict=True)]

    @property
    def n_imputations(self) -> int:
        """Of all kinds together."""
        return prod(self.ways)

    def distribution(self, kind: int, way: tuple[int, ...]) -> np.ndarray:
        """P(T = 0), ... over the sets of a kind of which way[x] have x changes."""
        d, n, m = (int(column[kind]) for column in (self.events, self.size, self.n_treated))
        made = np.ones(1)
        for x, sets in enumerate(way):
            made = convolve(made, alike_sets(d + self.step * x, n, m, sets)) if sets else made
        return made


def worst_of_all(kinds: Kinds) -> np.ndarray:
    """The largest p for each number of changes, 0 and up, float (changes + 1,), over every imputation."""
    order = np.argsort(kinds.ways)
    rows, changed = np.ones((1, 1)), np.zeros(1, dtype=int)
    for kind in order[:-1].tolist():
        parts = [(_convolve_rows(rows, made), changed + x) for x, made in _every_way(kinds, kind)]
        rows, changed = np.concatenate([part[0] for part in parts]), np.concatenate([part[1] for part in parts])
    worst = np.zeros(kinds.changes + 1)
    for x, made in _every_way(kinds, int(order[-1])):
        at = changed + x
        np.maximum.at(worst, at, minlike_rows(_convolve_rows(rows, made), kinds.observed + kinds.step * at))
    return worst


def _every_way(kinds: Kinds, kind: int) -> Iterator[tuple[int, np.ndarray]]:
    """Changes in the sets of a kind, and the distribution of their T."""
    for way in _ways(int(kinds.count[kind]), int(kinds.room[kind])):
        yield sum(x * sets for x, sets in enumerate(way)), kinds.distribution(kind, way)


def _ways(count: int, room: int) -> Iterator[tuple[int, ...]]:
    """How many of `count` sets have 0, 1, ..., room changes, in every way."""
    if not room:
        yield (count,)
        return
    for most in range(count + 1):
        for others in _ways(count - most, room - 1):
            yield (*others, most)


def _convolve_rows(rows: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Each row (R, L) convolved with `other` (K,)."""
    made = np.zeros((len(rows), rows.shape[1] + len(other) - 1))
    for shift, chance in enumerate(other.tolist()):
        made[:, shift : shift + rows.shape[1]] += chance * rows
    return made


def minlike_rows(rows: np.ndarray, at: np.ndarray) -> np.ndarray:
    """Two-sided p of T = at, for each row: the chances no larger than its own."""
    limit = np.take_along_axis(rows, at[:, None], axis=1) * SAME_LIKELIHOOD
    return np.minimum(1.0, np.where(rows <= limit, rows, 0.0).sum(axis=1))


@dataclass(frozen=True)
class Candidates:
    """The imputations that maximise variance + slope x expectation, for every slope at which another one does: where
    there are too many imputations the worst is looked for among these."""

    kinds: Kinds

    @cached_property
    def _items(self) -> tuple[np.ndarray, np.ndarray]:
        """Kind of the set and which of its changes, int (I,) each: an item is one change of all sets of a kind."""
        room = self.kinds.room
        kind = np.repeat(np.arange(len(room)), room)
        return kind, np.arange(len(kind)) - np.repeat(np.cumsum(room) - room, room)

    @cached_property
    def _gains(self) -> tuple[np.ndarray, np.ndarray]:
        """What one change of each item adds to the expectation and to the variance, float (I,) each."""
        kinds, (kind, place) = self.kinds, self._items
        n, m, d = (column[kind].astype(float) for column in (kinds.size, kinds.n_treated, kinds.events))
        before = d + kinds.step * place
        after = before + kinds.step
        scale = m * (n - m) / (n**2 * (n - 1))
        return kinds.step * m / n, scale * (after * (n - after) - before * (n - before))

    @cached_property
    def _orders(self) -> np.ndarray:
        """int (O, I): the orders in which items are changed, best first, one for each stretch of slopes."""
        mean, variance = self._gains
        apart = mean[:, None] - mean[None, :]
        i, j = np.nonzero(apart > 0)
        turns = np.unique((variance[j] - variance[i]) / apart[i, j])
        if len(turns) > MOST_SLOPES:
            turns = turns[np.linspace(0, len(turns) - 1, MOST_SLOPES).astype(int)]
        slopes = [0.0]
        if len(turns):
            slopes = [turns[0] - 1, *((a + b) / 2 for a, b in pairwise(turns.tolist())), turns[-1] + 1]
        return np.unique([np.argsort(-(variance + slope * mean), kind="stable") for slope in slopes], axis=0)

    def _taken(self, changes: int) -> np.ndarray:
        """int (O, I): how many sets have each item changed when `changes` are made, in each order."""
        room = self.kinds.count[self._items[0]][self._orders]
        before = np.cumsum(room, axis=1) - room
        taken = np.empty_like(room)
        np.put_along_axis(taken, self._orders, np.clip(changes - before, 0, room), axis=1)
        return np.unique(taken, axis=0)

    def _distances(self, taken: np.ndarray, changes: int) -> np.ndarray:
        """Standard deviations between T and its expectation, float (O,)."""
        kinds, (mean, variance) = self.kinds, self._gains
        n, m, d = (column.astype(float) for column in (kinds.size, kinds.n_treated, kinds.events))
        expected = float(kinds.count @ (m * d / n)) + taken @ mean
        spread = float(kinds.count @ (m * (n - m) * d * (n - d) / (n**2 * (n - 1)))) + taken @ variance
        gap = np.abs(kinds.observed + kinds.step * changes - expected)
        return gap / np.sqrt(np.maximum(spread, np.finfo(float).tiny))

    def worst(self, changes: int) -> float:
        """The largest p over the candidates with so many changes."""
        taken = self._taken(changes)
        nearest = np.argsort(self._distances(taken, changes), kind="stable")[:NEAREST]
        return max(self._p(taken[row], changes) for row in nearest.tolist())

    def _p(self, taken: np.ndarray, changes: int) -> float:
        """Of one imputation.  taken: int (I,)."""
        kinds, kind = self.kinds, self._items[0]
        made = np.ones(1)
        for k, sets in enumerate(kinds.count.tolist()):
            reached = [sets, *taken[kind == k].tolist(), 0]
            made = convolve(made, kinds.distribution(k, tuple(a - b for a, b in pairwise(reached))))
        return float(minlike_rows(made[None, :], np.array([kinds.observed + kinds.step * changes]))[0])
