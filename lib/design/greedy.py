"""Greedy matching, whatever the metric: who chooses when. A pool of controls answers who is nearest."""

import heapq
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from .settings import Order


@dataclass
class Picks:
    """Pairs, within one pick in the order in which they were made: treated (index into the pool's treated), control
    (row in the analysed cohort), pick (1, 2, ...).  ties: pairs in which file order decided among equally near ones."""

    treated: list[int] = field(default_factory=list)
    control: list[int] = field(default_factory=list)
    pick: list[int] = field(default_factory=list)
    ties: int = 0


class Pool(Protocol):
    """The controls that the treated patients 0..n1-1 of one stratum may have; these stand in the order in which they
    choose."""

    ties: int
    n_treated: int

    def gap(self, treated: int) -> float:
        """How far the nearest free control inside every caliper is, in whole steps of what rounding may do, so that
        equal gaps of two treated patients are equal; infinite when there is none."""

    def pick(self, treated: int) -> int:
        """Use up that control, of equally near ones the earliest in the file (counted in `ties`). Its row, or -1."""

    def best(self, ratio: int) -> Picks:
        """With replacement: every treated patient's `ratio` nearest controls inside every caliper."""

    def reachable(self, treated: np.ndarray) -> np.ndarray:
        """bool, one for each index asked: whether any control, free or taken, is inside every caliper."""

    def smallest_gap(self) -> float:
        """The smallest gap, in units of Rules.place, between a treated patient and a control that all other rules
        allow; infinite when there is none."""


def in_rounds(pool: Pool, ratio: int) -> Picks:
    """Everybody picks a first control before anybody picks a second; who fails is out of later rounds."""
    picks, queue = Picks(), list(range(pool.n_treated))
    choose = pool.pick
    for number in range(1, ratio + 1):
        chosen = [choose(treated) for treated in queue]
        queue = [treated for treated, row in zip(queue, chosen, strict=True) if row >= 0]
        picks.control += [row for row in chosen if row >= 0]
        picks.treated += queue
        picks.pick += [number] * len(queue)
    picks.ties = pool.ties
    return picks


def closest_first(pool: Pool, ratio: int) -> Picks:
    """In each round the pair with the smallest gap is made first; of equal gaps that of the earlier treated."""
    picks, queue = Picks(), list(range(pool.n_treated))
    for number in range(1, ratio + 1):
        heap = [(pool.gap(treated), treated) for treated in queue]
        heapq.heapify(heap)
        queue = []
        while heap and heap[0][0] < np.inf:
            gap, treated = heap[0]
            now = pool.gap(treated)
            if now > gap:
                heapq.heapreplace(heap, (now, treated))
                continue
            heapq.heappop(heap)
            picks.control.append(pool.pick(treated))
            queue.append(treated)
        picks.treated += queue
        picks.pick += [number] * len(queue)
    picks.ties = pool.ties
    return picks


def in_choosing_order(treated: np.ndarray, place: np.ndarray, lots: np.ndarray, order: Order) -> np.ndarray:
    """Rows of treated patients in the order in which they choose.

    treated: rows in file order.  place: float (n,), see Rules; NaN without a score, when largest and smallest are file
    order; of equal places the earlier in the file is first.  lots: (n,), drawn for `random`."""
    if order == "random":
        return treated[np.argsort(lots[treated])]
    if order in ("data", "closest") or np.isnan(place[treated]).any():
        return treated
    sign = -1.0 if order == "largest" else 1.0
    return treated[np.argsort(sign * place[treated], kind="stable")]
