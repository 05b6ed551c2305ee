"""Competing events of a survival outcome: the cumulative incidence of each cause in each arm, and their differences."""

from dataclasses import replace

import numpy as np
import pandas as pd

from ..rounding import slack
from ..spec import Outcome
from ..words import quoted
from .fisher import zero_event_limit
from .followed import Followed, Patients
from .incidence import AalenJohansen, aalen_johansen, incidence_band
from .notes import SILENCE, Reason
from .results import Estimate
from .rows import NAN, NO_ARM, NO_CLUSTERS, absent, one_sided, symmetric, without_error
from .survival_effects import ARMS, ROUNDED, lost_difference

COLUMNS = ("arm", "cause", "time", "incidence", "ci_low", "ci_high")
RISEN = Reason("curve_at_one", "The incidence has no variance where everybody has had an event: no standard error.")
ARMS_ALIKE = Reason("all_alike", "In each arm all patients fared alike: no standard error.")
METHOD = "weighted Aalen-Johansen, log-log limits, jackknife variance"


def causes_of(outcome: Outcome) -> tuple[str, ...]:
    """The event, then its competing events, as the file names them; empty when nothing competes."""
    return (str(outcome.event_value), *outcome.competing_values) if outcome.competing_values else ()


def competing_note(outcome: Outcome) -> list[Reason]:
    """What the curves and tests of the event leave out; empty when nothing competes."""
    if not outcome.competing_values:
        return []
    text = (
        f"Competing events ({quoted(outcome.competing_values)}) end the follow-up in the Kaplan-Meier curve and in the "
        "log-rank and Cox comparisons, which therefore speak of hazards and not of risks; read the risk of each event "
        "from its cumulative incidence, which has no interval before an arm's first event. What is quoted is the area "
        "between the incidences of the event: the mean time with it, which those who had another event never have."
    )
    return [Reason("competing_events", text)]


def incidence_table(arms: dict[str, Patients], outcome: Outcome, horizon: float) -> pd.DataFrame:
    """COLUMNS: steps from 0 at every event time of the arm to its last follow-up (see SurvivalOutcome)."""
    causes = causes_of(outcome)
    if not causes:
        return pd.DataFrame(columns=list(COLUMNS))
    parts = []
    for arm, patients in arms.items():
        if len(patients.time):
            curves = _curves(patients, len(causes))
            parts += [_steps(curves, c, horizon).assign(arm=arm, cause=cause) for c, cause in enumerate(causes)]
    return pd.concat(parts, ignore_index=True)[list(COLUMNS)] if parts else pd.DataFrame(columns=list(COLUMNS))


def _curves(patients: Patients, causes: int) -> AalenJohansen:
    return aalen_johansen(patients.time, patients.cause, patients.weights, causes)


def _steps(curves: AalenJohansen, c: int, horizon: float) -> pd.DataFrame:
    incidence = curves.incidence[:, c]
    if (curves.cause == c + 1).any():
        band = incidence_band(incidence, curves.variance()[:, c])
        low, high = np.concatenate([[0.0], band.low]), np.concatenate([[0.0], band.high])
    else:
        k = len(incidence) + 1
        low, high = np.zeros(k), np.full(k, _no_event_limit(curves, horizon))
    times = np.concatenate([[0.0], curves.times])
    steps = {"time": times, "incidence": np.concatenate([[0.0], incidence]), "ci_low": low, "ci_high": high}
    table = pd.DataFrame(steps)
    last = float(curves.time.max())
    return pd.concat([table, table.tail(1).assign(time=last)]) if last > times[-1] else table


def _settled(curves: AalenJohansen, horizon: float) -> int:
    """Patients whose fate at the horizon is known: followed to it, or ended by an event before."""
    return int(((curves.time >= horizon) | (curves.cause > 0)).sum())


def _no_event_limit(curves: AalenJohansen, horizon: float) -> float:
    settled = _settled(curves, horizon)
    return zero_event_limit(settled) if settled else NAN


def incidence_at(table: pd.DataFrame, times: np.ndarray) -> pd.DataFrame:
    """The rows of an incidence_table that hold at these times, one per arm, cause and time; nothing after an arm's last
    follow-up is foretold: its last value stands. Before an arm's first event of a cause the limits are NaN.

    times: float (j,) >= 0."""
    made = []
    for _, steps in table.groupby(["arm", "cause"], sort=False):
        moments = steps["time"].to_numpy(float)
        at = np.searchsorted(moments, times + slack(moments), side="right") - 1
        made.append(steps.iloc[at].assign(time=times))
    if not made:
        return table
    rows = pd.concat(made, ignore_index=True)
    rows.loc[(rows["incidence"] == 0) & (rows["ci_high"] == 0), ["ci_low", "ci_high"]] = NAN
    return rows


def competing_estimates(followed: Followed, outcome: Outcome, horizon: float, by_set: bool) -> list[Estimate]:
    """The area between the incidences of the event; for each cause the difference of the incidences at the horizon;
    then each arm's. Empty when nothing competes."""
    causes = causes_of(outcome)
    if not causes:
        return []
    curves = {arm: _curves(followed.patients(arm), len(causes)) for arm in (True, False)}
    differences = [_difference(curves, c, causes[c], followed, by_set) for c in range(len(causes))]
    arms = [
        replace(_at_horizon(curves[arm], c, horizon), arm=ARMS[arm], cause=causes[c])
        for c in range(len(causes))
        for arm in (True, False)
    ]
    return [incidence_area(followed, outcome, horizon, by_set), *differences, *arms]


def incidence_area(followed: Followed, outcome: Outcome, horizon: float, by_set: bool) -> Estimate:
    """The area between the cumulative incidences of the event up to the horizon, treated minus control: the mean time
    lost to the event (Andersen 2013, Stat Med 32:5278).  Quoted, beside its p by set or else its own.

    followed: cut at the horizon."""
    causes, area = causes_of(outcome), f"area under weighted Aalen-Johansen to {horizon:g}"
    made = lost_difference("incidence_area", area, followed, horizon, len(causes), own_p=not by_set)
    return replace(made, cause=causes[0], role="quoted")


def _difference(curves: dict[bool, AalenJohansen], c: int, cause: str, followed: Followed, by_set: bool) -> Estimate:
    unit, df = "set" if by_set else "patient", max(followed.n_clusters - 1, 0)
    method = f"weighted Aalen-Johansen, SE clustered by {unit}, t with {df} df"
    if not followed.treated.any() or followed.treated.all():
        return replace(absent("incidence_difference", method, NO_ARM), cause=cause)
    treated, control = curves[True], curves[False]
    se, why = followed.clustered_error(treated.influence(c + 1), control.influence(c + 1)), SILENCE
    se = 0.0 if se <= ROUNDED else se
    if not se > 0:
        why = NO_CLUSTERS if df < 1 else ARMS_ALIKE
    elif not all((arm.cause == c + 1).any() for arm in (treated, control)):
        why = one_sided(by_set)
    gap = _last(treated, c) - _last(control, c)
    return symmetric("incidence_difference", gap, se, method, df, why=why, cause=cause)


def _last(curves: AalenJohansen, c: int) -> float:
    return float(curves.incidence[-1, c]) if len(curves.times) else 0.0


def _at_horizon(curves: AalenJohansen, c: int, horizon: float) -> Estimate:
    if not len(curves.time):
        return absent("incidence_at_horizon", METHOD, NO_ARM)
    if not (curves.cause == c + 1).any():
        limit = _no_event_limit(curves, horizon)
        text = f"Nobody among the {_settled(curves, horizon)} whose fate at {horizon:g} is known: an exact upper limit."
        numbers = (0.0, 0.0 if np.isfinite(limit) else NAN, limit)
        return without_error("incidence_at_horizon", numbers, "exact upper limit", Reason("no_event_of_cause", text))
    variance = curves.variance()[-1:, c]
    band = incidence_band(curves.incidence[-1:, c], variance)
    limits, se = (float(band.low[0]), float(band.high[0])), float(np.sqrt(variance[0]))
    if se <= ROUNDED:
        return without_error("incidence_at_horizon", (_last(curves, c), *limits), METHOD, RISEN)
    return Estimate("incidence_at_horizon", _last(curves, c), *limits, se=se, method=METHOD)
