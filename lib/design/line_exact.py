"""The cases in which the flow over the line would exceed the caliper: the same problem as a linear programme.

With T the edges of the treated so far and C those of the controls, both in order of score, the k-th edge joins the k-th
place of the treated to the k-th of the controls. No edge is longer than the caliper when, before each patient,
everything begun farther to the left than the caliper has been joined: C there is at least T at that point, and T at
least C. With limits on the steps of T and C that is a programme on differences of neighbours, whose corners are whole
numbers."""

import numpy as np
from scipy.optimize import LinearConstraint, milp
from scipy.sparse import coo_array

from .line_reach import first_within


def exact_degrees(
    x: np.ndarray,
    treated: np.ndarray,
    bounds: tuple[int, int, int],
    width: float,
    price: float | None = None,
    n_out: int | None = None,
) -> np.ndarray:
    """Edges of each patient, int (n,), in the cheapest matching with every edge inside `width`.

    x: float (n,), sorted.  treated: bool (n,).  bounds, price: as in line_degrees.  n_out: exactly so many controls are
    left out (an integer programme), instead of a price.  The bounds can be met.
    By HiGHS; its time grows faster than n (n = 5,000: some seconds)."""
    n, controls = len(x), np.flatnonzero(~treated)
    t, c = np.arange(n), n + np.arange(n)  # T and C after each patient
    size = 2 * n + np.arange(n - 1)  # |T - C| over each gap
    used = 3 * n - 1 + np.arange(len(controls))  # whether a control is used
    may_leave = n_out is not None or price is not None
    rows = _Rows(3 * n - 1 + len(controls))
    _steps(rows, t, treated, bounds[:2])
    _steps(rows, c, ~treated, (0 if may_leave else 1, bounds[2]))
    rows.add([(t[-1:], 1), (c[-1:], -1)], 0, 0)
    for sign in (1, -1):
        rows.add([(size, 1), (t[:-1], sign), (c[:-1], -sign)], 0, np.inf)
    _within(rows, t, c, first_within(x, x, width))
    _marks(rows, used, controls, c, bounds[2])
    cost = np.concatenate([np.zeros(2 * n), np.diff(x), np.full(len(used), -max(price or 0.0, 0.0))])
    cost[c[-1]] = -min(price or 0.0, 0.0)
    if n_out is not None:
        rows.total(used, len(controls) - n_out)
    whole = np.full(len(cost), n_out is not None)
    whole[size] = False
    upper = np.where(np.arange(len(cost)) >= 3 * n - 1, 1.0, np.inf)
    answer = milp(cost, constraints=rows.constraint(), bounds=(0, upper), integrality=whole)
    if answer.x is None:
        raise RuntimeError(f"The programme of {n} patients gave no answer: {answer.message}")
    return _steps_of(np.rint(answer.x[: 2 * n]).astype(int), treated)


def _steps_of(together: np.ndarray, treated: np.ndarray) -> np.ndarray:
    """Degrees from T and C after each patient, int (2n,)."""
    steps = np.diff(together.reshape(2, -1), axis=1, prepend=0)
    return np.where(treated, steps[0], steps[1])


def _steps(rows: "_Rows", variables: np.ndarray, arm: np.ndarray, bounds: tuple[int, int]) -> None:
    """T, or C, grows at each patient of its arm by a number within the bounds, at others not at all."""
    low, high = np.where(arm, bounds[0], 0), np.where(arm, bounds[1], 0)
    rows.add([(variables[:1], 1)], low[:1], high[:1])
    rows.add([(variables[1:], 1), (variables[:-1], -1)], low[1:], high[1:])


def _within(rows: "_Rows", t: np.ndarray, c: np.ndarray, first: np.ndarray) -> None:
    """What was begun before first[i], outside the caliper of patient i, has been joined before patient i."""
    at = np.flatnonzero(first > 0)
    rows.add([(c[at - 1], 1), (t[first[at] - 1], -1)], 0, np.inf)
    rows.add([(t[at - 1], 1), (c[first[at] - 1], -1)], 0, np.inf)


def _marks(rows: "_Rows", used: np.ndarray, controls: np.ndarray, c: np.ndarray, shared: int) -> None:
    """A control has between 1 and `shared` edges when it is marked as used, else none."""
    first = controls == 0
    for mark, now, before in (
        (used[first], c[controls[first]], None),
        (used[~first], c[controls[~first]], c[controls[~first] - 1]),
    ):
        start = [] if before is None else [(before, 1)]
        stop = [] if before is None else [(before, -1)]
        rows.add([(now, 1), *stop, (mark, -1)], 0, np.inf)
        rows.add([(mark, shared), (now, -1), *start], 0, np.inf)


class _Rows:
    """Linear constraints, collected many at a time."""

    def __init__(self, n_variables: int) -> None:
        self.n_variables, self.n = n_variables, 0
        self.parts, self.lower, self.upper = [], [], []

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

    def constraint(self) -> LinearConstraint:
        row, column, factor = (np.concatenate(part) for part in zip(*self.parts, strict=True))
        matrix = coo_array((factor, (row, column)), shape=(self.n, self.n_variables)).tocsc()
        return LinearConstraint(matrix, np.concatenate(self.lower), np.concatenate(self.upper))
