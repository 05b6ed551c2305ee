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
    x: np.ndarray, treated: np.ndarray, bounds: tuple[int, int, int], width: float, omit: int = 0
) -> np.ndarray | None:
    """Edges of each patient, int (n,), in the cheapest matching with every edge inside `width`; None if there is none.

    x: float (n,), sorted.  treated: bool (n,).  bounds: as in line_degrees.  omit: controls left out.
    By HiGHS; its time grows faster than n (n = 5,000: some seconds)."""
    least, most, shared = bounds
    n, n0 = len(x), int((~treated).sum())
    use = n0 if omit else 0
    gaps = np.diff(x)
    # variables: T (n), C (n) after each patient, |T - C| over each gap (n - 1), whether a control is used (n0)
    cost = np.concatenate([np.zeros(2 * n), gaps, np.zeros(use)])
    rows = _Rows(len(cost))
    at, t, c = np.arange(n), np.arange(n), n + np.arange(n)
    low = np.where(treated, least, 0), np.where(treated, 0, 0 if omit else 1)
    high = np.where(treated, most, 0), np.where(treated, 0, shared)
    for start, lower, upper in ((t, low[0], high[0]), (c, low[1], high[1])):
        rows.add([(start[:1], 1)], lower[:1], upper[:1])
        rows.add([(start[1:], 1), (start[:-1], -1)], lower[1:], upper[1:])
    rows.add([(t[-1:], 1), (c[-1:], -1)], 0, 0)
    size = 2 * n + at[:-1]
    rows.add([(size, 1), (t[:-1], -1), (c[:-1], 1)], 0, np.inf)
    rows.add([(size, 1), (t[:-1], 1), (c[:-1], -1)], 0, np.inf)
    first = first_within(x, x, width)
    behind = np.flatnonzero(first > 0)
    rows.add([(c[behind - 1], 1), (t[first[behind] - 1], -1)], 0, np.inf)
    rows.add([(t[behind - 1], 1), (c[first[behind] - 1], -1)], 0, np.inf)
    if omit:
        used, controls = 3 * n - 1 + np.arange(n0), np.flatnonzero(~treated)
        _tie_to_use(rows, used, controls, c, shared)
        rows.total(used, n0 - omit)
    upper = np.full(len(cost), np.inf)
    upper[len(cost) - use :] = 1
    whole = np.concatenate([np.full(2 * n, bool(omit)), np.zeros(n - 1), np.ones(use)])
    answer = milp(cost, constraints=rows.constraint(), bounds=(0, upper), integrality=whole)
    if answer.x is None:
        return None
    together = np.rint(np.where(treated, answer.x[:n], answer.x[n : 2 * n])).astype(int)
    degree = np.empty(n, dtype=int)
    for arm in (treated, ~treated):
        degree[arm] = np.diff(together[arm], prepend=0)
    return degree


def _tie_to_use(rows, used, controls, c, shared):
    """A control has between 1 and `shared` edges when it is used, else none."""
    later, before = controls[controls > 0], c[controls[controls > 0] - 1]
    mark = used[controls > 0]
    rows.add([(c[later], 1), (before, -1), (mark, -1)], 0, np.inf)
    rows.add([(mark, shared), (c[later], -1), (before, 1)], 0, np.inf)
    if controls[0] == 0:
        rows.add([(c[:1], 1), (used[:1], -1)], 0, np.inf)
        rows.add([(used[:1], shared), (c[:1], -1)], 0, np.inf)


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
