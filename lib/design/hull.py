"""Why no weights balance the covariates: which of them put the treated means outside the controls' convex hull."""

from collections.abc import Callable, Sequence

import numpy as np

from ..errors import EstimationError

WORST = 100  # controls that join the programme at a time
EDGE = 1e-9  # SD: a mean this close to the controls' range is on its edge
Balance = Callable[[np.ndarray, np.ndarray], np.ndarray | None]


def balance_error(gaps: np.ndarray, names: Sequence[str], balance: Balance) -> EstimationError:
    """The error that names the covariates which no weights can balance.

    gaps: float (k, n), controls minus treated means, in SDs.  balance: gives the shares for some columns, or None.
    """
    outside = _outside_range(gaps)
    if len(outside):
        return _error(f"outside what the controls have, or at its very edge: {_list(names, outside)}", names, outside)
    together = _separating(gaps)
    if not len(together):
        return _error("so near the edge of the controls that hardly any of them would count", names, together)
    one = [j for j in together if _balances_without(gaps, j, balance)]
    what = f"outside what the controls have in combination: {_list(names, together)}"
    return _error(what, names, one or together)


def _outside_range(gaps: np.ndarray) -> list[int]:
    """Columns whose treated mean is not strictly between the controls' extremes.

    A column that is constant among controls is one only if its value is not the treated mean.
    """
    low, high = gaps.min(axis=1), gaps.max(axis=1)
    same = (np.abs(low) <= EDGE) & (np.abs(high) <= EDGE)
    return np.flatnonzero(((low >= -EDGE) | (high <= EDGE)) & ~same).tolist()


def _separating(gaps: np.ndarray) -> list[int]:
    """Columns of a plane through the treated means, all controls on one side and some off it; empty: there is none.

    A linear programme (the alternative of Stiemke 1915): the least sum of |slope| with slope @ gaps >= 0 for
    every control and 1 on average. A basic solution names few columns. Controls join the programme when they fall on
    the wrong side of its plane, the worst first.
    """
    centre = gaps.mean(axis=1)
    rows = np.unique(np.concatenate([gaps.argmin(axis=1), gaps.argmax(axis=1)]))
    while True:
        slope = _plane(gaps[:, rows], centre)
        if slope is None:
            return []
        side = slope @ gaps
        wrong = np.setdiff1d(np.flatnonzero(side < -EDGE), rows)
        if not len(wrong):
            return np.flatnonzero(slope).tolist()
        rows = np.append(rows, wrong[np.argsort(side[wrong])[:WORST]])


def _plane(gaps: np.ndarray, centre: np.ndarray) -> np.ndarray | None:
    """The programme for some controls, its slope (k,); None where there is no such plane."""
    from scipy.optimize import linprog  # slow to import, so only where it is used

    k, n = gaps.shape
    found = linprog(
        np.ones(2 * k),
        A_ub=np.hstack([-gaps.T, gaps.T]),
        b_ub=np.zeros(n),
        A_eq=np.append(centre, -centre)[None],
        b_eq=[1.0],
        method="highs",
    )
    return None if found.x is None else found.x[:k] - found.x[k:]


def _balances_without(gaps: np.ndarray, column: int, balance: Balance) -> bool:
    """Whether all other columns can be balanced."""
    return balance(np.delete(gaps, column, axis=0), np.full(gaps.shape[1], 1 / gaps.shape[1])) is not None


def _list(names: Sequence[str], which: Sequence[int]) -> str:
    return ", ".join(f"`{names[j]}`" for j in which)


def _error(what: str, names: Sequence[str], drop: Sequence[int]) -> EstimationError:
    """The sentence, and the next step."""
    word = "or" if len(drop) > 1 else ""
    some = f" {word} ".join(f"`{names[j]}`" for j in drop)
    first = f"Balance without {some}, or group its values; or" if len(drop) else "Use fewer covariates; or"
    return EstimationError(
        f"No weights give the controls the means of the treated: these lie {what}.",
        f"{first} set aside treated patients unlike any control; or use overlap weights.",
    )
