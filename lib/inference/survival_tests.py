"""Tests of a survival outcome: log-rank plain, by set and by label moves, RMST by label moves, and Cox."""

import numpy as np

from .asymptotic import normal_p
from .cox import CoxFit
from .followed import Course, Followed
from .frame import FEW_SETS, Frame
from .logrank import logrank
from .notes import SILENCE, Reason
from .results import Test
from .rows import NAN, NO_CLUSTERS, NO_SETS, SAME_IN_EVERY_SET, set_test, whole_test
from .sets import Blocks
from .survival_permutation import logrank_permuted, rmst_permuted

NO_EVENT = Reason("no_common_risk", "No event time has both arms at risk, so the log-rank test does not exist.")
NO_EVENT_IN_SETS = Reason("no_common_risk", "No set has an event while both arms are at risk.")
IGNORES_SETS = Reason(
    "ignores_sets", "This test takes the matched patients for two independent groups and ignores the sets."
)
PERMUTED = ("logrank_by_set_permuted", "rmst_by_set_permuted")
POOLED = "Everyone at risk is compared, as in the plain log-rank test, and p comes from label moves within sets."
ALIKE = Reason("silent_sets", "Within every set all patients fared alike, so the sets cannot speak.")


def whole_logrank(time: np.ndarray, event: np.ndarray, treated: np.ndarray) -> Test:
    """Everyone known. time: float (n,).  event, treated: bool (n,)."""
    chi = logrank(time, event, treated)
    return whole_test("logrank", chi.statistic, chi.p_value, treated, NO_EVENT if np.isnan(chi.p_value) else SILENCE)


def plain_logrank(followed: Followed) -> Test:
    """The matched patients as two independent groups, as published."""
    chi, n1 = logrank(followed.time, followed.event, followed.treated), int(followed.treated.sum())
    why, n = NO_EVENT if np.isnan(chi.p_value) else IGNORES_SETS, len(followed.time)
    counts = (n, "patient", "published", n1, n - n1)
    return Test("logrank", "matched", chi.statistic, chi.p_value, *counts, why.full, why.code)


def _set_logrank(time: np.ndarray, event: np.ndarray, blocks: Blocks) -> Test:
    if not blocks.n_sets:
        return set_test("logrank_by_set", NAN, NAN, blocks, NO_SETS)
    chi = logrank(time[blocks.row], event[blocks.row], blocks.treated, blocks.set_index)
    why = NO_EVENT_IN_SETS if np.isnan(chi.p_value) else SILENCE
    return set_test("logrank_by_set", chi.statistic, chi.p_value, blocks, why)


def set_tests(course: Course, horizon: float, blocks: Blocks, frame: Frame) -> list[Test]:
    """By set: log-rank, and log-rank and RMST (to the horizon) with p from label moves. course: all follow-up."""
    time, event = course.time[frame.rows], course.event[frame.rows]
    by_set = _set_logrank(time, event, blocks)
    if not blocks.n_sets:
        return [by_set, *[set_test(name, NAN, NAN, blocks, NO_SETS) for name in PERMUTED]]
    time, event, weights = time[blocks.row], event[blocks.row], frame.weights[blocks.row]
    logrank_, rmst = (
        logrank_permuted(time, event, blocks, frame.seed),
        rmst_permuted(np.minimum(time, horizon), event & (time <= horizon), weights, horizon, blocks, frame.seed),
    )
    moved = Reason("label_moves", f"{POOLED} {logrank_.permuted.sentence}")
    told = moved if logrank_.chi_square >= 0 else ALIKE
    return [
        by_set,
        set_test(PERMUTED[0], logrank_.chi_square, logrank_.permuted.p_value, blocks, told),
        set_test(PERMUTED[1], rmst.observed, rmst.p_value, blocks, Reason("label_moves", rmst.sentence)),
    ]


def cox_test(fit: CoxFit | Reason, followed: Followed) -> Test:
    """Wald z with the cluster-robust SE; counts the clusters."""
    n1, sets = int(followed.treated.sum()), followed.n_clusters
    counts = (sets, "set", "matched_set", n1, len(followed.time) - n1)
    if isinstance(fit, Reason):
        return Test("cox_cluster", "matched", NAN, NAN, *counts, fit.full, fit.code)
    z, why = fit.log_hr / fit.robust_se if fit.robust_se else NAN, SILENCE
    if np.isnan(z):
        why = NO_CLUSTERS if np.isnan(fit.robust_se) else SAME_IN_EVERY_SET
    elif sets < FEW_SETS:
        why = Reason("small_p", f"{sets} sets are few for a clustered SE: this p tends to be too small.")
    return Test("cox_cluster", "matched", z, normal_p(z), *counts, why.full, why.code)
