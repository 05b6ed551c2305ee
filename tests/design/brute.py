"""The same matchings by general programmes that know nothing of a line: for small cases only."""

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, linear_sum_assignment, milp

EMPTY, FORBIDDEN = 1e4, 1e5  # prices far above any total of the cases


def best_pairs(x, treated, ratio, width):
    """(most pairs, their least total distance), by assignment with `ratio` places for each treated."""
    distance = np.repeat(np.abs(x[treated][:, None] - x[~treated]), ratio, axis=0)
    places, controls = distance.shape
    cost = np.hstack([np.where(distance <= width, distance, FORBIDDEN), np.full((places, places), EMPTY)])
    row, column = linear_sum_assignment(cost)
    made = column < controls
    return int(made.sum()), float(distance[row[made], column[made]].sum())


def with_partner(x, treated, width):
    """Who has a partner inside the caliper: bool (n,)."""
    distance = np.abs(x[:, None] - x)
    return ((distance <= width) & (treated[:, None] != treated)).any(axis=1)


def best_full(x, treated, least=1, most=None, shared=None, omit=0, width=np.inf):
    """The least total distance of a full matching within the restrictions, by integer programming; None: infeasible.

    Variables: each pair, then whether each control is used."""
    kept = with_partner(x, treated, width)
    distance = np.abs(x[treated & kept][:, None] - x[~treated & kept])
    n1, n0 = distance.shape
    if n1 == 0:
        return None
    most = n0 if most is None else most
    shared = 1 if least > 1 else n1 if shared is None else shared
    of_treated = np.hstack([np.kron(np.eye(n1), np.ones(n0)), np.zeros((n1, n0))])
    of_control = np.kron(np.ones(n1), np.eye(n0))
    rows = np.vstack(
        [
            of_treated,
            np.hstack([of_control, -np.eye(n0)]),
            np.hstack([of_control, -shared * np.eye(n0)]),
            np.append(np.zeros(n1 * n0), np.ones(n0)),
        ]
    )
    lower = np.concatenate([np.full(n1, least), np.zeros(n0), np.full(n0, -np.inf), [n0 - omit]])
    upper = np.concatenate([np.full(n1, most), np.full(n0, np.inf), np.zeros(n0), [n0 - omit]])
    answer = milp(
        np.append(distance.ravel(), np.zeros(n0)),
        constraints=LinearConstraint(rows, lower, upper),
        bounds=Bounds(0, np.append((distance <= width).ravel().astype(float), np.ones(n0))),
        integrality=np.ones(n1 * n0 + n0),
    )
    return answer.fun if answer.success else None
