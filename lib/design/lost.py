"""Why treated patients stay without a control, and what to say when all of them do."""

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd

from ..errors import EstimationError
from ..spec import Matching
from .greedy import Pool
from .rules import Rules
from .sample import CONTROLS_TAKEN, NO_EXACT_PARTNER, OUTSIDE_CALIPER, OUTSIDE_SUPPORT

PoolOfRows = tuple[np.ndarray, Pool]


def lost_treated(rules: Rules, matched: np.ndarray, pools: Sequence[PoolOfRows]) -> pd.DataFrame:
    """[row, reason], one of LOST_REASONS, for every treated patient without a control, in file order.

    matched: rows of the treated in a set.  pools: each with the rows of its treated patients."""
    lost = rules.treated.copy()
    lost[matched] = False
    reason = pd.Series(NO_EXACT_PARTNER, index=np.flatnonzero(lost), dtype=object)
    reason[rules.discarded[reason.index]] = OUTSIDE_SUPPORT
    for rows, pool in pools:
        indices = np.flatnonzero(lost[rows])
        if len(indices):
            reason[rows[indices]] = np.where(pool.reachable(indices), CONTROLS_TAKEN, OUTSIDE_CALIPER)
    return pd.DataFrame({"row": reason.index.to_numpy(), "reason": reason.to_numpy()})


def nobody_matched(rules: Rules, settings: Matching, pools: Sequence[PoolOfRows]) -> EstimationError:
    """The sentence and the hint when no treated patient has a control."""
    if not pools:
        return _nobody_in_a_stratum(settings)
    gap = min(pool.smallest_gap() for _, pool in pools)
    names = " and ".join(f'"{name}"' for name in settings.covariate_calipers)
    if settings.caliper is None or not math.isfinite(gap):
        return EstimationError(
            f"No treated patient has a control inside the caliper on {names}.", "Widen or remove that caliper."
        )
    least = rounded_up(gap / rules.caliper_unit_width)
    unit = "SD" if settings.caliper_unit == "sd" else "raw"
    return EstimationError(
        f"No treated patient has a control inside the caliper of {settings.caliper:g} ({unit}).",
        f"The smallest caliper that matches one patient is {least:g}; a wide caliper compares unlike patients, so look "
        "at the overlap of the scores first.",
    )


def rounded_up(value: float, digits: int = 3) -> float:
    """The next number of so many significant digits at or above a value: 0.12345 -> 0.124.  0 -> 0.001, above 0."""
    if value <= 0:
        return 0.001
    step = 10.0 ** (math.floor(math.log10(value)) - digits + 1)
    return math.ceil(value / step * (1 - 1e-12)) * step


def _nobody_in_a_stratum(settings: Matching) -> EstimationError:
    names = " and ".join(f'"{name}"' for name in settings.exact)
    return EstimationError(
        f"No treated patient has a control with the same {names}.",
        "Match exactly on fewer columns, or on coarser ones.",
    )
