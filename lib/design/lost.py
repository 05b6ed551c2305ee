"""Why treated patients stay without a control, and what to say when all of them do."""

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd

from ..errors import EstimationError
from .comparison import CONTROLS_TAKEN, NO_EXACT_PARTNER, OUTSIDE_CALIPER, OUTSIDE_SUPPORT
from .greedy import Pool
from .pools import MakePool
from .rules import Rules
from .settings import DistanceSettings

PoolOfRows = tuple[np.ndarray, Pool]


def losses_of(rules: Rules, matched: np.ndarray, make_pool: MakePool) -> pd.DataFrame:
    """As lost_treated, pools made only for strata in which somebody is lost."""
    lost = rules.treated.copy()
    lost[matched] = False
    pools = [(case, make_pool(case, control)) for case, control in rules.strata() if lost[case].any()]
    return lost_treated(rules, matched, pools)


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


def nobody_in_reach(rules: Rules, settings: DistanceSettings, make_pool: MakePool) -> EstimationError:
    """As nobody_matched."""
    return nobody_matched(rules, settings, [(case, make_pool(case, control)) for case, control in rules.strata()])


def nobody_matched(rules: Rules, settings: DistanceSettings, pools: Sequence[PoolOfRows]) -> EstimationError:
    """The sentence and the hint when no treated patient has a control."""
    if not pools:
        return nobody_in_a_stratum(settings.exact)
    gap = rules.unit * min(pool.smallest_gap() for _, pool in pools)
    names = " and ".join(f'"{name}"' for name in settings.covariate_calipers)
    if settings.caliper is None or not math.isfinite(gap):
        return EstimationError(
            f"No treated patient has a control inside the caliper on {names}.", "Widen or remove that caliper."
        )
    if not rules.caliper_unit_width:
        return EstimationError(
            "The scores do not vary, so a caliper in standard deviations has no width.",
            "Give the caliper in raw units, or use none.",
        )
    least = rounded_up(gap / rules.caliper_unit_width)
    unit = "SD" if settings.caliper_unit == "sd" else "raw"
    return EstimationError(
        f"No treated patient has a control inside the caliper of {settings.caliper:g} ({unit}).",
        f"The smallest caliper that matches one patient is {least:g}; a wide caliper compares unlike patients, so look "
        "at the overlap of the scores first.",
    )


def rounded_up(value: float) -> float:
    """The next number of three significant digits at or above a value: 0.12345 -> 0.124.  0 -> 0.001, above 0."""
    if value <= 0:
        return 0.001
    step = 10.0 ** (math.floor(math.log10(value)) - 2)
    return math.ceil(value / step * (1 - 1e-12)) * step


def nobody_in_a_stratum(exact: tuple[str, ...]) -> EstimationError:
    """The sentence when no stratum of the exact columns has both arms."""
    names = " and ".join(f'"{name}"' for name in exact)
    return EstimationError(
        f"No treated patient has a control with the same {names}.",
        "Match exactly on fewer columns, or on coarser ones.",
    )
