"""One survival outcome as tables: survival, or the incidence of each competing event, at chosen times."""

import math
from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from ..inference.results import ARMS, SurvivalOutcome
from . import names
from .numbers import DASH, capitalised, half_up, percent
from .outcomes import curve_name
from .tables import TextTable


def moments_table(outcome: SurvivalOutcome, unit: str, name: str) -> TextTable:
    """One row per time, one column per arm: "70.8% (48.4 to 84.9)", below it how many were at risk and the note."""
    by_arm = {(row["arm"], row["time"]): row for row in outcome.moments.to_dict("records")}
    arms = [arm for arm in ARMS if arm in set(outcome.moments["arm"])]
    if outcome.whole_treated.n == outcome.treated.n and "whole_treated" in arms:
        arms.remove("whole_treated")
    rows = [
        (f"{time:g}", *(moment_cell(by_arm[arm, time]) if (arm, time) in by_arm else DASH for arm in arms))
        for time in dict.fromkeys(outcome.moments["time"])
    ]
    return TextTable(
        f"{curve_name(outcome)} at chosen times",
        (capitalised(unit), *(arm_head(outcome, arm) for arm in arms)),
        tuple(rows),
        alt=f"{name} at chosen times",
    )


def incidence_table(outcome: SurvivalOutcome, incidence: pd.DataFrame, unit: str, name: str) -> TextTable:
    """One row per time and event, one column per arm: "87.5% (38.7 to 98.1)".

    incidence: as lib.inference.competing.incidence_at, at the times to show.
    """
    at = {(row["time"], row["cause"], row["arm"]): row for row in incidence.to_dict("records")}
    arms = [arm for arm in ARMS if arm in set(outcome.incidence["arm"]) and arm != "whole_treated"]
    rows = [
        (f"{time:g}", cause, *(share_cell(at[time, cause, arm]) for arm in arms))
        for time in dict.fromkeys(incidence["time"])
        for cause in dict.fromkeys(outcome.incidence["cause"])
    ]
    return TextTable(
        "Each event at chosen times",
        (capitalised(unit), "Event", *(arm_head(outcome, arm) for arm in arms)),
        tuple(rows),
        alt=f"{name}: events at chosen times",
    )


def arm_head(outcome: SurvivalOutcome, arm: str) -> str:
    """ "Matched controls (24)"."""
    return f"{names.ARMS[arm]} ({getattr(outcome, arm).n:,})"


def share_cell(row: Mapping[Hashable, Any], name: str = "incidence") -> str:
    """A share with its interval: "87.5% (38.7 to 98.1)"."""
    text = percent(row[name])
    if name == "incidence" and not row[name] and math.isnan(row["ci_high"]):
        return f"{text}\nnone yet"
    if math.isfinite(row["ci_low"]) and math.isfinite(row["ci_high"]):
        text += f" ({half_up(100 * row['ci_low'], 1)} to {half_up(100 * row['ci_high'], 1)})"
    return text


def moment_cell(row: Mapping[Hashable, Any]) -> str:
    """Survival and interval, below them the number at risk and why a limit is exact or missing."""
    text = share_cell(row, "survival")
    below = f"{int(row['at_risk']):,} at risk"
    return f"{text}\n{below}" + (f"\n{row['note']}" if row["note"] else "")
