"""The lines behind which the rest of the Answer page stands: each tells its answer, or what it would tell."""

import numpy as np

from ..inference import Detectable, Multiplicity
from ..inference.design_power import ALPHA
from .numbers import counted, p_value, percent

DETAIL = "Another outcome in detail"
METHODS = "Other methods and every test"
FOREST = "All outcomes on one scale"
FREE_DAYS = "Free days and win ratio"
DEFINITIONS = "What each outcome is, and who counts as treated"
OTHERWISE = "Counted otherwise: as pairs, and in the whole cohort without matching"


def several_line(several: Multiplicity | None, outcomes: int) -> str:
    """What is left of the p of several outcomes.  several: None where it is not made yet."""
    looks = counted(outcomes, "look")
    if several is None:
        return f"Several outcomes: what is left of each p after {looks}"
    rows = several.rows.dropna(subset=["p_max_t"])
    if rows.empty:
        return "Several outcomes: no p by set to adjust"
    below, looks = int((rows["p_max_t"] <= ALPHA).sum()), counted(len(rows), "look")
    if not below:
        return (
            f"Several outcomes: nothing stays below {ALPHA} after {looks} (smallest {p_value(rows['p_max_t'].min())})"
        )
    stays = "stays" if below == 1 else "stay"
    return f"Several outcomes: {below:,} {stays} at or below {ALPHA} after {looks}"


def design_line(found: Detectable | None, sets: int) -> str:
    """What the design could have found, in one pair of risks with its power.  found: None where it is not simulated or
    not made yet."""
    if found is None:
        return "What these sets could have found" if sets else "What these weights can show"
    rows = found.risks[np.isfinite(found.risks["power_if_none"])]
    enough = rows[rows["power_if_none"] >= 0.8]
    if rows.empty:
        return "What these sets could have found"
    row = (enough if len(enough) else rows.iloc[::-1]).iloc[0]
    share, power = percent(row["control_risk"]), f"{100 * row['power_if_none']:.0f}%"
    return f"What these sets could have found: {share.replace('.0%', '%')} v 0% with {power} power"
