"""The prices of a transport problem prove its optimum."""

import numpy as np
import pytest

from lib.design.transport import Transport

ROUNDING = 1e-9


@pytest.mark.parametrize("seed", range(100))
def test_prices_prove_the_optimum(seed: int) -> None:
    """Duality: what rows pay less what seats save is the cost, and no place undercuts it. Costs have any sign."""
    rng = np.random.default_rng(seed)
    n_rows, columns = rng.integers(1, 8), rng.integers(1, 8)
    row, column = np.nonzero(rng.random((n_rows, columns)) < 0.6)
    cost = np.round(rng.normal(size=len(row)), int(rng.integers(0, 4)))
    copies = int(rng.integers(1, 3))
    room = np.ones(columns, int) if copies > 1 else rng.integers(0, 4, columns)
    problem = Transport(row, column, cost, int(n_rows), copies, room, 50.0)
    used = problem.solve()
    pays, saves = problem.prices(used)
    assert np.bincount(row[used], minlength=n_rows).max() <= copies
    assert np.all(np.bincount(column[used], minlength=columns) <= room)
    assert len(np.unique(used)) == len(used)
    open_columns = room > 0
    assert np.all((cost + saves[column] >= pays[row] - ROUNDING) | ~open_columns[column])
    assert np.all(saves >= -ROUNDING)
    total = cost[used].sum() + 50.0 * (copies * n_rows - len(used))
    assert copies * pays.sum() - (room[open_columns] * saves[open_columns]).sum() == pytest.approx(total, abs=1e-6)
