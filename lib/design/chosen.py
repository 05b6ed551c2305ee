"""Full matching where so many controls are omitted that treated must share the rest.

Which controls stay is then a choice of its own, a k-median problem, and no network flow: an integer programme over all
arcs (Balinski 1965, Management Science 12:253; the form with one rule for each arc is tight).
"""

import numpy as np

from .arcs import Arcs, Field, nearest, stars
from .refusal import Limits, LimitsError

MOST_ARCS = 20_000  # 100 treated with 200 controls: above this the answer may take hours


def chosen_cover(field: Field, limits: Limits) -> Arcs | None:
    """The full matching of least total distance that omits exactly `limits.omit` controls; None where there is none.

    Raises LimitsError above MOST_ARCS arcs.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp  # slow to import, so only where it is used
    from scipy.sparse import csr_array, eye_array, hstack

    arcs, _ = nearest(field, 0, np.arange(field.sizes[0]), field.sizes[1])
    if len(arcs.length) > MOST_ARCS:
        raise _too_large(field.sizes, limits.omit)
    (n1, n0), m = field.sizes, len(arcs.length)
    least, most, shared = limits.bounds(field.sizes)
    place, one = np.arange(m), np.ones(m)
    of_treated = csr_array((one, (arcs.treated, place)), shape=(n1, m))
    of_control = csr_array((one, (arcs.control, place)), shape=(n0, m))
    rules = [
        LinearConstraint(hstack([of_treated, csr_array((n1, n0))]), least, most),
        LinearConstraint(hstack([of_control, -eye_array(n0)]), 0, np.inf),
        LinearConstraint(hstack([of_control, -shared * eye_array(n0)]), -np.inf, 0),
        LinearConstraint(hstack([eye_array(m), -of_control.T]), -np.inf, 0),
        LinearConstraint(np.repeat([0, 1], [m, n0]), n0 - limits.omit, n0 - limits.omit),
    ]
    found = milp(
        np.append(arcs.length, np.zeros(n0)), constraints=rules, bounds=Bounds(0, 1), integrality=np.ones(m + n0, int)
    )
    return None if found.x is None else stars(arcs.take(found.x[:m] > 0.5), field.sizes)


def _too_large(sizes: tuple[int, int], omit: int) -> LimitsError:
    spare = sizes[1] - sizes[0]
    return LimitsError(
        f"With {omit} omitted, {sizes[0]} treated share {sizes[1] - omit} controls: too many choices for a proof.",
        f"Up to {max(0, spare)} omitted always works.",
    )
