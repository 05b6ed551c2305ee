"""A survival outcome to a horizon: curves, numbers at risk, log-rank tests, Cox and restricted means."""

import numpy as np

from lib.outcomes.asymptotic import normal_p
from lib.outcomes.cox import CoxFit
from lib.outcomes.frame import FEW_SETS, Frame, few_sets_notes, missing_notes, outcome_notes
from lib.outcomes.kaplan_meier import KaplanMeier, kaplan_meier
from lib.outcomes.logrank import logrank
from lib.outcomes.results import ARMS, Estimate, SurvivalOutcome, Test
from lib.outcomes.rows import NAN, NO_CLUSTERS, NO_SETS, reasons, set_test, whole_test
from lib.outcomes.sets import Blocks
from lib.outcomes.survival_effects import (
    Followed,
    fit_cox,
    hazard_ratio,
    hazard_ratio_limit,
    no_event_note,
    rmst_difference,
    survival_at_horizon,
)
from lib.outcomes.survival_permutation import logrank_permuted, rmst_permuted
from lib.outcomes.survival_tables import at_risk_table, censored_table, curve_table, summarise

NO_EVENT = "No event time has both arms at risk, so the log-rank test does not exist."
IGNORES_SETS = "This test takes the matched patients for two independent groups and ignores the sets."
PERMUTED = ("logrank_by_set_permuted", "rmst_by_set_permuted")
POOLED = "Everyone at risk is compared, as in the plain log-rank test, and p comes from label moves within sets."
ALIKE = "Within every set all patients fared alike, so the sets cannot speak."
NO_HORIZON = "No horizon was set; times are cut where the follow-up of one matched arm ends."


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
    end = horizon or common_follow_up(time, known, frame)
    event, time = (event == 1) & (time <= end), np.minimum(time, end)
    blocks, followed = frame.blocks(known[frame.rows]), _matched(time, event, known, frame)
    tests = [_whole_logrank(time[known], event[known], whole_treated[known]), _plain_logrank(followed)]
    fit = fit_cox(followed)
    if not frame.replaced:
        tests += _set_tests(time[frame.rows], event[frame.rows], end, blocks, frame)
        tests.append(_cox_test(fit, followed))
    estimates = _estimates(fit, followed, end, frame.replaced)
    curves = _curves(time, event, known, whole_treated, frame)
    specific = [] if horizon else [NO_HORIZON]
    specific += missing_notes(frame, known[frame.rows], blocks) + _curve_notes(curves, end)
    specific += reasons(tests, estimates)
    return SurvivalOutcome(
        name,
        tuple(tests),
        tuple(estimates),
        outcome_notes(name, frame, specific, [] if frame.replaced else few_sets_notes(followed.n_clusters)),
        primary,
        *[summarise(curves[arm], end) for arm in ARMS],
        end,
        curve_table(curves, end),
        censored_table(curves, end),
        at_risk_table(curves, end),
    )


def common_follow_up(time: np.ndarray, known: np.ndarray, frame: Frame) -> float:
    """The last time at which both matched arms have a patient under observation; of everyone when an arm is empty, and
    1 when no patient has both a time and an event status.

    time: float (N,).  known: bool (N,).  Later events meet no one in the other arm, so no test or hazard ratio of the
    matched sample loses by the cut.
    """
    arms = [time[frame.rows][frame.matched(arm) & known[frame.rows]] for arm in (True, False)]
    if not all(len(times) for times in arms):
        return float(time[known].max()) if known.any() else 1.0
    return float(min(times.max() for times in arms))


def _matched(time: np.ndarray, event: np.ndarray, known: np.ndarray, frame: Frame) -> Followed:
    used = np.flatnonzero(frame.used(known[frame.rows]))
    cluster, rows = used if frame.cluster is None else frame.cluster[used], frame.rows[used]
    return Followed(time[rows], event[rows], frame.treated[used], frame.weights[used], cluster)


def _estimates(fit: CoxFit | str, followed: Followed, horizon: float, replaced: bool) -> list[Estimate]:
    at_horizon = [survival_at_horizon(followed, arm, horizon) for arm in (True, False)]
    ratios = [hazard_ratio(fit, replaced), hazard_ratio_limit(followed) if isinstance(fit, str) else None]
    return [*filter(None, ratios), rmst_difference(followed, horizon, replaced), *at_horizon]


def _curves(
    time: np.ndarray, event: np.ndarray, known: np.ndarray, whole_treated: np.ndarray, frame: Frame
) -> dict[str, KaplanMeier]:
    """The four arms; the matching weights in the matched ones, 1 in the whole cohort."""
    weights = np.ones(len(time))
    matched_weights = weights.copy()
    matched_weights[frame.rows] = frame.weights
    curves = {}
    for arm, rows in zip(ARMS, frame.groups(whole_treated), strict=True):
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


def _set_tests(time: np.ndarray, event: np.ndarray, end: float, blocks: Blocks, frame: Frame) -> list[Test]:
    """By set: log-rank, and log-rank and RMST with p from label moves. time, event: (n,), by analysed row."""
    by_set = _set_logrank(time, event, blocks)
    if not blocks.n_sets:
        return [by_set, *[set_test(name, NAN, NAN, blocks, NO_SETS) for name in PERMUTED]]
    time, event, weights = time[blocks.row], event[blocks.row], frame.weights[blocks.row]
    logrank_, rmst = (
        logrank_permuted(time, event, blocks, frame.seed),
        rmst_permuted(time, event, weights, end, blocks, frame.seed),
    )
    told = f"{POOLED} {logrank_.permuted.sentence}" if logrank_.chi_square >= 0 else ALIKE
    return [
        by_set,
        set_test(PERMUTED[0], logrank_.chi_square, logrank_.permuted.p_value, blocks, told),
        set_test(PERMUTED[1], rmst.observed, rmst.p_value, blocks, rmst.sentence),
    ]


def _cox_test(fit: CoxFit | str, followed: Followed) -> Test:
    """Wald z with the cluster-robust SE; counts the clusters."""
    n1, sets = int(followed.treated.sum()), followed.n_clusters
    counts = (sets, "set", "matched_set", n1, len(followed.time) - n1)
    if isinstance(fit, str):
        return Test("cox_cluster", "matched", NAN, NAN, *counts, fit)
    z = fit.log_hr / fit.robust_se
    note = "" if sets >= FEW_SETS else f"{sets} sets are few for a clustered SE: this p tends to be too small."
    if np.isnan(z):
        note = NO_CLUSTERS
    return Test("cox_cluster", "matched", z, normal_p(z), *counts, note)


def _curve_notes(curves: dict[str, KaplanMeier], horizon: float) -> list[str]:
    """What no event in an arm still allows; and that a curve ending above 0 before the horizon is carried forward."""
    notes = []
    for arm, word in (("treated", "treated"), ("matched_control", "matched controls")):
        km = curves[arm]
        if len(km.time) and not km.event.any():
            notes.append(no_event_note(km, word, horizon))
        if len(km.time) and km.last_follow_up < horizon and (not len(km.survival) or km.survival[-1] > 0):
            notes.append(
                f"Follow-up of the {word} ends at {km.last_follow_up:g}, before the horizon {horizon:g}; "
                "their last survival is carried forward."
            )
    return notes
