"""Numbers that are equal but for rounding are equal: 0.3 and 0.1 + 0.2 are one time."""

import numpy as np

SAME = 1e-12  # of a column's largest absolute value: rounding of sums is far smaller, what is told apart far larger


def slack(values: np.ndarray) -> float:
    """How near two numbers of a column may be and still be one.  values: float (n,), NaN where missing."""
    known = values[~np.isnan(values)]
    return SAME * float(np.abs(known).max(initial=0.0))


def as_one(values: np.ndarray) -> np.ndarray:
    """The column with numbers equal up to rounding made the smallest of them, float (n,); NaN stays NaN.

    R survival's timefix does the same; its tolerance is relative to the mean.
    """
    distinct, place = np.unique(values, return_inverse=True)
    known = distinct[~np.isnan(distinct)]
    if not len(known):
        return values
    new = np.concatenate([[True], np.diff(known) > slack(values)])
    first = np.append(known[new][np.cumsum(new) - 1], np.full(len(distinct) - len(known), np.nan))
    return first[place]
