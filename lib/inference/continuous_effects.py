"""Effects on a number: the weighted difference in means, and the shift within sets."""

import numpy as np

from ..rounding import slack
from ..words import counted
from .marginal import Arms
from .notes import SILENCE, Reason
from .results import Estimate
from .rows import BY_ODDS, NAN, NO_ARM, NO_SETS, absent, finite, symmetric, without_error
from .sets import Blocks
from .shift import hodges_lehmann_shift

SETTLED = "A limit lies at 0, where p jumps, or by a normal approximation; the p of no shift decides on the side."
NO_SE = "An interval by inversion has no standard error."


def mean_difference(arms: Arms) -> Estimate:
    """Weighted difference in means, treated minus control; SE clustered by set (HC1) with t, or HC3 (see Arms)."""
    if not arms.complete:
        return absent("mean_difference", arms.method, NO_ARM)
    se, why = arms.standard_error(), SILENCE
    if not se > 0:
        why = arms.no_error_note if np.isnan(se) else arms.zero_error_note
    difference = arms.mean(True) - arms.mean(False)
    return symmetric("mean_difference", difference, se, arms.method, arms.df, why=why)


def shift_estimate(values: np.ndarray, blocks: Blocks, p: float = NAN) -> Estimate:
    """Hodges-Lehmann shift with the aligned rank test's interval; a side that the sets are too few to bound is NaN.

    values: float (m,), in block order.  p: of that test, for which the limits are settled at 0; NaN: they are not."""
    method = "inversion of aligned ranks by set, {}"
    if not blocks.n_sets:
        return absent("hodges_lehmann_shift", method.format("exact"), NO_SETS, "conditional")
    found, why = hodges_lehmann_shift(values, blocks), Reason("no_standard_error", aside=NO_SE)
    shift = found.settled(p, slack(values))
    if shift != found:
        why = Reason("settled_limit", SETTLED, NO_SE)
    method = method.format("exact" if shift.exact else "normal approximation")
    method = f"{method}, {BY_ODDS}" if blocks.uneven else method
    low, high = finite(shift.low), finite(shift.high)
    if np.isnan(low) or np.isnan(high):
        text = f"{counted(blocks.n_sets, 'set')} cannot rule out every large shift at 5%, so a limit is missing."
        why = Reason("limit_missing", text, NO_SE)
    elif low == high:
        low = high = NAN
        why = Reason("no_interval", "The values of a set hardly differ, which leaves no spread for an interval.", NO_SE)
    return without_error("hodges_lehmann_shift", (shift.estimate, low, high), method, why, "conditional")
