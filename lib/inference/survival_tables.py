"""Kaplan-Meier results as the tables that figures draw: curves, censoring ticks, numbers at risk."""

import numpy as np
import pandas as pd

from .kaplan_meier import KaplanMeier, log_log_band, log_survival_variance
from .results import SurvivalSummary

TICK_COUNTS = (6, 4, 5, 7, 8)  # intervals tried in this order until the horizon divides into whole units
NAN = float("nan")
TAIL = 0.025  # in each tail of a 95% interval


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
    parts = [_steps(km, horizon).assign(arm=arm) for arm, km in curves.items() if len(km.time)]
    columns = ["arm", "time", "survival", "ci_low", "ci_high"]
    return pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns)


def _steps(km: KaplanMeier, horizon: float) -> pd.DataFrame:
    """The curve of one arm with patients: [time, survival, ci_low, ci_high], from 0."""
    times = np.concatenate([[0.0], km.times])
    if not km.event.any():
        limits = summarise(km, horizon)
        steps = {"time": times, "survival": 1.0, "ci_low": limits.ci_low, "ci_high": limits.ci_high}
    else:
        band = log_log_band(km.survival, log_survival_variance(km))
        columns = {"survival": km.survival, "ci_low": band.low, "ci_high": band.high}
        steps = {"time": times} | {name: np.concatenate([[1.0], column]) for name, column in columns.items()}
    table = pd.DataFrame(steps)
    if km.last_follow_up > times[-1]:
        table = pd.concat([table, table.tail(1).assign(time=km.last_follow_up)])
    return table


def censored_table(curves: dict[str, KaplanMeier], horizon: float) -> pd.DataFrame:
    """A tick [arm, time, survival] for each patient censored before the horizon."""
    parts = []
    for arm, km in curves.items():
        times = np.sort(km.time[~km.event & (km.time < horizon)])
        parts.append(pd.DataFrame({"arm": arm, "time": times, "survival": km.survival_at(times)}))
    return pd.concat(parts, ignore_index=True)


def at_risk_table(curves: dict[str, KaplanMeier], horizon: float) -> pd.DataFrame:
    """Unweighted [arm, time, at_risk, censored, events] at each tick: at risk just before it, the others until then."""
    ticks = tick_times(horizon)
    parts = []
    for arm, km in curves.items():
        gone, died = km.gone_before(ticks), km.gone_before(ticks, km.event)
        counts = {"at_risk": len(km.time) - gone, "censored": gone - died, "events": died}
        parts.append(pd.DataFrame({"arm": arm, "time": ticks} | counts))
    return pd.concat(parts, ignore_index=True)


def moments_table(curves: dict[str, KaplanMeier], times: np.ndarray) -> pd.DataFrame:
    """SurvivalOutcome.moments. curves: not cut at a horizon.  times: float (j,) > 0."""
    parts = [_moments(km, times).assign(arm=arm) for arm, km in curves.items() if len(km.time)]
    columns = ["arm", "time", "at_risk", "survival", "ci_low", "ci_high", "note"]
    return pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns)


def _moments(km: KaplanMeier, times: np.ndarray) -> pd.DataFrame:
    """One arm with patients. Before its first event the limit is the exact one of those followed to the time."""
    at_risk = len(km.time) - km.gone_before(times)
    step = km.steps_until(times)
    band = log_log_band(km.survival, log_survival_variance(km))
    exact = np.where(at_risk > 0, TAIL ** (1 / np.maximum(at_risk, 1)), NAN)
    low = np.where(step > 0, np.concatenate([[NAN], band.low])[step], exact)
    high = np.concatenate([[1.0], band.high])[step]
    survival = km.survival_at(times)
    carried = (times > km.last_follow_up) & (survival > 0)
    ends = f"Carried forward from {km.last_follow_up:g}, where follow-up ends."
    late = np.where(step > 0, ends, f"No event, and no limit. {ends}")
    notes = np.where(carried, late, np.where(step > 0, "", "No event yet: exact lower limit."))
    columns = {"time": times, "at_risk": at_risk, "survival": survival, "ci_low": low, "ci_high": high, "note": notes}
    return pd.DataFrame(columns)


def tick_times(horizon: float) -> np.ndarray:
    """0 to the horizon in 4 to 8 equal steps of whole units where it divides (60: 10; 28: 7), else in 6 steps."""
    pieces = next((k for k in TICK_COUNTS if (horizon / k).is_integer()), TICK_COUNTS[0])
    return np.linspace(0.0, horizon, pieces + 1)
