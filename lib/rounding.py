"""Numbers that are equal but for rounding are equal: 0.3 and 0.1 + 0.2 are one time, 0.4 - 0.1 is not above 0.3.

Whoever compares times, values, differences or distances asks here how near two numbers must be to be one. The answer
hangs on the largest number of their column, so that no unit decides, and never on the two numbers themselves, whose
size says nothing of how they were made near 0.
"""

import numpy as np

SAME = 1e-12  # of a column's largest absolute value: rounding of sums is far smaller, what is told apart far larger


def slack(values: np.ndarray) -> float:
    """How near two numbers of a column may be and still be one.  values: float (n,), NaN where missing."""
    return SAME * float(np.fmax.reduce(np.abs(values), initial=0.0))


def as_one(values: np.ndarray, same: float | None = None) -> np.ndarray:
    """The column with numbers equal up to rounding made the smallest of them, float (n,); NaN stays NaN.

    same: numbers with no step above it between neighbours are one; None: `slack` of the column. Where all are told
    apart the column itself comes back.  R survival's timefix does the same; its tolerance is relative to the mean.
    """
    same = slack(values) if same is None else same
    order = np.argsort(values)
    ordered = values[order]
    step = np.diff(ordered)
    near = step <= same  # a step to NaN is not
    if not (near & (step > 0)).any():
        return values
    new = np.append(True, ~near)
    made = np.empty_like(ordered)
    made[order] = ordered[new][np.cumsum(new) - 1]
    return made


def sizes_as_one(values: np.ndarray, same: float) -> np.ndarray:
    """Differences whose sizes are equal up to rounding get one size, and 0 where they are none; signs stay.

    values: float (n,), no NaN, either sign.  same: as for `as_one`."""
    size = as_one(np.append(0.0, np.abs(values)), same)[1:]
    return np.copysign(size, values) + 0.0  # no -0.0
