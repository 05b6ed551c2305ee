"""Tests of a survival outcome: log-rank plain, by set and by label moves, RMST by label moves, and Cox."""

import numpy as np

from .asymptotic import normal_p
from .cox import CoxFit
from .followed import Course, Followed
from .frame import FEW_SETS, Frame
from .logrank import logrank
from .results import Test
from .rows import NAN, NO_CLUSTERS, NO_SETS, SAME_IN_EVERY_SET, set_test, whole_test
from .sets import Blocks
from .survival_permutation import logrank_permuted, rmst_permuted

NO_EVENT = "No event time has both arms at risk, so the log-rank test does not exist."
IGNORES_SETS = "This test takes the matched patients for two independent groups and ignores the sets."
PERMUTED = ("logrank_by_set_permuted", "rmst_by_set_permuted")
POOLED = "Everyone at risk is compared, as in the plain log-rank test, and p comes from label moves within sets."
ALIKE = "Within every set all patients fared alike, so the sets cannot speak."


def whole_logrank(time: np.ndarray, event: np.ndarray, treated: np.ndarray) -> Test:
    """Everyone known. time: float (n,).  event, treated: bool (n,)."""
    chi = logrank(time, event, treated)
    return whole_test("logrank", chi.statistic, chi.p_value, treated, NO_EVENT if np.isnan(chi.p_value) else "")


def plain_logrank(followed: Followed) -> Test:
    """The matched patients as two independent groups, as published."""
    chi, n1 = logrank(followed.time, followed.event, followed.treated), int(followed.treated.sum())
    note, n = NO_EVENT if np.isnan(chi.p_value) else IGNORES_SETS, len(followed.time)
    return Test("logrank", "matched", chi.statistic, chi.p_value, n, "patient", "published", n1, n - n1, note)


def _set_logrank(time: np.ndarray, event: np.ndarray, blocks: Blocks) -> Test:
    if not blocks.n_sets:
        return set_test("logrank_by_set", NAN, NAN, blocks, NO_SETS)
    chi = logrank(time[blocks.row], event[blocks.row], blocks.treated, blocks.set_index)
    note = "" if not np.isnan(chi.p_value) else "No set has an event while both arms are at risk."
    return set_test("logrank_by_set", chi.statistic, chi.p_value, blocks, note)


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
    told = f"{POOLED} {logrank_.permuted.sentence}" if logrank_.chi_square >= 0 else ALIKE
    return [
        by_set,
        set_test(PERMUTED[0], logrank_.chi_square, logrank_.permuted.p_value, blocks, told),
        set_test(PERMUTED[1], rmst.observed, rmst.p_value, blocks, rmst.sentence),
    ]


def cox_test(fit: CoxFit | str, followed: Followed) -> Test:
    """Wald z with the cluster-robust SE; counts the clusters."""
    n1, sets = int(followed.treated.sum()), followed.n_clusters
    counts = (sets, "set", "matched_set", n1, len(followed.time) - n1)
    if isinstance(fit, str):
        return Test("cox_cluster", "matched", NAN, NAN, *counts, fit)
    z = fit.log_hr / fit.robust_se if fit.robust_se else NAN
    note = "" if sets >= FEW_SETS else f"{sets} sets are few for a clustered SE: this p tends to be too small."
    if np.isnan(z):
        note = NO_CLUSTERS if np.isnan(fit.robust_se) else SAME_IN_EVERY_SET
    return Test("cox_cluster", "matched", z, normal_p(z), *counts, note)
