"""Free days and the win ratio in the result files."""

from dataclasses import asdict
from typing import Any

import pandas as pd

from ..freedays.derive import PARTS, DerivedDays
from ..freedays.study import FreeDaysResult
from ..freedays.win_ratio import WinRatio

COLUMNS = ("patient", "support", "days", *PARTS)


def free_days_content(result: FreeDaysResult) -> dict[str, Any]:
    """The blocks "free_days" (one entry per support) and "win_ratio" (null when no sets allow one; a note says why)."""
    found = result.win_ratio
    return {
        "free_days": [_derived(days, result.summary) for days in result.derived],
        "win_ratio": None if found is None else _win_ratio(found),
    }


def free_days_frame(result: FreeDaysResult) -> pd.DataFrame:
    """free_days.csv: COLUMNS, one row per support and patient of the file; empty where a patient has no value."""
    parts = [
        pd.DataFrame({"patient": result.person_id, "support": d.support, "days": d.days}).join(d.parts)
        for d in result.derived
    ]
    return pd.concat(parts, ignore_index=True)[list(COLUMNS)]


def _derived(days: DerivedDays, summary: pd.DataFrame) -> dict[str, Any]:
    mine = summary[summary["support"] == days.support].drop(columns="support")
    return {
        "name": days.name,
        "support": days.support,
        "window": days.window,
        "death": days.death_rule,
        "n": int(days.parts["free"].notna().sum()),
        "died": int(days.parts["died"].sum()),
        "never": days.never,
        "unknown": days.unknown,
        "arms": mine.to_dict("records"),
    }


def _win_ratio(found: WinRatio) -> dict[str, Any]:
    return {
        "levels": found.levels.to_dict("records"),
        "sets": found.sets.drop(columns="treated_row").assign(set=found.sets["set"] + 1).to_dict("records"),
        "comparisons": found.wins + found.losses + found.ties,
        "wins": found.wins,
        "losses": found.losses,
        "ties": found.ties,
        "win_share": found.win_share,
        "loss_share": found.loss_share,
        "weighting": found.weighting,
        "test": asdict(found.test),
        "estimates": [estimate.content() for estimate in found.estimates],
    }
