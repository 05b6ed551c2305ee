"""Helpers of methods that work on whole strata: run one after the other, what is permitted inside, what ties."""

from collections.abc import Callable

import numpy as np

from .rules import Rules

PairsOf = Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]]


def by_stratum(rules: Rules, pairs_of: PairsOf) -> tuple[np.ndarray, np.ndarray]:
    """Rows of the treated and the control of every pair, stratum by stratum.

    pairs_of: rows of a stratum, ascending -> places among them of the treated and the control of each pair.
    """
    cases, controls = [np.zeros(0, dtype=int)], [np.zeros(0, dtype=int)]
    for treated, control in rules.strata():
        rows = np.sort(np.concatenate([treated, control]))
        case, chosen = pairs_of(rows)
        cases.append(rows[case])
        controls.append(rows[chosen])
    return np.concatenate(cases), np.concatenate(controls)


def limits_of(rules: Rules, rows: np.ndarray) -> Callable[[np.ndarray, np.ndarray], np.ndarray] | None:
    """Whether pairs of places among `rows` are inside every covariate caliper; None where there is none."""
    if not len(rules.limits):
        return None
    limited = rules.limited[rows]
    return lambda case, control: (np.abs(limited[case] - limited[control]) <= rules.limits).all(axis=1)


def fence_of(rules: Rules, rows: np.ndarray) -> tuple[np.ndarray, float] | None:
    """The places of `rows` on the propensity distance and the caliper's width; None without a caliper."""
    return None if rules.width is None else (rules.place[rows], rules.width)


def indistinguishable(rules: Rules, position: np.ndarray, control: np.ndarray) -> int:
    """Pairs whose control has the same place as one that stayed unused in its stratum, so that file order decided.

    position: float (n, d).  control: rows (p,) of the pairs."""
    pool = np.flatnonzero(~rules.treated & ~rules.discarded)
    cells = np.column_stack([position[pool], rules.limited[pool], rules.stratum[pool]])
    for column in range(cells.shape[1]):
        again = _repeated(cells[:, column])
        pool, cells = pool[again], cells[again]
    if not len(pool):
        return 0
    kind = np.unique(cells, axis=0, return_inverse=True)[1].ravel()
    used = np.zeros(len(rules.treated), dtype=bool)
    used[control] = True
    spare = np.bincount(kind[~used[pool]], minlength=kind.max() + 1) > 0
    return int((used[pool] & spare[kind]).sum())


def _repeated(values: np.ndarray) -> np.ndarray:
    """Whether each value stands there more than once: bool (n,)."""
    order = np.argsort(values)
    equal = np.diff(values[order]) == 0
    again = np.zeros(len(values), dtype=bool)
    again[order[1:][equal]] = True
    again[order[:-1][equal]] = True
    return again
