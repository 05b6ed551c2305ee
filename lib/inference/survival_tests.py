"""Tests of a survival outcome: log-rank plain, by set and by label moves, time lost by label moves, and Cox."""

import numpy as np

from .asymptotic import normal_p
from .cox import CoxFit
from .data import TimeData
from .followed import Followed
from .frame import FEW_SETS
from .logrank import logrank
from .notes import SILENCE, Reason
from .results import Test
from .rows import (
    NAN,
    NO_CLUSTERS,
    NO_SETS,
    ONE_PATIENT,
    SAME_IN_EVERY_SET,
    one_patient,
    set_test,
    whole_test,
)
from .survival_permutation import label_move_p, logrank_permuted, lost_permuted, rmst_permuted

NO_EVENT = Reason("no_common_risk", "No event time has both arms at risk, so the log-rank test does not exist.")
NO_EVENT_IN_SETS = Reason("no_common_risk", "No set has an event while both arms are at risk.")
IGNORES_SETS = Reason(
    "ignores_sets", "This test takes the matched patients for two independent groups and ignores the sets."
)
POOLED = "Everyone at risk is compared, as in the plain log-rank test, and p comes from label moves within sets."
OF_ALL = (
    "No effect means that treatment changes neither event nor follow-up: an effect on the competing events alone moves "
    "this p too."
)
ALONE = Reason(
    "one_patient", "An arm has a single patient: p by moving the label over all patients, not from the chi-square."
)
ALIKE = Reason("silent_sets", "Within every set all patients fared alike, so the sets cannot speak.")


def whole_logrank(data: TimeData) -> Test:
    """Every eligible patient known."""
    known = data.course.known
    time, event, arm = data.course.time[known], data.course.event[known], data.whole_treated[known]
    chi = logrank(time, event, arm)
    if np.isnan(chi.p_value):
        return whole_test("logrank", NAN, NAN, arm, NO_EVENT)
    if 1 in (arm.sum(), (~arm).sum()):
        return whole_test("logrank", chi.statistic, label_move_p(time, event, arm), arm, ALONE)
    return whole_test("logrank", chi.statistic, chi.p_value, arm)


def plain_logrank(data: TimeData) -> Test:
    """The matched patients as two independent groups, as published."""
    followed = data.followed
    chi, n1 = logrank(followed.time, followed.event, followed.treated), int(followed.treated.sum())
    why, n, p = NO_EVENT if np.isnan(chi.p_value) else IGNORES_SETS, len(followed.time), chi.p_value
    if 1 in (n1, n - n1) and p <= 1:
        why, p = ONE_PATIENT, NAN
    return Test("logrank", "matched", chi.statistic, p, n, "patient", "published", n1, n - n1, why.full, why.code)


def set_logrank(data: TimeData) -> Test:
    """Log-rank within the sets, all follow-up."""
    blocks = data.blocks
    if not blocks.n_sets:
        return set_test("logrank_by_set", NAN, NAN, blocks, NO_SETS)
    time, event = data.course.time[data.rows], data.course.event[data.rows]
    chi = logrank(time, event, blocks.treated, blocks.set_index)
    if np.isnan(chi.p_value):
        return set_test("logrank_by_set", NAN, NAN, blocks, NO_EVENT_IN_SETS)
    if one_patient(blocks):
        return set_test("logrank_by_set", chi.statistic, NAN, blocks, ONE_PATIENT)
    return set_test("logrank_by_set", chi.statistic, chi.p_value, blocks)


def exact_logrank(data: TimeData) -> Test:
    """Log-rank within the sets, all follow-up, p from label moves within the sets."""
    name, blocks = "logrank_by_set_exact", data.blocks
    if not blocks.n_sets:
        return set_test(name, NAN, NAN, blocks, NO_SETS)
    found = data.set_logrank
    why = Reason("label_moves", found.permuted.sentence) if found.chi_square >= 0 else ALIKE
    return set_test(name, found.chi_square, found.permuted.p_value, blocks, why)


def permuted_logrank(data: TimeData) -> Test:
    """Log-rank among everyone at risk, all follow-up, p from label moves within the sets."""
    name, blocks = "logrank_by_set_permuted", data.blocks
    if not blocks.n_sets:
        return set_test(name, NAN, NAN, blocks, NO_SETS)
    found = logrank_permuted(data.course.time[data.rows], data.course.event[data.rows], blocks, data.frame.seed)
    why = Reason("label_moves", f"{POOLED} {found.permuted.sentence}") if found.chi_square >= 0 else ALIKE
    return set_test(name, found.chi_square, found.permuted.p_value, blocks, why)


def permuted_rmst(data: TimeData) -> Test:
    """Difference in restricted mean survival to the horizon, p from label moves within the sets."""
    name, blocks, end = "rmst_by_set_permuted", data.blocks, data.end
    if not blocks.n_sets:
        return set_test(name, NAN, NAN, blocks, NO_SETS)
    course, weights = data.course.cut(end), data.frame.weights[blocks.row]
    found = rmst_permuted(course.time[data.rows], course.event[data.rows], weights, end, blocks, data.frame.seed)
    return set_test(name, found.observed, found.p_value, blocks, Reason("label_moves", found.sentence))


def permuted_incidence(data: TimeData) -> Test:
    """Area between the cumulative incidences of the event up to the horizon, p from label moves within the sets."""
    name, blocks, end = "incidence_by_set", data.blocks, data.end
    if not blocks.n_sets:
        return set_test(name, NAN, NAN, blocks, NO_SETS)
    course, weights = data.course.cut(end), data.frame.weights[blocks.row]
    found = lost_permuted(course.time[data.rows], course.cause[data.rows], weights, end, blocks, data.frame.seed)
    return set_test(name, found.observed, found.p_value, blocks, Reason("label_moves", f"{OF_ALL} {found.sentence}"))


def cox_of_data(data: TimeData) -> Test:
    """The Cox model of the matched patients."""
    return cox_test(data.fit, data.followed)


def cox_test(fit: CoxFit | Reason, followed: Followed) -> Test:
    """Wald z with the cluster-robust SE; counts the clusters."""
    n1, n0, sets = int(followed.treated.sum()), int((~followed.treated).sum()), followed.n_clusters
    if isinstance(fit, Reason):
        return Test("cox_cluster", "matched", NAN, NAN, sets, "set", "matched_set", n1, n0, fit.full, fit.code)
    z, why = fit.log_hr / fit.robust_se if fit.robust_se else NAN, SILENCE
    if np.isnan(z):
        why = NO_CLUSTERS if np.isnan(fit.robust_se) else SAME_IN_EVERY_SET
    elif sets < FEW_SETS:
        why = Reason("small_p", f"{sets} sets are few for a clustered SE: this p tends to be too small.")
    return Test("cox_cluster", "matched", z, normal_p(z), sets, "set", "matched_set", n1, n0, why.full, why.code)
