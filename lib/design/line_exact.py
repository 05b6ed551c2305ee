"""The cases in which the flow over the line would exceed the caliper: the same problem as a linear programme.

With T the edges of the treated so far and C those of the controls, both in order of score, the k-th edge joins the k-th
place of the treated to the k-th of the controls. No edge is longer than the caliper when, before each patient,
everything begun farther to the left than the caliper has been joined: C there is at least T at that point, and T at
least C. With limits on the steps of T and C that is a programme on differences of neighbours, whose corners are whole
numbers."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from .line_reach import first_within

if TYPE_CHECKING:
    from scipy.optimize import LinearConstraint

INFEASIBLE = 2  # the status of scipy.optimize.milp


@dataclass(frozen=True)
class Border:
    """What is known about the ends of a stretch of the line; the default: it is the whole line.

    start: T and C before the first patient, None = free.  end: T - C after the last one, None = free.
    before, gap, after: price of s over the gap before the first patient, its length, price of s after the last one.
    floors: T and C before each patient are at least this, two int arrays (n,), or None.
    ceilings: for T and for C int arrays (., 2), (j, slack): T after patient j, or, j below 0, the number -1 - j, is at
    most the last C plus slack; and C likewise the last T."""

    start: tuple[int, int] | None = (0, 0)
    end: int | None = 0
    before: float = 0.0
    gap: float = 0.0
    after: float = 0.0
    floors: tuple[np.ndarray, np.ndarray] | None = None
    ceilings: tuple[np.ndarray, np.ndarray] | None = None


def exact_degrees(
    x: np.ndarray,
    treated: np.ndarray,
    bounds: tuple[int, int, int],
    width: float,
    price: float | None = None,
    *,
    n_out: int | None = None,
    border: Border | None = None,
) -> tuple[np.ndarray, float]:
    """Edges of each patient, int (n,), in the cheapest matching with every edge inside `width`, and what it costs.

    x: float (n,), sorted.  treated: bool (n,).  bounds, price: as in line_degrees.  n_out: exactly so many controls are
    left out (an integer programme), instead of a price.  border: where the line goes on at the ends.
    The cost is up to a constant: the price is counted as a gain of the controls used; infinite where there is no such
    matching.  By HiGHS; its time grows as n squared (n = 3,000: a second)."""
    from scipy.optimize import Bounds, milp  # slow to import, so only where it is used

    at = _Variables(len(x), np.flatnonzero(~treated))
    border = border or Border()
    least_used = 0 if n_out is not None or price is not None else 1
    rows = _Rows(at.n)
    _steps(rows, np.append(at.start[0], at.t), treated, bounds[:2])
    _steps(rows, np.append(at.start[1], at.c), ~treated, (least_used, bounds[2]))
    for sign in (1, -1):
        rows.add([(at.size, 1), (at.t[:-1], sign), (at.c[:-1], -sign)], 0, np.inf)
    _within(rows, at.t, at.c, first_within(x, x, width))
    _marks(rows, at, bounds[2])
    _ends(rows, at, border)
    if n_out is not None:
        rows.total(at.used, len(at.used) - n_out)
    whole = np.full(at.n, n_out is not None)
    whole[at.size] = False
    cost = _cost(at, np.diff(x), price or 0.0, border)
    answer = milp(cost, constraints=rows.constraint(), bounds=Bounds(0, at.upper()), integrality=whole)
    if answer.status == INFEASIBLE:
        return np.zeros(len(x), dtype=int), np.inf
    if answer.x is None:
        raise RuntimeError(f"The programme of {len(x)} patients gave no answer: {answer.message}")
    together = np.rint(answer.x).astype(int)
    return _steps_of(
        np.array([together[np.append(at.start[i], v)] for i, v in enumerate((at.t, at.c))]), treated
    ), answer.fun


class _Variables:
    """Columns of the programme: t, c: T and C after each patient; size: |T - C| over each gap; used: whether each
    control is used; start: T and C before the first patient.  controls: their positions."""

    def __init__(self, n: int, controls: np.ndarray) -> None:
        self.controls = controls
        self.t, self.c = np.arange(n), n + np.arange(n)
        self.size = 2 * n + np.arange(n - 1)
        self.used = 3 * n - 1 + np.arange(len(controls))
        self.start = 3 * n - 1 + len(controls) + np.arange(2)
        self.n = 3 * n + 1 + len(controls)

    def upper(self) -> np.ndarray:
        bound = np.full(self.n, np.inf)
        bound[self.used] = 1
        return bound


def _cost(at: _Variables, gaps: np.ndarray, price: float, border: Border) -> np.ndarray:
    """Gap times |s|, the price of leaving out (or of each edge, if negative), and the prices of s at the ends."""
    cost = np.zeros(at.n)
    cost[at.size], cost[at.used] = gaps, -max(price, 0.0)
    edge = -min(price, 0.0)
    cost[at.c[-1]] = edge + border.after
    cost[at.t[-1]] = -border.after
    cost[at.start] = border.gap + border.before, border.gap - border.before - edge
    return cost


def _ends(rows: "_Rows", at: _Variables, border: Border) -> None:
    if border.start is not None:
        rows.add([(at.start, 1)], border.start, border.start)
    if border.end is not None:
        rows.add([(at.t[-1:], 1), (at.c[-1:], -1)], border.end, border.end)
    for floor, own in zip(border.floors or (), (at.t, at.c), strict=False):
        rows.add([(own[:-1], 1)], floor[1:], np.inf)
    for ceiling, own, other in zip(border.ceilings or (), (at.t, at.c), (at.c, at.t), strict=False):
        inside = ceiling[ceiling[:, 0] >= 0]
        rows.add([(other[np.full(len(inside), -1)], 1), (own[inside[:, 0]], -1)], -inside[:, 1], np.inf)
        known = ceiling[ceiling[:, 0] < 0]
        rows.add([(other[np.full(len(known), -1)], 1)], -1 - known[:, 0] - known[:, 1], np.inf)


def _steps_of(together: np.ndarray, treated: np.ndarray) -> np.ndarray:
    """Degrees from T and C before the first and after each patient, int (2, n + 1)."""
    steps = np.diff(together, axis=1)
    return np.where(treated, steps[0], steps[1])


def _steps(rows: "_Rows", variables: np.ndarray, arm: np.ndarray, bounds: tuple[int, int]) -> None:
    """T, or C, grows at each patient of its arm by a number within the bounds, at others not at all."""
    low, high = np.where(arm, bounds[0], 0), np.where(arm, bounds[1], 0)
    rows.add([(variables[1:], 1), (variables[:-1], -1)], low, high)


def _within(rows: "_Rows", t: np.ndarray, c: np.ndarray, first: np.ndarray) -> None:
    """What was begun before first[i], outside the caliper of patient i, has been joined before patient i."""
    at = np.flatnonzero(first > 0)
    rows.add([(c[at - 1], 1), (t[first[at] - 1], -1)], 0, np.inf)
    rows.add([(t[at - 1], 1), (c[first[at] - 1], -1)], 0, np.inf)


def _marks(rows: "_Rows", at: _Variables, shared: int) -> None:
    """A control has between 1 and `shared` edges (C after it less C before it) when it is marked as used, else none."""
    after, before = at.c[at.controls], np.append(at.start[1], at.c)[at.controls]
    rows.add([(after, 1), (before, -1), (at.used, -1)], 0, np.inf)
    rows.add([(at.used, shared), (after, -1), (before, 1)], 0, np.inf)


class _Rows:
    """Linear constraints, collected many at a time."""

    def __init__(self, n_variables: int) -> None:
        self.n_variables, self.n = n_variables, 0
        self.parts: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []
        self.lower: list[np.ndarray] = []
        self.upper: list[np.ndarray] = []

    def add(self, terms, lower, upper) -> None:
        """One row for each place of the terms' arrays: lower <= sum of factor * variable <= upper."""
        size = len(terms[0][0])
        row = self.n + np.arange(size)
        self.parts += [(row, variables, np.full(size, float(factor))) for variables, factor in terms]
        self.lower.append(np.broadcast_to(lower, size).astype(float))
        self.upper.append(np.broadcast_to(upper, size).astype(float))
        self.n += size

    def total(self, variables, value) -> None:
        """One row: the sum of all these variables."""
        self.parts.append((np.full(len(variables), self.n), variables, np.ones(len(variables))))
        self.lower.append(np.array([float(value)]))
        self.upper.append(np.array([float(value)]))
        self.n += 1

    def constraint(self) -> "LinearConstraint":
        from scipy.optimize import LinearConstraint
        from scipy.sparse import coo_array

        row, column, factor = (np.concatenate(part) for part in zip(*self.parts, strict=True))
        matrix = coo_array((factor, (row, column)), shape=(self.n, self.n_variables)).tocsc()
        return LinearConstraint(matrix, np.concatenate(self.lower), np.concatenate(self.upper))
