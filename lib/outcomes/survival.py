"""A survival outcome to a horizon: Kaplan-Meier, log-rank tests, Cox, restricted mean survival time."""

from dataclasses import dataclass

import numpy as np

from lib.errors import EstimationError
from lib.outcomes.asymptotic import Z, normal_p, t_quantile
from lib.outcomes.binary import NO_SETS, zero_event_limit
from lib.outcomes.continuous import arm_rows
from lib.outcomes.cox import CoxFit, cox_two_arms
from lib.outcomes.frame import FEW_SETS, Frame, count, missing_notes, outcome_notes, reasons, set_test, whole_test
from lib.outcomes.kaplan_meier import KaplanMeier, kaplan_meier, log_survival_variance, restricted_mean
from lib.outcomes.logrank import logrank
from lib.outcomes.results import ARMS, Estimate, SurvivalOutcome, Test
from lib.outcomes.sets import Blocks
from lib.outcomes.survival_tables import at_risk_table, censored_table, curve_table, summarise

NAN = float("nan")
NO_EVENT = "No event time has both arms at risk, so the log-rank test does not exist."
IGNORES_SETS = "This test takes the matched patients for two independent groups and ignores the sets."
CURVE_METHOD = "weighted Kaplan-Meier, log-log limits, jackknife variance"


@dataclass(frozen=True)
class Followed:
    """Patients with time and event, cut at the horizon: an event after it is censored at it.

    time: float (n,) > 0.  event, treated: bool (n,).  weights: float (n,) > 0.  cluster: int (n,), set or row itself.
    """

    time: np.ndarray
    event: np.ndarray
    treated: np.ndarray
    weights: np.ndarray
    cluster: np.ndarray

    @property
    def n_clusters(self) -> int:
        """Distinct clusters."""
        return len(np.unique(self.cluster))

    def arm(self, treated: bool) -> KaplanMeier:
        """The weighted curve of one arm."""
        rows = self.treated == treated
        return kaplan_meier(self.time[rows], self.event[rows], self.weights[rows])


def survival_outcome(
    name: str,
    primary: bool,
    time: np.ndarray,
    event: np.ndarray,
    horizon: float | None,
    whole_treated: np.ndarray,
    frame: Frame,
) -> SurvivalOutcome:
    """One survival outcome.  time, event: float (N,), NaN where either is missing.  whole_treated: bool (N,).

    horizon: in the unit of time; None takes the last time at which both matched arms are followed.
    """
    known = ~(np.isnan(time) | np.isnan(event))
    used = frame.used(known[frame.rows])
    specific = [] if horizon else ["No horizon was set; times are cut where the follow-up of one matched arm ends."]
    horizon = horizon or common_follow_up(time[frame.rows][used], frame.treated[used], time[known])
    event, time = (event == 1) & (time <= horizon), np.minimum(time, horizon)
    followed = _matched(time[frame.rows], event[frame.rows], used, frame)
    blocks = frame.blocks(known[frame.rows])
    tests = [_whole_logrank(time[known], event[known], whole_treated[known]), _plain_logrank(followed)]
    fit = _cox(followed)
    if not frame.replaced:
        tests += [_set_logrank(time[frame.rows], event[frame.rows], blocks), _cox_test(fit, followed)]
    estimates = [_hazard_ratio(fit, followed, frame), rmst_difference(followed, horizon, frame.replaced)]
    estimates += [survival_at_horizon(followed, arm, horizon) for arm in (True, False)]
    curves = _curves(time, event, known, whole_treated, frame)
    specific += missing_notes(frame, known[frame.rows], blocks) + _follow_up_notes(curves, horizon)
    specific += reasons(tests, estimates)
    return SurvivalOutcome(
        name,
        tuple(tests),
        tuple(estimates),
        outcome_notes(name, frame, specific, _few_note(followed, frame)),
        primary,
        *[summarise(curves[arm], horizon) for arm in ARMS],
        horizon,
        curve_table(curves),
        censored_table(curves, horizon),
        at_risk_table(curves, horizon),
    )


def common_follow_up(time: np.ndarray, treated: np.ndarray, everyone: np.ndarray) -> float:
    """The last time at which both arms have a patient under observation; of everyone when an arm is empty."""
    if not treated.any() or treated.all():
        return float(everyone.max())
    return float(min(time[treated].max(), time[~treated].max()))


def _matched(time: np.ndarray, event: np.ndarray, used: np.ndarray, frame: Frame) -> Followed:
    cluster = np.arange(len(used)) if frame.cluster is None else frame.cluster
    return Followed(time[used], event[used], frame.treated[used], frame.weights[used], cluster[used])


def _curves(
    time: np.ndarray, event: np.ndarray, known: np.ndarray, whole_treated: np.ndarray, frame: Frame
) -> dict[str, KaplanMeier]:
    """The four arms; the matching weights in the matched ones, 1 in the whole cohort."""
    weights = np.ones(len(time))
    matched_weights = weights.copy()
    matched_weights[frame.rows] = frame.weights
    curves = {}
    for arm, rows in zip(ARMS, arm_rows(whole_treated, frame), strict=True):
        rows = rows[known[rows]]
        weighting = weights if arm.startswith("whole") else matched_weights
        curves[arm] = kaplan_meier(time[rows], event[rows], weighting[rows])
    return curves


def _whole_logrank(time: np.ndarray, event: np.ndarray, treated: np.ndarray) -> Test:
    chi = logrank(time, event, treated)
    return whole_test("logrank", chi.statistic, chi.p_value, treated, NO_EVENT if np.isnan(chi.p_value) else "")


def _plain_logrank(followed: Followed) -> Test:
    chi, n1 = logrank(followed.time, followed.event, followed.treated), int(followed.treated.sum())
    note, n = NO_EVENT if np.isnan(chi.p_value) else IGNORES_SETS, len(followed.time)
    return Test("logrank", "matched", chi.statistic, chi.p_value, n, "patient", "published", n1, n - n1, note)


def _set_logrank(time: np.ndarray, event: np.ndarray, blocks: Blocks) -> Test:
    if not blocks.n_sets:
        return set_test("logrank_by_set", NAN, NAN, blocks, NO_SETS)
    chi = logrank(time[blocks.row], event[blocks.row], blocks.is_treated, blocks.set_index)
    note = "" if not np.isnan(chi.p_value) else "No set has an event while both arms are at risk."
    return set_test("logrank_by_set", chi.statistic, chi.p_value, blocks, note)


def _cox(followed: Followed) -> CoxFit | str:
    """The fit, or the sentence why there is none."""
    quiet = [
        f"No event among {count(int(rows.sum()), word)}"
        for rows, word in ((followed.treated, "treated patient"), (~followed.treated, "matched control"))
        if not followed.event[rows].any()
    ]
    if quiet:
        return f"{' and '.join(quiet)}, so the hazard ratio and its limits cannot be estimated."
    try:
        return cox_two_arms(followed.time, followed.event, followed.treated, followed.weights, followed.cluster)
    except EstimationError as error:
        return str(error)


def _cox_test(fit: CoxFit | str, followed: Followed) -> Test:
    """Wald z with the cluster-robust SE; counts the clusters."""
    n1, sets = int(followed.treated.sum()), followed.n_clusters
    counts = (sets, "set", "matched_set", n1, len(followed.time) - n1)
    if isinstance(fit, str):
        return Test("cox_cluster", "matched", NAN, NAN, *counts, fit)
    z = fit.log_hr / fit.robust_se
    note = "" if sets >= FEW_SETS else f"{count(sets, 'set')} are few for a clustered SE: this p tends to be too small."
    if np.isnan(z):
        note = "One set gives no clustered standard error."
    return Test("cox_cluster", "matched", z, normal_p(z), *counts, note)


def _hazard_ratio(fit: CoxFit | str, followed: Followed, frame: Frame) -> Estimate:
    unit = "patient" if frame.replaced else "set"
    method = f"Cox, Efron ties, matching weights, SE robust by {unit}"
    if isinstance(fit, str):
        return Estimate("hazard_ratio", NAN, NAN, NAN, NAN, method, note=fit)
    ratio, spread = np.exp(fit.log_hr), np.exp(Z * fit.robust_se)
    note = "One set gives no clustered standard error." if np.isnan(fit.robust_se) else ""
    return Estimate(
        "hazard_ratio", float(ratio), float(ratio / spread), float(ratio * spread), fit.robust_se, method, note=note
    )


def rmst_difference(followed: Followed, horizon: float, replaced: bool) -> Estimate:
    """Restricted mean survival time to the horizon, treated minus control, in the unit of time; matching weights.

    SE from jackknife influences summed by cluster, times G/(G-1), t with G-1 degrees of freedom. With replacement each
    patient is a cluster.
    """
    unit, df = "patient" if replaced else "set", followed.n_clusters - 1
    method = f"area under weighted Kaplan-Meier to {horizon:g}, SE clustered by {unit}, t with {max(df, 0)} df"
    if not followed.treated.any() or followed.treated.all():
        note = "One arm has no matched patient with this outcome."
        return Estimate("rmst_difference", NAN, NAN, NAN, NAN, method, note=note)
    arms = {arm: restricted_mean(followed.arm(arm), horizon) for arm in (True, False)}
    influence = np.empty(len(followed.time))
    influence[followed.treated], influence[~followed.treated] = arms[True].influence, -arms[False].influence
    per_cluster = np.bincount(np.unique(followed.cluster, return_inverse=True)[1], weights=influence)
    se = float(np.sqrt((per_cluster**2).sum() * (df + 1) / df)) if df > 0 else NAN
    difference, note = arms[True].mean - arms[False].mean, ""
    if not se > 0:
        se, note = NAN, "One set gives no clustered standard error." if df < 1 else "No event varies, so no interval."
    half = t_quantile(df) * se
    return Estimate("rmst_difference", difference, difference - half, difference + half, se, method, note=note)


def survival_at_horizon(followed: Followed, treated: bool, horizon: float) -> Estimate:
    """Weighted Kaplan-Meier survival of one arm at the horizon; with no event the exact lower limit."""
    km, word = followed.arm(treated), "treated" if treated else "matched controls"
    summary, method, note = summarise(km, horizon), f"{word}: {CURVE_METHOD}", ""
    se = float(summary.survival * np.sqrt(log_survival_variance(km)[-1])) if summary.events and summary.survival else NAN
    if not summary.n:
        note = f"No {word} with this outcome."
    elif not summary.events:
        method, note = f"{word}: no event, exact lower limit", _no_event_note(km, word, horizon)
    elif not summary.survival:
        note = "The curve falls to 0, where its variance is not defined; the upper limit is the last one before."
    return Estimate(
        "survival_at_horizon", summary.survival, summary.ci_low, summary.ci_high, se, method, note=note
    )


def _no_event_note(km: KaplanMeier, word: str, horizon: float) -> str:
    followed = int((km.time >= horizon).sum())
    if not followed:
        return f"No event and no {word} followed to {horizon:g}: the data set no limit."
    limit = 100 * zero_event_limit(followed)
    return (
        f"No event among {word}, {followed} of them followed to {horizon:g}: still compatible with a risk of up to "
        f"{limit:.0f}% (exact 95% interval)."
    )


def _follow_up_notes(curves: dict[str, KaplanMeier], horizon: float) -> list[str]:
    """A curve that ends before the horizon above 0 is carried forward, and that has to be said."""
    notes = []
    for arm, word in (("treated", "treated patients"), ("matched_control", "matched controls")):
        km = curves[arm]
        if len(km.time) and km.last_follow_up < horizon and (not len(km.survival) or km.survival[-1] > 0):
            notes.append(
                f"Follow-up of the {word} ends at {km.last_follow_up:g}, before the horizon {horizon:g}; "
                "their last survival is carried forward."
            )
    return notes


def _few_note(followed: Followed, frame: Frame) -> list[str]:
    if frame.replaced or not 1 < followed.n_clusters < FEW_SETS:
        return []
    return [f"{followed.n_clusters} sets are few for a Cox model with clustered SE; prefer the log-rank test by set."]
