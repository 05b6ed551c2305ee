"""Kaplan-Meier results as the tables that figures draw: curves, censoring ticks, numbers at risk."""

import numpy as np
import pandas as pd

from lib.outcomes.kaplan_meier import KaplanMeier, log_log_band, log_survival_variance
from lib.outcomes.results import SurvivalSummary

TICK_COUNTS = (6, 4, 5, 7, 8)  # intervals tried in this order until the horizon divides into whole units
NAN = float("nan")


def summarise(km: KaplanMeier, horizon: float) -> SurvivalSummary:
    """Unweighted counts to the horizon and the weighted survival there, log-log limits.

    With no event the limits come from the patients followed to the horizon: 1 - exact upper limit of a risk of 0.
    """
    n = len(km.time)
    if not n:
        return SurvivalSummary(0, 0, NAN, NAN, NAN)
    if not km.event.any():
        followed = int((km.time >= horizon).sum())
        return SurvivalSummary(n, 0, 1.0, 0.025 ** (1 / followed) if followed else NAN, 1.0)
    band = log_log_band(km.survival, log_survival_variance(km))
    return SurvivalSummary(n, int(km.event.sum()), float(km.survival[-1]), float(band.low[-1]), float(band.high[-1]))


def curve_table(curves: dict[str, KaplanMeier], horizon: float) -> pd.DataFrame:
    """Steps [arm, time, survival, ci_low, ci_high] from 0 to each arm's last follow-up (see SurvivalOutcome)."""
    parts = [_steps(arm, km, horizon) for arm, km in curves.items() if len(km.time)]
    return _stack(parts, ["arm", "time", "survival", "ci_low", "ci_high"])


def _steps(arm: str, km: KaplanMeier, horizon: float) -> tuple:
    if not km.event.any():
        limits = summarise(km, horizon)
        return (
            arm,
            np.array([0.0, km.last_follow_up]),
            np.ones(2),
            np.full(2, limits.ci_low),
            np.full(2, limits.ci_high),
        )
    band = log_log_band(km.survival, log_survival_variance(km))
    columns = [np.concatenate([[1.0], column]) for column in (km.survival, band.low, band.high)]
    times = np.concatenate([[0.0], km.times])
    if km.last_follow_up > times[-1]:
        times = np.append(times, km.last_follow_up)
        columns = [np.append(column, column[-1]) for column in columns]
    return (arm, times, *columns)


def censored_table(curves: dict[str, KaplanMeier], horizon: float) -> pd.DataFrame:
    """A tick [arm, time, survival] for each patient censored before the horizon."""
    parts = []
    for arm, km in curves.items():
        times = np.sort(km.time[~km.event & (km.time < horizon)])
        parts.append((arm, times, km.survival_at(times)))
    return _stack(parts, ["arm", "time", "survival"])


def at_risk_table(curves: dict[str, KaplanMeier], horizon: float) -> pd.DataFrame:
    """Unweighted [arm, time, at_risk, censored, events] at each tick: at risk just before it, the others until then."""
    ticks = tick_times(horizon)
    parts = []
    for arm, km in curves.items():
        ordered, events = np.sort(km.time), np.sort(km.time[km.event])
        gone, died = np.searchsorted(ordered, ticks), np.searchsorted(events, ticks)
        parts.append((arm, ticks, len(ordered) - gone, gone - died, died))
    return _stack(parts, ["arm", "time", "at_risk", "censored", "events"])


def _stack(parts: list[tuple], columns: list[str]) -> pd.DataFrame:
    sizes = [len(part[1]) for part in parts]
    table = {columns[0]: np.repeat(np.array([part[0] for part in parts], dtype=object), sizes)}
    for place, column in enumerate(columns[1:], start=1):
        table[column] = np.concatenate([part[place] for part in parts]) if parts else np.zeros(0)
    return pd.DataFrame(table)


def tick_times(horizon: float) -> np.ndarray:
    """0 to the horizon in 4 to 8 equal steps of whole units where it divides (60: 10; 28: 7), else in 6 steps."""
    pieces = next((k for k in TICK_COUNTS if (horizon / k).is_integer()), TICK_COUNTS[0])
    return np.linspace(0.0, horizon, pieces + 1)
