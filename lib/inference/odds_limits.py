"""The interval of the common odds ratio that belongs to the exact p by set: the ratios whose minlike p is above 5%.

With weights w_t = P(T = t) under no effect, an odds ratio psi gives chances in proportion to w_t psi^t, so one
convolution serves every ratio. The p of the observed count is the sum of the chances no larger than its own. As psi
grows a larger count leaves that sum at the ratio where both are as likely, and a smaller one enters it; between two
such ratios p is 1 less the chance of a run of counts. That chance has one peak (log w is concave), so what is refused
of a stretch is one piece of it. Each limit is the last accepted ratio: the interval has no holes.
Source: Fay 2010, Biostatistics 11:373; R exact2x2 (tsmethod "minlike").
"""

import numpy as np

from .engine import Distribution
from .inversion import ALPHA
from .roots import brent
from .stratified import LARGEST_LOG_OR

XTOL, RTOL = 1e-12, 1e-14  # of a root in the log odds ratio


def minlike_limits(null: Distribution, observed: int) -> tuple[float, float]:
    """The least and the greatest odds ratio not refused; 0 or infinite where the observed count is the least or the
    greatest possible.  null: not degenerate."""
    possible = np.flatnonzero(null.probability)
    log_w, at = np.log(null.probability[possible]), int(np.searchsorted(possible, observed - null.low))
    low, high = float(np.exp(-_largest(log_w[::-1], len(log_w) - 1 - at))), float(np.exp(_largest(log_w, at)))
    return (min(low, 1.0), max(high, 1.0)) if null.minlike(observed) > ALPHA else (low, high)  # a limit at 1, rounded


def _largest(log_w: np.ndarray, at: int) -> float:
    """Log of the greatest ratio not refused; infinite when `at` is the last count.  log_w: float (L,)."""
    above = np.arange(1, len(log_w) - at)
    if not len(above):
        return float("inf")
    leaves = np.maximum.accumulate((log_w[at] - log_w[at + above]) / above)  # where each larger count does
    for gone in range(len(above), 0, -1):  # ratios at which so many of the larger counts have left
        right = float(leaves[gone]) if gone < len(above) else float("inf")
        found = _last_accepted(log_w, at, gone, float(leaves[gone - 1]), right)
        if found is not None:
            return found
    return float(leaves[0])  # there every count is in the sum


def _last_accepted(log_w: np.ndarray, at: int, gone: int, left: float, right: float) -> float | None:
    """The greatest log ratio in (left, right] with p above ALPHA, None when all are refused."""

    def excess(log_or: float) -> float:
        chances = log_w + np.arange(len(log_w)) * log_or
        chances = np.exp(chances - chances.max())
        return 1 - float(chances[at + 1 : at + 1 + gone].sum() / chances.sum()) - ALPHA

    if right < np.inf and excess(right) > 0:
        return right
    if excess(left) <= 0:
        return None
    reach = 1.0
    while right == np.inf and excess(left + reach) > 0 and reach < LARGEST_LOG_OR:
        reach *= 2
    return brent(excess, left, min(right, left + reach), XTOL, RTOL)
