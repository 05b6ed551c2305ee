"""A transport problem of least cost and its prices: every row takes some columns, every column has some room."""

from typing import NamedTuple

import numpy as np

SETTLED = 1e-15  # of the idle price: prices that fall by less have settled


class Transport(NamedTuple):
    """Each of `n_rows` rows takes `copies` seats, each of another column, or leaves some idle at the price `idle`.

    row, column: int (m,), the places that may be taken.  cost: float (m,).  room: int (columns,), seats of each column.
    """

    row: np.ndarray
    column: np.ndarray
    cost: np.ndarray
    n_rows: int
    copies: int
    room: np.ndarray
    idle: float

    def solve(self) -> np.ndarray:
        """Which places the optimum takes, int (used,): an assignment of slots (copies of rows) to seats.

        A slot has the seats of its row, and one of its own for staying idle. Either the rows have one copy or the
        columns one seat, so that no row takes a column twice.
        """
        from scipy.sparse import csr_array  # slow to import, so only where it is used
        from scipy.sparse.csgraph import min_weight_full_bipartite_matching

        slots, seats = self.copies * self.n_rows, int(self.room.sum())
        owner = np.repeat(np.arange(len(self.room)), self.room)
        first = np.cumsum(self.room) - self.room
        times = self.room[self.column]
        place = np.repeat(np.arange(len(self.row)), times)
        seat = first[self.column[place]] + np.arange(len(place)) - np.repeat(np.cumsum(times) - times, times)
        slot = np.add.outer(np.arange(self.copies), self.copies * self.row[place])
        ends = (
            np.append(slot.ravel(), np.arange(slots)),
            np.append(np.tile(seat, self.copies), seats + np.arange(slots)),
        )
        cost = np.append(np.tile(self.cost[place], self.copies), np.full(slots, self.idle))
        cost += (np.ptp(cost) or 1.0) - cost.min()  # above 0: a sparse matrix would lose a 0
        slot, seat = min_weight_full_bipartite_matching(csr_array((cost, ends), shape=(slots, seats + slots)))
        real = seat < seats
        return self._places(slot[real] // self.copies, owner[seat[real]])

    def _places(self, row: np.ndarray, column: np.ndarray) -> np.ndarray:
        """Where these pairs of row and column stand."""
        key = self.row * len(self.room) + self.column
        order = np.argsort(key, kind="stable")
        return order[np.searchsorted(key, row * len(self.room) + column, sorter=order)]

    def prices(self, used: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """What one more of each row costs, float (n_rows,), and one more seat of each column saves, float (columns,).

        Dual variables: cost + saves[column] >= pays[row] everywhere, with equality at the places used. They are
        shortest ways through the residual network (Bellman and Ford), all rows at a time.
        """
        order = np.argsort(self.row, kind="stable")
        row, column, cost = self.row[order], self.column[order], self.cost[order]
        full = np.bincount(self.column[used], minlength=len(self.room)) >= self.room
        held = used[full[self.column[used]]]
        held = held[np.argsort(self.column[held], kind="stable")]
        heads, ends = _run_starts(row), _run_starts(self.column[held])
        pays, saves = np.full(self.n_rows, self.idle), np.where(full, np.inf, 0.0)
        while True:
            pays[row[heads]] = np.minimum(self.idle, _minima(cost + saves[column], heads))
            now = _minima(pays[self.row[held]] - self.cost[held], ends)
            before = saves[self.column[held][ends]]
            saves[self.column[held][ends]] = np.minimum(now, before)
            if np.all(now >= before - SETTLED * self.idle):
                return pays, saves


def _run_starts(ascending: np.ndarray) -> np.ndarray:
    """Where each run of equal values begins."""
    return np.flatnonzero(np.append(True, ascending[1:] != ascending[:-1])[: len(ascending)])


def _minima(values: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """The least value of each run."""
    return np.minimum.reduceat(values, starts) if len(starts) else values
